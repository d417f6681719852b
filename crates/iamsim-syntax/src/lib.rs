//! IAM policy text to a typed [`Policy`], every element with its [`Span`], and diagnostics.
//!
//! This crate knows no request, no account and no file. It refuses what AWS refuses to store; whatever is
//! merely unwise is left to `iamsim-lint`.

pub mod arn;
pub mod code;
pub mod json;
pub mod literal;
pub mod scan;
pub mod variable;

mod diagnostic;
mod list;
mod operator;
mod parse;
mod policy;
mod policy_type;
mod print;
mod span;

pub use arn::Arn;
pub use diagnostic::{Diagnostic, Severity, Words};
pub use list::List;
pub use operator::{ArnSpelling, Comparison, ConditionOperator, Ordering, Polarity, Qualifier, StringTest};
pub use parse::parse_node;
pub use policy::{
    ActionElement, Condition, Effect, Policy, Principal, PrincipalElement, ResourceElement, Sense, Statement,
    Text, Version,
};
pub use policy_type::PolicyType;
pub use print::{print, print_statement};
pub use span::{LineIndex, Position, Span, Spanned};

/// Reads a policy document. Answers every error found; the policy only when there is none.
///
/// ```
/// use iamsim_syntax::{PolicyType, parse};
///
/// let text = r#"{"Statement": {"Effect": "Allow", "Actoin": "s3:GetObject", "Resource": "*"}}"#;
/// let (policy, diagnostics) = parse(text, PolicyType::IdentityBased);
/// assert_eq!(policy, None);
/// assert_eq!(diagnostics[0].code, "invalid-policy-element");
/// assert_eq!(diagnostics[0].help.as_deref(), Some("did you mean `Action`?"));
/// ```
#[must_use]
pub fn parse(text: &str, policy_type: PolicyType) -> (Option<Policy>, Vec<Diagnostic>) {
    let (document, mut diagnostics) = json::read(text);
    for diagnostic in &mut diagnostics {
        diagnostic.aws_message = Some(parse::SYNTAX_ERRORS.into());
    }
    let Some(document) = document else { return (None, diagnostics) };
    let (policy, more) = parse::parse_flat(&document, policy_type);
    // What follows from an error already reported is not worth another.
    let faulty: Vec<Span> = diagnostics.iter().map(|diagnostic| diagnostic.span).collect();
    let follows = |span: Span| faulty.iter().any(|inner| span.start <= inner.start && inner.end <= span.end);
    diagnostics.extend(more.into_iter().filter(|diagnostic| !follows(diagnostic.span)));
    (policy.filter(|_| diagnostics.is_empty()), diagnostics)
}
