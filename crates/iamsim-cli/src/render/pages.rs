//! The documentation's pages about codes, all in `data/diagnostics.txt`: a published crate has no `docs` folder.

pub(crate) mod lines;

use std::sync::LazyLock;

/// The page about a code.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Page {
    pub(crate) code: &'static str,
    /// What is found, in a sentence.
    pub(crate) summary: &'static str,
    /// All of it but the title, as Markdown.
    pub(crate) text: &'static str,
    /// AWS's own page.
    pub(crate) url: &'static str,
}

const TEXT: &str = include_str!("../../data/diagnostics.txt");

/// In order of their codes.
static PAGES: LazyLock<Vec<Page>> =
    LazyLock::new(|| TEXT.strip_prefix(TITLE).unwrap_or_default().split(NEXT).filter_map(read).collect());

const TITLE: &str = "# ";
const NEXT: &str = "\n\n# ";

/// Every page, in order of their codes.
pub(crate) fn all() -> &'static [Page] {
    &PAGES
}

/// The page about a code; `None` for codes that are about files rather than policies.
pub(crate) fn of(code: &str) -> Option<Page> {
    let at = PAGES.binary_search_by_key(&code, |page| page.code).ok()?;
    PAGES.get(at).copied()
}

/// A page from after the mark of its title.
fn read(page: &'static str) -> Option<Page> {
    let (code, text) = page.split_once("\n\n")?;
    let (summary, rest) = text.split_once("\n\n")?;
    let url = rest.trim_end().strip_suffix(')')?.rsplit_once("](")?.1;
    Some(Page { code, summary, text: text.trim_end(), url })
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    /// Holds a file of the program's data against the documentation, and brings it up to date.
    pub(super) fn hold(name: &str, text: &str, expected: &str) {
        if text != expected {
            let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(name);
            fs::write(&file, expected).unwrap();
            panic!("{} was out of date and is now as the documentation is", file.display());
        }
    }

    /// The pages as the documentation has them.
    fn from_documentation() -> String {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/src/diagnostics");
        let mut pages: Vec<(String, String)> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.file_stem().unwrap() != "index")
            .map(|path| {
                let code = path.file_stem().unwrap().to_str().unwrap();
                (code.to_owned(), fs::read_to_string(&path).unwrap())
            })
            .collect();
        pages.sort();
        let texts: Vec<String> = pages.into_iter().map(|(_, text)| text).collect();
        texts.join("\n")
    }

    #[test]
    fn the_pages_are_those_of_the_documentation() {
        hold("diagnostics.txt", TEXT, &from_documentation());
    }

    #[test]
    fn every_page_is_read_and_in_order() {
        assert_eq!(all().len(), TEXT.lines().filter(|line| line.starts_with(TITLE)).count());
        assert!(all().is_sorted_by_key(|page| page.code));
        for page in all() {
            assert!(page.summary.lines().count() == 1, "{}", page.code);
            assert!(page.url.starts_with("https://docs.aws.amazon.com/"), "{}", page.code);
        }
    }

    #[test]
    fn a_code_has_its_page() {
        let page = of("invalid-action").unwrap();
        assert_eq!(page.summary, "A service has no such action.");
        assert!(page.url.ends_with("error-invalid-action"));
        assert!(of("unreadable-file").is_none());
    }
}
