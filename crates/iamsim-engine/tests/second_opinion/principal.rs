//! How a statement names a caller, case by case as the page on principals lists them.
//!
//! Sources: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html>,
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html>

use iamsim_syntax::{Effect, Principal, Sense, Statement};

use crate::case::{Caller, Case, Value, account_of};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Naming {
    Direct,
    Role,
    FederatedParent,
    Account,
    Service,
    Federated,
}

/// In what kind of policy a principal is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Trust,
    /// A gateway endpoint knows everyone and root users only.
    Gateway,
    Elsewhere,
}

/// Every way in which the principals of a statement name the caller; none when it is not about the caller.
pub(crate) fn namings(statement: &Statement, place: Place, case: &Case, bounded: bool) -> Vec<Naming> {
    let Some(element) = &statement.principal else { return vec![Naming::Direct] };
    let listed: Vec<&Principal> = element.principals.iter().map(|principal| &principal.value).collect();
    match element.sense {
        Sense::Listed => listed.into_iter().filter_map(|principal| naming(principal, place, case)).collect(),
        Sense::NotListed => {
            let applies = match statement.effect.value {
                Effect::Allow => listed.iter().all(|principal| naming(principal, place, case).is_none()),
                Effect::Deny => bounded || !is_spared(&listed, case),
            };
            if applies { vec![Naming::Direct] } else { Vec::new() }
        }
    }
}

fn naming(principal: &Principal, place: Place, case: &Case) -> Option<Naming> {
    let caller = &case.caller;
    match (principal, caller) {
        // In a trust policy web identities are reached by their provider's name alone.
        (Principal::Everyone, Caller::Federated { .. }) if place == Place::Trust => None,
        (Principal::Everyone, _) => Some(Naming::Direct),
        (Principal::Account { account, partition }, _) => {
            let same_partition = match (partition, caller.arn()) {
                (Some(partition), Some(arn)) => arn.split(':').nth(1) == Some(partition),
                _ => true,
            };
            let counts = place != Place::Gateway || matches!(caller, Caller::Root { .. });
            (caller.account() == Some(account) && same_partition && counts).then_some(Naming::Account)
        }
        _ if place == Place::Gateway => None,
        (Principal::CanonicalUser(id), _) => {
            (case.canonical_user_id.as_deref() == Some(id)).then_some(Naming::Account)
        }
        (Principal::User(named), Caller::User { arn }) => (**named == **arn).then_some(Naming::Direct),
        (Principal::User(named), Caller::FederatedUser { issuer: Some(issuer), .. }) => {
            (**named == **issuer).then_some(Naming::FederatedParent)
        }
        (Principal::UniqueId(id), Caller::User { .. }) => {
            (unique_id(case) == Some(id)).then_some(Naming::Direct)
        }
        (Principal::Role(named), Caller::Role { role, path_known, .. }) => {
            let same = if *path_known { **named == **role } else { same_role_name(named, role) };
            same.then_some(Naming::Role)
        }
        (Principal::UniqueId(id), Caller::Role { .. }) => {
            let role = unique_id(case).and_then(|id| id.split(':').next());
            (role == Some(id)).then_some(Naming::Role)
        }
        (Principal::AssumedRoleSession(named), Caller::Role { session: Some(session), .. }) => {
            (**named == **session).then_some(Naming::Direct)
        }
        (Principal::FederatedUser(named), Caller::FederatedUser { arn, .. }) => {
            (**named == **arn).then_some(Naming::Direct)
        }
        (Principal::Service(named), Caller::Service { name }) => {
            (**named == **name).then_some(Naming::Service)
        }
        (Principal::Federated(named), Caller::Federated { provider }) => {
            (**named == **provider).then_some(Naming::Federated)
        }
        _ => None,
    }
}

/// A session's ARN says its role's account and name, never its path.
pub(crate) fn same_role_name(named: &str, role: &str) -> bool {
    let name = |arn: &str| arn.rsplit('/').next().map(str::to_owned);
    account_of(named) == account_of(role) && name(named) == name(role)
}

fn unique_id(case: &Case) -> Option<&str> {
    case.context.iter().find_map(|(name, value)| match value {
        Value::One(id) if name == "aws:userid" => Some(id.as_str()),
        _ => None,
    })
}

/// To be spared, an identity must be listed together with its account: AWS looks at each by itself.
fn is_spared(listed: &[&Principal], case: &Case) -> bool {
    if listed.contains(&&Principal::Everyone) {
        return true;
    }
    let lists = |wanted: Naming| {
        listed.iter().any(|principal| naming(principal, Place::Elsewhere, case) == Some(wanted))
    };
    match &case.caller {
        Caller::User { .. } => lists(Naming::Account) && lists(Naming::Direct),
        Caller::FederatedUser { .. } => {
            lists(Naming::Account) && (lists(Naming::Direct) || lists(Naming::FederatedParent))
        }
        Caller::Role { .. } => lists(Naming::Account) && lists(Naming::Role),
        Caller::Root { .. } => lists(Naming::Account),
        Caller::Service { .. } => lists(Naming::Service),
        Caller::Federated { .. } | Caller::Anonymous => false,
    }
}
