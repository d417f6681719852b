//! Replays the scenarios named on the command line and prints the steps that did not go as expected.
//!
//! `cargo run -p iamsim-scenario --example replay -- fixtures/guides/3-house-key/external-id.scenario.yaml`

use std::path::Path;

use iamsim_scenario::report::{Report, Verdict};
use iamsim_scenario::{Library, replay_file};

fn main() {
    let library = Library::new();
    let paths = std::env::args().skip(1);
    let report = Report::new(paths.map(|path| replay_file(&library, Path::new(&path))).collect());
    for scenario in &report.scenarios {
        for finding in &scenario.findings {
            let position = finding.position();
            println!("{}:{}: {}", finding.source.path(), position.line, finding.diagnostic.message);
        }
        for step in scenario.steps.iter().filter(|step| step.verdict() == Verdict::Failed) {
            println!("{}:{}: {}", scenario.file, step.line, step.what);
        }
    }
    println!("{} of {} steps as expected", report.summary.passed, report.summary.steps);
}
