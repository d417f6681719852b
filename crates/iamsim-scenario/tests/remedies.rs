//! What would have allowed the denials of the guides and of the scenarios.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test stops at what cannot be")]

use std::fmt::Write as _;
use std::path::Path;

use iamsim_engine::ContextValue;
use iamsim_scenario::ask::remedy::{Edit, EditReport, Hindrance};
use iamsim_scenario::{Denial, Library, Scenario, denials, find};

/// The denials of every scenario below a folder of fixtures, with the name of its file.
fn denials_below(folder: &str) -> Vec<(String, Denial)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures").canonicalize().unwrap();
    let library = Library::new();
    let paths = find(&root.join(folder).display().to_string(), &[".scenario.yaml"]).unwrap();
    let mut found = Vec::new();
    for path in paths {
        let scenario = Scenario::load(&library, &path).unwrap_or_else(|_| panic!("{}", path.display()));
        let file = path.strip_prefix(&root).unwrap_or(&path).display().to_string();
        let file = file.replace(".scenario.yaml", "");
        found.extend(denials(&library, &scenario).into_iter().map(|denial| (file.clone(), denial)));
    }
    found
}

#[test]
fn every_denial_of_the_guides_has_a_remedy_where_there_can_be_one() {
    let found = denials_below("guides");
    assert!(found.len() > 50, "{} denials", found.len());
    for (file, denial) in found {
        match denial.hindrance {
            None => assert!(!denial.remedies.is_empty(), "{file}: {denial:#?}"),
            Some(hindrance) => assert!(
                matches!(
                    hindrance,
                    Hindrance::ServiceRule(_)
                        | Hindrance::CredentialLimit(_)
                        | Hindrance::NotAcrossAccounts
                        | Hindrance::Unsigned
                        | Hindrance::Denied(_)
                ),
                "{file}: {denial:#?}"
            ),
        }
    }
}

#[test]
fn no_denial_of_the_scenarios_is_left_without_a_word() {
    for (file, denial) in denials_below("scenarios") {
        assert!(!denial.remedies.is_empty() || denial.hindrance.is_some(), "{file}: {denial:#?}");
        assert!(denial.hindrance != Some(Hindrance::NotFound), "{file}: {denial:#?}");
    }
}

/// A step's first remedy, in the words of the snapshot.
fn check(file: &str, step: &str, expected: &str) {
    let found = denials_below("guides");
    let denial = found.iter().find(|(at, denial)| at == file && denial.step.as_deref() == Some(step));
    let (_, denial) = denial.unwrap_or_else(|| panic!("no denial `{step}` in {file}"));
    let first: Vec<String> = denial.remedies[0].edits.iter().map(words).collect();
    assert_eq!(first.join("; "), expected);
}

#[test]
fn the_first_remedy_is_what_the_guide_does() {
    let anne = "guides/5-anne-s3/external-id";
    check(anne, "with a wrong one", "pass --external-id XX9812DDF2V");
    check(anne, "without one", "pass --external-id XX9812DDF2V");
}

#[test]
fn the_guides_denials_and_what_would_allow_them() {
    insta::assert_snapshot!(listing("guides"));
}

fn listing(folder: &str) -> String {
    let mut out = String::new();
    let mut last = String::new();
    for (file, denial) in denials_below(folder) {
        if file != last {
            writeln!(out, "\n{file}").unwrap();
            last = file;
        }
        writeln!(out, "  {}", denial.step.as_deref().unwrap_or("(no name)")).unwrap();
        writeln!(out, "    denied: {} on {}", denial.action, denial.resource).unwrap();
        if let Some(hindrance) = denial.hindrance {
            writeln!(out, "    nothing helps: {hindrance:?}").unwrap();
        }
        for (number, remedy) in denial.remedies.iter().enumerate() {
            let edits: Vec<String> = remedy.edits.iter().map(words).collect();
            let weakens = if remedy.weakens_deny { " (weakens a deny)" } else { "" };
            writeln!(out, "    {}.{weakens} {}", number + 1, edits.join("\n       and ")).unwrap();
        }
    }
    out
}

fn words(report: &EditReport) -> String {
    let policy = report.policy.as_ref().map(|policy| {
        let name = policy.policy.as_deref().unwrap_or("a new one");
        let owner = policy.attached_to.as_deref().unwrap_or("nothing");
        let compact: String = policy.document.lines().map(str::trim).collect::<Vec<_>>().join(" ");
        let diff = if policy.diff.is_some() { "" } else { " (no diff)" };
        format!("{} of {owner}, {name}{diff}: {compact}", policy.policy_type)
    });
    let policy = policy.unwrap_or_default();
    match (&report.edit, &report.parameter) {
        (_, Some(parameter)) => format!("pass {parameter}"),
        (Edit::Bring { key, value, means }, None) => {
            let value = match value {
                ContextValue::One(text) => text.to_string(),
                ContextValue::Many(texts) => texts.join(", "),
            };
            format!("bring {key} = {value} ({means:?})")
        }
        (Edit::LeaveOut { key, .. }, None) => format!("leave out {key}"),
        (Edit::UseMultiFactor, None) => "use MFA".to_owned(),
        (Edit::AddStatement { .. }, None) => format!("add a statement to {policy}"),
        (Edit::Widen { .. }, None) => format!("widen {policy}"),
        (Edit::Spare { .. }, None) => format!("make an exception in {policy}"),
    }
}
