//! `iamsim evaluate`.

use std::io::{self, BufWriter, Write};

use anyhow::Context;
use iamsim_scenario::evaluate::{CaseAnswer, RequestWarnings, evaluate_file, evaluate_input};
use iamsim_scenario::{Library, find};

use crate::args::{Evaluate, Format, Output};
use crate::exit::Exit;
use crate::render;

const ENDINGS: [&str; 4] = [".eval.jsonl", ".eval.yaml", ".eval.yml", ".eval.json"];

pub(crate) fn run(args: &Evaluate, output: &Output) -> anyhow::Result<Exit> {
    let library = Library::new();
    let format = output.format.unwrap_or(Format::Json);
    let mut count = render::CaseCount::default();
    let mut stdout = BufWriter::new(anstream::stdout().lock());
    let mut print = |answer: CaseAnswer| -> io::Result<()> {
        count.add(&answer);
        match format {
            Format::Json => render::json::line(&answer, &mut stdout),
            Format::Human => render::human::case(&answer, output, &mut stdout),
            Format::Github => render::github::case(&answer, &mut stdout),
            Format::Sarif => Err(io::Error::other(render::sarif::ONLY_POLICIES)),
        }
    };
    let mode = warnings(args);
    let mut unread = Vec::new();
    for name in &args.files {
        match evaluate(&library, name, mode, &mut print) {
            // Nobody is listening any more.
            Err(error) if crate::is_broken_pipe(&error) => return Err(error),
            Err(error) => unread.push(error),
            Ok(()) => {}
        }
    }
    stdout.flush()?;
    drop(stdout);
    for error in &unread {
        render::error(error);
    }
    if format == Format::Human || count.exit() != Exit::AsExpected {
        render::human::case_summary(&count)?;
    }
    Ok(if unread.is_empty() { count.exit() } else { Exit::Unanswered })
}

fn warnings(args: &Evaluate) -> RequestWarnings {
    match (args.strictness.strict, args.warnings) {
        (true, _) => RequestWarnings::Refuse,
        (false, true) => RequestWarnings::Beside,
        (false, false) => RequestWarnings::Off,
    }
}

fn evaluate(
    library: &Library,
    name: &str,
    mode: RequestWarnings,
    print: &mut dyn FnMut(CaseAnswer) -> io::Result<()>,
) -> anyhow::Result<()> {
    if name == "-" {
        return Ok(evaluate_input(library, "<stdin>", io::stdin().lock(), mode, print)?);
    }
    for file in find(name, &ENDINGS).map_err(|why| anyhow::anyhow!("`{name}` {why}"))? {
        evaluate_file(library, &file, mode, print)
            .with_context(|| format!("cannot evaluate `{}`", file.display()))?;
    }
    Ok(())
}
