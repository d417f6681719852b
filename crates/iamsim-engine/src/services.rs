//! The closed list of rules that single services add to the common logic. Everything not here follows the
//! common logic alone.

use iamsim_syntax::Arn;

use crate::decision::ServiceRule;
use crate::principal::{AccountId, Principal};
use crate::request::{Owner, Request};
use crate::settings::Settings;

mod iam;
mod kms;
mod rds;
pub(crate) mod s3;
mod secrets_manager;
mod sqs;
mod sts;

pub(crate) use kms::has_grant;
pub(crate) use sts::credential_limit;
pub(crate) use sts::{
    is_about_a_service_linked_role, needs_no_permission, role_session_needs_identity_policy,
};

/// Whether the resource's own policy must name the caller, or its account, even inside one account. True of
/// roles that are to be assumed and of KMS keys; every other service trusts its account.
///
/// Sources: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html>,
/// <https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html>
pub(crate) fn resource_policy_must_allow(request: &Request) -> bool {
    sts::is_about_a_role(request) || kms::is_about_a_key(request)
}

/// Whether the request is to assume a role, whose policy is then called its trust policy.
#[must_use]
pub fn is_about_a_role(request: &Request) -> bool {
    sts::is_about_a_role(request)
}

/// Whether the resource can have a policy that counts for this action.
pub(crate) fn resource_policy_counts(request: &Request) -> bool {
    request.owner() != Owner::Aws && !kms::needs_identity_policy_only(request) && !is_identity_only(request)
}

/// Actions that no resource-based policy can allow.
///
/// Sources: <https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html>,
/// <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-basic-examples-of-iam-policies.html>
fn is_identity_only(request: &Request) -> bool {
    let action = request.action();
    match action.service() {
        "iam" => true,
        "ecr" => action.operation() == "getauthorizationtoken",
        "sqs" => action.operation() == "listqueues",
        "s3" => action.operation() == "listallmybuckets",
        _ => false,
    }
}

/// Whether a grant to a caller of another account has any effect. AWS services are in no account, so what may not
/// be granted across accounts may be granted to them.
pub(crate) fn grants_across_accounts(request: &Request) -> bool {
    if matches!(request.principal(), Principal::Service { .. }) {
        return true;
    }
    let action = request.action();
    let by_service = match action.service() {
        "kms" => kms::works_across_accounts(action.operation()),
        "sqs" => sqs::works_across_accounts(action.operation()),
        "secretsmanager" => secrets_manager::works_across_accounts(action.operation()),
        _ => true,
    };
    by_service && same_partition(request)
}

/// Delegation does not cross from one partition to another.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies-cross-account-resource-access.html>
fn same_partition(request: &Request) -> bool {
    match (request.principal().partition(), Arn::parse(request.resource())) {
        (Some(own), Some(arn)) => own == arn.partition,
        _ => true,
    }
}

/// Why the service refuses the request whatever the policies allow.
pub(crate) fn refusal(request: &Request, settings: &Settings) -> Option<ServiceRule> {
    if iam::is_protected(request) || kms::is_protected(request) {
        return Some(ServiceRule::ProtectedResource);
    }
    rds::refusal(request, settings).or_else(|| s3::refusal(request, &settings.s3))
}

/// Whether an explicit deny in the resource's policy cannot stop the caller: the root user of the owner's
/// account may always repair the policy of a bucket or queue.
pub(crate) fn outranks_resource_policy(request: &Request) -> bool {
    let Principal::Root { account, .. } = request.principal() else { return false };
    let own = request.resource_account() == Some(*account);
    own && (s3::root_may_repair(request.action()) || sqs::root_may_repair(request.action()))
}

/// The ARN that policies may use for a request whose resource is `*`.
///
/// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html>
pub(crate) fn stand_in_resource(request: &Request) -> Option<String> {
    let lists_buckets = request.action().folded() == "s3:listallmybuckets";
    let partition = request.principal().partition().unwrap_or("aws");
    (lists_buckets && request.resource() == "*").then(|| format!("arn:{partition}:s3:::*"))
}

/// The account whose word counts for a grant: the resource's, or for an object the object's.
pub(crate) fn granting_account(request: &Request, settings: &Settings) -> Option<AccountId> {
    s3::object_owner(request, &settings.s3).or_else(|| request.resource_account())
}
