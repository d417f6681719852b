//! What is certain of a check and what depends on unknown facts, as data.

mod words;

use std::sync::Arc;

use iamsim_engine::{
    CannotBeUnknown, ContextValue, Element, Fact, PartialEvaluation, PolicySet, Request, Term, Verdict, Way,
};
use iamsim_syntax::{Diagnostic, Span};
use schemars::JsonSchema;
use serde::Serialize;
use serde::ser::SerializeMap;

use crate::answer::{self, DecidedByAnswer, Here, MatchedStatement, matched_statement};
use crate::library::Library;
use crate::source::Source;
use crate::undetermined::words::Clause;
use crate::written::Texts;

/// What settles a decision that is not certain.
pub(crate) const DECIDED_BY_UNKNOWN: DecidedByAnswer =
    DecidedByAnswer { policy_type: None, kind: "unknownKeys" };

/// On what a decision depends, and how.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Dependence {
    /// The unknown keys that bear on it.
    pub unknown_context_keys: Vec<String>,
    /// How sure it is that it depends on them.
    pub certainty: Certainty,
    /// The decisions there can be, and when each is.
    pub conditions: Vec<DecisionConditions>,
}

/// How sure it is that a decision depends on unknown keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Certainty {
    /// Values were found for each decision.
    Proven,
    /// The conditions hold, but it may be that no values meet those of one decision.
    Unproven,
    /// There are too many combinations to look at all; the conditions hold as far as they reach.
    CutShort,
}

/// A decision and when it is.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DecisionConditions {
    /// `allowed`, `implicitDeny` or `explicitDeny`.
    pub decision: &'static str,
    /// It is when any of these is met.
    pub any_of: Vec<TermReport>,
}

/// Facts that together make a decision.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TermReport {
    /// All of these.
    pub all_of: Vec<FactReport>,
    /// What settles the decision then, unless that depends on further facts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decided_by: Option<DecidedByAnswer>,
    /// The statements that apply because the facts are so.
    pub statements: Vec<MatchedStatement>,
    /// Values that make it so, `null` for absent keys; none when none were found.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "example")]
    #[schemars(schema_with = "crate::schema::words::context")]
    pub example: Option<Vec<(String, Option<ContextValue>)>>,
}

/// A fact that policies ask about, and how it is to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct FactReport {
    /// `Condition`, `Resource` or `NotResource`.
    pub element: &'static str,
    /// The operator of a condition.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operator: Option<String>,
    /// The key of a condition, as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// What the policy says; empty when its text is not at hand.
    pub policy_values: Vec<String>,
    /// Whether it is to hold.
    pub holds: bool,
    /// The same in words: `aws:SourceIp is in 203.0.113.0/24`.
    pub text: String,
}

/// The conditions of a check that is not certain; `None` for one that is.
pub(crate) fn dependence(
    library: &Library,
    here: &Arc<Source>,
    request: &Request,
    policies: &PolicySet,
    partial: &PartialEvaluation,
) -> Option<Dependence> {
    let certainty = match partial.verdict {
        Verdict::Determined(_) => return None,
        Verdict::Denied => Certainty::Proven,
        Verdict::Undetermined if partial.is_proven => Certainty::Proven,
        Verdict::Undetermined if partial.is_cut_short => Certainty::CutShort,
        Verdict::Undetermined => Certainty::Unproven,
    };
    let places = answer::Texts::new(library);
    let mut texts = Texts::with(library, Arc::clone(here));
    let facts: Vec<_> =
        partial.facts.iter().map(|fact| clause(&mut texts, fact, request, policies)).collect();
    let term = |term: &Term| {
        let all_of = term.facts.iter().filter_map(|(number, holds)| {
            let clause = facts.get(*number)?.as_ref()?;
            Some(report(clause, *holds))
        });
        let statements = term
            .statements
            .iter()
            .filter_map(|at| matched_statement(&places, Here::Text(here), policies, *at));
        TermReport {
            all_of: all_of.collect(),
            decided_by: term.decided_by.map(DecidedByAnswer::from),
            statements: statements.collect(),
            example: term.example.clone(),
        }
    };
    let conditions = |way: &Way| DecisionConditions {
        decision: way.outcome.as_str(),
        any_of: way.terms.iter().map(term).collect(),
    };
    Some(Dependence {
        unknown_context_keys: partial.keys.clone(),
        certainty,
        conditions: partial.ways.iter().map(conditions).collect(),
    })
}

/// What is wrong when a key cannot be unknown.
pub(crate) fn refusal(error: &CannotBeUnknown, span: Span) -> Diagnostic {
    let message = format!("`{}` cannot be unknown: {}", error.key, error.why);
    Diagnostic::error("cannot-be-unknown", span, message).with_help("give it a value, or leave it out")
}

fn report(clause: &Clause, holds: bool) -> FactReport {
    FactReport {
        element: clause.element,
        operator: clause.condition.as_ref().map(|(operator, _)| operator.to_string()),
        key: clause.condition.as_ref().map(|(_, key)| key.clone()),
        policy_values: clause.values.clone(),
        holds,
        text: words::of(clause, holds),
    }
}

/// What a fact is about, as the policy that asks first writes it.
fn clause(texts: &mut Texts<'_>, fact: &Fact, request: &Request, policies: &PolicySet) -> Option<Clause> {
    let (at, element) = fact.places.first()?;
    let policy = policies.policy(at.place)?;
    let statement = policy.statements().get(at.statement)?;
    let written = texts.statement(policy, statement);
    let context = &request.context();
    match element {
        Element::Condition(number) => {
            let detail = statement.condition(*number, request)?;
            let written = written.and_then(|written| written.condition(detail.span, context));
            let is_unknown = fact.keys.iter().any(|key| key.eq_ignore_ascii_case(&detail.key));
            Some(Clause {
                element: "Condition",
                condition: Some((detail.operator, detail.key.to_string())),
                values: written.map(|written| written.values).unwrap_or_default(),
                key_is_unknown: is_unknown,
            })
        }
        Element::Principal | Element::Action | Element::Resource => {
            let written = written.and_then(|written| written.element("Resource", "NotResource", context));
            let name = written.as_ref().map_or("Resource", |written| written.name);
            let values = written.map(|written| written.values).unwrap_or_default();
            // Those without variables do not cover it, or nothing would depend.
            let values = values.into_iter().filter(|value| value.contains("${")).collect();
            Some(Clause { element: name, condition: None, values, key_is_unknown: true })
        }
    }
}

fn example<S: serde::Serializer>(
    example: &Option<Vec<(String, Option<ContextValue>)>>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(None)?;
    for (key, value) in example.iter().flatten() {
        match value {
            None => map.serialize_entry(key, &())?,
            Some(ContextValue::One(text)) => map.serialize_entry(key, &**text)?,
            Some(ContextValue::Many(texts)) => {
                let texts: Vec<&str> = texts.iter().map(|text| &**text).collect();
                map.serialize_entry(key, &texts)?;
            }
        }
    }
    map.end()
}
