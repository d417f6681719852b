//! `iamsim explain-code`.

use std::io::{self, Write};

use anstyle::Style;
use anyhow::bail;

use crate::args::Output;
use crate::exit::Exit;
use crate::format::{Format, Formats, targets};
use crate::render::layout::{Layout, Table, paragraph};
use crate::render::pages::{self, Page};
use crate::render::prose;
use crate::render::style::{HEADING, Painted};

const FORMATS: Formats = &[Format::Human];

const EXAMPLES: &str = "\
Examples:
  iamsim explain-code pass-role-with-star-in-resource
  iamsim explain-code                 every code, each with what it finds

Exit codes: 0 found, 2 there is no such code.";

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct ExplainCode {
    /// The code of a finding, as `validate` prints it in brackets, or as IAM Access Analyzer writes it. Without one
    /// all codes are listed
    code: Option<String>,
}

pub(crate) fn run(args: &ExplainCode, output: &Output) -> anyhow::Result<Exit> {
    let page = args.code.as_deref().map(page).transpose()?;
    for target in targets(&output.format, "explain-code", FORMATS)? {
        target.write(|out| match &page {
            Some(page) => print(page, Layout::of_stdout(), out),
            None => list(Layout::of_stdout(), out),
        })?;
    }
    Ok(Exit::AsExpected)
}

fn print(page: &Page, layout: Layout, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}\n", Painted(HEADING, page.code))?;
    prose::markdown(page.text, layout, out)
}

/// A line for each in a pipe; the codes are too long for a table on a terminal.
fn list(layout: Layout, out: &mut dyn Write) -> io::Result<()> {
    if layout.table.is_some() {
        return pages::all().iter().try_for_each(|page| {
            writeln!(out, "{}", Painted(HEADING, page.code))?;
            paragraph(4, Style::new(), page.summary, layout, out)
        });
    }
    let mut table = Table::new(&["code", "what it finds"]);
    for page in pages::all() {
        table.row([page.code.to_owned(), page.summary.to_owned()]);
    }
    table.print(layout, out)
}

/// The page about a code, whichever way the code is written: `invalid-action`, `INVALID_ACTION`, `[invalid-action]`.
fn page(asked: &str) -> anyhow::Result<Page> {
    let code = asked.trim_matches(['[', ']', ' ']).to_lowercase().replace(['_', ' '], "-");
    if let Some(page) = pages::of(&code) {
        return Ok(page);
    }
    match nearest(&code) {
        Some(nearest) => bail!("there is no page about `{asked}`: did you mean `{nearest}`?"),
        None => bail!(
            "there is no page about `{asked}`: there are pages about what is found in policies, and \
             `iamsim explain-code` lists them"
        ),
    }
}

/// The code that a slip of the pen would make of this one.
fn nearest(code: &str) -> Option<&'static str> {
    let distance = |page: &Page| (strsim::damerau_levenshtein(page.code, code), page.code);
    let (distance, nearest) = pages::all().iter().map(distance).min()?;
    (distance <= code.chars().count() / 4).then_some(nearest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_found_as_access_analyzer_writes_it() {
        let check = |asked: &str| assert_eq!(page(asked).unwrap().code, "invalid-action", "{asked}");
        check("invalid-action");
        check("INVALID_ACTION");
        check("[invalid-action]");
        check("Invalid action");
    }

    #[test]
    fn a_slip_is_seen_through() {
        let check = |asked: &str, words: &str| {
            let error = page(asked).unwrap_err().to_string();
            assert!(error.contains(words), "{error}");
        };
        check("invalid-actoin", "did you mean `invalid-action`?");
        check("unknown-principal", "lists them");
        check("", "lists them");
        check(&"x".repeat(5000), "lists them");
    }
}
