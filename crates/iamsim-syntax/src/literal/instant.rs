//! Points in time, as `Date…` compares them.
//!
//! Sources: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Date>
//! and the profile of ISO 8601 it refers to, <https://www.w3.org/TR/NOTE-datetime>.

use std::fmt;

/// The years that fit in 64 bits of milliseconds from their first day to their last.
const YEARS: std::ops::RangeInclusive<i64> = -292_275_054..=292_278_993;

/// How many fraction digits IAM takes in a date it stores.
const STORED_FRACTION_DIGITS: usize = 9;

const SECONDS_PER_DAY: i64 = 86_400;

/// A point in time in milliseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(pub i64);

impl Instant {
    /// Reads an ISO 8601 date, with or without a time and a zone, or whole seconds since the epoch.
    ///
    /// Text with a `-`, `t` or `T` is a date: `2030-01`, `2030-01-02`, `2030-01-02T03:04Z`,
    /// `2030-01-02t03:04:05.678+01:00`. Without a zone it is UTC. What is finer than a millisecond is cut off.
    /// Anything else is seconds from 0 up to 2⁶³ − 1, so `2030` alone is half an hour into 1970; seconds
    /// beyond the last millisecond of 64 bits stand for that one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(usual) = parse_usual(text.as_bytes()) {
            return Some(usual);
        }
        if text.contains(['-', 't', 'T']) { parse_date(text) } else { parse_epoch_seconds(text) }
    }

    /// Reads a date in a policy that IAM stores: as [`Instant::parse`], with at most nine fraction digits.
    #[must_use]
    pub fn parse_stored(text: &str) -> Option<Self> {
        let fraction = text.split_once('.').map_or("", |(_, rest)| rest);
        let digits = fraction.bytes().take_while(u8::is_ascii_digit).count();
        if digits > STORED_FRACTION_DIGITS { None } else { Self::parse(text) }
    }
}

/// `2024-06-01T12:00:00Z`, to the second.
impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.div_euclid(1000);
        let (year, month, day) = civil(seconds.div_euclid(SECONDS_PER_DAY));
        let second = seconds.rem_euclid(SECONDS_PER_DAY);
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
    }
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

fn parse_epoch_seconds(text: &str) -> Option<Instant> {
    let seconds: i64 = text.parse().ok()?;
    Some(Instant(seconds.saturating_mul(1000)))
}

/// The form that AWS itself writes, `2030-01-02T03:04:05Z`, read without looking twice at any character; `None`
/// leaves the text to the other readers.
fn parse_usual(text: &[u8]) -> Option<Instant> {
    let &[y1, y2, y3, y4, b'-', o1, o2, b'-', d1, d2, b'T', h1, h2, b':', m1, m2, b':', s1, s2, b'Z'] = text
    else {
        return None;
    };
    let two = |tens: u8, ones: u8| {
        (tens.is_ascii_digit() && ones.is_ascii_digit())
            .then(|| i64::from(tens - b'0') * 10 + i64::from(ones - b'0'))
    };
    let (year, month, day) = (two(y1, y2)? * 100 + two(y3, y4)?, two(o1, o2)?, two(d1, d2)?);
    let (hour, minute, second) = (two(h1, h2)?, two(m1, m2)?, two(s1, s2)?);
    let midnight = parse_day(year, month, day)?;
    let is_time = hour < 24 && minute < 60 && second < 60;
    is_time.then_some(Instant(midnight + ((hour * 60 + minute) * 60 + second) * 1000))
}

/// The milliseconds from 1970 to the beginning of a day, if there is such a day.
fn parse_day(year: i64, month: i64, day: i64) -> Option<i64> {
    let is_date =
        YEARS.contains(&year) && (1..=12).contains(&month) && (1..=days_in_month(year, month)).contains(&day);
    is_date.then(|| days_since_epoch(year, month, day) * SECONDS_PER_DAY * 1000)
}

