//! Every policy that applies to a request, by the role it plays.

use std::sync::Arc;

use iamsim_syntax::PolicyType;

use crate::compiled::Policy;
use crate::policies::Policies;
use crate::record::Place;
use crate::settings::Settings;

/// The policies that meet a request. They are shared: the same ones may stand in many sets.
#[derive(Debug, Clone, Default)]
pub struct PolicySet {
    /// Identity-based policies of the caller: its own and, for a user, those of its groups. For a federated
    /// user, those of the IAM user who asked for the token.
    pub identity: Policies,
    /// The permissions boundary of the caller, or of a federated user's IAM user: one policy or none.
    pub permissions_boundary: Policies,
    /// The session policies passed when the session was opened; empty when none was.
    pub session: Policies,
    /// The policy of the resource, one or none: a role's trust policy, a key policy, a bucket policy, …
    pub resource: Policies,
    /// The service control policies of the caller's account, level by level from the root down; `None` when
    /// none bind the caller because its account is in no organization or is the management account.
    pub service_control: Option<Arc<[Level]>>,
    /// The resource control policies of the resource's account, likewise; `None` also when resource control
    /// policies do not reach the action's service.
    pub resource_control: Option<Arc<[Level]>>,
    /// The policies of the VPC endpoint the request comes through; `None` when it comes through none.
    pub vpc_endpoint: Option<Policies>,
    /// Facts about the resource that are not policies, and answers to open questions.
    pub settings: Settings,
}

impl PolicySet {
    /// The policy that stands there.
    #[must_use]
    pub fn policy(&self, place: Place) -> Option<&Arc<Policy>> {
        let there = match place.policy_type {
            PolicyType::IdentityBased => &self.identity,
            PolicyType::PermissionsBoundary => &self.permissions_boundary,
            PolicyType::Session => &self.session,
            PolicyType::ResourceBased | PolicyType::RoleTrust => &self.resource,
            PolicyType::ServiceControl => &self.service_control.as_ref()?.get(place.level)?.policies,
            PolicyType::ResourceControl => &self.resource_control.as_ref()?.get(place.level)?.policies,
            PolicyType::VpcEndpoint => self.vpc_endpoint.as_ref()?,
        };
        there.get(place.policy)
    }
}

/// What is attached at one level of an organization: the root, an organizational unit, or the account.
#[derive(Debug, Clone)]
pub struct Level {
    /// The root's, unit's or account's id.
    pub target: Box<str>,
    /// The policies attached there.
    pub policies: Policies,
}
