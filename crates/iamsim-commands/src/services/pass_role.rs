//! Operations that hand a role to a service, and so need `iam:PassRole` as well.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html>

use iamsim_world::Call;
use serde_json::Value;

use crate::aws::Invocation;
use crate::checks::pass_role;
use crate::scope::Scope;
use crate::shorthand;

/// Service in the CLI, flag, the service that gets the role.
const ROLES: &[(&str, &str, &str)] = &[
    ("backup", "iam-role-arn", "backup.amazonaws.com"),
    ("bedrock-agent", "agent-resource-role-arn", "bedrock.amazonaws.com"),
    ("cloudformation", "role-arn", "cloudformation.amazonaws.com"),
    ("cloudtrail", "cloud-watch-logs-role-arn", "cloudtrail.amazonaws.com"),
    ("codebuild", "service-role", "codebuild.amazonaws.com"),
    ("deploy", "service-role-arn", "codedeploy.amazonaws.com"),
    ("ec2", "deliver-logs-permission-arn", "vpc-flow-logs.amazonaws.com"),
    ("ecs", "execution-role-arn", "ecs-tasks.amazonaws.com"),
    ("ecs", "role", "ecs.amazonaws.com"),
    ("ecs", "task-role-arn", "ecs-tasks.amazonaws.com"),
    ("eks", "role-arn", "eks.amazonaws.com"),
    ("emr", "service-role", "elasticmapreduce.amazonaws.com"),
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

/// The same for roles that stand in a structured parameter: service, flag, member, the service that gets the role.
const MEMBERS: &[(&str, &str, &str, &str)] = &[
    ("codepipeline", "pipeline", "roleArn", "codepipeline.amazonaws.com"),
    ("configservice", "configuration-recorder", "roleARN", "config.amazonaws.com"),
    ("ecs", "overrides", "executionRoleArn", "ecs-tasks.amazonaws.com"),
    ("ecs", "overrides", "taskRoleArn", "ecs-tasks.amazonaws.com"),
    ("emr", "ec2-attributes", "InstanceProfile", "ec2.amazonaws.com"),
    ("events", "targets", "RoleArn", "events.amazonaws.com"),
    ("firehose", "extended-s3-destination-configuration", "RoleARN", "firehose.amazonaws.com"),
    ("firehose", "s3-destination-configuration", "RoleARN", "firehose.amazonaws.com"),
    ("s3api", "replication-configuration", "Role", "s3.amazonaws.com"),
    ("scheduler", "target", "RoleArn", "scheduler.amazonaws.com"),
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
    for (_, flag, member, passed_to) in
        MEMBERS.iter().filter(|(service, ..)| *service == invocation.service.name)
    {
        for structure in shorthand::values(invocation.words(flag)) {
            if let Some(role) = structure.get(member).and_then(Value::as_str) {
                call.checks.push(pass_role(scope.role(role), passed_to));
            }
        }
    }
}
