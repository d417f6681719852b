//! Checks of which some facts are unknown.

use iamsim_catalog::Cardinality;
use iamsim_engine::{CannotBeUnknown, PartialEvaluation, PolicySet, Request, Unknown, Verdict};

use crate::context::UnknownKeys;
use crate::simulation::{CheckOutcome, Failure};

/// What is certain of a request; `None` when everything about it is known.
///
/// # Errors
/// When a key is unknown that more than policies look at.
pub fn evaluate_partially(
    request: &Request,
    policies: &PolicySet,
    unknown: &UnknownKeys,
) -> Result<Option<PartialEvaluation>, CannotBeUnknown> {
    if unknown.is_empty() {
        return Ok(None);
    }
    let unknown = Unknown {
        keys: &unknown.names,
        every_missing: unknown.every_missing,
        is_multivalued: &is_multivalued,
    };
    iamsim_engine::evaluate_partially(request, policies, &unknown).map(Some)
}

fn is_multivalued(key: &str) -> Option<bool> {
    let key = iamsim_catalog::condition_key(key)?;
    Some(key.cardinality == Cardinality::Multivalued)
}

impl CheckOutcome {
    /// Whether the check is allowed, denied, or neither for certain.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        match &self.partial {
            Ok(Some(partial)) => partial.verdict,
            Ok(None) => Verdict::Determined(self.evaluation.decision.outcome),
            Err(_) => Verdict::Undetermined,
        }
    }

    /// Whether what is known leaves it open that the check is allowed.
    #[must_use]
    pub fn may_be_allowed(&self) -> bool {
        !self.verdict().is_denied()
    }
}

/// A call of which a check is undetermined gives nothing for certain.
pub(crate) fn refuse_undetermined(checks: &[CheckOutcome]) -> Result<(), Failure> {
    let is_open = |check: &CheckOutcome| check.verdict() == Verdict::Undetermined;
    if checks.iter().any(is_open) { Err(Failure::Undetermined) } else { Ok(()) }
}
