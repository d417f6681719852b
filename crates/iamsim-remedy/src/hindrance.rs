//! Why no edit helps.

use iamsim_engine::{CredentialLimit, DecidedBy, Decision, Principal, ServiceRule};
use iamsim_syntax::PolicyType;

use crate::case::Case;

/// Why no change to policies or circumstances turns a denial into an allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hindrance {
    /// Credentials of this kind may not make the call.
    CredentialLimit(CredentialLimit),
    /// The service refuses the call.
    ServiceRule(ServiceRule),
    /// The service takes signed calls only.
    Unsigned,
    /// S3 Block Public Access keeps strangers out of a bucket whose policy is public.
    PublicAccessBlocked,
    /// The action cannot be granted to a caller of another account.
    NotAcrossAccounts,
    /// The policy that would have to change is AWS's own.
    OwnedByAws(PolicyType),
    /// A statement of this type denies it in all circumstances, and knows no exception for such a caller.
    Denied(PolicyType),
    /// Nothing was found within the effort made.
    NotFound,
}

impl Hindrance {
    /// What stands in the way of a case for which nothing can be proposed.
    pub(crate) fn of(case: &Case, decision: Decision) -> Self {
        match decision.decided_by {
            DecidedBy::CredentialLimit(limit) => Self::CredentialLimit(limit),
            DecidedBy::ServiceRule(rule) => Self::ServiceRule(rule),
            DecidedBy::Deny(policy_type) => {
                let places = case.explain().evaluation.matched;
                match places.iter().find(|matched| matched.place.policy_type == policy_type) {
                    None => Self::PublicAccessBlocked,
                    Some(matched) if !case.may_edit(matched.place) => Self::OwnedByAws(policy_type),
                    Some(_) => Self::Denied(policy_type),
                }
            }
            DecidedBy::MissingAllow(PolicyType::PermissionsBoundary) => {
                Self::OwnedByAws(PolicyType::PermissionsBoundary)
            }
            DecidedBy::MissingAllow(policy_type) if policy_type == case.resource_policy_type() => {
                match case.request.principal() {
                    Principal::Anonymous => Self::Unsigned,
                    _ => Self::NotAcrossAccounts,
                }
            }
            _ => Self::NotFound,
        }
    }
}
