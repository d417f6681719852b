//! Conditions, operator by operator.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>

use iamsim_syntax::{Comparison, Condition, Ordering, Polarity, Qualifier, StringTest, Version};

use crate::case::Value;
use crate::statement::{Circumstances, Token, expand, matches};

pub(crate) fn holds(version: Version, clause: &Condition, request: &Circumstances) -> bool {
    let operator = clause.operator.value;
    let found = request.value(&clause.key.value);
    let negated = operator.comparison.polarity() == Polarity::Negated;
    let test = |value: &String| test(version, clause, value, request);
    if operator.comparison == Comparison::Null {
        let absent = found.is_none();
        return clause.values.iter().any(|word| word.value.eq_ignore_ascii_case("true") == absent);
    }
    match (operator.qualifier, found) {
        (Some(Qualifier::ForAllValues), None) => true,
        (Some(Qualifier::ForAnyValue), None) => false,
        (None, None) => operator.if_exists || negated,
        (None, Some(Value::Many(_))) => false,
        (None, Some(Value::One(value))) => test(value),
        (Some(Qualifier::ForAllValues), Some(value)) => values(value).iter().all(test),
        (Some(Qualifier::ForAnyValue), Some(value)) => values(value).iter().any(test),
    }
}

fn values(value: &Value) -> Vec<String> {
    match value {
        Value::One(one) => vec![one.clone()],
        Value::Many(many) => many.clone(),
    }
}

/// One value of the request against all of the policy's.
fn test(version: Version, clause: &Condition, value: &str, request: &Circumstances) -> bool {
    let comparison = clause.operator.value.comparison;
    let readable = match comparison {
        Comparison::IpAddress(_) => address(value).is_some(),
        Comparison::Arn(..) => value.starts_with("arn:") && value.split(':').count() >= 6,
        _ => true,
    };
    let any = clause.values.iter().any(|wanted| same(version, comparison, value, &wanted.value, request));
    let negated = comparison.polarity() == Polarity::Negated;
    readable && any != negated
}

fn same(
    version: Version,
    comparison: Comparison,
    value: &str,
    wanted: &str,
    request: &Circumstances,
) -> bool {
    match comparison {
        Comparison::String(StringTest::Equals, _) => {
            equals(&expand_text(version, wanted, request), &Some(value.to_owned()))
        }
        Comparison::String(StringTest::Like, _) => {
            expand(version, wanted, request).is_some_and(|tokens| matches(&tokens, value))
        }
        Comparison::Arn(..) => {
            expand(version, wanted, request).is_some_and(|tokens| arn_is_like(&tokens, value))
        }
        Comparison::Bool => value.eq_ignore_ascii_case("true") == wanted.eq_ignore_ascii_case("true"),
        Comparison::IpAddress(_) => in_range(value, wanted),
        Comparison::Numeric(Ordering::LessThan, _) => {
            matches!((value.parse::<f64>(), wanted.parse::<f64>()), (Ok(value), Ok(wanted)) if value < wanted)
        }
        // Dates are generated in one format, in which order of time is order of text.
        Comparison::Date(Ordering::GreaterThan, _) => value > wanted,
        other => panic!("{} is not generated", other.as_str()),
    }
}

fn equals(wanted: &Option<String>, value: &Option<String>) -> bool {
    wanted.is_some() && wanted == value
}

/// The text of a value that has no wildcards: `*` and `?` are themselves.
fn expand_text(version: Version, wanted: &str, request: &Circumstances) -> Option<String> {
    let letter = |token| match token {
        Token::Is(letter) => letter,
        Token::AnyOne => '?',
        Token::AnyRun => '*',
    };
    Some(expand(version, wanted, request)?.into_iter().map(letter).collect())
}

/// Each of the six parts by itself.
fn arn_is_like(tokens: &[Token], value: &str) -> bool {
    if tokens == [Token::AnyRun] {
        return true;
    }
    let patterns: Vec<&[Token]> = tokens.splitn(6, |token| *token == Token::Is(':')).collect();
    let parts: Vec<&str> = value.splitn(6, ':').collect();
    patterns.len() == 6
        && parts.len() == 6
        && patterns.iter().zip(parts).all(|(pattern, part)| matches(pattern, part))
}

/// An IPv4 address as a number.
fn address(text: &str) -> Option<u32> {
    let bytes: Vec<u32> = text.split('.').map(str::parse).collect::<Result<_, _>>().ok()?;
    match bytes[..] {
        [a, b, c, d] if bytes.iter().all(|byte| *byte < 256) => Some(a << 24 | b << 16 | c << 8 | d),
        _ => None,
    }
}

fn in_range(value: &str, range: &str) -> bool {
    let (network, bits) = range.split_once('/').unwrap_or((range, "32"));
    let (Some(value), Some(network), Ok(bits)) = (address(value), address(network), bits.parse::<u32>())
    else {
        return false;
    };
    let shift = 32 - bits;
    (u64::from(value) >> shift) == (u64::from(network) >> shift)
}
