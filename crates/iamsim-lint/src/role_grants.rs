//! `iam:PassRole` and `iam:CreateServiceLinkedRole` on more roles than anyone would list.
//!
//! Sources: <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html> and
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create-service-linked-role.html>

use iamsim_syntax::{ActionElement, Diagnostic, PolicyType, ResourceElement, Sense, Span, Spanned, Text};

use crate::checks::{self, Check};
use crate::document::{Document, has_key};
use crate::pattern::{covers, covers_ignoring_case};

/// An action that hands out roles, what makes that harmless, and the checks for it.
struct Grant {
    action: &'static str,
    /// The condition key that limits the action to some services.
    limiting_key: &'static str,
    /// The resource part of the ARNs it is called on.
    resource: &'static str,
    /// What a careless grant of it comes to.
    consequence: &'static str,
    exact_and_star: Check,
    exact_and_not_resource: Check,
    star_and_star: Check,
    star_and_not_resource: Check,
    not_action_and_star: Check,
    not_action_and_not_resource: Check,
}

const GRANTS: [Grant; 2] = [
    Grant {
        action: "iam:PassRole",
        limiting_key: "iam:PassedToService",
        resource: "role/*",
        consequence: "any role can be passed to any service, an administrator's too",
        exact_and_star: checks::PASS_ROLE_WITH_STAR_IN_RESOURCE,
        exact_and_not_resource: checks::PASS_ROLE_WITH_NOT_RESOURCE,
        star_and_star: checks::PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE,
        star_and_not_resource: checks::PASS_ROLE_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE,
        not_action_and_star: checks::PASS_ROLE_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION,
        not_action_and_not_resource: checks::PASS_ROLE_WITH_NOT_ACTION_AND_NOT_RESOURCE,
    },
    Grant {
        action: "iam:CreateServiceLinkedRole",
        limiting_key: "iam:AWSServiceName",
        resource: "role/aws-service-role/*",
        consequence: "a service-linked role can be created for any service",
        exact_and_star: checks::CREATE_SLR_WITH_STAR_IN_RESOURCE,
        exact_and_not_resource: checks::CREATE_SLR_WITH_NOT_RESOURCE,
        star_and_star: checks::CREATE_SLR_WITH_STAR_IN_ACTION_AND_RESOURCE,
        star_and_not_resource: checks::CREATE_SLR_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE,
        not_action_and_star: checks::CREATE_SLR_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION,
        not_action_and_not_resource: checks::CREATE_SLR_WITH_NOT_ACTION_AND_NOT_RESOURCE,
    },
];

/// How a statement comes to allow the action.
#[derive(Clone, Copy)]
enum Through {
    Name,
    Star(Span),
    NotAction(Span),
}

/// How a statement comes to cover every role.
#[derive(Clone, Copy)]
enum Onto {
    Star(Span),
    NotResource(Span),
}

pub(crate) fn check(document: &Document<'_>, findings: &mut Vec<Diagnostic>) {
    if document.policy.policy_type != PolicyType::IdentityBased {
        return;
    }
    for statement in document.allows() {
        let patterns = of_iam(&statement.action);
        if patterns.is_empty() && statement.action.sense == Sense::Listed {
            continue;
        }
        for grant in &GRANTS {
            let Some(through) = through(&statement.action, &patterns, grant.action) else { continue };
            let onto = statement.resource.as_ref().and_then(|element| onto(element, grant.resource));
            let Some(onto) = onto.filter(|_| !has_key(statement, &[grant.limiting_key])) else { continue };
            findings.push(finding(grant, through, onto));
        }
    }
}

/// The patterns that may match actions of IAM, by what they begin with: most do not.
fn of_iam(element: &ActionElement) -> Vec<&Spanned<Text>> {
    let may_match =
        |pattern: &&Spanned<Text>| matches!(pattern.value.as_bytes(), [b'i' | b'I' | b'*' | b'?', ..]);
    element.patterns.iter().filter(may_match).collect()
}

/// A name says more than a wildcard beside it, so it wins.
fn through(element: &ActionElement, patterns: &[&Spanned<Text>], action: &str) -> Option<Through> {
    let mut covering = patterns.iter().filter(|pattern| covers_ignoring_case(&pattern.value, action));
    match element.sense {
        Sense::NotListed => covering.next().is_none().then_some(Through::NotAction(element.span)),
        Sense::Listed => {
            let first = covering.next()?;
            let is_name = |pattern: &&Spanned<Text>| pattern.value.eq_ignore_ascii_case(action);
            let by_name = is_name(first) || covering.any(is_name);
            Some(if by_name { Through::Name } else { Through::Star(first.span) })
        }
    }
}

fn onto(element: &ResourceElement, resource: &str) -> Option<Onto> {
    match element.sense {
        Sense::NotListed => Some(Onto::NotResource(element.span)),
        Sense::Listed => {
            let pattern = element.patterns.iter().find(|pattern| is_every_role(&pattern.value, resource))?;
            Some(Onto::Star(pattern.span))
        }
    }
}

/// Whether a pattern takes in every role of some account. What an ARN leaves out at its end is `*`.
fn is_every_role(pattern: &str, resource: &str) -> bool {
    if pattern == "*" {
        return true;
    }
    let mut fields = pattern.splitn(6, ':').skip(2);
    let service = fields.next().unwrap_or("*");
    let resource_pattern = fields.nth(2).unwrap_or("*");
    covers(service, "iam") && covers(resource_pattern, resource)
}

fn finding(grant: &Grant, through: Through, onto: Onto) -> Diagnostic {
    let (check, span, how) = match (through, onto) {
        (Through::Name, Onto::Star(span)) => (grant.exact_and_star, span, "with a wildcard in the resource"),
        (Through::Name, Onto::NotResource(span)) => {
            (grant.exact_and_not_resource, span, "with `NotResource`")
        }
        (Through::Star(span), Onto::Star(_)) => {
            (grant.star_and_star, span, "by a wildcard in the action and in the resource")
        }
        (Through::Star(span), Onto::NotResource(_)) => {
            (grant.star_and_not_resource, span, "by a wildcard in the action, with `NotResource`")
        }
        (Through::NotAction(span), Onto::Star(_)) => {
            (grant.not_action_and_star, span, "by `NotAction`, with a wildcard in the resource")
        }
        (Through::NotAction(span), Onto::NotResource(_)) => {
            (grant.not_action_and_not_resource, span, "by `NotAction`, with `NotResource`")
        }
    };
    let Grant { action, limiting_key, consequence, .. } = grant;
    check
        .at(span, format!("`{action}` is allowed {how}: {consequence}"))
        .with_help(format!("list the roles' ARNs, or add a condition on `{limiting_key}`"))
}
