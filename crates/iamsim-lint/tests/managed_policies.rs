//! The policies AWS itself manages: nothing in them is an error, and little of what they name is unknown.

#![expect(clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::thread;

use iamsim_catalog::{ManagedPolicy, managed_policies};
use iamsim_lint::lint;
use iamsim_syntax::{Diagnostic, PolicyType, parse};

/// What is found in some policies. Panics when one of them cannot be read.
fn findings(policies: &[ManagedPolicy]) -> Vec<(&'static str, Diagnostic)> {
    let of = |policy: &ManagedPolicy| {
        let document = policy.document;
        let (parsed, errors) = parse(document, PolicyType::IdentityBased);
        let Some(parsed) = parsed else { panic!("{} has errors: {errors:#?}", policy.name) };
        let named = move |finding: Diagnostic| (document, finding);
        lint(&parsed, document).into_iter().map(named).collect::<Vec<_>>()
    };
    policies.iter().flat_map(of).collect()
}

/// How many patterns of each service match no action we know: those of services AWS has closed, and of actions
/// that are in no list. A newer catalog changes this.
fn unknown_actions(findings: &[(&str, Diagnostic)]) -> String {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for (document, finding) in findings {
        if matches!(finding.code, "invalid-action" | "invalid-service-in-action") {
            let before = document.get(..finding.span.start as usize).unwrap_or_default();
            let after = document.get(finding.span.start as usize..).unwrap_or_default();
            // A finding about the name points behind the prefix.
            let start = before.rfind('"').map_or(0, |quote| quote + 1);
            let pattern = format!("{}{after}", before.get(start..).unwrap_or_default());
            let prefix = pattern.split(':').next().unwrap_or_default().to_owned();
            *counts.entry(format!("{} {prefix}", finding.code)).or_default() += 1;
        }
    }
    let mut out = String::new();
    for (what, count) in counts {
        let _ = writeln!(out, "{what}: {count}");
    }
    out
}

#[test]
fn managed_policies_have_no_errors_and_name_few_unknown_actions() {
    let policies: Vec<ManagedPolicy> = managed_policies().collect();
    assert!(policies.len() > 1_500);
    let (one, other) = policies.split_at(policies.len() / 2);
    let found = thread::scope(|scope| {
        let one = scope.spawn(|| findings(one));
        let mut found = findings(other);
        found.extend(one.join().unwrap_or_else(|why| std::panic::resume_unwind(why)));
        found
    });
    assert!(!found.iter().any(|(_, finding)| finding.is_error()));
    insta::assert_snapshot!("managed_policies", unknown_actions(&found));
}
