//! The users and roles of a world by their ARNs, with what every request of theirs has worked out once.

use std::collections::BTreeMap;
use std::sync::Arc;

use iamsim_engine::{AccountId, Key, Policies, Policy, Principal, RoleSession, Text};
use rustc_hash::FxHashMap;

use crate::identity::made_up;
use crate::lookup::entity;
use crate::session::{Caller, Recognized};
use crate::world::{Account, User, World};

/// Whom the policies and tags of a caller come from.
#[derive(Debug, Clone)]
pub(crate) struct Resident {
    /// The ARN that [`World::everybody`] lists it with, and no other.
    principal: Principal,
    /// `AIDA…` or `AROA…`, as the world says or made up of the ARN.
    id: Text,
    /// Whether the world says its id.
    has_id: bool,
    /// Its identity-based policies, with those of its groups.
    pub(crate) policies: Policies,
    /// Its permissions boundary, one policy or none.
    pub(crate) permissions_boundary: Policies,
    /// Its tags, as `aws:PrincipalTag/…`.
    pub(crate) tags: Vec<(Key, Text)>,
}

/// The users and roles of a world.
#[derive(Debug, Clone, Default)]
pub(crate) struct Residents {
    all: Vec<Resident>,
    /// Where in `all` users and roles are, by their ARNs.
    by_arn: FxHashMap<Text, usize>,
    /// Where in `all` roles are, by the ARNs of their sessions up to the session's name.
    by_session: FxHashMap<Text, usize>,
}

impl Resident {
    /// Its unique id, when it is known by `arn`.
    pub(crate) fn id(&self, arn: &str) -> Option<&str> {
        (self.has_id || arn == self.principal.arn()).then_some(&self.id)
    }
}

impl Residents {
    pub(crate) fn of(world: &World) -> Self {
        let mut residents = Self::with_room_for(world);
        let mut joined = Joined::default();
        for (account_id, account) in &world.accounts {
            // What has a slash in its name is found by no ARN.
            for (name, user) in account.users.iter().filter(|(name, _)| !name.contains('/')) {
                let policies = joined.of(account, user);
                let boundary = user.permissions_boundary.clone();
                let arn = arn(*account_id, "user", &user.path, name);
                residents.add(&arn, "AIDA", user.id.as_deref(), (policies, boundary), &user.tags);
            }
            for (name, role) in account.roles.iter().filter(|(name, _)| !name.contains('/')) {
                let policies = (role.policies.clone(), role.permissions_boundary.clone());
                let arn = arn(*account_id, "role", &role.path, name);
                let added = residents.add(&arn, "AROA", role.id.as_deref(), policies, &role.tags);
                if let Some(at) = added {
                    let session = ["arn:aws:sts::", account_id.as_str(), ":assumed-role/", name].concat();
                    residents.by_session.insert(session.into(), at);
                }
            }
        }
        residents
    }

    fn with_room_for(world: &World) -> Self {
        let count = |of: fn(&Account) -> usize| world.accounts.values().map(of).sum::<usize>();
        let (users, roles) = (count(|account| account.users.len()), count(|account| account.roles.len()));
        let mut residents = Self { all: Vec::with_capacity(users + roles), ..Self::default() };
        residents.by_arn.reserve(users + roles);
        residents.by_session.reserve(roles);
        residents
    }

    /// Adds a user or role, unless no ARN finds it.
    fn add(
        &mut self,
        arn: &str,
        id_prefix: &str,
        id: Option<&str>,
        (policies, permissions_boundary): (Policies, Policies),
        tags: &BTreeMap<String, String>,
    ) -> Option<usize> {
        let principal = Principal::from_arn(arn)?;
        // One text with the principal's own: comparing it warms what a caller is made of.
        let text = match &principal {
            Principal::User { arn, .. } | Principal::RoleSession(RoleSession { arn, .. }) => arn.clone(),
            _ => return None,
        };
        let tag = |(key, value): (&String, &String)| {
            (Key::new(&format!("aws:PrincipalTag/{key}")), value.as_str().into())
        };
        let resident = Resident {
            id: id.map_or_else(|| made_up(id_prefix, arn).into(), Text::from),
            has_id: id.is_some(),
            principal,
            policies,
            permissions_boundary,
            tags: tags.iter().map(tag).collect(),
        };
        let at = self.all.len();
        self.by_arn.insert(text, at);
        self.all.push(resident);
        Some(at)
    }

