//! Scenarios.

#![expect(dead_code, reason = "the types are their schemas")]

use std::collections::BTreeMap;

use schemars::JsonSchema;

use super::words::{AccountId, Duration, Items, Text};
use super::world::World;
use crate::expect::words;

/// A world, and steps that happen in it one after the other.
#[derive(JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Scenario {
    /// One sentence: the claim. The file's name, when absent.
    name: Option<Text>,
    /// Who makes the claim.
    source: Option<Text>,
    /// When it begins, `2024-06-01T12:00:00Z`, which it is when absent.
    now: Option<String>,
    /// A world in place, a path to one, or a list of those.
    world: Option<Items<Place>>,
    /// Context keys of which nobody knows what they hold, in every step.
    unknown: Option<Items<String>>,
    /// What happens.
    steps: Items<Step>,
}

/// A world in place, or a path to one.
#[derive(JsonSchema)]
#[serde(untagged)]
#[schemars(inline)]
enum Place {
    Path(String),
    InPlace(Box<World>),
}

/// Somebody does something, or time passes.
#[derive(JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("oneOf" = [{"required": ["as", "run"]}, {"required": ["as", "action"]}, {"required": ["wait"]}]))]
struct Step {
    /// Alone in its step: time passes, `900s`, `15m`, `1h30m`, `2d`.
    wait: Option<Duration>,
    /// What it shows.
    name: Option<Text>,
    /// Who: an ARN, a name given by `saveAs`, `anonymous`, or an object that names a service or provider.
    #[serde(rename = "as")]
    by: Option<Principal>,
    /// A shell command: the AWS CLI, or `docker` with an ECR registry.
    run: Option<String>,
    /// In place of a command: an action, `s3:GetObject`.
    action: Option<String>,
    /// The ARNs it is done to; `*` when absent.
    resource: Option<Items<String>>,
    /// The account that owns them, where their ARNs do not say.
    resource_account: Option<AccountId>,
    /// Context keys. One that is `null` is absent, whatever would follow.
    context: Option<Context>,
    /// Context keys of which nobody knows what they hold; `*` is every key that policies ask for and the request does not
    /// have.
    unknown: Option<Items<String>>,
    /// The caller has just used a multi-factor device.
    mfa: Option<bool>,
    /// The VPC endpoint that the call goes through.
    via: Option<String>,
    /// The same as `via`.
    vpc_endpoint: Option<String>,
    /// A name for the credentials the call returns.
    save_as: Option<String>,
    /// What should come of it; a step without it reports and never fails.
    expect: Option<Expected>,
}

/// The request context by key.
pub(super) type Context = BTreeMap<String, Option<Items<Text>>>;

/// Who asks.
#[derive(JsonSchema)]
#[serde(untagged)]
pub(super) enum Principal {
    Named(String),
    ByKind(PrincipalByKind),
}

/// Who asks, when it has no ARN: one of these.
#[derive(JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("minProperties" = 1, "maxProperties" = 1))]
pub(super) struct PrincipalByKind {
    /// An AWS service: `lambda.amazonaws.com`.
    service: Option<String>,
    /// An identity provider.
    federated: Option<String>,
    /// The canonical user id of an account.
    canonical_user: Option<String>,
}

/// A decision, or more about what is expected.
#[derive(JsonSchema)]
#[serde(untagged)]
pub(super) enum Expected {
    Decision(Decision),
    More(Expectation),
}

/// What is expected. What is left out is not compared.
#[derive(JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("minProperties" = 1))]
pub(super) struct Expectation {
    /// The decision.
    decision: Option<Decision>,
    /// The type of the policies that decide.
    by: Option<By>,
    /// The kind of rule that decides.
    kind: Option<Kind>,
    /// A part of AWS's message.
    message: Option<String>,
    /// The code of an error that is no denial; `true` for any.
    error: Option<ErrorCode>,
}

#[derive(JsonSchema)]
#[serde(untagged)]
#[schemars(inline)]
enum ErrorCode {
    Any(bool),
    Code(String),
}

/// A decision that is expected.
#[derive(JsonSchema)]
#[schemars(inline)]
pub(super) struct Decision(#[schemars(extend("enum" = words::decisions()))] String);

/// The policy types, as answers name them and as AWS does.
#[derive(JsonSchema)]
#[schemars(inline)]
struct By(#[schemars(extend("enum" = words::policy_types()))] String);

/// The kinds of rules.
#[derive(JsonSchema)]
#[schemars(inline)]
struct Kind(#[schemars(extend("enum" = words::kinds()))] String);
