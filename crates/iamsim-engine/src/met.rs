//! Which policies of a set meet a request: those that caller and resource are subject to.

use iamsim_syntax::PolicyType;

use crate::policies::Policies;
use crate::policy_set::{Level, PolicySet};
use crate::principal::Principal;
use crate::record::Attached;
use crate::request::Request;

/// The policies that meet a request, by type; `None` where a type does not concern it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Met<'c> {
    /// How the resource's policy is called: a role's trust policy, or plainly a resource-based policy.
    pub(crate) resource_policy_type: PolicyType,
    resource: Option<&'c Policies>,
    identity: Option<&'c Policies>,
    /// Never empty.
    pub(crate) permissions_boundary: Option<&'c Policies>,
    session: Option<&'c Policies>,
    pub(crate) vpc_endpoint: Option<&'c Policies>,
    pub(crate) service_control: Option<&'c [Level]>,
    pub(crate) resource_control: Option<&'c [Level]>,
}

impl<'c> Met<'c> {
    #[inline]
    pub(crate) fn new(request: &Request, policies: &'c PolicySet) -> Self {
        let principal = request.principal();
        let is_about_a_role = request.traits().is_about_a_role;
        let boundary = Some(&policies.permissions_boundary);
        Self {
            resource_policy_type: if is_about_a_role {
                PolicyType::RoleTrust
            } else {
                PolicyType::ResourceBased
            },
            resource: Some(&policies.resource).filter(|_| request.rules().resource_policy_counts),
            identity: Some(&policies.identity).filter(|_| has_identity_policies(principal)),
            permissions_boundary: boundary.filter(|there| !there.is_empty() && can_be_bounded(request)),
            session: Some(&policies.session).filter(|_| has_session_policies(principal)),
            vpc_endpoint: policies.vpc_endpoint.as_ref().filter(|_| !request.is_forwarded()),
            service_control: policies
                .service_control
                .as_deref()
                .filter(|_| is_under_service_control(request)),
            resource_control: policies
                .resource_control
                .as_deref()
                .filter(|_| is_under_resource_control(request)),
        }
    }

    /// The policies of a type that has no levels.
    #[inline]
    pub(crate) fn attached(&self, policy_type: PolicyType) -> Option<&'c Policies> {
        match policy_type {
            PolicyType::IdentityBased => self.identity,
            PolicyType::PermissionsBoundary => self.permissions_boundary,
            PolicyType::Session => self.session,
            PolicyType::ResourceBased | PolicyType::RoleTrust => {
                self.resource.filter(|_| policy_type == self.resource_policy_type)
            }
            PolicyType::VpcEndpoint => self.vpc_endpoint,
            PolicyType::ServiceControl | PolicyType::ResourceControl => None,
        }
    }

    /// The levels of a type that has them.
    #[inline]
    pub(crate) fn levels(&self, policy_type: PolicyType) -> &'c [Level] {
        match policy_type {
            PolicyType::ServiceControl => self.service_control.unwrap_or_default(),
            PolicyType::ResourceControl => self.resource_control.unwrap_or_default(),
            _ => &[],
        }
    }

    /// The policies that are attached there.
    pub(crate) fn group(&self, attached: Attached) -> Option<&'c Policies> {
        let Attached { policy_type, level } = attached;
        match self.attached(policy_type) {
            Some(policies) => Some(policies).filter(|_| level == 0),
            None => self.levels(policy_type).get(level).map(|level| &level.policies),
        }
    }

    /// The policies of a type, by where they are attached.
    pub(crate) fn groups(&self, policy_type: PolicyType) -> impl Iterator<Item = (Attached, &'c Policies)> {
        let levels = self.levels(policy_type).iter().map(|level| &level.policies);
        let groups = self.attached(policy_type).into_iter().chain(levels).enumerate();
        groups.map(move |(level, policies)| (Attached { policy_type, level }, policies))
    }
}

fn has_identity_policies(principal: &Principal) -> bool {
    matches!(principal, Principal::User { .. } | Principal::RoleSession(_) | Principal::FederatedUser { .. })
}

fn has_session_policies(principal: &Principal) -> bool {
    matches!(principal, Principal::RoleSession(_) | Principal::FederatedUser { .. } | Principal::Root { .. })
}

/// Only users and roles can have a boundary; a federated user inherits that of its IAM user.
fn can_be_bounded(request: &Request) -> bool {
    match request.principal() {
        Principal::User { .. } | Principal::FederatedUser { .. } => true,
        Principal::RoleSession(_) => !request.rules().is_service_linked,
        _ => false,
    }
}

/// Service control policies bind users, roles, federated users and root users. Service-linked roles, services and
/// the unsigned are free of them.
///
/// Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html>
fn is_under_service_control(request: &Request) -> bool {
    request.principal().account().is_some() && !request.rules().is_service_linked
}

/// Resource control policies reach whoever calls, but for service-linked roles and the services that assume them.
/// `kms:RetireGrant` and the keys that AWS manages are beyond them.
///
/// Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html>
fn is_under_resource_control(request: &Request) -> bool {
    !request.rules().is_service_linked && !request.traits().is_beyond_resource_control
}
