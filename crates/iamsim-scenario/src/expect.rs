//! What a case or a step expects, and whether that is what happened.

use iamsim_engine::{Decision, Outcome, Verdict};
use iamsim_syntax::json::{Node, Value};
use iamsim_syntax::{Diagnostic, PolicyType};
use schemars::JsonSchema;
use serde::Serialize;

use crate::decode::Decoder;

/// What is expected. Whatever is left out is not compared.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Expectation {
    /// The decision.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision: Option<ExpectedDecision>,
    /// The type of the policies that decide.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "policy_type")]
    #[schemars(schema_with = "crate::schema::words::policy_type")]
    pub by: Option<PolicyType>,
    /// The kind of rule that decides, as in [`iamsim_engine::DecidedBy::kind`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<&'static str>,
    /// A part of AWS's message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// An error instead of a decision.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<ExpectedError>,
}

/// A decision that is expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum ExpectedDecision {
    /// `allowed`
    Allowed,
    /// `denied`: either kind of deny.
    Denied,
    /// `implicitDeny`
    ImplicitDeny,
    /// `explicitDeny`
    ExplicitDeny,
    /// `undetermined`: allowed or denied, depending on facts that are unknown.
    Undetermined,
}

/// An error that is expected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum ExpectedError {
    /// `true`: any error. `false`: none.
    Any(bool),
    /// The error's code.
    Code(String),
}

/// What happened, as far as it can be expected.
pub(crate) enum Happened<'h> {
    /// A decision that depends on unknown facts, at least in how it comes about.
    Depends(Verdict),
    /// A decision, with AWS's words when it is a denial.
    Decided(Decision, Option<&'h str>),
    /// An error with the codes that name it, and its words.
    Failed { codes: &'h [&'h str], message: &'h str },
}

const DECISIONS: [(&str, ExpectedDecision); 5] = [
    ("allowed", ExpectedDecision::Allowed),
    ("denied", ExpectedDecision::Denied),
    ("implicitDeny", ExpectedDecision::ImplicitDeny),
    ("explicitDeny", ExpectedDecision::ExplicitDeny),
    ("undetermined", ExpectedDecision::Undetermined),
];

/// The errors by which AWS's services say that a request is denied.
const DENIALS: [&str; 4] =
    ["AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AuthorizationError"];

/// The kinds of [`iamsim_engine::DecidedBy`].
const KINDS: &[(&str, &str)] = &[
    ("allow", "allow"),
    ("explicitDeny", "explicitDeny"),
    ("missingAllow", "missingAllow"),
    ("rootUser", "rootUser"),
    ("noPermissionNeeded", "noPermissionNeeded"),
    ("shared", "shared"),
    ("credentialLimit", "credentialLimit"),
    ("protectedResource", "protectedResource"),
    ("serviceRule", "serviceRule"),
];

impl Expectation {
    /// Reads a decision's name, or an object.
    pub(crate) fn decode(decoder: &mut Decoder<'_>, node: &Node) -> Option<Self> {
        if let Value::String(_) = node.value {
            let decision = decoder.word(node, "the expected decision", &DECISIONS)?;
            return Some(Self { decision: Some(decision), ..Self::default() });
        }
        let mut fields = decoder.object(node, "an expectation")?;
        let before = decoder.findings.len();
        let mut read = Self::default();
        if let Some(node) = fields.take("decision") {
            read.decision = decoder.word(node, "the expected decision", &DECISIONS);
        }
        if let Some(node) = fields.take("by") {
            read.by = decoder.word(node, "the policy type", &policy_types());
        }
        if let Some(node) = fields.take("kind") {
            read.kind = decoder.word(node, "the kind", KINDS);
        }
        if let Some(node) = fields.take("message") {
            read.message = decoder.string(node, "the message").map(str::to_owned);
        }
        if let Some(node) = fields.take("error") {
            read.error = match node.value {
                Value::Bool(any) => Some(ExpectedError::Any(any)),
                _ => decoder.string(node, "the error").map(|code| ExpectedError::Code(code.to_owned())),
            };
        }
        let span = fields.span();
        fields.finish(decoder);
        if decoder.findings.len() == before && read == Self::default() {
            let diagnostic = Diagnostic::error("empty-expectation", span, "nothing is expected here");
            decoder.report(
                diagnostic.with_help("write `expect: allowed` or `expect: denied`, or leave `expect` out"),
            );
        }
        (decoder.findings.len() == before).then_some(read)
    }

    /// The expectation that a decision's name stands for.
    pub(crate) fn of_word(word: &str) -> Option<Self> {
        let (_, decision) = DECISIONS.iter().find(|(known, _)| *known == word)?;
        Some(Self { decision: Some(*decision), ..Self::default() })
    }

