//! What AWS documents about condition keys: the type of their values, and which are sensitive.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>

use iamsim_catalog::ValueType;
use iamsim_syntax::Comparison;

/// The keys that name one account, organization, VPC or endpoint: a wildcard there lets strangers in.
const SENSITIVE: [&str; 10] = [
    "aws:PrincipalAccount",
    "aws:PrincipalOrgID",
    "aws:ResourceAccount",
    "aws:ResourceOrgID",
    "aws:SourceAccount",
    "aws:SourceOrgID",
    "aws:SourceVpc",
    "aws:SourceVpce",
    "aws:VpceAccount",
    "aws:VpceOrgID",
];

pub(crate) fn is_sensitive(key: &str) -> bool {
    SENSITIVE.iter().any(|name| name.eq_ignore_ascii_case(key))
}

/// Whether an operator of this family compares values of a key. Comparing an ARN as a string is left to a check of
/// its own. `aws:EpochTime` compares as a date and as a number.
pub(crate) fn takes(key: &str, value_type: ValueType, comparison: Comparison) -> bool {
    let is_epoch = key.eq_ignore_ascii_case("aws:EpochTime");
    match comparison {
        Comparison::Null => true,
        Comparison::String(..) => matches!(value_type, ValueType::String | ValueType::Arn),
        Comparison::Arn(..) => value_type == ValueType::Arn,
        Comparison::Bool => value_type == ValueType::Bool,
        Comparison::Date(..) => value_type == ValueType::Date || is_epoch,
        Comparison::IpAddress(_) => value_type == ValueType::IpAddress,
        Comparison::Numeric(..) => value_type == ValueType::Numeric || is_epoch,
        Comparison::BinaryEquals => false,
    }
}

/// The operators for values of a type, as a message names them.
pub(crate) fn operators(value_type: ValueType) -> &'static str {
    match value_type {
        ValueType::Arn => "`Arn…`",
        ValueType::Bool => "`Bool`",
        ValueType::Date => "`Date…`",
        ValueType::IpAddress => "`IpAddress` or `NotIpAddress`",
        ValueType::Numeric => "`Numeric…`",
        ValueType::String => "`String…`",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_found_in_any_case() {
        assert!(is_sensitive("aws:sourceVpc"));
        assert!(!is_sensitive("aws:SourceIp"));
    }
}
