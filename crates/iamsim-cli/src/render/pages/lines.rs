//! Codes with a line in a table of the documentation in place of a page, all in `data/findings.txt`.

use std::sync::LazyLock;

/// The line about a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) code: &'static str,
    pub(crate) about: About,
    /// What is found.
    pub(crate) text: &'static str,
}

/// What a finding is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum About {
    Request,
    File,
}

impl About {
    /// In a sentence.
    pub(crate) fn sentence(self) -> &'static str {
        match self {
            Self::Request => {
                "About a request: a warning, which changes no answer, or with `--strict` an error."
            }
            Self::File => "About a world, a scenario, an evaluation case or a flag.",
        }
    }
}

const TEXT: &str = include_str!("../../../data/findings.txt");

/// In order of their codes; one code may have a line about requests and a line about files.
static LINES: LazyLock<Vec<Line>> = LazyLock::new(|| {
    let mut about = About::Request;
    let mut lines = Vec::new();
    for line in TEXT.lines() {
        match line {
            REQUESTS => about = About::Request,
            FILES => about = About::File,
            row => lines.extend(read(row, about)),
        }
    }
    lines.sort_by_key(|line: &Line| line.code);
    lines
});

const REQUESTS: &str = "# request-findings";
const FILES: &str = "# file-findings";

/// Every line, in order of their codes.
pub(crate) fn all() -> &'static [Line] {
    &LINES
}

/// The lines about a code.
pub(crate) fn of(code: &str) -> Vec<Line> {
    all().iter().filter(|line| line.code == code).copied().collect()
}

/// A row of a table: the code, and what it finds.
fn read(row: &'static str, about: About) -> Option<Line> {
    let (code, text) = row.strip_prefix("| `")?.strip_suffix(" |")?.split_once("` | ")?;
    Some(Line { code, about, text })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::{Path, PathBuf};

    use super::*;
    use crate::render::pages::tests::hold;

    fn repository() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
    }

    /// The rows as the documentation has them.
    fn from_documentation() -> String {
        let mut text = String::new();
        for heading in [REQUESTS, FILES] {
            let name = heading.trim_start_matches("# ");
            let page = repository().join(format!("docs/src/reference/{name}.md"));
            let page = fs::read_to_string(page).unwrap();
            let rows = page.lines().skip_while(|line| *line != "| Code | What it finds |").skip(2);
            text.extend([heading, "\n"]);
            rows.take_while(|row| row.starts_with('|')).for_each(|row| text.extend([row, "\n"]));
        }
        text
    }

    #[test]
    fn the_lines_are_those_of_the_documentation() {
        hold("findings.txt", TEXT, &from_documentation());
    }

    #[test]
    fn every_row_is_read() {
        assert_eq!(all().len(), TEXT.lines().filter(|line| line.starts_with('|')).count());
        assert_eq!(of("unknown-action").len(), 2);
        assert_eq!(of("unknown-region").first().unwrap().about, About::Request);
    }

    /// The codes that stand in the source as the first words of an error.
    fn codes(folder: &Path, found: &mut BTreeSet<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                codes(&path, found);
                continue;
            }
            let text = fs::read_to_string(&path).unwrap();
            for mark in ["error(", "Severity::Warning,"] {
                let after = text.split(mark).skip(1).filter_map(|rest| rest.trim_start().strip_prefix('"'));
                let is_code = |code: &&str| {
                    code.contains('-') && !code.contains(|c: char| !c.is_ascii_lowercase() && c != '-')
                };
                found.extend(
                    after.filter_map(|rest| rest.split('"').next()).filter(is_code).map(str::to_owned),
                );
            }
        }
    }

    #[test]
    fn every_code_about_a_file_has_a_line() {
        let mut found = BTreeSet::from(["not-as-expected".to_owned(), "yaml-syntax-error".to_owned()]);
        for name in ["iamsim-scenario", "iamsim-cli"] {
            codes(&repository().join("crates").join(name).join("src"), &mut found);
        }
        assert!(found.len() > 20, "{found:?}");
        let lines = all().iter().filter(|line| line.about == About::File);
        let lines: BTreeSet<String> = lines.map(|line| line.code.to_owned()).collect();
        assert_eq!(lines, found);
    }
}
