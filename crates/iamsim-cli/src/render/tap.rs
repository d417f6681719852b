//! The Test Anything Protocol, version 14: each suite is a subtest.
//!
//! Source: <https://testanything.org/tap-version-14-specification.html>

use std::io::{self, Write};

use iamsim_scenario::report::Verdict;

use crate::render::Exporter;
use crate::render::results::{Count, Results, Suite, Test};

pub(crate) struct Tap;

impl Exporter for Tap {
    fn export(&self, results: &Results<'_>, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "TAP version 14")?;
        writeln!(out, "1..{}", results.suites.len())?;
        (1..).zip(&results.suites).try_for_each(|(number, suite)| self::suite(number, suite, out))
    }
}

fn suite(number: usize, suite: &Suite<'_>, out: &mut dyn Write) -> io::Result<()> {
    let name = escaped(suite.name);
    writeln!(out, "# Subtest: {name}")?;
    writeln!(out, "    1..{}", suite.tests.len())?;
    for (number, test) in (1..).zip(&suite.tests) {
        self::test(number, test, out)?;
    }
    let Count { failed, errors, .. } = Count::of(&suite.tests);
    writeln!(out, "{} {number} - {name}", ok(failed + errors == 0))
}

fn test(number: usize, test: &Test<'_>, out: &mut dyn Write) -> io::Result<()> {
    let skipped = match test.verdict {
        Verdict::Unchecked => format!(" # SKIP nothing was expected of it: {}", escaped(&test.found)),
        Verdict::Passed | Verdict::Failed | Verdict::Error => String::new(),
    };
    writeln!(out, "    {} {number} - {}{skipped}", ok(!test.is_bad()), escaped(&test.name))?;
    if !test.is_bad() && test.findings.is_empty() {
        return Ok(());
    }
    writeln!(out, "      ---")?;
    let expected = test.expected.clone().map(|expected| ("expected", expected));
    for (name, text) in [("found", test.found.clone())].into_iter().chain(expected) {
        writeln!(out, "      {name}: {}", quoted(&text))?;
    }
    writeln!(out, "      details:")?;
    test.lines().iter().try_for_each(|line| writeln!(out, "        - {}", quoted(line)))?;
    writeln!(out, "      ...")
}

fn ok(is_good: bool) -> &'static str {
    if is_good { "ok" } else { "not ok" }
}

/// A description. Backslashes and `#` have a meaning in one.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('#', "\\#").replace(['\n', '\r'], " ")
}

/// A YAML string: one of JSON is one of YAML.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptions_have_no_directives() {
        assert_eq!(escaped("a # SKIP b\\c\nd"), "a \\# SKIP b\\\\c d");
    }
}
