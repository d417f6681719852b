//! No text makes the parser panic, and what it takes it prints and takes again.
#![no_main]

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
        let printed = print(&policy);
        let (again, diagnostics) = parse(&printed, policy_type);
        assert!(diagnostics.is_empty(), "{printed} {diagnostics:?}");
        assert_eq!(again.map(|again| print(&again)), Some(printed));
    }
});
