//! AWS's flow chart: one function for each box, in AWS's order. A box answers `Break` with the decision when the
//! request's way ends there, `Continue` when it goes on.
//!
//! Sources: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html>,
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html>

use std::ops::ControlFlow::{self, Break, Continue};

use iamsim_syntax::PolicyType;

use crate::case::{Case, Relation};
use crate::compiled::principal::Grant;
use crate::decision::{DecidedBy, Decision};
use crate::policy_set::PolicySet;
use crate::principal::Principal;
use crate::record::{Gate, Passage, Quiet, Recorder};
use crate::request::Request;
use crate::services;

/// Decides a request.
///
/// Total: every request and every set of policies has a decision.
#[must_use]
pub fn evaluate(request: &Request, policies: &PolicySet) -> Decision {
    decide(&Case::new(request, policies), &mut Quiet)
}

/// Sends a case through the gates.
pub(crate) fn decide<R: Recorder>(case: &Case<'_>, record: &mut R) -> Decision {
    let decision = match flow_chart(case, record) {
        Break(decision) | Continue(decision) => decision,
    };
    refused_though_allowed(case, decision)
}

/// Some calls AWS refuses only to those who would have been allowed to make them.
fn refused_though_allowed(case: &Case<'_>, decision: Decision) -> Decision {
    match services::late_refusal(case.request) {
        Some(rule) if decision.is_allowed() => Decision::implicit_deny(DecidedBy::ServiceRule(rule)),
        _ => decision,
    }
}

fn flow_chart<R: Recorder>(case: &Case<'_>, record: &mut R) -> ControlFlow<Decision, Decision> {
    no_permission_needed(case, record)?;
    explicit_deny(case, record)?;
    credential_limits(case, record)?;
    service_rules(case, record)?;
    resource_control_policies(case, record)?;
    service_control_policies(case, record)?;
    vpc_endpoint_policies(case, record)?;
    let needed = resource_based_policy(case, record)?;
    identity_based_policies(case, needed, record)?;
    permissions_boundary(case, record)?;
    session_policies(case, record)?;
    Continue(Decision::allowed(needed.granted_by(case)))
}

/// What the caller's own account must still say after the resource's policy has spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Needed {
    /// Nothing: the resource's policy names the caller's role or parent user. Boundary and session policies
    /// limit that.
    LimitsOnly,
    /// An identity-based policy.
    IdentityBased,
    /// An identity-based policy, and a grant by the resource's account, which is there or is not.
    BothAccounts { granted: bool },
    /// Nothing: the caller is a root user, limited at most by the task it took its session for.
    RootUser,
}

impl Needed {
    fn granted_by(self, case: &Case<'_>) -> DecidedBy {
        match self {
            Self::LimitsOnly => DecidedBy::Allow(case.met.resource_policy_type),
            Self::IdentityBased | Self::BothAccounts { .. } => DecidedBy::Allow(PolicyType::IdentityBased),
            Self::RootUser => DecidedBy::RootUser,
        }
    }
}

fn no_permission_needed<R: Recorder>(case: &Case<'_>, record: &mut R) -> ControlFlow<Decision> {
    if case.request.rules().needs_no_permission {
        return end(Gate::NoPermissionNeeded, Decision::allowed(DecidedBy::NoPermissionNeeded), record);
    }
    pass(Gate::NoPermissionNeeded, Passage::NotApplicable, record)
}

/// One statement that denies, in any policy of any type, is final. Where several do, the first type in this
/// order is named.
fn explicit_deny<R: Recorder>(case: &Case<'_>, record: &mut R) -> ControlFlow<Decision> {
    let mut deny = |policy_type| case.denied_by(policy_type, record).then_some(policy_type);
    let denying = deny(PolicyType::ServiceControl)
        .or_else(|| deny(PolicyType::ResourceControl))
        .or_else(|| deny(PolicyType::VpcEndpoint))
        .or_else(|| deny(case.met.resource_policy_type))
        .or_else(|| deny(PolicyType::IdentityBased))
        .or_else(|| deny(PolicyType::PermissionsBoundary))
        .or_else(|| deny(PolicyType::Session));
    match denying {
        Some(policy_type) => end(Gate::ExplicitDeny, Decision::explicit_deny(policy_type), record),
        None => pass(Gate::ExplicitDeny, Passage::Open, record),
    }
}

