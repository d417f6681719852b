//! AWS Identity and Access Management.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html>

use iamsim_world::Call;

use crate::aws::Invocation;
use crate::checks::{check, with};
use crate::scope::Scope;

/// Adds the condition keys that the parameters set.
pub(super) fn complete(call: &mut Call, invocation: &Invocation, scope: &Scope<'_>) {
    let api = invocation.operation.api;
    let service = invocation.text("aws-service-name");
    if let ("CreateServiceLinkedRole", Some(service)) = (api, service) {
        let role = scope.global("iam", &format!("role/aws-service-role/{service}/*"));
        call.checks =
            vec![with(check("iam:CreateServiceLinkedRole", role), "iam:AWSServiceName", Some(service))];
        return;
    }
    if let Some(path) = invocation.text("role-name").and_then(usual_path) {
        for check in call.checks.iter_mut().filter(|_| !api.starts_with("Create")) {
            check.resource = check.resource.replacen(":role/", &format!(":role/{path}/"), 1);
        }
    }
    if api.starts_with("Attach") || api.starts_with("Detach") {
        set(call, "iam:PolicyARN", invocation.text("policy-arn"));
    }
    set(call, "iam:PermissionsBoundary", invocation.text("permissions-boundary"));
    if let ("AddRoleToInstanceProfile", Some(role)) = (api, invocation.text("role-name")) {
        let passed =
            with(check("iam:PassRole", scope.role(role)), "iam:PassedToService", Some("ec2.amazonaws.com"));
        call.checks.push(passed);
    }
}

/// Where the roles are that AWS makes itself, which the names of theirs tell.
///
/// Sources: <https://docs.aws.amazon.com/IAM/latest/UserGuide/using-service-linked-roles.html>,
/// <https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html>
fn usual_path(role_name: &str) -> Option<&'static str> {
    if role_name.starts_with("AWSServiceRoleFor") {
        return Some("aws-service-role/*");
    }
    role_name.starts_with("AWSReservedSSO_").then_some("aws-reserved/sso.amazonaws.com/*")
}

fn set(call: &mut Call, key: &str, value: Option<&str>) {
    let Some(value) = value else { return };
    for check in &mut call.checks {
        check.context.insert(key, value);
    }
}
