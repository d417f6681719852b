//! JSON numbers: checked, and kept as they are written.

use super::flat::Kind;
use super::reader::{CODE, Reader, Stop};
use crate::Diagnostic;

impl Reader<'_> {
    /// Reads the number that begins here.
    pub(super) fn number(&mut self) -> Result<(), Stop> {
        let start = self.at;
        let rest = self.text.as_bytes().get(start..).unwrap_or_default();
        let belongs = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.' | b'_');
        let length = rest.iter().position(|byte| !belongs(byte)).unwrap_or(rest.len());
        self.at += length;
        let text = self.text;
        let number = text.get(start..self.at).unwrap_or_default();
        self.flat.push(Kind::Number(number), self.span_from(start));
        let Some(fault) = fault(number) else { return Ok(()) };
        let diagnostic = Diagnostic::error(CODE, self.span_from(start), fault.message(number));
        self.report(
            diagnostic.with_help("text, such as an account id or a date, is written in double quotes"),
        )
    }
}

/// Why something that begins like a number is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    LeadingZero,
    Grammar,
    OutOfRange,
}

impl Fault {
    fn message(self, number: &str) -> String {
        match self {
            Self::LeadingZero => format!("a number does not begin with a zero: `{number}`"),
            Self::Grammar => format!("`{number}` is not a JSON number"),
            Self::OutOfRange => format!("`{number}` is too large: a number must be below 1.8e308"),
        }
    }
}

/// Reads `-? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?`.
fn fault(number: &str) -> Option<Fault> {
    let unsigned = number.strip_prefix('-').unwrap_or(number);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let power = exponent.map(|exponent| exponent.strip_prefix(['+', '-']).unwrap_or(exponent));
    if !digits(whole) || !fraction.is_none_or(digits) || !power.is_none_or(digits) {
        return Some(Fault::Grammar);
    }
    if whole.len() > 1 && whole.starts_with('0') {
        return Some(Fault::LeadingZero);
    }
    let small = exponent.is_none() && whole.len() <= 300;
    (!small && !in_range(whole, fraction.unwrap_or_default(), exponent)).then_some(Fault::OutOfRange)
}

/// Whether the number fits a double the way `serde_json` computes it: up to 64 bits of digits, times a power
/// of ten. Correct rounding would differ in the last place before infinity.
fn in_range(whole: &str, fraction: &str, exponent: Option<&str>) -> bool {
    let mut digits: u64 = 0;
    let mut shift: i64 = 0;
    let mut places = whole.bytes().map(|digit| (digit, 0)).chain(fraction.bytes().map(|digit| (digit, -1)));
    for (digit, place) in places.by_ref() {
        let more = digits.checked_mul(10).and_then(|tens| tens.checked_add(u64::from(digit - b'0')));
        match more {
            Some(more) => {
                digits = more;
                shift += place;
            }
            None => {
                // What no longer fits only moves the point.
                shift += 1 + place;
                break;
            }
        }
    }
    shift += places.map(|(_, place)| 1 + place).sum::<i64>();
    if digits == 0 {
        return true;
    }
    let Some(exponent) = exponent.map_or(Some(0), |exponent| exponent.parse::<i64>().ok()) else {
        return exponent.is_some_and(|exponent| exponent.starts_with('-'));
    };
    let power = shift.saturating_add(exponent);
    let factor: f64 = format!("1e{}", power.clamp(-400, 400)).parse().unwrap_or(f64::INFINITY);
    power <= 308 && (digits as f64 * factor).is_finite()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(number: &str, expected: Option<Fault>) {
        assert_eq!(fault(number), expected, "{number}");
        let accepted = serde_json::from_str::<serde_json::Value>(number).is_ok();
        assert_eq!(accepted, expected.is_none(), "serde_json: {number}");
    }

    #[test]
    fn the_grammar_is_that_of_the_rfc() {
        for number in ["0", "-0", "10", "1.50", "1e3", "1E+3", "0e0", "-1.5e-7", "0.0"] {
            check(number, None);
        }
        for number in ["-", "1.", ".5", "+1", "1e", "1e+", "1.5.1", "1e1e1", "0x10", "1_000", "1-1", "NaN"] {
            check(number, Some(Fault::Grammar));
        }
        for number in ["00", "01", "-012", "00.5"] {
            check(number, Some(Fault::LeadingZero));
        }
    }

    #[test]
    fn what_no_double_holds_is_out_of_range() {
        let zeros = "0".repeat(400);
        check("1e308", None);
        check("1e309", Some(Fault::OutOfRange));
        check("-1e999", Some(Fault::OutOfRange));
        check("1e99999999999999999999", Some(Fault::OutOfRange));
        check("1e-99999999999999999999", None);
        check("0e99999999999999999999", None);
        check("1.7976931348623157e308", None);
        check("1.7976931348623159e308", Some(Fault::OutOfRange));
        check(&format!("1{zeros}"), Some(Fault::OutOfRange));
        check(&format!("1{zeros}e-400"), None);
        check(&format!("0.{zeros}1e500"), None);
        check(&format!("12345678901234567890123.{zeros}e280"), None);
    }
}
