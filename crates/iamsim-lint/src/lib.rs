//! Judgements about policies that do not stop evaluation: what AWS takes, but its author may not have meant.
//! [`lint_request`] judges the requests policies are asked about.
//!
//! Most are the checks of IAM Access Analyzer's policy validation and carry its issue codes. What Access
//! Analyzer calls an error is a warning here where AWS stores and evaluates the policy all the same; whatever
//! AWS refuses is an error of `iamsim-syntax` and never gets this far.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html>
//!
//! ```
//! use iamsim_syntax::PolicyType;
//!
//! let text = r#"{"Statement": {"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"}}"#;
//! let (policy, _) = iamsim_syntax::parse(text, PolicyType::IdentityBased);
//! for finding in policy.iter().flat_map(|policy| iamsim_lint::lint(policy, text)) {
//!     assert_eq!(finding.code, "missing-version");
//! }
//! ```

mod action_resources;
mod actions;
mod arn_forms;
mod checks;
mod conditions;
mod control_policies;
mod digest;
mod document;
mod effort;
mod keys;
mod named;
mod named_actions;
mod named_resources;
mod oidc;
mod pattern;
mod principals;
mod quotas;
mod redundancy;
mod regions;
mod request;
mod resources;
mod role_grants;
mod service_principals;
mod sids;
mod trust;
mod variables;
mod versions;

pub use checks::{ALL as CHECKS, Check};
pub use request::{
    GivenKey, GivenValue, REQUEST_CODES, RequestFinding, RequestPart, lint_context, lint_request,
};

use document::Document;
use iamsim_syntax::{Diagnostic, Policy};

/// Judges a policy that is free of errors. `text` is what it was read from: spans point into it, and the size
/// quotas count it.
///
/// Answers the findings in the order of the text; none of them is an error.
#[must_use]
pub fn lint(policy: &Policy, text: &str) -> Vec<Diagnostic> {
    let document = Document::new(policy, text);
    let mut findings = Vec::new();
    for family in FAMILIES {
        family(&document, &mut findings);
    }
    findings.sort_by(|a, b| (a.span, a.code, &a.message).cmp(&(b.span, b.code, &b.message)));
    findings
}

/// One family of checks: looks at a document and adds what it finds.
type Family = fn(&Document<'_>, &mut Vec<Diagnostic>);

const FAMILIES: [Family; 15] = [
    versions::check,
    quotas::check,
    sids::check,
    principals::check,
    service_principals::check,
    trust::check,
    oidc::check,
    actions::check,
    role_grants::check,
    resources::check,
    action_resources::check,
    conditions::check,
    variables::check,
    redundancy::check,
    control_policies::check,
];
