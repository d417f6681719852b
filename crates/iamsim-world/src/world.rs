//! What exists: organizations, accounts, and in them principals and resources with their policies.

use std::collections::BTreeMap;
use std::sync::Arc;

use iamsim_engine::{AccountId, Policies, Policy, S3, VpcEndpointType};

/// Everything that exists. An account that is never mentioned exists with nothing in it.
#[derive(Debug, Clone, Default)]
pub struct World {
    /// The organizations, in the order given.
    pub organizations: Vec<Organization>,
    /// The accounts that hold anything.
    pub accounts: BTreeMap<AccountId, Account>,
}

/// An AWS organization.
///
/// Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_getting-started_concepts.html>
#[derive(Debug, Clone)]
pub struct Organization {
    /// `o-exampleorgid`
    pub id: String,
    /// The account that manages it, which its policies do not bind.
    pub management_account: AccountId,
    /// The root of its tree.
    pub root: Unit,
}

/// The root of an organization or an organizational unit.
#[derive(Debug, Clone, Default)]
pub struct Unit {
    /// `r-ab12`, `ou-ab12-workload`
    pub id: String,
    /// What people call it.
    pub name: Option<String>,
    /// Service control policies attached here.
    pub service_control_policies: Policies,
    /// Resource control policies attached here.
    pub resource_control_policies: Policies,
    /// The units directly below.
    pub units: Vec<Unit>,
    /// The accounts directly below, with what is attached to each.
    pub accounts: Vec<MemberAccount>,
}

/// An account's place in an organization.
#[derive(Debug, Clone)]
pub struct MemberAccount {
    /// The account.
    pub id: AccountId,
    /// Service control policies attached to the account itself; `None` leaves the level out, as if
    /// `FullAWSAccess` were attached.
    pub service_control_policies: Option<Policies>,
    /// Resource control policies attached to the account itself.
    pub resource_control_policies: Policies,
}

/// An AWS account.
#[derive(Debug, Clone, Default)]
pub struct Account {
    /// What people call it.
    pub name: Option<String>,
    /// The canonical user id that S3 knows it by.
    pub canonical_user_id: Option<String>,
    /// IAM users by name.
    pub users: BTreeMap<String, User>,
    /// IAM groups by name.
    pub groups: BTreeMap<String, Group>,
    /// IAM roles by name.
    pub roles: BTreeMap<String, Role>,
    /// Customer managed policies by name, as sessions may be limited by them.
    pub policies: BTreeMap<String, Arc<Policy>>,
    /// Resources by ARN.
    pub resources: BTreeMap<String, Resource>,
    /// VPC endpoints by id.
    pub vpc_endpoints: BTreeMap<String, VpcEndpoint>,
    /// The account's settings of S3 Block Public Access.
    pub s3: S3,
}

/// An IAM user.
#[derive(Debug, Clone, Default)]
pub struct User {
    /// `/` or `/team/`.
    pub path: String,
    /// `AIDA…`, when it matters.
    pub id: Option<String>,
    /// Its identity-based policies, managed and inline.
    pub policies: Policies,
    /// The names of its groups.
    pub groups: Vec<String>,
    /// Its permissions boundary, one policy or none.
    pub permissions_boundary: Policies,
    /// Its tags.
    pub tags: BTreeMap<String, String>,
}

/// An IAM group.
#[derive(Debug, Clone, Default)]
pub struct Group {
    /// Its identity-based policies.
    pub policies: Policies,
}

/// An IAM role.
#[derive(Debug, Clone, Default)]
pub struct Role {
    /// `/` or `/service-role/`.
    pub path: String,
    /// `AROA…`, when it matters.
    pub id: Option<String>,
    /// Its trust policy, one or none: who may assume it; without one nobody.
    pub trust: Policies,
    /// Its identity-based policies, managed and inline.
    pub policies: Policies,
    /// Its permissions boundary, one policy or none.
    pub permissions_boundary: Policies,
    /// Its tags.
    pub tags: BTreeMap<String, String>,
    /// The longest session it gives, in seconds: 3,600 to 43,200; `None` is 3,600.
    pub max_session_duration: Option<u32>,
}

/// A resource that is no principal: a bucket, a key, a queue, a snapshot, …
#[derive(Debug, Clone, Default)]
pub struct Resource {
    /// Its resource-based policy, one or none.
    pub policy: Policies,
    /// Its tags.
    pub tags: BTreeMap<String, String>,
    /// The accounts it is shared with outside any policy: an RDS snapshot's `restore` attribute, a resource share.
    pub shared_with: Vec<SharedWith>,
    /// Whether it is encrypted with a key of its owner's.
    pub encrypted: bool,
    /// For a bucket, its own settings of S3 Block Public Access.
    pub s3: S3,
    /// For a KMS key, the grants on it.
    pub grants: Vec<iamsim_engine::KmsGrant>,
}

/// Whom a resource is shared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SharedWith {
    /// Every account.
    All,
    /// One account.
    Account(AccountId),
}

/// A VPC endpoint.
#[derive(Debug, Clone, Default)]
pub struct VpcEndpoint {
    /// Its policy, one or none; without one everything goes through.
    pub policy: Policies,
    /// The VPC it is in.
    pub vpc: Option<String>,
    /// Gateway or interface; `None` is the usual kind of the service called.
    pub endpoint_type: Option<VpcEndpointType>,
}
