//! What accounts hold, in the form that requests meet it.

use iamsim_engine::{AccountId, Policies, S3, Settings};

use crate::world::{Account, Resource, SharedWith};

/// What holds for an account as a whole.
#[derive(Debug, Clone)]
pub(crate) struct Holdings {
    /// What holds of a resource that is not listed.
    pub(crate) unlisted: Settings,
    /// The canonical user id that S3 knows the account by.
    pub(crate) canonical_user_id: Option<Box<str>>,
}

/// A resource that the world lists.
#[derive(Debug, Clone)]
pub(crate) struct Listed {
    /// The account it is listed under.
    pub(crate) owner: AccountId,
    pub(crate) policy: Policies,
    pub(crate) settings: Settings,
    pub(crate) shared_with: Vec<SharedWith>,
    /// Whether the world gives it tags.
    pub(crate) has_tags: bool,
}

impl Holdings {
    pub(crate) fn of(account: &Account) -> Self {
        Self {
            unlisted: Settings { s3: strictest(&account.s3, &S3::default()), ..Settings::default() },
            canonical_user_id: account.canonical_user_id.as_deref().map(Box::from),
        }
    }
}

impl Listed {
    pub(crate) fn of(owner: AccountId, account: &Account, resource: &Resource) -> Self {
        Self {
            owner,
            policy: resource.policy.clone(),
            settings: Settings {
                s3: strictest(&account.s3, &resource.s3),
                kms_grants: resource.grants.clone(),
                encrypted: resource.encrypted,
                ..Settings::default()
            },
            shared_with: resource.shared_with.clone(),
            has_tags: !resource.tags.is_empty(),
        }
    }
}

/// Block Public Access takes the strictest of what the account and the bucket say.
///
/// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html>
fn strictest(account: &S3, bucket: &S3) -> S3 {
    S3 {
        block_public_acls: account.block_public_acls || bucket.block_public_acls,
        ignore_public_acls: account.ignore_public_acls || bucket.ignore_public_acls,
        block_public_policy: account.block_public_policy || bucket.block_public_policy,
        restrict_public_buckets: account.restrict_public_buckets || bucket.restrict_public_buckets,
        object_owner: bucket.object_owner,
        public_acl: bucket.public_acl,
    }
}
