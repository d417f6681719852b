//! Every file of `fixtures/` answers as it says.

use std::fmt;
use std::path::Path;

use iamsim_scenario::Library;
use iamsim_scenario::evaluate::{CaseResult, evaluate_file};

fn evaluation_cases(path: &Path) -> datatest_stable::Result<()> {
    let mut wrong = Vec::new();
    evaluate_file(&Library::new(), path, &mut |answer| {
        if answer.ok == Some(true) {
            return Ok(());
        }
        let found = match &answer.result {
            CaseResult::Decided(decided) => format!("{} {:?}", decided.decision, decided.decided_by),
            CaseResult::Unreadable { error, .. } => format!("line {}: {}", error.line, error.message),
        };
        let expected = answer.expected.as_ref().map_or_else(|| "nothing".to_owned(), |e| format!("{e:?}"));
        wrong.push(format!("{}: {found}, expected {expected}", answer.id.unwrap_or_default()));
        Ok(())
    })?;
    Wrong::unless_empty(wrong)
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
}
