//! The engine against a second evaluator, written from AWS's pages without sight of the engine.
//!
//! `IAMSIM_CASES=1000000 cargo test --release -p iamsim-engine --test second_opinion -- --nocapture` asks a
//! million questions and prints the mix of the answers.

#![expect(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test stops at what cannot be")]

#[path = "second_opinion/case.rs"]
mod case;
#[path = "second_opinion/clauses.rs"]
mod clauses;
#[path = "second_opinion/condition.rs"]
mod condition;
#[path = "second_opinion/documents.rs"]
mod documents;
#[path = "second_opinion/generate.rs"]
mod generate;
#[path = "second_opinion/naive.rs"]
mod naive;
#[path = "second_opinion/principal.rs"]
mod principal;
#[path = "second_opinion/properties.rs"]
mod properties;
#[path = "second_opinion/statement.rs"]
mod statement;
#[path = "second_opinion/tape.rs"]
mod tape;
#[path = "second_opinion/unknown.rs"]
mod unknown;

use std::cell::RefCell;
use std::collections::BTreeMap;

use iamsim_engine::{Outcome, evaluate};
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};

use crate::case::Case;
use crate::tape::AnyTape;

const SEED: &[u8; 32] = b"iamsim asks for a second opinion";

/// Asks `question` of `cases` generated cases, always the same ones.
fn check(cases: u32, question: impl Fn(Case) -> Result<(), TestCaseError>) {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, SEED));
    let answer = runner.run(&AnyTape, |bytes| {
        let case = generate::case(&bytes);
        question(case.clone()).map_err(|error| match error {
            TestCaseError::Fail(reason) => TestCaseError::fail(format!("{reason}\n{case:#?}")),
            rejected => rejected,
        })
    });
    match answer {
        Ok(()) => {}
        // The tape itself tells nobody anything.
        Err(TestError::Fail(reason, _)) => panic!("{reason}"),
        Err(TestError::Abort(reason)) => panic!("gave up: {reason}"),
    }
}

/// How many cases, unless the environment says otherwise.
fn cases(default: u32) -> u32 {
    let asked = std::env::var("IAMSIM_CASES").ok();
    asked.map_or(default, |text| text.parse().expect("IAMSIM_CASES is a number"))
}

#[test]
fn the_engine_and_the_naive_evaluator_agree() {
    let mix: RefCell<BTreeMap<&str, u32>> = RefCell::default();
    let count = cases(20_000);
    check(count, |case| {
        let policies = case.parsed();
        let naive = naive::decide(&case, &policies);
        let decision = evaluate(&case.request(), &policies.compiled(&case.settings));
        *mix.borrow_mut().entry(decision.outcome.as_str()).or_default() += 1;
        let named = decision.decided_by.policy_type();
        if decision.outcome != naive.outcome || naive.denied_by.is_some() && named != naive.denied_by {
            return Err(TestCaseError::fail(format!("engine: {decision:?}\nnaive: {naive:?}")));
        }
        Ok(())
    });
    let mix = mix.into_inner();
    println!("{count} cases from the seed {:?}: {mix:?}", String::from_utf8_lossy(SEED));
    for outcome in [Outcome::Allowed, Outcome::ImplicitDeny, Outcome::ExplicitDeny] {
        let found = mix.get(outcome.as_str()).copied().unwrap_or_default();
        assert!(found >= count / 5, "{} is too rare: {mix:?}", outcome.as_str());
    }
}

#[test]
fn adding_a_deny_never_allows() {
    check(cases(1_000), |case| properties::another_deny_never_allows(&case));
}

#[test]
fn emptying_a_service_control_level_never_allows() {
    check(cases(1_000), |case| properties::a_level_emptied_never_allows(&case));
}

#[test]
fn the_order_of_policies_and_statements_never_matters() {
    check(cases(1_000), |case| properties::order_never_matters(&case));
}

#[test]
fn explaining_a_decision_never_changes_it() {
    check(cases(1_000), |case| properties::explaining_changes_nothing(&case));
}

#[test]
fn a_batch_decides_as_one_by_one() {
    check(cases(2_000), |case| properties::a_batch_decides_the_same(&case));
}

#[test]
fn renaming_accounts_changes_nothing() {
    check(cases(1_000), |case| properties::other_account_ids_change_nothing(&case));
}

#[test]
fn moving_to_another_partition_changes_nothing() {
    check(cases(1_000), |case| properties::another_partition_changes_nothing(&case));
}

#[test]
fn what_is_said_of_unknown_keys_holds_whatever_they_hold() {
    let mix = unknown::Mix::default();
    check(cases(400), |case| unknown::every_value_is_foretold(&case, &mix));
    println!("{mix:?}");
    let (proven, unproven) = (mix.undetermined.get(), mix.unproven.get());
    assert!(mix.determined.get() > 0 && proven > unproven, "{mix:?}");
}
