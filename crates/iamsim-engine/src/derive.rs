//! Context keys that follow from the principal and the resource alone.
//!
//! Sources: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable>,
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>

use iamsim_syntax::Arn;

use crate::context::{Context, ContextValue, KnownKey, Text};
use crate::principal::Principal;
use crate::request::Target;

const CALLED_VIA: KnownKey = KnownKey::new("aws:CalledVia");
const PRINCIPAL_ACCOUNT: KnownKey = KnownKey::new("aws:PrincipalAccount");
const PRINCIPAL_IS_AWS_SERVICE: KnownKey = KnownKey::new("aws:PrincipalIsAWSService");
const PRINCIPAL_SERVICE_NAME: KnownKey = KnownKey::new("aws:PrincipalServiceName");
const PRINCIPAL_SERVICE_NAMES: KnownKey = KnownKey::new("aws:PrincipalServiceNamesList");
const PRINCIPAL_TYPE: KnownKey = KnownKey::new("aws:PrincipalType");
pub(crate) const RESOURCE_ACCOUNT: KnownKey = KnownKey::new("aws:ResourceAccount");
const USER_NAME: KnownKey = KnownKey::new("aws:username");
pub(crate) const VIA_AWS_SERVICE: KnownKey = KnownKey::new("aws:ViaAWSService");

/// Sets what follows from the principal, where it is absent.
pub(crate) fn fill(context: &mut Context, principal: &Principal) {
    fill_principal(context, principal);
    // Every request has it; only one that a service forwards, which names the services it came by, says yes.
    let forwarded = context.has(CALLED_VIA);
    context.fill(VIA_AWS_SERVICE, forwarded);
}

/// `aws:ResourceAccount`, where AWS sets it.
pub(crate) fn resource_account(target: &Target, principal: &Principal) -> Option<Text> {
    if target.traits.hides_the_owner {
        return None;
    }
    match &target.owner_as_text {
        Some(owner) => Some(owner.clone()),
        None if target.resource == "*" || target.is_arn() => Some(principal.account()?.as_str().into()),
        None => None,
    }
}

fn fill_principal(context: &mut Context, principal: &Principal) {
    if let Some(account) = principal.account() {
        context.fill(PRINCIPAL_ACCOUNT, account.as_str());
    }
    let set_type = |context: &mut Context, name| context.fill(PRINCIPAL_TYPE, Text::new_static(name));
    match principal {
        Principal::User { arn, .. } => {
            context.fill(KnownKey::PRINCIPAL_ARN, arn.clone());
            set_type(context, "User");
            context.fill(USER_NAME, arn.rsplit('/').next().unwrap_or_default());
        }
        Principal::RoleSession(session) => {
            context.fill(KnownKey::PRINCIPAL_ARN, session.role_arn.clone());
            set_type(context, "AssumedRole");
        }
        Principal::FederatedUser { arn, account, .. } => {
            context.fill(KnownKey::PRINCIPAL_ARN, arn.clone());
            set_type(context, "FederatedUser");
            let name = arn.rsplit('/').next().unwrap_or_default();
            context.fill(KnownKey::USER_ID, format!("{account}:{name}"));
        }
        Principal::Root { arn, account } => {
            context.fill(KnownKey::PRINCIPAL_ARN, arn.clone());
            set_type(context, "Account");
            context.fill(KnownKey::USER_ID, account.as_str());
        }
        Principal::Service { name } => {
            context.fill(PRINCIPAL_SERVICE_NAME, name.clone());
            context.fill(PRINCIPAL_SERVICE_NAMES, ContextValue::Many(vec![name.clone()]));
        }
        Principal::Federated { provider } => {
            let arn = Arn::parse(provider);
            set_type(context, "User");
            context.fill(KnownKey::USER_ID, provider.clone());
            let is_saml = arn.is_some_and(|arn| arn.resource.starts_with("saml-provider/"));
            if !is_saml {
                context.fill(KnownKey::FEDERATED_PROVIDER, provider.clone());
            }
            if let Some(arn) = arn {
                context.fill(PRINCIPAL_ACCOUNT, arn.account);
            }
        }
        Principal::CanonicalUser { .. } => {}
        Principal::Anonymous => {
            let anonymous = Text::new_static("anonymous");
            context.fill(PRINCIPAL_ACCOUNT, anonymous.clone());
            context.fill(KnownKey::USER_ID, anonymous);
            set_type(context, "Anonymous");
        }
    }
    if principal.is_signed() {
        context.fill(PRINCIPAL_IS_AWS_SERVICE, matches!(principal, Principal::Service { .. }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::Request;

    fn check(principal: &str, expected: &[(&str, &str)]) {
        let principal = match principal {
            "anonymous" => Principal::Anonymous,
            arn => Principal::from_arn(arn).unwrap(),
        };
        let request = Request::of(principal, "s3:GetObject", "arn:aws:s3:::b").complete();
        let context = request.context();
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
