//! What a statement asks beside what the request has, in words.

use iamsim_engine::ContextValue;
use iamsim_scenario::ask::{ElementReport, ExplainedCheck, Origin};
use iamsim_syntax::variable::{Piece, pieces};
use iamsim_syntax::{Comparison, ConditionOperator, Ordering, Polarity};

/// How many values are named before the rest is counted.
const NAMED: usize = 2;

/// What does not match, in words to follow "everything matches but".
pub(super) fn miss(element: &ElementReport) -> String {
    let Some((operator, key)) = element.operator.zip(element.key.as_deref()) else {
        let name = element.element;
        return match name.strip_prefix("Not") {
            Some(_) => format!("{name}, which leaves this out"),
            None => format!("the {}", name.to_lowercase()),
        };
    };
    format!(
        "the condition {operator} {key}: the policy wants {}, the request has {}",
        wanted(operator, element),
        had(element)
    )
}

/// What begins like a policy variable and is none.
fn malformed(text: &str) -> Option<&str> {
    pieces(text).into_iter().find_map(|(_, piece)| match piece {
        Piece::Malformed(text, _) => Some(text),
        Piece::Text(_) | Piece::Literal(_) | Piece::Variable { .. } => None,
    })
}

/// What the request has, in words to stand at the caret.
pub(super) fn at_caret(check: &ExplainedCheck, element: &ElementReport) -> String {
    let value = match &element.request_value {
        Some(ContextValue::One(value)) => value.to_string(),
        other => return format!("the request has {}", having(other.as_ref())),
    };
    let resolved = resolved(element);
    match element.element {
        "Principal" | "NotPrincipal" => format!("the caller is {value}"),
        "Condition" => {
            let assumed =
                if is_assumed(check, element) { " (assumed; --context can say otherwise)" } else { "" };
            format!("{resolved}the request has {}{assumed}", quoted(&value))
        }
        _ => format!("{resolved}the request is for {value}"),
    }
}

/// What policy variables stand for here, in words to stand before others.
fn resolved(element: &ElementReport) -> String {
    match element.resolved_values.as_slice() {
        // What the request has no value for stays as it is written, and so does what is no variable.
        [one] if one.contains("${") => match malformed(one) {
            Some(text) => format!("`{text}` is no variable; "),
            None => "its variable has no value; ".to_owned(),
        },
        [one] => format!("this stands for {one}; "),
        several => {
            let mut pairs = element.policy_values.iter().zip(several);
            let replaced = pairs.find(|(written, resolved)| written != resolved);
            replaced
                .map_or_else(String::new, |(written, resolved)| format!("{written} stands for {resolved}; "))
        }
    }
}

/// Whether nobody said what the request holds under the key of a condition.
fn is_assumed(check: &ExplainedCheck, element: &ElementReport) -> bool {
    let Some(key) = &element.key else { return false };
    let mut entries = check.context.iter().filter(|entry| entry.key.eq_ignore_ascii_case(key));
    entries.any(|entry| entry.origin == Origin::Assumed)
}

/// What may put it right or make it clear, where that is plain.
pub(super) fn advice(check: &ExplainedCheck, element: &ElementReport) -> Option<String> {
    match element.element {
        "Resource" => bucket_or_object(&check.resource, values(element)),
        "Condition" => condition_advice(element),
        _ => None,
    }
}

/// The mistake everyone makes once: a bucket is not its objects. Who names objects of the bucket, too, knows.
fn bucket_or_object(resource: &str, values: &[String]) -> Option<String> {
    if !resource.starts_with("arn:") || resource.split(':').nth(2) != Some("s3") {
        return None;
    }
    for value in values {
        let value = value.as_str();
        let is_inside = |other: &str| other.strip_prefix(value).is_some_and(|rest| rest.starts_with('/'));
        if is_inside(resource) && !values.iter().any(|other| is_inside(other)) {
            return Some(format!("{value} is the bucket alone; its objects are {value}/*"));
        }
        if value.strip_suffix("/*") == Some(resource) {
            return Some(format!("{value} is the objects; the bucket itself is {resource}"));
        }
    }
    None
}

