//! The project's own tasks, run as `cargo xtask TASK`.

use std::process::ExitCode;

use anyhow::{Result, bail};

mod catalog;
mod contents;
mod perf;
mod seeds;
mod tidy;

const USAGE: &str = "\
usage: cargo xtask TASK

tasks:
  catalog            regenerate crates/iamsim-catalog/data from the pinned packages
  catalog --check    fail if what is committed there is not what would be generated
  tidy               fail if links lead nowhere, files are too long, or anything is left undone
  contents           list the pages of diagnostics in the book's table of contents
  perf               count instructions per decision; fail if a workload needs more than benches/baseline.toml says
  perf --bless       make what is counted the baseline
  seeds              write inputs for the fuzz targets to begin with, from the fixtures";

fn main() -> ExitCode {
    match run(&std::env::args().skip(1).collect::<Vec<_>>()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn run(arguments: &[String]) -> Result<()> {
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["catalog"] => catalog::run(catalog::Mode::Write),
        ["catalog", "--check"] => catalog::run(catalog::Mode::Check),
        ["tidy"] => tidy::run(),
        ["contents"] => contents::run(),
        ["perf"] => perf::run(perf::Mode::Compare),
        ["perf", "--bless"] => perf::run(perf::Mode::Bless),
        ["seeds"] => seeds::run(),
        [] | ["-h" | "--help" | "help"] => {
            println!("{USAGE}");
            Ok(())
        }
        [task, ..] => bail!("`{task}` is no task, or takes no such option\n\n{USAGE}"),
    }
}
