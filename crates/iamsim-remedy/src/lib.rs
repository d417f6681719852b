//! The smallest changes that turn a denial into an allow, and what an allow hangs on.
//!
//! Every remedy has been tried: the engine allows the request once all its edits are made, and denies it when any
//! of them is left out. Nothing here prints, reads a file or knows a world.
//!
//! ```
//! use std::sync::Arc;
//! use iamsim_engine::{Place, Policy, PolicySet, Principal, Request};
//! use iamsim_remedy::{Case, Edit, remedies};
//! use iamsim_syntax::{PolicyType, parse};
//!
//! let text = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow",
//!     "Principal": {"AWS": "111122223333"}, "Action": "sts:AssumeRole",
//!     "Condition": {"StringEquals": {"sts:ExternalId": "12345"}}}}"#;
//! let trust = parse(text, PolicyType::RoleTrust).0.ok_or("refused")?;
//! let root = parse(
//!     r#"{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}"#,
//!     PolicyType::IdentityBased,
//! );
//! let caller = Principal::from_arn("arn:aws:iam::111122223333:user/alice").ok_or("no principal")?;
//! let policies = PolicySet {
//!     identity: Arc::new(Policy::compile(&root.0.ok_or("refused")?, "all")).into(),
//!     resource: Arc::new(Policy::compile(&trust, "trust")).into(),
//!     ..PolicySet::default()
//! };
//! let request = Request::of(caller, "sts:AssumeRole", "arn:aws:iam::444455556666:role/Audit").complete();
//! let place = Place { policy_type: PolicyType::RoleTrust, level: 0, policy: 0 };
//! let case = Case { request, policies, documents: [(place, Arc::new(trust))].into() };
//!
//! let found = remedies(&case);
//! let [Edit::Bring { key, .. }] = &*found.remedies[0].edits else { return Err("another remedy") };
//! assert_eq!(&**key, "sts:ExternalId");
//! # Ok::<(), &str>(())
//! ```

mod case;
mod edit;
mod hindrance;
mod hinge;
mod means;
mod propose;
mod search;

pub use case::{Case, Documents};
pub use edit::{Addition, Edit, Remedy};
pub use hindrance::Hindrance;
pub use hinge::hinges;
pub use means::Means;
pub use search::{Remedies, remedies};
