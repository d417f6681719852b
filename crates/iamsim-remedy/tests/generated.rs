//! Remedies of generated denials: each helps, nothing in it is superfluous, and what it writes is a policy.
//!
//! The cases are those of the engine's own tests.

#![expect(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test stops at what cannot be")]

#[path = "../../iamsim-engine/tests/second_opinion/case.rs"]
#[expect(dead_code, reason = "the engine's tests use more of it")]
mod case;
#[path = "../../iamsim-engine/tests/second_opinion/clauses.rs"]
mod clauses;
#[path = "../../iamsim-engine/tests/second_opinion/documents.rs"]
mod documents;
#[path = "../../iamsim-engine/tests/second_opinion/generate.rs"]
mod generate;
#[path = "../../iamsim-engine/tests/second_opinion/tape.rs"]
mod tape;

use std::cell::Cell;
use std::sync::Arc;

use iamsim_engine::{DecidedBy, Place, StatementRef, evaluate, evaluate_fully};
use iamsim_remedy::{Case, Documents, Edit, Hindrance, hinges, remedies};
use iamsim_syntax::{self as syntax, List, PolicyType, Sense, Spanned, parse, print};
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};

const SEED: &[u8; 32] = b"iamsim says what would allow it.";

/// Asks `question` of generated cases, always the same ones.
fn check(default: u32, question: impl Fn(&Case) -> Result<(), String>) {
    let asked = std::env::var("IAMSIM_CASES").ok();
    let cases = asked.map_or(default, |text| text.parse().expect("IAMSIM_CASES is a number"));
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, SEED));
    let answer = runner.run(&tape::AnyTape, |bytes| {
        let generated = generate::case(&bytes);
        question(&case_of(&generated)).map_err(|why| TestCaseError::fail(format!("{why}\n{generated:#?}")))
    });
    match answer {
        Ok(()) => {}
        Err(TestError::Fail(reason, _)) => panic!("{reason}"),
        Err(TestError::Abort(reason)) => panic!("gave up: {reason}"),
    }
}

fn case_of(generated: &case::Case) -> Case {
    let parsed = generated.parsed();
    let mut documents = Documents::new();
    let mut keep = |policy_type, level, policies: &[syntax::Policy]| {
        for (policy, document) in policies.iter().enumerate() {
            documents.insert(Place { policy_type, level, policy }, Arc::new(document.clone()));
        }
    };
    keep(PolicyType::IdentityBased, 0, &parsed.identity);
    keep(PolicyType::PermissionsBoundary, 0, parsed.boundary.as_slice());
    keep(PolicyType::Session, 0, &parsed.session);
    keep(generated.resource_policy_type(), 0, parsed.resource.as_slice());
    keep(PolicyType::VpcEndpoint, 0, parsed.endpoint.as_deref().unwrap_or_default());
    for (policy_type, levels) in [
        (PolicyType::ServiceControl, &parsed.service_control),
        (PolicyType::ResourceControl, &parsed.resource_control),
    ] {
        for (level, policies) in levels.iter().flatten().enumerate() {
            keep(policy_type, level, policies);
        }
    }
    let policies = parsed.compiled(&generated.settings);
    Case { request: generated.request(), policies, documents }
}

fn is_allowed(case: &Case) -> bool {
    evaluate(&case.request, &case.policies).is_allowed()
}

#[test]
fn every_remedy_allows_and_no_part_of_it_does() {
    check(3_000, |case| {
        for remedy in remedies(case).remedies {
            let edits = &remedy.edits;
            for mask in 0..1_u32 << edits.len() {
                let chosen = edits.iter().enumerate().filter(|(at, _)| mask & (1 << at) != 0);
                let chosen: Vec<Edit> = chosen.map(|(_, edit)| edit.clone()).collect();
                let is_all = chosen.len() == edits.len();
                if is_allowed(&case.with(&chosen)) != is_all {
                    return Err(format!("{chosen:#?}\nof {edits:#?}"));
                }
            }
        }
        Ok(())
    });
}

