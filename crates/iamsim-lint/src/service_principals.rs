//! Service principals: how they are written, and what keeps them from acting for the wrong customer.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html>

use iamsim_syntax::{Diagnostic, PolicyType, Principal, Sense, Spanned, Statement};

use crate::checks::{
    INVALID_SERVICE_PRINCIPAL_FORMAT, RECOMMENDED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL,
    RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL,
};
use crate::document::{Document, has_key, is_key};
use crate::pattern::has_wildcard;

/// The keys that say for whom a service acts.
const SOURCE_KEYS: [&str; 4] =
    ["aws:SourceArn", "aws:SourceAccount", "aws:SourceOrgID", "aws:SourceOrgPaths"];

/// Keys that people use in their place.
const WEAKER_KEYS: [&str; 6] = [
    "aws:Referer",
    "aws:SourceIp",
    "aws:PrincipalAccount",
    "aws:PrincipalArn",
    "aws:PrincipalOrgID",
    "kms:CallerAccount",
];

/// Keys whose values are service principals.
const SERVICE_PRINCIPAL_KEYS: [&str; 5] = [
    "aws:CalledVia",
    "aws:CalledViaFirst",
    "aws:CalledViaLast",
    "aws:PrincipalServiceName",
    "iam:PassedToService",
];

const RECOMMENDED: &str =
    "add a condition on `aws:SourceArn`, `aws:SourceAccount`, `aws:SourceOrgID` or `aws:SourceOrgPaths`";

pub(crate) fn check(document: &Document<'_>, findings: &mut Vec<Diagnostic>) {
    for statement in &document.policy.statements {
        for principal in services(statement) {
            check_format(principal, findings);
        }
        for condition in &statement.conditions {
            if SERVICE_PRINCIPAL_KEYS.iter().any(|key| is_key(condition, key)) {
                for value in &condition.values {
                    check_format(Spanned::new(&*value.value, value.span), findings);
                }
            }
        }
    }
    if document.policy.policy_type == PolicyType::ResourceBased {
        document.allows().for_each(|statement| check_source(statement, findings));
    }
}

/// The service principals a statement lists.
fn services(statement: &Statement) -> impl Iterator<Item = Spanned<&str>> {
    let listed = statement.principal.iter().filter(|element| element.sense == Sense::Listed);
    listed.flat_map(|element| &element.principals).filter_map(|principal| match &principal.value {
        Principal::Service(name) => Some(Spanned::new(&**name, principal.span)),
        _ => None,
    })
}

fn check_format(name: Spanned<&str>, findings: &mut Vec<Diagnostic>) {
    if is_service_principal(name.value) || has_wildcard(name.value) || name.value.contains("${") {
        return;
    }
    findings.push(
        INVALID_SERVICE_PRINCIPAL_FORMAT
            .at(name.span, format!("`{}` is not written like a service principal", name.value))
            .with_help("write it in lower case with its domain: `lambda.amazonaws.com`"),
    );
}

fn is_service_principal(name: &str) -> bool {
    let domains = [".amazonaws.com", ".amazonaws.com.cn", ".amazon.com", ".aws.internal"];
    let service = domains.iter().find_map(|domain| name.strip_suffix(domain));
    let character =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'.');
    service.is_some_and(|service| !service.is_empty() && service.bytes().all(character))
}

fn check_source(statement: &Statement, findings: &mut Vec<Diagnostic>) {
    if has_key(statement, &SOURCE_KEYS) {
        return;
    }
    let Some(service) = services(statement).next() else { return };
    let weaker = WEAKER_KEYS.into_iter().find(|key| has_key(statement, &[key]));
    findings.push(match weaker {
        Some(key) => RECOMMENDED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL
            .at(service.span, format!("`{key}` does not say for whom `{}` acts", service.value))
            .with_help(RECOMMENDED),
        None => RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL
            .at(service.span, format!("`{}` may do this on behalf of any AWS customer", service.value))
            .with_help(RECOMMENDED),
    });
}
