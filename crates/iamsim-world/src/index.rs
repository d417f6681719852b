//! What every request asks of a world, found beforehand: where accounts stand in their organizations, what users
//! and roles have, and whose the resources are.

use std::collections::hash_map::Entry;
use std::sync::Arc;

use iamsim_engine::{AccountId, ContextValue, Level, Policies, Text};
use iamsim_syntax::Arn;
use rustc_hash::FxHashMap;

use crate::holdings::{Holdings, Listed};
use crate::lookup::{bucket_of, container, governing};
use crate::residents::Residents;
use crate::world::{MemberAccount, Organization, Unit, VpcEndpoint, World};

/// The answers for one world, as long as it does not change.
#[derive(Debug, Clone, Default)]
pub(crate) struct Index {
    memberships: FxHashMap<AccountId, Membership>,
    holdings: FxHashMap<AccountId, Holdings>,
    pub(crate) residents: Residents,
    /// The resources that are listed, by ARN.
    listings: FxHashMap<Box<str>, Listings>,
    /// The accounts of VPC endpoints.
    endpoints: FxHashMap<Box<str>, AccountId>,
}

/// One resource as accounts list it. Mostly one does, but another may claim a bucket, too.
#[derive(Debug, Clone)]
struct Listings {
    first: Listed,
    /// Those of further accounts.
    others: Vec<Listed>,
}

/// What the world lists under a resource's name.
#[derive(Clone, Copy)]
pub(crate) struct Found<'i> {
    name: &'i str,
    arn: Option<Arn<'i>>,
    itself: Option<&'i Listings>,
    /// What governs it where it is not listed itself: the bucket of an object.
    container: Option<&'i Listings>,
}

/// A resource of an account's, as far as the world knows it.
#[derive(Clone, Copy)]
pub(crate) struct Subject<'i> {
    /// Its ARN, or `*`.
    pub(crate) name: &'i str,
    /// The parts of its ARN.
    pub(crate) arn: Option<Arn<'i>>,
    /// Whose it is.
    pub(crate) owner: Option<AccountId>,
    /// Where its owner stands.
    pub(crate) membership: Option<&'i Membership>,
    /// What its owner holds.
    pub(crate) holdings: Option<&'i Holdings>,
    /// The resource itself, when the world lists it.
    pub(crate) itself: Option<&'i Listed>,
    /// What has the policy and settings that govern it: itself, or the bucket of an object.
    pub(crate) governing: Option<&'i Listed>,
}

impl Listings {
    /// The listing of an account.
    fn of(&self, owner: AccountId) -> Option<&Listed> {
        std::iter::once(&self.first).chain(&self.others).find(|listed| listed.owner == owner)
    }
}

impl Found<'_> {
    /// The account that owns the resource, as far as its ARN or the world tells. Who lists a bucket owns its objects.
    pub(crate) fn owner(&self) -> Option<AccountId> {
        let is_object = self.arn.as_ref().is_some_and(|arn| bucket_of(self.name, arn).is_some());
        let listed = || if is_object { self.container } else { self.itself };
        self.arn.as_ref().and_then(owner_by_arn).or_else(|| Some(listed()?.first.owner))
    }
}

/// An account's place in its organization.
#[derive(Debug, Clone)]
pub(crate) struct Membership {
    /// `o-exampleorgid`
    pub(crate) organization: Text,
    pub(crate) management_account: AccountId,
    /// `o-x/r-x/ou-x/`, as `aws:PrincipalOrgPaths` has it.
    pub(crate) paths: ContextValue,
    /// The service control policies on the way down to the account; `None` for the management account, which
    /// they do not bind.
    pub(crate) service_control: Option<Arc<[Level]>>,
    /// The resource control policies, likewise.
    pub(crate) resource_control: Option<Arc<[Level]>>,
}

impl Index {
    pub(crate) fn of(world: &World) -> Self {
        let mut index = Self::default();
        for organization in &world.organizations {
            index.add_below(organization, &mut vec![&organization.root]);
            // A management account that no unit lists stands at the root.
            let manager = organization.management_account;
            index
                .memberships
                .entry(manager)
                .or_insert_with(|| Membership::new(organization, &[&organization.root], manager, None));
        }
        index.residents = Residents::of(world);
        for (id, account) in &world.accounts {
            for (arn, resource) in &account.resources {
                index.list(arn, Listed::of(*id, account, resource));
            }
            index.holdings.insert(*id, Holdings::of(account));
            for endpoint in account.vpc_endpoints.keys() {
                index.endpoints.entry(endpoint.as_str().into()).or_insert(*id);
            }
        }
        index
    }

    /// Adds the accounts of the unit at the end of `path` and of the units below. Where an account is listed
    /// twice, the first counts.
    fn add_below(&mut self, organization: &Organization, path: &mut Vec<&Unit>) {
        let Some(unit) = path.last().copied() else { return };
        for member in &unit.accounts {
            self.memberships
                .entry(member.id)
                .or_insert_with(|| Membership::new(organization, path, member.id, Some(member)));
        }
        for below in &unit.units {
            path.push(below);
            self.add_below(organization, path);
            path.pop();
        }
    }

