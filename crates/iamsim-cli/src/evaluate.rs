//! `iamsim evaluate`.

use std::fs::Metadata;
use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::Context;
use iamsim_scenario::evaluate::{Answers, Evaluator, Part, RequestWarnings};
use iamsim_scenario::{Library, find};

use crate::args::{Evaluate, Format, Output};
use crate::exit::Exit;
use crate::progress::Progress;
use crate::render;
use crate::render::CaseCount;

const ENDINGS: [&str; 4] = [".eval.jsonl", ".eval.yaml", ".eval.yml", ".eval.json"];

pub(crate) fn run(args: &Evaluate, output: &Output) -> anyhow::Result<Exit> {
    let library = Library::new();
    let mut evaluator = Evaluator::new(&library, warnings(args));
    if !args.world.is_empty() {
        evaluator = match evaluator.in_worlds(&args.world) {
            Ok(evaluator) => evaluator,
            Err(findings) => {
                render::findings(&findings);
                return Ok(Exit::Unanswered);
            }
        };
    }
    let format = output.format.unwrap_or(Format::Json);
    // Data has no colours that would have to be taken out.
    let out: Box<dyn Write> = match format {
        Format::Json => Box::new(io::stdout().lock()),
        Format::Human | Format::Github | Format::Sarif => Box::new(anstream::stdout().lock()),
    };
    let mut unread = Vec::new();
    let mut inputs = Vec::new();
    for name in &args.files {
        match Input::all(name) {
            Ok(found) => inputs.extend(found),
            Err(error) => unread.push(error),
        }
    }
    let progress = Progress::of_bytes(output, inputs.iter().map(Input::size).sum());
    let mut printer = Printer { output, format, out, count: CaseCount::default(), progress };
    for input in &inputs {
        match printer.answer(&evaluator, input) {
            // Nobody is listening any more.
            Err(error) if crate::is_broken_pipe(&error) => return Err(error),
            Err(error) => unread.push(error),
            Ok(()) => {}
        }
    }
    let Printer { mut out, count, progress, .. } = printer;
    out.flush()?;
    drop((out, progress));
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

/// Where cases come from.
enum Input {
    Standard,
    File(PathBuf),
}

impl Input {
    /// Standard input, or the files that a path, folder or glob stands for.
    fn all(name: &str) -> anyhow::Result<Vec<Self>> {
        if name == "-" {
            return Ok(vec![Self::Standard]);
        }
        let files = find(name, &ENDINGS).map_err(|why| anyhow::anyhow!("`{name}` {why}"))?;
        Ok(files.into_iter().map(Self::File).collect())
    }

    /// How many bytes it has, where that is known beforehand.
    fn size(&self) -> Option<u64> {
        match self {
            Self::Standard => None,
            Self::File(path) => path.metadata().ok().filter(Metadata::is_file).map(|metadata| metadata.len()),
        }
    }
}

/// Prints answers as they come.
struct Printer<'p> {
    output: &'p Output,
    format: Format,
    out: Box<dyn Write + 'p>,
    count: CaseCount,
    progress: Progress,
}

/// A few answers as they are printed.
struct Printed {
    text: Vec<u8>,
    count: CaseCount,
    result: io::Result<()>,
}

impl Printer<'_> {
    /// Answers the cases of a file or of standard input.
    fn answer(&mut self, evaluator: &Evaluator<'_>, input: &Input) -> anyhow::Result<()> {
        let (output, format) = (self.output, self.format);
        let make = |answers: Answers<'_>| print(answers, output, format);
        let mut take = |part| self.take(part);
        match input {
            Input::Standard => Ok(evaluator.input("<stdin>", io::stdin(), &make, &mut take)?),
            Input::File(path) => evaluator
                .file(path, &make, &mut take)
                .with_context(|| format!("cannot evaluate `{}`", path.display())),
        }
    }

    fn take(&mut self, Part { made, bytes }: Part<Printed>) -> io::Result<()> {
        self.count.add_all(made.count);
        self.out.write_all(&made.text)?;
        self.progress.advance(bytes);
        self.progress.answered(self.count.cases);
        made.result
    }
}

fn print(answers: Answers<'_>, output: &Output, format: Format) -> Printed {
    let mut printed = Printed { text: Vec::new(), count: CaseCount::default(), result: Ok(()) };
    for answer in answers {
        printed.count.add(&answer);
        let text = &mut printed.text;
        printed.result = match format {
            Format::Json => answer.write_json(text).map(|()| text.push(b'\n')),
            Format::Human => render::human::case(&answer, output, text),
            Format::Github => render::github::case(&answer, text),
            Format::Sarif => Err(io::Error::other(render::sarif::ONLY_POLICIES)),
        };
        if printed.result.is_err() {
            break;
        }
    }
    printed
}
