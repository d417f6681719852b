//! Context keys that a request would not have, or not so.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>

use iamsim_catalog::{
    Action, Cardinality, ConditionKey, ValueType, condition_key, nearest_condition_key, service,
};
use iamsim_syntax::Arn;
use iamsim_syntax::literal::{Instant, IpAddress, Number};

use super::{
    CONTEXT_CARDINALITY_MISMATCH, CONTEXT_TYPE_MISMATCH, GivenKey, GivenValue, RequestFinding, RequestPart,
    UNKNOWN_CONTEXT_KEY, UNKNOWN_REGION, UNPOPULATED_CONTEXT_KEY,
};
use crate::actions::newer;
use crate::conditions::supports;
use crate::regions;

/// How many actions are worth reading in a help.
const NAMED: usize = 3;

/// `action` is the one asked for, when the catalog has it.
pub(super) fn check(action: Option<&Action>, context: &[GivenKey<'_>], findings: &mut Vec<RequestFinding>) {
    for (at, given) in context.iter().enumerate() {
        if is_from_a_provider(given.name) {
            continue;
        }
        let found = match condition_key(given.name) {
            Some(key) => unpopulated(action, given, key).or_else(|| mismatch(given, key)),
            None if is_tag(given.name) => None,
            None => Some(unknown(given.name)),
        };
        findings.extend(found.map(|Fault { code, message, help }| RequestFinding {
            code,
            part: RequestPart::ContextKey(at),
            message,
            help,
        }));
    }
}

/// A finding but for its part.
struct Fault {
    code: &'static str,
    message: String,
    help: String,
}

/// Keys that identity providers fill: a provider may send claims AWS does not list.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html>
fn is_from_a_provider(name: &str) -> bool {
    let prefix = name.split_once(':').map_or("", |(prefix, _)| prefix);
    prefix.contains('.') || prefix.eq_ignore_ascii_case("saml")
}

/// Tags are in a request wherever principals, resources or parameters have them; AWS's tables are not complete.
fn is_tag(name: &str) -> bool {
    let head = name.split_once('/').map_or(name, |(head, _)| head).to_ascii_lowercase();
    (name.contains('/') && head.ends_with("tag")) || head.ends_with("tagkeys")
}

fn unknown(name: &str) -> Fault {
    let help = match nearest_condition_key(name) {
        Some(near) => format!("did you mean `{near}`?"),
        None if name.contains(':') => newer("key"),
        None => "a context key is `service:Name`, as in `aws:SourceIp`".to_owned(),
    };
    Fault { code: UNKNOWN_CONTEXT_KEY, message: format!("there is no context key `{name}`"), help }
}

/// A key that requests for the action do not have. Global keys may be in any request.
fn unpopulated(action: Option<&Action>, given: &GivenKey<'_>, key: ConditionKey) -> Option<Fault> {
    let action = action?;
    let name = given.name;
    if given.value == GivenValue::Absent || is_tag(name) || key.is_global() {
        return None;
    }
    // Of a key that its own service does not list, nobody knows which requests have it.
    let owner = name.split_once(':').and_then(|(prefix, _)| service(prefix))?;
    if owner.condition_key(name).is_none() || supports(action, name) {
        return None;
    }
    let with = owner.actions().iter().filter(|other| supports(other, name));
    let named: Vec<String> = with.clone().take(NAMED).map(|other| format!("`{other}`")).collect();
    let more = with.count().saturating_sub(named.len());
    let help = match (named.is_empty(), more) {
        (true, _) => "take it out".to_owned(),
        (false, 0) => format!("take it out; it comes with {}", named.join(", ")),
        (false, more) => format!("take it out; it comes with {} and {more} more", named.join(", ")),
    };
    let message = format!("a request for `{action}` never has `{name}`");
    Some(Fault { code: UNPOPULATED_CONTEXT_KEY, message, help })
}

/// A value the key cannot have.
fn mismatch(given: &GivenKey<'_>, key: ConditionKey) -> Option<Fault> {
    let name = given.name;
    let cardinality = |message: String, help: &str| {
        Some(Fault { code: CONTEXT_CARDINALITY_MISMATCH, message, help: help.to_owned() })
    };
    match (&given.value, key.cardinality) {
        (GivenValue::Absent, _) => None,
        (GivenValue::Many(_), Cardinality::SingleValued) => {
            cardinality(format!("`{name}` has one value, and a list is given"), "give the value alone")
        }
        (GivenValue::One(_), Cardinality::Multivalued) => cardinality(
            format!("`{name}` may have several values, and one is given outside a list"),
            "give a list, though it holds one value",
        ),
        (GivenValue::One(value), Cardinality::SingleValued) => {
            unknown_region(name, value).or_else(|| type_mismatch(name, value, key.value_type))
        }
        (GivenValue::Many(values), Cardinality::Multivalued) => {
            values.iter().find_map(|value| type_mismatch(name, value, key.value_type))
        }
    }
}

/// A Region that does not exist, in the key that holds the one called.
fn unknown_region(name: &str, value: &str) -> Option<Fault> {
    if !name.eq_ignore_ascii_case("aws:RequestedRegion") || regions::is_region(value) {
        return None;
    }
    let message = format!("there is no Region `{value}`");
    Some(Fault { code: UNKNOWN_REGION, message, help: regions::help(value) })
}

fn type_mismatch(name: &str, value: &str, value_type: ValueType) -> Option<Fault> {
    let is_epoch = name.eq_ignore_ascii_case("aws:EpochTime");
    let is_number = || Number::parse(value).is_some();
    let is_date = || Instant::parse(value).is_some();
    let (fits, what, help) = match value_type {
        ValueType::String => return None,
        ValueType::Arn => (
            Arn::parse(value).is_some(),
            "an ARN",
            "write all six parts, as in `arn:aws:s3:::amzn-s3-demo-bucket`",
        ),
        ValueType::Bool => {
            let is_boolean = value.eq_ignore_ascii_case("true") || value.eq_ignore_ascii_case("false");
            (is_boolean, "a boolean", "write `true` or `false`")
        }
        ValueType::Numeric => {
            (is_number() || (is_epoch && is_date()), "a number", "write digits, as in `3600`")
        }
        ValueType::Date => {
            (is_date() || (is_epoch && is_number()), "a date", "write it as in `2024-06-01T12:00:00Z`")
        }
        ValueType::IpAddress => {
            (IpAddress::parse(value).is_some(), "an IP address", "write one address, as in `203.0.113.10`")
        }
    };
    (!fits).then(|| Fault {
        code: CONTEXT_TYPE_MISMATCH,
        message: format!("`{value}` is not {what}, which `{name}` holds"),
        help: help.to_owned(),
    })
}
