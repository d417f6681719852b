//! Every fixture raises the check it is named after, every check has a fixture and a page.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use iamsim_lint::{CHECKS, lint};
use iamsim_syntax::{Diagnostic, LineIndex, PolicyType, Severity, Span, parse};

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A fixture's file name without `.json`: `code` for an identity-based policy, `code.policy-type` for others.
fn fixtures() -> Vec<(String, String)> {
    let folder = repository().join("fixtures/policies/lint");
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut fixtures: Vec<_> = paths
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .map(|path| {
            (path.file_stem().unwrap().to_str().unwrap().to_owned(), fs::read_to_string(&path).unwrap())
        })
        .collect();
    fixtures.sort();
    fixtures
}

fn code_and_type(name: &str) -> (&str, PolicyType) {
    let Some((code, policy_type)) = name.split_once('.') else { return (name, PolicyType::IdentityBased) };
    let known = PolicyType::ALL.into_iter().find(|known| known.as_str() == policy_type);
    (code, known.unwrap_or_else(|| panic!("{name}: there is no policy type {policy_type}")))
}

fn findings(name: &str, text: &str) -> Vec<Diagnostic> {
    let (policy, errors) = parse(text, code_and_type(name).1);
    let policy = policy.unwrap_or_else(|| panic!("{name} has errors: {errors:#?}"));
    lint(&policy, text)
}

fn render(text: &str, findings: &[Diagnostic]) -> String {
    let lines = LineIndex::new(text);
    let place = |span: Span| {
        let position = lines.position(text, span.start);
        let written = text.get(span.range()).expect("spans lie in the text");
        let shown: String = written.chars().take(60).collect();
        format!("{}:{} {}", position.line, position.column, shown.replace('\n', " "))
    };
    let mut out = String::new();
    for finding in findings {
        let severity = match finding.severity {
            Severity::Error => "error",
            Severity::SecurityWarning => "security warning",
            Severity::Warning => "warning",
            Severity::Suggestion => "suggestion",
        };
        writeln!(out, "{severity}: {} at {}", finding.code, place(finding.span)).unwrap();
        writeln!(out, "  {}", finding.message).unwrap();
        for (span, words) in &finding.related {
            writeln!(out, "  {words}: {}", place(*span)).unwrap();
        }
        writeln!(out, "  help: {}", finding.help.as_deref().expect("every finding helps")).unwrap();
    }
    out
}

#[test]
fn each_fixture_raises_its_check_and_no_other() {
    for (name, text) in fixtures() {
        let findings = findings(&name, &text);
        let code = code_and_type(&name).0;
        let codes: BTreeSet<&str> = findings.iter().map(|finding| finding.code).collect();
        assert_eq!(codes, BTreeSet::from([code]), "{name}");
        insta::assert_snapshot!(format!("lint__{name}"), render(&text, &findings));
    }
}

#[test]
fn no_finding_is_an_error() {
    for (name, text) in fixtures() {
        assert!(!findings(&name, &text).iter().any(Diagnostic::is_error), "{name}");
    }
}

#[test]
fn every_check_has_a_fixture_and_a_page_and_is_listed_once() {
    let fixtures: BTreeSet<String> =
        fixtures().iter().map(|(name, _)| code_and_type(name).0.to_owned()).collect();
    let mut seen = BTreeSet::new();
    for check in CHECKS {
        assert!(seen.insert(check.code), "{} is listed twice", check.code);
        assert!(fixtures.contains(check.code), "{} has no fixture", check.code);
        let page = repository().join(format!("docs/src/diagnostics/{}.md", check.code));
        assert!(page.is_file(), "{} has no page", check.code);
    }
    for code in fixtures {
        assert!(seen.contains(code.as_str()), "{code} has a fixture and is no check");
    }
}

/// The policies in a page's code blocks. A statement stands for a policy of that statement alone.
fn examples(page: &str) -> Vec<String> {
    let blocks = page.split("```json\n").skip(1).map(|rest| rest.split("```").next().unwrap_or_default());
    let complete = |block: &str| block.starts_with("{\"Version\"") || block.starts_with("{\"Statement\"");
    let wrap = |block: &str| match complete(block) {
        true => block.to_owned(),
        false => format!("{{\"Version\": \"2012-10-17\", \"Statement\": {block}}}"),
    };
    blocks.map(wrap).collect()
}

#[test]
fn the_pages_show_a_policy_with_the_finding_and_a_better_one_without_any() {
    for (name, _) in fixtures() {
        let code = code_and_type(&name).0;
        let page = repository().join(format!("docs/src/diagnostics/{code}.md"));
        let page = fs::read_to_string(page).unwrap();
        let examples = examples(&page);
        // What is too large is not printed.
        let [bad, better] = &examples[..] else {
            assert!(examples.is_empty() && code.starts_with("policy-size-"), "{code}: {examples:#?}");
            continue;
        };
        assert!(findings(&name, bad).iter().any(|finding| finding.code == code), "{code}: {bad}");
        assert_eq!(findings(&name, better), [], "{code}: {better}");
    }
}

#[test]
fn sound_policies_have_no_findings() {
    let folder = repository().join("fixtures/policies/lint/sound");
    let mut count = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        assert_eq!(findings("sound", &text), [], "{}", path.display());
        count += 1;
    }
    assert!(count > 0);
}
