//! Links between pages: every one leads somewhere, and every page of the book is in its table of contents.

use super::Files;

const BOOK: &str = "docs/src/";
const CONTENTS: &str = "docs/src/SUMMARY.md";

pub(super) fn check(files: &Files) -> Vec<String> {
    let mut faults = Vec::new();
    let mut linked_from_contents = Vec::new();
    for (page, text) in files.ending(".md") {
        for (line, target) in targets(text) {
            let (file, heading) = target.split_once('#').unwrap_or((target, ""));
            let file = if file.is_empty() { Some(page.to_owned()) } else { resolve(page, file) };
            let Some(file) = file.filter(|file| files.has(file)) else {
                faults.push(format!("{page}:{line}: nothing is at `{target}`"));
                continue;
            };
            let headings = files.text(&file).map(headings).unwrap_or_default();
            if !heading.is_empty() && !headings.iter().any(|known| known == heading) {
                faults.push(format!("{page}:{line}: `{file}` has no heading `#{heading}`"));
            }
            if page == CONTENTS {
                linked_from_contents.push(file);
            }
        }
    }
    let in_book = files.ending(".md").filter(|(page, _)| page.starts_with(BOOK) && *page != CONTENTS);
    for (page, _) in in_book.filter(|(page, _)| !linked_from_contents.iter().any(|linked| linked == page)) {
        faults.push(format!("{page}: not in {CONTENTS}; `cargo xtask contents` adds pages of diagnostics"));
    }
    faults
}

/// The targets of a page's links that lead into the project, with their lines.
fn targets(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut in_code = false;
    let prose = text.lines().enumerate().filter(move |(_, line)| {
        let fence = line.trim_start().starts_with("```");
        in_code ^= fence;
        !fence && !in_code
    });
    prose.flat_map(|(at, line)| {
        let ends = line.split("](").skip(1).filter_map(|rest| rest.split_once(')'));
        let inside = ends.map(|(target, _)| target).filter(|target| !target.contains("://"));
        inside.map(move |target| (at + 1, target)).collect::<Vec<_>>()
    })
}

/// The path from the root of what `target` means on `page`; `None` above the root.
fn resolve(page: &str, target: &str) -> Option<String> {
    let mut parts: Vec<&str> = page.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// The names by which a page's headings are linked: lower case, spaces to dashes, without punctuation.
fn headings(text: &str) -> Vec<String> {
    let titles =
        text.lines().filter(|line| line.starts_with('#')).map(|line| line.trim_start_matches('#').trim());
    let name = |title: &str| {
        let kept = title.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
        kept.collect::<String>().to_lowercase().replace(' ', "-")
    };
    titles.map(name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_page(text: &str) -> Vec<String> {
        let file = |path: &str, text: &str| (path.to_owned(), text.to_owned());
        let mut files =
            vec![file("README.md", text), file("docs/src/a.md", "# A b\n"), file(CONTENTS, "[a](a.md)")];
        files.sort_unstable();
        check(&Files(files))
    }

    #[test]
    fn links_to_pages_folders_headings_and_the_web_lead_somewhere() {
        let text = "[a](docs/src/a.md) [b](docs) [c](docs/src/a.md#a-b) [d](https://example.com/x)\n";
        assert_eq!(check_page(text), Vec::<String>::new());
    }

    #[test]
    fn a_link_to_nothing_is_told() {
        assert_eq!(check_page("\n[a](docs/a.md)"), ["README.md:2: nothing is at `docs/a.md`"]);
        assert_eq!(check_page("[a](docs/src/a.md#c)"), ["README.md:1: `docs/src/a.md` has no heading `#c`"]);
        assert_eq!(check_page("[a](../other)"), ["README.md:1: nothing is at `../other`"]);
    }

    #[test]
    fn code_has_no_links() {
        assert_eq!(check_page("```text\n[a](b)\n```\n"), Vec::<String>::new());
    }
}
