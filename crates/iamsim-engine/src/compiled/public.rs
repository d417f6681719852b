//! Whether a bucket policy is public in the sense of S3 Block Public Access.
//!
//! Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status>

use std::net::IpAddr;

use iamsim_syntax::literal::{IpNetwork, boolean};
use iamsim_syntax::{
    Comparison, Condition, Effect, Polarity, Policy, Principal, Qualifier, Sense, Statement,
};

use crate::principal::AccountId;

/// Keys that make a statement non-public when they are compared with fixed values.
const NARROWING_KEYS: [&str; 15] = [
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:principalservicename",
    "aws:principalservicenameslist",
    "aws:sourceaccount",
    "aws:sourcearn",
    "aws:sourceorgid",
    "aws:sourceowner",
    "aws:sourcevpc",
    "aws:sourcevpcarn",
    "aws:sourcevpce",
    "aws:userid",
    "s3:dataaccesspointaccount",
];

/// Whether any statement lets in callers who are not narrowed down to fixed ones.
pub(crate) fn is_public(policy: &Policy) -> bool {
    policy.statements.iter().any(is_public_statement)
}

fn is_public_statement(statement: &Statement) -> bool {
    let Some(principal) = &statement.principal else { return false };
    let anyone = match principal.sense {
        Sense::Listed => principal.principals.iter().any(|named| named.value == Principal::Everyone),
        Sense::NotListed => true,
    };
    statement.effect.value == Effect::Allow && anyone && !statement.conditions.iter().any(narrows)
}

fn narrows(condition: &Condition) -> bool {
    let operator = condition.operator.value;
    let values = || condition.values.iter().map(|value| &*value.value);
    let holds_without_key = operator.if_exists || operator.qualifier == Some(Qualifier::ForAllValues);
    if holds_without_key || operator.comparison.polarity() == Polarity::Negated || condition.values.is_empty()
    {
        return false;
    }
    match (operator.comparison, &*condition.key.value.to_ascii_lowercase()) {
        (Comparison::IpAddress(_), "aws:sourceip") => values().all(is_narrow_range),
        (Comparison::Bool, "aws:principalisawsservice") => values().all(boolean),
        (Comparison::String(..) | Comparison::Arn(..), "s3:dataaccesspointarn") => {
            values().all(names_an_account)
        }
        (Comparison::String(..) | Comparison::Arn(..), key) => {
            NARROWING_KEYS.contains(&key) && values().all(is_fixed)
        }
        _ => false,
    }
}

fn is_fixed(value: &str) -> bool {
    !value.contains(['*', '?']) && !value.contains("${")
}

/// An access point's ARN may leave the name open as long as it names the account.
fn names_an_account(value: &str) -> bool {
    value.split(':').nth(4).and_then(AccountId::parse).is_some() && !value.contains("${")
}

/// Private ranges count as narrow whatever their size.
fn is_narrow_range(range: &str) -> bool {
    let Some(range) = IpNetwork::parse(range) else { return false };
    match range.address() {
        IpAddr::V4(address) => range.prefix() >= 8 || (address.is_private() && range.prefix() >= 7),
        IpAddr::V6(_) => range.prefix() >= 32,
    }
}

#[cfg(test)]
mod tests {
    use iamsim_syntax::{PolicyType, parse};

    use super::*;

    fn check(principal: &str, condition: &str) -> bool {
        let text = format!(
            r#"{{"Statement": [{{"Effect": "Allow", "Principal": {principal}, "Action": "s3:GetObject",
                "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*", "Condition": {condition}}}]}}"#
        );
        is_public(&parse(&text, PolicyType::ResourceBased).0.unwrap())
    }

    #[test]
    fn everyone_is_public_until_narrowed_to_fixed_values() {
        assert!(check(r#""*""#, "{}"));
        assert!(!check(r#"{"AWS": "111122223333"}"#, "{}"));
        assert!(!check(r#""*""#, r#"{"StringEquals": {"aws:PrincipalOrgID": "o-exampleorgid"}}"#));
        assert!(!check(r#""*""#, r#"{"StringEquals": {"aws:SourceVpc": "vpc-91237329"}}"#));
        assert!(check(r#""*""#, r#"{"StringLike": {"aws:SourceVpc": "vpc-*"}}"#));
        assert!(check(r#""*""#, r#"{"StringNotEquals": {"aws:SourceVpc": "vpc-91237329"}}"#));
        assert!(check(r#""*""#, r#"{"Bool": {"aws:SecureTransport": "true"}}"#));
    }

    #[test]
    fn a_broad_range_of_addresses_is_public() {
        assert!(check(r#""*""#, r#"{"IpAddress": {"aws:SourceIp": "0.0.0.0/1"}}"#));
        assert!(!check(r#""*""#, r#"{"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}"#));
        assert!(!check(r#""*""#, r#"{"IpAddress": {"aws:SourceIp": "203.000.113.000/024"}}"#));
    }
}
