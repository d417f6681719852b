//! Examples of the readme and the book: they are files as well, so that they are replayed, and say the same there.

use super::Files;

const EXAMPLES: &str = "docs/examples/";
const PAGES: [&str; 2] = ["README.md", "docs/src/"];

pub(super) fn check(files: &Files) -> Vec<String> {
    let is_page = |path: &str| PAGES.iter().any(|place| path.starts_with(place));
    let pages: Vec<&str> =
        files.ending(".md").filter(|(path, _)| is_page(path)).map(|(_, text)| text).collect();
    let examples = files.ending(".yaml").filter(|(path, _)| path.starts_with(EXAMPLES));
    let strays = examples.filter(|(_, text)| !pages.iter().any(|page| page.contains(text)));
    strays.map(|(path, _)| format!("{path}: neither readme nor book shows this example as it is")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_example_that_differs_from_what_is_shown_is_told() {
        let file = |path: &str, text: &str| (path.to_owned(), text.to_owned());
        let files =
            |shown| Files(vec![file("README.md", shown), file("docs/examples/a.scenario.yaml", "name: A\n")]);
        assert_eq!(check(&files("```yaml\nname: A\n```\n")), Vec::<String>::new());
        assert_eq!(check(&files("```yaml\nname: B\n```\n")).len(), 1);
    }
}
