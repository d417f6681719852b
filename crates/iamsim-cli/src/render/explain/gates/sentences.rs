//! What each gate did with a request, in a sentence.

use iamsim_engine::{CredentialLimit, DecidedBy, Gate, Grant, Passage, ServiceRule};
use iamsim_scenario::ask::{ExplainedCheck, GateReport, Relation};
use iamsim_syntax::Effect;

use super::{allows, has_policies, is_about_a_role, levels, silent_levels};

pub(super) fn title(check: &ExplainedCheck, gate: Gate) -> &'static str {
    match gate {
        Gate::NoPermissionNeeded => "No permission needed",
        Gate::ExplicitDeny => "Explicit deny",
        Gate::CredentialLimits => "Kind of credentials",
        Gate::ServiceRules => "Rules of the service",
        Gate::ResourceControl => "Resource control policies",
        Gate::ServiceControl => "Service control policies",
        Gate::VpcEndpoint => "VPC endpoint policy",
        Gate::ResourceBased if is_about_a_role(check) => "Role trust policy",
        Gate::ResourceBased => "Resource-based policy",
        Gate::IdentityBased => "Identity-based policies",
        Gate::PermissionsBoundary => "Permissions boundary",
        Gate::Session => "Session policies",
    }
}

pub(super) fn sentence(check: &ExplainedCheck, report: GateReport) -> String {
    let GateReport { gate, passage } = report;
    let shut = passage == Passage::Shut;
    match gate {
        Gate::NoPermissionNeeded => "AWS lets anyone make this call".to_owned(),
        Gate::ExplicitDeny => explicit_deny(check, shut),
        Gate::CredentialLimits => match check.decision.decided_by {
            DecidedBy::CredentialLimit(limit) if shut => credential_limit(limit).to_owned(),
            _ => "credentials of this kind may make the call".to_owned(),
        },
        Gate::ServiceRules => match check.decision.decided_by {
            DecidedBy::ServiceRule(rule) if shut => service_rule(rule).to_owned(),
            _ => "none forbids the call".to_owned(),
        },
        Gate::ResourceControl => match passage {
            Passage::NotApplicable if has_key(check, "aws:ResourceOrgID") => {
                "they do not reach this service, or this caller".to_owned()
            }
            Passage::NotApplicable => "the resource's account is in no organization".to_owned(),
            _ => "they only deny, and none did".to_owned(),
        },
        Gate::ServiceControl => service_control(check, passage),
        Gate::VpcEndpoint => match passage {
            Passage::NotApplicable => "the request comes through no endpoint".to_owned(),
            Passage::Shut => {
                "the endpoint's policy must allow what passes through it, and it does not".to_owned()
            }
            Passage::Open | Passage::Allowed => "it lets the request through".to_owned(),
        },
        Gate::ResourceBased => resource_based(check, passage),
        Gate::IdentityBased => match passage {
            Passage::NotApplicable => "not needed; the caller is let in already".to_owned(),
            Passage::Shut => identity_shut(check),
            Passage::Open | Passage::Allowed => "they allow it".to_owned(),
        },
        Gate::PermissionsBoundary => match passage {
            Passage::NotApplicable => "the caller has none".to_owned(),
            Passage::Shut => "it is the most the caller can be granted, and it leaves this out".to_owned(),
            Passage::Open | Passage::Allowed => "this is within it".to_owned(),
        },
        Gate::Session => match passage {
            Passage::NotApplicable => "none were passed".to_owned(),
            Passage::Shut if !has_policies(check, gate) => {
                "a federated user has only what its session policies allow, and none were passed".to_owned()
            }
            Passage::Shut => {
                "the session has only what its session policies allow too, and they leave this out".to_owned()
            }
            Passage::Open | Passage::Allowed => "they allow it, too".to_owned(),
        },
    }
}

fn has_key(check: &ExplainedCheck, key: &str) -> bool {
    check.context.iter().any(|entry| entry.key.eq_ignore_ascii_case(key))
}

fn explicit_deny(check: &ExplainedCheck, shut: bool) -> String {
    if shut {
        return "one statement that denies outweighs every allow".to_owned();
    }
    match check.statements.iter().filter(|statement| statement.effect == Effect::Deny).count() {
        0 => "there is no statement that denies anything".to_owned(),
        1 => "the one statement that denies does not match".to_owned(),
        count => format!("{count} statements deny, but none of them this"),
    }
}

fn service_control(check: &ExplainedCheck, passage: Passage) -> String {
    match passage {
        Passage::NotApplicable => match &check.accounts.caller {
            None => "the caller has no account that they could bind".to_owned(),
            Some(_) if has_key(check, "aws:PrincipalOrgID") => {
                "they bind neither the management account nor service-linked roles".to_owned()
            }
            Some(account) => format!("{account} is in no organization"),
        },
        Passage::Shut => {
            let silent: Vec<_> = silent_levels(check).into_iter().map(|level| format!("`{level}`")).collect();
            let levels = silent.join(" and at ");
            format!("every level from the root to the account must allow, and at {levels} nothing does")
        }
        Passage::Open | Passage::Allowed => {
            let levels: Vec<_> = levels(check).collect();
            format!("every level allows it: {}", levels.join(", "))
        }
    }
}

