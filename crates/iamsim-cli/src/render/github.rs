//! Annotations of GitHub Actions.
//!
//! Source: <https://docs.github.com/actions/writing-workflows/choosing-what-your-workflow-does/workflow-commands-for-github-actions>

use std::io::{self, Write};

use iamsim_scenario::Finding;
use iamsim_scenario::report::Verdict;
use iamsim_syntax::Severity;

use crate::render::Exporter;
use crate::render::results::{Results, Test};

pub(crate) struct Github;

impl Exporter for Github {
    fn export(&self, results: &Results<'_>, out: &mut dyn Write) -> io::Result<()> {
        results.tests().try_for_each(|test| self::test(test, out))
    }
}

/// What is wrong with one test, if anything is.
pub(crate) fn test(test: &Test<'_>, out: &mut dyn Write) -> io::Result<()> {
    test.findings.iter().try_for_each(|found| finding(found, out))?;
    if test.verdict != Verdict::Failed || test.expected.is_none() {
        return Ok(());
    }
    let place = test.place.map(|(file, line)| format!("file={},line={line},", property(file)));
    let text = data(&format!("{}: {}", test.name, test.outcome()));
    writeln!(out, "::error {}title=not-as-expected::{text}", place.unwrap_or_default())
}

fn finding(finding: &Finding, out: &mut dyn Write) -> io::Result<()> {
    let diagnostic = &finding.diagnostic;
    let level = match diagnostic.severity {
        Severity::Error => "error",
        Severity::SecurityWarning | Severity::Warning => "warning",
        Severity::Suggestion => "notice",
    };
    let position = finding.position();
    let text = match &diagnostic.help {
        Some(help) => format!("{}\nhelp: {help}", diagnostic.message),
        None => diagnostic.message.clone(),
    };
    let (file, title) = (property(finding.source.path()), property(diagnostic.code));
    let (line, column) = (position.line, position.column);
    let end = finding.source.position(diagnostic.span.end);
    // GitHub takes columns of one line only.
    let end = match end.line == line {
        true => format!("endLine={line},endColumn={}", end.column),
        false => format!("endLine={}", end.line),
    };
    writeln!(out, "::{level} file={file},line={line},col={column},{end},title={title}::{}", data(&text))
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