/// `year[-month[-day]][T[time]]`, the year with an optional sign.
fn parse_date(text: &str) -> Option<Instant> {
    let (date, time) = text.split_once(['t', 'T']).unwrap_or((text, ""));
    let (sign, unsigned) = match date.strip_prefix('-') {
        Some(unsigned) => (-1, unsigned),
        None => (1, date.strip_prefix('+').unwrap_or(date)),
    };
    let mut fields = unsigned.split('-');
    let year = sign * digits(fields.next()?, 9)?;
    let month = fields.next().map_or(Some(1), |month| digits(month, 2))?;
    let day = fields.next().map_or(Some(1), |day| digits(day, 2))?;
    if fields.next().is_some() {
        return None;
    }
    Some(Instant(parse_day(year, month, day)? + parse_time(time)?))
}

/// `hour[:minute[:second[.fraction]]][zone]`, or nothing; answers milliseconds after midnight UTC.
fn parse_time(text: &str) -> Option<i64> {
    if text.is_empty() {
        return Some(0);
    }
    let zone_at = text.find(['z', 'Z', '+', '-']).unwrap_or(text.len());
    let (clock, zone) = text.split_at(zone_at);
    let mut fields = clock.split(':');
    let hour = digits(fields.next()?, 2)?;
    let minute = fields.next().map_or(Some(0), |minute| digits(minute, 2))?;
    let (second, millisecond) = fields.next().map_or(Some((0, 0)), parse_seconds)?;
    let is_time = fields.next().is_none() && hour < 24 && minute < 60 && second < 60;
    if !is_time {
        return None;
    }
    Some(((hour * 60 + minute) * 60 + second) * 1000 + millisecond - parse_zone(zone)?)
}

/// `second[.fraction]`; answers whole seconds and milliseconds.
fn parse_seconds(text: &str) -> Option<(i64, i64)> {
    let Some((second, fraction)) = text.split_once('.') else { return Some((digits(text, 2)?, 0)) };
    if fraction.is_empty() || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let padded = fraction.bytes().chain(std::iter::repeat(b'0'));
    let millisecond = padded.take(3).fold(0, |sum, byte| sum * 10 + i64::from(byte - b'0'));
    Some((digits(second, 2)?, millisecond))
}

/// Nothing, `Z`, `±hh` or `±hh:mm`; answers how many milliseconds the zone is ahead of UTC.
fn parse_zone(text: &str) -> Option<i64> {
    if text.is_empty() || text.eq_ignore_ascii_case("z") {
        return Some(0);
    }
    let (sign, offset) = match text.strip_prefix('-') {
        Some(offset) => (-1, offset),
        None => (1, text.strip_prefix('+')?),
    };
    let (hour, minute) = offset.split_once(':').unwrap_or((offset, "00"));
    if hour.len() != 2 || minute.len() != 2 {
        return None;
    }
    let (hour, minute) = (digits(hour, 2)?, digits(minute, 2)?);
    (hour < 24 && minute < 60).then_some(sign * (hour * 60 + minute) * 60_000)
}

/// Reads one to `most` ASCII digits.
fn digits(text: &str, most: usize) -> Option<i64> {
    let all_digits = text.bytes().all(|byte| byte.is_ascii_digit());
    if text.len() > most || !all_digits { None } else { text.parse().ok() }
}

fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// Days from 1970-01-01 to a date of the Gregorian calendar, which is carried on before its introduction; the
/// year 0 is the one before the year 1.
///
/// The year is taken to begin in March, so that the leap day is its last and does not move the other months.
/// Months from March have 31, 30, 31, 30, 31 days, and again; `(153 × month + 2) / 5` counts them.
fn days_since_epoch(year: i64, month: i64, day: i64) -> i64 {
    const DAYS_PER_400_YEARS: i64 = 146_097;
    const DAYS_FROM_MARCH_OF_YEAR_0_TO_1970: i64 = 719_468;
    let march_year = if month > 2 { year } else { year - 1 };
    let march_month = (month + 9) % 12;
    let cycle = march_year.div_euclid(400);
    let year_of_cycle = march_year.rem_euclid(400);
    let day_of_year = (153 * march_month + 2) / 5 + day - 1;
    let day_of_cycle = year_of_cycle * 365 + year_of_cycle / 4 - year_of_cycle / 100 + day_of_year;
    cycle * DAYS_PER_400_YEARS + day_of_cycle - DAYS_FROM_MARCH_OF_YEAR_0_TO_1970
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const START_OF_2030: i64 = 1_893_456_000_000;

    fn check(text: &str, expected: i64) {
        assert_eq!(Instant::parse(text), Some(Instant(expected)), "{text}");
    }

    fn check_refused(texts: &[&str]) {
        for text in texts {
            assert_eq!(Instant::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn a_date_may_leave_out_what_is_finer() {
        check("2030-01", START_OF_2030);
        check("2030-01-01", START_OF_2030);
        check("2030T", START_OF_2030);
        check("2030-01-01T00Z", START_OF_2030);
        check("2030-01-01T00:00Z", START_OF_2030);
        check("2030-01-01T00:00:00Z", START_OF_2030);
        check("2030-02-03T04:05:06.789Z", START_OF_2030 + 2_865_906_789);
    }

    #[test]
    fn case_and_leading_zeros_do_not_matter() {
        check("2030-01-01t00:00:00z", START_OF_2030);
        check("2030-1-1T0:0:0Z", START_OF_2030);
        check("+2030-01-01", START_OF_2030);
        check("01T", -62_135_596_800_000);
    }

    #[test]
    fn a_time_without_a_zone_is_utc() {
        check("2030-01-01T01:00:00", START_OF_2030 + 3_600_000);
    }

    #[test]
    fn zones_are_hours_or_hours_and_minutes() {
        check("2030-01-01T01:00:00+01:00", START_OF_2030);
        check("2030-01-01T01:00:00+01", START_OF_2030);
        check("2029-12-31T18:30:00-05:30", START_OF_2030);
        check("2030-01-01T00:00-00:00", START_OF_2030);
        check("2016-12-13t2:00:00.593194+23", 1_481_511_600_593);
        check_refused(&[
            "2016-12-13t2:00:00.593194+1",
            "2030-01-01T00:00+0100",
            "2030-01-01T00:00+24",
            "2030-01-01T00:00+01:60",
            "2030-01-01T00:00+01:0",
            "2030-01-01T00:00+",
            "2030-01-01T00:00ZZ",
            "2030-01-01T00:00Z+01",
            "2030-01-01T00:00+01:00:00",
            "2030-01-01Z",
            "2030-01-01TZ",
        ]);
    }

    #[test]
    fn what_is_finer_than_a_millisecond_is_cut_off() {
        check("2030-01-01T00:00:00.0001Z", START_OF_2030);
        check("2030-01-01T00:00:00.1231Z", START_OF_2030 + 123);
        check("2030-01-01T00:00:00.1239Z", START_OF_2030 + 123);
        check("2030-01-01T00:00:00.1Z", START_OF_2030 + 100);
        check("1969-12-31T23:59:59.9999Z", -1);
        check(&format!("2030-01-01T00:00:00.{}Z", "9".repeat(1000)), START_OF_2030 + 999);
    }

    #[test]
    fn a_stored_date_has_at_most_nine_fraction_digits() {
        let nine = Instant::parse_stored("2030-01-01T00:00:00.123456789Z");
        assert_eq!(nine, Some(Instant(START_OF_2030 + 123)));
        assert_eq!(Instant::parse_stored("2030-01-01T00:00:00.1234567890Z"), None);
        assert_eq!(Instant::parse_stored("1893456000"), Some(Instant(START_OF_2030)));
    }

    #[test]
    fn without_dash_or_t_it_is_seconds_since_the_epoch() {
        check("1893456000", START_OF_2030);
        check("+1893456000", START_OF_2030);
        check("0", 0);
        check("2030", 2_030_000);
        check("0002030", 2_030_000);
    }

    #[test]
    fn seconds_are_clamped_and_refused_only_beyond_64_bits() {
        check("9223372036854775", 9_223_372_036_854_775_000);
        check("9223372036854776", i64::MAX);
        check("9223372036854775807", i64::MAX);
        check_refused(&["9223372036854775808", "99999999999999999999999999"]);
    }

    #[test]
    fn years_reach_as_far_as_milliseconds_do() {
        check("-292275054", -9_223_372_017_043_200_000);
        check("-1", -62_198_755_200_000);
        check("292278993-12-31T23:59:59.999-23:59", 9_223_372_017_215_939_999);
        check_refused(&["-292275055", "292278994-01", "9999999999-01-01"]);
    }

    #[test]
    fn fields_out_of_range_are_refused() {
        check_refused(&[
            "234-13",
            "2030-00-01",
            "2030-01-00",
            "2030-01-32",
            "2030-02-29",
            "2100-02-29",
            "2030-04-31",
            "2030-01-01T24:00:00Z",
            "2030-01-01T00:60:00Z",
            "2030-01-01T00:00:60Z",
        ]);
        check("2032-02-29", START_OF_2030 + 789 * 86_400_000);
        check("2000-02-29", 951_782_400_000);
    }

    #[test]
    fn what_is_not_a_date_is_refused() {
        check_refused(&[
            "",
            "not-a-date",
            " 2030-01-01",
            "2030-01-01 ",
            "2030-01-01 00:00:00",
            "2030-",
            "2030-01-",
            "2030--01",
            "2030-01-01-01",
            "--2030",
            "-",
            "T",
            "T00:00",
            "2030-001",
            "2030-01-01T000:00",
            "2030-01-01T00:00:",
            "2030-01-01T00:00:00.",
            "2030-01-01T00:00:00.x",
            "2030-01-01T00.5",
            "2030-01-01T00:00:00:00",
            "2030-01-01T:00",
            "2030-*",
            "1893456000.5",
            "1e9",
            "٢٠٣٠-01",
            "+",
        ]);
    }

    /// The day after, by the calendar rather than by counting.
    fn next_day(year: i64, month: i64, day: i64) -> (i64, i64, i64) {
        match (month, day) {
            _ if day < days_in_month(year, month) => (year, month, day + 1),
            (12, _) => (year + 1, 1, 1),
            _ => (year, month + 1, 1),
        }
    }

    #[test]
    fn every_day_of_four_centuries_follows_the_one_before() {
        let (mut year, mut month, mut day) = (1799, 12, 31);
        let mut count = days_since_epoch(year, month, day);
        while year < 2201 {
            (year, month, day) = next_day(year, month, day);
            count += 1;
            assert_eq!(days_since_epoch(year, month, day), count, "{year}-{month}-{day}");
        }
        assert_eq!(days_since_epoch(1970, 1, 1), 0);
    }

    proptest! {
        #[test]
        fn the_next_day_is_one_day_later(year in YEARS, month in 1_i64..=12, day in 1_i64..=31) {
            let day = day.min(days_in_month(year, month));
            let (next_year, next_month, next) = next_day(year, month, day);
            prop_assert_eq!(
                days_since_epoch(next_year, next_month, next),
                days_since_epoch(year, month, day) + 1
            );
        }

        #[test]
        fn a_zone_moves_an_instant_by_its_offset(hour in 0_i64..24, minute in 0_i64..60) {
            let shift = (hour * 60 + minute) * 60_000;
            check(&format!("2030-01-01T00:00:00+{hour:02}:{minute:02}"), START_OF_2030 - shift);
            check(&format!("2030-01-01T00:00:00-{hour:02}:{minute:02}"), START_OF_2030 + shift);
        }

        #[test]
        fn dates_and_seconds_agree(days in -10_000_i64..60_000, second in 0_i64..SECONDS_PER_DAY) {
            let (mut year, mut month, mut day) = (1940, 1, 1);
            for _ in 0..days + 10_958 {
                (year, month, day) = next_day(year, month, day);
            }
            let (hour, minute, second_of_minute) = (second / 3600, second / 60 % 60, second % 60);
            let expected = (days * SECONDS_PER_DAY + second) * 1000;
            check(&format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second_of_minute:02}Z"), expected);
        }

        #[test]
        fn any_text_is_read_or_refused(text in "[-+0-9tTzZ:.]{0,40}|.*") {
            let _ = (Instant::parse(&text), Instant::parse_stored(&text));
        }
    }
}
