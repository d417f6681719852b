//! `iamsim replay`.

use std::path::PathBuf;

use iamsim_scenario::report::{Report, ScenarioReport, Verdict};
use iamsim_scenario::{Explain, Library, find, replay_file_explained};
use rayon::prelude::*;

use crate::args::{Output, Replay};
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
        match find(path, &ENDINGS) {
            Ok(found) => files.extend(found.into_iter().map(Ok)),
            Err(finding) => files.push(Err(ScenarioReport::unreadable(path.as_ref(), vec![*finding]))),
        }
    }
    let explain = match (args.explain, output.verbose) {
        (false, _) => Explain::Never,
        (true, false) => Explain::Unexpected,
        (true, true) => Explain::Always,
    };
    let library = Library::new();
    let progress = Progress::of_scenarios(output, files.len());
    let replay = |file: Result<PathBuf, ScenarioReport>| {
        let report =
            file.map_or_else(|unread| unread, |file| replay_file_explained(&library, &file, explain));
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
