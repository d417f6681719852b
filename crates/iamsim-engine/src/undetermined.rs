//! Decisions while some facts are unknown: which outcomes can be, and the exact conditions on those facts under
//! which each is.
//!
//! Every clause and every resource pattern that asks for an unknown key is a [`Fact`] that may hold or not. The
//! gates are passed with each combination of the facts they come to ask for; a combination that no value of the
//! keys can bring about is left out, but only where that is certain. What all combinations agree on is determined.

mod conditions;
mod explore;
mod facts;
mod literals;
mod samples;
mod space;
mod walk;

use crate::context::ContextValue;
use crate::decision::{DecidedBy, Outcome};
use crate::explain::StatementRef;
use crate::policy_set::PolicySet;
use crate::record::Element;
use crate::request::Request;
use crate::services;
use crate::undetermined::explore::Leaf;
use crate::undetermined::facts::Question;
use crate::undetermined::space::Space;

/// Which context keys of a request are unknown.
#[derive(Clone, Copy)]
pub struct Unknown<'u> {
    /// Keys that may hold anything or be absent, whatever the request says of them.
    pub keys: &'u [String],
    /// Whether every key that policies ask for and the request does not have is unknown, too.
    pub every_missing: bool,
    /// Whether a key is multivalued by its definition; `None` when nobody knows.
    pub is_multivalued: &'u dyn Fn(&str) -> Option<bool>,
}

/// Why a key cannot be unknown: something other than a policy looks at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CannotBeUnknown {
    /// The key as given.
    pub key: String,
    /// What looks at it, a sentence without its end.
    pub why: &'static str,
}

/// What is certain about a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The outcome is this, whatever the unknown keys hold.
    Determined(Outcome),
    /// It is denied in any case; whether implicitly or explicitly depends.
    Denied,
    /// It is allowed or denied, depending on the unknown keys.
    Undetermined,
}

/// A decision on a request of which some facts are unknown.
#[derive(Debug, Clone)]
pub struct PartialEvaluation {
    /// What is certain.
    pub verdict: Verdict,
    /// For [`Verdict::Undetermined`]: whether values of the unknown keys were found that make it allowed, and others
    /// that make it denied. Otherwise one of the two may be impossible, though nothing shows that it is.
    pub is_proven: bool,
    /// Whether there were more combinations of facts than were looked at. The conditions then do not cover all.
    pub is_cut_short: bool,
    /// The unknown keys that bear on the decision, as first written, in the order policies ask for them.
    pub keys: Vec<String>,
    /// What the conditions are about.
    pub facts: Vec<Fact>,
    /// The outcomes that can be: allowed first, explicit denies next.
    pub ways: Vec<Way>,
}

/// Something a policy asks about unknown keys: it holds or it does not.
#[derive(Debug, Clone)]
pub struct Fact {
    /// Every place that asks the same; the first is where the gates come to it first.
    pub places: Vec<(StatementRef, Element)>,
    /// The unknown keys it is about, as first written.
    pub keys: Vec<String>,
    question: Question,
}

/// An outcome and when it is.
#[derive(Debug, Clone)]
pub struct Way {
    /// The outcome.
    pub outcome: Outcome,
    /// It is when any of these is met. One that asks nothing is always met.
    pub terms: Vec<Term>,
}

/// Facts that together make an outcome.
#[derive(Debug, Clone)]
pub struct Term {
    /// Which facts, by their number, and whether they are to hold.
    pub facts: Vec<(usize, bool)>,
    /// What settles the decision then, unless that depends on further facts.
    pub decided_by: Option<DecidedBy>,
    /// The statements that apply because the facts are so: those that deny, for an explicit deny; otherwise those
    /// that allow.
    pub statements: Vec<StatementRef>,
    /// Values of the unknown keys that meet the term, `None` for absent ones; evaluated, they give the outcome.
    /// `None` when none were found.
    pub example: Option<Vec<(String, Option<ContextValue>)>>,
}

