//! A decision with everything that led to it.

use std::sync::Arc;

use iamsim_syntax::{ConditionOperator, Effect, Span};

use crate::case::Case;
use crate::compiled::principal::Grant;
use crate::compiled::{Policy, Statement};
use crate::context::ContextValue;
use crate::decision::{Decision, Outcome};
use crate::evaluate::decide;
use crate::policy_set::PolicySet;
use crate::record::{Element, Gate, Passage, Place, Recorder};
use crate::request::Request;

/// A decision, the statements that matched, and what could not be known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evaluation {
    /// The decision, the same as [`crate::evaluate`] gives.
    pub decision: Decision,
    /// The statements that bear it out: those that deny, when it is an explicit deny; otherwise those that
    /// allow.
    pub matched: Vec<StatementRef>,
    /// The context keys that policies ask for and the request does not have, in order of name.
    pub missing_context_values: Vec<String>,
}

/// The place of a statement in a set of policies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct StatementRef {
    /// Where its policy stands.
    pub place: Place,
    /// Which of the policy's statements, counted from 0.
    pub statement: usize,
}

/// A decision with its whole way through the gates and what every statement did.
#[derive(Debug, Clone)]
pub struct Explanation {
    /// The same as [`evaluate_fully`] gives.
    pub evaluation: Evaluation,
    /// The gates the request came to, in order.
    pub gates: Vec<(Gate, Passage)>,
    /// Every statement of every policy that meets the request.
    pub statements: Vec<StatementTrace>,
}

/// What one statement did with a request.
#[derive(Debug, Clone)]
pub struct StatementTrace {
    /// Which statement.
    pub at: StatementRef,
    /// Its policy.
    pub policy: Arc<Policy>,
    /// How it names the caller, when all its elements match.
    pub grant: Option<Grant>,
    /// Every element and whether it matched.
    pub elements: Vec<(Element, bool)>,
}

/// What one clause of a condition compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConditionDetail {
    /// The operator.
    pub operator: ConditionOperator,
    /// The key as written.
    pub key: Box<str>,
    /// What the request holds under that key.
    pub value: Option<ContextValue>,
    /// Where the clause stands.
    pub span: Span,
}

/// Decides a request and lists the statements that matched and the keys that were missing.
#[must_use]
pub fn evaluate_fully(request: &Request, policies: &PolicySet) -> Evaluation {
    let case = Case::new(request, policies);
    let mut notes = Notes::<false>::default();
    let decision = decide(&case, &mut notes);
    case.survey(&mut notes);
    notes.evaluation(decision)
}

/// Decides a request and writes down everything on the way.
#[must_use]
pub fn explain(request: &Request, policies: &PolicySet) -> Explanation {
    let case = Case::new(request, policies);
    let mut notes = Notes::<true>::default();
    let decision = decide(&case, &mut notes);
    case.survey(&mut notes);
    let gates = std::mem::take(&mut notes.gates);
    let statements = std::mem::take(&mut notes.statements);
    Explanation {
        evaluation: notes.evaluation(decision),
        gates,
        statements: statements
            .into_iter()
            .filter_map(|trace| {
                Some(StatementTrace {
                    policy: Arc::clone(case.met.policy(trace.at.place)?),
                    at: trace.at,
                    grant: trace.grant,
                    elements: trace.elements,
                })
            })
            .collect(),
    }
}

impl StatementTrace {
    /// The statement.
    #[must_use]
    pub fn statement(&self) -> Option<&Statement> {
        self.policy.statements().get(self.at.statement)
    }

    /// Whether all elements but one match: what was nearly right.
    #[must_use]
    pub fn near_miss(&self) -> Option<Element> {
        let mut misses = self.elements.iter().filter(|(_, matches)| !matches).map(|(element, _)| *element);
        let miss = misses.next()?;
        misses.next().is_none().then_some(miss)
    }

    /// What the clause of a condition compared, for an [`Element::Condition`].
    #[must_use]
    pub fn condition(&self, number: usize, request: &Request) -> Option<ConditionDetail> {
        let condition = self.statement()?.conditions.get(number)?;
        Some(ConditionDetail {
            operator: condition.operator(),
            key: condition.name().into(),
            value: condition.value(request.context()).cloned(),
            span: condition.span(),
        })
    }
}

/// Takes down what happens; with `ELEMENTS`, element by element.
#[derive(Default)]
struct Notes<const ELEMENTS: bool> {
    gates: Vec<(Gate, Passage)>,
    matched: Vec<(Effect, StatementRef)>,
    missing: Vec<String>,
    elements: Vec<(Element, bool)>,
    statements: Vec<Noted>,
}

struct Noted {
    at: StatementRef,
    grant: Option<Grant>,
    elements: Vec<(Element, bool)>,
}

impl<const ELEMENTS: bool> Recorder for Notes<ELEMENTS> {
    const EVERY_STATEMENT: bool = true;
    const EVERY_ELEMENT: bool = ELEMENTS;

    fn element(&mut self, _: Place, _: &Statement, element: Element, matches: bool) -> bool {
        if ELEMENTS {
            self.elements.push((element, matches));
        }
        matches
    }

    fn statement(&mut self, place: Place, policy: &Policy, at: usize, grant: Option<Grant>) {
        let elements = std::mem::take(&mut self.elements);
        let Some(statement) = policy.statements().get(at) else { return };
        let at = StatementRef { place, statement: at };
        if grant.is_some() {
            self.matched.push((statement.effect(), at));
        }
        if ELEMENTS {
            self.statements.push(Noted { at, grant, elements });
        }
    }

    fn missing_key(&mut self, name: &str) {
        self.missing.push(name.to_owned());
    }

    fn gate(&mut self, gate: Gate, passage: Passage) {
        self.gates.push((gate, passage));
    }
}

impl<const ELEMENTS: bool> Notes<ELEMENTS> {
    fn evaluation(mut self, decision: Decision) -> Evaluation {
        let wanted = match decision.outcome {
            Outcome::ExplicitDeny => Effect::Deny,
            Outcome::Allowed | Outcome::ImplicitDeny => Effect::Allow,
        };
        self.missing.sort_unstable_by_key(|name| name.to_lowercase());
        self.missing.dedup_by_key(|name| name.to_lowercase());
        let matched = self.matched.into_iter().filter(|(effect, _)| *effect == wanted).map(|(_, at)| at);
        let mut matched: Vec<_> = matched.collect();
        matched.sort_unstable();
        matched.dedup();
        Evaluation { decision, matched, missing_context_values: self.missing }
    }
}
