//! The words and small values of files and reports.

use iamsim_engine::{Outcome, Verdict};
use iamsim_syntax::PolicyType;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

fn words<'w>(words: impl IntoIterator<Item = &'w str>) -> Schema {
    let words: Vec<_> = words.into_iter().collect();
    json_schema!({"type": "string", "enum": words})
}

/// What is certain of a decision: one of those, `denied` for either denial, or `undetermined`.
pub(crate) fn verdict(_: &mut SchemaGenerator) -> Schema {
    let determined =
        [Outcome::Allowed, Outcome::ImplicitDeny, Outcome::ExplicitDeny].map(Verdict::Determined);
    words(determined.into_iter().chain([Verdict::Denied, Verdict::Undetermined]).map(Verdict::as_str))
}

/// Context keys to what they hold, `null` for those that are absent.
pub(crate) fn context(_: &mut SchemaGenerator) -> Schema {
    let value = json_schema!({"type": ["string", "array", "null"], "items": {"type": "string"}});
    json_schema!({"type": "object", "additionalProperties": value})
}

/// The types of policies as reports name them.
pub(crate) fn policy_type(_: &mut SchemaGenerator) -> Schema {
    words(PolicyType::ALL.map(PolicyType::as_str))
}

pub(crate) fn optional_policy_type(_: &mut SchemaGenerator) -> Schema {
    let words: Vec<_> = PolicyType::ALL.iter().map(|known| Some(known.as_str())).chain([None]).collect();
    json_schema!({"type": ["string", "null"], "enum": words})
}

/// `Allow` or `Deny`.
pub(crate) fn effect(_: &mut SchemaGenerator) -> Schema {
    words(["Allow", "Deny"])
}

/// What a context key holds.
pub(crate) fn context_value(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": ["string", "array"], "items": {"type": "string"}})
}

pub(crate) fn optional_context_value(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": ["string", "array", "null"], "items": {"type": "string"}})
}

/// One of something, or a list of it.
#[derive(JsonSchema)]
#[serde(untagged)]
#[schemars(inline)]
#[expect(dead_code, reason = "the type is its schema")]
pub(super) enum Items<T> {
    Many(Vec<T>),
    One(T),
}

/// Twelve digits in quotes.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "the type is its schema")]
pub(super) struct AccountId(#[schemars(regex(pattern = "^[0-9]{12}$"))] String);

/// A number and a unit, perhaps several: `900s`, `15m`, `1h30m`, `2d`.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "the type is its schema")]
pub(super) struct Duration(#[schemars(regex(pattern = "^([0-9]+[smhd])+$"))] String);

/// Text; a number or boolean stands for its text.
pub(super) struct Text;

impl JsonSchema for Text {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Text".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": ["string", "number", "boolean"]})
    }
}
