//! Results for people.

use std::collections::BTreeMap;
use std::io::{self, Write};

use iamsim_scenario::Finding;
use iamsim_scenario::ask::ExplainedCheck;
use iamsim_scenario::evaluate::{CaseAnswer, CaseDecision, CaseResult};
use iamsim_scenario::report::{Report, ScenarioReport, StepReport, StepResult, Summary, Verdict};
use iamsim_syntax::Position;

use crate::args::Output;
use crate::render::layout::Layout;
use crate::render::results::{Test, counted, decision, expectation};
use crate::render::style::{BAD, FAINT, GOOD, HEADING, Painted, UNSURE};
use crate::render::{CaseCount, dependence, explain, snippet};
use crate::validate::{Judged, PolicyCount};

pub(crate) fn replay(report: &Report, output: &Output, out: &mut dyn Write) -> io::Result<()> {
    for scenario in &report.scenarios {
        self::scenario(scenario, output, out)?;
    }
    summary(&report.summary, out)
}

fn scenario(scenario: &ScenarioReport, output: &Output, out: &mut dyn Write) -> io::Result<()> {
    let is_fine = |step: &StepReport| matches!(step.verdict(), Verdict::Passed | Verdict::Unchecked);
    if output.quiet && scenario.findings.is_empty() && scenario.steps.iter().all(is_fine) {
        return Ok(());
    }
    // What has no name is called as its file.
    if scenario.findings.is_empty() && !scenario.file.ends_with(&scenario.name) {
        writeln!(out, "{}  {}", Painted(HEADING, &scenario.name), Painted(FAINT, &scenario.file))?;
    } else {
        writeln!(out, "{}", Painted(HEADING, &scenario.file))?;
    }
    if let Some(source) = scenario.source.as_ref().filter(|_| output.verbose) {
        writeln!(out, "  {}", Painted(FAINT, source))?;
    }
    for finding in &scenario.findings {
        writeln!(out, "{}\n", snippet::text(finding))?;
    }
    for step in &scenario.steps {
        if !output.quiet || !is_fine(step) {
            self::step(scenario, step, output, out)?;
        }
    }
    if !scenario.steps.is_empty() {
        writeln!(out)?;
    }
    Ok(())
}

fn step(
    scenario: &ScenarioReport,
    step: &StepReport,
    output: &Output,
    out: &mut dyn Write,
) -> io::Result<()> {
    let test = Test::of_step(step, &scenario.file);
    if let Some(waited) = test.waited {
        writeln!(out, "  {}", Painted(FAINT, format!("{waited} later")))?;
    }
    let (style, mark) = match test.verdict {
        Verdict::Passed => (GOOD, "✓"),
        Verdict::Failed => (BAD, "✗"),
        Verdict::Unchecked => (FAINT, "·"),
        Verdict::Error => (BAD, "!"),
    };
    let mark = Painted(style, mark);
    if let StepResult::Unanswered { finding, .. } = &step.result {
        writeln!(out, "  {mark} {}", test.name)?;
        return indented(&snippet::text(finding), out);
    }
    writeln!(out, "  {mark} {}: {}", test.name, Painted(style, &test.found))?;
    if let Some(message) = test.message {
        writeln!(out, "      {}", Painted(FAINT, message))?;
    }
    let is_failed = test.verdict == Verdict::Failed;
    if let Some(expected) = test.expected.as_ref().filter(|_| is_failed) {
        detail("expected", &Painted(GOOD, expected).to_string(), out)?;
    }
    let dependence = match &step.result {
        StepResult::Decided(decided) => decided.dependence.as_ref(),
        StepResult::Refused { .. } | StepResult::Unanswered { .. } => None,
    };
    if let Some(dependence) = dependence.filter(|_| test.verdict != Verdict::Passed || output.verbose) {
        dependence::conditions(6, dependence, Layout::of_stdout(), out)?;
    }
    warnings(6, &step.warnings, out)?;
    if is_failed || output.verbose {
        test.facts().iter().try_for_each(|(name, text)| detail(name, text, out))?;
    }
    match &step.explanation {
        Some(check) => explanation(check, out),
        None => Ok(()),
    }
}

/// The way through the gates, under the step.
fn explanation(check: &ExplainedCheck, out: &mut dyn Write) -> io::Result<()> {
    let mut text = Vec::new();
    explain::walk(check, Layout::of_stdout().indented(UNDER_STEP), &mut text)?;
    indented(&String::from_utf8_lossy(&text), out)
}

/// So far what is said of a step stands from the margin.
const UNDER_STEP: usize = 6;

fn indented(text: &str, out: &mut dyn Write) -> io::Result<()> {
    text.lines().try_for_each(|line| match line.is_empty() {
        true => writeln!(out),
        false => writeln!(out, "{:UNDER_STEP$}{line}", ""),
    })
}

/// What no real request would be, dimmed: it decides nothing.
pub(crate) fn warnings(indent: usize, warnings: &[Finding], out: &mut dyn Write) -> io::Result<()> {
    for finding in warnings {
        let Finding { source, diagnostic } = finding;
        let text = format!("warning[{}]: {}", diagnostic.code, diagnostic.message);
        writeln!(out, "{:indent$}{}", "", Painted(FAINT, text))?;
        if let Some(Position { line, column }) = finding.place_in_file() {
            let place = format!("at {}:{line}:{column}", source.path());
            writeln!(out, "{:indent$}{}", "", Painted(FAINT, place))?;
        }
        if let Some(help) = &diagnostic.help {
            writeln!(out, "{:indent$}{}", "", Painted(FAINT, format!("help: {help}")))?;
        }
    }
    Ok(())
}

