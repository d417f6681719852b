//! Operations that hand a role to a service, and so need `iam:PassRole` as well.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html>

use iamsim_world::Call;

use crate::aws::Invocation;
use crate::checks::pass_role;
use crate::scope::Scope;

/// Service in the CLI, flag, the service that gets the role.
const ROLES: &[(&str, &str, &str)] = &[
    ("backup", "iam-role-arn", "backup.amazonaws.com"),
    ("bedrock-agent", "agent-resource-role-arn", "bedrock.amazonaws.com"),
    ("cloudformation", "role-arn", "cloudformation.amazonaws.com"),
    ("cloudtrail", "cloud-watch-logs-role-arn", "cloudtrail.amazonaws.com"),
    ("codebuild", "service-role", "codebuild.amazonaws.com"),
    ("deploy", "service-role-arn", "codedeploy.amazonaws.com"),
    ("ecs", "execution-role-arn", "ecs-tasks.amazonaws.com"),
    ("ecs", "task-role-arn", "ecs-tasks.amazonaws.com"),
    ("eks", "role-arn", "eks.amazonaws.com"),
    ("events", "role-arn", "events.amazonaws.com"),
    ("glue", "role", "glue.amazonaws.com"),
    ("lambda", "role", "lambda.amazonaws.com"),
    ("pipes", "role-arn", "pipes.amazonaws.com"),
    ("rds", "monitoring-role-arn", "monitoring.rds.amazonaws.com"),
    ("rds", "role-arn", "rds.amazonaws.com"),
    ("sagemaker", "execution-role-arn", "sagemaker.amazonaws.com"),
    ("sagemaker", "role-arn", "sagemaker.amazonaws.com"),
    ("ssm", "service-role-arn", "ssm.amazonaws.com"),
    ("stepfunctions", "role-arn", "states.amazonaws.com"),
];

/// Verbs of operations that only look at a role or take it away.
const NOT_PASSING: [&str; 7] = ["Delete", "Describe", "Get", "List", "Remove", "Untag", "Disassociate"];

/// Adds the checks of the roles that the command hands on.
pub(super) fn add(call: &mut Call, invocation: &Invocation, scope: &Scope<'_>) {
    let api = invocation.operation.api;
    if NOT_PASSING.iter().any(|verb| api.starts_with(verb)) && invocation.service.name != "cloudformation" {
        return;
    }
    for (_, flag, passed_to) in ROLES.iter().filter(|(service, _, _)| *service == invocation.service.name) {
        if let Some(role) = invocation.text(flag) {
            call.checks.push(pass_role(scope.role(role), passed_to));
        }
    }
}
