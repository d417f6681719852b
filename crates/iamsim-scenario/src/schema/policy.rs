//! Policies as files give them.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html>

#![expect(dead_code, reason = "the types are their schemas")]

use std::collections::BTreeMap;

use schemars::JsonSchema;

use super::words::{Items, Text};

/// A policy: its document, `{name, document}`, a path, or the name or ARN of a managed policy.
#[derive(JsonSchema)]
#[serde(untagged)]
pub(super) enum Policy {
    /// A path from this file, or the name or ARN of a managed policy.
    Named(String),
    /// A policy with a name.
    WithName(NamedPolicy),
    /// A policy in place.
    Document(Box<Document>),
}

/// A policy with a name.
#[derive(JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NamedPolicy {
    /// What it is called in answers.
    name: Option<String>,
    /// Its document, or the path to it.
    document: PolicyText,
}

/// A document in place, or the path to one.
#[derive(JsonSchema)]
#[serde(untagged)]
enum PolicyText {
    Path(String),
    Document(Box<Document>),
}

/// A policy document.
#[derive(JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Document {
    /// The version of the policy language; policy variables need 2012-10-17.
    version: Option<Version>,
    /// A name for the policy.
    id: Option<String>,
    /// What is allowed and denied.
    statement: Items<Statement>,
}

#[derive(JsonSchema)]
#[schemars(inline)]
enum Version {
    #[serde(rename = "2012-10-17")]
    V2012,
    #[serde(rename = "2008-10-17")]
    V2008,
}

/// A statement of a policy.
#[derive(JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Statement {
    /// A name for the statement.
    sid: Option<String>,
    /// Whether it allows or denies.
    effect: Effect,
    /// Whom it speaks of; only in policies of resources and roles.
    principal: Option<Principals>,
    /// All but those.
    not_principal: Option<Principals>,
    /// `service:Name`, with `*` and `?`.
    action: Option<Items<Option<String>>>,
    /// All but those.
    not_action: Option<Items<Option<String>>>,
    /// ARNs, with `*` and `?`.
    resource: Option<Items<Option<String>>>,
    /// All but those.
    not_resource: Option<Items<Option<String>>>,
    /// Operators to context keys to values.
    condition: Option<BTreeMap<String, Keys>>,
}

/// Context keys to values.
type Keys = BTreeMap<String, Items<Option<Text>>>;

#[derive(JsonSchema)]
#[schemars(inline)]
enum Effect {
    Allow,
    Deny,
}

/// `*`, or principals by kind.
#[derive(JsonSchema)]
#[serde(untagged)]
enum Principals {
    Anyone(String),
    ByKind(BTreeMap<PrincipalKind, Items<Option<String>>>),
}

#[derive(JsonSchema, PartialEq, Eq, PartialOrd, Ord)]
enum PrincipalKind {
    #[serde(rename = "AWS")]
    Aws,
    Service,
    Federated,
    CanonicalUser,
}
