//! Decimal numbers of any size and precision, as `Numeric…` compares them.

use std::cmp::Ordering;
use std::fmt;

/// How many digits are kept in the head of a number: as many as always fit in 128 bits.
const HEAD_DIGITS: u32 = 38;

/// A decimal number, compared exactly: 2⁵³ + 1 is not 2⁵³, and `1.0` is `1`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Number {
    sign: Sign,
    magnitude: Magnitude,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Sign {
    Negative,
    /// Also the sign of zero.
    Positive,
}

/// The number without its sign: `0.HEADTAIL × 10^power`, the first digit not zero. A value has one form only,
/// and the fields are in the order that makes the derived comparison the numeric one.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Magnitude {
    /// Where the decimal point stands, counted from before the first digit; the least there is for zero.
    power: i64,
    /// The first digits, filled up with zeros on the right.
    head: u128,
    /// The digits after those, without trailing zeros. Empty, and then not allocated, for all but very long
    /// numbers.
    tail: Box<[u8]>,
}

impl Number {
    /// Reads an optional sign, digits with at most one decimal point among them or beside them, and an optional
    /// exponent: `-1.50e3`, `007`, `.5`, `1.`.
    ///
    /// `None` for anything else: other text, surrounding spaces, `NaN`, `Infinity`, the empty string, and an
    /// exponent beyond 64 bits.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (sign, unsigned) = split_sign(text);
        let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, parse_exponent(exponent)?),
            None => (unsigned, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits_only = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if (whole.is_empty() && fraction.is_empty()) || !digits_only(whole) || !digits_only(fraction) {
            return None;
        }
        match Magnitude::new(whole, fraction, exponent)? {
            magnitude if magnitude.head == 0 => Some(Self { sign: Sign::Positive, magnitude }),
            magnitude => Some(Self { sign, magnitude }),
        }
    }
}

impl Magnitude {
    const ZERO_POWER: i64 = i64::MIN;

    /// `whole.fraction × 10^exponent`; `None` when the power leaves 64 bits.
    fn new(whole: &str, fraction: &str, exponent: i64) -> Option<Self> {
        let whole = whole.trim_start_matches('0');
        let fraction = fraction.trim_end_matches('0');
        if whole.is_empty() && fraction.is_empty() {
            return Some(Self { power: Self::ZERO_POWER, head: 0, tail: Box::default() });
        }
        let significant = if whole.is_empty() { fraction.trim_start_matches('0') } else { fraction };
        let point = if whole.is_empty() {
            -i64::try_from(fraction.len() - significant.len()).ok()?
        } else {
            i64::try_from(whole.len()).ok()?
        };
        let whole = if significant.is_empty() { whole.trim_end_matches('0') } else { whole };
        let mut digits = whole.bytes().chain(significant.bytes());
        let (mut head, mut unused) = (0, HEAD_DIGITS);
        for byte in digits.by_ref().take(HEAD_DIGITS as usize) {
            head = head * 10 + digit(byte);
            unused -= 1;
        }
        head *= 10_u128.pow(unused);
        Some(Self { power: exponent.checked_add(point)?, head, tail: digits.collect() })
    }
}

fn digit(byte: u8) -> u128 {
    u128::from(byte.wrapping_sub(b'0'))
}

fn split_sign(text: &str) -> (Sign, &str) {
    match text.strip_prefix('-') {
        Some(unsigned) => (Sign::Negative, unsigned),
        None => (Sign::Positive, text.strip_prefix('+').unwrap_or(text)),
    }
}

/// Reads an exponent; `i64::from_str` takes one sign, digits, and nothing else.
fn parse_exponent(text: &str) -> Option<i64> {
    text.parse().ok()
}

/// So far from the digits a decimal point is written out; farther away an exponent says where it stands.
const PLAIN_POWERS: std::ops::RangeInclusive<i64> = -20..=40;

