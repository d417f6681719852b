//! What each code means and where to read on: a line of `data/diagnostics.tsv` for each page of the documentation.

/// The page about a code.
#[derive(Debug, Clone, Copy)]
pub(super) struct Page {
    /// What is found, in a sentence.
    pub(super) summary: &'static str,
    /// AWS's own page.
    pub(super) url: &'static str,
}

const PAGES: &str = include_str!("../../data/diagnostics.tsv");

/// The page about a code; `None` for codes that are about files rather than policies.
pub(super) fn of(code: &str) -> Option<Page> {
    let line = PAGES.lines().find(|line| line.split('\t').next() == Some(code))?;
    let mut fields = line.split('\t').skip(1);
    Some(Page { summary: fields.next()?, url: fields.next()? })
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    /// The table as the pages have it.
    fn from_pages() -> String {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/src/diagnostics");
        let mut lines: Vec<String> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.file_stem().unwrap() != "index")
            .map(|path| {
                let page = fs::read_to_string(&path).unwrap();
                let code = path.file_stem().unwrap().to_str().unwrap();
                let url = page.lines().last().and_then(|line| line.strip_prefix("[AWS documentation]("));
                let url = url.and_then(|url| url.strip_suffix(')')).unwrap();
                format!("{code}\t{}\t{url}\n", page.lines().nth(2).unwrap())
            })
            .collect();
        lines.sort();
        lines.concat()
    }

    #[test]
    fn the_table_says_what_the_pages_say() {
        let table = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/diagnostics.tsv");
        let expected = from_pages();
        if PAGES != expected {
            fs::write(&table, expected).unwrap();
            panic!("{} was out of date and is now as the pages are", table.display());
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
