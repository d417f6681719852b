//! AWS KMS: key policies come first, grants come beside them.

use iamsim_syntax::Arn;

use crate::compiled::principal::is_role;
use crate::principal::Principal;
use crate::request::Request;
use crate::settings::{KmsGrant, Settings};

/// Whether the resource is a key, whose policy must grant.
///
/// Source: <https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html>
pub(super) fn is_about_a_key(resource: Option<&Arn<'_>>) -> bool {
    resource.is_some_and(|arn| arn.resource.starts_with("key/"))
}

/// The operations a key policy can grant to other accounts.
///
/// Source: <https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html>
pub(super) fn works_across_accounts(operation: &str) -> bool {
    is_cryptographic(operation)
        || matches!(
            operation,
            "creategrant"
                | "describekey"
                | "getkeyrotationstatus"
                | "getpublickey"
                | "listgrants"
                | "retiregrant"
                | "revokegrant"
        )
}

/// Source: <https://docs.aws.amazon.com/kms/latest/developerguide/kms-cryptography.html#cryptographic-operations>
fn is_cryptographic(operation: &str) -> bool {
    matches!(
        operation,
        "decrypt"
            | "derivesharedsecret"
            | "encrypt"
            | "generatedatakey"
            | "generatedatakeypair"
            | "generatedatakeypairwithoutplaintext"
            | "generatedatakeywithoutplaintext"
            | "generatemac"
            | "reencryptfrom"
            | "reencryptto"
            | "sign"
            | "verify"
            | "verifymac"
    )
}

/// Whether a grant on the key lets the caller do this.
///
/// Source: <https://docs.aws.amazon.com/kms/latest/developerguide/grants.html>
#[inline]
pub(crate) fn has_grant(request: &Request, settings: &Settings) -> bool {
    !settings.kms_grants.is_empty()
        && request.traits().is_about_a_key
        && settings.kms_grants.iter().any(|grant| gives(grant, request))
}

fn gives(grant: &KmsGrant, request: &Request) -> bool {
    let covers = |operation: &str| operation.eq_ignore_ascii_case(request.action().operation());
    grant.operations.iter().any(|operation| covers(operation)) && is_grantee(request.principal(), grant)
}

fn is_grantee(principal: &Principal, grant: &KmsGrant) -> bool {
    let grantee = &*grant.grantee;
    let is_role = match principal {
        Principal::RoleSession(session) => is_role(session, grantee),
        _ => false,
    };
    let is_account = principal.account().is_some_and(|account| {
        account.as_str() == grantee
            || Arn::parse(grantee)
                .is_some_and(|arn| arn.account == account.as_str() && arn.resource == "root")
    });
    is_role || is_account || principal.arn() == grantee
}

/// Aliases of AWS managed keys belong to AWS.
///
/// Source: <https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html>
pub(super) fn is_protected(operation: &str, resource: Option<&Arn<'_>>) -> bool {
    let changes = matches!(operation, "createalias" | "updatealias" | "deletealias");
    changes && is_alias_of_aws(resource)
}

/// Whether the resource is the alias of an AWS managed key, which resource control policies do not reach.
///
/// Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html>
pub(super) fn is_alias_of_aws(resource: Option<&Arn<'_>>) -> bool {
    resource.is_some_and(|arn| arn.resource.starts_with("alias/aws/"))
}
