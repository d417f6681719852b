//! Finding things in a world.

use std::sync::Arc;

use iamsim_engine::{AccountId, Level, Policies};
use iamsim_syntax::Arn;

use crate::world::{Account, Organization, Resource, Role, Unit, User, VpcEndpoint, World};

/// An account's place in its organization.
pub(crate) struct Membership<'w> {
    pub(crate) organization: &'w Organization,
    /// From the root down to the unit the account is in.
    pub(crate) path: Vec<&'w Unit>,
}

impl World {
    /// The account, if it holds anything.
    #[must_use]
    pub fn account(&self, id: AccountId) -> Option<&Account> {
        self.accounts.get(&id)
    }

    /// The user with this ARN.
    #[must_use]
    pub fn user(&self, arn: &str) -> Option<&User> {
        let (account, name) = self.entity(arn, "user/")?;
        account.users.get(name)
    }

    /// The role with this ARN; its path may be left out, as the ARNs of sessions do.
    #[must_use]
    pub fn role(&self, arn: &str) -> Option<&Role> {
        let (account, name) = self.entity(arn, "role/")?;
        account.roles.get(name)
    }

    /// The role with exactly this ARN, path included.
    #[must_use]
    pub(crate) fn role_at(&self, arn: &str) -> Option<&Role> {
        let resource = Arn::parse(arn)?.resource;
        let role = self.role(arn)?;
        let path = resource.strip_prefix("role")?.rsplit_once('/').map(|(path, _)| path)?;
        (path.trim_end_matches('/') == role.path.trim_end_matches('/')).then_some(role)
    }

    fn entity<'a>(&self, arn: &'a str, kind: &str) -> Option<(&Account, &'a str)> {
        let arn = Arn::parse(arn)?;
        let name = arn.resource.strip_prefix(kind)?.rsplit('/').next()?;
        let account = self.account(AccountId::parse(arn.account)?)?;
        Some((account, name))
    }

    /// The account that owns a resource, as far as its ARN or this world tells.
    #[must_use]
    pub fn owner(&self, arn: &str) -> Option<AccountId> {
        if let Some(account) = Arn::parse(arn).and_then(|arn| AccountId::parse(arn.account)) {
            return Some(account);
        }
        let name = bucket_of(arn).unwrap_or(arn);
        self.accounts.iter().find(|(_, account)| account.resources.contains_key(name)).map(|(id, _)| *id)
    }

    /// The resource whose policy and settings govern `arn`: itself, or the bucket of an object.
    ///
    /// A function's version or alias has a policy of its own, and so has what is unqualified; where only the
    /// function is listed, its policy is looked at.
    #[must_use]
    pub fn resource(&self, owner: AccountId, arn: &str) -> Option<&Resource> {
        let resources = &self.account(owner)?.resources;
        let names = [Some(arn), bucket_of(arn), unqualified(arn)];
        names.into_iter().flatten().find_map(|name| resources.get(name))
    }

    /// The VPC endpoint with this id, in whatever account.
    #[must_use]
    pub fn vpc_endpoint(&self, id: &str) -> Option<&VpcEndpoint> {
        self.accounts.values().find_map(|account| account.vpc_endpoints.get(id))
    }

    pub(crate) fn membership(&self, account: AccountId) -> Option<Membership<'_>> {
        self.organizations.iter().find_map(|organization| {
            let mut path = Vec::new();
            let member = find(&organization.root, account, &mut path);
            (member || organization.management_account == account).then(|| {
                if path.is_empty() {
                    path.push(&organization.root);
                }
                Membership { organization, path }
            })
        })
    }
}

/// Looks for the account below `unit`; leaves the way there in `path`.
fn find<'w>(unit: &'w Unit, account: AccountId, path: &mut Vec<&'w Unit>) -> bool {
    path.push(unit);
    if unit.accounts.iter().any(|member| member.id == account) {
        return true;
    }
    if unit.units.iter().any(|unit| find(unit, account, path)) {
        return true;
    }
    path.pop();
    false
}

impl<'w> Membership<'w> {
    /// `o-x/r-x/ou-x/`, as `aws:PrincipalOrgPaths` has it.
    pub(crate) fn org_path(&self) -> String {
        let mut text = format!("{}/", self.organization.id);
        for unit in &self.path {
            text.push_str(&unit.id);
            text.push('/');
        }
        text
    }

    /// The service control policies on the way down to the account; `None` for the management account, which
    /// they do not bind.
    pub(crate) fn service_control(&self, account: AccountId) -> Option<Arc<[Level]>> {
        if self.organization.management_account == account {
            return None;
        }
        let level =
            |target: &str, policies: &Policies| Level { target: target.into(), policies: policies.clone() };
        let units = self.path.iter().map(|unit| level(&unit.id, &unit.service_control_policies));
        let own = self.member(account).and_then(|member| member.service_control_policies.as_ref());
        let own = own.map(|policies| level(account.as_str(), policies));
        Some(units.chain(own).collect())
    }

    /// The resource control policies, likewise.
    pub(crate) fn resource_control(&self, account: AccountId) -> Option<Arc<[Level]>> {
        if self.organization.management_account == account {
            return None;
        }
        let level =
            |target: &str, policies: &Policies| Level { target: target.into(), policies: policies.clone() };
        let units = self.path.iter().map(|unit| level(&unit.id, &unit.resource_control_policies));
        let own =
            self.member(account).map(|member| level(account.as_str(), &member.resource_control_policies));
        Some(units.chain(own).collect())
    }

    fn member(&self, account: AccountId) -> Option<&'w crate::world::MemberAccount> {
        self.path.last()?.accounts.iter().find(|member| member.id == account)
    }
}

fn bucket_of(arn: &str) -> Option<&str> {
    let parts = Arn::parse(arn)?;
    let (bucket, _) = parts.resource.split_once('/')?;
    (parts.service == "s3" && parts.account.is_empty())
        .then(|| arn.get(..arn.len() - parts.resource.len() + bucket.len()))?
}

fn unqualified(arn: &str) -> Option<&str> {
    let parts = Arn::parse(arn)?;
    let name = parts.resource.strip_prefix("function:").filter(|_| parts.service == "lambda")?;
    let (_, qualifier) = name.split_once(':')?;
    arn.get(..arn.len() - qualifier.len() - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_governed_by_its_bucket() {
        assert_eq!(bucket_of("arn:aws:s3:::b/k/x"), Some("arn:aws:s3:::b"));
        assert_eq!(bucket_of("arn:aws:s3:::b"), None);
    }

    #[test]
    fn a_qualified_function_falls_back_to_the_function() {
        let arn = "arn:aws:lambda:us-east-1:111122223333:function:f";
        assert_eq!(unqualified(&format!("{arn}:PROD")), Some(arn));
        assert_eq!(unqualified(arn), None);
    }
}
