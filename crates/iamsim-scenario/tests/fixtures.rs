//! Every file of `fixtures/` answers as it says.

use std::fmt;
use std::path::Path;

use iamsim_scenario::evaluate::{Answers, CaseAnswer, CaseResult, Evaluator, Part, RequestWarnings};
use iamsim_scenario::report::{StepResult, Verdict};
use iamsim_scenario::{Finding, Library, replay_file};

fn evaluation_cases(path: &Path) -> datatest_stable::Result<()> {
    let mut wrong = Vec::new();
    let library = Library::new();
    let all = |answers: Answers<'_>| answers.filter_map(unexpected).collect();
    Evaluator::new(&library, RequestWarnings::Off).file(path, &all, &mut |part: Part<Vec<String>>| {
        wrong.extend(part.made);
        Ok(())
    })?;
    Wrong::unless_empty(wrong)
}

fn unexpected(answer: CaseAnswer) -> Option<String> {
    if answer.ok == Some(true) {
        return None;
    }
    let found = match &answer.result {
        CaseResult::Decided(decided) => format!("{} {:?}", decided.decision, decided.decided_by),
        CaseResult::Unreadable { error, .. } => format!("line {}: {}", error.line, error.message),
    };
    let expected = answer.expected.as_ref().map_or_else(|| "nothing".to_owned(), |e| format!("{e:?}"));
    Some(format!("{}: {found}, expected {expected}", answer.id.unwrap_or_default()))
}

fn scenarios(path: &Path) -> datatest_stable::Result<()> {
    let report = replay_file(&Library::new(), path).strict();
    let mut wrong: Vec<_> = report.findings.iter().map(finding).collect();
    for step in
        report.steps.iter().filter(|step| !matches!(step.verdict(), Verdict::Passed | Verdict::Unchecked))
    {
        let found = match &step.result {
            StepResult::Decided(decided) => format!(
                "{} {:?} {}",
                decided.decision,
                decided.decided_by,
                decided.message.as_deref().unwrap_or_default()
            ),
            StepResult::Refused { error } => format!("{}: {}", error.code, error.message),
            StepResult::Unanswered { finding: why, .. } => finding(why),
        };
        wrong.push(format!("line {}: {found}, expected {:?}", step.line, step.expected));
    }
    Wrong::unless_empty(wrong)
}

fn refused(path: &Path) -> datatest_stable::Result<()> {
    let report = replay_file(&Library::new(), path);
    if report.findings.is_empty() { Err("the file is read without a word".into()) } else { Ok(()) }
}

fn finding(finding: &Finding) -> String {
    let position = finding.position();
    let (file, message) = (finding.source.path(), &finding.diagnostic.message);
    format!("{file}:{}:{}: {message}", position.line, position.column)
}

/// What did not answer as its file says, a line each.
struct Wrong(Vec<String>);

impl Wrong {
    fn unless_empty(wrong: Vec<String>) -> datatest_stable::Result<()> {
        if wrong.is_empty() { Ok(()) } else { Err(Box::new(Self(wrong))) }
    }
}

impl std::error::Error for Wrong {}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}

impl fmt::Debug for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

datatest_stable::harness! {
    { test = evaluation_cases, root = "../../fixtures/conformance", pattern = r"\.eval\.(yaml|jsonl|json)$" },
    { test = scenarios, root = "../../fixtures/guides", pattern = r"\.scenario\.yaml$" },
    { test = scenarios, root = "../../fixtures/scenarios", pattern = r"\.scenario\.yaml$" },
    { test = refused, root = "../../fixtures/refused", pattern = r"\.scenario\.yaml$" },
}
