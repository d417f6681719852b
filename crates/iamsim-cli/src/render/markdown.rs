//! Markdown as GitHub and GitLab show it: a job's summary, a comment.

use std::io::{self, Write};

use iamsim_scenario::Finding;
use iamsim_scenario::ask::ExplainedCheck;
use iamsim_scenario::report::Verdict;

use crate::render::fix::{self, Written};
use crate::render::prose::{Stretch, stretches};
use crate::render::results::{Cited, Kind, Results, Suite, Test};
use crate::render::{Exporter, dependence, explain, mermaid};

pub(crate) struct Markdown;

impl Exporter for Markdown {
    fn export(&self, results: &Results<'_>, out: &mut dyn Write) -> io::Result<()> {
        if results.kind != Kind::Check {
            writeln!(out, "# {}\n", results.kind.title())?;
            writeln!(out, "**{}**: {}\n", results.size(), results.count().words())?;
        }
        results.suites.iter().try_for_each(|suite| self::suite(results.kind, suite, out))
    }
}

fn suite(kind: Kind, suite: &Suite<'_>, out: &mut dyn Write) -> io::Result<()> {
    if kind == Kind::Check {
        writeln!(out, "# {}\n", escaped(suite.name))?;
        return suite.tests.iter().try_for_each(|test| check(test, out));
    }
    writeln!(out, "## {}\n", escaped(suite.name))?;
    let file = suite.file.filter(|file| *file != suite.name).map(code);
    let origin: Vec<_> = file.into_iter().chain(suite.source.map(escaped)).collect();
    if !origin.is_empty() {
        writeln!(out, "{}\n", origin.join(" — "))?;
    }
    let expects = suite.tests.iter().any(|test| test.expected.is_some());
    let (heading, rule) = if expects { (" Expected |", "---|") } else { ("", "") };
    writeln!(out, "| | {} | Found |{heading}", title_case(kind.words().1))?;
    writeln!(out, "|---|---|---|{rule}")?;
    for test in &suite.tests {
        let expected = test.expected.as_deref().map(escaped).unwrap_or_default();
        let expected = if expects { format!(" {expected} |") } else { String::new() };
        writeln!(
            out,
            "| {} | {} | {} |{expected}",
            mark(test.verdict),
            escaped(&test.name),
            cell(&test.found)
        )?;
    }
    writeln!(out)?;
    for test in suite.tests.iter().filter(|test| test.is_bad() || !test.findings.is_empty()) {
        details(test, out)?;
    }
    let is_played = suite.tests.iter().any(|test| test.principal.is_some());
    match kind == Kind::Replay && is_played {
        true => folded("Sequence", out, |out| fenced("mermaid", &mermaid::sequence(suite), out)),
        false => Ok(()),
    }
}

/// A check with the way to its decision.
fn check(test: &Test<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "### {} {}: {}\n", decision_mark(test), escaped(&test.name), escaped(&test.found))?;
    body(test, out)?;
    let Some(check) = test.explanation else { return Ok(()) };
    ways(check, out)?;
    fenced("mermaid", &mermaid::flow_chart(check), out)?;
    folded("The way through AWS's gates", out, |out| fenced("text", &explain::walk_text(check), out))
}

fn details(test: &Test<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "### {} {}\n", mark(test.verdict), escaped(&test.name))?;
    writeln!(out, "{}\n", sentence(&test.outcome()))?;
    body(test, out)?;
    match test.explanation {
        Some(check) => {
            folded("The way through AWS's gates", out, |out| fenced("text", &explain::walk_text(check), out))
        }
        None => Ok(()),
    }
}

fn body(test: &Test<'_>, out: &mut dyn Write) -> io::Result<()> {
    if let Some(message) = test.message {
        writeln!(out, "> {}\n", escaped(message))?;
    }
    let about = test.about().into_iter().map(|(name, text)| format!("{name}: {}", code(&text)));
    let lacks = test.lacks().into_iter().map(|(name, text)| format!("{name}: {}", escaped(&text)));
    let cited = test.statements.iter().map(|cited| {
        let but =
            cited.but.as_deref().map(|but| format!(": all matches but {}", escaped(but))).unwrap_or_default();
        format!("{} {}{but}", cited.role, code(&cited.place()))
    });
    list(about.chain(lacks).chain(cited), out)?;
    if let Some(dependence) = test.dependence {
        fenced("text", &dependence::conditions_text(dependence), out)?;
    }
    list(test.findings.iter().map(|finding| self::finding(finding)), out)?;
    test.statements.iter().filter(|cited| cited.has_lines()).try_for_each(|cited| excerpt(cited, out))
}

/// What would allow it, and what to write.
fn ways(check: &ExplainedCheck, out: &mut dyn Write) -> io::Result<()> {
    let ways = fix::all_ways(check);
    if ways.is_empty() {
        return fix::no_way(check).map_or(Ok(()), |words| writeln!(out, "{}\n", sentence(&words)));
    }
    writeln!(out, "**To allow it**, that which asks for least first:\n")?;
    for (number, way) in ways.iter().enumerate() {
        let caution = way.caution.map(|words| format!("({words}) ")).unwrap_or_default();
        let number = format!("{}. {caution}", number + 1);
        match &*way.edits {
            [only] => edit(&number, only, out)?,
            several => {
                writeln!(out, "{number}All of these:\n")?;
                several.iter().try_for_each(|part| edit("   - ", part, out))?;
            }
        }
    }
    Ok(())
}

