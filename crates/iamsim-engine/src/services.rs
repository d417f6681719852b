//! The closed list of rules that single services add to the common logic. Everything not here follows the
//! common logic alone.

use iamsim_syntax::Arn;

use crate::context::Text;
use crate::decision::{CredentialLimit, ServiceRule};
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

/// Which of these rules concern a request: they follow from the request alone and are worked out once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Rules {
    /// No policy can forbid the call.
    pub(crate) needs_no_permission: bool,
    /// The caller's credentials may not make the call.
    pub(crate) credential_limit: Option<CredentialLimit>,
    /// The request would change what only AWS may change.
    pub(crate) is_protected: bool,
    /// The service takes the call without a signature.
    pub(crate) takes_unsigned: bool,
    /// A service-linked role calls, or a service assumes one.
    pub(crate) is_service_linked: bool,
    /// The request is to assume a role, whose policy is then called its trust policy.
    pub(crate) is_about_a_role: bool,
    /// The resource's own policy must name the caller, or its account, even inside one account. True of roles
    /// that are to be assumed and of KMS keys; every other service trusts its account.
    ///
    /// Sources: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html>,
    /// <https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html>
    pub(crate) resource_policy_must_allow: bool,
    /// The resource can have a policy that counts for this action.
    pub(crate) resource_policy_counts: bool,
    /// A SAML or OIDC provider vouches for the caller in the way the action is for.
    pub(crate) federation_fits: bool,
    /// The caller and the resource are in one partition, as far as their ARNs tell.
    pub(crate) same_partition: bool,
    /// The resource is of the caller's account, which another partition's of the same number is not.
    pub(crate) is_own: bool,
    /// The resource is a KMS key.
    pub(crate) is_about_a_key: bool,
    /// A grant to a caller of another account has an effect.
    pub(crate) grants_across_accounts: bool,
    /// An explicit deny in the resource's policy cannot stop the caller: the root user of the owner's account
    /// may always repair the policy of a bucket or queue.
    pub(crate) outranks_resource_policy: bool,
    /// A role session needs an identity-based policy even where a trust policy of its own account names it.
    pub(crate) needs_identity_policy: bool,
    /// The ARN that policies may use for a request whose resource is `*`.
    pub(crate) stand_in_resource: Option<&'static str>,
    /// What S3's Block Public Access has to do with the request.
    pub(crate) s3: s3::Concern,
}

impl Rules {
    /// Works them out. `resource` is the resource's ARN, when it has one.
    pub(crate) fn of(request: &Request, resource: Option<&Arn<'_>>) -> Self {
        let is_about_a_role = sts::is_about_a_role(request, resource);
        let is_about_a_key = kms::is_about_a_key(request, resource);
        let same_partition = same_partition(request, resource);
        let is_own = same_partition && request.principal().account() == request.resource_account();
        Self {
            needs_no_permission: sts::needs_no_permission(request),
            credential_limit: sts::credential_limit(request, is_about_a_role),
            is_protected: iam::is_protected(request, resource) || kms::is_protected(request, resource),
            takes_unsigned: takes_unsigned(request),
            is_service_linked: sts::is_service_linked(request, resource, is_about_a_role),
            is_about_a_role,
            resource_policy_must_allow: is_about_a_role || is_about_a_key,
            resource_policy_counts: request.owner() != Owner::Aws
                && !is_identity_only(request)
                && (is_about_a_key || request.action().service() != "kms"),
            federation_fits: sts::federation_fits(request),
            same_partition,
            is_own,
            is_about_a_key,
            grants_across_accounts: same_partition && works_across_accounts(request),
            outranks_resource_policy: is_own && outranks_resource_policy(request),
            needs_identity_policy: sts::role_session_needs_identity_policy(request),
            stand_in_resource: stand_in_resource(request),
            s3: s3::Concern::of(request, is_own),
        }
    }
}

/// The action, in lower case, that a call is authorized as: calls for a batch as those for one.
///
/// Source: <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_AddPermission.html>
pub(crate) fn authorized_as(folded: Text) -> Text {
    Text::new_static(match &*folded {
        "sqs:sendmessagebatch" => "sqs:sendmessage",
        "sqs:deletemessagebatch" => "sqs:deletemessage",
        "sqs:changemessagevisibilitybatch" => "sqs:changemessagevisibility",
        "sns:publishbatch" => "sns:publish",
        _ => return folded,
    })
}

