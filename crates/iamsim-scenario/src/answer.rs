//! The answer to a request as data, the same in every report.

use std::cell::RefCell;
use std::sync::Arc;

use iamsim_engine::{
    ContextValue, DecidedBy, Decision, Element, Evaluation, Place, Policy, PolicySet, Request, StatementRef,
    StatementTrace, explain,
};
use iamsim_syntax::{Effect, PolicyType};
use serde::Serialize;

use crate::library::{IN_PLACE, Library};
use crate::report::NearMiss;
use crate::source::Source;

/// What settled a decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DecidedByAnswer {
    /// The type of the policies that settled it, if policies did.
    pub policy_type: Option<&'static str>,
    /// `allow`, `explicitDeny`, `missingAllow`, …
    pub kind: &'static str,
}

impl From<DecidedBy> for DecidedByAnswer {
    fn from(decided_by: DecidedBy) -> Self {
        let policy_type = decided_by.policy_type().map(PolicyType::as_str);
        Self { policy_type, kind: decided_by.kind() }
    }
}

/// A statement that bears a decision out.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MatchedStatement {
    /// The type of its policy.
    pub policy_type: &'static str,
    /// What people call its policy.
    pub policy: String,
    /// Its `Sid`.
    pub sid: Option<String>,
    /// The line of the file it begins on, from 1.
    pub line: u32,
    /// The column, in characters from 1.
    pub column: u32,
    /// The file it stands in.
    #[serde(skip)]
    pub source: Arc<Source>,
}

/// The texts that policies were read from, each looked up in the library once.
pub(crate) struct Texts<'l> {
    library: &'l Library,
    known: RefCell<Vec<(u32, Arc<Source>)>>,
}

impl<'l> Texts<'l> {
    pub(crate) fn new(library: &'l Library) -> Self {
        Self { library, known: RefCell::default() }
    }

    /// The text of a policy; `here` is the one it was found in.
    fn of(&self, policy: &Policy, here: &Arc<Source>) -> Arc<Source> {
        let number = policy.source();
        if number == IN_PLACE {
            return Arc::clone(here);
        }
        let mut known = self.known.borrow_mut();
        match known.binary_search_by_key(&number, |(number, _)| *number) {
            Ok(at) => known.get(at).map_or_else(|| Arc::clone(here), |(_, source)| Arc::clone(source)),
            Err(at) => {
                let source = self.library.source(number, here);
                known.insert(at, (number, Arc::clone(&source)));
                source
            }
        }
    }
}

/// The statements an evaluation lists, found in their files. `here` is the text policies in place stand in.
pub(crate) fn matched_statements(
    texts: &Texts<'_>,
    here: &Arc<Source>,
    policies: &PolicySet,
    evaluation: &Evaluation,
) -> Vec<MatchedStatement> {
    evaluation.matched.iter().filter_map(|at| matched_statement(texts, here, policies, *at)).collect()
}

/// How many near misses are worth reading.
const NEAR_MISSES: usize = 5;

/// The statements that would have allowed a request but for one element. Those about other actions are not near.
pub(crate) fn near_misses(
    texts: &Texts<'_>,
    here: &Arc<Source>,
    request: &Request,
    policies: &PolicySet,
    decision: Decision,
) -> Vec<NearMiss> {
    let DecidedBy::MissingAllow(policy_type) = decision.decided_by else { return Vec::new() };
    let statements = explain(request, policies).statements;
    let concerned = statements.iter().filter(|trace| {
        let is_allow = trace.statement().is_some_and(|statement| statement.effect() == Effect::Allow);
        is_allow && trace.at.place.policy_type == policy_type
    });
    let near_miss = |trace: &StatementTrace| {
        let miss = trace.near_miss().filter(|miss| *miss != Element::Action)?;
        let element = element(trace, miss, request);
        let statement = matched_statement(texts, here, policies, trace.at)?;
        Some(NearMiss { statement, element })
    };
    concerned.filter_map(near_miss).take(NEAR_MISSES).collect()
}

/// `Action`, or a condition with what it compared.
fn element(trace: &StatementTrace, element: Element, request: &Request) -> String {
    let number = match element {
        Element::Principal => return "Principal".to_owned(),
        Element::Action => return "Action".to_owned(),
        Element::Resource => return "Resource".to_owned(),
        Element::Condition(number) => number,
    };
    let Some(condition) = trace.condition(number, request) else { return "Condition".to_owned() };
    let value = match &condition.value {
        None => "is absent".to_owned(),
        Some(ContextValue::One(value)) => format!("is `{value}`"),
        Some(ContextValue::Many(values)) => format!("is [{}]", values.join(", ")),
    };
    format!("Condition {} on {}, which {value}", condition.operator, condition.key)
}

fn matched_statement(
    texts: &Texts<'_>,
    here: &Arc<Source>,
    policies: &PolicySet,
    at: StatementRef,
) -> Option<MatchedStatement> {
    let policy = policy_at(policies, at.place)?;
    let statement = policy.statements().get(at.statement)?;
    let source = texts.of(policy, here);
    let position = source.position(statement.span().start);
    Some(MatchedStatement {
        policy_type: at.place.policy_type.as_str(),
        policy: policy.name().to_owned(),
        sid: statement.sid().map(str::to_owned),
        line: position.line,
        column: position.column,
        source,
    })
}

fn policy_at(policies: &PolicySet, place: Place) -> Option<&Arc<Policy>> {
    match place.policy_type {
        PolicyType::IdentityBased => policies.identity.get(place.policy),
        PolicyType::PermissionsBoundary => policies.permissions_boundary.first(),
        PolicyType::Session => policies.session.get(place.policy),
        PolicyType::ResourceBased | PolicyType::RoleTrust => policies.resource.first(),
        PolicyType::ServiceControl => {
            policies.service_control.as_ref()?.get(place.level)?.policies.get(place.policy)
        }
        PolicyType::ResourceControl => {
            policies.resource_control.as_ref()?.get(place.level)?.policies.get(place.policy)
        }
        PolicyType::VpcEndpoint => policies.vpc_endpoint.as_ref()?.get(place.policy),
    }
}