fn condition_advice(element: &ElementReport) -> Option<String> {
    let key = element.key.as_deref()?.to_ascii_lowercase();
    let operator = element.operator?;
    match (&*key, &element.request_value) {
        ("aws:multifactorauthpresent" | "aws:multifactorauthage", None) => Some(
            "long-term credentials used without a device have no such key, not even `false`; --mfa is a caller \
             who used one"
                .to_owned(),
        ),
        ("sts:externalid", None) => {
            Some("pass it with `--external-id`, or with --context for a plain action".to_owned())
        }
        (_, Some(ContextValue::Many(_)))
            if operator.qualifier.is_none() && operator.comparison != Comparison::Null =>
        {
            Some("a multivalued key needs ForAnyValue or ForAllValues before the operator".to_owned())
        }
        _ => None,
    }
}

/// Why a condition with this operator holds of a request without the key, when that is what happened.
pub(super) fn holds_of_absent_key(element: &ElementReport) -> Option<String> {
    let operator = element.operator?;
    let key = element.key.as_deref()?;
    let is_absent = element.matches && element.request_value.is_none();
    if !is_absent || operator.comparison == Comparison::Null {
        return None;
    }
    Some(format!("the request has no {key}, and {operator} is true of an absent key"))
}

/// What an element says, shortened.
pub(super) fn says(element: &ElementReport) -> String {
    listed(values(element))
}

fn values(element: &ElementReport) -> &[String] {
    if element.resolved_values.is_empty() { &element.policy_values } else { &element.resolved_values }
}

fn wanted(operator: ConditionOperator, element: &ElementReport) -> String {
    let values = values(element);
    if operator.comparison == Comparison::Null {
        let absent = values.iter().any(|value| value.eq_ignore_ascii_case("true"));
        return if absent { "the key to be absent" } else { "the key to be there" }.to_owned();
    }
    let listed = listed(values);
    match operator.comparison {
        Comparison::IpAddress(Polarity::Positive) => format!("an address in {listed}"),
        Comparison::IpAddress(Polarity::Negated) => format!("an address outside {listed}"),
        comparison if comparison.polarity() == Polarity::Negated => format!("anything but {listed}"),
        comparison => format!("{}{listed}", words(comparison)),
    }
}

fn words(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Numeric(ordering, _) | Comparison::Date(ordering, _) => match ordering {
            Ordering::Equals => "",
            Ordering::LessThan => "less than ",
            Ordering::LessThanEquals => "at most ",
            Ordering::GreaterThan => "more than ",
            Ordering::GreaterThanEquals => "at least ",
        },
        Comparison::IpAddress(_)
        | Comparison::String(..)
        | Comparison::Bool
        | Comparison::BinaryEquals
        | Comparison::Arn(..)
        | Comparison::Null => "",
    }
}

fn listed(values: &[String]) -> String {
    let named: Vec<_> = values.iter().take(NAMED).map(|value| quoted(value)).collect();
    match values.len().saturating_sub(NAMED) {
        0 if named.is_empty() => "something else".to_owned(),
        0 => named.join(" or "),
        more => format!("{} or one of {more} more", named.join(", ")),
    }
}

fn had(element: &ElementReport) -> String {
    having(element.request_value.as_ref())
}

fn having(value: Option<&ContextValue>) -> String {
    match value {
        None => "none".to_owned(),
        Some(ContextValue::One(value)) => quoted(value),
        Some(ContextValue::Many(values)) if values.is_empty() => "an empty list".to_owned(),
        Some(ContextValue::Many(values)) => {
            values.iter().map(|value| quoted(value)).collect::<Vec<_>>().join(", ")
        }
    }
}

fn quoted(value: &str) -> String {
    format!("\"{value}\"")
}
