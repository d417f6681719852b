//! A decision with everything that led to it.

use std::sync::Arc;

use iamsim_syntax::{ConditionOperator, Effect, PolicyType, Span};

use crate::case::Case;
use crate::compiled::principal::Grant;
use crate::compiled::{Policy, Statement};
use crate::context::{ContextValue, Key};
use crate::decision::{Decision, Outcome};
use crate::evaluate::decide;
use crate::policy_set::PolicySet;
use crate::record::{Element, Gate, Passage, Place, Recorder};
use crate::request::Request;
use crate::request_context::ValueRef;

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
    policies: PolicySet,
    statements: Vec<Noted>,
    /// Whether each element of each statement matched, one statement's after the other's.
    matches: Vec<bool>,
}

/// What one statement did with a request.
#[derive(Debug, Clone, Copy)]
pub struct StatementTrace<'e> {
    /// Where it stands.
    pub at: StatementRef,
    /// Its policy.
    pub policy: &'e Arc<Policy>,
    /// The statement.
    pub statement: &'e Statement,
    /// How it names the caller, when all its elements match.
    pub grant: Option<Grant>,
    /// Whether each of its elements matched.
    matches: &'e [bool],
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
    let (decision, notes) = Notes::<false>::taken(request, policies);
    evaluation(decision, notes.matched, notes.missing)
}

/// Decides a request and writes down everything on the way.
#[must_use]
pub fn explain(request: &Request, policies: &PolicySet) -> Explanation {
    let (decision, notes) = Notes::<true>::taken(request, policies);
    Explanation {
        evaluation: evaluation(decision, notes.matched, notes.missing),
        gates: notes.gates,
        policies: policies.clone(),
        statements: notes.statements,
        matches: notes.matches,
    }
}

impl Explanation {
    /// Every statement of every policy that meets the request.
    pub fn statements(&self) -> impl Iterator<Item = StatementTrace<'_>> {
        let mut next = 0;
        self.statements.iter().filter_map(move |noted| {
            let matches = next..noted.matches_end;
            next = noted.matches_end;
            let policy = self.policies.policy(noted.at.place)?;
            Some(StatementTrace {
                at: noted.at,
                policy,
                statement: policy.statements().get(noted.at.statement)?,
                grant: noted.grant,
                matches: self.matches.get(matches)?,
            })
        })
    }
}

impl<'e> StatementTrace<'e> {
    /// Every element and whether it matched. A statement without a principal speaks of whoever it is attached to, so
    /// its principal matches.
    pub fn elements(&self) -> impl Iterator<Item = (Element, bool)> + use<'e> {
        self.statement.elements().zip(self.matches.iter().copied())
    }

    /// The elements that did not match.
    pub fn misses(&self) -> impl Iterator<Item = Element> + use<'e> {
        self.elements().filter(|(_, matches)| !matches).map(|(element, _)| element)
    }

    /// Whether all elements but one match: what was nearly right.
    #[must_use]
    pub fn near_miss(&self) -> Option<Element> {
        let mut misses = self.misses();
        let miss = misses.next()?;
        misses.next().is_none().then_some(miss)
    }
}

impl Statement {
    /// What the clause of a condition compares, for an [`Element::Condition`].
    #[must_use]
    pub fn condition(&self, number: usize, request: &Request) -> Option<ConditionDetail> {
        let condition = self.conditions.get(number)?;
        Some(ConditionDetail {
            operator: condition.operator(),
            key: condition.name().into(),
            value: condition.value(&request.context()).map(ValueRef::to_owned),
            span: condition.span(),
        })
    }
}

/// What statements and gates did with a request; with `ELEMENTS`, element by element.
#[derive(Default)]
struct Notes<const ELEMENTS: bool> {
    matched: Vec<Matched>,
    missing: Vec<Key>,
    matches: Vec<bool>,
    statements: Vec<Noted>,
    gates: Vec<(Gate, Passage)>,
}

/// A statement that applies.
struct Matched {
    at: StatementRef,
    effect: Effect,
    grant: Grant,
}

/// A statement that was looked at.
#[derive(Debug, Clone)]
struct Noted {
    at: StatementRef,
    grant: Option<Grant>,
    /// Where those of its elements end; they begin where those of the statement before end.
    matches_end: usize,
}

/// Room for as many statements as mostly apply.
const USUAL_MATCHES: usize = 16;
/// Room for a principal, action, resource and three conditions.
const USUAL_ELEMENTS: usize = 6;

