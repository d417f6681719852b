//! Every request has a decision, and explaining it does not change it.
//!
//! The first four lines are the principal's ARN, the action, the resource and its account. A line that begins
//! with a letter of `POLICY_LETTERS` and a space is a policy of that type; any other line is `key=value` of the
//! context.

#![no_main]

use std::sync::Arc;

use iamsim_engine::{
    AccountId, Context, Level, Policy, PolicySet, Principal, Request, denial_message, evaluate,
    evaluate_fully, explain,
};
use iamsim_syntax::{PolicyType, parse};
use libfuzzer_sys::fuzz_target;

/// One for each of [`PolicyType::ALL`].
const POLICY_LETTERS: &str = "ibsrtSRv";

fuzz_target!(|text: &str| {
    let mut lines = text.lines();
    let Some([principal, action, resource, account]) = first_four(&mut lines) else { return };
    let mut context = Context::new();
    let mut policies = PolicySet::default();
    for line in lines {
        match read_policy(line) {
            Some(policy) => add(&mut policies, policy),
            None => {
                let (key, value) = line.split_once('=').unwrap_or((line, ""));
                context.insert(key, value);
            }
        }
    }
    let request = Request::of(caller(principal), action, resource).with_context(context);
    let request = match AccountId::parse(account) {
        Some(account) => request.with_resource_account(account),
        None => request,
    };
    let request = request.complete();

    let decision = evaluate(&request, &policies);
    let evaluation = evaluate_fully(&request, &policies);
    assert_eq!(evaluation.decision, decision);
    assert_eq!(explain(&request, &policies).evaluation, evaluation);
    assert_eq!(denial_message(&request, &policies, &evaluation).is_none(), decision.is_allowed());
});

fn first_four<'t>(lines: &mut impl Iterator<Item = &'t str>) -> Option<[&'t str; 4]> {
    Some([lines.next()?, lines.next()?, lines.next()?, lines.next()?])
}

fn caller(text: &str) -> Principal {
    match Principal::from_arn(text) {
        Some(principal) => principal,
        None if text.ends_with(".amazonaws.com") => Principal::Service { name: text.into() },
        None if text.is_empty() => Principal::Anonymous,
        None => Principal::Federated { provider: text.into() },
    }
}

fn read_policy(line: &str) -> Option<Policy> {
    let (letter, document) = line.split_once(' ')?;
    let at = POLICY_LETTERS.find(letter).filter(|_| letter.len() == 1)?;
    let policy = parse(document, *PolicyType::ALL.get(at)?).0?;
    Some(Policy::compile(&policy, "p"))
}

/// Attaches one more policy to those of its kind.
fn add(policies: &mut PolicySet, policy: Policy) {
    let policy_type = policy.policy_type();
    let policy = Arc::new(policy);
    let deeper = |levels: &Option<Arc<[Level]>>| {
        let level = Level { target: "r-ab12".into(), policies: Arc::clone(&policy).into() };
        levels.iter().flat_map(|levels| levels.iter().cloned()).chain([level]).collect()
    };
    match policy_type {
        PolicyType::IdentityBased => policies.identity = policies.identity.with(policy),
        PolicyType::PermissionsBoundary => policies.permissions_boundary = policy.into(),
        PolicyType::Session => policies.session = policies.session.with(policy),
        PolicyType::ResourceBased | PolicyType::RoleTrust => policies.resource = policy.into(),
        PolicyType::ServiceControl => policies.service_control = Some(deeper(&policies.service_control)),
        PolicyType::ResourceControl => policies.resource_control = Some(deeper(&policies.resource_control)),
        PolicyType::VpcEndpoint => {
            policies.vpc_endpoint = Some(policies.vpc_endpoint.clone().unwrap_or_default().with(policy))
        }
    }
}
