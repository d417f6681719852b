//! Dates that RFC 3339 knows mean what it says; what IAM stores, it compares.

#![no_main]

use chrono::DateTime;
use iamsim_syntax::literal::Instant;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let ours = Instant::parse(text);
    if let Some(stored) = Instant::parse_stored(text) {
        assert_eq!(ours, Some(stored));
    }
    if let (Some(ours), Ok(theirs)) = (ours, DateTime::parse_from_rfc3339(text)) {
        assert_eq!(ours.0, theirs.timestamp_millis());
    }
});
