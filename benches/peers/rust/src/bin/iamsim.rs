//! Ours: `iamsim prepared|text|explained FILE SECONDS`, or `iamsim dump FOLDER 0` to write the workloads down.

use std::error::Error;
use std::hint::black_box;

use iamsim_benches::organization::Organization;
use iamsim_benches::{realistic, teaching};
use iamsim_engine::{Decision, evaluate, explain};
use iamsim_peers::{Outcome, Task, Workload, report};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [command, folder] = arguments.as_slice()
        && command == "dump"
    {
        return dump(folder);
    }
    let Task { mode, workload, time } = Task::from_arguments()?;
    match workload {
        Workload::Work(work) => {
            let questions = work.questions();
            let of = |number: usize| black_box(&questions[number]);
            let why = |number: usize| {
                format!("{:?}", evaluate(&questions[number].request, &questions[number].policies).decided_by)
            };
            let count = questions.len();
            match &*mode {
                "prepared" => {
                    report(count, time, |at| outcome(evaluate(&of(at).request, &of(at).policies)), why);
                }
                "text" => report(count, time, |at| outcome(evaluate(&of(at).prepare(), &of(at).policies)), why),
                "explained" => {
                    let explained = |at| explain(&of(at).request, &of(at).policies).evaluation.decision;
                    report(count, time, |at| outcome(explained(at)), why);
                }
                _ => return Err("prepared, text, or explained?".into()),
            }
        }
        Workload::Organization(organization) => {
            let loaded = organization.load();
            let decide = |number| {
                let (request, policies) = loaded.question(number);
                outcome(evaluate(&request, &policies))
            };
            report(loaded.count(), time, decide, |_| String::new());
        }
    }
    Ok(())
}

fn outcome(decision: Decision) -> Outcome {
    match decision.outcome {
        iamsim_engine::Outcome::Allowed => Outcome::Allowed,
        iamsim_engine::Outcome::ImplicitDeny => Outcome::ImplicitDeny,
        iamsim_engine::Outcome::ExplicitDeny => Outcome::ExplicitDeny,
    }
}

fn dump(folder: &str) -> Result<(), Box<dyn Error>> {
    std::fs::create_dir_all(folder)?;
    let works = [("w1.json", teaching::work()), ("w2.json", realistic::work())];
    for (name, work) in works {
        std::fs::write(format!("{folder}/{name}"), serde_json::to_string(&work)?)?;
    }
    std::fs::write(format!("{folder}/w3.json"), serde_json::to_string(&Organization::draw())?)?;
    Ok(())
}
