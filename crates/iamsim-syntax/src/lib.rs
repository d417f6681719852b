//! IAM policy text to a typed [`Policy`], every element with its [`Span`], and diagnostics.
//!
//! This crate knows no request, no account and no file. It refuses what AWS refuses to store; whatever is
//! merely unwise is left to `iamsim-lint`.

pub mod arn;
pub mod json;
pub mod literal;
pub mod variable;

mod diagnostic;
mod operator;
mod policy;
mod policy_type;
mod span;

pub use arn::Arn;
pub use diagnostic::{Diagnostic, Severity};
pub use operator::{ArnSpelling, Comparison, ConditionOperator, Ordering, Polarity, Qualifier, StringTest};
pub use policy::{
    ActionElement, Condition, Effect, Policy, Principal, PrincipalElement, ResourceElement, Sense, Statement,
    Version,
};
pub use policy_type::PolicyType;
pub use span::{LineIndex, Position, Span, Spanned};

/// Reads a policy document. Answers every error found; the policy only when there is none.
#[must_use]
pub fn parse(text: &str, policy_type: PolicyType) -> (Option<Policy>, Vec<Diagnostic>) {
    let (node, mut diagnostics) = json::parse(text);
    let Some(node) = node else { return (None, diagnostics) };
    let (policy, more) = parse_node(&node, policy_type);
    diagnostics.extend(more);
    let policy = policy.filter(|_| !diagnostics.iter().any(Diagnostic::is_error));
    (policy, diagnostics)
}

/// Reads a policy document that is already a tree, such as one written in place in a YAML file.
#[must_use]
pub fn parse_node(node: &json::Node, policy_type: PolicyType) -> (Option<Policy>, Vec<Diagnostic>) {
    let _ = (node, policy_type);
    (None, Vec::new())
}
