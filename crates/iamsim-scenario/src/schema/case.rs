//! Evaluation cases.

#![expect(dead_code, reason = "the types are their schemas")]

use schemars::JsonSchema;

use super::policy::Policy;
use super::scenario::{Context, Expected, Principal};
use super::words::{AccountId, Items, Text};
use super::world::{EndpointType, KmsGrant};

/// A list of cases, or one.
#[derive(JsonSchema)]
#[serde(untagged)]
#[schemars(title = "EvaluationCase")]
pub(super) enum Cases {
    /// Each case has an answer.
    Many(Vec<Case>),
    /// One case, as on a line.
    One(Box<Case>),
}

/// A request, every policy that applies to it, and perhaps what is expected.
#[derive(JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Case {
    /// What the answer has too.
    id: Option<Text>,
    /// What it shows.
    name: Option<Text>,
    /// Who makes the claim.
    source: Option<Text>,
    /// What should be answered.
    expect: Option<Expected>,
    /// Facts that are no policies.
    settings: Option<Settings>,
    /// Who asks for what.
    request: Request,
    /// The policies that apply.
    policies: Option<Policies>,
}

/// Who asks for what.
#[derive(JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Request {
    /// The ARN of a principal, `anonymous`, or an object that names a service or provider.
    principal: Principal,
    /// The ARN of the IAM user who asked for a federated user's token.
    issuer: Option<String>,
    /// `service:Name`.
    action: String,
    /// An ARN, `*`, or a list of which all must be allowed.
    resource: Items<String>,
    /// Whose it is, where the ARN does not say; the caller's when absent.
    resource_account: Option<AccountId>,
    /// Context keys. One that is `null` is absent.
    context: Option<Context>,
    /// Context keys of which nobody knows what they hold; `*` is every key that policies ask for and the request does not
    /// have.
    unknown: Option<Items<String>>,
}

/// The policies that apply.
#[derive(JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Policies {
    /// Identity-based policies of the caller and its groups.
    identity: Option<Items<Policy>>,
    /// Session policies; a federated user without any has no permissions of its own.
    session: Option<Items<Policy>>,
    /// Policies of the VPC endpoint the request comes through.
    vpc_endpoint: Option<Items<Policy>>,
    /// The caller's permissions boundary.
    permissions_boundary: Option<Policy>,
    /// The resource's policy; for `sts:AssumeRole` the role's trust policy.
    resource: Option<Policy>,
    /// From the root to the caller's account; absent when it is in no organization.
    service_control: Option<Items<Level>>,
    /// From the root to the resource's account; absent when it is in no organization.
    resource_control: Option<Items<Level>>,
}

/// A root, unit or account, and the policies attached to it.
#[derive(JsonSchema)]
#[serde(deny_unknown_fields)]
struct Level {
    /// What they are attached to.
    target: Text,
    /// The policies.
    policies: Option<Items<Policy>>,
}

/// Facts that are no policies, and answers to open questions.
#[derive(JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Settings {
    /// Of a bucket and its account.
    s3: Option<S3Settings>,
    /// Of a key.
    kms: Option<KmsSettings>,
    /// Of the endpoint the request comes through.
    vpc_endpoint: Option<VpcEndpointSettings>,
    /// Of the organization.
    organization: Option<OrganizationSettings>,
    /// A permissions boundary limits a user whom a role's trust policy names.
    boundary_limits_trusted_user: Option<bool>,
    /// The service shares the resource with the caller's account.
    shared_with_caller: Option<bool>,
    /// The resource is encrypted with a key of its own.
    encrypted: Option<bool>,
}

/// Of a bucket and its account.
#[derive(JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct S3Settings {
    /// Public ACLs are refused.
    block_public_acls: Option<bool>,
    /// Public ACLs count for nothing.
    ignore_public_acls: Option<bool>,
    /// Public policies are refused.
    block_public_policy: Option<bool>,
    /// A public policy counts for the owner's account and AWS services only.
    restrict_public_buckets: Option<bool>,
    /// The account that owns the object.
    object_owner: Option<AccountId>,
    /// Whether the ACL grants to everyone.
    public_acl: Option<bool>,
}

/// Of a key.
#[derive(JsonSchema)]
#[serde(deny_unknown_fields)]
struct KmsSettings {
    /// Grants on it.
    grants: Option<Items<KmsGrant>>,
}

/// Of the endpoint the request comes through.
#[derive(JsonSchema)]
#[serde(deny_unknown_fields)]
struct VpcEndpointSettings {
    /// Its kind; the service's usual one when absent.
    #[serde(rename = "type")]
    endpoint_type: Option<EndpointType>,
}

/// Of the organization.
#[derive(JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct OrganizationSettings {
    /// The caller's account manages its organization.
    management_account: Option<bool>,
    /// The resource's account manages its organization.
    resource_in_management_account: Option<bool>,
}