/// Decides a request of which some context keys are unknown.
///
/// # Errors
/// When a service's own rule, and not only policies, looks at an unknown key.
pub fn evaluate_partially(
    request: &Request,
    policies: &PolicySet,
    unknown: &Unknown<'_>,
) -> Result<PartialEvaluation, CannotBeUnknown> {
    let names = with_dependents(request, unknown.keys);
    let mut context = request.context().to_context();
    for name in &names {
        context.remove(name);
    }
    let known = request.with_circumstances(context);
    let inventory = facts::gather(&known, policies, &names, unknown.every_missing);
    for name in names.iter().chain(&inventory.keys) {
        let by_id = inventory.names_unique_ids && name.eq_ignore_ascii_case("aws:userid");
        let why = by_id.then_some("a policy names a user or role by its unique id, which this key tells");
        if let Some(why) = why.or_else(|| services::reads(request, policies, name)) {
            return Err(CannotBeUnknown { key: name.clone(), why });
        }
    }
    let space = Space::new(&known, &inventory, unknown.is_multivalued);
    let exploration = explore::explore(&known, policies, &inventory, &space);
    let ways = conditions::ways(&exploration, &inventory);
    let used = exploration.leaves.iter().fold(0, |used, leaf| used | leaf.cube.care);
    let is_used = |key: &&String| {
        let mut facts = inventory.facts.iter().enumerate();
        facts.any(|(number, fact)| used & (1 << number) != 0 && fact.keys.contains(key))
    };
    Ok(PartialEvaluation {
        verdict: verdict(&exploration.leaves, exploration.is_cut_short),
        is_proven: is_proven(&exploration.leaves),
        is_cut_short: exploration.is_cut_short,
        keys: inventory.keys.iter().filter(is_used).cloned().collect(),
        facts: inventory.facts,
        ways,
    })
}

/// A request that services may have forwarded may be one that a service makes.
fn with_dependents(request: &Request, keys: &[String]) -> Vec<String> {
    let mut names = keys.to_vec();
    let via = "aws:ViaAWSService";
    let forwarded = keys.iter().any(|key| key.to_ascii_lowercase().starts_with("aws:calledvia"));
    if forwarded && request.context().text(via) == Some("false") {
        names.push(via.to_owned());
    }
    names
}

fn verdict(leaves: &[Leaf], is_cut_short: bool) -> Verdict {
    let mut outcomes = leaves.iter().map(|leaf| leaf.decision.outcome);
    let Some(first) = outcomes.next() else { return Verdict::Undetermined };
    if is_cut_short {
        return Verdict::Undetermined;
    }
    let rest: Vec<Outcome> = outcomes.collect();
    if rest.iter().all(|outcome| *outcome == first) {
        return Verdict::Determined(first);
    }
    let mut all = rest.into_iter().chain([first]);
    if all.all(|outcome| outcome != Outcome::Allowed) { Verdict::Denied } else { Verdict::Undetermined }
}

fn is_proven(leaves: &[Leaf]) -> bool {
    let shown =
        |allowed| leaves.iter().any(|leaf| leaf.example.is_some() && leaf.decision.is_allowed() == allowed);
    shown(true) && shown(false)
}

impl Fact {
    /// Whether the fact holds of a request that has the keys, or is known not to have them.
    #[must_use]
    pub fn holds(&self, request: &Request) -> bool {
        self.question.holds(request, &request.context())
    }
}

impl PartialEvaluation {
    /// The outcome that the conditions foretell for the same request once its facts are known; `None` where they do
    /// not reach, because the search was cut short.
    #[must_use]
    pub fn outcome_of(&self, request: &Request) -> Option<Outcome> {
        let is_met = |term: &Term| {
            term.facts.iter().all(|(number, wanted)| {
                self.facts.get(*number).is_some_and(|fact| fact.holds(request) == *wanted)
            })
        };
        self.ways.iter().find(|way| way.terms.iter().any(is_met)).map(|way| way.outcome)
    }
}

impl Verdict {
    /// Whether it is allowed for certain.
    #[must_use]
    pub fn is_allowed(self) -> bool {
        self == Self::Determined(Outcome::Allowed)
    }

    /// Whether it is denied for certain.
    #[must_use]
    pub fn is_denied(self) -> bool {
        !self.is_allowed() && self != Self::Undetermined
    }

    /// The one decision there can be, for reports that name one: `None` when it depends.
    #[must_use]
    pub fn outcome(self) -> Option<Outcome> {
        match self {
            Self::Determined(outcome) => Some(outcome),
            Self::Denied | Self::Undetermined => None,
        }
    }

    /// `allowed`, `implicitDeny`, `explicitDeny`, `denied` or `undetermined`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Determined(outcome) => outcome.as_str(),
            Self::Denied => "denied",
            Self::Undetermined => "undetermined",
        }
    }
}
