//! AWS STS: which calls need no permission, and which credentials may make them.

use iamsim_syntax::Arn;

use crate::decision::CredentialLimit;
use crate::principal::Principal;
use crate::request::{Credentials, Request};

/// Whether the request opens a session of a role, or says something about the session it opens.
pub(super) fn is_about_a_role(request: &Request, resource: Option<&Arn<'_>>) -> bool {
    let role = resource.is_some_and(|arn| arn.service == "iam" && arn.resource.starts_with("role/"));
    role && matches!(
        request.action().folded(),
        "sts:assumerole"
            | "sts:assumerolewithsaml"
            | "sts:assumerolewithwebidentity"
            | "sts:setcontext"
            | "sts:setsourceidentity"
            | "sts:tagsession"
    )
}

/// Whether a service-linked role calls, or a service assumes one: Organizations policies do not bind either.
///
/// Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html>
pub(super) fn is_service_linked(
    request: &Request,
    resource: Option<&Arn<'_>>,
    is_about_a_role: bool,
) -> bool {
    match request.principal() {
        Principal::RoleSession(session) => session.is_service_linked(),
        Principal::Service { .. } if is_about_a_role => {
            resource.is_some_and(|arn| arn.resource.starts_with("role/aws-service-role/"))
        }
        _ => false,
    }
}

/// Calls that no policy can forbid: `GetCallerIdentity` to whoever signs, `GetSessionToken` to the long-term
/// credentials of a user or root user.
///
/// Sources: <https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html>,
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html>
pub(super) fn needs_no_permission(request: &Request) -> bool {
    match request.action().folded() {
        "sts:getcalleridentity" => request.principal().is_signed(),
        "sts:getsessiontoken" => has_long_term_credentials(request),
        _ => false,
    }
}

/// Why the caller's credentials may not make the call.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_sts-comparison.html>
pub(super) fn credential_limit(request: &Request, is_about_a_role: bool) -> Option<CredentialLimit> {
    let (service, operation) = (request.action().service(), request.action().operation());
    let principal = request.principal();
    match (principal, service) {
        (Principal::FederatedUser { .. }, "iam" | "sts") => return Some(CredentialLimit::FederatedUser),
        (Principal::Root { .. }, "sts") if operation == "assumerole" => {
            return Some(CredentialLimit::RootAssumesRole);
        }
        _ => {}
    }
    match (request.credentials(), service) {
        (Credentials::SessionToken { mfa: false }, "iam") => {
            return Some(CredentialLimit::SessionTokenWithoutMfa);
        }
        (Credentials::SessionToken { .. }, "sts") if !is_about_a_role => {
            return Some(CredentialLimit::SessionTokenSts);
        }
        _ => {}
    }
    let needs_long_term =
        matches!(request.action().folded(), "sts:getsessiontoken" | "sts:getfederationtoken");
    (needs_long_term && !has_long_term_credentials(request))
        .then_some(CredentialLimit::NeedsLongTermCredentials)
}

/// SAML providers are for `AssumeRoleWithSAML`, all others for `AssumeRoleWithWebIdentity`.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html>
pub(super) fn federation_fits(request: &Request) -> bool {
    let Principal::Federated { provider } = request.principal() else { return true };
    let is_saml = Arn::parse(provider).is_some_and(|arn| arn.resource.starts_with("saml-provider/"));
    match request.action().folded() {
        "sts:assumerolewithsaml" => is_saml,
        "sts:assumerolewithwebidentity" => !is_saml,
        _ => true,
    }
}

fn has_long_term_credentials(request: &Request) -> bool {
    matches!(request.principal(), Principal::User { .. } | Principal::Root { .. })
        && request.credentials() == Credentials::Usual
}

/// Whether a role session needs an identity-based policy, too, where a trust policy of its own account names
/// it: only to set a source identity when it assumes the next role.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html>
pub(super) fn role_session_needs_identity_policy(request: &Request) -> bool {
    request.action().folded() == "sts:setsourceidentity"
        && matches!(request.principal(), Principal::RoleSession(_))
}