fn credential_limits<R: Recorder>(case: &Case<'_>, record: &mut R) -> ControlFlow<Decision> {
    match case.request.rules().credential_limit {
        Some(limit) => {
            let decided_by = DecidedBy::CredentialLimit(limit);
            end(Gate::CredentialLimits, Decision::implicit_deny(decided_by), record)
        }
        None => pass(Gate::CredentialLimits, Passage::Open, record),
    }
}

fn service_rules<R: Recorder>(case: &Case<'_>, record: &mut R) -> ControlFlow<Decision> {
    match services::refusal(case.request, &case.policies.settings) {
        Some(rule) => {
            let decided_by = DecidedBy::ServiceRule(rule);
            end(Gate::ServiceRules, Decision::implicit_deny(decided_by), record)
        }
        None => pass(Gate::ServiceRules, Passage::Open, record),
    }
}

/// Cannot fail for want of an allow: AWS attaches `RCPFullAWSAccess` to every level, nobody can detach it, and
/// every other resource control policy only denies.
///
/// Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_evaluation.html>
fn resource_control_policies<R: Recorder>(case: &Case<'_>, record: &mut R) -> ControlFlow<Decision> {
    let passage = if case.met.resource_control.is_some() { Passage::Open } else { Passage::NotApplicable };
    pass(Gate::ResourceControl, passage, record)
}

/// Every level from the root down to the account must allow; within a level one policy is enough.
///
/// Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html>
fn service_control_policies<R: Recorder>(case: &Case<'_>, record: &mut R) -> ControlFlow<Decision> {
    if case.met.service_control.is_none() {
        return pass(Gate::ServiceControl, Passage::NotApplicable, record);
    }
    let allows = case.every_service_control_level_allows(record);
    require(Gate::ServiceControl, PolicyType::ServiceControl, allows, record)
}

/// Source: <https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html>
fn vpc_endpoint_policies<R: Recorder>(case: &Case<'_>, record: &mut R) -> ControlFlow<Decision> {
    if case.met.vpc_endpoint.is_none() {
        return pass(Gate::VpcEndpoint, Passage::NotApplicable, record);
    }
    let allows = case.allows(PolicyType::VpcEndpoint, record);
    require(Gate::VpcEndpoint, PolicyType::VpcEndpoint, allows, record)
}

/// What the resource's policy is worth depends on how it names the caller and on whose account the caller is in.
fn resource_based_policy<R: Recorder>(case: &Case<'_>, record: &mut R) -> ControlFlow<Decision, Needed> {
    let policy_type = case.met.resource_policy_type;
    let grant = case.resource_grant(record);
    let allowed = |record: &mut R| {
        record.gate(Gate::ResourceBased, Passage::Allowed);
        Break(Decision::allowed(DecidedBy::Allow(policy_type)))
    };
    let shut = |record: &mut R| {
        record.gate(Gate::ResourceBased, Passage::Shut);
        Break(Decision::missing_allow(policy_type))
    };
    let needs = |needed, record: &mut R| {
        let passage = if grant.is_some() { Passage::Open } else { Passage::NotApplicable };
        record.gate(Gate::ResourceBased, passage);
        Continue(needed)
    };
    if case.is_let_in_by_the_service() {
        record.gate(Gate::ResourceBased, Passage::Allowed);
        return Break(Decision::allowed(DecidedBy::Shared));
    }

    match (case.request.principal(), case.relation, grant) {
        // Most services take signed calls only, however open the policy is.
        (Principal::Anonymous, _, _) if !case.request.rules().takes_unsigned => shut(record),

        // Whoever has no identity-based policies needs the resource's policy, in whatever account.
        (
            Principal::Service { .. }
            | Principal::Federated { .. }
            | Principal::CanonicalUser { .. }
            | Principal::Anonymous,
            _,
            grant,
        ) => match grant {
            Some(_) => allowed(record),
            None => shut(record),
        },

        // The root user holds everything its account holds.
        (Principal::Root { .. }, Relation::OwnedByAws, _) => needs(Needed::RootUser, record),
        (Principal::Root { .. }, Relation::SameAccount, None)
            if case.request.rules().resource_policy_must_allow =>
        {
            shut(record)
        }
        (Principal::Root { .. }, Relation::SameAccount, _) => needs(Needed::RootUser, record),
        (Principal::Root { .. }, Relation::OtherAccount, Some(_)) => allowed(record),
        (Principal::Root { .. }, Relation::OtherAccount, None) => shut(record),

        // Amazon's own resources have no policy to read.
        (_, Relation::OwnedByAws, _) => needs(Needed::IdentityBased, record),

        // In one account either side may allow.
        (_, Relation::SameAccount, None) if case.request.rules().resource_policy_must_allow => shut(record),
        (_, Relation::SameAccount, Some(_)) if case.request.rules().needs_identity_policy => {
            needs(Needed::IdentityBased, record)
        }
        (Principal::User { .. }, Relation::SameAccount, Some(Grant::Direct))
            if case.boundary_limits_trust() =>
        {
            needs(Needed::LimitsOnly, record)
        }
        (_, Relation::SameAccount, Some(Grant::Direct)) => allowed(record),
        (_, Relation::SameAccount, Some(Grant::Role | Grant::FederatedUsersParent)) => {
            needs(Needed::LimitsOnly, record)
        }
        (_, Relation::SameAccount, Some(Grant::Account) | None) => needs(Needed::IdentityBased, record),

        // Across accounts both must.
        (_, Relation::OtherAccount, grant) => {
            needs(Needed::BothAccounts { granted: grant.is_some() }, record)
        }
    }
}

