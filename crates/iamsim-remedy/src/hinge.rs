//! The statements an allow hangs on.

use iamsim_engine::{StatementRef, evaluate, evaluate_fully};

use crate::case::Case;

/// The statements without which the request would be denied, each tried by taking it away. Empty for a denial, and
/// where several statements would each be enough.
#[must_use]
pub fn hinges(case: &Case) -> Vec<StatementRef> {
    let evaluation = evaluate_fully(&case.request, &case.policies);
    if !evaluation.decision.is_allowed() {
        return Vec::new();
    }
    let hangs_on = |at: &StatementRef| {
        without(case, *at).is_some_and(|case| !evaluate(&case.request, &case.policies).is_allowed())
    };
    evaluation.matched.into_iter().filter(hangs_on).collect()
}

/// The case without a statement; `None` when its policy's document is not known.
fn without(case: &Case, at: StatementRef) -> Option<Case> {
    let mut document = (**case.documents.get(&at.place)?).clone();
    if at.statement >= document.statements.len() {
        return None;
    }
    document.statements.remove(at.statement);
    let mut changed = case.clone();
    changed.put(at.place, document);
    Some(changed)
}
