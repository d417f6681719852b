//! AWS Secrets Manager, AWS Systems Manager and Amazon CloudWatch Logs.

use iamsim_world::Call;

use crate::aws::Invocation;
use crate::checks::check;
use crate::scope::{Scope, is_arn};

/// A secret's ARN ends in six random characters, which its name does not tell; `??????` stands for them.
///
/// Source: <https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_iam-permissions.html>
pub(super) fn complete_secrets(call: &mut Call, invocation: &Invocation) {
    let named = invocation.text("secret-id").or_else(|| invocation.text("name"));
    let keys = [
        ("secret-id", "secretsmanager:SecretId"),
        ("version-id", "secretsmanager:VersionId"),
        ("version-stage", "secretsmanager:VersionStage"),
        ("name", "secretsmanager:Name"),
    ];
    for check in &mut call.checks {
        if named.is_some_and(|name| !is_arn(name)) && check.resource.contains(":secret:") {
            check.resource.push_str("-??????");
        }
        for (flag, key) in keys {
            if let Some(value) = invocation.text(flag) {
                check.context.insert(key, value);
            }
        }
    }
}

/// Instances of Amazon EC2 and managed ones are told apart by their ids. A session needs its document as well where
/// the command names one.
///
/// Source: <https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-restrict-access-quickstart.html>
pub(super) fn complete_ssm(call: &mut Call, invocation: &Invocation, scope: &Scope<'_>) {
    if let ("StartSession", Some(target)) = (invocation.operation.api, invocation.text("target")) {
        let instance = if target.starts_with("mi-") {
            scope.regional("ssm", &format!("managed-instance/{target}"))
        } else {
            scope.regional("ec2", &format!("instance/{target}"))
        };
        let document = invocation.text("document-name");
        let document = document.map(|name| scope.regional("ssm", &format!("document/{name}")));
        let resources = std::iter::once(instance).chain(document);
        call.checks = resources.map(|arn| check("ssm:StartSession", arn)).collect();
        return;
    }
    if let ("SendCommand", true) = (invocation.operation.api, invocation.has("targets")) {
        call.checks.push(check("ssm:SendCommand", scope.regional("ec2", "instance/*")));
    }
    call.checks.retain(|check| {
        let resource = &check.resource;
        !resource.contains(":managed-instance/i-") && !resource.contains(":instance/mi-")
    });
}

/// A log group is checked as all its streams, an empty stream name following its own; its tags are not.
///
/// Source: <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html>
pub(super) fn complete_logs(call: &mut Call) {
    for check in &mut call.checks {
        let tagging = ["logs:TagResource", "logs:UntagResource", "logs:ListTagsForResource"];
        let is_group = check.resource.contains(":log-group:") && !check.resource.contains(":log-stream:");
        if is_group && !tagging.contains(&&*check.action) {
            let group = check.resource.trim_end_matches(":*").to_owned();
            check.resource = format!("{group}:log-stream:");
        }
    }
}
