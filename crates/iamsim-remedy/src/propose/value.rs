//! Values that may satisfy a condition, or escape it.

use std::net::IpAddr;

use iamsim_engine::{Context, ContextValue, Key, ValueRef, is_multivalued};
use iamsim_syntax::literal::{Instant, IpNetwork};
use iamsim_syntax::variable::{Piece, pieces};
use iamsim_syntax::{Comparison, Condition, StringTest, Version};

/// How many values of a list are tried.
const MOST: usize = 8;

/// What stands in for `*` where a policy takes many values.
const ANYTHING: &str = "example";

/// Regions to name where a policy takes many: those that every account has, as
/// <https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html> lists them.
const REGIONS: [&str; 17] = [
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
    "eu-west-1",
    "eu-central-1",
    "eu-north-1",
    "eu-west-2",
    "eu-west-3",
    "ap-south-1",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-southeast-1",
    "ap-southeast-2",
    "ca-central-1",
    "sa-east-1",
];

/// Values of the clause's key worth trying, the likeliest first.
pub(super) fn worth_trying(clause: &Condition, version: Version, context: &Context) -> Vec<ContextValue> {
    let comparison = clause.operator.value.comparison;
    let listed = clause.values.iter().take(MOST);
    let mut texts: Vec<String> = Vec::new();
    for value in listed {
        for text in near(comparison, &value.value, version, context) {
            if !texts.contains(&text) {
                texts.push(text);
            }
        }
    }
    let key = &*clause.key.value;
    if key.eq_ignore_ascii_case("aws:RequestedRegion") {
        texts.retain(|text| !text.contains(ANYTHING));
        texts.extend(REGIONS.map(str::to_owned));
    }
    let is_many = is_multivalued(key).unwrap_or_default()
        || matches!(context.lookup(&Key::new(key)), Some(ValueRef::Many(_)));
    let mut values = Vec::new();
    for text in texts {
        values.push(if is_many { ContextValue::from_iter([text]) } else { text.into() });
    }
    values
}

/// What equals a value of the policy, or lies to either side of it.
fn near(comparison: Comparison, text: &str, version: Version, context: &Context) -> Vec<String> {
    match comparison {
        Comparison::String(StringTest::Like, _) | Comparison::Arn(..) => {
            expand(text, version, context, true).into_iter().collect()
        }
        Comparison::String(StringTest::Equals | StringTest::EqualsIgnoreCase, _) => {
            expand(text, version, context, false).into_iter().collect()
        }
        Comparison::Numeric(..) => match text.parse::<i64>() {
            Ok(number) => [number, number.saturating_sub(1), number.saturating_add(1)]
                .into_iter()
                .map(|number| number.to_string())
                .collect(),
            Err(_) => vec![text.to_owned(), "0".to_owned()],
        },
        Comparison::Date(..) => match Instant::parse(text) {
            Some(Instant(ms)) => [ms, ms.saturating_sub(1000), ms.saturating_add(1000)]
                .into_iter()
                .map(|ms| Instant(ms).to_string())
                .collect(),
            None => Vec::new(),
        },
        Comparison::Bool => vec!["true".to_owned(), "false".to_owned()],
        Comparison::BinaryEquals => vec![text.to_owned()],
        Comparison::IpAddress(_) => inside(text).into_iter().collect(),
        Comparison::Null => vec![ANYTHING.to_owned()],
    }
}

/// An address in a range: the first that a host has.
fn inside(range: &str) -> Option<String> {
    let network = IpNetwork::parse(range)?;
    Some(match network.address() {
        IpAddr::V4(address) if network.prefix() < 31 && !network.has_host_bits() => {
            std::net::Ipv4Addr::from_bits(address.to_bits().saturating_add(1)).to_string()
        }
        IpAddr::V6(address) if network.prefix() < 127 => {
            std::net::Ipv6Addr::from_bits(address.to_bits().saturating_add(1)).to_string()
        }
        address => address.to_string(),
    })
}

/// A value of the policy with its variables replaced; `None` when one of them has no value.
fn expand(text: &str, version: Version, context: &Context, has_wildcards: bool) -> Option<String> {
    let mut out = String::new();
    let plain = |out: &mut String, text: &str| {
        for letter in text.chars() {
            match letter {
                '*' if has_wildcards => out.push_str(ANYTHING),
                '?' if has_wildcards => out.push('x'),
                letter => out.push(letter),
            }
        }
    };
    if version == Version::V2008 {
        plain(&mut out, text);
        return Some(out);
    }
    for (_, piece) in pieces(text) {
        match piece {
            Piece::Text(text) | Piece::Malformed(text, _) => plain(&mut out, text),
            Piece::Literal(letter) => out.push(letter),
            Piece::Variable { key, default } => match (context.lookup(&Key::new(key)), default) {
                (Some(ValueRef::One(value)), _) => out.push_str(value),
                (None, Some(default)) => out.push_str(default),
                _ => return None,
            },
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(comparison: Comparison, text: &str, expected: &[&str]) {
        let context: Context = [("aws:username", "alice")].into_iter().collect();
        assert_eq!(near(comparison, text, Version::V2012, &context), expected);
    }

    #[test]
    fn a_value_is_made_concrete() {
        use iamsim_syntax::{Ordering, Polarity::Positive};
        check(Comparison::String(StringTest::Like, Positive), "${aws:username}-*", &["alice-example"]);
        check(Comparison::String(StringTest::Equals, Positive), "a*", &["a*"]);
        check(Comparison::String(StringTest::Equals, Positive), "${aws:userid}", &[]);
        check(Comparison::IpAddress(Positive), "203.0.113.0/24", &["203.0.113.1"]);
        check(Comparison::IpAddress(Positive), "203.0.113.7", &["203.0.113.7"]);
        check(Comparison::IpAddress(Positive), "2001:db8::/32", &["2001:db8::1"]);
        check(Comparison::Numeric(Ordering::LessThan, Positive), "3600", &["3600", "3599", "3601"]);
        check(
            Comparison::Date(Ordering::GreaterThan, Positive),
            "2024-01-01",
            &["2024-01-01T00:00:00Z", "2023-12-31T23:59:59Z", "2024-01-01T00:00:01Z"],
        );
    }
}
