//! Examples in the readme: they are files as well, so that they are replayed, and say the same there.

use super::Files;

const EXAMPLES: &str = "docs/examples/";
const README: &str = "README.md";

pub(super) fn check(files: &Files) -> Vec<String> {
    let readme = files.text(README).unwrap_or_default();
    let examples = files.ending(".yaml").filter(|(path, _)| path.starts_with(EXAMPLES));
    let strays = examples.filter(|(_, text)| !readme.contains(text));
    strays.map(|(path, _)| format!("{path}: {README} does not show this example as it is")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_example_that_differs_from_the_readme_is_told() {
        let file = |path: &str, text: &str| (path.to_owned(), text.to_owned());
        let files =
            |shown| Files(vec![file(README, shown), file("docs/examples/a.scenario.yaml", "name: A\n")]);
        assert_eq!(check(&files("```yaml\nname: A\n```\n")), Vec::<String>::new());
        assert_eq!(check(&files("```yaml\nname: B\n```\n")).len(), 1);
    }
}
