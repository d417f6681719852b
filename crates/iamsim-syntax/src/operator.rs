//! Condition operators: what is compared, how, and over which of the request's values.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>

use std::fmt;

/// A condition operator as written: `ForAllValues:StringLikeIfExists`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ConditionOperator {
    /// `ForAllValues:` or `ForAnyValue:`, if any.
    pub qualifier: Option<Qualifier>,
    /// The comparison.
    pub comparison: Comparison,
    /// Whether `IfExists` is appended: a missing key then holds.
    pub if_exists: bool,
}

/// The set qualifier before an operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Qualifier {
    /// Every value of the request must hold; none is fine.
    ForAllValues,
    /// At least one value of the request must hold.
    ForAnyValue,
}

/// What an operator compares, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// `String…`
    String(StringTest, Polarity),
    /// `Numeric…`
    Numeric(Ordering, Polarity),
    /// `Date…`
    Date(Ordering, Polarity),
    /// `Bool`
    Bool,
    /// `BinaryEquals`
    BinaryEquals,
    /// `IpAddress`, `NotIpAddress`
    IpAddress(Polarity),
    /// `ArnEquals` and `ArnLike`, which are the same, and their negations.
    Arn(ArnSpelling, Polarity),
    /// `Null`
    Null,
}

/// Whether an operator holds when a value matches, or when none does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Polarity {
    /// Any listed value may match.
    Positive,
    /// `Not…`: no listed value may match.
    Negated,
}

/// How `String…` operators compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StringTest {
    /// Code unit by code unit.
    Equals,
    /// Equal after lower-casing both.
    EqualsIgnoreCase,
    /// With `*` and `?`.
    Like,
}

/// How `Numeric…` and `Date…` operators compare: the request's value stands on the left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ordering {
    /// `=`
    Equals,
    /// `<`
    LessThan,
    /// `<=`
    LessThanEquals,
    /// `>`
    GreaterThan,
    /// `>=`
    GreaterThanEquals,
}

/// The two spellings of the ARN test, which AWS evaluates alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ArnSpelling {
    /// `ArnEquals`
    Equals,
    /// `ArnLike`
    Like,
}

/// Every comparison with the name AWS gives it.
const NAMES: [(&str, Comparison); 27] = {
    use Comparison::{Arn, BinaryEquals, Bool, Date, IpAddress, Null, Numeric, String};
    use Ordering::{Equals, GreaterThan, GreaterThanEquals, LessThan, LessThanEquals};
    use Polarity::{Negated, Positive};
    [
        ("StringEquals", String(StringTest::Equals, Positive)),
        ("StringNotEquals", String(StringTest::Equals, Negated)),
        ("StringEqualsIgnoreCase", String(StringTest::EqualsIgnoreCase, Positive)),
        ("StringNotEqualsIgnoreCase", String(StringTest::EqualsIgnoreCase, Negated)),
        ("StringLike", String(StringTest::Like, Positive)),
        ("StringNotLike", String(StringTest::Like, Negated)),
        ("NumericEquals", Numeric(Equals, Positive)),
        ("NumericNotEquals", Numeric(Equals, Negated)),
        ("NumericLessThan", Numeric(LessThan, Positive)),
        ("NumericLessThanEquals", Numeric(LessThanEquals, Positive)),
        ("NumericGreaterThan", Numeric(GreaterThan, Positive)),
        ("NumericGreaterThanEquals", Numeric(GreaterThanEquals, Positive)),
        ("DateEquals", Date(Equals, Positive)),
        ("DateNotEquals", Date(Equals, Negated)),
        ("DateLessThan", Date(LessThan, Positive)),
        ("DateLessThanEquals", Date(LessThanEquals, Positive)),
        ("DateGreaterThan", Date(GreaterThan, Positive)),
        ("DateGreaterThanEquals", Date(GreaterThanEquals, Positive)),
        ("Bool", Bool),
        ("BinaryEquals", BinaryEquals),
        ("IpAddress", IpAddress(Positive)),
        ("NotIpAddress", IpAddress(Negated)),
        ("ArnEquals", Arn(ArnSpelling::Equals, Positive)),
        ("ArnNotEquals", Arn(ArnSpelling::Equals, Negated)),
        ("ArnLike", Arn(ArnSpelling::Like, Positive)),
        ("ArnNotLike", Arn(ArnSpelling::Like, Negated)),
        ("Null", Null),
    ]
};

