//! Finding things in a world.

use iamsim_engine::AccountId;
use iamsim_syntax::Arn;
use iamsim_syntax::arn::split_at;

use crate::world::{Account, Resource, Role, User, VpcEndpoint, World};

impl World {
    /// The account, if it holds anything.
    #[must_use]
    pub fn account(&self, id: AccountId) -> Option<&Account> {
        self.accounts.get(&id)
    }

    /// The user with this ARN.
    #[must_use]
    pub fn user(&self, arn: &str) -> Option<&User> {
        let (account, name) = entity(arn, "user/")?;
        self.account(account)?.users.get(name)
    }

    /// The role with this ARN; its path may be left out, as the ARNs of sessions do.
    #[must_use]
    pub fn role(&self, arn: &str) -> Option<&Role> {
        let (account, name) = entity(arn, "role/")?;
        self.account(account)?.roles.get(name)
    }

    /// The role with exactly this ARN, path included.
    #[must_use]
    pub(crate) fn role_at(&self, arn: &str) -> Option<&Role> {
        let resource = Arn::parse(arn)?.resource;
        let role = self.role(arn)?;
        let path = resource.strip_prefix("role")?.rsplit_once('/').map(|(path, _)| path)?;
        (path.trim_end_matches('/') == role.path.trim_end_matches('/')).then_some(role)
    }

    /// The resource whose policy and settings govern `arn`: itself, or the bucket of an object.
    ///
    /// A function's version or alias has a policy of its own, and so has what is unqualified; where only the
    /// function is listed, its policy is looked at.
    #[must_use]
    pub fn resource(&self, owner: AccountId, arn: &str) -> Option<&Resource> {
        let resources = &self.account(owner)?.resources;
        let parts = Arn::parse(arn);
        let container = parts.and_then(|parts| resources.get(container(arn, &parts)?));
        governing(parts.as_ref(), resources.get(arn), container)
    }

    /// The VPC endpoint with this id, in whatever account.
    #[must_use]
    pub fn vpc_endpoint(&self, id: &str) -> Option<&VpcEndpoint> {
        self.accounts.values().find_map(|account| account.vpc_endpoints.get(id))
    }
}

/// The account and name of the user or role with an ARN.
pub(crate) fn entity<'a>(arn: &'a str, kind: &str) -> Option<(AccountId, &'a str)> {
    let arn = Arn::parse(arn)?;
    let name = arn.resource.strip_prefix(kind)?.rsplit('/').next()?;
    Some((AccountId::parse(arn.account)?, name))
}

/// Which of the two that are listed governs a resource: itself, or what contains it. A version of a function may have a
/// policy of its own; nothing else that something else contains has one.
pub(crate) fn governing<T>(arn: Option<&Arn<'_>>, itself: Option<T>, container: Option<T>) -> Option<T> {
    match arn.is_some_and(|arn| arn.service == "lambda") {
        true => itself.or(container),
        false => container.or(itself),
    }
}

/// What governs a resource that has no policy of its own: the bucket of an object, the function of a version, the table
/// of an index, the domain of a path. `parts` are those of `arn`.
///
/// Sources: <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/access-control-resource-based.html>,
/// <https://docs.aws.amazon.com/opensearch-service/latest/developerguide/ac.html>
pub(crate) fn container<'a>(arn: &'a str, parts: &Arn<'_>) -> Option<&'a str> {
    match parts.service {
        "s3" => bucket_of(arn, parts),
        "lambda" => unqualified(arn, parts),
        "dynamodb" if parts.resource.contains("/index/") => named_first(arn, parts),
        "es" => named_first(arn, parts),
        _ => None,
    }
}

/// `…:table/name` of `…:table/name/index/other`.
fn named_first<'a>(arn: &'a str, parts: &Arn<'_>) -> Option<&'a str> {
    let (kind, rest) = split_at(parts.resource, b'/')?;
    let (name, _) = split_at(rest, b'/')?;
    arn.get(..arn.len() - parts.resource.len() + kind.len() + 1 + name.len())
}

/// The bucket of an object's ARN.
pub(crate) fn bucket_of<'a>(arn: &'a str, parts: &Arn<'_>) -> Option<&'a str> {
    if parts.service != "s3" || !parts.account.is_empty() {
        return None;
    }
    let (bucket, _) = split_at(parts.resource, b'/')?;
    arn.get(..arn.len() - parts.resource.len() + bucket.len())
}

fn unqualified<'a>(arn: &'a str, parts: &Arn<'_>) -> Option<&'a str> {
    let name = parts.resource.strip_prefix("function:")?;
    let (_, qualifier) = name.split_once(':')?;
    arn.get(..arn.len() - qualifier.len() - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(arn: &str, expected: Option<&str>) {
        assert_eq!(container(arn, &Arn::parse(arn).unwrap()), expected, "{arn}");
    }

    #[test]
    fn an_object_is_governed_by_its_bucket() {
        check("arn:aws:s3:::b/k/x", Some("arn:aws:s3:::b"));
        check("arn:aws:s3:::b", None);
    }

    #[test]
    fn an_index_is_governed_by_its_table_and_a_stream_is_not() {
        let table = "arn:aws:dynamodb:us-east-1:111122223333:table/Music";
        check(&format!("{table}/index/ByYear"), Some(table));
        check(&format!("{table}/stream/2024-06-01T00:00:00.000"), None);
        check(table, None);
    }

    #[test]
    fn a_path_is_governed_by_its_search_domain() {
        let domain = "arn:aws:es:us-east-1:111122223333:domain/logs";
        check(&format!("{domain}/index/_search"), Some(domain));
        check(domain, None);
    }

    #[test]
    fn a_qualified_function_falls_back_to_the_function() {
        let arn = "arn:aws:lambda:us-east-1:111122223333:function:f";
        check(&format!("{arn}:PROD"), Some(arn));
        check(arn, None);
    }
}
