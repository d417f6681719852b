//! The policies under `fixtures/policies`: what is said of those AWS refuses, and that the odd ones AWS takes
//! are taken.

#![expect(clippy::unwrap_used, reason = "a test that finds nothing there has failed")]

use std::fmt::Write as _;
use std::path::Path;

use iamsim_syntax::{Diagnostic, LineIndex, PolicyType, Span, parse, print};

/// A file is named `CODE.POLICY-TYPE.json` or `CODE.CASE.POLICY-TYPE.json` and is refused with that code.
fn refused(path: &Path, text: String) -> datatest_stable::Result<()> {
    let (name, policy_type) = name(path);
    let (policy, diagnostics) = parse(&text, policy_type);
    assert_eq!(policy, None);
    let code = name.split('.').next().unwrap_or_default();
    assert!(diagnostics.iter().any(|diagnostic| diagnostic.code == code), "{diagnostics:?}");

    let index = LineIndex::new(&text);
    let mut said: Vec<String> =
        diagnostics.iter().map(|diagnostic| describe(&text, &index, diagnostic)).collect();
    if said.len() > 30 {
        // One page is enough to see how it goes on.
        let cut = format!("… {} more\n", said.len() - 3);
        said.splice(2..said.len() - 1, [cut]);
    }
    snapshot(&name, &said.join("\n"));
    Ok(())
}

/// A file is named `CLAIM.POLICY-TYPE.json`.
fn taken(path: &Path, text: String) -> datatest_stable::Result<()> {
    let (name, policy_type) = name(path);
    let (policy, diagnostics) = parse(&text, policy_type);
    assert_eq!(diagnostics, []);
    let printed = print(&policy.unwrap());
    let (again, diagnostics) = parse(&printed, policy_type);
    assert_eq!(diagnostics, []);
    assert_eq!(print(&again.unwrap()), printed);
    snapshot(&name, &printed);
    Ok(())
}

fn name(path: &Path) -> (String, PolicyType) {
    let name = path.file_stem().unwrap().to_str().unwrap();
    let last = name.rsplit('.').next().unwrap();
    let policy_type = PolicyType::ALL.into_iter().find(|known| known.as_str() == last).unwrap();
    (name.to_owned(), policy_type)
}

fn snapshot(name: &str, content: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, content));
}

fn describe(text: &str, index: &LineIndex, diagnostic: &Diagnostic) -> String {
    let place = |span: Span| {
        let position = index.position(text, span.start);
        let line = text[span.range()].lines().next().unwrap_or_default();
        let pointed: String = line.chars().take(40).collect();
        format!("{}:{} {pointed}", position.line, position.column).trim_end().to_owned()
    };
    let mut said = format!("{} at {}\n", diagnostic.code, place(diagnostic.span));
    let _ = writeln!(said, "  {}", diagnostic.message);
    if let Some(label) = &diagnostic.label {
        let _ = writeln!(said, "  label: {label}");
    }
    for (span, words) in &diagnostic.related {
        let _ = writeln!(said, "  related: {words}, {}", place(*span));
    }
    if let Some(help) = &diagnostic.help {
        let _ = writeln!(said, "  help: {help}");
    }
    if let Some(words) = &diagnostic.aws_message {
        let _ = writeln!(said, "  AWS: {words}");
    }
    said
}

datatest_stable::harness! {
    { test = refused, root = "../../fixtures/policies/invalid", pattern = r"\.json$" },
    { test = taken, root = "../../fixtures/policies/valid", pattern = r"\.json$" },
}
