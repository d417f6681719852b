//! `Principal` and `NotPrincipal`.

use std::collections::BTreeMap;

use iamsim_syntax::{Diagnostic, Effect, Principal, PrincipalElement, Sense, Span, Statement};

use crate::checks::{
    ALLOW_WITH_NOT_PRINCIPAL, EMPTY_ARRAY_PRINCIPAL, EMPTY_OBJECT_PRINCIPAL, INVALID_ROLE_REFERENCE,
    INVALID_USER_REFERENCE, REDUNDANT_PRINCIPAL_IN_ROLE_TRUST_POLICY,
};
use crate::document::Document;

pub(crate) fn check(document: &Document<'_>, findings: &mut Vec<Diagnostic>) {
    for statement in &document.policy.statements {
        let Some(element) = &statement.principal else { continue };
        check_sense(statement, element, findings);
        check_empty(document, element, findings);
        check_unique_ids(element, findings);
        check_sessions(element, findings);
    }
}

fn check_sense(statement: &Statement, element: &PrincipalElement, findings: &mut Vec<Diagnostic>) {
    if element.sense == Sense::NotListed && statement.effect.value == Effect::Allow {
        findings.push(
            ALLOW_WITH_NOT_PRINCIPAL
                .at(
                    element.span,
                    "`Allow` with `NotPrincipal` grants access to everyone else, the anonymous included",
                )
                .with_help("list who may with `Principal`; to shut someone out, add a `Deny`"),
        );
    }
}

fn check_empty(document: &Document<'_>, element: &PrincipalElement, findings: &mut Vec<Diagnostic>) {
    if !element.principals.is_empty() {
        return;
    }
    let is_object = document
        .written(element.span)
        .chars()
        .filter(|character| !character.is_whitespace())
        .eq("{}".chars());
    let check = if is_object { EMPTY_OBJECT_PRINCIPAL } else { EMPTY_ARRAY_PRINCIPAL };
    let message = match element.sense {
        Sense::Listed => "no principal is listed, so the statement applies to nobody",
        Sense::NotListed => "no principal is listed, so the statement applies to everybody",
    };
    findings.push(check.at(element.span, message).with_help("list the principals"));
}

fn check_unique_ids(element: &PrincipalElement, findings: &mut Vec<Diagnostic>) {
    for principal in &element.principals {
        let Principal::UniqueId(id) = &principal.value else { continue };
        let (check, what) = if id.starts_with("AROA") {
            (INVALID_ROLE_REFERENCE, "role")
        } else {
            (INVALID_USER_REFERENCE, "user")
        };
        findings.push(
            check
                .at(principal.span, format!("`{id}` is the unique id of a {what}"))
                .with_help(format!("name the {what} by its ARN; AWS shows an id only when the {what} is deleted, and then it never matches again")),
        );
    }
}

/// A role's session beside the role itself.
fn check_sessions(element: &PrincipalElement, findings: &mut Vec<Diagnostic>) {
    let roles: BTreeMap<(&str, &str), (&str, Span)> = element
        .principals
        .iter()
        .rev()
        .filter_map(|principal| match &principal.value {
            Principal::Role(arn) => Some((role(arn)?, (&**arn, principal.span))),
            _ => None,
        })
        .collect();
    for session in &element.principals {
        let Principal::AssumedRoleSession(arn) = &session.value else { continue };
        let Some((parent, span)) = role_of(arn).and_then(|role| roles.get(&role)) else { continue };
        findings.push(
            REDUNDANT_PRINCIPAL_IN_ROLE_TRUST_POLICY
                .at(session.span, format!("the session is covered by its role `{parent}`"))
                .with_related(*span, "the role stands here")
                .with_help("remove the session, or the role if only this session is meant"),
        );
    }
}

/// The account and name of a role.
fn role(arn: &str) -> Option<(&str, &str)> {
    let (account, path) = split_at_resource(arn, "role/")?;
    Some((account, path.rsplit('/').next()?))
}

/// The account and name of the role a session is of. Session ARNs leave out the role's path.
fn role_of(session: &str) -> Option<(&str, &str)> {
    let (account, rest) = split_at_resource(session, "assumed-role/")?;
    Some((account, rest.split('/').next()?))
}

fn split_at_resource<'a>(arn: &'a str, resource_type: &str) -> Option<(&'a str, &'a str)> {
    let arn = iamsim_syntax::Arn::parse(arn)?;
    Some((arn.account, arn.resource.strip_prefix(resource_type)?))
}
