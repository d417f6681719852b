//! Makes the decisions of one workload over and over, for counting instructions: `decide WORKLOAD PASSES`.
//! `cargo xtask perf` counts those inside of [`measured`].

use std::hint::black_box;
use std::process::ExitCode;
use std::time::Instant;

use iamsim_benches::work::Question;
use iamsim_benches::{growth, realistic, teaching};
use iamsim_engine::{denial_message, evaluate, evaluate_fully, explain};

const USAGE: &str = "usage: decide WORKLOAD PASSES

teaching, realistic              requests prepared
teaching/text, realistic/text    requests made from their text
realistic/full                   with the statements that match, the keys that are missing, the words of a denial
realistic/explained              with every statement's every element
growth/N, growth/N/stray         a policy of N statements; a request that none of them matches";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [workload, passes] = arguments.as_slice() else { return usage() };
    let (Some((questions, decide)), Ok(passes)) = (find(workload), passes.parse::<u32>()) else {
        return usage();
    };
    once(&questions, decide);
    let started = Instant::now();
    let allowed = measured(passes, &questions, decide);
    let decisions = passes as usize * questions.len();
    let each = started.elapsed().as_nanos() / decisions.max(1) as u128;
    println!("{decisions} decisions, {allowed} allowed, {each} ns each");
    ExitCode::SUCCESS
}

fn usage() -> ExitCode {
    eprintln!("{USAGE}");
    ExitCode::from(2)
}

/// How a question is answered: whether it is allowed.
type Decide = fn(&Question) -> bool;

fn find(workload: &str) -> Option<(Vec<Question>, Decide)> {
    let prepared: Decide = |asked| evaluate(black_box(&asked.request), &asked.policies).is_allowed();
    let text: Decide = |asked| evaluate(&black_box(asked).prepare(), &asked.policies).is_allowed();
    let full: Decide = |asked| {
        let evaluation = evaluate_fully(black_box(&asked.request), &asked.policies);
        black_box(denial_message(&asked.request, &asked.policies, &evaluation)).is_none()
    };
    let explained: Decide =
        |asked| explain(black_box(&asked.request), &asked.policies).evaluation.decision.is_allowed();
    let parts: Vec<&str> = workload.split('/').collect();
    Some(match parts.as_slice() {
        ["teaching"] => (teaching::work().questions(), prepared),
        ["teaching", "text"] => (teaching::work().questions(), text),
        ["realistic"] => (realistic::work().questions(), prepared),
        ["realistic", "text"] => (realistic::work().questions(), text),
        ["realistic", "full"] => (realistic::work().questions(), full),
        ["realistic", "explained"] => (realistic::work().questions(), explained),
        ["growth", statements] => (growth::work(statements.parse().ok()?).questions(), prepared),
        ["growth", statements, "stray"] => {
            (growth::work(statements.parse().ok()?).stray().into_iter().collect(), prepared)
        }
        _ => return None,
    })
}

/// The first time may cost more than those after it.
fn once(questions: &[Question], decide: Decide) {
    questions.iter().for_each(|question| {
        black_box(decide(question));
    });
}

#[inline(never)]
fn measured(passes: u32, questions: &[Question], decide: Decide) -> usize {
    let mut allowed = 0;
    for _ in 0..passes {
        allowed += questions.iter().filter(|question| decide(question)).count();
    }
    allowed
}