/// Whether the request is to assume a role, whose policy is then called its trust policy.
#[must_use]
pub fn is_about_a_role(request: &Request) -> bool {
    request.rules().is_about_a_role
}

/// The few services that take calls without a signature, and the URLs of Lambda functions.
///
/// Sources: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable>,
/// <https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html>
fn takes_unsigned(request: &Request) -> bool {
    match (request.action().service(), request.action().operation()) {
        ("s3" | "sqs" | "sns" | "es" | "execute-api" | "mediastore", _) | ("lambda", "invokefunctionurl") => {
            true
        }
        ("lambda", "invokefunction") => {
            request.context().text("lambda:InvokedViaFunctionUrl") == Some("true")
        }
        _ => false,
    }
}

/// Actions that no resource-based policy can allow.
///
/// Sources: <https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html>,
/// <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-basic-examples-of-iam-policies.html>
fn is_identity_only(request: &Request) -> bool {
    let action = request.action();
    match action.service() {
        // No resource of theirs has a policy; a role's trust policy is about actions of STS.
        "iam" | "ec2" | "rds" => true,
        "ecr" => action.operation() == "getauthorizationtoken",
        "sqs" => action.operation() == "listqueues",
        "s3" => action.operation() == "listallmybuckets",
        _ => false,
    }
}

/// AWS services are in no account, so what may not be granted across accounts may be granted to them.
fn works_across_accounts(request: &Request) -> bool {
    if matches!(request.principal(), Principal::Service { .. }) {
        return true;
    }
    let action = request.action();
    match action.service() {
        "kms" => kms::works_across_accounts(action.operation()),
        "sqs" => sqs::works_across_accounts(action.operation()),
        "secretsmanager" => secrets_manager::works_across_accounts(action.operation()),
        _ => true,
    }
}

/// Delegation does not cross from one partition to another.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies-cross-account-resource-access.html>
fn same_partition(request: &Request, resource: Option<&Arn<'_>>) -> bool {
    match (request.principal().partition(), resource) {
        (Some(own), Some(arn)) => own == arn.partition,
        _ => true,
    }
}

fn outranks_resource_policy(request: &Request) -> bool {
    if !matches!(request.principal(), Principal::Root { .. }) {
        return false;
    }
    s3::root_may_repair(request.action()) || sqs::root_may_repair(request.action())
}

/// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html>
fn stand_in_resource(request: &Request) -> Option<&'static str> {
    if request.resource() != "*" || request.action().folded() != "s3:listallmybuckets" {
        return None;
    }
    Some(match request.principal().partition() {
        Some("aws-cn") => "arn:aws-cn:s3:::*",
        Some("aws-us-gov") => "arn:aws-us-gov:s3:::*",
        _ => "arn:aws:s3:::*",
    })
}

/// What, other than policies, looks at a context key for this request: a sentence without its end.
pub(crate) fn reads(request: &Request, settings: &Settings, key: &str) -> Option<&'static str> {
    let (service, operation) = (request.action().service(), request.action().operation());
    let unsigned = *request.principal() == Principal::Anonymous;
    match (&*key.to_ascii_lowercase(), request.principal()) {
        ("s3:x-amz-acl", _) if service == "s3" && settings.s3.block_public_acls => {
            Some("Block Public Access looks at it, whatever policies say")
        }
        ("lambda:invokedviafunctionurl", _)
            if unsigned && service == "lambda" && operation == "invokefunction" =>
        {
            Some("whether AWS Lambda takes a call without signature depends on it, whatever policies say")
        }
        ("aws:principalarn", Principal::RoleSession(session)) if !session.path_known => {
            Some("the path of the caller's role is not known without it: ask as the role")
        }
        _ => None,
    }
}

/// Why the service refuses the request whatever the policies allow.
pub(crate) fn refusal(request: &Request, settings: &Settings) -> Option<ServiceRule> {
    if request.rules().is_protected {
        return Some(ServiceRule::ProtectedResource);
    }
    rds::refusal(request, settings).or_else(|| s3::refusal(request, &settings.s3))
}

/// Why the service refuses a request that the policies do allow.
pub(crate) fn late_refusal(request: &Request) -> Option<ServiceRule> {
    s3::late_refusal(request)
}

/// The account whose word counts for a grant: the resource's, or for an object the object's.
pub(crate) fn granting_account(request: &Request, settings: &Settings) -> Option<AccountId> {
    s3::object_owner(request, &settings.s3).or_else(|| request.resource_account())
}
