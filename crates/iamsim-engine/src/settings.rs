//! Facts about a resource that are not policies but decide, and named answers where AWS's pages disagree.

use crate::principal::AccountId;

/// What else bears on a decision.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    /// Amazon S3.
    pub s3: S3,
    /// The grants on the KMS key.
    pub kms_grants: Vec<KmsGrant>,
    /// Which kind of VPC endpoint the request comes through; `None` takes the usual kind of the service.
    pub vpc_endpoint: Option<VpcEndpointType>,
    /// Whether the service shares the resource with the caller's account: a snapshot's `restore` attribute, a
    /// resource share, an accepted handshake.
    pub shared_with_caller: bool,
    /// Whether the resource is encrypted with a key of its owner's, where that matters beside the key's policy.
    pub encrypted: bool,
    /// Whether a permissions boundary limits a user whom a trust policy of the same account names. AWS's page
    /// on evaluation says no, a note in its page on trust policies says yes.
    ///
    /// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_update-role-trust-policy.html>
    pub boundary_limits_trusted_user: bool,
}

/// Settings of a bucket and its account.
///
/// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html>
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct S3 {
    /// Refuses requests that would set a public ACL.
    pub block_public_acls: bool,
    /// Takes no notice of public ACLs.
    pub ignore_public_acls: bool,
    /// Refuses requests that would set a public policy.
    pub block_public_policy: bool,
    /// Keeps other accounts and the unsigned out of a bucket whose policy is public.
    pub restrict_public_buckets: bool,
    /// The account that owns the object, where that is not the bucket's.
    pub object_owner: Option<AccountId>,
    /// Whether the bucket's or object's ACL lets everyone do what is asked.
    pub public_acl: bool,
}

/// A grant on a KMS key: lets its grantee use the key, whatever identity-based policies leave out.
///
/// Source: <https://docs.aws.amazon.com/kms/latest/developerguide/grants.html>
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KmsGrant {
    /// The ARN of a user, role or session, or an account id.
    pub grantee: Box<str>,
    /// `Decrypt`, `GenerateDataKey`, …
    pub operations: Vec<Box<str>>,
}

/// The two kinds of VPC endpoint that differ in what their policies' principals mean.
///
/// Source: <https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VpcEndpointType {
    /// Of Amazon S3 and DynamoDB: an account named as principal is its root user only.
    Gateway,
    /// Of every other service, and of those two as well.
    Interface,
}
