//! Source files: not too long, each with a sentence that says what it is for, nothing left undone.

use super::Files;

/// From here on a file is too long to read.
const MOST_LINES: usize = 800;

/// What no file says, and what to do instead. Each in two pieces, so that this file may say it.
const FORBIDDEN: [([&str; 2], &str); 8] = [
    (["TO", "DO"], "do it, or open an issue"),
    (["FIX", "ME"], "fix it, or open an issue"),
    (["#[all", "ow("], "write `#[expect(…, reason = …)]`"),
    (["#![all", "ow("], "write `#![expect(…, reason = …)]`"),
    (["#[ign", "ore"], "a test that is never run tests nothing"),
    (["todo", "!("], "do it"),
    (["unimplem", "ented!("], "implement it"),
    (["dbg", "!("], "take it out"),
];

/// Names that say nothing of what is in a file.
const EMPTY_NAMES: [&str; 4] = ["mod.rs", "utils.rs", "helpers.rs", "common.rs"];

pub(super) fn check(files: &Files) -> Vec<String> {
    files.ending(".rs").flat_map(|(path, text)| check_file(path, text)).collect()
}

fn check_file(path: &str, text: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let lines = text.lines().count();
    if lines > MOST_LINES {
        faults.push(format!("{path}: {lines} lines; split it into files of one purpose each"));
    }
    let name = path.rsplit('/').next().unwrap_or_default();
    if !text.starts_with("//! ") && name != "tests.rs" {
        faults.push(format!("{path}: must begin with `//!` and a sentence that says what it is for"));
    }
    if EMPTY_NAMES.contains(&name) {
        faults.push(format!("{path}: `{name}` does not say what is in it"));
    }
    for (at, line) in text.lines().enumerate() {
        let said = FORBIDDEN.iter().filter(|(words, _)| line.contains(&words.concat()));
        faults
            .extend(said.map(|(words, advice)| format!("{path}:{}: `{}`: {advice}", at + 1, words.concat())));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_text(text: &str) -> usize {
        check_file("crates/a/src/b.rs", text).len()
    }

    #[test]
    fn a_tidy_file_has_no_faults() {
        assert_eq!(check_text("//! One sentence.\n\nfn main() {}\n"), 0);
    }

    #[test]
    fn each_fault_is_told() {
        assert_eq!(check_text("fn main() {}\n"), 1);
        assert_eq!(check_text(&["//! One sentence.\n// ", "TO", "DO\n"].concat()), 1);
        assert_eq!(check_text(&format!("//! One sentence.\n{}", "\n".repeat(MOST_LINES))), 1);
        assert_eq!(check_file("crates/a/src/utils.rs", "//! One sentence.\n").len(), 1);
    }
}
