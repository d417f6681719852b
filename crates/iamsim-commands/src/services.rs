//! What the operations of each service need, where their names and flags alone do not tell.

use iamsim_world::{Call, only_region};

use crate::CommandError;
use crate::aws::Invocation;
use crate::scope::Scope;
use crate::{generic, request_keys, tags};

mod bedrock;
mod cloudtrail;
mod composite;
mod dynamodb;
mod ec2;
mod iam;
mod kms;
mod lambda;
mod management;
mod messaging;
mod pass_role;
mod rds;
mod s3;
mod s3api;
mod sts;

/// The calls of a command of the AWS CLI.
pub(crate) fn lower(invocation: &Invocation, scope: &Scope<'_>) -> Result<Vec<Call>, CommandError> {
    let mut calls = match invocation.service.name {
        "s3" => s3::lower(invocation, scope)?,
        "s3api" => s3api::lower(invocation, scope),
        "sts" => vec![sts::lower(invocation, scope)?],
        _ if invocation.operation.api == "-" => composite::lower(invocation, scope)?,
        _ => vec![other(invocation, scope)],
    };
    if matches!(invocation.service.name, "s3api" | "emr") {
        calls.iter_mut().for_each(|call| pass_role::add(call, invocation, scope));
    }
    let region = scope.asked_region().filter(|_| only_region(invocation.service.prefix).is_none());
    if let Some(region) = region {
        for check in calls.iter_mut().flat_map(|call| &mut call.checks) {
            check.context.insert_if_absent("aws:RequestedRegion", region);
        }
    }
    Ok(calls)
}

/// The one call of an operation that is not of Amazon S3 or AWS STS.
fn other(invocation: &Invocation, scope: &Scope<'_>) -> Call {
    let mut call = generic::lower(invocation, scope);
    match invocation.service.prefix {
        "bedrock" => bedrock::complete(&mut call, invocation, scope),
        "cloudtrail" => cloudtrail::complete(&mut call, invocation, scope),
        "dynamodb" => dynamodb::complete(&mut call, invocation, scope),
        "ec2" => ec2::complete(&mut call, invocation, scope),
        "iam" => iam::complete(&mut call, invocation, scope),
        "kms" => kms::complete(&mut call, invocation, scope),
        "lambda" => lambda::complete(&mut call, invocation, scope),
        "rds" => rds::complete(&mut call, invocation, scope),
        "secretsmanager" => management::complete_secrets(&mut call, invocation),
        "sns" => messaging::complete_sns(&mut call, invocation),
        "sqs" => messaging::complete_sqs(&mut call, invocation, scope),
        "ssm" => management::complete_ssm(&mut call, invocation, scope),
        _ => {}
    }
    pass_role::add(&mut call, invocation, scope);
    tags::add(invocation, &mut call);
    request_keys::add(&mut call, invocation, scope);
    management::complete_logs(&mut call);
    call
}
