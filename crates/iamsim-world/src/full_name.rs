//! Calls name users, roles and secrets, and keys by an alias or not at all; AWS compares their ARNs, of which a world
//! knows what a name leaves out.

use std::ops::Bound;

use iamsim_engine::AccountId;
use iamsim_syntax::Arn;

use crate::call::CheckRef;
use crate::world::{Account, World};

/// What stands in an ARN for the characters that AWS puts behind the name of a secret.
///
/// Source: <https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_iam-permissions.html>
const SECRET_ENDING: &str = "-??????";

/// What stands in an ARN for the id of a key that is named by an alias, or told by a ciphertext alone.
const ANY_KEY: &str = "key/*";

/// The ARN of what a check is about, where that is another than is said.
pub(crate) fn full_name(world: &World, check: &CheckRef<'_>) -> Option<String> {
    let parts = check.arn?;
    let account = || world.account(AccountId::parse(parts.account)?);
    match parts.service {
        "iam" => entity(account()?, check.action, parts),
        "kms" if parts.resource == ANY_KEY => {
            only_listed(account()?, check.resource.strip_suffix('*')?, |id| !id.is_empty())
        }
        "secretsmanager" => only_listed(account()?, check.resource.strip_suffix(SECRET_ENDING)?, is_ending),
        _ => None,
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
    let (kind, named) = parts.resource.split_once('/')?;
    let (said, name) = named.rsplit_once('/').unwrap_or(("", named));
    if !(said.is_empty() || said.ends_with('*')) {
        return None;
    }
    let path = match kind {
        "user" => &account.users.get(name)?.path,
        "role" => &account.roles.get(name)?.path,
        _ => return None,
    };
    let path = path.trim_matches('/');
    let Arn { partition, account, .. } = parts;
    (!path.is_empty()).then(|| format!("arn:{partition}:iam::{account}:{kind}/{path}/{name}"))
}

/// The only resource that the account lists whose ARN begins like this, and ends as it should.
fn only_listed(account: &Account, beginning: &str, is_fitting: impl Fn(&str) -> bool) -> Option<String> {
    let from = (Bound::Included(beginning), Bound::Unbounded);
    let listed = account
        .resources
        .range::<str, _>(from)
        .map_while(|(arn, _)| Some((arn, arn.strip_prefix(beginning)?)));
    let mut found = listed.filter(|(_, rest)| is_fitting(rest));
    match (found.next(), found.next()) {
        (Some((only, _)), None) => Some(only.clone()),
        _ => None,
    }
}

fn is_ending(text: &str) -> bool {
    let is_letter_or_digit = |byte: u8| byte.is_ascii_alphanumeric();
    text.len() == SECRET_ENDING.len()
        && text.strip_prefix('-').is_some_and(|rest| rest.bytes().all(is_letter_or_digit))
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
        for key in [
            "us-east-1:111122223333:key/1234abcd",
            "eu-west-1:111122223333:key/a",
            "eu-west-1:111122223333:key/b",
        ] {
            account.resources.insert(format!("arn:aws:kms:{key}"), Resource::default());
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
    fn a_key_is_found_when_there_is_one_alone() {
        let key = |region: &str, id: &str| format!("arn:aws:kms:{region}:111122223333:key/{id}");
        check("kms:Decrypt", &key("us-east-1", "*"), Some(&key("us-east-1", "1234abcd")));
        check("kms:Decrypt", &key("eu-west-1", "*"), None);
        check("kms:Decrypt", &key("us-east-1", "1234abcd"), None);
    }

    #[test]
    fn a_secret_is_found_with_its_ending_when_there_is_one_alone() {
        let secret = |name: &str| format!("arn:aws:secretsmanager:us-east-1:111122223333:secret:{name}");
        check("secretsmanager:GetSecretValue", &secret("db-??????"), Some(&secret("db-AbCdEf")));
        check("secretsmanager:GetSecretValue", &secret("twice-??????"), None);
        check("secretsmanager:GetSecretValue", &secret("other-??????"), None);
    }
}
