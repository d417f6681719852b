//! `iamsim replay`.

use std::path::PathBuf;

use iamsim_scenario::report::{Report, ScenarioReport, Verdict};
use iamsim_scenario::{Explain, Library, Scenario, Source, find, replay_explained, replay_file_explained};
use rayon::prelude::*;

use crate::args::{Output, Replay, standard_input};
use crate::exit::Exit;
use crate::format::{Format, Formats, targets};
use crate::progress::Progress;
use crate::render;
use crate::render::results::Results;

const ENDINGS: [&str; 3] = [".scenario.yaml", ".scenario.yml", ".scenario.json"];

const FORMATS: Formats = &Format::ALL;

pub(crate) fn run(args: &Replay, output: &Output) -> anyhow::Result<Exit> {
    let targets = targets(&output.format, "replay", FORMATS)?;
    let mut files = Vec::new();
    for path in &args.paths {
        if path == "-" {
            files.push(Input::Standard(standard_input()?));
            continue;
        }
        match find(path, &ENDINGS) {
            Ok(found) => files.extend(found.into_iter().map(Input::File)),
            Err(finding) => {
                files.push(Input::Missing(ScenarioReport::unreadable(path.as_ref(), vec![*finding])));
            }
        }
    }
    let explain = match (args.explain, output.verbose) {
        (false, _) => Explain::Never,
        (true, false) => Explain::Unexpected,
        (true, true) => Explain::Always,
    };
    let library = Library::new();
    let progress = Progress::of_scenarios(output, files.len());
    let replay = |file| {
        let report = match file {
            Input::File(path) => replay_file_explained(&library, &path, explain),
            Input::Standard(text) => match Scenario::read(&library, Source::new(STANDARD_INPUT, text)) {
                Ok(scenario) => replay_explained(&library, &scenario, explain),
                Err(findings) => ScenarioReport::unreadable(STANDARD_INPUT.as_ref(), findings),
            },
            Input::Missing(report) => report,
        };
        progress.advance(1);
        if args.strictness.strict { report.strict() } else { report }
    };
    let report = Report::new(files.into_par_iter().map(replay).collect());
    drop(progress);
    let results = Results::from(&report);
    for target in targets {
        target.write(|out| match target.format {
            Format::Human => render::human::replay(&report, output, out),
            Format::Json => render::json::document(&report, out),
            Format::Report(format) => format.exporter().export(&results, out),
        })?;
    }
    Ok(exit(&report))
}

/// How standard input is called.
const STANDARD_INPUT: &str = "<stdin>";

/// What is replayed.
enum Input {
    File(PathBuf),
    /// A scenario's text.
    Standard(String),
    /// A path that leads nowhere, and what is to be said of it.
    Missing(ScenarioReport),
}

fn exit(report: &Report) -> Exit {
    let of_steps =
        report.scenarios.iter().flat_map(|scenario| &scenario.steps).map(|step| match step.verdict() {
            Verdict::Passed | Verdict::Unchecked => Exit::AsExpected,
            Verdict::Failed => Exit::NotAsExpected,
            Verdict::Error => Exit::Unanswered,
        });
    let of_files = report.scenarios.iter().filter(|scenario| !scenario.findings.is_empty());
    of_steps.chain(of_files.map(|_| Exit::Unanswered)).max().unwrap_or(Exit::AsExpected)
}
