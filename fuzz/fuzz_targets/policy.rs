//! A policy of any type is taken or refused, never half; what is taken is printed and taken again.

#![no_main]

use iamsim_engine::Policy;
use iamsim_syntax::{PolicyType, parse, print};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    for policy_type in PolicyType::ALL {
        let (policy, diagnostics) = parse(text, policy_type);
        assert_eq!(policy.is_some(), diagnostics.is_empty());
        for diagnostic in &diagnostics {
            assert!(text.get(diagnostic.span.range()).is_some(), "{diagnostic:?}");
        }
        let Some(policy) = policy else { continue };
        for finding in iamsim_lint::lint(&policy, text) {
            assert!(text.get(finding.span.range()).is_some(), "{finding:?}");
        }
        let printed = print(&policy);
        let (again, diagnostics) = parse(&printed, policy_type);
        let again = again.unwrap_or_else(|| panic!("{printed} {diagnostics:?}"));
        assert_eq!(print(&again), printed);
        let statements = |policy| Policy::compile(policy, "p").statements().len();
        assert_eq!(statements(&policy), statements(&again));
    }
});
