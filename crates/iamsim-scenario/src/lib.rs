//! The file formats: load worlds and scenarios, replay, report.

pub mod evaluate;
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
mod settings;
mod source;
mod world_file;

pub use answer::{DecidedByAnswer, MatchedStatement};
pub use expect::{Expectation, ExpectedDecision, ExpectedError};
pub use find::find;
pub use library::Library;
pub use source::{Finding, Source};
pub use world_file::load_world;
