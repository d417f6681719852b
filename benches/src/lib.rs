//! Work to measure on: made up by a generator, so that it is the same everywhere, and shaped like what people
//! have.
//!
//! | Workload | What it is |
//! |---|---|
//! | [`teaching`] | one identity-based policy, one bucket policy, one request |
//! | [`realistic`] | 162 statements meet each of 1,000 requests: identity-based, boundary, three levels of service control policies, a resource-based policy |
//! | [`organization`] | 2,000 roles in ten accounts, five of 400 policies each: who can do each of 100 things? |
//! | [`large_world`] | accounts of 100 principals and 20 buckets in one organization, as files; requests to be answered from them |
//! | [`wildcards`] | patterns that make a backtracking matcher run for ever |
//! | [`growth`] | one policy of 10 to 10,000 statements |

pub mod cases;
pub mod growth;
pub mod large_world;
pub mod organization;
pub mod realistic;
pub mod teaching;
pub mod wildcards;
pub mod work;

mod circumstances;
mod draw;
mod statement;
mod vocabulary;

use std::sync::Arc;

use iamsim_engine::{Policy, Principal};
use iamsim_syntax::{PolicyType, parse};
use serde_json::{Value, json};

/// Reads and compiles a policy.
///
/// # Panics
///
/// When the policy has errors.
#[must_use]
pub fn load(text: &str, policy_type: PolicyType) -> Policy {
    match parse(text, policy_type) {
        (Some(policy), _) => Policy::compile(&policy, "generated"),
        (None, diagnostics) => fault(&format!("a policy has errors: {diagnostics:?}\n{text}")),
    }
}

#[expect(clippy::panic, reason = "work that cannot be read is a fault of whoever made it up")]
fn fault(what: &str) -> ! {
    panic!("{what}")
}

fn compile(text: &str, policy_type: PolicyType) -> Arc<Policy> {
    Arc::new(load(text, policy_type))
}

fn document(statements: &[Value]) -> Value {
    json!({"Version": "2012-10-17", "Statement": statements})
}

fn principal(arn: &str) -> Principal {
    match Principal::from_arn(arn) {
        Some(principal) => principal,
        None => fault(&format!("{arn} is no principal")),
    }
}

#[cfg(test)]
mod tests {
    use iamsim_engine::{Outcome, evaluate};

    use super::*;
    use crate::work::Question;

    fn share(questions: &[Question], outcome: Outcome) -> f64 {
        let decided =
            |question: &&Question| evaluate(&question.request, &question.policies).outcome == outcome;
        questions.iter().filter(decided).count() as f64 / questions.len() as f64
    }

    #[test]
    fn realistic_questions_are_answered_in_every_way() {
        let questions = realistic::work().questions();
        assert_eq!(questions.len(), 1_000);
        assert!((0.25..0.75).contains(&share(&questions, Outcome::Allowed)));
        assert!((0.15..0.70).contains(&share(&questions, Outcome::ExplicitDeny)));
        assert!((0.01..0.40).contains(&share(&questions, Outcome::ImplicitDeny)));
    }

    #[test]
    fn a_realistic_question_meets_162_statements() {
        for Question { policies, .. } in realistic::work().questions() {
            let levels = policies.service_control.iter().flat_map(|levels| &**levels);
            let levels = levels.flat_map(|level| &level.policies);
            let boundary = &policies.permissions_boundary;
            let all = policies.identity.iter().chain(boundary).chain(&policies.resource).chain(levels);
            assert_eq!(all.map(|policy| policy.statements().len()).sum::<usize>(), 162);
        }
    }

    #[test]
    fn teaching_and_wildcard_questions_have_their_known_answers() {
        assert!((share(&teaching::work().questions(), Outcome::Allowed) - 1.0).abs() < f64::EPSILON);
        for (name, Question { request, policies, .. }) in wildcards::questions() {
            assert_eq!(evaluate(&request, &policies).outcome, Outcome::ImplicitDeny, "{name}");
        }
    }

    #[test]
    fn who_can_is_answered_alike_however_it_is_asked() {
        let organization = organization::Organization::draw().load();
        let fresh =
            organization.questions().filter(|(asked, policies)| evaluate(asked, policies).is_allowed());
        let callers = &mut organization.callers();
        let allowed = fresh.count();
        assert_eq!(organization.one_by_one(callers), allowed);
        assert_eq!(organization.batched(callers), allowed);
    }

    #[test]
    fn nothing_in_a_growing_policy_matches_the_stray_request() {
        let stray = growth::work(1_000).stray().unwrap();
        assert_eq!(evaluate(&stray.request, &stray.policies).outcome, Outcome::ImplicitDeny);
    }

    #[test]
    fn work_that_was_written_down_is_the_same_work() {
        let work = realistic::work();
        let read: work::Work = serde_json::from_str(&serde_json::to_string(&work).unwrap()).unwrap();
        let decisions = |work: &work::Work| -> Vec<_> {
            let outcome = |question: &Question| evaluate(&question.prepare(), &question.policies).outcome;
            work.questions().iter().map(outcome).collect()
        };
        assert_eq!(decisions(&work), decisions(&read));
    }
}
