//! What one value of a request is compared with: a family of operators and the values of the policy, read once.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>

use std::cmp;

use iamsim_syntax::literal::{self, Instant, IpAddress, IpNetwork, Number};
use iamsim_syntax::{Comparison, Effect, Ordering, Polarity, StringTest, Version};

use crate::compiled::test::arn::ArnTest;
use crate::pattern::{Pattern, Wildcards};
use crate::request_context::RequestContext;
use crate::units::text_of;

pub(crate) mod arn;
mod fold;

/// A comparison and the values of the policy. A value that cannot be read is `None` and equals nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Test {
    Text(Polarity, Box<[Pattern]>),
    FoldedText(Polarity, Box<[Folded]>),
    Number(Ordering, Polarity, Box<[Option<Number>]>),
    Instant(Ordering, Polarity, Box<[Option<Instant>]>),
    Bool(Box<[bool]>),
    Binary(Box<[Option<Vec<u8>>]>),
    Ip(Polarity, Box<[Option<IpNetwork>]>),
    Arn(ArnTest),
    /// Whether the key is to be absent, for each value.
    Null(Box<[bool]>),
}

impl Test {
    pub(crate) fn compile<'v>(
        comparison: Comparison,
        values: impl Iterator<Item = &'v str>,
        effect: Effect,
        version: Version,
    ) -> Self {
        match comparison {
            Comparison::String(StringTest::Equals, polarity) => Self::Text(
                polarity,
                values.map(|value| Pattern::new(value, version, Wildcards::None)).collect(),
            ),
            Comparison::String(StringTest::Like, polarity) => Self::Text(
                polarity,
                values.map(|value| Pattern::new(value, version, Wildcards::Plain)).collect(),
            ),
            Comparison::String(StringTest::EqualsIgnoreCase, polarity) => {
                Self::FoldedText(polarity, values.map(|value| Folded::compile(value, version)).collect())
            }
            Comparison::Numeric(ordering, polarity) => {
                Self::Number(ordering, polarity, values.map(Number::parse).collect())
            }
            Comparison::Date(ordering, polarity) => {
                Self::Instant(ordering, polarity, values.map(Instant::parse).collect())
            }
            Comparison::Bool => Self::Bool(values.map(literal::boolean).collect()),
            Comparison::BinaryEquals => Self::Binary(values.map(literal::binary).collect()),
            Comparison::IpAddress(polarity) => Self::Ip(polarity, values.map(IpNetwork::parse).collect()),
            Comparison::Arn(_, polarity) => Self::Arn(ArnTest::compile(values, polarity, effect, version)),
            Comparison::Null => Self::Null(values.map(literal::boolean).collect()),
        }
    }

    /// Whether one value of the request passes. Without any value in the policy none does.
    #[inline]
    pub(crate) fn holds(&self, value: &str, context: &RequestContext<'_>) -> bool {
        match self {
            Self::Text(polarity, patterns) => {
                decide(*polarity, patterns, |pattern| pattern.matches(value, context))
            }
            _ => self.holds_once_read(value, context),
        }
    }

    /// The same, where the value is more than its text. Apart, so that texts, which most conditions compare, are
    /// quick.
    #[inline(never)]
    fn holds_once_read(&self, value: &str, context: &RequestContext<'_>) -> bool {
        match self {
            Self::FoldedText(polarity, wanted) => {
                let folded = fold::lower(value);
                decide(*polarity, wanted, |wanted| wanted.is(&folded, context))
            }
            Self::Number(ordering, polarity, wanted) => {
                let value = Number::parse(value);
                decide(*polarity, wanted, |wanted| compare(value.as_ref(), *ordering, wanted.as_ref()))
            }
            Self::Instant(ordering, polarity, wanted) => {
                let value = Instant::parse(value);
                decide(*polarity, wanted, |wanted| compare(value.as_ref(), *ordering, wanted.as_ref()))
            }
            Self::Bool(wanted) => wanted.contains(&literal::boolean(value)),
            Self::Binary(wanted) => literal::binary(value)
                .is_some_and(|value| wanted.iter().flatten().any(|wanted| *wanted == value)),
            // What is no address is neither inside nor outside.
            Self::Ip(polarity, networks) => IpAddress::parse(value).is_some_and(|address| {
                let inside =
                    |network: &Option<IpNetwork>| network.is_some_and(|network| network.contains(address));
                decide(*polarity, networks, inside)
            }),
            Self::Arn(test) => test.holds(value, context),
            Self::Text(..) | Self::Null(_) => false,
        }
    }

    /// The patterns that may have policy variables in them.
    pub(crate) fn templates(&self) -> impl Iterator<Item = &Pattern> {
        let (texts, folded, arns): (&[Pattern], &[Folded], _) = match self {
            Self::Text(_, patterns) => (patterns, &[], None),
            Self::FoldedText(_, wanted) => (&[], wanted, None),
            Self::Arn(test) => (&[], &[], Some(test)),
            _ => (&[], &[], None),
        };
        let folded = folded.iter().filter_map(Folded::template);
        texts.iter().chain(folded).chain(arns.into_iter().flat_map(ArnTest::templates))
    }
}

/// A text compared without case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Folded {
    Text(String),
    /// Has variables: folded once they have their values.
    Template(Pattern),
}

impl Folded {
    fn compile(text: &str, version: Version) -> Self {
        match Pattern::new(text, version, Wildcards::None) {
            Pattern::Exact(_) => Self::Text(fold::lower(text)),
            template => Self::Template(template),
        }
    }

    fn is(&self, folded: &str, context: &RequestContext<'_>) -> bool {
        match self {
            Self::Text(wanted) => wanted == folded,
            Self::Template(template) => {
                template.expand(context).is_some_and(|units| fold::lower(&text_of(&units)) == folded)
            }
        }
    }

    fn template(&self) -> Option<&Pattern> {
        match self {
            Self::Text(_) => None,
            Self::Template(template) => Some(template),
        }
    }
}

/// A positive operator wants a match, a negated one wants none.
fn decide<T>(polarity: Polarity, wanted: &[T], matches: impl Fn(&T) -> bool) -> bool {
    match polarity {
        Polarity::Positive => wanted.iter().any(matches),
        Polarity::Negated => !wanted.is_empty() && !wanted.iter().any(matches),
    }
}

fn compare<T: Ord>(value: Option<&T>, ordering: Ordering, wanted: Option<&T>) -> bool {
    let (Some(value), Some(wanted)) = (value, wanted) else { return false };
    let found = value.cmp(wanted);
    match ordering {
        Ordering::Equals => found == cmp::Ordering::Equal,
        Ordering::LessThan => found == cmp::Ordering::Less,
        Ordering::LessThanEquals => found != cmp::Ordering::Greater,
        Ordering::GreaterThan => found == cmp::Ordering::Greater,
        Ordering::GreaterThanEquals => found != cmp::Ordering::Less,
    }
}
