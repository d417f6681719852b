//! `iamsim evaluate`.

use std::io::{self, Write};

use anyhow::Context;
use iamsim_scenario::evaluate::{CaseAnswer, RequestWarnings, evaluate_file, evaluate_input};
use iamsim_scenario::{Library, find};

use crate::args::{Evaluate, Output};
use crate::exit::Exit;
use crate::format::{Format, Formats, ReportFormat, Target, targets};
use crate::render::results::{Results, Test};
use crate::render::{self, CaseCount};

const ENDINGS: [&str; 4] = [".eval.jsonl", ".eval.yaml", ".eval.yml", ".eval.json"];

const FORMATS: Formats = &[
    Format::Json,
    Format::Human,
    Format::Report(ReportFormat::Junit),
    Format::Report(ReportFormat::Tap),
    Format::Report(ReportFormat::Github),
    Format::Report(ReportFormat::Sarif),
    Format::Report(ReportFormat::Markdown),
    Format::Report(ReportFormat::Html),
];

pub(crate) fn run(args: &Evaluate, output: &Output) -> anyhow::Result<Exit> {
    let targets = targets(&output.format, "evaluate", FORMATS)?;
    let is_human = targets.iter().any(|target| target.format == Format::Human);
    let library = Library::new();
    let mut answers = Answers::new(targets)?;
    let mode = warnings(args);
    let mut unread = Vec::new();
    for name in &args.files {
        match evaluate(&library, name, mode, output, &mut answers) {
            // Nobody is listening any more.
            Err(error) if crate::is_broken_pipe(&error) => return Err(error),
            Err(error) => unread.push(error),
            Ok(()) => {}
        }
    }
    let count = answers.finish()?;
    for error in &unread {
        render::error(error);
    }
    if is_human || count.exit() != Exit::AsExpected {
        render::human::case_summary(&count)?;
    }
    Ok(if unread.is_empty() { count.exit() } else { Exit::Unanswered })
}

/// What is done with answers as they come.
struct Answers {
    count: CaseCount,
    /// Formats of which each answer can be written by itself.
    streams: Vec<(Stream, Box<dyn Write>)>,
    /// Formats that need to know all of them.
    others: Vec<(ReportFormat, Target)>,
    /// The answers of each file, where a format needs them.
    files: Vec<(String, Vec<CaseAnswer>)>,
}

#[derive(Clone, Copy)]
enum Stream {
    Human,
    Json,
    Github,
}

impl Answers {
    fn new(targets: Vec<Target>) -> anyhow::Result<Self> {
        let mut answers =
            Self { count: CaseCount::default(), streams: Vec::new(), others: Vec::new(), files: Vec::new() };
        for target in targets {
            let stream = match target.format {
                Format::Human => Stream::Human,
                Format::Json => Stream::Json,
                Format::Report(ReportFormat::Github) => Stream::Github,
                Format::Report(format) => {
                    answers.others.push((format, target));
                    continue;
                }
            };
            answers.streams.push((stream, target.open()?));
        }
        Ok(answers)
    }

    fn begin(&mut self, file: &str) {
        self.files.push((file.to_owned(), Vec::new()));
    }

    fn add(&mut self, answer: CaseAnswer, output: &Output) -> io::Result<()> {
        self.count.add(&answer);
        for (stream, out) in &mut self.streams {
            match stream {
                Stream::Json => render::json::line(&answer, out)?,
                Stream::Human => render::human::case(&answer, output, out)?,
                Stream::Github => render::github::test(&Test::from(&answer), out)?,
            }
        }
        if let Some((_, answers)) = self.files.last_mut().filter(|_| !self.others.is_empty()) {
            answers.push(answer);
        }
        Ok(())
    }

    fn finish(self) -> anyhow::Result<CaseCount> {
        for (_, mut out) in self.streams {
            out.flush()?;
        }
        let results = Results::of_cases(&self.files);
        for (format, target) in &self.others {
            target.write(|out| format.exporter().export(&results, out))?;
        }
        Ok(self.count)
    }
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
    output: &Output,
    answers: &mut Answers,
) -> anyhow::Result<()> {
    if name == "-" {
        answers.begin("<stdin>");
        let print = &mut |answer| answers.add(answer, output);
        return Ok(evaluate_input(library, "<stdin>", io::stdin().lock(), mode, print)?);
    }
    for file in find(name, &ENDINGS).map_err(|why| anyhow::anyhow!("`{name}` {why}"))? {
        answers.begin(&file.display().to_string());
        let print = &mut |answer| answers.add(answer, output);
        evaluate_file(library, &file, mode, print)
            .with_context(|| format!("cannot evaluate `{}`", file.display()))?;
    }
    Ok(())
}
