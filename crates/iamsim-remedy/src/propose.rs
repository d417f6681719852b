//! What to try: for a denial, the edits that might move the gate that is shut.
//!
//! A proposal is a guess. Whether it helps, the search finds out.

mod allow;
mod circumstance;
mod deny;
mod grant;
mod value;

use iamsim_engine::{DecidedBy, Explanation, ServiceRule};
use iamsim_syntax::{Policy, Statement};

use crate::case::Case;
use crate::edit::Edit;
use crate::means::Means;

/// Edits to be made together, and how much they ask for.
#[derive(Debug, Clone)]
pub(crate) struct Proposal {
    pub(crate) edits: Vec<Edit>,
    pub(crate) weight: u32,
}

/// How much an edit asks for: passing what a policy asks for before changing a policy, and the change that lets
/// in least before one that lets in more.
pub(crate) mod weight {
    /// The caller does something differently.
    pub(crate) const CALLER: u32 = 1;
    /// The caller comes from elsewhere, at another time, or with another token.
    pub(crate) const ELSEWHERE: u32 = 2;
    /// A value more in a statement that says nothing else.
    pub(crate) const NARROW: u32 = 10;
    /// A statement for this caller, action and resource alone.
    pub(crate) const STATEMENT: u32 = 12;
    /// A value more in a statement, which then covers more than was asked.
    pub(crate) const BROAD: u32 = 13;
    /// A tag, on which other permissions may hang.
    pub(crate) const TAG: u32 = 14;
    /// A condition that lets others in, too.
    pub(crate) const CONDITION: u32 = 16;
    /// A statement for everyone.
    pub(crate) const EVERYONE: u32 = 30;
    /// An exception to a deny: after everything else.
    pub(crate) const DENY: u32 = 1000;
    /// The side that was not asked first.
    pub(crate) const OTHER_SIDE: u32 = 4;
}

/// The guesses for a case that is denied.
pub(crate) fn proposals(case: &Case, explanation: &Explanation) -> Vec<Proposal> {
    match explanation.evaluation.decision.decided_by {
        DecidedBy::Deny(policy_type) => deny::proposals(case, explanation, policy_type),
        DecidedBy::MissingAllow(policy_type) => allow::proposals(case, explanation, policy_type),
        // The ACL that S3 refuses is asked for in the call.
        DecidedBy::ServiceRule(ServiceRule::BlockPublicAcls) => {
            let edit = Edit::LeaveOut { key: "s3:x-amz-acl".into(), means: Means::Parameter };
            vec![Proposal { edits: vec![edit], weight: weight::CALLER }]
        }
        _ => Vec::new(),
    }
}

/// The same policy with one statement alone.
fn alone(document: &Policy, statement: &Statement) -> Policy {
    Policy { statements: vec![statement.clone()], id: None, ..document.clone() }
}