impl ConditionOperator {
    /// Reads an operator in AWS's exact spelling. `NullIfExists` is not an operator.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (qualifier, rest) = match text.split_once(':') {
            Some(("ForAllValues", rest)) => (Some(Qualifier::ForAllValues), rest),
            Some(("ForAnyValue", rest)) => (Some(Qualifier::ForAnyValue), rest),
            Some(_) => return None,
            None => (None, text),
        };
        let (name, if_exists) = match rest.strip_suffix("IfExists") {
            Some(name) => (name, true),
            None => (rest, false),
        };
        let comparison = Comparison::named(name)?;
        let impossible = comparison == Comparison::Null && if_exists;
        (!impossible).then_some(Self { qualifier, comparison, if_exists })
    }

    /// Reads an operator without regard to case; AWS takes this in service and resource control policies.
    #[must_use]
    pub fn parse_ignoring_case(text: &str) -> Option<Self> {
        Self::all().find(|operator| operator.to_string().eq_ignore_ascii_case(text))
    }

    /// Every operator there is, in all its forms.
    pub fn all() -> impl Iterator<Item = Self> {
        let qualifiers = [None, Some(Qualifier::ForAllValues), Some(Qualifier::ForAnyValue)];
        NAMES.into_iter().flat_map(move |(_, comparison)| {
            let suffixes: &[bool] = if comparison == Comparison::Null { &[false] } else { &[false, true] };
            qualifiers.into_iter().flat_map(move |qualifier| {
                suffixes.iter().map(move |if_exists| Self { qualifier, comparison, if_exists: *if_exists })
            })
        })
    }
}

impl Comparison {
    fn named(name: &str) -> Option<Self> {
        NAMES.iter().find(|(known, _)| *known == name).map(|(_, comparison)| *comparison)
    }

    /// AWS's name without qualifier and suffix.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        NAMES.iter().find(|(_, known)| *known == self).map_or("", |(name, _)| name)
    }

    /// Whether the operator holds when no listed value matches.
    #[must_use]
    pub fn polarity(self) -> Polarity {
        match self {
            Self::String(_, polarity)
            | Self::Numeric(_, polarity)
            | Self::Date(_, polarity)
            | Self::IpAddress(polarity)
            | Self::Arn(_, polarity) => polarity,
            Self::Bool | Self::BinaryEquals | Self::Null => Polarity::Positive,
        }
    }

    /// Whether policy variables are expanded in its values: only `String…` and `Arn…`.
    #[must_use]
    pub fn takes_variables(self) -> bool {
        matches!(self, Self::String(..) | Self::Arn(..))
    }
}

impl fmt::Display for ConditionOperator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.qualifier {
            Some(Qualifier::ForAllValues) => "ForAllValues:",
            Some(Qualifier::ForAnyValue) => "ForAnyValue:",
            None => "",
        })?;
        f.write_str(self.comparison.as_str())?;
        f.write_str(if self.if_exists { "IfExists" } else { "" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operator_reads_back_as_itself() {
        assert_eq!(ConditionOperator::all().count(), 26 * 6 + 3);
        for operator in ConditionOperator::all() {
            assert_eq!(ConditionOperator::parse(&operator.to_string()), Some(operator));
        }
    }

    #[test]
    fn what_aws_does_not_know_is_no_operator() {
        for text in
            ["stringEquals", "NullIfExists", "ForAnyValue::StringEquals", "BoolNotEquals", "", "IfExists"]
        {
            assert_eq!(ConditionOperator::parse(text), None, "{text}");
        }
    }
}