/// Across accounts the caller's own side is named first when both are missing.
fn identity_based_policies<R: Recorder>(
    case: &Case<'_>,
    needed: Needed,
    record: &mut R,
) -> ControlFlow<Decision> {
    let identity = |record: &mut R| {
        let allows = case.allows(PolicyType::IdentityBased, record);
        require(Gate::IdentityBased, PolicyType::IdentityBased, allows, record)
    };
    match needed {
        Needed::LimitsOnly | Needed::RootUser => pass(Gate::IdentityBased, Passage::NotApplicable, record),
        Needed::IdentityBased => identity(record),
        Needed::BothAccounts { granted } => {
            identity(record)?;
            if granted {
                return Continue(());
            }
            end(Gate::ResourceBased, Decision::missing_allow(case.met.resource_policy_type), record)
        }
    }
}

/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html>
fn permissions_boundary<R: Recorder>(case: &Case<'_>, record: &mut R) -> ControlFlow<Decision> {
    if case.met.permissions_boundary.is_none() {
        return pass(Gate::PermissionsBoundary, Passage::NotApplicable, record);
    }
    let allows = case.allows(PolicyType::PermissionsBoundary, record);
    require(Gate::PermissionsBoundary, PolicyType::PermissionsBoundary, allows, record)
}

/// A federated user without a session policy has no permissions of its own.
///
/// Source: <https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html>
fn session_policies<R: Recorder>(case: &Case<'_>, record: &mut R) -> ControlFlow<Decision> {
    let must_allow = match case.request.principal() {
        Principal::FederatedUser { .. } => true,
        Principal::RoleSession(_) | Principal::Root { .. } => !case.policies.session.is_empty(),
        _ => false,
    };
    if !must_allow {
        return pass(Gate::Session, Passage::NotApplicable, record);
    }
    let allows = case.allows(PolicyType::Session, record);
    require(Gate::Session, PolicyType::Session, allows, record)
}

fn require<R: Recorder>(
    gate: Gate,
    policy_type: PolicyType,
    allows: bool,
    record: &mut R,
) -> ControlFlow<Decision> {
    if allows {
        return pass(gate, Passage::Open, record);
    }
    end(gate, Decision::missing_allow(policy_type), record)
}

fn pass<R: Recorder>(gate: Gate, passage: Passage, record: &mut R) -> ControlFlow<Decision> {
    record.gate(gate, passage);
    Continue(())
}

fn end<R: Recorder>(gate: Gate, decision: Decision, record: &mut R) -> ControlFlow<Decision> {
    record.gate(gate, if decision.is_allowed() { Passage::Allowed } else { Passage::Shut });
    Break(decision)
}
