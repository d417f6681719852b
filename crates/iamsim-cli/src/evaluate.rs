//! `iamsim evaluate`.

use std::fs::Metadata;
use std::io::{self, Write};
use std::mem::ManuallyDrop;
use std::path::PathBuf;

use anyhow::Context;
use iamsim_scenario::evaluate::{Answers, CaseAnswer, Evaluator, Part, RequestWarnings};
use iamsim_scenario::{Finding, Library, find};

use crate::args::{Evaluate, Output, tell_a_terminal};
use crate::exit::Exit;
use crate::format::{Format, Formats, ReportFormat, Target, judgements, targets};
use crate::progress::Progress;
use crate::render::results::{Results, Test};
use crate::render::{self, CaseCount};

const ENDINGS: [&str; 4] = [".eval.jsonl", ".eval.yaml", ".eval.yml", ".eval.json"];

const FORMATS: Formats = &judgements(Format::Json, Format::Human);

pub(crate) fn run(args: &Evaluate, output: &Output) -> anyhow::Result<Exit> {
    let targets = targets(&output.format, "evaluate", FORMATS)?;
    let is_human = targets.iter().any(|target| target.format == Format::Human);
    // The process ends with the last answer: taking a large world down before that would only take time.
    let library = ManuallyDrop::new(Library::new());
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
    let evaluator = ManuallyDrop::new(evaluator);
    let mut unread = Vec::new();
    let mut inputs = Vec::new();
    for name in &args.files {
        match Input::all(name) {
            Ok(found) => inputs.extend(found),
            Err(error) => unread.push(error),
        }
    }
    let progress = Progress::of_bytes(output, inputs.iter().map(Input::size).sum());
    let mut printer = Printer::new(targets, output, progress)?;
    let mut empty = Vec::new();
    for input in &inputs {
        let before = printer.count.cases;
        match printer.answer(&evaluator, input) {
            // Nobody is listening any more.
            Err(error) if crate::is_broken_pipe(&error) => return Err(error),
            Err(error) => unread.push(error),
            Ok(()) if printer.count.cases == before => empty.push(input.name()),
            Ok(()) => {}
        }
    }
    let count = printer.finish()?;
    for error in &unread {
        render::error(error);
    }
    if !output.quiet {
        empty.iter().for_each(|name| render::note(&format!("{name}: there is no case in it")));
    }
    if count.cases > 0 && (is_human || count.exit() != Exit::AsExpected) {
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
        let refused = |finding: Box<Finding>| anyhow::anyhow!("`{name}`: {}", finding.diagnostic.message);
        let files = find(name, &ENDINGS).map_err(refused)?;
        Ok(files.into_iter().map(Self::File).collect())
    }

    fn name(&self) -> String {
        match self {
            Self::Standard => "<stdin>".to_owned(),
            Self::File(path) => path.display().to_string(),
        }
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
    count: CaseCount,
    progress: Progress,
    /// Formats of which each answer can be written by itself.
    streams: Vec<Stream>,
    outs: Vec<Box<dyn Write>>,
    /// Formats that need to know all of them.
    others: Vec<(ReportFormat, Target)>,
    /// The answers of each file, where a format needs them.
    files: Vec<(String, Vec<CaseAnswer>)>,
}

#[derive(Debug, Clone, Copy)]
enum Stream {
    Human,
    Json,
    Github,
}

/// A few answers as they are printed.
struct Printed {
    /// Their text in each stream.
    texts: Vec<Vec<u8>>,
    count: CaseCount,
    kept: Vec<CaseAnswer>,
    result: io::Result<()>,
}

impl<'p> Printer<'p> {
    fn new(targets: Vec<Target>, output: &'p Output, progress: Progress) -> anyhow::Result<Self> {
        let (mut streams, mut outs, mut others) = (Vec::new(), Vec::new(), Vec::new());
        for target in targets {
            let stream = match target.format {
                Format::Human => Stream::Human,
                Format::Json => Stream::Json,
                Format::Report(ReportFormat::Github) => Stream::Github,
                Format::Report(format) => {
                    others.push((format, target));
                    continue;
                }
            };
            streams.push(stream);
            outs.push(match stream {
                Stream::Json => target.open_plain()?,
                Stream::Human | Stream::Github => target.open()?,
            });
        }
        let count = CaseCount::default();
        Ok(Self { output, count, progress, streams, outs, others, files: Vec::new() })
    }

    /// Answers the cases of a file or of standard input.
    fn answer(&mut self, evaluator: &Evaluator<'_>, input: &Input) -> anyhow::Result<()> {
        let (output, streams, keep) = (self.output, self.streams.clone(), !self.others.is_empty());
        let make = |answers: Answers<'_>| print(answers, output, &streams, keep);
        self.files.push((input.name(), Vec::new()));
        let mut take = |part| self.take(part);
        match input {
            Input::Standard => {
                tell_a_terminal();
                Ok(evaluator.input("<stdin>", io::stdin(), &make, &mut take)?)
            }
            Input::File(path) => evaluator
                .file(path, &make, &mut take)
                .with_context(|| format!("cannot evaluate `{}`", path.display())),
        }
    }

    fn take(&mut self, Part { made, bytes }: Part<Printed>) -> io::Result<()> {
        self.count.add_all(made.count);
        for (out, text) in self.outs.iter_mut().zip(&made.texts) {
            out.write_all(text)?;
        }
        if let Some((_, answers)) = self.files.last_mut() {
            answers.extend(made.kept);
        }
        self.progress.advance(bytes);
        self.progress.answered(self.count.cases);
        made.result
    }

    fn finish(mut self) -> anyhow::Result<CaseCount> {
        for out in &mut self.outs {
            out.flush()?;
        }
        // The lock on standard output, which the other formats need, too.
        drop(self.outs);
        let results = Results::of_cases(&self.files);
        for (format, target) in &self.others {
            target.write(|out| format.exporter().export(&results, out))?;
        }
        Ok(self.count)
    }
}

/// So many bytes a few answers usually take.
const USUAL_SIZE: usize = 32 << 10;

fn print(answers: Answers<'_>, output: &Output, streams: &[Stream], keep: bool) -> Printed {
    let mut printed = Printed {
        texts: streams.iter().map(|_| Vec::with_capacity(USUAL_SIZE)).collect(),
        count: CaseCount::default(),
        kept: Vec::new(),
        result: Ok(()),
    };
    for answer in answers {
        printed.count.add(&answer);
        printed.result = streams.iter().zip(&mut printed.texts).try_for_each(|(stream, text)| match stream {
            Stream::Json => answer.write_json(text).map(|()| text.push(b'\n')),
            Stream::Human => render::human::case(&answer, output, text),
            Stream::Github => render::github::test(&Test::from(&answer), text),
        });
        if printed.result.is_err() {
            break;
        }
        if keep {
            printed.kept.push(answer);
        }
    }
    printed
}