fn identity_shut(check: &ExplainedCheck) -> String {
    let other = check.accounts.relation == Relation::OtherAccount;
    let granted = check
        .gates
        .iter()
        .any(|report| report.gate == Gate::ResourceBased && report.passage == Passage::Open);
    match (other, granted) {
        (true, true) => "the resource's side allows it, but across accounts the caller's own policies must too".to_owned(),
        (true, false) => "across accounts both sides must allow, and neither does".to_owned(),
        (false, true) => "the resource trusts the caller's account, which must allow it by policies of its own, and does not".to_owned(),
        (false, false) => "what no policy allows is denied".to_owned(),
    }
}

fn resource_based(check: &ExplainedCheck, passage: Passage) -> String {
    let none = !has_policies(check, Gate::ResourceBased);
    let relation = check.accounts.relation;
    let strongest = allows(check, Gate::ResourceBased).filter_map(|statement| statement.names_caller).max();
    let text = match (passage, relation) {
        (Passage::NotApplicable, Relation::OwnedByAws) => "what is AWS's own has none",
        (Passage::NotApplicable, Relation::OtherAccount) if none => {
            "there is none, and across accounts it must allow"
        }
        (Passage::NotApplicable, Relation::OtherAccount) => {
            "it does not allow this, and across accounts it must"
        }
        (Passage::NotApplicable, _) if none => "there is none; within one account none is needed",
        (Passage::NotApplicable, _) => {
            "it does not allow this; within one account the caller's own policies may"
        }
        (Passage::Allowed, Relation::SameAccount) if strongest == Some(Grant::Direct) => {
            "it names the caller itself, or everyone; within one account that is enough"
        }
        (Passage::Allowed, _) if strongest.is_none() => "a grant or an ACL lets the caller in",
        (Passage::Allowed, _) => "it allows the caller, who needs nothing else",
        (Passage::Open, Relation::OtherAccount) => "it allows the caller; the caller's own account must, too",
        (Passage::Open, _) => match strongest {
            Some(Grant::Role) => {
                "it names the caller's role; a boundary and session policies still limit that"
            }
            Some(Grant::FederatedUsersParent) => {
                "it names the user whose session this is; a boundary and session policies still limit that"
            }
            Some(Grant::Account) => {
                "it names the caller's account, which must then allow it by policies of its own"
            }
            Some(Grant::Direct) => "it names the caller itself",
            None => "something other than a policy shares the resource with the caller's account",
        },
        (Passage::Shut, _) if is_turned_away_unsigned(check) => {
            "AWS takes only signed calls here, whatever it says"
        }
        (Passage::Shut, _) if is_about_a_role(check) && none => {
            "only its trust policy says who may assume a role, and there is none"
        }
        (Passage::Shut, _) if is_about_a_role(check) => {
            "only its trust policy says who may assume a role, and it does not allow this"
        }
        (Passage::Shut, Relation::NoAccount) => {
            "nothing else can allow a caller without an account, and it does not"
        }
        (Passage::Shut, Relation::OtherAccount) if none => {
            "across accounts the resource's own side must allow, and there is no such policy"
        }
        (Passage::Shut, Relation::OtherAccount) => {
            "across accounts the resource's own side must allow, and it does not"
        }
        (Passage::Shut, _) => {
            "a KMS key trusts only whom its key policy lets in, not even its own account unless that is named"
        }
    };
    text.to_owned()
}

pub(super) fn credential_limit(limit: CredentialLimit) -> &'static str {
    match limit {
        CredentialLimit::RootAssumesRole => "A root user cannot assume roles, whatever policies say.",
        CredentialLimit::FederatedUser => {
            "A federated user cannot call IAM, nor STS but for GetCallerIdentity, whatever policies say."
        }
        CredentialLimit::SessionTokenWithoutMfa => {
            "Credentials of GetSessionToken cannot call IAM unless they were got with MFA."
        }
        CredentialLimit::SessionTokenSts => {
            "Credentials of GetSessionToken can call only AssumeRole and GetCallerIdentity of STS."
        }
        CredentialLimit::NeedsLongTermCredentials => {
            "Only a user's or root user's own long-term credentials can make this call."
        }
    }
}

pub(super) fn service_rule(rule: ServiceRule) -> &'static str {
    match rule {
        ServiceRule::ProtectedResource => "This belongs to AWS, and nobody else can change it.",
        ServiceRule::BucketPolicyOfAnotherAccount => {
            "Only the account that owns a bucket may read or change its bucket policy."
        }
        ServiceRule::BlockPublicPolicy => "S3 Block Public Access refuses bucket policies that are public.",
        ServiceRule::BlockPublicAcls => "S3 Block Public Access refuses ACLs that are public.",
        ServiceRule::SharedEncryptedSnapshot => {
            "A shared encrypted snapshot must be copied first, and the copy restored."
        }
    }
}

/// Whether the call was refused for want of a signature: where the resource's policy must allow, no policy can
/// let in whoever does not sign.
fn is_turned_away_unsigned(check: &ExplainedCheck) -> bool {
    check.principal == "anonymous" && (is_about_a_role(check) || check.action.starts_with("kms:"))
}
