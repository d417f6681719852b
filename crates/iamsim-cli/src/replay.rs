//! `iamsim replay`.

use anyhow::Context;
use iamsim_scenario::report::{Report, Verdict};
use iamsim_scenario::{Library, find, replay_file};
use rayon::prelude::*;

use crate::args::{Format, Output, Replay};
use crate::exit::Exit;
use crate::progress::Progress;
use crate::render;

const ENDINGS: [&str; 3] = [".scenario.yaml", ".scenario.yml", ".scenario.json"];

pub(crate) fn run(args: &Replay, output: &Output) -> anyhow::Result<Exit> {
    let mut files = Vec::new();
    for path in &args.paths {
        files.extend(find(path, &ENDINGS).map_err(|why| anyhow::anyhow!("`{path}` {why}"))?);
    }
    let library = Library::new();
    let progress = Progress::of_scenarios(output, files.len());
    let replay = |file| {
        let report = replay_file(&library, file);
        progress.advance(1);
        if args.strictness.strict { report.strict() } else { report }
    };
    let report = Report::new(files.par_iter().map(|file| replay(file)).collect());
    drop(progress);
    let stdout = &mut anstream::stdout().lock();
    match output.format.unwrap_or(Format::Human) {
        Format::Human => render::human::replay(&report, output, stdout)?,
        Format::Json => render::json::document(&report, stdout).context("cannot write the report")?,
        Format::Github => render::github::replay(&report, stdout)?,
        Format::Sarif => anyhow::bail!(render::sarif::ONLY_POLICIES),
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
