//! The file formats: load worlds and scenarios, replay, report.
//!
//! ```
//! use iamsim_scenario::report::StepResult;
//! use iamsim_scenario::{Library, Scenario, Source, replay};
//!
//! let text = r#"
//! world:
//!   accounts:
//!     "111122223333":
//!       users:
//!         alice: {policies: [AmazonS3ReadOnlyAccess]}
//! steps:
//!   - as: arn:aws:iam::111122223333:user/alice
//!     run: aws s3 rm s3://amzn-s3-demo-bucket/report.csv
//!     expect: implicitDeny
//! "#;
//! let library = Library::new();
//! let scenario = Scenario::read(&library, Source::new("alice.scenario.yaml", text)).map_err(|_| "refused")?;
//! let report = replay(&library, &scenario);
//! let StepResult::Decided(decided) = &report.steps[0].result else { return Err("no decision") };
//! assert_eq!(decided.action.as_deref(), Some("s3:DeleteObject"));
//! assert_eq!(report.steps[0].ok, Some(true));
//! # Ok::<(), &str>(())
//! ```

pub mod ask;
pub mod evaluate;
pub mod report;
pub mod schema;
pub mod warnings;
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
mod undetermined;
mod world_file;
mod written;

pub use answer::{DecidedByAnswer, MatchedStatement, MatchedStatements};
pub use expect::{Expectation, ExpectedDecision, ExpectedError};
pub use find::find;
pub use library::{Library, read_tree};
pub use replay::{Denial, Explain, denials, replay, replay_explained, replay_file, replay_file_explained};
pub use scenario_file::Scenario;
pub use source::{Finding, Source};
pub use undetermined::{Certainty, DecisionConditions, Dependence, FactReport, TermReport};
pub use world_file::load_world;
