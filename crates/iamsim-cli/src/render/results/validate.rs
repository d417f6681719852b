//! Judged policies as results.

use iamsim_scenario::Finding;
use iamsim_scenario::report::Verdict;
use iamsim_syntax::Severity;

use super::{Kind, Results, Suite, Test, counted};
use crate::validate::Judged;

impl<'r> Results<'r> {
    /// Of the policies of each file.
    pub(crate) fn of_policies(judged: &'r [Judged]) -> Self {
        let by_file = judged.chunk_by(|one, next| one.source.path() == next.source.path());
        let suite = |policies: &'r [Judged]| {
            let file = policies.first().map(|first| first.source.path());
            Suite {
                name: file.unwrap_or_default(),
                file,
                source: None,
                tests: policies.iter().map(Test::from).collect(),
            }
        };
        Self { kind: Kind::Validate, suites: by_file.map(suite).collect() }
    }
}

impl<'r> From<&'r Judged> for Test<'r> {
    fn from(judged: &'r Judged) -> Self {
        let path = judged.source.path();
        let (name, verdict) = match judged.policy_type {
            None => (path.to_owned(), Verdict::Error),
            Some(policy_type) => {
                let has_errors = judged.findings.iter().any(|finding| finding.diagnostic.is_error());
                let verdict = if has_errors { Verdict::Failed } else { Verdict::Passed };
                (format!("{policy_type} policy at {path}:{}", judged.line), verdict)
            }
        };
        Self {
            place: Some((path, judged.line)),
            findings: judged.findings.iter().collect(),
            ..Self::new(name, verdict, found(&judged.findings))
        }
    }
}

/// `1 error, 2 warnings`
fn found(findings: &[Finding]) -> String {
    let kinds = [
        (Severity::Error, "error"),
        (Severity::SecurityWarning, "security warning"),
        (Severity::Warning, "warning"),
        (Severity::Suggestion, "suggestion"),
    ];
    let count = |severity| findings.iter().filter(|finding| finding.diagnostic.severity == severity).count();
    let kinds = kinds.into_iter().map(|(severity, word)| (count(severity), word));
    let parts: Vec<_> =
        kinds.filter(|(count, _)| *count > 0).map(|(count, word)| counted(count, word)).collect();
    if parts.is_empty() { "nothing found".to_owned() } else { parts.join(", ") }
}
