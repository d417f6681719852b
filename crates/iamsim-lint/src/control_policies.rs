//! Resource control policies: they also reach the AWS services that act for you.
//!
//! Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html>

use iamsim_syntax::{Comparison, Condition, Diagnostic, Effect, PolicyType, Statement};

use crate::checks::{
    RCP_MISSING_RELATED_PRINCIPAL_CONDITION_KEY, RCP_MISSING_RELATED_SERVICE_PRINCIPAL_CONDITION_KEY,
    RCP_MISSING_SERVICE_CONDITION_KEY_NULL_CHECK,
};
use crate::document::{Document, holds_when_missing, is_key};

/// What the caller is; a service has none of these.
const PRINCIPAL_KEYS: [&str; 4] =
    ["aws:PrincipalAccount", "aws:PrincipalArn", "aws:PrincipalOrgID", "aws:PrincipalOrgPaths"];

/// For whom a service acts; your own principals have none of these.
const SOURCE_KEYS: [&str; 4] =
    ["aws:SourceAccount", "aws:SourceArn", "aws:SourceOrgID", "aws:SourceOrgPaths"];

pub(crate) fn check(document: &Document<'_>, findings: &mut Vec<Diagnostic>) {
    if document.policy.policy_type != PolicyType::ResourceControl {
        return;
    }
    let denies = document.policy.statements.iter().filter(|statement| statement.effect.value == Effect::Deny);
    for statement in denies {
        if let Some(condition) = comparison_of(statement, &PRINCIPAL_KEYS) {
            check_principal_key(statement, condition, findings);
        }
        if let Some(condition) = comparison_of(statement, &SOURCE_KEYS) {
            check_source_key(statement, condition, findings);
        }
    }
}

/// The first condition on one of these keys that also holds for a request without the key.
fn comparison_of<'a>(statement: &'a Statement, keys: &[&str]) -> Option<&'a Condition> {
    statement.conditions.iter().find(|condition| {
        holds_when_missing(condition.operator.value) && keys.iter().any(|key| is_key(condition, key))
    })
}

fn check_principal_key(statement: &Statement, condition: &Condition, findings: &mut Vec<Diagnostic>) {
    if has(statement, Comparison::Bool, "aws:PrincipalIsAWSService", "false") {
        return;
    }
    let key = &condition.key.value;
    findings.push(
        RCP_MISSING_RELATED_PRINCIPAL_CONDITION_KEY
            .at(
                condition.key.span,
                format!("AWS services have no `{key}`, so this also denies the services that act for you"),
            )
            .with_help("add `\"BoolIfExists\": {\"aws:PrincipalIsAWSService\": \"false\"}` to the condition"),
    );
}

fn check_source_key(statement: &Statement, condition: &Condition, findings: &mut Vec<Diagnostic>) {
    let key = &condition.key.value;
    if !has(statement, Comparison::Bool, "aws:PrincipalIsAWSService", "true") {
        findings.push(
            RCP_MISSING_RELATED_SERVICE_PRINCIPAL_CONDITION_KEY
                .at(
                    condition.key.span,
                    format!("your own principals have no `{key}`, so this also denies them"),
                )
                .with_help(
                    "add `\"BoolIfExists\": {\"aws:PrincipalIsAWSService\": \"true\"}` to the condition",
                ),
        );
    }
    let null_check = ["aws:SourceAccount", "aws:SourceArn"];
    if !null_check.iter().any(|key| has(statement, Comparison::Null, key, "false")) {
        findings.push(
            RCP_MISSING_SERVICE_CONDITION_KEY_NULL_CHECK
                .at(
                    condition.key.span,
                    format!("some services act without sending `{key}`, and this denies them"),
                )
                .with_help("add `\"Null\": {\"aws:SourceAccount\": \"false\"}` to the condition"),
        );
    }
}

/// Whether a statement has this condition, with or without `IfExists`.
fn has(statement: &Statement, comparison: Comparison, key: &str, expected: &str) -> bool {
    statement.conditions.iter().any(|condition| {
        condition.operator.value.comparison == comparison
            && is_key(condition, key)
            && condition.values.iter().all(|value| value.value.eq_ignore_ascii_case(expected))
            && !condition.values.is_empty()
    })
}
