//! IAM's own protected roles and policies.

use iamsim_syntax::Arn;

/// Whether the call would change what only AWS may change: an AWS managed policy, a service-linked role or
/// a role reserved for IAM Identity Center.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachRolePolicy.html>
pub(super) fn is_protected(operation: &str, resource: Option<&Arn<'_>>) -> bool {
    let Some(arn) = resource.filter(|arn| arn.service == "iam") else { return false };
    if arn.account == "aws" && arn.resource.starts_with("policy/") {
        return changes_policy(operation);
    }
    if arn.resource.starts_with("role/aws-reserved/") {
        return changes_role(operation) || matches!(operation, "createrole" | "passrole");
    }
    arn.resource.starts_with("role/aws-service-role/")
        && (changes_role(operation) || operation == "createrole")
}

fn changes_policy(operation: &str) -> bool {
    matches!(
        operation,
        "createpolicy"
            | "createpolicyversion"
            | "deletepolicy"
            | "deletepolicyversion"
            | "setdefaultpolicyversion"
            | "tagpolicy"
            | "untagpolicy"
    )
}

fn changes_role(operation: &str) -> bool {
    matches!(
        operation,
        "attachrolepolicy"
            | "deleterole"
            | "deleterolepermissionsboundary"
            | "deleterolepolicy"
            | "detachrolepolicy"
            | "putrolepermissionsboundary"
            | "putrolepolicy"
            | "tagrole"
            | "untagrole"
            | "updateassumerolepolicy"
            | "updaterole"
            | "updateroledescription"
    )
}