#[test]
fn what_a_remedy_writes_is_taken_by_aws_and_means_the_same() {
    check(1_000, |case| {
        for remedy in remedies(case).remedies {
            let mut changed = case.with(&remedy.edits);
            for (place, document) in changed.documents.clone() {
                let text = print(&document);
                let (read, diagnostics) = parse(&text, place.policy_type);
                let Some(read) = read else {
                    return Err(format!("{text}\n{diagnostics:#?}\n{remedy:#?}"));
                };
                changed.documents.insert(place, Arc::new(read));
            }
            let read_again = case_from_documents(&changed);
            if !is_allowed(&read_again) {
                return Err(format!("{remedy:#?}"));
            }
        }
        Ok(())
    });
}

/// The same case with every policy compiled from its document again.
fn case_from_documents(case: &Case) -> Case {
    case.documents.iter().fold(case.clone(), |case, (place, document)| {
        let mut document = (**document).clone();
        let last = document.statements.pop();
        let mut fewer = case;
        fewer.documents.insert(*place, Arc::new(document));
        let edits: Vec<Edit> =
            last.into_iter().map(|statement| Edit::AddStatement { to: *place, statement }).collect();
        fewer.with(&edits)
    })
}

#[test]
fn a_denial_has_a_remedy_or_a_reason_and_an_allow_has_neither() {
    let remedied = Cell::new(0);
    let hopeless = Cell::new(0);
    check(3_000, |case| {
        let decision = evaluate(&case.request, &case.policies);
        let found = remedies(case);
        if decision.is_allowed() {
            let is_silent = found.remedies.is_empty() && found.hindrance.is_none();
            return if is_silent { Ok(()) } else { Err(format!("{found:#?}")) };
        }
        if found.remedies.is_empty() != found.hindrance.is_some() {
            return Err(format!("{found:#?}"));
        }
        if found.hindrance == Some(Hindrance::NotFound) {
            return Err(format!("nothing found for {decision:?}"));
        }
        if let (DecidedBy::CredentialLimit(_) | DecidedBy::ServiceRule(_), false) =
            (decision.decided_by, found.remedies.is_empty())
        {
            return Err(format!("{decision:?}: {found:#?}"));
        }
        let count = if found.remedies.is_empty() { &hopeless } else { &remedied };
        count.set(count.get() + 1);
        Ok(())
    });
    let (remedied, hopeless) = (remedied.get(), hopeless.get());
    println!("{remedied} denials with a remedy, {hopeless} with a reason why there is none");
    assert!(remedied > hopeless);
}

#[test]
fn what_weakens_a_deny_comes_last() {
    check(1_000, |case| {
        let found = remedies(case).remedies;
        let order: Vec<bool> = found.iter().map(iamsim_remedy::Remedy::weakens_a_deny).collect();
        if order.is_sorted() { Ok(()) } else { Err(format!("{found:#?}")) }
    });
}

#[test]
fn the_same_case_has_the_same_remedies() {
    check(200, |case| if remedies(case) == remedies(case) { Ok(()) } else { Err("they differ".to_owned()) });
}

#[test]
fn an_allow_hangs_on_what_it_is_denied_without() {
    let hung = Cell::new(0);
    check(2_000, |case| {
        let hinges = hinges(case);
        if !is_allowed(case) {
            return if hinges.is_empty() { Ok(()) } else { Err(format!("{hinges:#?}")) };
        }
        hung.set(hung.get() + hinges.len());
        for at in evaluate_fully(&case.request, &case.policies).matched {
            if is_allowed(&without(case, at)) == hinges.contains(&at) {
                return Err(format!("{at:#?} of {hinges:#?}"));
            }
        }
        Ok(())
    });
    assert!(hung.get() > 100, "{} statements", hung.get());
}

/// The case with a statement that is about nothing in place of one.
fn without(case: &Case, at: StatementRef) -> Case {
    let mut fewer = case.clone();
    let mut document = (*fewer.documents[&at.place]).clone();
    let mut idle = document.statements.remove(at.statement);
    let first = idle.action.patterns[0].span;
    idle.action.patterns = List::one(Spanned::new("none:None".into(), first));
    idle.action.sense = Sense::Listed;
    fewer.documents.insert(at.place, Arc::new(document));
    fewer.with(&[Edit::AddStatement { to: at.place, statement: idle }])
}