/// An item of a list, with what belongs to it set in under it.
fn edit(mark: &str, (words, written): &(String, Option<Written>), out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{mark}{}\n", sentence(words))?;
    let mut block = Vec::new();
    match written {
        Some(Written::Diff(text)) => fenced("diff", text, &mut block)?,
        Some(Written::Document(text)) => fenced("json", text, &mut block)?,
        None => {}
    }
    let indent = if mark.starts_with(' ') { 5 } else { 3 };
    String::from_utf8_lossy(&block).lines().try_for_each(|line| match line.is_empty() {
        true => writeln!(out),
        false => writeln!(out, "{:indent$}{line}", ""),
    })
}

fn list(items: impl Iterator<Item = String>, out: &mut dyn Write) -> io::Result<()> {
    let mut items = items.peekable();
    if items.peek().is_none() {
        return Ok(());
    }
    items.try_for_each(|item| writeln!(out, "- {item}"))?;
    writeln!(out)
}

fn finding(finding: &Finding) -> String {
    let diagnostic = &finding.diagnostic;
    let place = code(&format!("{}:{}", finding.source.path(), finding.position().line));
    let text = sentence(&diagnostic.message);
    let help = diagnostic.help.as_deref().map(|help| format!("; {}", sentence(help))).unwrap_or_default();
    format!("{} {}: {text}{help} ({place})", diagnostic.severity.as_str(), code(diagnostic.code))
}

fn excerpt(cited: &Cited<'_>, out: &mut dyn Write) -> io::Result<()> {
    let lines: Vec<_> = cited.excerpt().iter().map(|(number, line)| format!("{number:4} {line}\n")).collect();
    fenced("text", &lines.concat(), out)
}

fn folded(
    title: &str,
    out: &mut dyn Write,
    print: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    writeln!(out, "<details><summary>{title}</summary>\n")?;
    print(out)?;
    writeln!(out, "</details>\n")
}

/// Lines as they are, between fences longer than any in them.
fn fenced(language: &str, text: &str, out: &mut dyn Write) -> io::Result<()> {
    let fence = "`".repeat(longest_run(text).max(2) + 1);
    writeln!(out, "{fence}{language}\n{}\n{fence}\n", text.trim_end_matches('\n'))
}

fn mark(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Passed => "✅",
        Verdict::Failed => "❌",
        Verdict::Error => "⚠️",
        Verdict::Unchecked => "▫️",
    }
}

fn decision_mark(test: &Test<'_>) -> &'static str {
    match test.decision {
        Some("allowed") => "✅",
        Some("undetermined") => "❔",
        _ => "❌",
    }
}

fn title_case(word: &str) -> String {
    let mut characters = word.chars();
    characters.next().map(|first| first.to_uppercase().chain(characters).collect()).unwrap_or_default()
}

/// Words in which backticks stand around code.
fn sentence(text: &str) -> String {
    let stretches = stretches(text).map(|stretch| match stretch {
        Stretch::Words(words) => escaped(words),
        Stretch::Code(text) => code(text),
    });
    stretches.collect()
}

/// The same in a table, where a bar ends a cell even in code.
fn cell(text: &str) -> String {
    if text.contains('|') { escaped(text) } else { sentence(text) }
}

/// Text that means nothing but itself.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' | '\r' => escaped.push(' '),
            '<' => escaped.push_str("&lt;"),
            '&' => escaped.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '#' | '|' | '~' | '$' | '>' => {
                escaped.push('\\');
                escaped.push(character);
            }
            _ => escaped.push(character),
        }
    }
    escaped
}

/// Text as code, between more backticks than any row of them in it.
fn code(text: &str) -> String {
    let text = text.replace(['\n', '\r'], " ");
    let ticks = "`".repeat(longest_run(&text) + 1);
    let space = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{ticks}{space}{text}{space}{ticks}")
}

fn longest_run(text: &str) -> usize {
    text.split(|character| character != '`').map(str::len).max().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_means_something_in_markdown_is_escaped() {
        let check = |text: &str, expected: &str| assert_eq!(escaped(text), expected);
        check("s3:Get* on `a_b`", "s3:Get\\* on \\`a\\_b\\`");
        check("<b> & [x](y)|z\n#1", "&lt;b\\> &amp; \\[x\\](y)\\|z \\#1");
    }

    #[test]
    fn code_in_words_is_code() {
        let check = |text: &str, expected: &str| assert_eq!(sentence(text), expected);
        check("`a_b` has no *", "`a_b` has no \\*");
        check("a ` b", "a \\` b");
        check("``", "");
        assert_eq!(cell("`a|b`"), "\\`a\\|b\\`");
    }

    #[test]
    fn code_may_hold_backticks() {
        let check = |text: &str, expected: &str| assert_eq!(code(text), expected);
        check("a", "`a`");
        check("a`b", "``a`b``");
        check("`a``", "``` `a`` ```");
    }
}