fn detail(name: &str, text: &str, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "      {}  {text}", Painted(FAINT, format!("{name:>10}")))
}

fn summary(summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
    let Summary { scenarios, steps, passed, failed, errors } = *summary;
    let unchecked = steps.saturating_sub(passed + failed);
    let mut parts = vec![Painted(GOOD, format!("{passed} passed")).to_string()];
    if failed > 0 {
        parts.push(Painted(BAD, format!("{failed} failed")).to_string());
    }
    if errors > 0 {
        parts.push(Painted(BAD, counted(errors, "error")).to_string());
    } else if unchecked > 0 {
        parts.push(Painted(FAINT, format!("{unchecked} without expectation")).to_string());
    }
    let counts = format!("{}, {}", counted(scenarios, "scenario"), counted(steps, "step"));
    writeln!(out, "{}: {}", Painted(HEADING, counts), parts.join(", "))
}

/// One evaluation case.
pub(crate) fn case(answer: &CaseAnswer, output: &Output, out: &mut dyn Write) -> io::Result<()> {
    if output.quiet && answer.is_answered() && answer.ok != Some(false) {
        return Ok(());
    }
    let id = answer.id.as_deref().unwrap_or("case");
    let (style, mark) = match answer.ok {
        Some(true) => (GOOD, "✓"),
        None if answer.is_answered() => (UNSURE, "·"),
        _ => (BAD, "✗"),
    };
    let mark = Painted(style, mark);
    match &answer.result {
        CaseResult::Decided(CaseDecision { decision: found, decided_by, message, dependence, .. }) => {
            let found = decision(found, decided_by.policy_type);
            writeln!(out, "{mark} {id}: {}", Painted(style, found))?;
            if let Some(message) = message {
                writeln!(out, "    {}", Painted(FAINT, message))?;
            }
            if let Some(dependence) = dependence {
                dependence::conditions(4, dependence, Layout::of_stdout(), out)?;
            }
        }
        CaseResult::Unreadable { findings, error } => {
            writeln!(out, "{mark} {id}: {}", Painted(style, error.code))?;
            if answer.ok != Some(true) {
                findings.iter().try_for_each(|finding| writeln!(out, "{}", snippet::text(finding)))?;
            }
        }
    }
    warnings(4, &answer.warnings, out)?;
    match &answer.expected {
        Some(expected) if answer.ok == Some(false) => {
            writeln!(out, "    expected {}", Painted(GOOD, expectation(expected)))
        }
        _ => Ok(()),
    }
}

/// How evaluation cases went, for standard error.
pub(crate) fn case_summary(count: &CaseCount) -> io::Result<()> {
    let CaseCount { cases, failed, unanswered } = *count;
    let mut err = anstream::stderr().lock();
    write!(err, "{}: ", counted(cases, "case"))?;
    match (failed, unanswered) {
        (0, 0) => writeln!(err, "{}", Painted(GOOD, "as expected")),
        (_, 0) => writeln!(err, "{}", Painted(BAD, format!("{failed} not as expected"))),
        (0, _) => writeln!(err, "{}", Painted(BAD, format!("{unanswered} could not be read"))),
        (_, _) => {
            let text = format!("{failed} not as expected, {unanswered} could not be read");
            writeln!(err, "{}", Painted(BAD, text))
        }
    }
}

/// So many findings of one code are shown for a policy; the rest is counted.
const ALIKE: usize = 10;

/// Findings about policies.
pub(crate) fn policies(judged: &[Judged], output: &Output, out: &mut dyn Write) -> io::Result<()> {
    for judged in judged {
        let mut shown: BTreeMap<&str, usize> = BTreeMap::new();
        let findings =
            judged.findings.iter().filter(|finding| !output.quiet || finding.diagnostic.is_error());
        for finding in findings {
            let alike = shown.entry(finding.diagnostic.code).or_default();
            *alike += 1;
            if *alike <= ALIKE {
                writeln!(out, "{}\n", snippet::text(finding))?;
            }
        }
        for (code, count) in shown.into_iter().filter(|(_, count)| *count > ALIKE) {
            let more = format!("… and {} more of {code}; `--format json` lists them all", count - ALIKE);
            writeln!(out, "{}\n", Painted(FAINT, more))?;
        }
    }
    let count = PolicyCount::of(judged);
    let counts = [
        (count.errors, "error", BAD),
        (count.security_warnings, "security warning", UNSURE),
        (count.warnings, "warning", UNSURE),
        (count.suggestions, "suggestion", FAINT),
    ];
    let counts = counts.into_iter().filter(|(count, ..)| *count > 0);
    let mut counts: Vec<_> =
        counts.map(|(count, word, style)| Painted(style, counted(count, word)).to_string()).collect();
    if count.unreadable > 0 {
        counts.push(
            Painted(BAD, format!("{} could not be read", counted(count.unreadable, "file"))).to_string(),
        );
    }
    let counts =
        if counts.is_empty() { Painted(GOOD, "nothing found").to_string() } else { counts.join(", ") };
    writeln!(out, "{}: {counts}", Painted(HEADING, counted(count.policies, "policy")))
}
