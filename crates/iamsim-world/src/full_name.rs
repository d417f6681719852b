//! Calls name users, roles and secrets; AWS compares their ARNs, of which a name leaves a part out that a world knows.

use std::ops::Bound;

use iamsim_engine::AccountId;
use iamsim_syntax::Arn;

use crate::call::CheckRef;
use crate::world::{Account, World};

/// What stands in an ARN for the characters that AWS puts behind the name of a secret.
const ENDING: &str = "-??????";

/// The ARN of what a check is about, where that is another than is said.
pub(crate) fn full_name(world: &World, check: &CheckRef<'_>) -> Option<String> {
    let parts = check.arn?;
    if !matches!(parts.service, "iam" | "secretsmanager") {
        return None;
    }
    let account = world.account(AccountId::parse(parts.account)?)?;
    if parts.service == "iam" {
        entity(account, check.action, parts)
    } else {
        secret(account, check.resource)
    }
}

/// A user or role with its path, which calls to IAM leave out but where it is created or passed to a service.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html>
fn entity(account: &Account, action: &str, parts: Arn<'_>) -> Option<String> {
    let (service, operation) = action.split_once(':')?;
    let is_named_in_full = |beginning: &str| {
        operation.get(..beginning.len()).is_some_and(|begins| begins.eq_ignore_ascii_case(beginning))
    };
    if !service.eq_ignore_ascii_case("iam") || is_named_in_full("Create") || is_named_in_full("PassRole") {
        return None;
    }
    let (kind, name) = parts.resource.split_once('/')?;
    let path = match kind {
        "user" => &account.users.get(name)?.path,
        "role" => &account.roles.get(name)?.path,
        _ => return None,
    };
    let path = path.trim_matches('/');
    let Arn { partition, account, .. } = parts;
    (!path.is_empty()).then(|| format!("arn:{partition}:iam::{account}:{kind}/{path}/{name}"))
}

/// The only secret of this name that the account lists.
///
/// Source: <https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_iam-permissions.html>
fn secret(account: &Account, named: &str) -> Option<String> {
    let name = named.strip_suffix(ENDING)?;
    let from = (Bound::Included(name), Bound::Unbounded);
    let listed = account.resources.range::<str, _>(from).map(|(arn, _)| arn);
    let has_ending = |arn: &&String| arn.len() == named.len() && arn.get(name.len()..).is_some_and(is_ending);
    let mut found = listed.take_while(|arn| arn.starts_with(name)).filter(has_ending);
    match (found.next(), found.next()) {
        (Some(only), None) => Some(only.clone()),
        _ => None,
    }
}

fn is_ending(text: &str) -> bool {
    text.strip_prefix('-').is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::{Resource, Role};

    fn world() -> World {
        let mut world = World::default();
        let account = world.accounts.entry(AccountId::parse("111122223333").unwrap()).or_default();
        let role = |path: &str| Role { path: path.to_owned(), ..Role::default() };
        account.roles.insert("Dev".to_owned(), role("/team/"));
        account.roles.insert("Ops".to_owned(), role("/"));
        for name in ["db-AbCdEf", "db-read-AbCdEf", "twice-AbCdEf", "twice-GhIjKl"] {
            let arn = format!("arn:aws:secretsmanager:us-east-1:111122223333:secret:{name}");
            account.resources.insert(arn, Resource::default());
        }
        world
    }

    fn check(action: &str, resource: &str, expected: Option<&str>) {
        let full = full_name(&world(), &CheckRef::new(action, resource));
        assert_eq!(full.as_deref(), expected, "{action} {resource}");
    }

    #[test]
    fn a_role_is_found_with_its_path() {
        let role = |name: &str| format!("arn:aws:iam::111122223333:role/{name}");
        check("iam:GetRole", &role("Dev"), Some(&role("team/Dev")));
        check("iam:GetRole", &role("team/Dev"), None);
        check("iam:GetRole", &role("Ops"), None);
        check("iam:PassRole", &role("Dev"), None);
        check("iam:CreateRole", &role("Dev"), None);
        check("iam:GetRole", &role("Other"), None);
        check("sts:AssumeRole", &role("Dev"), None);
    }

    #[test]
    fn a_secret_is_found_with_its_ending_when_there_is_one_alone() {
        let secret = |name: &str| format!("arn:aws:secretsmanager:us-east-1:111122223333:secret:{name}");
        check("secretsmanager:GetSecretValue", &secret("db-??????"), Some(&secret("db-AbCdEf")));
        check("secretsmanager:GetSecretValue", &secret("twice-??????"), None);
        check("secretsmanager:GetSecretValue", &secret("other-??????"), None);
    }
}
