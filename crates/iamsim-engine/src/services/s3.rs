//! Amazon S3: Block Public Access, object ownership, the root user's way back in.

use iamsim_syntax::Arn;

use crate::compiled::Policy;
use crate::context::{Context, KnownKey};
use crate::decision::ServiceRule;
use crate::principal::{AccountId, Principal};
use crate::request::Request;
use crate::settings::S3;

/// What a target is to S3, whoever asks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Traits {
    /// It is about a bucket or object.
    is_s3: bool,
    /// It is about the policy of a bucket.
    is_about_policy: bool,
    /// It can set an ACL.
    takes_acl: bool,
}

impl Traits {
    /// Those of other services.
    pub(super) const NONE: Self = Self { is_s3: false, is_about_policy: false, takes_acl: false };

    pub(super) fn of(operation: &str) -> Self {
        Self {
            is_s3: true,
            is_about_policy: is_about_policy(operation),
            takes_acl: matches!(operation, "putobject" | "putobjectacl" | "putbucketacl" | "createbucket"),
        }
    }
}

fn is_about_policy(operation: &str) -> bool {
    matches!(operation, "getbucketpolicy" | "putbucketpolicy" | "deletebucketpolicy")
}

/// What S3's own rules have to do with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Concern {
    /// It is about a bucket or object.
    is_s3: bool,
    /// It is about the policy of a bucket of another account.
    foreign_bucket_policy: bool,
    /// It can set an ACL.
    takes_acl: bool,
}

impl Concern {
    pub(super) fn of(request: &Request, is_own: bool) -> Self {
        let Traits { is_s3, is_about_policy, takes_acl } = request.traits().s3;
        Self {
            is_s3,
            foreign_bucket_policy: is_about_policy && request.principal().account().is_some() && !is_own,
            takes_acl,
        }
    }
}

/// Whether an ACL is set that lets everyone in, by its name or grant by grant.
// Apart, because few requests are asked.
#[cold]
fn gives_public_acl(context: &Context) -> bool {
    const GRANTS: [&str; 5] = [
        "s3:x-amz-grant-full-control",
        "s3:x-amz-grant-read",
        "s3:x-amz-grant-read-acp",
        "s3:x-amz-grant-write",
        "s3:x-amz-grant-write-acp",
    ];
    let acl = context.known_text(KnownKey::S3_ACL);
    let is_public = |grantees: &str| {
        ["groups/global/AllUsers", "groups/global/AuthenticatedUsers"]
            .iter()
            .any(|group| grantees.contains(group))
    };
    matches!(acl, Some("public-read" | "public-read-write" | "authenticated-read"))
        || GRANTS.iter().any(|grant| context.text(grant).is_some_and(is_public))
}

/// A request that the service refuses whatever policies say.
#[inline]
pub(super) fn refusal(request: &Request, settings: &S3) -> Option<ServiceRule> {
    let looks = settings.block_public_acls && request.rules().s3.takes_acl;
    (looks && gives_public_acl(request.told())).then_some(ServiceRule::BlockPublicAcls)
}

/// Bucket policies are for the identities of the bucket owner's account, whoever else is allowed to.
///
/// Source: <https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html>
pub(super) fn late_refusal(request: &Request) -> Option<ServiceRule> {
    request.rules().s3.foreign_bucket_policy.then_some(ServiceRule::BucketPolicyOfAnotherAccount)
}

/// Whether Block Public Access keeps the caller out of a bucket with a public policy: everyone but AWS services
/// and the identities of the owner's account.
///
/// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html>
pub(crate) fn keeps_out(request: &Request, settings: &S3, policy: Option<&Policy>) -> bool {
    if !(settings.restrict_public_buckets && request.rules().s3.is_s3) {
        return false;
    }
    let insider = match request.principal() {
        Principal::Service { .. } => true,
        principal => principal.account().is_some() && request.rules().is_own,
    };
    !insider && policy.is_some_and(Policy::is_public)
}

/// The root user of the bucket owner's account may always read, replace and delete the bucket policy.
///
/// Source: <https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketPolicy.html>
pub(super) fn root_may_repair(operation: &str) -> bool {
    is_about_policy(operation)
}

/// The account that owns the object, where that is another than the bucket's: the bucket's policy can then deny
/// but not allow.
///
/// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-auth-workflow-object-operation.html>
#[inline]
pub(crate) fn object_owner(request: &Request, settings: &S3) -> Option<AccountId> {
    let owner = settings.object_owner?;
    (is_object(request.resource()) && Some(owner) != request.resource_account()).then_some(owner)
}

fn is_object(resource: &str) -> bool {
    Arn::parse(resource).is_some_and(|arn| arn.service == "s3" && arn.resource.contains('/'))
}

/// Whether an ACL lets everyone in.
pub(crate) fn open_by_acl(request: &Request, settings: &S3) -> bool {
    settings.public_acl && !settings.ignore_public_acls && request.rules().s3.is_s3
}