    /// The word for an expectation of a decision and nothing else.
    pub(crate) fn as_word(&self) -> Option<&'static str> {
        let Self { decision, by: None, kind: None, message: None, error: None } = self else { return None };
        decision.map(ExpectedDecision::as_str)
    }

    /// Whether what happened is what was expected.
    pub(crate) fn is_met_by(&self, happened: &Happened<'_>) -> bool {
        let says = |message: &str| self.message.as_deref().is_none_or(|part| message.contains(part));
        match (happened, &self.error) {
            (Happened::Failed { .. }, None | Some(ExpectedError::Any(false))) => false,
            (Happened::Failed { message, .. }, Some(ExpectedError::Any(true))) => says(message),
            (Happened::Failed { codes, message }, Some(ExpectedError::Code(code))) => {
                codes.contains(&code.as_str()) && says(message)
            }
            (Happened::Depends(verdict), None | Some(ExpectedError::Any(false))) => {
                let is_decision = match self.decision {
                    Some(ExpectedDecision::Undetermined) => *verdict == Verdict::Undetermined,
                    Some(ExpectedDecision::Denied) => verdict.is_denied(),
                    Some(_) => false,
                    None => true,
                };
                is_decision && self.by.is_none() && self.kind.is_none() && self.message.is_none()
            }
            (Happened::Depends(_), Some(_)) => false,
            (Happened::Decided(decision, message), Some(ExpectedError::Code(code))) => {
                DENIALS.contains(&code.as_str())
                    && !decision.is_allowed()
                    && says(message.unwrap_or_default())
            }
            (Happened::Decided(..), Some(ExpectedError::Any(true))) => false,
            (Happened::Decided(decision, message), None | Some(ExpectedError::Any(false))) => {
                self.decision.is_none_or(|expected| expected.covers(decision.outcome))
                    && self.by.is_none_or(|by| {
                        decision.decided_by.policy_type().is_some_and(|found| is_a(found, by))
                    })
                    && self.kind.is_none_or(|kind| decision.decided_by.kind() == kind)
                    && says(message.unwrap_or_default())
            }
        }
    }
}

impl ExpectedDecision {
    /// Whether `outcome` is meant.
    #[must_use]
    pub fn covers(self, outcome: Outcome) -> bool {
        match self {
            Self::Allowed => outcome == Outcome::Allowed,
            Self::Denied => outcome != Outcome::Allowed,
            Self::ImplicitDeny => outcome == Outcome::ImplicitDeny,
            Self::ExplicitDeny => outcome == Outcome::ExplicitDeny,
            Self::Undetermined => false,
        }
    }

    /// As it is written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        DECISIONS.iter().find(|(_, decision)| *decision == self).map_or("", |(name, _)| name)
    }
}

/// The names of the policy types: as answers have them, and as AWS says them in running text.
fn policy_types() -> Vec<(&'static str, PolicyType)> {
    let named = PolicyType::ALL.map(|policy_type| (policy_type.as_str(), policy_type));
    let said = PolicyType::ALL.map(|policy_type| (policy_type.phrase(), policy_type));
    named.into_iter().chain(said).collect()
}

/// The words of expectations, for the schema of the files.
pub(crate) mod words {
    use super::{DECISIONS, KINDS};

    pub(crate) fn decisions() -> Vec<&'static str> {
        DECISIONS.iter().map(|(word, _)| *word).collect()
    }

    pub(crate) fn policy_types() -> Vec<&'static str> {
        super::policy_types().into_iter().map(|(word, _)| word).collect()
    }

    pub(crate) fn kinds() -> Vec<&'static str> {
        KINDS.iter().map(|(word, _)| *word).collect()
    }
}

/// A role trust policy is a resource-based policy, the role's.
fn is_a(found: PolicyType, expected: PolicyType) -> bool {
    found == expected || (found == PolicyType::RoleTrust && expected == PolicyType::ResourceBased)
}

fn policy_type<S: serde::Serializer>(by: &Option<PolicyType>, serializer: S) -> Result<S::Ok, S::Error> {
    by.map(PolicyType::as_str).serialize(serializer)
}

/// How [`short`] writes.
#[derive(JsonSchema)]
#[serde(untagged)]
#[schemars(inline)]
#[expect(dead_code, reason = "the type is its schema")]
pub(crate) enum ShortExpectation {
    Decision(ExpectedDecision),
    More(Expectation),
}

/// An expectation of a decision alone is written as a word.
pub(crate) fn short<S: serde::Serializer>(
    expected: &Option<Expectation>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match expected.as_ref().map(|expected| (expected, expected.as_word())) {
        Some((_, Some(word))) => word.serialize(serializer),
        Some((expected, None)) => expected.serialize(serializer),
        None => serializer.serialize_none(),
    }
}
