//! Facts in words.

use iamsim_syntax::{Comparison, ConditionOperator, Ordering, Polarity, Qualifier, StringTest};

/// What a policy asks.
pub(super) struct Clause {
    /// `Condition`, `Resource` or `NotResource`.
    pub(super) element: &'static str,
    /// The operator and the key of a condition.
    pub(super) condition: Option<(ConditionOperator, String)>,
    /// What the policy says; empty when its text is not at hand.
    pub(super) values: Vec<String>,
    /// Whether the key of the condition may be absent, too; otherwise only variables in the values are unknown.
    pub(super) key_is_unknown: bool,
}

/// A fact that holds, or one that does not.
pub(super) fn of(clause: &Clause, holds: bool) -> String {
    let Some((operator, key)) = &clause.condition else {
        let covers = if (clause.element == "Resource") == holds { "covers" } else { "does not cover" };
        return format!("{} {covers} the resource", or(&clause.values));
    };
    if clause.values.is_empty() {
        let holds = if holds { "holds" } else { "does not hold" };
        return format!("{operator} on {key} {holds}");
    }
    if operator.comparison == Comparison::Null {
        return null(operator, key, &clause.values, holds);
    }
    let (is, is_not) = verbs(operator.comparison);
    let values = or(&clause.values);
    let opposite = opposite(operator.comparison, &clause.values);
    let is_negated = operator.comparison.polarity() == Polarity::Negated;
    // What is compared: whether a value matches, whatever the operator makes of it.
    match operator.qualifier {
        Some(Qualifier::ForAllValues) => match (is_negated, holds) {
            (false, true) => format!("every value of {key} {is} {values}"),
            (false, false) => format!("some value of {key} {is_not} {values}"),
            (true, true) => format!("no value of {key} {is} {values}"),
            (true, false) => format!("some value of {key} {is} {values}"),
        },
        Some(Qualifier::ForAnyValue) => match (is_negated, holds) {
            (false, true) => format!("some value of {key} {is} {values}"),
            (false, false) => format!("no value of {key} {is} {values}"),
            (true, true) => format!("some value of {key} {is_not} {values}"),
            (true, false) => format!("no value of {key} {is_not} {values}"),
        },
        None => {
            let holds_without = operator.if_exists || is_negated;
            let verb = if holds == is_negated { is_not } else { is };
            let or_absent = clause.key_is_unknown && holds_without == holds;
            let absent = if or_absent { ", or absent" } else { "" };
            match opposite.filter(|_| !holds) {
                Some(opposite) => format!("{key} is {opposite}{absent}"),
                None => format!("{key} {verb} {values}{absent}"),
            }
        }
    }
}

/// `true` asks for an absent key. Whoever writes both asks nothing.
fn null(operator: &ConditionOperator, key: &str, values: &[String], holds: bool) -> String {
    let wants_absent = values.first().is_some_and(|value| value.eq_ignore_ascii_case("true"));
    let alike = values.iter().all(|value| value.eq_ignore_ascii_case("true") == wants_absent);
    if operator.qualifier.is_some() || !alike {
        let holds = if holds { "holds" } else { "does not hold" };
        return format!("{operator} on {key} {holds}");
    }
    format!("{key} is {}", if wants_absent == holds { "absent" } else { "present" })
}

/// What is not true is false.
fn opposite(comparison: Comparison, values: &[String]) -> Option<bool> {
    match (comparison, values) {
        (Comparison::Bool, [value]) => Some(!value.eq_ignore_ascii_case("true")),
        _ => None,
    }
}

/// How a value matches what the policy says, and how it does not.
fn verbs(comparison: Comparison) -> (&'static str, &'static str) {
    match comparison {
        Comparison::String(StringTest::Like, _) | Comparison::Arn(..) => ("matches", "does not match"),
        Comparison::String(StringTest::EqualsIgnoreCase, _) => ("is, in any case,", "is not, in any case,"),
        Comparison::String(StringTest::Equals, _)
        | Comparison::Bool
        | Comparison::BinaryEquals
        | Comparison::Null => ("is", "is not"),
        Comparison::IpAddress(_) => ("is in", "is not in"),
        Comparison::Numeric(ordering, _) => match ordering {
            Ordering::Equals => ("is", "is not"),
            Ordering::LessThan => ("is less than", "is not less than"),
            Ordering::LessThanEquals => ("is at most", "is not at most"),
            Ordering::GreaterThan => ("is greater than", "is not greater than"),
            Ordering::GreaterThanEquals => ("is at least", "is not at least"),
        },
        Comparison::Date(ordering, _) => match ordering {
            Ordering::Equals => ("is", "is not"),
            Ordering::LessThan => ("is before", "is not before"),
            Ordering::LessThanEquals => ("is not after", "is after"),
            Ordering::GreaterThan => ("is after", "is not after"),
            Ordering::GreaterThanEquals => ("is not before", "is before"),
        },
    }
}

/// `a`, `a or b`, `a, b or c`.
fn or(values: &[String]) -> String {
    let quoted = |value: &String| if value.is_empty() { "\"\"".to_owned() } else { value.clone() };
    match values.split_last() {
        None => "the pattern".to_owned(),
        Some((last, [])) => quoted(last),
        Some((last, before)) => {
            let before: Vec<String> = before.iter().map(quoted).collect();
            format!("{} or {}", before.join(", "), quoted(last))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(operator: &str, values: &[&str], holds: &str, not: &str) {
        let clause = Clause {
            element: "Condition",
            condition: Some((ConditionOperator::parse(operator).unwrap(), "k".to_owned())),
            values: values.iter().map(|value| (*value).to_owned()).collect(),
            key_is_unknown: true,
        };
        assert_eq!((of(&clause, true), of(&clause, false)), (holds.to_owned(), not.to_owned()));
    }

    #[test]
    fn what_is_true_of_an_absent_key_is_said() {
        check("StringEquals", &["a", "b"], "k is a or b", "k is not a or b, or absent");
        check("StringNotEquals", &["a"], "k is not a, or absent", "k is a");
        check("BoolIfExists", &["true"], "k is true, or absent", "k is false");
        check("StringNotLikeIfExists", &["a*"], "k does not match a*, or absent", "k matches a*");
        check("NumericLessThan", &["3600"], "k is less than 3600", "k is not less than 3600, or absent");
        check(
            "DateLessThanEquals",
            &["2025-01-01"],
            "k is not after 2025-01-01",
            "k is after 2025-01-01, or absent",
        );
    }

    #[test]
    fn sets_are_spoken_of_value_by_value() {
        check("ForAllValues:StringEquals", &["a"], "every value of k is a", "some value of k is not a");
        check("ForAnyValue:StringNotEquals", &["a"], "some value of k is not a", "no value of k is not a");
    }

    #[test]
    fn null_asks_whether_the_key_is_there() {
        check("Null", &["true"], "k is absent", "k is present");
        check("Null", &["false"], "k is present", "k is absent");
    }
}
