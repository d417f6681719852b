//! Our JSON reader takes and refuses what `serde_json` does, duplicate keys apart.

#![no_main]

use iamsim_syntax::{code, json};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let (node, diagnostics) = json::parse(text);
    let stricter = [code::DUPLICATE_KEY, code::TOO_MANY_ERRORS];
    if diagnostics.iter().any(|diagnostic| stricter.contains(&diagnostic.code)) {
        return;
    }
    let theirs = serde_json::from_str::<serde_json::Value>(text);
    assert_eq!(diagnostics.is_empty(), theirs.is_ok(), "{diagnostics:?} {theirs:?}");
    assert!(node.is_some() || theirs.is_err());
});
