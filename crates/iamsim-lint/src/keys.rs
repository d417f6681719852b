//! What AWS documents about its global condition keys: the type of their values, and which are sensitive.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>

use iamsim_syntax::Comparison;

/// The type of a key's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyType {
    Arn,
    Bool,
    Date,
    /// `aws:EpochTime`, which compares as either.
    DateOrNumeric,
    IpAddress,
    Numeric,
    String,
}

const TYPES: [(&str, KeyType); 57] = {
    use KeyType::{Arn, Bool, Date, DateOrNumeric, IpAddress, Numeric, String};
    [
        ("aws:CalledVia", String),
        ("aws:CalledViaFirst", String),
        ("aws:CalledViaLast", String),
        ("aws:CurrentTime", Date),
        ("aws:Ec2InstanceSourcePrivateIPv4", IpAddress),
        ("aws:Ec2InstanceSourceVpc", String),
        ("aws:EpochTime", DateOrNumeric),
        ("aws:FederatedProvider", String),
        ("aws:MultiFactorAuthAge", Numeric),
        ("aws:MultiFactorAuthPresent", Bool),
        ("aws:PrincipalAccount", String),
        ("aws:PrincipalArn", Arn),
        ("aws:PrincipalIsAWSService", Bool),
        ("aws:PrincipalOrgID", String),
        ("aws:PrincipalOrgPaths", String),
        ("aws:PrincipalServiceName", String),
        ("aws:PrincipalServiceNamesList", String),
        ("aws:PrincipalType", String),
        ("aws:Referer", String),
        ("aws:RequestedRegion", String),
        ("aws:ResourceAccount", String),
        ("aws:ResourceOrgID", String),
        ("aws:ResourceOrgPaths", String),
        ("aws:SecureTransport", Bool),
        ("aws:SourceAccount", String),
        ("aws:SourceArn", Arn),
        ("aws:SourceIdentity", String),
        ("aws:SourceIp", IpAddress),
        ("aws:SourceOrgID", String),
        ("aws:SourceOrgPaths", String),
        ("aws:SourceVpc", String),
        ("aws:SourceVpcArn", Arn),
        ("aws:SourceVpce", String),
        ("aws:TagKeys", String),
        ("aws:TokenIssueTime", Date),
        ("aws:UserAgent", String),
        ("aws:ViaAWSService", Bool),
        ("aws:VpcSourceIp", IpAddress),
        ("aws:VpceAccount", String),
        ("aws:VpceOrgID", String),
        ("aws:VpceOrgPaths", String),
        ("aws:userid", String),
        ("aws:username", String),
        ("ec2:RoleDelivery", Numeric),
        ("ec2:SourceInstanceArn", Arn),
        ("iam:AssociatedResourceArn", Arn),
        ("iam:AWSServiceName", String),
        ("iam:PassedToService", String),
        ("iam:PermissionsBoundary", Arn),
        ("iam:PolicyARN", Arn),
        ("lambda:FunctionArn", Arn),
        ("lambda:SourceFunctionArn", Arn),
        ("s3:DataAccessPointArn", Arn),
        ("s3:delimiter", String),
        ("s3:max-keys", Numeric),
        ("s3:prefix", String),
        ("sts:ExternalId", String),
    ]
};

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

/// The type of a key's values; `None` for keys this table does not know.
pub(crate) fn type_of(key: &str) -> Option<KeyType> {
    TYPES.iter().find(|(name, _)| name.eq_ignore_ascii_case(key)).map(|(_, found)| *found)
}

pub(crate) fn is_sensitive(key: &str) -> bool {
    SENSITIVE.iter().any(|name| name.eq_ignore_ascii_case(key))
}

impl KeyType {
    /// Whether an operator of this family compares such values. Comparing an ARN as a string is left to a check
    /// of its own.
    pub(crate) fn takes(self, comparison: Comparison) -> bool {
        match comparison {
            Comparison::Null => true,
            Comparison::String(..) => matches!(self, Self::String | Self::Arn),
            Comparison::Arn(..) => self == Self::Arn,
            Comparison::Bool => self == Self::Bool,
            Comparison::Date(..) => matches!(self, Self::Date | Self::DateOrNumeric),
            Comparison::IpAddress(_) => self == Self::IpAddress,
            Comparison::Numeric(..) => matches!(self, Self::Numeric | Self::DateOrNumeric),
            Comparison::BinaryEquals => false,
        }
    }

    /// The operators to use, as a message names them.
    pub(crate) fn operators(self) -> &'static str {
        match self {
            Self::Arn => "`Arn…`",
            Self::Bool => "`Bool`",
            Self::Date => "`Date…`",
            Self::DateOrNumeric => "`Date…` or `Numeric…`",
            Self::IpAddress => "`IpAddress` or `NotIpAddress`",
            Self::Numeric => "`Numeric…`",
            Self::String => "`String…`",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_found_in_any_case() {
        assert_eq!(type_of("AWS:sourceip"), Some(KeyType::IpAddress));
        assert_eq!(type_of("aws:PrincipalTag/team"), None);
        assert!(is_sensitive("aws:sourceVpc"));
    }

    #[test]
    fn no_key_is_listed_twice() {
        for (at, (name, _)) in TYPES.iter().enumerate() {
            let first = TYPES.iter().position(|(other, _)| other.eq_ignore_ascii_case(name));
            assert_eq!(first, Some(at), "{name}");
        }
    }
}
