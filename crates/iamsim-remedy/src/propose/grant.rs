//! The statement that allows this request and as little else as can be said.

use iamsim_engine::{Place, Principal as Caller, Request};
use iamsim_syntax::{
    self as syntax, ActionElement, ArnSpelling, Comparison, Condition, ConditionOperator, Effect, List,
    Polarity, PolicyType, Principal, PrincipalElement, ResourceElement, Sense, Span, Statement, StringTest,
    Version,
};

use super::{Proposal, weight};
use crate::case::Case;
use crate::edit::{Edit, unwritten};

/// A new statement in a policy of this type, or in a new policy.
pub(super) fn proposal(case: &Case, policy_type: PolicyType, level: usize) -> Option<Proposal> {
    let to = place(case, policy_type, level)?;
    let statement = statement(case, to)?;
    let is_for_everyone = *case.request.principal() == Caller::Anonymous;
    let weight = if is_for_everyone { weight::EVERYONE } else { weight::STATEMENT };
    Some(Proposal { edits: vec![Edit::AddStatement { to, statement }], weight })
}

/// What is shared by an attribute of its own: snapshots and machine images.
///
/// Sources: <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ShareSnapshot.html>,
/// <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/sharingamis-explicit.html>
pub(super) fn share(case: &Case, policy_type: PolicyType) -> Option<Proposal> {
    let arn = syntax::Arn::parse(case.request.resource())?;
    let kind = arn.resource.split([':', '/']).next()?;
    let is_shareable = match arn.service {
        "rds" => matches!(kind, "snapshot" | "cluster-snapshot"),
        "ec2" => matches!(kind, "snapshot" | "image"),
        _ => false,
    };
    (is_shareable && policy_type == PolicyType::ResourceBased)
        .then(|| Proposal { edits: vec![Edit::Share], weight: weight::NARROW })
}

/// Where a statement can be added: a policy that already speaks of the service, else any, else a new one.
fn place(case: &Case, policy_type: PolicyType, level: usize) -> Option<Place> {
    let there = case.at(policy_type, level).len();
    let places = (0..there).map(|policy| Place { policy_type, level, policy });
    let mut open: Vec<Place> = places.filter(|place| case.may_edit(*place)).collect();
    open.sort_by_key(|place| !speaks_of_service(case, *place));
    let is_single = match policy_type {
        PolicyType::PermissionsBoundary | PolicyType::ResourceBased | PolicyType::RoleTrust => true,
        PolicyType::IdentityBased
        | PolicyType::Session
        | PolicyType::ServiceControl
        | PolicyType::ResourceControl
        | PolicyType::VpcEndpoint => false,
    };
    let new = Place { policy_type, level, policy: there };
    open.first().copied().or((there == 0 || !is_single).then_some(new))
}

fn speaks_of_service(case: &Case, place: Place) -> bool {
    let service = case.request.action().service();
    let speaks = |statement: &Statement| {
        let patterns = &statement.action.patterns;
        patterns.iter().any(|pattern| {
            pattern.value.split_once(':').is_some_and(|(prefix, _)| prefix.eq_ignore_ascii_case(service))
        })
    };
    case.documents.get(&place).is_some_and(|document| document.statements.iter().any(speaks))
}

fn statement(case: &Case, to: Place) -> Option<Statement> {
    let request = &case.request;
    let (principal, conditions) = match to.policy_type {
        PolicyType::ResourceBased | PolicyType::RoleTrust => {
            (Some(principal(request.principal())?), confined(request))
        }
        // A gateway endpoint knows everyone and root users only, so a condition says who is meant.
        PolicyType::VpcEndpoint => (Some(Principal::Everyone), of_this_caller(request).into_iter().collect()),
        PolicyType::IdentityBased | PolicyType::PermissionsBoundary | PolicyType::Session => {
            (None, passed_to(request).into_iter().collect())
        }
        PolicyType::ServiceControl | PolicyType::ResourceControl => (None, Vec::new()),
    };
    let principal = principal.map(|principal| PrincipalElement {
        sense: Sense::Listed,
        principals: vec![unwritten(principal)],
        span: Span::default(),
    });
    let resource = resource_element(case, to)?.map(|resource| ResourceElement {
        sense: Sense::Listed,
        patterns: List::one(unwritten(resource.into())),
        span: Span::default(),
    });
    Some(Statement {
        sid: None,
        effect: unwritten(Effect::Allow),
        principal,
        action: ActionElement {
            sense: Sense::Listed,
            patterns: List::one(unwritten(request.action().as_str().into())),
            span: Span::default(),
        },
        resource,
        conditions,
        span: Span::default(),
    })
}

