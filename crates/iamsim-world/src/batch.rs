//! Many questions to one world: who may do something, and which of many things are done.

use iamsim_engine::{Batch, Decision, Owner, Principal, Target, evaluate};

use crate::call::Check;
use crate::context::{self, Circumstances};
use crate::residents::arn;
use crate::session::Caller;
use crate::simulation::Simulation;
use crate::world::World;

impl World {
    /// Every user and role, by account and name, users first. Those of other partitions than `aws` are not told
    /// apart.
    pub fn everybody(&self) -> impl Iterator<Item = Caller> {
        self.accounts.iter().flat_map(|(id, account)| {
            let users = account.users.iter().map(move |(name, user)| arn(*id, "user", &user.path, name));
            let roles = account.roles.iter().map(move |(name, role)| arn(*id, "role", &role.path, name));
            users.chain(roles).filter_map(|arn| Principal::from_arn(&arn)).map(Caller::new)
        })
    }
}

impl Simulation {
    /// Decides one check for each of many callers, in their order. Policies that several of them have are looked at
    /// once.
    pub fn who_can<'q>(
        &'q self,
        callers: impl IntoIterator<Item = &'q Caller>,
        check: &'q Check,
        circumstances: &'q Circumstances,
    ) -> impl Iterator<Item = Decision> {
        let mut batch: Option<(Owner, Batch)> = None;
        callers.into_iter().map(move |caller| {
            let (mut request, policies) = self.prepare(caller, check, circumstances);
            let owner = request.owner();
            let target = || target(&check.action, request.resource(), owner);
            let (known, batch) = batch.get_or_insert_with(|| (owner, Batch::new(&target())));
            // What Organizations answers belongs to the management account of each caller.
            if *known == owner {
                batch.evaluate(&mut request, &policies)
            } else {
                evaluate(&request, &policies)
            }
        })
    }

    /// Decides each of many checks of one caller, in their order. The caller is looked up once.
    pub fn what_can<'q>(
        &'q self,
        caller: &'q Caller,
        checks: impl IntoIterator<Item = &'q Check>,
        circumstances: &'q Circumstances,
    ) -> impl Iterator<Item = Decision> {
        let scene = self.scene(caller, self.resident(caller)).through(context::endpoint(circumstances));
        checks.into_iter().map(move |check| {
            let given = circumstances.context.clone();
            let (request, policies) = self.prepare_in(scene, check.into(), circumstances, given);
            evaluate(&request, &policies)
        })
    }

    /// The decision that [`Simulation::check`] comes to, without what bears it out.
    #[must_use]
    pub fn decide(&self, caller: &Caller, check: &Check, circumstances: &Circumstances) -> Decision {
        let (request, policies) = self.prepare(caller, check, circumstances);
        evaluate(&request, &policies)
    }
}