/// Plain digits where they are few, `0.123e45` otherwise. What is written reads back the same.
impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Magnitude { power, head, tail } = &self.magnitude;
        if *head == 0 {
            return f.write_str("0");
        }
        let mut digits = format!("{head:0width$}", width = HEAD_DIGITS as usize);
        digits.push_str(&String::from_utf8_lossy(tail));
        let digits = digits.trim_end_matches('0');
        if self.sign == Sign::Negative {
            f.write_str("-")?;
        }
        if !PLAIN_POWERS.contains(power) {
            return write!(f, "0.{digits}e{power}");
        }
        let whole = usize::try_from(*power).unwrap_or(0);
        match digits.split_at_checked(whole) {
            Some(("", fraction)) => {
                let zeros = usize::try_from(power.saturating_neg()).unwrap_or(0);
                write!(f, "0.{}{fraction}", "0".repeat(zeros))
            }
            Some((whole, "")) => f.write_str(whole),
            Some((whole, fraction)) => write!(f, "{whole}.{fraction}"),
            None => write!(f, "{digits}{}", "0".repeat(whole - digits.len())),
        }
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.sign, other.sign) {
            (Sign::Positive, Sign::Positive) => self.magnitude.cmp(&other.magnitude),
            (Sign::Negative, Sign::Negative) => other.magnitude.cmp(&self.magnitude),
            (Sign::Negative, Sign::Positive) => Ordering::Less,
            (Sign::Positive, Sign::Negative) => Ordering::Greater,
        }
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn number(text: &str) -> Number {
        Number::parse(text).unwrap_or_else(|| panic!("{text} is a number"))
    }

    fn check(left: &str, expected: Ordering, right: &str) {
        assert_eq!(number(left).cmp(&number(right)), expected, "{left} and {right}");
        assert_eq!(number(right).cmp(&number(left)), expected.reverse(), "{right} and {left}");
        assert_eq!(number(left) == number(right), expected == Ordering::Equal, "{left} and {right}");
    }

    #[test]
    fn what_is_written_reads_back_the_same() {
        for (text, written) in [
            ("3600", "3600"),
            ("-01.50", "-1.5"),
            ("1e3", "1000"),
            ("0.00", "0"),
            ("25e-4", "0.0025"),
            ("1e99", "0.1e100"),
            (
                "123456789012345678901234567890123456789012.5",
                "0.1234567890123456789012345678901234567890125e42",
            ),
        ] {
            let number = Number::parse(text).unwrap();
            assert_eq!(number.to_string(), written);
            assert_eq!(Number::parse(written), Some(number));
        }
    }

    #[test]
    fn spelling_does_not_change_a_number() {
        for text in ["01", "+1", "1.0", "1e0", "1.", "1E0", "0.1e1", ".1e+1", "10e-1", "100e-02", "0001.000"]
        {
            check(text, Ordering::Equal, "1");
        }
        check(".5", Ordering::Equal, "0.50");
        check("-1.50e3", Ordering::Equal, "-1500");
    }

    #[test]
    fn zero_has_neither_sign_nor_exponent() {
        for text in ["-0", "+0", "0.0", ".0", "0.", "0e5", "-0.00e-7", "0e9223372036854775807"] {
            check(text, Ordering::Equal, "0");
        }
    }

    #[test]
    fn no_digit_is_rounded_away() {
        check("9007199254740993", Ordering::Greater, "9007199254740992");
        check("0.1000000000000000000000000000000000000000001", Ordering::Greater, "0.1");
        let sevens = "7".repeat(60);
        check(&sevens, Ordering::Less, &format!("{sevens}.000000001"));
        check(&sevens, Ordering::Less, &format!("{}8", "7".repeat(59)));
        check(&sevens, Ordering::Equal, &format!("{sevens}.{}", "0".repeat(60)));
        check(&format!("-{sevens}"), Ordering::Greater, &format!("-{sevens}.1"));
    }

    #[test]
    fn numbers_are_ordered_by_value() {
        let ascending =
            ["-1e400", "-10", "-9.99", "-1e-400", "0", "1e-400", ".0099", ".01", "2", "10", "1e400"];
        for (at, left) in ascending.iter().enumerate() {
            for (other, right) in ascending.iter().enumerate() {
                check(left, at.cmp(&other), right);
            }
        }
    }

    #[test]
    fn what_is_not_a_number_is_refused() {
        for text in [
            "",
            " ",
            " 1",
            "1 ",
            "NaN",
            "Infinity",
            "-Infinity",
            "no-number",
            ".",
            "+",
            "-",
            "+.",
            "e5",
            "1e",
            "1e+",
            "1e1.5",
            "1e5e5",
            "--1",
            "+-1",
            "1.2.3",
            "1,5",
            "0x10",
            "1_000",
            "١",
            "1f",
            "e",
            ".e1",
        ] {
            assert_eq!(Number::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn huge_exponents_are_compared_without_writing_the_digits() {
        check("1e9223372036854775806", Ordering::Greater, "9e9223372036854775805");
        check("1e-9223372036854775807", Ordering::Less, "1e-9223372036854775806");
        check("1e-9223372036854775807", Ordering::Greater, "0");
        check("1e00000000000000000000000000000000000001", Ordering::Equal, "10");
    }

    #[test]
    fn an_exponent_beyond_64_bits_is_refused() {
        for text in ["1e9223372036854775808", "1e9223372036854775807", "1e-99999999999999999999999"] {
            assert_eq!(Number::parse(text), None, "{text}");
        }
    }

    fn any_number() -> impl Strategy<Value = String> {
        "[+-]?([0-9]{1,45}|[0-9]{0,20}\\.[0-9]{1,45})(e[+-]?[0-9]{1,2})?"
    }

    proptest! {
        #[test]
        fn integers_compare_as_integers(left: i128, right: i128) {
            let (a, b) = (number(&left.to_string()), number(&right.to_string()));
            prop_assert_eq!(a.cmp(&b), left.cmp(&right));
            prop_assert_eq!(a == b, left == right);
        }

        #[test]
        fn shifting_the_point_and_the_exponent_changes_nothing(value: i64, zeros in 0_usize..60) {
            let padded = format!("{value}{}e-{zeros}", "0".repeat(zeros));
            prop_assert_eq!(number(&padded), number(&value.to_string()));
        }

        #[test]
        fn the_order_is_total(a in any_number(), b in any_number(), c in any_number()) {
            let mut sorted = [number(&a), number(&b), number(&c)];
            sorted.sort();
            let [low, middle, high] = sorted;
            prop_assert!(low <= middle && middle <= high && low <= high);
            prop_assert_eq!(low.cmp(&high) == Ordering::Equal, low == high);
        }

        #[test]
        fn any_text_is_read_or_refused(text: String) {
            let _ = Number::parse(&text);
        }
    }
}
