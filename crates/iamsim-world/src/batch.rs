//! Many questions to one world: who may do something, and which of many things are done.

use iamsim_engine::{Batch, Decision, Owner, Principal, Target, evaluate};

use crate::call::Check;
use crate::context::Circumstances;
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
            let (known, batch) = batch.get_or_insert_with(|| (owner, Batch::new(&target(check, owner))));
            // What Organizations answers belongs to the management account of each caller.
            if *known == owner {
                batch.evaluate(&mut request, &policies)
            } else {
                evaluate(&request, &policies)
            }
        })
    }

    /// Decides each of many checks of one caller, in their order.
    pub fn what_can<'q>(
        &'q self,
        caller: &'q Caller,
        checks: impl IntoIterator<Item = &'q Check>,
        circumstances: &'q Circumstances,
    ) -> impl Iterator<Item = Decision> {
        checks.into_iter().map(move |check| self.decide(caller, check, circumstances))
    }

    /// The decision that [`Simulation::check`] comes to, without what bears it out.
    #[must_use]
    pub fn decide(&self, caller: &Caller, check: &Check, circumstances: &Circumstances) -> Decision {
        let (request, policies) = self.prepare(caller, check, circumstances);
        evaluate(&request, &policies)
    }
}

fn target(check: &Check, owner: Owner) -> Target {
    let target = Target::new(&check.action, &check.resource);
    match owner {
        Owner::Account(account) => target.with_resource_account(account),
        Owner::Caller | Owner::Aws => target,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use iamsim_engine::{AccountId, Policy};
    use iamsim_syntax::{PolicyType, parse};

    use super::*;
    use crate::world::{Role, User};

    /// A world in which Alice and the role of readers may read, and Bob may not.
    fn simulation() -> Simulation {
        let text = r#"{"Statement": {"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}}"#;
        let read = parse(text, PolicyType::IdentityBased).0.map(|policy| Policy::compile(&policy, "read"));
        let policies = read.map(Arc::new);
        let mut world = World::default();
        let account = world.accounts.entry(AccountId::parse("111122223333").unwrap()).or_default();
        let path = "/team/".to_owned();
        account
            .users
            .insert("alice".to_owned(), User { policies: policies.clone().into(), ..User::default() });
        account.users.insert("bob".to_owned(), User::default());
        account
            .roles
            .insert("Readers".to_owned(), Role { path, policies: policies.into(), ..Role::default() });
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
}