fn target(action: &str, resource: &str, owner: Owner) -> Target {
    let target = Target::new(action, resource);
    match owner {
        Owner::Account(account) => target.with_resource_account(account),
        Owner::Caller | Owner::Aws => target,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use iamsim_engine::{AccountId, Policies, Policy};
    use iamsim_syntax::{PolicyType, parse};

    use super::*;
    use crate::world::{Organization, Resource, Role, Unit, User};

    const READ: &str = r#"{"Version": "2012-10-17",
        "Statement": {"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}}"#;

    fn policies(text: &str, policy_type: PolicyType) -> Policies {
        let (policy, faults) = parse(text, policy_type);
        Arc::new(Policy::compile(&policy.unwrap_or_else(|| panic!("{faults:?}")), "given")).into()
    }

    fn account(id: &str) -> AccountId {
        AccountId::parse(id).unwrap()
    }

    /// A world in which Alice and the role of readers may read, and Bob may not.
    fn simulation() -> Simulation {
        let policies = policies(READ, PolicyType::IdentityBased);
        let mut world = World::default();
        let account = world.accounts.entry(account("111122223333")).or_default();
        let path = "/team/".to_owned();
        account.users.insert("alice".to_owned(), User { policies: policies.clone(), ..User::default() });
        account.users.insert("bob".to_owned(), User::default());
        account.roles.insert("Readers".to_owned(), Role { path, policies, ..Role::default() });
        Simulation::new(world, 0)
    }

    /// Two organizations of one account each, in which everybody shares policies that ask who they are.
    fn two_organizations() -> Simulation {
        let shared = r#"{"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": ["s3:*", "organizations:*", "sts:AssumeRole"], "Resource": "*"},
            {"Effect": "Deny", "Action": "s3:Put*", "Resource": "*",
                "Condition": {"StringNotEquals": {"aws:PrincipalTag/team": "payments"}}},
            {"Effect": "Deny", "Action": "s3:*", "Resource": "arn:aws:s3:::*/${aws:username}/*"}]}"#;
        let bucket = r#"{"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Principal": {"AWS": "444455556666"}, "Action": "s3:Get*",
                "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"},
            {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
                "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-third"}}}]}"#;
        let trust = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sts:AssumeRole",
            "Principal": {"AWS": ["111122223333", "arn:aws:iam::444455556666:user/alice"]}}}"#;
        let limit = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "NotAction": "s3:Delete*", "Resource": "*"}}"#;
        let identity = policies(shared, PolicyType::IdentityBased);
        let mut world = World::default();
        for (organization, id) in [("o-first", "111122223333"), ("o-second", "444455556666")] {
            let service_control_policies = policies(limit, PolicyType::ServiceControl);
            let root = Unit { id: "r-ab12".to_owned(), service_control_policies, ..Unit::default() };
            let (management_account, organization) = (account(id), organization.to_owned());
            world.organizations.push(Organization { id: organization, management_account, root });
            let account = world.accounts.entry(management_account).or_default();
            for (name, team) in [("alice", "payments"), ("bob", "search")] {
                let tags = [("team".to_owned(), team.to_owned())].into();
                account
                    .users
                    .insert(name.to_owned(), User { policies: identity.clone(), tags, ..User::default() });
            }
            let boundary = policies(READ, PolicyType::PermissionsBoundary);
            account.roles.insert(
                "Reader".to_owned(),
                Role {
                    policies: identity.clone(),
                    permissions_boundary: boundary,
                    trust: policies(trust, PolicyType::RoleTrust),
                    ..Role::default()
                },
            );
        }
        let owner = world.accounts.entry(account("111122223333")).or_default();
        owner.resources.insert(
            "arn:aws:s3:::amzn-s3-demo-bucket".to_owned(),
            Resource { policy: policies(bucket, PolicyType::ResourceBased), ..Resource::default() },
        );
        Simulation::new(world, 0)
    }

    #[test]
    fn everybody_is_asked_in_order() {
        let simulation = simulation();
        let callers: Vec<_> = simulation.world().everybody().collect();
        let check = Check::new("s3:GetObject", "arn:aws:s3:::amzn-s3-demo-bucket/a");
        let circumstances = Circumstances::default();
        let decisions = simulation.who_can(&callers, &check, &circumstances);
        let can: Vec<_> = callers
            .iter()
            .zip(decisions)
            .map(|(caller, decision)| (caller.principal.arn(), decision.is_allowed()))
            .collect();
        let expected = [
            ("arn:aws:iam::111122223333:user/alice", true),
            ("arn:aws:iam::111122223333:user/bob", false),
            ("arn:aws:iam::111122223333:role/team/Readers", true),
        ];
        assert_eq!(can, expected);
    }

    #[test]
    fn a_decision_is_that_of_a_check() {
        let simulation = simulation();
        let circumstances = Circumstances::default();
        let checks = ["s3:GetObject", "s3:PutObject"]
            .map(|action| Check::new(action, "arn:aws:s3:::amzn-s3-demo-bucket/a"));
        for caller in simulation.world().everybody() {
            let decisions = simulation.what_can(&caller, &checks, &circumstances);
            for (check, decision) in checks.iter().zip(decisions) {
                assert_eq!(decision, simulation.check(&caller, check, &circumstances).evaluation.decision);
            }
        }
    }

    #[test]
    fn who_can_is_what_each_would_be_told() {
        let simulation = two_organizations();
        let callers: Vec<_> = simulation.world().everybody().collect();
        let objects = ["a", "alice/a", "bob/a"].map(|key| format!("arn:aws:s3:::amzn-s3-demo-bucket/{key}"));
        let of_objects = objects.iter().flat_map(|object| {
            ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"].map(|action| Check::new(action, object))
        });
        let others = [
            Check::new("organizations:ListAccounts", "*"),
            Check::new("sts:AssumeRole", "arn:aws:iam::444455556666:role/Reader"),
            Check::new("iam:GetPolicy", "arn:aws:iam::aws:policy/ReadOnlyAccess"),
            Check {
                resource_account: Some(account("444455556666")),
                ..Check::new("s3:GetObject", &objects[0])
            },
        ];
        let circumstances = Circumstances::default();
        for check in of_objects.chain(others) {
            let decisions: Vec<_> = simulation.who_can(&callers, &check, &circumstances).collect();
            let told = |caller| simulation.check(caller, &check, &circumstances).evaluation.decision;
            let expected: Vec<_> = callers.iter().map(told).collect();
            assert_eq!(decisions, expected, "{check:?}");
        }
    }

    #[test]
    fn what_is_asked_once_is_answered_as_ever() {
        let simulation = two_organizations();
        let context = [("aws:SourceIp", "203.0.113.7"), ("aws:SourceVpce", "vpce-1a2b3c4d")];
        let circumstances = Circumstances {
            context: context.into_iter().collect(),
            absent: vec!["aws:PrincipalOrgID".to_owned()],
            ..Circumstances::default()
        };
        for caller in simulation.world().everybody() {
            let check = Check::new("s3:GetObject", "arn:aws:s3:::amzn-s3-demo-bucket/a");
            let recognized = simulation.recognize(caller.principal.arn()).unwrap();
            let once = simulation.check_once(&recognized, (&check).into(), &mut circumstances.clone());
            let usual = simulation.check(&caller, &check, &circumstances);
            assert_eq!((once.request, once.evaluation), (usual.request, usual.evaluation));
        }
    }
}
