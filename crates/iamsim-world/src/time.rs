//! The simulated clock in the form AWS prints: `2024-06-01T12:00:00Z`.

use iamsim_engine::Text;

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
    pub(crate) fn iso(&self) -> Text {
        self.iso.clone()
    }

    /// Seconds since 1970.
    pub(crate) fn epoch(&self) -> Text {
        self.epoch.clone()
    }
}

/// Milliseconds since 1970 as an ISO 8601 instant in UTC, to the second.
fn iso(ms: i64) -> String {
    let seconds = ms.div_euclid(1000);
    let (days, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let (year, month, day) = civil(days);
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z", second / 3600, second / 60 % 60, second % 60)
}

/// The civil date of a day counted from 1970-01-01, by the era arithmetic of the proleptic Gregorian calendar.
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use iamsim_syntax::literal::Instant;

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
