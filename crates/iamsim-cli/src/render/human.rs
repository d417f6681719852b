//! Results for people.

use std::collections::BTreeMap;
use std::io::{self, Write};

use iamsim_scenario::evaluate::{CaseAnswer, CaseDecision, CaseResult};
use iamsim_scenario::report::{
    Report, ScenarioReport, StepDecision, StepReport, StepResult, Summary, Verdict,
};
use iamsim_scenario::{Expectation, ExpectedError, Finding, MatchedStatement};
use iamsim_syntax::PolicyType;

use crate::args::Output;
use crate::render::layout::Layout;
use crate::render::style::{BAD, FAINT, GOOD, HEADING, Painted, UNSURE};
use crate::render::{CaseCount, dependence, snippet};
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
    if scenario.findings.is_empty() {
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
    if let Some(waited) = &step.waited {
        writeln!(out, "  {}", Painted(FAINT, format!("{waited} later")))?;
    }
    let verdict = step.verdict();
    let (style, mark) = match verdict {
        Verdict::Passed => (GOOD, "✓"),
        Verdict::Failed => (BAD, "✗"),
        Verdict::Unchecked => (FAINT, "·"),
        Verdict::Error => (BAD, "!"),
    };
    let mark = Painted(style, mark);
    if let StepResult::Unanswered { finding, .. } = &step.result {
        writeln!(out, "  {mark} {}", title(step))?;
        return writeln!(out, "{}\n", snippet::text(finding));
    }
    writeln!(out, "  {mark} {}: {}", title(step), Painted(style, found(step)))?;
    let message = match &step.result {
        StepResult::Decided(decided) => decided.message.as_deref(),
        StepResult::Refused { error } => Some(&*error.message),
        StepResult::Unanswered { .. } => None,
    };
    if let Some(message) = message {
        writeln!(out, "      {}", Painted(FAINT, message))?;
    }
    if verdict == Verdict::Failed {
        let expected = step.expected.as_ref().map(expectation).unwrap_or_default();
        detail("expected", &Painted(GOOD, expected).to_string(), out)?;
    }
    let dependence = match &step.result {
        StepResult::Decided(decided) => decided.dependence.as_ref(),
        StepResult::Refused { .. } | StepResult::Unanswered { .. } => None,
    };
    if let Some(dependence) = dependence.filter(|_| verdict != Verdict::Passed || output.verbose) {
        dependence::conditions(6, dependence, Layout::of_stdout(), out)?;
    }
    warnings(6, &step.warnings, out)?;
    if verdict == Verdict::Failed || output.verbose {
        detail("at", &format!("{}:{}", scenario.file, step.line), out)?;
        detail("as", &step.principal, out)?;
        detail("does", &one_line(&step.what), out)?;
        if let StepResult::Decided(decided) = &step.result
            && decided.dependence.is_none()
        {
            reasons(decided, out)?;
        }
    }
    Ok(())
}

/// What no real request would be, dimmed: it decides nothing.
pub(crate) fn warnings(indent: usize, warnings: &[Finding], out: &mut dyn Write) -> io::Result<()> {
    for Finding { diagnostic, .. } in warnings {
        let text = format!("warning[{}]: {}", diagnostic.code, diagnostic.message);
        writeln!(out, "{:indent$}{}", "", Painted(FAINT, text))?;
        if let Some(help) = &diagnostic.help {
            writeln!(out, "{:indent$}{}", "", Painted(FAINT, format!("help: {help}")))?;
        }
    }
    Ok(())
}

/// The statements that decided, or what came near to it.
fn reasons(decided: &StepDecision, out: &mut dyn Write) -> io::Result<()> {
    let deciding = match decided.decision {
        "explicitDeny" => Some("denied by"),
        "allowed" => Some("allowed by"),
        _ => None,
    };
    match deciding {
        Some(words) => {
            for statement in &decided.matched_statements {
                detail(words, &place(statement), out)?;
            }
        }
        None => {
            let action = decided.action.as_deref().unwrap_or("the call");
            if let Some(policy_type) = decided.decided_by.policy_type {
                let resource = decided.resource.as_deref().unwrap_or("*");
                detail(
                    "missing",
                    &format!("{} that allows {action} on {resource}", phrase(policy_type)),
                    out,
                )?;
            }
            for near in &decided.near_misses {
                detail("near", &format!("{}: all but {}", place(&near.statement), near.element), out)?;
            }
        }
    }
    if !decided.missing_context_values.is_empty() {
        detail("absent", &decided.missing_context_values.join(", "), out)?;
    }
    Ok(())
}

fn detail(name: &str, text: &str, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "      {}  {text}", Painted(FAINT, format!("{name:>10}")))
}

fn place(statement: &MatchedStatement) -> String {
    let MatchedStatement { policy_type, sid, line, column, source, .. } = statement;
    let sid = sid.as_ref().map(|sid| format!(" {sid}")).unwrap_or_default();
    match source.path() {
        // The documents of AWS managed policies are one line.
        arn if arn.starts_with("arn:") => format!("{arn}{sid} ({policy_type})"),
        path => format!("{path}:{line}:{column}{sid} ({policy_type})"),
    }
}

fn phrase(policy_type: &str) -> String {
    let found = PolicyType::ALL.into_iter().find(|known| known.as_str() == policy_type);
    let phrase = found.map_or(policy_type, |known| known.phrase());
    let article = if phrase.starts_with('i') { "an" } else { "a" };
    format!("{article} {phrase}")
}

/// What a step is called: its name, or what is done.
pub(crate) fn title(step: &StepReport) -> String {
    step.name.clone().unwrap_or_else(|| one_line(&step.what))
}

/// What came of a step.
pub(crate) fn found(step: &StepReport) -> String {
    match &step.result {
        StepResult::Decided(decided) => decision(decided.decision, decided.decided_by.policy_type),
        StepResult::Refused { error } => error.code.clone(),
        StepResult::Unanswered { finding } => finding.diagnostic.message.clone(),
    }
}

fn decision(decision: &str, policy_type: Option<&str>) -> String {
    match policy_type.filter(|_| decision != "allowed") {
        Some(policy_type) => format!("{decision} ({policy_type})"),
        None => decision.to_owned(),
    }
}

/// An expectation on one line.
pub(crate) fn expectation(expected: &Expectation) -> String {
    let mut parts = Vec::new();
    match (&expected.decision, &expected.error) {
        (Some(decision), _) => parts.push(decision.as_str().to_owned()),
        (None, Some(ExpectedError::Code(code))) => parts.push(format!("the error {code}")),
        (None, Some(ExpectedError::Any(true))) => parts.push("an error".to_owned()),
        (None, _) => {}
    }
    parts.extend(expected.by.map(|by| format!("by {by}")));
    parts.extend(expected.kind.map(|kind| format!("of kind {kind}")));
    parts.extend(expected.message.as_ref().map(|message| format!("saying \"{message}\"")));
    parts.join(" ")
}

fn one_line(text: &str) -> String {
    text.split_whitespace().filter(|word| *word != "\\").collect::<Vec<_>>().join(" ")
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

fn counted(count: usize, word: &str) -> String {
    match count {
        1 => format!("1 {word}"),
        _ => format!("{count} {word}s"),
    }
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
    let policies =
        if count.policies == 1 { "1 policy".to_owned() } else { format!("{} policies", count.policies) };
    writeln!(out, "{}: {counts}", Painted(HEADING, policies))
}
