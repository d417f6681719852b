//! What is wrong with a text: plain data, rendered elsewhere.

use std::borrow::Cow;

use crate::Span;

/// How much a finding matters; the four are Access Analyzer's finding types.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// AWS refuses the policy, and so do we.
    Error,
    /// The policy is usable but grants more than its author may think.
    SecurityWarning,
    /// The policy is usable but probably not what was meant.
    Warning,
    /// The policy can be said better.
    Suggestion,
}

impl Severity {
    /// The name used in answers: `error`, `securityWarning`, `warning` or `suggestion`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::SecurityWarning => "securityWarning",
            Self::Warning => "warning",
            Self::Suggestion => "suggestion",
        }
    }
}

/// Something said about a text, mostly in the same words wherever it is said.
pub type Words = Cow<'static, str>;

/// One finding about a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// A unique name in kebab-case, Access Analyzer's issue code where there is one.
    pub code: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// What is wrong, in one sentence.
    pub message: String,
    /// Where.
    pub span: Span,
    /// A few words to print at the caret.
    pub label: Option<Words>,
    /// Other places that matter: where it was first written, what it contradicts.
    pub related: Vec<(Span, Words)>,
    /// How to put it right.
    pub help: Option<Words>,
    /// What AWS itself says when it refuses such a policy.
    pub aws_message: Option<Words>,
}

impl Diagnostic {
    /// An [`Severity::Error`].
    pub fn error(code: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, span, message)
    }

    /// A finding with a message and a place; the rest is added with the `with_` methods.
    pub fn new(severity: Severity, code: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self {
            code,
            severity,
            message: message.into(),
            span,
            label: None,
            related: Vec::new(),
            help: None,
            aws_message: None,
        }
    }

    /// Adds the words at the caret.
    #[must_use]
    pub fn with_label(mut self, label: impl Into<Words>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// Adds how to put it right.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<Words>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds another place that matters.
    #[must_use]
    pub fn with_related(mut self, span: Span, words: impl Into<Words>) -> Self {
        // There is seldom another.
        self.related.reserve_exact(1);
        self.related.push((span, words.into()));
        self
    }

    /// Adds AWS's own words.
    #[must_use]
    pub fn with_aws_message(mut self, message: impl Into<Words>) -> Self {
        self.aws_message = Some(message.into());
        self
    }

    /// Whether the policy must not be evaluated.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}
