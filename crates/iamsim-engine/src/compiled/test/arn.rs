//! `ArnEquals`, `ArnLike` and their negations: six parts, each compared alone.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN>

use iamsim_syntax::{Arn, Effect, Polarity, Version, variable};

use crate::glob::begins_with;
use crate::pattern::{Pattern, Wildcards};
use crate::request_context::RequestContext;
use crate::units::{Colons, Unit, matches_units};

/// The ARNs of a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ArnTest {
    polarity: Polarity,
    effect: Effect,
    wanted: Box<[Wanted]>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Wanted {
    /// `*`: any ARN.
    Any,
    /// An ARN whose wildcards, if any, stand after its fifth colon: what comes before, and the pattern of the rest.
    Beginning(Box<str>, Pattern),
    /// The parts of a pattern, without the `arn` before them.
    Parts(Box<[Pattern; 5]>),
    /// Has variables: the parts are known with the request.
    Template(Pattern),
    /// No ARN at all.
    Malformed,
}

/// What comparing with one ARN of the policy comes to.
enum Compared {
    Matches,
    Differs,
    Malformed,
}

impl ArnTest {
    pub(crate) fn compile<'v>(
        values: impl Iterator<Item = &'v str>,
        polarity: Polarity,
        effect: Effect,
        version: Version,
    ) -> Self {
        Self { polarity, effect, wanted: values.map(|value| Wanted::compile(value, version)).collect() }
    }

    /// A value of the request that is no ARN passes neither polarity. A malformed ARN in the policy counts
    /// against the caller: it makes a `Deny` apply and an `Allow` not, unless an earlier one matched.
    pub(crate) fn holds(&self, value: &str, context: &RequestContext<'_>) -> bool {
        let Some(arn) = Arn::parse(value) else { return false };
        let counts_against_caller = self.effect == Effect::Deny;
        let mut malformed = false;
        for wanted in &self.wanted {
            match wanted.compare(value, &arn, context) {
                Compared::Matches => return self.polarity == Polarity::Positive,
                Compared::Malformed if counts_against_caller => return true,
                Compared::Malformed => malformed = true,
                Compared::Differs => {}
            }
        }
        self.polarity == Polarity::Negated && !self.wanted.is_empty() && !malformed
    }

    /// The ARNs that have policy variables in them.
    pub(crate) fn templates(&self) -> impl Iterator<Item = &Pattern> {
        self.wanted.iter().filter_map(Wanted::template)
    }

    /// Each ARN of the policy unit by unit, as far as it is one once variables have their values.
    pub(crate) fn units(&self, context: &RequestContext<'_>) -> impl Iterator<Item = Vec<Unit>> {
        self.wanted.iter().filter_map(|wanted| wanted.units(context))
    }
}

impl Wanted {
    fn compile(text: &str, version: Version) -> Self {
        if text == "*" {
            return Self::Any;
        }
        if version == Version::V2012 && variable::begins_in(text) {
            return Self::Template(Pattern::new(text, version, Wildcards::Plain));
        }
        let part = |text| Pattern::new(text, Version::V2008, Wildcards::Plain);
        let Some(arn) = Arn::parse(text) else { return Self::Malformed };
        match text.strip_suffix(arn.resource) {
            Some(beginning) if !beginning.contains(['*', '?']) => {
                Self::Beginning(beginning.into(), part(arn.resource))
            }
            _ => Self::Parts(Box::new(parts(&arn).map(part))),
        }
    }

    fn template(&self) -> Option<&Pattern> {
        match self {
            Self::Template(pattern) => Some(pattern),
            Self::Any | Self::Beginning(..) | Self::Parts(_) | Self::Malformed => None,
        }
    }

    fn units(&self, context: &RequestContext<'_>) -> Option<Vec<Unit>> {
        match self {
            Self::Any => Some(vec![Unit::Run]),
            Self::Beginning(beginning, rest) => {
                let rest = rest.expand(context)?;
                Some(beginning.encode_utf16().map(Unit::Is).chain(rest).collect())
            }
            Self::Parts(parts) => {
                let colon = Unit::Is(u16::from(b':'));
                let mut units: Vec<Unit> = "arn".encode_utf16().map(Unit::Is).collect();
                for part in parts.iter() {
                    units.push(colon);
                    units.extend(part.expand(context)?);
                }
                Some(units)
            }
            Self::Template(pattern) => pattern.expand(context),
            Self::Malformed => None,
        }
    }

    fn compare(&self, value: &str, arn: &Arn<'_>, context: &RequestContext<'_>) -> Compared {
        let matches = match self {
            Self::Any => true,
            Self::Beginning(beginning, rest) => {
                begins_with(value.as_bytes(), beginning.as_bytes()) && rest.matches(arn.resource, context)
            }
            Self::Parts(patterns) => {
                patterns.iter().zip(parts(arn)).all(|(pattern, part)| pattern.matches(part, context))
            }
            Self::Template(pattern) => match pattern.expand(context) {
                // A variable without a value matches nothing; the operand is not at fault.
                None => false,
                Some(units) => return compare_units(&units, arn),
            },
            Self::Malformed => return Compared::Malformed,
        };
        if matches { Compared::Matches } else { Compared::Differs }
    }
}

fn compare_units(units: &[Unit], arn: &Arn<'_>) -> Compared {
    if units == [Unit::Run] {
        return Compared::Matches;
    }
    let pattern: Vec<&[Unit]> = units.splitn(6, |unit| *unit == Unit::Is(u16::from(b':'))).collect();
    let prefix: Vec<Unit> = "arn".encode_utf16().map(Unit::Is).collect();
    if pattern.len() != 6 || pattern[0] != prefix {
        return Compared::Malformed;
    }
    let mut pairs = pattern[1..].iter().zip(parts(arn));
    if pairs.all(|(pattern, part)| matches_units(pattern, part, Colons::Plain)) {
        Compared::Matches
    } else {
        Compared::Differs
    }
}

fn parts<'a>(arn: &Arn<'a>) -> [&'a str; 5] {
    [arn.partition, arn.service, arn.region, arn.account, arn.resource]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(polarity: Polarity, effect: Effect, values: &[&str], value: &str) -> bool {
        ArnTest::compile(values.iter().copied(), polarity, effect, Version::V2012)
            .holds(value, &RequestContext::none())
    }

    #[test]
    fn parts_are_compared_one_by_one() {
        let value = "arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt";
        let pattern = "arn:aws:someservice:*:111122223333:finance/*";
        assert!(!check(Polarity::Positive, Effect::Allow, &[pattern], value));
        assert!(check(Polarity::Negated, Effect::Allow, &[pattern], value));
    }

    #[test]
    fn what_is_no_arn_passes_neither_way() {
        assert!(!check(Polarity::Negated, Effect::Allow, &["arn:aws:s3:::b"], "not-an-arn"));
        assert!(!check(Polarity::Positive, Effect::Allow, &["*"], "not-an-arn"));
    }

    #[test]
    fn a_malformed_arn_in_the_policy_counts_against_the_caller() {
        let role = "arn:aws:iam::111122223333:role/r";
        for polarity in [Polarity::Positive, Polarity::Negated] {
            assert!(check(polarity, Effect::Deny, &["arn:aws:iam"], role));
            assert!(!check(polarity, Effect::Allow, &["arn:aws:iam"], role));
        }
        assert!(!check(Polarity::Negated, Effect::Deny, &[role, "arn:aws:iam"], role));
    }
}
