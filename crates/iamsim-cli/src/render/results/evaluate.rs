//! Evaluation cases as results.

use iamsim_scenario::evaluate::{CaseAnswer, CaseResult};
use iamsim_scenario::report::Verdict;

use super::{Cited, Kind, Results, Suite, Test, decision, expectation};

impl<'r> Results<'r> {
    /// Of the cases of each file.
    pub(crate) fn of_cases(files: &'r [(String, Vec<CaseAnswer>)]) -> Self {
        let suite = |(file, answers): &'r (String, Vec<CaseAnswer>)| Suite {
            name: file,
            file: Some(file),
            source: None,
            tests: answers.iter().map(Test::from).collect(),
        };
        Self { kind: Kind::Evaluate, suites: files.iter().map(suite).collect() }
    }
}

impl<'r> From<&'r CaseAnswer> for Test<'r> {
    fn from(answer: &'r CaseAnswer) -> Self {
        let name = answer.id.clone().unwrap_or_else(|| "case".to_owned());
        let verdict = match answer.ok {
            _ if !answer.is_answered() => Verdict::Error,
            Some(true) => Verdict::Passed,
            Some(false) => Verdict::Failed,
            None => Verdict::Unchecked,
        };
        let expected = answer.expected.as_ref().map(expectation);
        match &answer.result {
            CaseResult::Decided(decided) => {
                let role = if decided.decision == "explicitDeny" { "denied by" } else { "allowed by" };
                let statements =
                    decided.matched_statements.iter().map(|statement| Cited::new(role, statement));
                let found = decision(decided.decision, decided.decided_by.policy_type);
                Self {
                    decision: Some(decided.decision),
                    expected,
                    message: decided.message.as_deref(),
                    statements: statements.collect(),
                    absent: &decided.missing_context_values,
                    dependence: decided.dependence.as_ref(),
                    findings: answer.warnings.iter().collect(),
                    ..Self::new(name, verdict, found)
                }
            }
            CaseResult::Unreadable { error, findings } => {
                let first = findings.first().map(|finding| finding.source.path());
                // What was expected to be wrong needs no saying.
                let findings =
                    if verdict == Verdict::Passed { Vec::new() } else { findings.iter().collect() };
                Self {
                    place: first.map(|file| (file, error.line)),
                    expected,
                    findings,
                    ..Self::new(name, verdict, error.code.to_owned())
                }
            }
        }
    }
}
