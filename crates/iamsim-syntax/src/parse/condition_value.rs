//! Condition values that must be a number, a date, an address range, an ARN or base64.
//!
//! IAM refuses to store others. Elsewhere they are stored and never match, which is for `iamsim-lint` to say.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>

use super::{Reading, aws};
use crate::literal::{Instant, IpNetwork, Number, binary};
use crate::variable;
use crate::{Arn, Comparison, ConditionOperator, Diagnostic, PolicyType, Spanned, Text, Version, code};

/// What a value must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Number,
    Date,
    IpRange,
    Arn,
    Base64,
}

impl Reading {
    /// Checks the values of one operator, in the policy types whose values AWS checks.
    pub(super) fn check_values(&mut self, operator: ConditionOperator, values: &[Spanned<Text>]) {
        let Some(kind) = kind(operator.comparison) else { return };
        let checked = match self.policy_type {
            PolicyType::IdentityBased | PolicyType::PermissionsBoundary | PolicyType::RoleTrust => true,
            PolicyType::Session => kind == Kind::Base64,
            PolicyType::ResourceBased
            | PolicyType::ServiceControl
            | PolicyType::ResourceControl
            | PolicyType::VpcEndpoint => false,
        };
        if !checked {
            return;
        }
        for value in values {
            // Recorded: an empty value is stored in a trust policy, though in no other.
            let passed_over = value.value.is_empty() && self.policy_type == PolicyType::RoleTrust;
            if !passed_over && !kind.holds(&value.value, self.version) {
                self.report(kind.diagnostic(operator, value));
            }
        }
    }
}

fn kind(comparison: Comparison) -> Option<Kind> {
    match comparison {
        Comparison::Numeric(..) => Some(Kind::Number),
        Comparison::Date(..) => Some(Kind::Date),
        Comparison::IpAddress(_) => Some(Kind::IpRange),
        Comparison::Arn(..) => Some(Kind::Arn),
        Comparison::BinaryEquals => Some(Kind::Base64),
        Comparison::String(..) | Comparison::Bool | Comparison::Null => None,
    }
}

impl Kind {
    fn holds(self, text: &str, version: Version) -> bool {
        match self {
            Self::Number => Number::parse(text).is_some(),
            Self::Date => Instant::parse_stored(text).is_some(),
            Self::IpRange => IpNetwork::parse(text).is_some_and(|network| !network.never_matches()),
            // What a variable stands for is only known once a request comes.
            Self::Arn if version == Version::V2012 && variable::begins_in(text) => true,
            Self::Arn => text == "*" || Arn::parse(text).is_some(),
            Self::Base64 => binary(text).is_some(),
        }
    }

    fn diagnostic(self, operator: ConditionOperator, value: &Spanned<Text>) -> Diagnostic {
        let (code, what, help) = match self {
            Self::Number => (code::TYPE_MISMATCH_NUMBER, "a number", "write digits, such as `10` or `0.5`"),
            Self::Date => (code::TYPE_MISMATCH_DATE, "a date", "write it like `2024-06-30T12:00:00Z`"),
            Self::IpRange => (
                code::TYPE_MISMATCH_IP_RANGE,
                "a range of IP addresses",
                "write it like `203.0.113.0/24` or `2001:db8::/32`; an IPv6 range has no bits set after its prefix",
            ),
            Self::Arn => (
                code::TYPE_MISMATCH_ARN,
                "an ARN",
                "an ARN has six fields, `arn:partition:service:region:account:resource`; each may have wildcards",
            ),
            Self::Base64 => (
                code::TYPE_MISMATCH_STRING,
                "base64",
                "write the standard alphabet with its `=` padding, such as `QmluYXJ5`",
            ),
        };
        let text = value.value.escape_debug();
        let message = format!("`{operator}` compares with {what}, and `{text}` is none");
        let diagnostic = Diagnostic::error(code, value.span, message);
        let diagnostic = if value.value.contains("${") {
            diagnostic.with_help(format!("policy variables do not work here; {help}"))
        } else {
            diagnostic.with_help(help)
        };
        match self {
            Self::Date => diagnostic.with_aws_message(aws::LEGACY_PARSING),
            _ => diagnostic,
        }
    }
}
