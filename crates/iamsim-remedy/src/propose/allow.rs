//! An allow that is missing: statements that nearly give it, and one that would.

use iamsim_engine::{Element, Explanation, Place, StatementRef, StatementTrace};
use iamsim_syntax::{Effect, PolicyType, Principal, Sense, Statement};

use super::circumstance::{Subject, weight_of};
use super::{Proposal, grant, weight};
use crate::case::Case;
use crate::edit::{Addition, Edit};

/// How many statements are looked at: the nearest.
const NEAREST: usize = 6;

pub(super) fn proposals(case: &Case, explanation: &Explanation, policy_type: PolicyType) -> Vec<Proposal> {
    let mut found = of_side(case, explanation, policy_type, 0);
    let in_one_account = case.request.principal().account() == case.request.resource_account();
    if policy_type == PolicyType::IdentityBased && in_one_account && !case.policies.resource.is_empty() {
        found.extend(of_side(case, explanation, case.resource_policy_type(), weight::OTHER_SIDE));
    }
    found
}

fn of_side(
    case: &Case,
    explanation: &Explanation,
    policy_type: PolicyType,
    more_weight: u32,
) -> Vec<Proposal> {
    let level = match policy_type {
        PolicyType::ServiceControl => case.silent_level(explanation).unwrap_or_default(),
        _ => 0,
    };
    let concerned = explanation.statements().filter(|trace| {
        let Place { policy_type: its_type, level: its_level, .. } = trace.at.place;
        trace.statement.effect() == Effect::Allow && its_type == policy_type && its_level == level
    });
    let mut nearest: Vec<StatementTrace<'_>> = concerned.filter(|trace| trace.misses().count() > 0).collect();
    nearest.sort_by_key(|trace| trace.misses().count());
    nearest.truncate(NEAREST);
    let mut found: Vec<Proposal> = nearest.iter().flat_map(|trace| of_statement(case, trace)).collect();
    found.extend(grant::proposal(case, policy_type, level));
    found.extend(grant::share(case, policy_type));
    for proposal in &mut found {
        proposal.weight += more_weight;
    }
    found
}

/// What would make a statement match that nearly does.
fn of_statement(case: &Case, trace: &StatementTrace<'_>) -> Vec<Proposal> {
    let Some(subject) = Subject::new(case, trace.at) else { return Vec::new() };
    let Some(statement) = subject.statement() else { return Vec::new() };
    let conditions: Vec<usize> = trace
        .misses()
        .filter_map(|miss| match miss {
            Element::Condition(number) => Some(number),
            Element::Principal | Element::Action | Element::Resource => None,
        })
        .collect();
    let others: Vec<Element> = trace.misses().filter(|miss| !matches!(miss, Element::Condition(_))).collect();
    let circumstances = if conditions.is_empty() { Some(Vec::new()) } else { subject.met() };
    let may_edit = case.may_edit(trace.at.place);
    match (&*others, circumstances) {
        ([], circumstances) => {
            let met = circumstances.map(|edits| Proposal { weight: weight_of(&edits), edits });
            let loosened = may_edit.then(|| loosened(case, trace.at, statement, &conditions)).flatten();
            met.into_iter().chain(loosened).collect()
        }
        ([miss], Some(circumstances)) if may_edit => {
            let widened = widened(case, trace.at, statement, *miss);
            let together = |(edit, weight): (Edit, u32)| {
                let weight = weight + weight_of(&circumstances);
                let mut edits = circumstances;
                edits.push(edit);
                Proposal { edits, weight }
            };
            widened.map(together).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

/// A condition that also takes what the request has.
fn loosened(case: &Case, at: StatementRef, statement: &Statement, failing: &[usize]) -> Option<Proposal> {
    let [condition] = failing else { return None };
    let clause = statement.conditions.get(*condition)?;
    let value = case.request.context().text(&clause.key.value)?;
    let by = Addition::Value { condition: *condition, value: value.into() };
    Some(Proposal { edits: vec![Edit::Widen { at, by }], weight: weight::CONDITION })
}

/// The one element that differs, with what the request has added to it.
fn widened(case: &Case, at: StatementRef, statement: &Statement, miss: Element) -> Option<(Edit, u32)> {
    let request = &case.request;
    let (by, is_narrow) = match miss {
        Element::Action => {
            let service = request.action().service();
            let same_service = |pattern: &str| {
                pattern.split_once(':').is_some_and(|(prefix, _)| prefix.eq_ignore_ascii_case(service))
            };
            let element = &statement.action;
            let is_near = element.patterns.iter().any(|pattern| same_service(&pattern.value));
            if element.sense == Sense::NotListed || !is_near {
                return None;
            }
            let by = Addition::Action(request.action().as_str().into());
            (by, has_one_resource(statement) && names_one(statement))
        }
        Element::Resource => {
            let element = statement.resource.as_ref()?;
            let is_everything = request.resource() == "*";
            if element.sense == Sense::NotListed || is_everything {
                return None;
            }
            let by = Addition::Resource(grant::resource(case, at.place)?);
            (by, has_one_action(statement) && names_one(statement))
        }
        Element::Principal => {
            let element = statement.principal.as_ref()?;
            let principal = grant::principal(request.principal())?;
            let same_kind = |other: &Principal| kind(other) == kind(&principal);
            let is_near = element.principals.iter().any(|other| same_kind(&other.value));
            if element.sense == Sense::NotListed || !is_near || principal == Principal::Everyone {
                return None;
            }
            let by = Addition::Principals(vec![principal]);
            (by, has_one_action(statement) && has_one_resource(statement))
        }
        Element::Condition(_) => return None,
    };
    let weight = if is_narrow { weight::NARROW } else { weight::BROAD };
    Some((Edit::Widen { at, by }, weight))
}

/// Which list of a `Principal` element one stands in.
fn kind(principal: &Principal) -> &'static str {
    match principal {
        Principal::Service(_) => "Service",
        Principal::Federated(_) => "Federated",
        Principal::CanonicalUser(_) => "CanonicalUser",
        Principal::Everyone
        | Principal::Account { .. }
        | Principal::User(_)
        | Principal::Role(_)
        | Principal::AssumedRoleSession(_)
        | Principal::FederatedUser(_)
        | Principal::UniqueId(_) => "AWS",
    }
}

fn has_one_action(statement: &Statement) -> bool {
    let element = &statement.action;
    element.sense == Sense::Listed && matches!(&*element.patterns, [only] if !only.value.contains(['*', '?']))
}

fn has_one_resource(statement: &Statement) -> bool {
    let Some(element) = &statement.resource else { return true };
    element.sense == Sense::Listed && matches!(&*element.patterns, [only] if !only.value.contains(['*', '?']))
}

fn names_one(statement: &Statement) -> bool {
    let Some(element) = &statement.principal else { return true };
    let is_one =
        |principal: &Principal| !matches!(principal, Principal::Everyone | Principal::Account { .. });
    element.sense == Sense::Listed && matches!(&*element.principals, [only] if is_one(&only.value))
}
