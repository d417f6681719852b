//! A request together with the policies it meets: the questions the gates ask.

use iamsim_syntax::{Effect, PolicyType};

use crate::compiled::Statement;
use crate::compiled::lane::Coverage;
use crate::compiled::principal::{Caller, Grant, Reading};
use crate::matching::{self, strongest};
use crate::met::Met;
use crate::policies::Policies;
use crate::policy_set::PolicySet;
use crate::principal::Principal;
use crate::record::{Attached, Quiet, Recorder};
use crate::request::{Owner, Request};
use crate::services;
use crate::settings::VpcEndpointType;

/// One request and its policies.
pub(crate) struct Case<'c> {
    pub(crate) request: &'c Request,
    pub(crate) policies: &'c PolicySet,
    /// Those of the policies that meet the request.
    pub(crate) met: Met<'c>,
    pub(crate) relation: Relation,
    caller: Caller<'c>,
}

/// Whose the resource is, seen from the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Relation {
    SameAccount,
    OtherAccount,
    OwnedByAws,
}

impl<'c> Case<'c> {
    #[inline]
    pub(crate) fn new(request: &'c Request, policies: &'c PolicySet) -> Self {
        let met = Met::new(request, policies);
        let relation = match request.owner() {
            Owner::Aws => Relation::OwnedByAws,
            _ if services::is_own(request, &policies.settings) => Relation::SameAccount,
            _ => Relation::OtherAccount,
        };
        let caller = Caller {
            request,
            action: request.action(),
            resource: request.resource(),
            context: request.context(),
            has_boundary: met.permissions_boundary.is_some(),
        };
        Self { request, policies, met, relation, caller }
    }

    /// Whether a policy of this type denies the request.
    pub(crate) fn denied_by<R: Recorder>(&self, policy_type: PolicyType, record: &mut R) -> bool {
        if policy_type == self.met.resource_policy_type {
            let resource = self.policies.resource.first().map(|policy| &**policy);
            if services::s3::keeps_out(self.request, &self.policies.settings.s3, resource) {
                return true;
            }
            if self.request.rules().outranks_resource_policy {
                return false;
            }
        }
        self.any(policy_type, Effect::Deny, record)
    }

    /// Whether a policy of this type allows the request.
    pub(crate) fn allows<R: Recorder>(&self, policy_type: PolicyType, record: &mut R) -> bool {
        if policy_type == PolicyType::IdentityBased && is_root_federated(self.request.principal()) {
            return true;
        }
        self.any(policy_type, Effect::Allow, record)
    }

    pub(crate) fn every_service_control_level_allows<R: Recorder>(&self, record: &mut R) -> bool {
        let mut levels = self.met.groups(PolicyType::ServiceControl);
        levels.all(|(attached, policies)| self.applies(policies, attached, Effect::Allow, record))
    }

    /// How the resource's policy names the caller, where that has any effect.
    pub(crate) fn resource_grant<R: Recorder>(&self, record: &mut R) -> Option<Grant> {
        if self.relation == Relation::OtherAccount && !self.grants_reach_the_caller() {
            return None;
        }
        let attached = Attached { policy_type: self.met.resource_policy_type, level: 0 };
        let policies = self.met.attached(attached.policy_type);
        let enough = self.enough(Effect::Allow);
        let grant =
            policies.and_then(|policies| self.grants(policies, attached, Effect::Allow, enough, record));
        let shared = self.policies.settings.shared_with_caller && self.relation == Relation::OtherAccount;
        grant.or(shared.then_some(Grant::Account))
    }

    /// How far a grant must reach for the rest not to matter. In another account any grant is as good as any other,
    /// and whom a denial names does not matter at all.
    pub(crate) fn enough(&self, effect: Effect) -> Grant {
        if effect == Effect::Deny || self.relation == Relation::OtherAccount {
            return Grant::Account;
        }
        Grant::Direct
    }

    fn grants_reach_the_caller(&self) -> bool {
        // An object's owner is not bound by what the bucket's owner grants.
        let foreign_object = services::s3::object_owner(self.request, &self.policies.settings.s3).is_some();
        self.request.rules().grants_across_accounts && !foreign_object
    }

    /// Whether something other than a policy lets the caller in: a grant on a key, an ACL open to everyone.
    #[inline]
    pub(crate) fn is_let_in_by_the_service(&self) -> bool {
        let settings = &self.policies.settings;
        services::has_grant(self.request, settings)
            || (*self.request.principal() == Principal::Anonymous
                && services::s3::open_by_acl(self.request, &settings.s3))
    }

