//! Role trust policies: which principals and condition keys go with which STS actions.
//!
//! Sources: <https://docs.aws.amazon.com/STS/latest/APIReference/API_Operations.html> and
//! <https://docs.aws.amazon.com/rolesanywhere/latest/userguide/trust-model.html>

use std::collections::BTreeMap;

use iamsim_syntax::{Arn, Condition, Diagnostic, PolicyType, Principal, PrincipalElement, Sense, Statement};

use crate::checks::{
    MISMATCHED_ACTION_FOR_PRINCIPAL, MISSING_ACTION_FOR_CONDITION_KEY,
    MISSING_ACTION_FOR_ROLES_ANYWHERE_TRUST_POLICY,
};
use crate::document::Document;
use crate::pattern::covers;

const ROLES_ANYWHERE: &str = "rolesanywhere.amazonaws.com";
const ROLES_ANYWHERE_ACTIONS: [&str; 3] = ["sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"];

pub(crate) fn check(document: &Document<'_>, findings: &mut Vec<Diagnostic>) {
    if document.policy.policy_type != PolicyType::RoleTrust {
        return;
    }
    for statement in document.allows() {
        check_actions(statement, findings);
        check_keys(statement, findings);
    }
    check_roles_anywhere(document, findings);
}

/// Which of the three ways to assume a role a principal can take.
fn suits(action: &str, principal: &Principal) -> bool {
    match (action, principal) {
        ("sts:assumerolewithsaml", Principal::Federated(provider)) => is_saml(provider),
        ("sts:assumerolewithwebidentity", Principal::Federated(provider)) => !is_saml(provider),
        ("sts:assumerole", principal) => !matches!(principal, Principal::Federated(_)),
        ("sts:assumerolewithsaml" | "sts:assumerolewithwebidentity", _) => false,
        _ => true,
    }
}

fn is_saml(provider: &str) -> bool {
    Arn::parse(provider).is_some_and(|arn| arn.resource.starts_with("saml-provider/"))
}

fn listed(statement: &Statement) -> Option<&PrincipalElement> {
    let element = statement.principal.as_ref()?;
    (element.sense == Sense::Listed && !element.principals.is_empty()).then_some(element)
}

fn check_actions(statement: &Statement, findings: &mut Vec<Diagnostic>) {
    let Some(element) = listed(statement) else { return };
    if statement.action.sense == Sense::NotListed {
        return;
    }
    let mut suited: BTreeMap<String, bool> = BTreeMap::new();
    for action in &statement.action.patterns {
        let name = action.value.to_ascii_lowercase();
        let suits = |name: &str| element.principals.iter().any(|principal| suits(name, &principal.value));
        if *suited.entry(name).or_insert_with_key(|name| suits(name)) {
            continue;
        }
        findings.push(
            MISMATCHED_ACTION_FOR_PRINCIPAL
                .at(action.span, format!("none of the statement's principals can call `{}`", action.value))
                .with_related(element.span, "the principals")
                .with_help("SAML providers go with `sts:AssumeRoleWithSAML`, OIDC providers with `sts:AssumeRoleWithWebIdentity`, all others with `sts:AssumeRole`"),
        );
    }
}

/// Whether an `Action` element lets `action` through.
fn grants(statement: &Statement, action: &str) -> bool {
    let action = action.to_ascii_lowercase();
    let matched =
        statement.action.patterns.iter().any(|pattern| covers(&pattern.value.to_ascii_lowercase(), &action));
    matched == (statement.action.sense == Sense::Listed)
}

/// The action without which a key is never in the request.
fn action_of(condition: &Condition) -> Option<&'static str> {
    let key = condition.key.value.to_ascii_lowercase();
    match key.as_str() {
        "sts:externalid" => Some("sts:AssumeRole"),
        "sts:sourceidentity" => Some("sts:SetSourceIdentity"),
        "sts:transitivetagkeys" | "aws:tagkeys" => Some("sts:TagSession"),
        _ if key.starts_with("aws:requesttag/") => Some("sts:TagSession"),
        _ => None,
    }
}

fn check_keys(statement: &Statement, findings: &mut Vec<Diagnostic>) {
    for condition in &statement.conditions {
        let Some(action) = action_of(condition).filter(|action| !grants(statement, action)) else { continue };
        findings.push(
            MISSING_ACTION_FOR_CONDITION_KEY
                .at(
                    condition.key.span,
                    format!(
                        "`{}` has a value only for `{action}`, which the statement lacks",
                        condition.key.value
                    ),
                )
                .with_help(format!("add `{action}` to the `Action` element")),
        );
    }
}

fn check_roles_anywhere(document: &Document<'_>, findings: &mut Vec<Diagnostic>) {
    let is_roles_anywhere =
        |principal: &Principal| matches!(principal, Principal::Service(name) if &**name == ROLES_ANYWHERE);
    let statements: Vec<&Statement> = document
        .allows()
        .filter(|statement| {
            listed(statement).is_some_and(|element| {
                element.principals.iter().any(|principal| is_roles_anywhere(&principal.value))
            })
        })
        .collect();
    let Some(first) = statements.first() else { return };
    let missing: Vec<String> = ROLES_ANYWHERE_ACTIONS
        .into_iter()
        .filter(|action| !statements.iter().any(|statement| grants(statement, action)))
        .map(|action| format!("`{action}`"))
        .collect();
    if !missing.is_empty() {
        findings.push(
            MISSING_ACTION_FOR_ROLES_ANYWHERE_TRUST_POLICY
                .at(first.action.span, format!("`{ROLES_ANYWHERE}` also needs {}", missing.join(" and ")))
                .with_help("add it to the `Action` element, or IAM Roles Anywhere cannot open a session"),
        );
    }
}
