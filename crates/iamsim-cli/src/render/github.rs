//! Annotations of GitHub Actions.
//!
//! Source: <https://docs.github.com/actions/writing-workflows/choosing-what-your-workflow-does/workflow-commands-for-github-actions>

use std::io::{self, Write};

use iamsim_scenario::Finding;
use iamsim_scenario::evaluate::{CaseAnswer, CaseResult};
use iamsim_scenario::report::{Report, ScenarioReport, StepReport, StepResult, Verdict};
use iamsim_syntax::Severity;

use crate::render::human;
use crate::validate::Judged;

fn findings(findings: &[Finding], out: &mut dyn Write) -> io::Result<()> {
    findings.iter().try_for_each(|found| finding(found, out))
}

pub(crate) fn policies(judged: &[Judged], out: &mut dyn Write) -> io::Result<()> {
    judged.iter().try_for_each(|judged| findings(&judged.findings, out))
}

pub(crate) fn replay(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    for scenario in &report.scenarios {
        findings(&scenario.findings, out)?;
        for step in &scenario.steps {
            self::step(scenario, step, out)?;
        }
    }
    Ok(())
}

pub(crate) fn case(answer: &CaseAnswer, out: &mut dyn Write) -> io::Result<()> {
    findings(&answer.warnings, out)?;
    match &answer.result {
        CaseResult::Unreadable { findings: found, .. } if answer.ok != Some(true) => findings(found, out),
        CaseResult::Decided(decided) if answer.ok == Some(false) => {
            let id = answer.id.as_deref().unwrap_or("case");
            let expected = answer.expected.as_ref().map(human::expectation).unwrap_or_default();
            let text = format!("{id}: {}, expected {expected}", decided.decision);
            writeln!(out, "::error title=not-as-expected::{}", data(&text))
        }
        CaseResult::Decided(_) | CaseResult::Unreadable { .. } => Ok(()),
    }
}

fn step(scenario: &ScenarioReport, step: &StepReport, out: &mut dyn Write) -> io::Result<()> {
    if let StepResult::Unanswered { finding: why, .. } = &step.result {
        return finding(why, out);
    }
    findings(&step.warnings, out)?;
    if step.verdict() != Verdict::Failed {
        return Ok(());
    }
    let expected = step.expected.as_ref().map(human::expectation).unwrap_or_default();
    let text = format!("{}: {}, expected {expected}", human::title(step), human::found(step));
    let (file, line) = (property(&scenario.file), step.line);
    writeln!(out, "::error file={file},line={line},title=not-as-expected::{}", data(&text))
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
