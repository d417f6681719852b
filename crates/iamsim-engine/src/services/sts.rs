//! AWS STS: which calls need no permission, and which credentials may make them.

use iamsim_syntax::Arn;

use crate::decision::CredentialLimit;
use crate::principal::Principal;
use crate::request::{Credentials, Request};

/// What a call has to do with credentials and the sessions of roles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Call {
    /// Of another service: any credentials do.
    Usual,
    /// Of IAM.
    Iam,
    AssumeRole,
    AssumeRoleWithSaml,
    AssumeRoleWithWebIdentity,
    AssumeRoot,
    SetContext,
    SetSourceIdentity,
    TagSession,
    GetCallerIdentity,
    GetFederationToken,
    GetSessionToken,
    /// Any other of STS.
    OtherSts,
}

impl Call {
    /// Which of the calls of STS it is, by its name in lower case.
    pub(super) fn of(operation: &str) -> Self {
        match operation {
            "assumerole" => Self::AssumeRole,
            "assumerolewithsaml" => Self::AssumeRoleWithSaml,
            "assumerolewithwebidentity" => Self::AssumeRoleWithWebIdentity,
            "assumeroot" => Self::AssumeRoot,
            "setcontext" => Self::SetContext,
            "setsourceidentity" => Self::SetSourceIdentity,
            "tagsession" => Self::TagSession,
            "getcalleridentity" => Self::GetCallerIdentity,
            "getfederationtoken" => Self::GetFederationToken,
            "getsessiontoken" => Self::GetSessionToken,
            _ => Self::OtherSts,
        }
    }
}

/// Whether the call opens a session of a role, or says something about the session it opens.
pub(super) fn is_about_a_role(call: Call, resource: Option<&Arn<'_>>) -> bool {
    let of_a_session = matches!(
        call,
        Call::AssumeRole
            | Call::AssumeRoleWithSaml
            | Call::AssumeRoleWithWebIdentity
            | Call::SetContext
            | Call::SetSourceIdentity
            | Call::TagSession
    );
    of_a_session && resource.is_some_and(|arn| arn.service == "iam" && arn.resource.starts_with("role/"))
}

/// Whether only an AWS service may assume the role.
pub(super) fn is_service_linked_role(resource: Option<&Arn<'_>>) -> bool {
    resource.is_some_and(|arn| arn.resource.starts_with("role/aws-service-role/"))
}

/// Whether a service-linked role calls, or a service assumes one: Organizations policies do not bind either.
///
/// Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html>
pub(super) fn is_service_linked(request: &Request) -> bool {
    match request.principal() {
        Principal::RoleSession(_) => request.has_service_linked_role(),
        Principal::Service { .. } => request.traits().is_about_a_service_linked_role,
        _ => false,
    }
}

/// Calls that no policy can forbid: `GetCallerIdentity` to whoever signs, `GetSessionToken` to the long-term
/// credentials of a user or root user.
///
/// Sources: <https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html>,
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html>
pub(super) fn needs_no_permission(request: &Request) -> bool {
    match request.traits().call {
        Call::GetCallerIdentity => request.principal().is_signed(),
        Call::GetSessionToken => has_long_term_credentials(request),
        _ => false,
    }
}

/// Why the caller's credentials may not make the call.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_sts-comparison.html>
pub(super) fn credential_limit(request: &Request) -> Option<CredentialLimit> {
    let call = request.traits().call;
    match (request.principal(), request.credentials(), call) {
        (_, _, Call::Usual) => None,
        (Principal::FederatedUser { .. }, _, _) => Some(CredentialLimit::FederatedUser),
        (Principal::Root { .. }, _, Call::AssumeRole) => Some(CredentialLimit::RootAssumesRole),
        (_, Credentials::SessionToken { mfa: false }, Call::Iam) => {
            Some(CredentialLimit::SessionTokenWithoutMfa)
        }
        (_, _, Call::Iam) => None,
        (_, Credentials::SessionToken { .. }, _) if !request.traits().is_about_a_role => {
            Some(CredentialLimit::SessionTokenSts)
        }
        (_, _, Call::GetSessionToken | Call::GetFederationToken) if !has_long_term_credentials(request) => {
            Some(CredentialLimit::NeedsLongTermCredentials)
        }
        _ => None,
    }
}

/// SAML providers are for `AssumeRoleWithSAML`, all others for `AssumeRoleWithWebIdentity`.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html>
pub(super) fn federation_fits(request: &Request) -> bool {
    let Principal::Federated { provider } = request.principal() else { return true };
    let is_saml = || Arn::parse(provider).is_some_and(|arn| arn.resource.starts_with("saml-provider/"));
    match request.traits().call {
        Call::AssumeRoleWithSaml => is_saml(),
        Call::AssumeRoleWithWebIdentity => !is_saml(),
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
    request.traits().call == Call::SetSourceIdentity
        && matches!(request.principal(), Principal::RoleSession(_))
}
