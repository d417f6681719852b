//! The closed list of rules that single services add to the common logic. Everything not here follows the
//! common logic alone.

use crate::context::Text;
use crate::decision::{CredentialLimit, ServiceRule};
use crate::policy_set::PolicySet;
use crate::principal::Principal;
use crate::request::{Owner, Request};
use crate::settings::Settings;

mod iam;
mod kms;
mod rds;
pub(crate) mod s3;
mod secrets_manager;
mod sqs;
mod sts;
mod traits;

pub(crate) use kms::has_grant;
pub(crate) use traits::Traits;
use traits::Unsigned;
pub use traits::hides_the_owner;

/// Which of these rules concern a request: they follow from the request alone and are worked out once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Rules {
    /// No policy can forbid the call.
    pub(crate) needs_no_permission: bool,
    /// The caller's credentials may not make the call.
    pub(crate) credential_limit: Option<CredentialLimit>,
    /// The service takes the call without a signature.
    pub(crate) takes_unsigned: bool,
    /// A service-linked role calls, or a service assumes one.
    pub(crate) is_service_linked: bool,
    /// The resource's own policy must name the caller, or its account, even inside one account. True of roles
    /// that are to be assumed and of KMS keys; every other service trusts its account. An account is opened as root to
    /// others only, so that nothing allows it inside one.
    ///
    /// Sources: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html>,
    /// <https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html>,
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user-privileged-task.html>
    pub(crate) resource_policy_must_allow: bool,
    /// The resource can have a policy that counts for this action.
    pub(crate) resource_policy_counts: bool,
    /// A SAML or OIDC provider vouches for the caller in the way the action is for.
    pub(crate) federation_fits: bool,
    /// The resource is of the caller's account. Another partition's account of the same number is another.
    pub(crate) is_own: bool,
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
    /// Works them out.
    pub(crate) fn of(request: &Request) -> Self {
        let traits = request.traits();
        let same_partition = same_partition(request);
        let is_own = same_partition && request.principal().account() == request.resource_account();
        let is_root = matches!(request.principal(), Principal::Root { .. });
        Self {
            needs_no_permission: sts::needs_no_permission(request),
            credential_limit: sts::credential_limit(request),
            takes_unsigned: takes_unsigned(request),
            is_service_linked: sts::is_service_linked(request),
            resource_policy_must_allow: traits.is_about_a_role
                || traits.is_about_a_key
                || traits.call == sts::Call::AssumeRoot,
            resource_policy_counts: traits.takes_resource_policy && request.owner() != Owner::Aws,
            federation_fits: sts::federation_fits(request),
            is_own,
            grants_across_accounts: same_partition && works_across_accounts(request),
            outranks_resource_policy: is_own && is_root && traits.root_may_repair,
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
    request.traits().is_about_a_role
}

fn takes_unsigned(request: &Request) -> bool {
    match request.traits().unsigned {
        Unsigned::Never => false,
        Unsigned::Always => true,
        Unsigned::ByFunctionUrl => request.told().text("lambda:InvokedViaFunctionUrl") == Some("true"),
    }
}

/// AWS services are in no account, so what may not be granted across accounts may be granted to them.
fn works_across_accounts(request: &Request) -> bool {
    request.traits().works_across_accounts || matches!(request.principal(), Principal::Service { .. })
}

/// Delegation does not cross from one partition to another.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies-cross-account-resource-access.html>
fn same_partition(request: &Request) -> bool {
    if request.is_within_usual_partition() {
        return true;
    }
    match (request.principal().partition(), request.resource_partition()) {
        (Some(own), Some(other)) => own == other,
        _ => true,
    }
}

/// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html>
fn stand_in_resource(request: &Request) -> Option<&'static str> {
    if !request.traits().is_every_bucket {
        return None;
    }
    Some(match request.principal().partition() {
        Some("aws-cn") => "arn:aws-cn:s3:::*",
        Some("aws-us-gov") => "arn:aws-us-gov:s3:::*",
        _ => "arn:aws:s3:::*",
    })
}

/// What, other than policies, looks at a context key for this request: a sentence without its end.
pub(crate) fn reads(request: &Request, policies: &PolicySet, key: &str) -> Option<&'static str> {
    let (service, operation) = (request.action().service(), request.action().operation());
    let unsigned = *request.principal() == Principal::Anonymous;
    match (&*key.to_ascii_lowercase(), request.principal()) {
        (key, _)
            if (key == "s3:x-amz-acl" || key.starts_with("s3:x-amz-grant-"))
                && service == "s3"
                && policies.settings.s3.block_public_acls =>
        {
            Some("Block Public Access looks at it, whatever policies say")
        }
        ("lambda:invokedviafunctionurl", _)
            if unsigned && service == "lambda" && operation == "invokefunction" =>
        {
            Some("whether AWS Lambda takes a call without signature depends on it, whatever policies say")
        }
        ("aws:viaawsservice", _) if policies.vpc_endpoint.is_some() => {
            Some("the policy of a VPC endpoint does not meet a call that a service forwards")
        }
        ("aws:principalarn", Principal::RoleSession(session)) if !session.path_known => {
            Some("the path of the caller's role is not known without it: ask as the role")
        }
        _ => None,
    }
}

/// Why the service refuses the request whatever the policies allow.
#[inline]
pub(crate) fn refusal(request: &Request, settings: &Settings) -> Option<ServiceRule> {
    if request.traits().is_protected {
        return Some(ServiceRule::ProtectedResource);
    }
    rds::refusal(request, settings).or_else(|| s3::refusal(request, &settings.s3))
}

/// Why the service refuses a request that the policies do allow.
pub(crate) fn late_refusal(request: &Request) -> Option<ServiceRule> {
    s3::late_refusal(request)
}

/// Whether the account whose word counts for a grant is the caller's: the resource's account, or for an object the
/// object's.
pub(crate) fn is_own(request: &Request, settings: &Settings) -> bool {
    match s3::object_owner(request, &settings.s3) {
        Some(owner) => request.principal().account() == Some(owner) && same_partition(request),
        None => request.rules().is_own,
    }
}
