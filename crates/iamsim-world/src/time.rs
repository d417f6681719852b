//! The simulated clock in the form AWS prints: `2024-06-01T12:00:00Z`.

use iamsim_syntax::literal::Instant;

/// Milliseconds since 1970 as an ISO 8601 instant in UTC, to the second.
pub(crate) fn iso(ms: i64) -> String {
    Instant(ms.saturating_sub(ms.rem_euclid(1000))).to_iso()
}
