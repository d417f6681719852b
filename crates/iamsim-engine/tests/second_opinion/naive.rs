//! A second evaluator, written from AWS's pages alone: formulae in the order the pages give them, and nothing
//! shared with the engine but the parsed policies.
//!
//! Sources:
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html>,
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html>

use iamsim_engine::{Outcome, VpcEndpointType};
use iamsim_syntax::{Effect, Policy, PolicyType};

use crate::case::{Caller, Case, Policies, account_of};
use crate::principal::{Naming, Place, namings, same_role_name};
use crate::statement::{Circumstances, matches_but_for_principal};

/// An answer, and the type of the policies that a denial is put down to, where AWS's pages settle it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Verdict {
    pub(crate) outcome: Outcome,
    pub(crate) denied_by: Option<PolicyType>,
}

const ALLOWED: Verdict = Verdict { outcome: Outcome::Allowed, denied_by: None };
const REFUSED: Verdict = Verdict { outcome: Outcome::ImplicitDeny, denied_by: None };

fn missing(policy_type: PolicyType) -> Verdict {
    Verdict { outcome: Outcome::ImplicitDeny, denied_by: Some(policy_type) }
}

pub(crate) fn decide(case: &Case, policies: &Policies<Policy>) -> Verdict {
    let action = case.action.to_lowercase();
    let view = View { case, policies, circumstances: Circumstances::of(case), action: &action };
    if view.needs_no_permission() {
        return ALLOWED;
    }
    if let Some(policy_type) = view.explicit_deny() {
        return Verdict { outcome: Outcome::ExplicitDeny, denied_by: Some(policy_type) };
    }
    if view.credentials_may_not() || view.service_refuses() {
        return REFUSED;
    }
    if let Some(levels) = view.service_control()
        && !levels.iter().all(|level| view.any(level, Effect::Allow))
    {
        return missing(PolicyType::ServiceControl);
    }
    if let Some(endpoint) = &policies.endpoint
        && !view.endpoint_has(endpoint, Effect::Allow)
    {
        return missing(PolicyType::VpcEndpoint);
    }
    view.grants()
}

struct View<'a> {
    case: &'a Case,
    policies: &'a Policies<Policy>,
    circumstances: Circumstances,
    action: &'a str,
}

