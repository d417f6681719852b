//! Commands of the AWS CLI that are no operation of an API: what they call instead.
//!
//! Source: <https://docs.aws.amazon.com/cli/latest/reference/>

use iamsim_world::Call;

use crate::CommandError;
use crate::aws::Invocation;
use crate::checks::{call, check};
use crate::generic;
use crate::scope::{Scope, is_arn};

/// Service and command, and the actions of the calls that it makes, in order.
const CALLS: &[(&str, &str, &[&str])] = &[
    (
        "cloudformation",
        "deploy",
        &[
            "cloudformation:DescribeStacks",
            "cloudformation:CreateChangeSet",
            "cloudformation:DescribeChangeSet",
            "cloudformation:ExecuteChangeSet",
        ],
    ),
    (
        "codeartifact",
        "login",
        &[
            "codeartifact:GetAuthorizationToken",
            "sts:GetServiceBearerToken",
            "codeartifact:GetRepositoryEndpoint",
        ],
    ),
    ("ecr", "get-login", &["ecr:GetAuthorizationToken"]),
    ("ecr", "get-login-password", &["ecr:GetAuthorizationToken"]),
    ("ecr-public", "get-login-password", &["ecr-public:GetAuthorizationToken", "sts:GetServiceBearerToken"]),
    ("eks", "update-kubeconfig", &["eks:DescribeCluster"]),
    ("emr", "add-steps", &["elasticmapreduce:AddJobFlowSteps"]),
    ("emr", "create-cluster", &["elasticmapreduce:RunJobFlow"]),
    ("emr", "modify-cluster-attributes", &["elasticmapreduce:SetTerminationProtection"]),
    ("emr", "terminate-clusters", &["elasticmapreduce:TerminateJobFlows"]),
    ("logs", "start-live-tail", &["logs:StartLiveTail"]),
];

/// Commands that only compute something.
const LOCAL: [(&str, &str); 5] = [
    ("cloudfront", "sign"),
    ("codecommit", "credential-helper"),
    ("eks", "get-token"),
    ("rds", "generate-db-auth-token"),
    ("servicecatalog", "generate"),
];

/// The calls of such a command.
pub(super) fn lower(invocation: &Invocation, scope: &Scope<'_>) -> Result<Vec<Call>, CommandError> {
    let (service, name) = (invocation.service.name, invocation.operation.name);
    if LOCAL.contains(&(service, name)) {
        return Ok(Vec::new());
    }
    if (service, name) == ("logs", "tail") {
        return Ok(vec![tail(invocation, scope)]);
    }
    let Some((_, _, actions)) = CALLS.iter().find(|(of, command, _)| (*of, *command) == (service, name))
    else {
        return Err(CommandError::at(
            &invocation.word,
            format!("what `aws {service} {name}` calls is not known here"),
        )
        .with_help("write the operations that it calls as commands of their own"));
    };
    let stays = |action: &&&str| {
        **action != "cloudformation:ExecuteChangeSet" || !invocation.has("no-execute-changeset")
    };
    let made = |action: &&str| call(action, generic::action_checks(action, invocation, scope));
    Ok(actions.iter().filter(stays).map(made).collect())
}

/// `aws logs tail` filters the events of a log group, given by its name or ARN.
fn tail(invocation: &Invocation, scope: &Scope<'_>) -> Call {
    let group = invocation.positional().first().map_or("*", |word| &word.text);
    let group = if is_arn(group) {
        group.trim_end_matches(":*").to_owned()
    } else {
        scope.regional("logs", &format!("log-group:{group}"))
    };
    call("logs:FilterLogEvents", vec![check("logs:FilterLogEvents", format!("{group}:log-stream:"))])
}
