//! Compiled policies and a [`Request`] to a [`Decision`], and why.
//!
//! This crate does no I/O, reads no clock and no environment, and logs nothing. Evaluation is total: every
//! [`PolicySet`] and [`Request`] has a [`Decision`], and nothing panics on any input.
//!
//! ```
//! use std::sync::Arc;
//! use iamsim_engine::{Outcome, Policy, PolicySet, Principal, Request, evaluate};
//! use iamsim_syntax::{PolicyType, parse};
//!
//! let text = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow",
//!     "Action": "s3:Get*", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}}"#;
//! let (policy, diagnostics) = parse(text, PolicyType::IdentityBased);
//! assert!(diagnostics.is_empty());
//! let read = Policy::compile(&policy.ok_or("refused")?, "read");
//!
//! let caller = Principal::from_arn("arn:aws:iam::111122223333:user/alice").ok_or("no principal")?;
//! let request = Request::of(caller, "s3:GetObject", "arn:aws:s3:::amzn-s3-demo-bucket/a.txt").complete();
//! let policies = PolicySet { identity: Arc::new(read).into(), ..PolicySet::default() };
//! assert_eq!(evaluate(&request, &policies).outcome, Outcome::Allowed);
//! # Ok::<(), &str>(())
//! ```

mod batch;
mod case;
mod compiled;
mod context;
mod decision;
mod evaluate;
mod explain;
mod fragment;
mod glob;
mod matching;
mod message;
mod met;
mod name;
mod pattern;
mod policies;
mod policy_set;
mod principal;
mod record;
mod request;
mod request_context;
mod services;
mod settings;
mod undetermined;
mod units;

pub use batch::Batch;
pub use compiled::principal::Grant;
pub use compiled::{Policy, Statement};
pub use context::{Context, ContextValue, Given, Key, KnownKey, Text, is_multivalued};
pub use decision::{CredentialLimit, DecidedBy, Decision, Outcome, ServiceRule};
pub use evaluate::evaluate;
pub use explain::{
    ConditionDetail, Evaluation, Explanation, StatementRef, StatementTrace, evaluate_fully, explain,
};
pub use message::denial_message;
pub use policies::Policies;
pub use policy_set::{Level, PolicySet};
pub use principal::{AccountId, Principal, RoleSession};
pub use record::{Element, Gate, Passage, Place};
pub use request::{Action, Credentials, Owner, Request, RequestBuilder, Target};
pub use request_context::{RequestContext, ValueRef};
pub use services::{hides_the_owner, is_about_a_role};
pub use settings::{KmsGrant, S3, Settings, VpcEndpointType};
pub use undetermined::{
    CannotBeUnknown, Fact, PartialEvaluation, Term, Unknown, Verdict, Way, evaluate_partially,
};