impl View<'_> {
    fn needs_no_permission(&self) -> bool {
        let long_term = self.case.session_token.is_none();
        match self.action {
            "sts:getcalleridentity" => {
                !matches!(self.case.caller, Caller::Anonymous | Caller::Federated { .. })
            }
            "sts:getsessiontoken" => {
                long_term && matches!(self.case.caller, Caller::User { .. } | Caller::Root { .. })
            }
            _ => false,
        }
    }

    /// The type that is named when several deny: the first in this order.
    fn explicit_deny(&self) -> Option<PolicyType> {
        let deny = Effect::Deny;
        let any_level = |levels: &Vec<Vec<Policy>>| levels.iter().any(|level| self.any(level, deny));
        if self.service_control().is_some_and(any_level) {
            return Some(PolicyType::ServiceControl);
        }
        if self.resource_control().is_some_and(any_level) {
            return Some(PolicyType::ResourceControl);
        }
        if self.policies.endpoint.as_ref().is_some_and(|endpoint| self.endpoint_has(endpoint, deny)) {
            return Some(PolicyType::VpcEndpoint);
        }
        if !self.resource_policy_has(deny).is_empty() && !self.root_unlocks() {
            return Some(self.case.resource_policy_type());
        }
        if self.any(&self.policies.identity, deny) {
            return Some(PolicyType::IdentityBased);
        }
        if self.any(self.policies.boundary.as_slice(), deny) {
            return Some(PolicyType::PermissionsBoundary);
        }
        self.any(&self.policies.session, deny).then_some(PolicyType::Session)
    }

    /// Service control policies bind users, roles, federated users and root users, but no service-linked role.
    fn service_control(&self) -> Option<&Vec<Vec<Policy>>> {
        let bound = match &self.case.caller {
            Caller::User { .. } | Caller::FederatedUser { .. } | Caller::Root { .. } => true,
            Caller::Role { .. } => !self.is_service_linked(),
            Caller::Service { .. } | Caller::Federated { .. } | Caller::Anonymous => false,
        };
        self.policies.service_control.as_ref().filter(|_| bound)
    }

    fn resource_control(&self) -> Option<&Vec<Vec<Policy>>> {
        let service = matches!(self.case.caller, Caller::Service { .. });
        let linked =
            self.is_service_linked() || service && self.case.resource.contains(":role/aws-service-role/");
        let spared = linked || self.action == "kms:retiregrant";
        self.policies.resource_control.as_ref().filter(|_| !spared)
    }

    fn is_service_linked(&self) -> bool {
        matches!(&self.case.caller, Caller::Role { role, .. } if role.contains(":role/aws-service-role/"))
    }

    /// The root user of a resource's account can undo a policy that locks everyone out.
    fn root_unlocks(&self) -> bool {
        matches!(self.case.caller, Caller::Root { .. })
            && self.same_account()
            && matches!(
                self.action,
                "s3:getbucketpolicy"
                    | "s3:putbucketpolicy"
                    | "s3:deletebucketpolicy"
                    | "sqs:getqueueattributes"
                    | "sqs:setqueueattributes"
            )
    }

    fn credentials_may_not(&self) -> bool {
        let is = |service: &str| self.action.starts_with(service);
        let opens = matches!(self.action, "sts:getsessiontoken" | "sts:getfederationtoken");
        match &self.case.caller {
            Caller::Root { .. } if self.action == "sts:assumerole" => true,
            Caller::FederatedUser { .. } => is("iam:") || is("sts:"),
            Caller::User { .. } | Caller::Root { .. } => match self.case.session_token {
                Some(mfa) => opens || is("iam:") && !mfa,
                None => false,
            },
            Caller::Role { .. } | Caller::Service { .. } | Caller::Federated { .. } | Caller::Anonymous => {
                opens
            }
        }
    }

    /// What services refuse whatever policies say.
    fn service_refuses(&self) -> bool {
        let changes_managed_policy = self.action == "iam:deletepolicy" && self.of_aws();
        if changes_managed_policy {
            return true;
        }
        if self.same_account() {
            return false;
        }
        let kms = [
            "decrypt",
            "encrypt",
            "generatedatakey",
            "creategrant",
            "describekey",
            "retiregrant",
            "revokegrant",
            "listgrants",
            "getpublickey",
            "getkeyrotationstatus",
        ];
        let sqs =
            ["addpermission", "createqueue", "deletequeue", "listqueues", "setqueueattributes", "tagqueue"];
        match self.action.split_once(':') {
            Some(("kms", operation)) => !kms.contains(&operation),
            Some(("sqs", operation)) => sqs.contains(&operation),
            Some(("iam", _)) => !self.of_aws(),
            Some(("s3", operation)) => {
                let administers = ["getbucketpolicy", "putbucketpolicy", "deletebucketpolicy"];
                self.case.caller.account().is_some() && administers.contains(&operation)
            }
            _ => false,
        }
    }

    fn of_aws(&self) -> bool {
        account_of(&self.case.resource) == Some("aws")
    }

    /// What nobody says belongs to another belongs to the caller, in the caller's partition. A service's own account
    /// is nobody's concern.
    fn same_account(&self) -> bool {
        let Some(caller) = self.case.caller.account() else { return true };
        let owner = self.case.owner.as_deref().or(account_of(&self.case.resource));
        owner.is_none_or(|owner| owner == caller) && self.same_partition()
    }

    fn same_partition(&self) -> bool {
        let partition = |arn: &str| arn.split(':').nth(1).map(str::to_owned);
        let caller = self.case.caller.arn().and_then(partition);
        let resource = partition(&self.case.resource);
        caller.is_none() || resource.is_none() || caller == resource
    }

    /// The decision table: kind of caller by account relation.
    fn grants(&self) -> Verdict {
        // No grant reaches from one partition into another.
        let named = if !self.same_partition() { Vec::new() } else { self.resource_policy_has(Effect::Allow) };
        let by = |naming| named.contains(&naming);
        let id = self.any(&self.policies.identity, Effect::Allow);
        let pb =
            self.policies.boundary.is_none() || self.any(self.policies.boundary.as_slice(), Effect::Allow);
        let given = self.any(&self.policies.session, Effect::Allow);
        let sp = match self.case.caller {
            Caller::FederatedUser { .. } => given,
            _ => self.policies.session.is_empty() || given,
        };
        let resource_type = self.case.resource_policy_type();
        if self.granted_by_key() || self.granted_by_acl() {
            return ALLOWED;
        }
        match &self.case.caller {
            Caller::Service { .. } if by(Naming::Service) || by(Naming::Direct) => return ALLOWED,
            Caller::Federated { .. } if by(Naming::Federated) => return ALLOWED,
            Caller::Anonymous if by(Naming::Direct) => return ALLOWED,
            Caller::Service { .. } | Caller::Federated { .. } | Caller::Anonymous => {
                return missing(resource_type);
            }
            Caller::Root { .. } if by(Naming::Account) || by(Naming::Direct) => return ALLOWED,
            Caller::Root { .. } if self.of_aws() => return ALLOWED,
            Caller::Root { .. } if self.same_account() && !self.resource_must_allow() => return ALLOWED,
            Caller::Root { .. } => return missing(resource_type),
            Caller::User { .. } | Caller::Role { .. } | Caller::FederatedUser { .. } => {}
        }
        let through_parent = by(Naming::Role) || by(Naming::FederatedParent);
        let limits = || match (pb, sp) {
            (false, _) => missing(PolicyType::PermissionsBoundary),
            (true, false) => missing(PolicyType::Session),
            (true, true) => ALLOWED,
        };
        if self.of_aws() {
            return if id { limits() } else { missing(PolicyType::IdentityBased) };
        }
        if !self.same_account() {
            let resource = by(Naming::Direct) || through_parent || by(Naming::Account);
            return match (id, resource) {
                (false, _) => missing(PolicyType::IdentityBased),
                (true, false) if pb && sp => missing(resource_type),
                (true, false) => REFUSED,
                (true, true) => limits(),
            };
        }
        let chained_identity =
            matches!(self.case.caller, Caller::Role { .. }) && self.action == "sts:setsourceidentity";
        if chained_identity {
            let resource = by(Naming::Direct) || through_parent || by(Naming::Account);
            return match (id, resource) {
                (true, true) => limits(),
                (false, true) => missing(PolicyType::IdentityBased),
                _ => missing(resource_type),
            };
        }
        if by(Naming::Direct) {
            return ALLOWED;
        }
        if through_parent {
            return limits();
        }
        if self.resource_must_allow() && !by(Naming::Account) {
            return missing(resource_type);
        }
        if id { limits() } else { missing(PolicyType::IdentityBased) }
    }

    /// Roles and KMS keys do not trust their account by themselves.
    fn resource_must_allow(&self) -> bool {
        self.case.is_trust() || self.action.starts_with("kms:") && self.case.resource != "*"
    }

    fn granted_by_key(&self) -> bool {
        let Some(grantee) = &self.case.settings.decrypt_grantee else { return false };
        let is_caller = match &self.case.caller {
            Caller::User { arn } => arn == grantee,
            Caller::Role { role, session, path_known } => {
                let unsure = !path_known && same_role_name(grantee, role);
                role == grantee || session.as_ref() == Some(grantee) || unsure
            }
            _ => false,
        };
        self.action == "kms:decrypt" && is_caller
    }

    fn granted_by_acl(&self) -> bool {
        let facts = &self.case.settings;
        matches!(self.case.caller, Caller::Anonymous) && facts.public_acl && !facts.ignore_public_acls
    }

    /// Whether any statement of policies without principals matches.
    fn any(&self, policies: &[Policy], effect: Effect) -> bool {
        let matches = |policy: &Policy| {
            policy.statements.iter().any(|statement| {
                statement.effect.value == effect
                    && matches_but_for_principal(policy, statement, &self.circumstances)
            })
        };
        policies.iter().any(matches)
    }

    fn endpoint_has(&self, endpoint: &[Policy], effect: Effect) -> bool {
        let service = self.action.split(':').next().unwrap_or_default();
        let gateway = match self.case.settings.endpoint {
            Some(kind) => kind == VpcEndpointType::Gateway,
            None => matches!(service, "s3" | "dynamodb"),
        };
        let place = if gateway { Place::Gateway } else { Place::Elsewhere };
        endpoint.iter().any(|policy| !self.named_by(policy, place, effect).is_empty())
    }

    /// How the matching statements of the resource's policy name the caller.
    fn resource_policy_has(&self, effect: Effect) -> Vec<Naming> {
        let identity_only = matches!(
            self.action,
            "ecr:getauthorizationtoken" | "sqs:listqueues" | "kms:listkeys" | "kms:listaliases"
        );
        if identity_only || self.of_aws() {
            return Vec::new();
        }
        let place = if self.case.is_trust() { Place::Trust } else { Place::Elsewhere };
        self.policies.resource.iter().flat_map(|policy| self.named_by(policy, place, effect)).collect()
    }

    fn named_by(&self, policy: &Policy, place: Place, effect: Effect) -> Vec<Naming> {
        let mut found = Vec::new();
        for statement in &policy.statements {
            let right_effect = statement.effect.value == effect;
            if right_effect && matches_but_for_principal(policy, statement, &self.circumstances) {
                let bounded = self.policies.boundary.is_some();
                found.extend(namings(statement, place, self.case, bounded));
            }
        }
        found
    }
}
