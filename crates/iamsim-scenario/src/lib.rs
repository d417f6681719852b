//! The file formats: load worlds and scenarios, replay, report.

pub mod evaluate;
pub mod report;
pub mod yaml;

mod answer;
mod case_file;
mod context;
mod decode;
mod expect;
mod find;
mod library;
mod policy_file;
mod principal;
mod replay;
mod scenario_file;
mod settings;
mod source;
mod world_file;

pub use answer::{DecidedByAnswer, MatchedStatement};
pub use expect::{Expectation, ExpectedDecision, ExpectedError};
pub use find::find;
pub use library::{Library, read_tree};
pub use replay::{replay, replay_file};
pub use scenario_file::Scenario;
pub use source::{Finding, Source};
pub use world_file::load_world;
