//! What must hold of the engine whatever the case.

use std::sync::Arc;

use iamsim_engine::{
    Batch, Level, Outcome, Policies, Policy, PolicySet, Target, evaluate, evaluate_fully, explain,
};
use iamsim_syntax::{self as syntax, PolicyType};
use proptest::test_runner::TestCaseError;
use proptest::{prop_assert, prop_assert_eq};

use crate::case::Case;
use crate::generate::ACCOUNTS;

type Answer = Result<(), TestCaseError>;

const DENY_ALL: &str =
    r#"{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "*", "Resource": "*"}}"#;

/// Adds a policy that denies everything, in each place in turn.
pub(crate) fn another_deny_never_allows(case: &Case) -> Answer {
    let (request, policies) = (case.request(), case.parsed().compiled(&case.settings));
    let before = evaluate(&request, &policies).outcome;
    let (deny, _) = syntax::parse(DENY_ALL, PolicyType::IdentityBased);
    let deny = Arc::new(Policy::compile(&deny.unwrap(), "deny"));
    let bounds = |set: &mut PolicySet| set.permissions_boundary = Arc::clone(&deny).into();
    let organization = |set: &mut PolicySet| {
        let level = Level { target: "unit".into(), policies: Arc::clone(&deny).into() };
        let levels = set.service_control.as_deref().unwrap_or_default();
        set.service_control = Some(levels.iter().cloned().chain([level]).collect());
    };
    let resource = |set: &mut PolicySet| set.resource = Arc::new(denied_resource(case)).into();
    let additions: [&dyn Fn(&mut PolicySet); 6] = [
        &|set| set.identity = set.identity.with(Arc::clone(&deny)),
        &|set| set.session = set.session.with(Arc::clone(&deny)),
        &|set| set.vpc_endpoint = Some(set.vpc_endpoint.clone().unwrap_or_default().with(Arc::clone(&deny))),
        &bounds,
        &organization,
        &resource,
    ];
    for (at, add) in additions.into_iter().enumerate() {
        let mut more = policies.clone();
        add(&mut more);
        let after = evaluate(&request, &more).outcome;
        prop_assert!(before == Outcome::Allowed || after != Outcome::Allowed, "addition {at}: {after:?}");
        prop_assert!(before != Outcome::ExplicitDeny || after == before, "addition {at}: {after:?}");
    }
    Ok(())
}

/// The resource's policy with one more statement, which denies everyone everything.
fn denied_resource(case: &Case) -> Policy {
    let policy_type = case.resource_policy_type();
    let text = match policy_type {
        PolicyType::RoleTrust => {
            r#"{"Statement": {"Effect": "Deny", "Principal": {"AWS": "*"}, "Action": "sts:*"}}"#
        }
        _ => r#"{"Statement": {"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}}"#,
    };
    let mut deny = syntax::parse(text, policy_type).0.unwrap();
    if let Some(policy) = case.parsed().resource {
        deny.version = policy.version;
        deny.statements.extend(policy.statements);
    }
    Policy::compile(&deny, "deny")
}

/// Whoever is bound by a service control policy needs every level.
pub(crate) fn a_level_emptied_never_allows(case: &Case) -> Answer {
    let (request, policies) = (case.request(), case.parsed().compiled(&case.settings));
    let before = evaluate(&request, &policies).outcome;
    for at in 0..policies.service_control.as_deref().map_or(0, <[Level]>::len) {
        let mut fewer = policies.clone();
        let mut levels = fewer.service_control.take().unwrap().to_vec();
        levels[at].policies = Policies::default();
        fewer.service_control = Some(levels.into());
        let after = evaluate(&request, &fewer).outcome;
        prop_assert!(before == Outcome::Allowed || after != Outcome::Allowed, "level {at}: {after:?}");
    }
    Ok(())
}

/// A caller that asked for something else before asks for the case's target.
pub(crate) fn a_batch_decides_the_same(case: &Case) -> Answer {
    let (request, policies) = (case.request(), case.parsed().compiled(&case.settings));
    let expected = evaluate(&request, &policies);
    let mut batch = Batch::new(&case.target());
    for (action, resource) in [
        ("kms:Decrypt", "arn:aws:kms:us-east-1:111122223333:key/k"),
        ("s3:ListAllMyBuckets", "*"),
        ("ebs:ListSnapshotBlocks", "arn:aws:iam::aws:policy/p"),
    ] {
        let mut asked = request.clone();
        asked.aim_at(&Target::new(action, resource));
        prop_assert_eq!(batch.evaluate(&mut asked, &policies), expected);
        prop_assert_eq!(&asked, &request);
    }
    Ok(())
}

/// Policies, statements and levels are sets.
pub(crate) fn order_never_matters(case: &Case) -> Answer {
    let expected = evaluate(&case.request(), &case.parsed().compiled(&case.settings));
    let mut parsed = case.parsed().map(case.resource_policy_type(), |_, policy| {
        let mut policy = policy.clone();
        policy.statements.reverse();
        policy
    });
    parsed.identity.reverse();
    parsed.session.reverse();
    for levels in [&mut parsed.service_control, &mut parsed.resource_control].into_iter().flatten() {
        levels.reverse();
        levels.iter_mut().for_each(|level| level.reverse());
    }
    prop_assert_eq!(evaluate(&case.request(), &parsed.compiled(&case.settings)), expected);
    Ok(())
}

pub(crate) fn explaining_changes_nothing(case: &Case) -> Answer {
    let (request, policies) = (case.request(), case.parsed().compiled(&case.settings));
    let fully = evaluate_fully(&request, &policies);
    prop_assert_eq!(fully.decision, evaluate(&request, &policies));
    let explanation = explain(&request, &policies);
    prop_assert_eq!(&explanation.evaluation, &fully);
    let traces = || explanation.statements();
    for trace in traces() {
        let matches = trace.misses().next().is_none();
        prop_assert_eq!(trace.grant.is_some(), matches, "{:?}", trace.at);
    }
    for at in fully.matched {
        prop_assert!(traces().any(|trace| trace.at == at && trace.grant.is_some()), "{at:?}");
    }
    Ok(())
}

pub(crate) fn other_account_ids_change_nothing(case: &Case) -> Answer {
    same_when_rewritten(case, |text| swap(text, ACCOUNTS[0], ACCOUNTS[1]))
}

pub(crate) fn another_partition_changes_nothing(case: &Case) -> Answer {
    same_when_rewritten(case, |text| swap(text, "arn:aws:", "arn:aws-us-gov:"))
}

fn swap(text: &str, one: &str, other: &str) -> String {
    let swapped: Vec<String> = text.split(one).map(|rest| rest.replace(other, one)).collect();
    swapped.join(other)
}

fn same_when_rewritten(case: &Case, rewrite: impl Fn(&str) -> String) -> Answer {
    let rewritten = case.rewrite(rewrite);
    let expected = evaluate(&case.request(), &case.parsed().compiled(&case.settings));
    let found = evaluate(&rewritten.request(), &rewritten.parsed().compiled(&rewritten.settings));
    prop_assert_eq!(found, expected);
    Ok(())
}