    pub(crate) fn membership(&self, account: AccountId) -> Option<&Membership> {
        self.memberships.get(&account)
    }

    pub(crate) fn holdings(&self, account: AccountId) -> Option<&Holdings> {
        self.holdings.get(&account)
    }

    fn list(&mut self, arn: &str, listed: Listed) {
        match self.listings.entry(arn.into()) {
            Entry::Vacant(place) => {
                place.insert(Listings { first: listed, others: Vec::new() });
            }
            Entry::Occupied(mut listings) => listings.get_mut().others.push(listed),
        }
    }

    /// What is listed under a name; `arn` are its parts.
    pub(crate) fn find<'i>(&'i self, name: &'i str, arn: Option<Arn<'i>>) -> Found<'i> {
        let container = arn.as_ref().and_then(|arn| container(name, arn));
        let container = container.and_then(|container| self.listings.get(container));
        Found { name, arn, itself: self.listings.get(name), container }
    }

    /// The resource of that name that is an account's.
    pub(crate) fn subject<'i>(&'i self, found: Found<'i>, owner: Option<AccountId>) -> Subject<'i> {
        let Found { name, arn, itself, container } = found;
        let membership = owner.and_then(|owner| self.membership(owner));
        let holdings = owner.and_then(|owner| self.holdings(owner));
        let of_owner = |listings: Option<&'i Listings>| listings?.of(owner?);
        let itself = of_owner(itself);
        let governing = governing(arn.as_ref(), itself, of_owner(container));
        Subject { name, arn, owner, membership, holdings, itself, governing }
    }

    /// The VPC endpoint with this id, in whatever account.
    pub(crate) fn vpc_endpoint<'w>(&self, world: &'w World, id: &str) -> Option<&'w VpcEndpoint> {
        world.account(*self.endpoints.get(id)?)?.vpc_endpoints.get(id)
    }
}

impl Membership {
    fn new(
        organization: &Organization,
        path: &[&Unit],
        account: AccountId,
        member: Option<&MemberAccount>,
    ) -> Self {
        let mut text = format!("{}/", organization.id);
        for unit in path {
            text.push_str(&unit.id);
            text.push('/');
        }
        let level =
            |target: &str, policies: &Policies| Level { target: target.into(), policies: policies.clone() };
        let service_control = || {
            let units = path.iter().map(|unit| level(&unit.id, &unit.service_control_policies));
            let own = member.and_then(|member| member.service_control_policies.as_ref());
            units.chain(own.map(|policies| level(account.as_str(), policies))).collect()
        };
        let resource_control = || {
            let units = path.iter().map(|unit| level(&unit.id, &unit.resource_control_policies));
            let own = member.map(|member| level(account.as_str(), &member.resource_control_policies));
            units.chain(own).collect()
        };
        let is_bound = organization.management_account != account;
        Self {
            organization: organization.id.as_str().into(),
            management_account: organization.management_account,
            paths: std::iter::once(text).collect(),
            service_control: is_bound.then(service_control),
            resource_control: is_bound.then(resource_control),
        }
    }
}

fn owner_by_arn(arn: &Arn<'_>) -> Option<AccountId> {
    AccountId::parse(arn.account)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::Resource;

    const BUCKET: &str = "arn:aws:s3:::amzn-s3-demo-bucket";

    fn account(id: &str) -> AccountId {
        AccountId::parse(id).unwrap()
    }

    /// A world in which two accounts list the bucket.
    fn index() -> Index {
        let mut world = World::default();
        for id in ["111122223333", "444455556666"] {
            let account = world.accounts.entry(account(id)).or_default();
            account.resources.insert(BUCKET.to_owned(), Resource::default());
        }
        Index::of(&world)
    }

    fn check(name: &str, owner: Option<&str>, governing: Option<&str>) {
        let index = index();
        let found = index.find(name, Arn::parse(name));
        assert_eq!(found.owner(), Some(account("111122223333")), "{name}");
        let subject = index.subject(found, owner.map(account));
        assert_eq!(subject.governing.map(|listed| listed.owner), governing.map(account), "{name}");
    }

    #[test]
    fn a_bucket_belongs_to_whoever_lists_it_first_and_governs_its_objects() {
        check(BUCKET, Some("111122223333"), Some("111122223333"));
        check(&format!("{BUCKET}/a/b"), Some("111122223333"), Some("111122223333"));
    }

    #[test]
    fn what_another_account_lists_governs_what_is_said_to_be_its() {
        check(BUCKET, Some("444455556666"), Some("444455556666"));
        check(&format!("{BUCKET}/a/b"), Some("444455556666"), Some("444455556666"));
        check(BUCKET, Some("123456789012"), None);
        check(BUCKET, None, None);
    }
}