    /// What the world holds of a caller: of a federated user, the IAM user who asked for its token.
    pub(crate) fn find(&self, world: &World, caller: &Caller) -> Option<&Resident> {
        match &caller.principal {
            Principal::User { arn, .. } => self.user(world, arn),
            Principal::FederatedUser { .. } => self.user(world, caller.issuer()?),
            Principal::RoleSession(session) => self.role(world, &session.role_arn),
            _ => None,
        }
    }

    /// The caller with this ARN, when it is one that needs no further thought.
    pub(crate) fn recognize(&self, text: &str) -> Option<Recognized<'_>> {
        if let Some(resident) = self.by_arn(text) {
            let caller = Caller::new(resident.principal.clone());
            return Some(Recognized { caller, resident: Some(resident) });
        }
        let (role, session) = text.rsplit_once('/')?;
        let resident = self.all.get(*self.by_session.get(role)?)?;
        let Principal::RoleSession(role) = &resident.principal else { return None };
        if session.is_empty() {
            return None;
        }
        let RoleSession { arn: _, role_arn, path_known, account } = role;
        let session = RoleSession {
            arn: text.into(),
            role_arn: role_arn.clone(),
            path_known: *path_known,
            account: *account,
        };
        let caller = Caller::new(Principal::RoleSession(session));
        Some(Recognized { caller, resident: Some(resident) })
    }

    /// The user with this ARN, in whatever partition and under whatever path.
    fn user(&self, world: &World, text: &str) -> Option<&Resident> {
        self.by_arn(text).filter(|found| matches!(found.principal, Principal::User { .. })).or_else(|| {
            let (account, name) = entity(text, "user/")?;
            self.by_arn(&arn(account, "user", &world.user(text)?.path, name))
        })
    }

    /// The role with this ARN, likewise.
    fn role(&self, world: &World, text: &str) -> Option<&Resident> {
        self.by_arn(text).filter(|found| matches!(found.principal, Principal::RoleSession(_))).or_else(|| {
            let (account, name) = entity(text, "role/")?;
            self.by_arn(&arn(account, "role", &world.role(text)?.path, name))
        })
    }

    fn by_arn(&self, arn: &str) -> Option<&Resident> {
        self.all.get(*self.by_arn.get(arn)?)
    }
}

/// The ARN of a user or role. Those of other partitions than `aws` are not told apart.
pub(crate) fn arn(account: AccountId, kind: &str, path: &str, name: &str) -> String {
    let path = path.trim_matches('/');
    let slash = if path.is_empty() { "" } else { "/" };
    ["arn:aws:iam::", account.as_str(), ":", kind, "/", path, slash, name].concat()
}

/// The policies of users with those of their groups: the same ones are arranged once.
#[derive(Default)]
struct Joined(FxHashMap<Vec<*const Policy>, Policies>);

impl Joined {
    fn of(&mut self, account: &Account, user: &User) -> Policies {
        if user.groups.is_empty() {
            return user.policies.clone();
        }
        let groups = user.groups.iter().filter_map(|name| account.groups.get(name));
        let all: Vec<_> = user.policies.iter().chain(groups.flat_map(|group| &group.policies)).collect();
        let key = all.iter().map(|policy| Arc::as_ptr(policy)).collect();
        self.0.entry(key).or_insert_with(|| all.into_iter().cloned().collect()).clone()
    }
}