    /// Whether the setting asks that a boundary limit the user whom a trust policy names.
    pub(crate) fn boundary_limits_trust(&self) -> bool {
        self.policies.settings.boundary_limits_trusted_user && self.request.traits().is_about_a_role
    }

    /// Compares the request with the statements of every policy that counts.
    pub(crate) fn survey<R: Recorder>(&self, record: &mut R) {
        for policy_type in PolicyType::ALL {
            for (attached, policies) in self.met.groups(policy_type) {
                self.strongest(policies, attached, Effect::Deny, Grant::Direct, record);
                self.strongest(policies, attached, Effect::Allow, Grant::Direct, record);
            }
        }
    }

    /// How many statements a survey compares.
    pub(crate) fn statement_count(&self) -> usize {
        let groups = PolicyType::ALL.into_iter().flat_map(|policy_type| self.met.groups(policy_type));
        groups.flat_map(|(_, policies)| policies).map(|policy| policy.statements().len()).sum()
    }

    fn any<R: Recorder>(&self, policy_type: PolicyType, effect: Effect, record: &mut R) -> bool {
        if let Some(policies) = self.met.attached(policy_type) {
            return self.applies(policies, Attached { policy_type, level: 0 }, effect, record);
        }
        let mut levels = self.met.levels(policy_type).iter().enumerate();
        levels.any(|(level, there)| {
            self.applies(&there.policies, Attached { policy_type, level }, effect, record)
        })
    }

    /// Whether any statement applies, however it names the caller.
    fn applies<R: Recorder>(
        &self,
        policies: &Policies,
        attached: Attached,
        effect: Effect,
        record: &mut R,
    ) -> bool {
        self.grants(policies, attached, effect, Grant::Account, record).is_some()
    }

    /// How far the statements reach that apply: found by comparing, unless the recorder foresees it.
    // Asked ten times for a decision, and mostly answered by one comparison.
    #[inline(always)]
    fn grants<R: Recorder>(
        &self,
        policies: &Policies,
        attached: Attached,
        effect: Effect,
        enough: Grant,
        record: &mut R,
    ) -> Option<Grant> {
        if R::FORESEES {
            return record.foreseen(attached.policy_type, attached.level, effect);
        }
        if !policies.may_cover(effect, self.caller.action) {
            return None;
        }
        if policies.lane(effect)?.is_universal() {
            return Some(Grant::Direct);
        }
        self.strongest(policies, attached, effect, enough, &mut Quiet)
    }

    fn strongest<R: Recorder>(
        &self,
        policies: &Policies,
        attached: Attached,
        effect: Effect,
        enough: Grant,
        record: &mut R,
    ) -> Option<Grant> {
        strongest(policies, effect, enough, attached, &self.caller, self.reading(attached), record)
    }

    /// How a statement of a policy that is attached there names the caller, if it applies.
    pub(crate) fn grant_of(
        &self,
        statement: &Statement,
        coverage: Coverage,
        attached: Attached,
    ) -> Option<Grant> {
        let (place, reading) = (attached.place(0), self.reading(attached));
        matching::applies(place, statement, coverage, &self.caller, reading, &mut Quiet)
    }

    fn reading(&self, attached: Attached) -> Reading {
        match attached.policy_type {
            PolicyType::ResourceControl => Reading::Everyone,
            PolicyType::VpcEndpoint => self.reading_at_endpoint(),
            _ => Reading::Resource,
        }
    }

    fn reading_at_endpoint(&self) -> Reading {
        match self.policies.settings.vpc_endpoint.unwrap_or_else(|| usual_endpoint(self.request)) {
            VpcEndpointType::Gateway => Reading::GatewayEndpoint,
            VpcEndpointType::Interface => Reading::Everyone,
        }
    }
}

/// Whether a root user asked for the federated user's token: it holds everything its account holds, which the
/// session policy then limits.
///
/// Source: <https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html>
fn is_root_federated(principal: &Principal) -> bool {
    match principal {
        Principal::FederatedUser { issuer: Some(issuer), .. } => issuer.ends_with(":root"),
        _ => false,
    }
}

/// Amazon S3 and DynamoDB are mostly reached through gateway endpoints.
fn usual_endpoint(request: &Request) -> VpcEndpointType {
    match request.action().service() {
        "s3" | "dynamodb" => VpcEndpointType::Gateway,
        _ => VpcEndpointType::Interface,
    }
}
