//! The simulated clock in the form AWS prints: `2024-06-01T12:00:00Z`.

use iamsim_engine::Text;
use iamsim_syntax::literal::Instant;

/// A point in time with the texts that requests have of it.
#[derive(Debug, Clone)]
pub(crate) struct Moment {
    ms: i64,
    iso: Text,
    epoch: Text,
}

impl Moment {
    /// A point in time in milliseconds since 1970.
    pub(crate) fn new(ms: i64) -> Self {
        Self { ms, iso: iso(ms).into(), epoch: ms.div_euclid(1000).to_string().into() }
    }

    pub(crate) fn ms(&self) -> i64 {
        self.ms
    }

    /// `2024-06-01T12:00:00Z`
    pub(crate) fn iso(&self) -> &str {
        &self.iso
    }

    /// Seconds since 1970.
    pub(crate) fn epoch(&self) -> &str {
        &self.epoch
    }
}

/// Milliseconds since 1970 as an ISO 8601 instant in UTC, to the second.
fn iso(ms: i64) -> String {
    Instant(ms).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_reads_back() {
        for text in
            ["1970-01-01T00:00:00Z", "2024-02-29T23:59:59Z", "1969-12-31T00:00:01Z", "2400-03-01T12:00:00Z"]
        {
            assert_eq!(iso(Instant::parse(text).unwrap().0), text);
        }
    }
}