impl<const ELEMENTS: bool> Notes<ELEMENTS> {
    /// Compares every statement with the request once, then sends it through the gates, which are answered from
    /// what came of that.
    fn taken(request: &Request, policies: &PolicySet) -> (Decision, Self) {
        let case = Case::new(request, policies);
        let mut notes = Self { matched: Vec::with_capacity(USUAL_MATCHES), ..Self::default() };
        if ELEMENTS {
            let statements = case.statement_count();
            notes.statements.reserve(statements);
            notes.matches.reserve(statements * USUAL_ELEMENTS);
        }
        case.survey(&mut notes);
        (decide(&case, &mut notes), notes)
    }
}

impl<const ELEMENTS: bool> Recorder for Notes<ELEMENTS> {
    const EVERY_STATEMENT: bool = true;
    const EVERY_ELEMENT: bool = ELEMENTS;
    const FORESEES: bool = true;

    fn foreseen(&mut self, policy_type: PolicyType, level: usize, effect: Effect) -> Option<Grant> {
        let asked_for = |matched: &&Matched| {
            let Place { policy_type: its_type, level: its_level, .. } = matched.at.place;
            (its_type, its_level, matched.effect) == (policy_type, level, effect)
        };
        self.matched.iter().filter(asked_for).map(|matched| matched.grant).max()
    }

    fn element(&mut self, _: Place, _: &Statement, _: Element, matches: bool) -> bool {
        if ELEMENTS {
            self.matches.push(matches);
        }
        matches
    }

    fn statement(&mut self, at: StatementRef, statement: &Statement, grant: Option<Grant>) {
        if let Some(grant) = grant {
            self.matched.push(Matched { at, effect: statement.effect(), grant });
        }
        if ELEMENTS {
            self.statements.push(Noted { at, grant, matches_end: self.matches.len() });
        }
    }

    fn missing_key(&mut self, key: &Key) {
        self.missing.push(key.clone());
    }

    fn gate(&mut self, gate: Gate, passage: Passage) {
        if ELEMENTS {
            self.gates.push((gate, passage));
        }
    }
}

fn evaluation(decision: Decision, matched: Vec<Matched>, missing: Vec<Key>) -> Evaluation {
    let wanted = match decision.outcome {
        Outcome::ExplicitDeny => Effect::Deny,
        Outcome::Allowed | Outcome::ImplicitDeny => Effect::Allow,
    };
    let matched = matched.into_iter().filter(|matched| matched.effect == wanted).map(|matched| matched.at);
    let mut matched: Vec<_> = matched.collect();
    matched.sort_unstable();
    matched.dedup();
    Evaluation { decision, matched, missing_context_values: names(missing) }
}

/// The names of the keys in order, each once. Of several spellings it is the same one in whatever order they come.
fn names(mut keys: Vec<Key>) -> Vec<String> {
    keys.sort_unstable_by(Key::cmp_by_hash);
    keys.dedup();
    let mut names: Vec<String> = keys.iter().map(|key| key.as_str().to_owned()).collect();
    names.sort_by_cached_key(|name| name.to_lowercase());
    names
}

#[cfg(test)]
mod tests {
    use iamsim_syntax::parse;

    use super::*;
    use crate::principal::Principal;

    /// Statements enough for an index, which finds them in another order than they are written in.
    fn policy(keys: &[&str]) -> Arc<Policy> {
        let actions = ["s3:Get*", "s3:GetObject", "*"].iter().cycle();
        let statement = |(key, action): (&&str, &&str)| {
            let condition = format!(r#"{{"StringEquals": {{"{key}": "a"}}}}"#);
            format!(
                r#"{{"Effect": "Allow", "Action": "{action}", "Resource": "*", "Condition": {condition}}}"#
            )
        };
        let statements: Vec<String> = keys.iter().cycle().zip(actions).take(60).map(statement).collect();
        let text = format!(r#"{{"Statement": [{}]}}"#, statements.join(","));
        let policy = parse(&text, PolicyType::IdentityBased).0.unwrap();
        Arc::new(Policy::compile(&policy, "p"))
    }

    #[test]
    fn a_missing_key_is_named_once_and_alike_however_its_statements_are_found() {
        let keys =
            ["s3:prefix", "aws:principaltag/Team", "aws:PrincipalTag/team", "s3:Delimiter", "S3:prefix"];
        let policies = PolicySet { identity: policy(&keys).into(), ..PolicySet::default() };
        let caller = Principal::from_arn("arn:aws:iam::111122223333:user/alice").unwrap();
        let request = Request::of(caller, "s3:GetObject", "arn:aws:s3:::amzn-s3-demo-bucket/a").complete();
        let evaluation = evaluate_fully(&request, &policies);
        let missing = ["aws:PrincipalTag/team", "s3:Delimiter", "S3:prefix"];
        assert_eq!(evaluation.missing_context_values, missing);
        assert_eq!(explain(&request, &policies).evaluation, evaluation);
    }
}
