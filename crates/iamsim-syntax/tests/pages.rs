//! The pages under `docs/src/diagnostics`: the examples of each error replayed, and the index complete.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

use iamsim_syntax::{PolicyType, code, parse};

/// The heading under which a page that begins with a milder finding shows the error.
const AS_AN_ERROR: &str = "\n## As an error\n";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/src/diagnostics")
}

fn page(code: &str) -> String {
    let path = folder().join(format!("{code}.md"));
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{code} has no page: {error}"))
}

/// The part of a page that is about the error.
fn error_part(page: &str) -> &str {
    page.split_once(AS_AN_ERROR).map_or(page, |(_, part)| part)
}

/// The policies in the code blocks. A statement stands for a policy of that statement alone.
fn examples(part: &str) -> Vec<String> {
    let blocks = part.split("\n```json").skip(1).map(|rest| rest.split("```").next().unwrap());
    let complete = |block: &str| block.starts_with("{\"Version\"") || block.starts_with("{\"Statement\"");
    let wrap = |block: &str| match complete(block) {
        true => block.to_owned(),
        false => format!("{{\"Version\": \"2012-10-17\", \"Statement\": {block}}}"),
    };
    blocks.map(|block| wrap(block.split_once('\n').unwrap().1)).collect()
}

/// The type a page names before its first example: `In a role trust policy:`.
fn policy_type(part: &str) -> PolicyType {
    let introduces = |known: &PolicyType| {
        ["a", "an"].iter().any(|article| part.contains(&format!("\nIn {article} {}:\n", known.phrase())))
    };
    PolicyType::ALL.into_iter().find(introduces).unwrap()
}

/// The severity, which stands alone in a paragraph: `Error (Access Analyzer: suggestion).`
fn severity(page: &str) -> &str {
    let line = page.lines().nth(4).unwrap();
    line.split(['(', '.']).next().unwrap().trim_end()
}

fn check(code: &str, bad: &str, better: &str, policy_type: PolicyType, part: &str) {
    let (policy, diagnostics) = parse(bad, policy_type);
    assert_eq!(policy, None, "{code}: {bad}");
    let found: Vec<_> = diagnostics.iter().filter(|diagnostic| diagnostic.code == code).collect();
    assert!(!found.is_empty(), "{code}: {diagnostics:?}");
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    for message in found.iter().filter_map(|diagnostic| diagnostic.aws_message.as_deref()) {
        assert!(words(part).contains(&format!("`{}`", words(message))), "{code} does not quote {message}");
    }
    let (policy, diagnostics) = parse(better, policy_type);
    assert_eq!(diagnostics, [], "{code}: {better}");
    assert!(policy.is_some());
}

#[test]
fn the_pages_show_a_policy_with_the_error_what_aws_says_and_a_better_policy() {
    for code in code::ALL {
        let page = page(code);
        let part = error_part(&page);
        let examples = examples(part);
        // A hundred errors are not printed.
        let [bad, better] = &examples[..] else {
            assert!(examples.is_empty() && *code == code::TOO_MANY_ERRORS, "{code}: {examples:#?}");
            continue;
        };
        check(code, bad, better, policy_type(part), part);
    }
}

#[test]
fn every_page_begins_with_its_code_and_ends_with_the_aws_page() {
    for code in code::ALL {
        let page = page(code);
        assert!(page.starts_with(&format!("# {code}\n\n")), "{code}");
        let last = page.lines().last().unwrap();
        assert!(last.starts_with("[AWS documentation](https://docs.aws.amazon.com/"), "{code}: {last}");
    }
}

#[test]
fn only_pages_of_errors_say_error() {
    for (code, page) in pages() {
        let says_error = severity(&page).starts_with("Error");
        assert_eq!(says_error, code::ALL.contains(&&*code), "{code}");
        let twofold = severity(&page).contains(" or ");
        assert_eq!(twofold, page.contains(AS_AN_ERROR), "{code}");
    }
}

#[test]
fn the_index_lists_every_page_in_alphabetical_order() {
    let index = fs::read_to_string(folder().join("index.md")).unwrap();
    let rows: Vec<&str> = index.lines().filter(|line| line.starts_with("| [")).collect();
    let row = |(code, page): &(String, String)| {
        let sentence = page.lines().nth(2).unwrap();
        format!("| [{code}]({code}.md) | {} | {sentence} |", severity(page))
    };
    let expected: Vec<String> = pages().iter().map(row).collect();
    assert_eq!(rows, expected);
}

/// Every page but the index, by code.
fn pages() -> Vec<(String, String)> {
    let names = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().file_name());
    let mut codes: Vec<String> = names
        .map(|name| name.to_str().unwrap().strip_suffix(".md").unwrap().to_owned())
        .filter(|name| name != "index")
        .collect();
    codes.sort();
    codes.into_iter().map(|code| (code.clone(), page(&code))).collect()
}
