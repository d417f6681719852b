//! `cargo xtask contents`: the pages of diagnostics in the book's table of contents.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// The line of the table of contents that the pages come under.
const PARENT: &str = "- [Diagnostics](diagnostics/index.md)\n";

/// Writes one line for each page, in order of its name, under the line of their parent.
pub(crate) fn run() -> Result<()> {
    let book = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/src");
    let mut names = Vec::new();
    for entry in fs::read_dir(book.join("diagnostics"))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        names.extend(name.strip_suffix(".md").filter(|name| *name != "index").map(str::to_owned));
    }
    names.sort_unstable();
    let contents = fs::read_to_string(book.join("SUMMARY.md"))?;
    let (before, after) = contents.split_once(PARENT).context("the table of contents has no diagnostics")?;
    let rest = after.split_inclusive('\n').skip_while(|line| line.starts_with("  - [")).collect::<String>();
    let pages: String = names.iter().map(|name| format!("  - [{name}](diagnostics/{name}.md)\n")).collect();
    fs::write(book.join("SUMMARY.md"), format!("{before}{PARENT}{pages}{rest}"))?;
    Ok(())
}
