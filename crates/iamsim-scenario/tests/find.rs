//! Which files a path, folder or glob stands for.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

use iamsim_scenario::find;

/// A folder of files, gone when it is no longer needed.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str, files: &[(&str, &str)]) -> Self {
        let folder = std::env::temp_dir().join(format!("iamsim-find-{name}-{}", std::process::id()));
        for (path, text) in files {
            let path = folder.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        Self(folder)
    }

    /// What is found there, in words when that is nothing.
    fn found(&self, path: &str) -> Vec<String> {
        let path = self.0.join(path);
        match find(path.to_str().unwrap(), &[".scenario.yaml", ".scenario.yml", ".scenario.json"]) {
            Ok(found) => found.iter().map(|path| self.relative(path)).collect(),
            Err(finding) => vec![finding.diagnostic.message],
        }
    }

    fn relative(&self, path: &Path) -> String {
        path.strip_prefix(&self.0).unwrap().display().to_string()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).unwrap();
    }
}

#[test]
fn a_folder_stands_for_what_is_below_and_a_path_for_itself() {
    let files = [("b.scenario.yaml", ""), ("a/a.scenario.json", ""), ("a/a.json", ""), ("empty/a.json", "")];
    let folder = Folder::new("below", &files);
    let check = |path: &str, expected: &[&str]| assert_eq!(folder.found(path), expected, "{path}");
    check("", &["a/a.scenario.json", "b.scenario.yaml"]);
    check("a/a.json", &["a/a.json"]);
    check("nowhere.json", &["nowhere.json"]);
    check("*/a*", &["a/a.json", "a/a.scenario.json", "empty/a.json"]);
    check("*.nothing", &["no file matches this"]);
    check("empty", &["the folder has no file that ends in .scenario.yaml, .scenario.yml or .scenario.json"]);
}

#[test]
fn a_folder_may_say_what_is_left_out() {
    let ignore = "# to be solved\n\n/exercises/\ndraft*\nold/*.scenario.yaml\n";
    let folder = Folder::new(
        "left-out",
        &[
            (".iamsimignore", ignore),
            ("exercises/one.scenario.yaml", ""),
            ("more/exercises/two.scenario.yaml", ""),
            ("more/draft.scenario.yaml", ""),
            ("old/three.scenario.yaml", ""),
            ("old/kept/four.scenario.yaml", ""),
            ("more/.iamsimignore", "five.scenario.yaml"),
            ("more/five.scenario.yaml", ""),
            ("five.scenario.yaml", ""),
        ],
    );
    let check = |path: &str, expected: &[&str]| assert_eq!(folder.found(path), expected, "{path}");
    let all = ["five.scenario.yaml", "more/exercises/two.scenario.yaml", "old/kept/four.scenario.yaml"];
    check("", &all);
    // What is asked for by its name is found.
    check("exercises", &["exercises/one.scenario.yaml"]);
    check("more/draft.scenario.yaml", &["more/draft.scenario.yaml"]);
}
