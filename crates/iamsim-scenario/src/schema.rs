//! JSON Schemas of the file formats, for editors, and of the reports, for programs.
//!
//! Files are decoded by hand, for the sake of what is said of slips. The types below `schema` are those formats once
//! more; a test holds each against the keys that the decoder knows.

mod case;
mod policy;
mod scenario;
pub(crate) mod words;
mod world;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::Value;

use crate::evaluate::CaseAnswer;
use crate::report::Report;

/// The schema of `*.world.yaml`.
#[must_use]
pub fn world() -> Value {
    of_file::<world::World>()
}

/// The schema of `*.scenario.yaml`.
#[must_use]
pub fn scenario() -> Value {
    of_file::<scenario::Scenario>()
}

/// The schema of `*.eval.yaml` and of each line of `*.eval.jsonl`.
#[must_use]
pub fn evaluation_case() -> Value {
    of_file::<case::Cases>()
}

/// The schema of a [`Report`].
#[must_use]
pub fn replay_report() -> Value {
    of_report::<Report>()
}

/// The schema of a [`CaseAnswer`].
#[must_use]
pub fn evaluate_answer() -> Value {
    of_report::<CaseAnswer>()
}

/// The schema of a report, in the draft of JSON Schema that every editor knows.
#[must_use]
pub fn of_report<T: JsonSchema>() -> Value {
    SchemaSettings::draft07().for_serialize().into_generator().into_root_schema_for::<T>().to_value()
}

fn of_file<T: JsonSchema>() -> Value {
    SchemaSettings::draft07().for_deserialize().into_generator().into_root_schema_for::<T>().to_value()
}
