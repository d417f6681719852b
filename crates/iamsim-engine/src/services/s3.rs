//! Amazon S3: Block Public Access, object ownership, the root user's way back in.

use iamsim_syntax::Arn;

use crate::compiled::Policy;
use crate::decision::ServiceRule;
use crate::principal::{AccountId, Principal};
use crate::request::{Action, Request};
use crate::settings::S3;

/// What S3's own rules have to do with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Concern {
    /// It is about a bucket or object.
    is_s3: bool,
    /// It is about the policy of a bucket of another account.
    foreign_bucket_policy: bool,
    /// It sets an ACL that lets everyone in.
    sets_public_acl: bool,
}

impl Concern {
    pub(super) fn of(request: &Request, is_own: bool) -> Self {
        if request.action().service() != "s3" {
            return Self::default();
        }
        let operation = request.action().operation();
        let account = request.principal().account();
        let about_policy = matches!(operation, "getbucketpolicy" | "putbucketpolicy" | "deletebucketpolicy");
        let sets_acl = matches!(operation, "putobject" | "putobjectacl" | "putbucketacl" | "createbucket");
        let acl = request.context().text("s3:x-amz-acl").unwrap_or_default();
        let public_acl = matches!(acl, "public-read" | "public-read-write" | "authenticated-read");
        Self {
            is_s3: true,
            foreign_bucket_policy: about_policy && account.is_some() && !is_own,
            sets_public_acl: sets_acl && public_acl,
        }
    }
}

/// A request that the service refuses whatever policies say.
pub(super) fn refusal(request: &Request, settings: &S3) -> Option<ServiceRule> {
    (settings.block_public_acls && request.rules().s3.sets_public_acl).then_some(ServiceRule::BlockPublicAcls)
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
pub(super) fn root_may_repair(action: &Action) -> bool {
    matches!(action.folded(), "s3:getbucketpolicy" | "s3:putbucketpolicy" | "s3:deletebucketpolicy")
}

/// The account that owns the object, where that is another than the bucket's: the bucket's policy can then deny
/// but not allow.
///
/// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-auth-workflow-object-operation.html>
pub(crate) fn object_owner(request: &Request, settings: &S3) -> Option<AccountId> {
    let owner = settings.object_owner?;
    let object =
        Arn::parse(request.resource()).is_some_and(|arn| arn.service == "s3" && arn.resource.contains('/'));
    (object && Some(owner) != request.resource_account()).then_some(owner)
}

/// Whether an ACL lets everyone in.
pub(crate) fn open_by_acl(request: &Request, settings: &S3) -> bool {
    settings.public_acl && !settings.ignore_public_acls && request.rules().s3.is_s3
}
