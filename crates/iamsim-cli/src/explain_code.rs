//! `iamsim explain-code`.

use std::io::{self, Write};

use anstyle::Style;
use anyhow::bail;

use crate::args::Output;
use crate::exit::Exit;
use crate::format::{Format, Formats, targets};
use crate::render::layout::{Layout, Table, paragraph};
use crate::render::pages::lines::{self, Line};
use crate::render::pages::{self, Page};
use crate::render::prose;
use crate::render::style::{FAINT, HEADING, Painted};

const FORMATS: Formats = &[Format::Human];

const EXAMPLES: &str = "\
Examples:
  iamsim explain-code pass-role-with-star-in-resource
  iamsim explain-code                 every code, each with what it finds

Exit codes: 0 found, 2 there is no such code.";

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct ExplainCode {
    /// The code of a finding, as it stands in brackets, or as IAM Access Analyzer writes it. Without one all codes are
    /// listed
    code: Option<String>,
}

pub(crate) fn run(args: &ExplainCode, output: &Output) -> anyhow::Result<Exit> {
    let known = args.code.as_deref().map(known).transpose()?;
    for target in targets(&output.format, "explain-code", FORMATS)? {
        target.write(|out| match &known {
            Some(known) => print(known, Layout::of_stdout(), out),
            None => list(Layout::of_stdout(), out),
        })?;
    }
    Ok(Exit::AsExpected)
}

/// What there is to say of a code.
#[derive(Debug)]
struct Known {
    /// As a finding about policies.
    page: Option<Page>,
    /// As one about requests or files.
    lines: Vec<Line>,
}

fn print(known: &Known, layout: Layout, out: &mut dyn Write) -> io::Result<()> {
    let code = known.page.map(|page| page.code).or(known.lines.first().map(|line| line.code));
    writeln!(out, "{}", Painted(HEADING, code.unwrap_or_default()))?;
    if let Some(page) = &known.page {
        writeln!(out)?;
        prose::markdown(page.text, layout, out)?;
    }
    known.lines.iter().try_for_each(|line| {
        writeln!(out)?;
        paragraph(0, Style::new(), line.text, layout, out)?;
        paragraph(0, FAINT, line.about.sentence(), layout, out)
    })
}

/// Every code with what it finds, in order.
fn all() -> Vec<(&'static str, &'static str)> {
    let pages = pages::all().iter().map(|page| (page.code, page.summary));
    let lines = lines::all().iter().map(|line| (line.code, line.text));
    let mut all: Vec<_> = pages.chain(lines).collect();
    all.sort_by_key(|(code, _)| *code);
    all
}

/// A line for each in a pipe; the codes are too long for a table on a terminal.
fn list(layout: Layout, out: &mut dyn Write) -> io::Result<()> {
    if layout.table.is_some() {
        return all().into_iter().try_for_each(|(code, text)| {
            writeln!(out, "{}", Painted(HEADING, code))?;
            paragraph(4, Style::new(), text, layout, out)
        });
    }
    let mut table = Table::new(&["code", "what it finds"]);
    for (code, text) in all() {
        table.row([code.to_owned(), text.to_owned()]);
    }
    table.print(layout, out)
}

/// What there is about a code, whichever way the code is written: `invalid-action`, `INVALID_ACTION`, `[invalid-action]`.
fn known(asked: &str) -> anyhow::Result<Known> {
    let code = asked.trim_matches(['[', ']', ' ']).to_lowercase().replace(['_', ' '], "-");
    let known = Known { page: pages::of(&code), lines: lines::of(&code) };
    if known.page.is_some() || !known.lines.is_empty() {
        return Ok(known);
    }
    match nearest(&code) {
        Some(nearest) => bail!("there is no code `{asked}`: did you mean `{nearest}`?"),
        None => bail!("there is no code `{asked}`: `iamsim explain-code` lists them all"),
    }
}

/// The code that a slip of the pen would make of this one.
fn nearest(code: &str) -> Option<&'static str> {
    let distance = |(known, _): (&'static str, _)| (strsim::damerau_levenshtein(known, code), known);
    let (distance, nearest) = all().into_iter().map(distance).min()?;
    (distance <= code.chars().count() / 4).then_some(nearest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_found_as_access_analyzer_writes_it() {
        let check = |asked: &str| {
            assert_eq!(known(asked).unwrap().page.unwrap().code, "invalid-action", "{asked}");
        };
        check("invalid-action");
        check("INVALID_ACTION");
        check("[invalid-action]");
        check("Invalid action");
    }

    #[test]
    fn a_slip_is_seen_through() {
        let check = |asked: &str, words: &str| {
            let error = known(asked).unwrap_err().to_string();
            assert!(error.contains(words), "{error}");
        };
        check("invalid-actoin", "did you mean `invalid-action`?");
        check("unknown-kye", "did you mean `unknown-key`?");
        check("something-else-altogether", "lists them");
        check("", "lists them");
        check(&"x".repeat(5000), "lists them");
    }
}
