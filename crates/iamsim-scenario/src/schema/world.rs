//! Worlds.

#![expect(dead_code, reason = "the types are their schemas")]

use std::collections::BTreeMap;

use schemars::JsonSchema;

use super::policy::Policy;
use super::words::{AccountId, Duration, Items, Text};

/// Organizations and accounts, and what is in them.
#[derive(JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct World {
    /// Organizations with their units and policies.
    organizations: Option<Items<Organization>>,
    /// Accounts by their ids, twelve digits in quotes. One that is not mentioned exists with nothing in it.
    #[schemars(extend("propertyNames" = {"pattern": "^[0-9]{12}$"}))]
    accounts: Option<BTreeMap<String, Option<Account>>>,
}

/// An organization.
#[derive(JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Organization {
    /// As in `o-exampleorgid`.
    id: String,
    /// The account that manages it, which its policies do not bind.
    management_account: AccountId,
    /// The root of its tree.
    root: Unit,
}

/// A root or an organizational unit.
#[derive(JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Unit {
    /// As in `r-ab12` or `ou-ab12-workload`.
    id: String,
    /// What people call it.
    name: Option<Text>,
    /// The service control policies attached to it; `FullAWSAccess` when absent.
    service_control_policies: Option<Items<Policy>>,
    /// The resource control policies attached to it.
    resource_control_policies: Option<Items<Policy>>,
    /// The units below it.
    units: Option<Items<Box<Unit>>>,
    /// The accounts in it.
    accounts: Option<Items<Member>>,
}

/// An account of an organization: its id, or an object that attaches policies to it.
#[derive(JsonSchema)]
#[serde(untagged)]
enum Member {
    Id(AccountId),
    WithPolicies(Box<MemberAccount>),
}

/// An account with policies of its own.
#[derive(JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct MemberAccount {
    /// Its id.
    id: AccountId,
    /// The service control policies attached to it; `FullAWSAccess` when absent.
    service_control_policies: Option<Items<Policy>>,
    /// The resource control policies attached to it.
    resource_control_policies: Option<Items<Policy>>,
}

/// An account.
#[derive(JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Account {
    /// What people call it.
    name: Option<Text>,
    /// Its canonical user id, by which S3 knows it.
    canonical_user_id: Option<Text>,
    /// Customer managed policies by name.
    policies: Option<BTreeMap<String, Policy>>,
    /// IAM groups by name.
    groups: Option<BTreeMap<String, Option<Group>>>,
    /// IAM users by name.
    users: Option<BTreeMap<String, Option<User>>>,
    /// IAM roles by name.
    roles: Option<BTreeMap<String, Option<Role>>>,
    /// Resources by ARN.
    #[schemars(extend("propertyNames" = {"pattern": "^arn:"}))]
    resources: Option<BTreeMap<String, Option<Resource>>>,
    /// VPC endpoints by id.
    vpc_endpoints: Option<BTreeMap<String, Option<VpcEndpoint>>>,
    /// S3 Block Public Access of the account.
    block_public_access: Option<BlockPublicAccess>,
}

/// An IAM group.
#[derive(JsonSchema)]
#[serde(deny_unknown_fields)]
struct Group {
    /// Identity-based policies of its users.
    policies: Option<Items<Policy>>,
}

/// An IAM user.
#[derive(JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct User {
    /// Begins and ends with `/`, which it is when absent.
    path: Option<Path>,
    /// As in `AIDACKCEVSQ6C2EXAMPLE`.
    id: Option<Text>,
    /// Identity-based policies.
    policies: Option<Items<Policy>>,
    /// The names of groups of the account.
    groups: Option<Items<String>>,
    /// The most it can be granted.
    permissions_boundary: Option<Policy>,
    /// Tags.
    tags: Option<BTreeMap<String, Text>>,
}

/// An IAM role.
#[derive(JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Role {
    /// Begins and ends with `/`, which it is when absent.
    path: Option<Path>,
    /// As in `AROADBQP57FF2AEXAMPLE`.
    id: Option<Text>,
    /// Who may assume it.
    trust: Option<Policy>,
    /// Identity-based policies.
    policies: Option<Items<Policy>>,
    /// The most it can be granted.
    permissions_boundary: Option<Policy>,
    /// Tags.
    tags: Option<BTreeMap<String, Text>>,
    /// How long a session may last, from `1h` to `12h`.
    max_session_duration: Option<Duration>,
}

/// The path of a user or role.
#[derive(JsonSchema)]
struct Path(#[schemars(regex(pattern = "^/(.*/)?$"))] String);

/// A resource.
#[derive(JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Resource {
    /// Its resource-based policy.
    policy: Option<Policy>,
    /// Tags.
    tags: Option<BTreeMap<String, Text>>,
    /// Accounts its service shares it with, or `all`.
    shared_with: Option<Items<Share>>,
    /// Whether it is encrypted with a key of its own.
    encrypted: Option<bool>,
    /// S3 Block Public Access of a bucket.
    block_public_access: Option<BlockPublicAccess>,
    /// Who owns an object that is not the bucket's owner.
    object_owner: Option<AccountId>,
    /// Whether the ACL of a bucket or object grants to everyone.
    public_acl: Option<bool>,
    /// Grants on a KMS key.
    grants: Option<Items<KmsGrant>>,
}

#[derive(JsonSchema)]
#[serde(untagged)]
#[schemars(inline)]
enum Share {
    All(All),
    With(AccountId),
}

#[derive(JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(inline)]
enum All {
    All,
}

/// S3 Block Public Access.
///
/// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html>
#[derive(JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct BlockPublicAccess {
    /// Public ACLs are refused.
    block_public_acls: Option<bool>,
    /// Public ACLs count for nothing.
    ignore_public_acls: Option<bool>,
    /// Public policies are refused.
    block_public_policy: Option<bool>,
    /// A public policy counts for the owner's account and AWS services only.
    restrict_public_buckets: Option<bool>,
}

/// A grant on a KMS key.
#[derive(JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct KmsGrant {
    /// The ARN of a principal.
    grantee: String,
    /// As in `Decrypt`.
    operations: Items<String>,
}

/// A VPC endpoint.
#[derive(JsonSchema)]
#[serde(deny_unknown_fields)]
struct VpcEndpoint {
    /// Its policy.
    policy: Option<Policy>,
    /// The id of its VPC.
    vpc: Option<Text>,
    /// Its kind; the service's usual one when absent.
    #[serde(rename = "type")]
    endpoint_type: Option<EndpointType>,
}

#[derive(JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(inline)]
pub(super) enum EndpointType {
    Gateway,
    Interface,
}
