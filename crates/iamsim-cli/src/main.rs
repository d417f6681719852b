//! The `iamsim` command: flags, rendering, exit codes.

mod args;
mod catalog;
mod check;
mod completions;
mod embedded;
mod evaluate;
mod exit;
mod explain_code;
mod format;
mod guess;
mod learn;
mod lower;
mod man;
mod progress;
mod render;
mod replay;
mod schema;
mod validate;

use std::io;
use std::process::ExitCode;

use clap::Parser;

use crate::args::{Args, Command};
use crate::exit::Exit;

fn main() -> ExitCode {
    let args = Args::parse();
    args.output.color.write_global();
    let result = match &args.command {
        Command::Replay(command) => replay::run(command, &args.output),
        Command::Evaluate(command) => evaluate::run(command, &args.output),
        Command::Validate(command) => validate::run(command, &args.output),
        Command::Check(command) => check::run(command, &args.output),
        Command::Lower(command) => lower::run(command, &args.output),
        Command::Learn(command) => learn::run(command, &args.output),
        Command::Catalog(command) => catalog::run(command, &args.output),
        Command::Schema(command) => schema::run(command),
        Command::ExplainCode(command) => explain_code::run(command, &args.output),
        Command::Completions(command) => completions::run(command),
        Command::Man(command) => man::run(command),
    };
    match result {
        Ok(exit) => exit.into(),
        Err(error) if is_broken_pipe(&error) => Exit::AsExpected.into(),
        Err(error) => {
            render::error(&error);
            Exit::Unanswered.into()
        }
    }
}

/// Whoever read our output has read enough.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