/// What `Resource` says; `Some(None)` where there is no such element.
///
/// Sources: <https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html>,
/// <https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html>
fn resource_element(case: &Case, to: Place) -> Option<Option<Box<str>>> {
    let service = case.request.action().service();
    match (to.policy_type, service) {
        (PolicyType::RoleTrust, _) | (PolicyType::ResourceBased, "ecr") => Some(None),
        // In a key policy `*` is the key.
        (PolicyType::ResourceBased, "kms") => Some(Some("*".into())),
        // A service control policy grants nothing: it says which actions may be granted.
        (PolicyType::ServiceControl, _) => Some(Some("*".into())),
        _ => resource(case, to).map(Some),
    }
}

/// The request's resource as a policy at this place writes it.
pub(super) fn resource(case: &Case, place: Place) -> Option<Box<str>> {
    let resource = case.request.resource();
    let version = case.documents.get(&place).map_or(Version::V2012, |document| document.version);
    // What looks like a policy variable is to be taken as it is.
    let text = if version == Version::V2012 { resource.replace("${", "${$}{") } else { resource.to_owned() };
    (!text.is_empty()).then(|| text.into())
}

/// The caller as a policy names it: a session by its role.
pub(super) fn principal(caller: &Caller) -> Option<Principal> {
    Some(match caller {
        Caller::User { arn, .. } => Principal::User((&**arn).into()),
        Caller::RoleSession(session) => Principal::Role((&*session.role_arn).into()),
        Caller::FederatedUser { arn, .. } => Principal::FederatedUser((&**arn).into()),
        Caller::Root { arn, account } => Principal::Account {
            partition: syntax::Arn::parse(arn).map(|arn| arn.partition.into()),
            account: account.as_str().into(),
        },
        Caller::Service { name } => Principal::Service((&**name).into()),
        Caller::Federated { provider } => Principal::Federated((&**provider).into()),
        Caller::CanonicalUser { id } => Principal::CanonicalUser((&**id).into()),
        Caller::Anonymous => Principal::Everyone,
    })
}

/// A service works for whoever asks it to, and a provider vouches for many: the conditions say for which one.
///
/// Sources: <https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html>,
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html>
fn confined(request: &Request) -> Vec<Condition> {
    let context = request.context();
    match request.principal() {
        Caller::Service { .. } => {
            let arn = context.text("aws:SourceArn").map(|arn| clause(ARN_EQUALS, "aws:SourceArn", arn));
            let account = || {
                context
                    .text("aws:SourceAccount")
                    .map(|account| clause(STRING_EQUALS, "aws:SourceAccount", account))
            };
            arn.or_else(account).into_iter().collect()
        }
        Caller::Federated { .. } => {
            let claims = context.iter().filter(|(key, _)| {
                let name = key.rsplit(':').next().unwrap_or_default();
                matches!(name, "aud" | "sub") && !key.starts_with("aws:")
            });
            claims.filter_map(|(key, _)| Some(clause(STRING_EQUALS, key, context.text(key)?))).collect()
        }
        _ => Vec::new(),
    }
}

/// A role that may be passed is passed to one service.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html>
fn passed_to(request: &Request) -> Option<Condition> {
    if !request.action().as_str().eq_ignore_ascii_case("iam:PassRole") {
        return None;
    }
    let service = request.context().text("iam:PassedToService")?;
    Some(clause(STRING_EQUALS, "iam:PassedToService", service))
}

/// The condition that is true of this caller alone.
pub(super) fn of_this_caller(request: &Request) -> Option<Condition> {
    request.context().text("aws:PrincipalArn").map(|arn| clause(ARN_EQUALS, "aws:PrincipalArn", arn))
}

const STRING_EQUALS: Comparison = Comparison::String(StringTest::Equals, Polarity::Positive);
const ARN_EQUALS: Comparison = Comparison::Arn(ArnSpelling::Equals, Polarity::Positive);

pub(super) fn clause(comparison: Comparison, key: &str, value: &str) -> Condition {
    Condition {
        operator: unwritten(ConditionOperator { qualifier: None, comparison, if_exists: false }),
        key: unwritten(key.into()),
        values: List::one(unwritten(value.into())),
        span: Span::default(),
    }
}
