//! Context keys that follow from the principal and the resource alone.
//!
//! Sources: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable>,
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>

use iamsim_syntax::Arn;

use crate::context::{Context, ContextValue};
use crate::principal::Principal;
use crate::request::{Action, Owner};

/// Sets what is absent and known.
pub(crate) fn fill(
    context: &mut Context,
    principal: &Principal,
    action: &Action,
    resource: &str,
    owner: Owner,
) {
    fill_principal(context, principal);
    // Every request has it; only one that a service forwards, which names the services it came by, says yes.
    let forwarded = context.contains("aws:CalledVia");
    context.fill("aws:ViaAWSService", forwarded);
    if hides_the_owner(action) {
        return;
    }
    if owner == Owner::Aws {
        // An account of Amazon's: which one is not known, but it is nobody else's.
        context.fill("aws:ResourceAccount", "000000000000");
    }
    let account = match owner {
        Owner::Account(account) => Some(account),
        Owner::Caller if resource == "*" || Arn::parse(resource).is_some() => principal.account(),
        Owner::Caller | Owner::Aws => None,
    };
    if let Some(account) = account {
        context.fill("aws:ResourceAccount", account.as_str());
    }
}

/// Actions for which AWS leaves `aws:ResourceAccount` and its relatives out.
fn hides_the_owner(action: &Action) -> bool {
    action.service() == "ebs"
        || matches!(
            action.folded(),
            "auditmanager:updateassessmentframeworkshare"
                | "detective:acceptinvitation"
                | "ds:acceptshareddirectory"
                | "ec2:accepttransitgatewaypeeringattachment"
                | "ec2:acceptvpcendpointconnections"
                | "ec2:acceptvpcpeeringconnection"
                | "ec2:createtransitgatewaypeeringattachment"
                | "ec2:createvpcendpoint"
                | "ec2:createvpcpeeringconnection"
                | "es:acceptinboundconnection"
                | "guardduty:acceptadministratorinvitation"
                | "macie2:acceptinvitation"
                | "route53:associatevpcwithhostedzone"
                | "route53:createvpcassociationauthorization"
                | "securityhub:acceptadministratorinvitation"
        )
}

fn fill_principal(context: &mut Context, principal: &Principal) {
    let mut set = |name: &'static str, value: &str| context.fill(name, value);
    if let Some(account) = principal.account() {
        set("aws:PrincipalAccount", account.as_str());
    }
    match principal {
        Principal::User { arn, .. } => {
            set("aws:PrincipalArn", arn);
            set("aws:PrincipalType", "User");
            set("aws:username", arn.rsplit('/').next().unwrap_or_default());
        }
        Principal::RoleSession(session) => {
            set("aws:PrincipalArn", &session.role_arn);
            set("aws:PrincipalType", "AssumedRole");
        }
        Principal::FederatedUser { arn, account, .. } => {
            set("aws:PrincipalArn", arn);
            set("aws:PrincipalType", "FederatedUser");
            let name = arn.rsplit('/').next().unwrap_or_default();
            set("aws:userid", &format!("{account}:{name}"));
        }
        Principal::Root { arn, account } => {
            set("aws:PrincipalArn", arn);
            set("aws:PrincipalType", "Account");
            set("aws:userid", account.as_str());
        }
        Principal::Service { name } => {
            set("aws:PrincipalServiceName", name);
            let names = ContextValue::Many(vec![name.clone()]);
            context.fill("aws:PrincipalServiceNamesList", names);
        }
        Principal::Federated { provider } => {
            set("aws:PrincipalType", "User");
            set("aws:userid", provider);
            let is_saml = Arn::parse(provider).is_some_and(|arn| arn.resource.starts_with("saml-provider/"));
            if !is_saml {
                set("aws:FederatedProvider", provider);
            }
            if let Some(arn) = Arn::parse(provider) {
                set("aws:PrincipalAccount", arn.account);
            }
        }
        Principal::CanonicalUser { .. } => {}
        Principal::Anonymous => {
            set("aws:PrincipalAccount", "anonymous");
            set("aws:PrincipalType", "Anonymous");
            set("aws:userid", "anonymous");
        }
    }
    if principal.is_signed() {
        let by_service = matches!(principal, Principal::Service { .. });
        context.fill("aws:PrincipalIsAWSService", by_service);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(principal: &str, expected: &[(&str, &str)]) {
        let mut context = Context::new();
        let principal = match principal {
            "anonymous" => Principal::Anonymous,
            arn => Principal::from_arn(arn).unwrap(),
        };
        fill(&mut context, &principal, &Action::new("s3:GetObject"), "arn:aws:s3:::b", Owner::Caller);
        let found: Vec<_> = context.iter().map(|(name, _)| (name, context.text(name).unwrap())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_user_has_a_name_without_path() {
        check(
            "arn:aws:iam::111122223333:user/team/alice",
            &[
                ("aws:PrincipalAccount", "111122223333"),
                ("aws:PrincipalArn", "arn:aws:iam::111122223333:user/team/alice"),
                ("aws:PrincipalIsAWSService", "false"),
                ("aws:PrincipalType", "User"),
                ("aws:ResourceAccount", "111122223333"),
                ("aws:ViaAWSService", "false"),
                ("aws:username", "alice"),
            ],
        );
    }

    #[test]
    fn a_session_shows_its_role() {
        check(
            "arn:aws:sts::111122223333:assumed-role/Dev/s",
            &[
                ("aws:PrincipalAccount", "111122223333"),
                ("aws:PrincipalArn", "arn:aws:iam::111122223333:role/Dev"),
                ("aws:PrincipalIsAWSService", "false"),
                ("aws:PrincipalType", "AssumedRole"),
                ("aws:ResourceAccount", "111122223333"),
                ("aws:ViaAWSService", "false"),
            ],
        );
    }

    #[test]
    fn the_unsigned_have_no_arn() {
        check(
            "anonymous",
            &[
                ("aws:PrincipalAccount", "anonymous"),
                ("aws:PrincipalType", "Anonymous"),
                ("aws:ViaAWSService", "false"),
                ("aws:userid", "anonymous"),
            ],
        );
    }
}
