//! Makes decisions of one workload over and over, for counting instructions: `decide WORKLOAD PASSES`.

use std::hint::black_box;
use std::process::ExitCode;

use iamsim_benches::{growth, realistic, teaching};
use iamsim_engine::{PolicySet, Request, evaluate};

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let workload = arguments.next().unwrap_or_default();
    let passes: u32 = arguments.next().and_then(|text| text.parse().ok()).unwrap_or(1);
    let started = std::time::Instant::now();
    let decisions = match &*workload {
        "teaching" => {
            let question = teaching::question();
            run(passes, &[(&question.request, &*question.policies)])
        }
        "realistic" => {
            let questions = realistic::questions();
            let cases: Vec<_> = questions.iter().map(|asked| (&asked.request, &*asked.policies)).collect();
            run(passes, &cases)
        }
        _ => {
            let Some(statements) = workload.strip_prefix("growth-").and_then(|text| text.parse().ok()) else {
                eprintln!("usage: decide teaching|realistic|growth-N PASSES");
                return ExitCode::from(2);
            };
            let growth = growth::growth(statements);
            let cases: Vec<_> = growth.mixed.iter().map(|asked| (&asked.request, &*asked.policies)).collect();
            run(passes, &cases)
        }
    };
    println!("{workload}: {decisions} allowed in {:?}", started.elapsed());
    ExitCode::SUCCESS
}

fn run(passes: u32, cases: &[(&Request, &PolicySet)]) -> usize {
    let started = std::time::Instant::now();
    let mut allowed = 0;
    for _ in 0..passes {
        for (request, policies) in cases {
            allowed += usize::from(evaluate(black_box(request), policies).is_allowed());
        }
    }
    let each = started.elapsed().as_nanos() / (u128::from(passes.max(1)) * cases.len().max(1) as u128);
    println!("{each} ns each");
    allowed
}
