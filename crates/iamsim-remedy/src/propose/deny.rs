//! A statement that denies: the circumstances it spares, and after those an exception to it.

use iamsim_engine::{Explanation, Principal as Caller, StatementRef};
use iamsim_syntax::{
    ArnSpelling, Comparison, Condition, Polarity, PolicyType, Principal, Sense, Statement, StringTest,
};

use super::circumstance::{Subject, weight_of};
use super::{Proposal, grant, weight};
use crate::case::Case;
use crate::edit::{Addition, Edit};

/// What gets around the first statement that denies. Where several do, each is met in its turn.
pub(super) fn proposals(case: &Case, explanation: &Explanation, policy_type: PolicyType) -> Vec<Proposal> {
    let matched = explanation.evaluation.matched.iter();
    let Some(at) = matched.copied().find(|at| at.place.policy_type == policy_type) else { return Vec::new() };
    let Some(subject) = Subject::new(case, at) else { return Vec::new() };
    let escapes = subject.escapes().into_iter().map(|edit| {
        let edits = vec![edit];
        Proposal { weight: weight_of(&edits), edits }
    });
    let exceptions = subject
        .statement()
        .filter(|_| case.may_edit(at.place))
        .map(|statement| exceptions(case, at, statement))
        .unwrap_or_default();
    let exceptions = exceptions.into_iter().enumerate().map(|(rank, by)| Proposal {
        edits: vec![Edit::Spare { at, by }],
        weight: weight::DENY + rank as u32,
    });
    escapes.chain(exceptions).collect()
}

/// Exceptions for this caller or for what it asks, those for the caller alone first.
fn exceptions(case: &Case, at: StatementRef, statement: &Statement) -> Vec<Addition> {
    let mut found: Vec<Addition> = Vec::new();
    found.extend(for_caller(case, statement));
    found.extend(not_listed(case, at, statement));
    for (condition, clause) in statement.conditions.iter().enumerate() {
        let is_exception = clause.operator.value.comparison.polarity() == Polarity::Negated;
        let value = case.request.context().text(&clause.key.value);
        if let (true, Some(value)) = (is_exception, value) {
            let by = Addition::Value { condition, value: value.into() };
            if !found.contains(&by) {
                found.push(by);
            }
        }
    }
    found
}

/// The statement does not speak of this caller: by a condition, the way AWS recommends over `NotPrincipal`.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html>
fn for_caller(case: &Case, statement: &Statement) -> Option<Addition> {
    let (comparison, key) = match case.request.principal() {
        Caller::Service { .. } => {
            (Comparison::String(StringTest::Equals, Polarity::Negated), "aws:PrincipalServiceName")
        }
        Caller::Federated { .. } => {
            (Comparison::String(StringTest::Equals, Polarity::Negated), "aws:FederatedProvider")
        }
        _ => (Comparison::Arn(ArnSpelling::Equals, Polarity::Negated), "aws:PrincipalArn"),
    };
    let value = case.request.context().text(key)?;
    let on_key = |clause: &Condition| clause.key.value.eq_ignore_ascii_case(key);
    let is_negated = |clause: &Condition| {
        let operator = clause.operator.value;
        operator.comparison.polarity() == Polarity::Negated && operator.qualifier.is_none()
    };
    let there = statement.conditions.iter().position(|clause| on_key(clause) && is_negated(clause));
    Some(match there {
        Some(condition) => Addition::Value { condition, value: value.into() },
        None => Addition::Condition(grant::clause(comparison, key, value)),
    })
}

/// One more of what a `Not…` element leaves out.
fn not_listed(case: &Case, at: StatementRef, statement: &Statement) -> Vec<Addition> {
    let mut found = Vec::new();
    if let Some(element) = &statement.principal
        && element.sense == Sense::NotListed
        && let Some(principal) = grant::principal(case.request.principal())
    {
        found.push(Addition::Principals(with_account(case, principal)));
    }
    if let Some(element) = &statement.resource
        && element.sense == Sense::NotListed
    {
        found.extend(grant::resource(case, at.place).map(Addition::Resource));
    }
    if statement.action.sense == Sense::NotListed {
        found.push(Addition::Action(case.request.action().as_str().into()));
    }
    found
}

/// `NotPrincipal` spares a user or role only when its account is listed, too.
fn with_account(case: &Case, principal: Principal) -> Vec<Principal> {
    let account = case.request.principal().account().map(|account| Principal::Account {
        partition: case.request.principal().partition().map(Into::into),
        account: account.as_str().into(),
    });
    let account = account.filter(|account| *account != principal);
    account.into_iter().chain([principal]).collect()
}
