//! Context keys: the global ones are known by number, all others by their hashes.

use std::cmp::Ordering;

use crate::context::Text;
use crate::name::{hash, hash_ascii, is_same};

/// The global keys. The value of each has a place of its own in a context, found without searching.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>
const KNOWN: [&str; 53] = [
    "aws:AssumedRoot",
    "aws:CalledVia",
    "aws:CalledViaFirst",
    "aws:CalledViaLast",
    "aws:ChatbotSourceArn",
    "aws:CurrentTime",
    "aws:Ec2InstanceSourcePrivateIPv4",
    "aws:Ec2InstanceSourceVpc",
    "aws:EpochTime",
    "aws:FederatedProvider",
    "aws:MultiFactorAuthAge",
    "aws:MultiFactorAuthPresent",
    "aws:PrincipalAccount",
    "aws:PrincipalArn",
    "aws:PrincipalIsAWSService",
    "aws:PrincipalOrgID",
    "aws:PrincipalOrgPaths",
    "aws:PrincipalServiceName",
    "aws:PrincipalServiceNamesList",
    "aws:PrincipalType",
    "aws:referer",
    "aws:RequestedRegion",
    "aws:ResourceAccount",
    "aws:ResourceOrgID",
    "aws:ResourceOrgPaths",
    "aws:SecureTransport",
    "aws:SourceAccount",
    "aws:SourceArn",
    "aws:SourceIdentity",
    "aws:SourceIp",
    "aws:SourceOrgID",
    "aws:SourceOrgPaths",
    "aws:SourceVpc",
    "aws:SourceVpcArn",
    "aws:SourceVpce",
    "aws:TagKeys",
    "aws:TokenIssueTime",
    "aws:UserAgent",
    "aws:userid",
    "aws:username",
    "aws:ViaAWSService",
    "aws:VpceAccount",
    "aws:VpceOrgID",
    "aws:VpceOrgPaths",
    "aws:VpcSourceIp",
    "aws:PrincipalTag/department",
    "aws:PrincipalTag/project",
    "aws:PrincipalTag/team",
    "aws:ResourceTag/team",
    "s3:prefix",
    "s3:ResourceAccount",
    "s3:x-amz-acl",
    "sts:ExternalId",
];

/// How many keys are known.
pub(super) const COUNT: usize = KNOWN.len();

/// The number of a known key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Number(u8);

impl Number {
    pub(crate) fn index(self) -> usize {
        usize::from(self.0)
    }

    /// The hash of the key's name.
    pub(super) fn hash(self) -> u64 {
        HASHES.get(self.index()).copied().unwrap_or_default()
    }
}

/// The hashes of the known keys, in their order.
const HASHES: [u64; COUNT] = {
    let mut hashes = [0; COUNT];
    let mut at = 0;
    while at < COUNT {
        hashes[at] = hash_ascii(KNOWN[at]);
        at += 1;
    }
    hashes
};

const BUCKETS: usize = 256;
const EMPTY: u8 = u8::MAX;

/// The numbers of the known keys, each at the first free place from the one its hash names.
const TABLE: [u8; BUCKETS] = {
    let mut table = [EMPTY; BUCKETS];
    let mut number = 0;
    while number < COUNT {
        let mut at = HASHES[number] as usize % BUCKETS;
        while table[at] != EMPTY {
            at = (at + 1) % BUCKETS;
        }
        table[at] = number as u8;
        number += 1;
    }
    table
};

/// A key's name as somebody wrote it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Spelled<'n> {
    /// As AWS writes that of a known key.
    Usual(&'static str),
    Otherwise(&'n str),
    /// As a [`Key`] has it.
    Kept(&'n Text),
}

impl<'n> Spelled<'n> {
    pub(super) fn as_str(self) -> &'n str {
        match self {
            Self::Usual(name) => name,
            Self::Otherwise(name) => name,
            Self::Kept(name) => name,
        }
    }

    /// The name, kept.
    pub(super) fn to_text(self) -> Text {
        match self {
            Self::Usual(name) => Text::new_static(name),
            Self::Otherwise(name) => name.into(),
            Self::Kept(name) => name.clone(),
        }
    }
}

/// The number of the key with this name, whose hash is given, and how it is spelled.
#[inline]
pub(super) fn recognize(hash: u64, name: &str) -> (Option<Number>, Spelled<'_>) {
    match known_by(hash) {
        Some((number, known)) if known == name => (Some(number), Spelled::Usual(known)),
        Some((number, known)) if is_same(known, name) => (Some(number), Spelled::Otherwise(name)),
        _ => (None, Spelled::Otherwise(name)),
    }
}

/// The known key whose name has this hash.
fn known_by(hash: u64) -> Option<(Number, &'static str)> {
    let mut at = hash as usize % BUCKETS;
    loop {
        let number = *TABLE.get(at)?;
        let known = usize::from(number);
        if HASHES.get(known)? == &hash {
            return Some((Number(number), KNOWN.get(known)?));
        }
        at = (at + 1) % BUCKETS;
    }
}

/// A context key, compared without case, its tag part included.
#[derive(Debug, Clone)]
pub struct Key {
    pub(super) hash: u64,
    pub(crate) number: Option<Number>,
    pub(super) name: Text,
}

impl Key {
    /// The key of this name.
    #[must_use]
    pub fn new(name: &str) -> Self {
        let hash = hash(name);
        let (number, name) = recognize(hash, name);
        Self { hash, number, name: name.to_text() }
    }

    /// The name as it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.name
    }

    /// An order in which names that differ in case alone are neighbours.
    pub(crate) fn cmp_by_hash(&self, other: &Self) -> Ordering {
        if self.name == other.name {
            return Ordering::Equal;
        }
        // Other names may share the hash.
        let in_lower_case = || self.name.to_lowercase().cmp(&other.name.to_lowercase());
        self.hash.cmp(&other.hash).then_with(in_lower_case).then_with(|| self.name.cmp(&other.name))
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.hash == other.hash && is_same(&self.name, &other.name)
    }
}

impl Eq for Key {}

/// A global key that is found without searching.
#[derive(Debug, Clone, Copy)]
pub struct KnownKey {
    pub(crate) number: Number,
    pub(crate) name: &'static str,
}

impl KnownKey {
    /// `aws:CurrentTime`
    pub const CURRENT_TIME: Self = Self::new("aws:CurrentTime");
    /// `aws:EpochTime`
    pub const EPOCH_TIME: Self = Self::new("aws:EpochTime");
    /// `aws:FederatedProvider`
    pub const FEDERATED_PROVIDER: Self = Self::new("aws:FederatedProvider");
    /// `aws:PrincipalArn`
    pub(crate) const PRINCIPAL_ARN: Self = Self::new("aws:PrincipalArn");
    /// `s3:ResourceAccount`
    pub const S3_RESOURCE_ACCOUNT: Self = Self::new("s3:ResourceAccount");
    /// `s3:x-amz-acl`
    pub(crate) const S3_ACL: Self = Self::new("s3:x-amz-acl");
    /// `aws:MultiFactorAuthAge`
    pub const MULTI_FACTOR_AUTH_AGE: Self = Self::new("aws:MultiFactorAuthAge");
    /// `aws:MultiFactorAuthPresent`
    pub const MULTI_FACTOR_AUTH_PRESENT: Self = Self::new("aws:MultiFactorAuthPresent");
    /// `aws:PrincipalOrgID`
    pub const PRINCIPAL_ORG_ID: Self = Self::new("aws:PrincipalOrgID");
    /// `aws:PrincipalOrgPaths`
    pub const PRINCIPAL_ORG_PATHS: Self = Self::new("aws:PrincipalOrgPaths");
    /// `aws:RequestedRegion`
    pub const REQUESTED_REGION: Self = Self::new("aws:RequestedRegion");
    /// `aws:ResourceOrgID`
    pub const RESOURCE_ORG_ID: Self = Self::new("aws:ResourceOrgID");
    /// `aws:ResourceOrgPaths`
    pub const RESOURCE_ORG_PATHS: Self = Self::new("aws:ResourceOrgPaths");
    /// `aws:SecureTransport`
    pub const SECURE_TRANSPORT: Self = Self::new("aws:SecureTransport");
    /// `aws:SourceIdentity`
    pub const SOURCE_IDENTITY: Self = Self::new("aws:SourceIdentity");
    /// `aws:SourceIp`
    pub const SOURCE_IP: Self = Self::new("aws:SourceIp");
    /// `aws:SourceVpc`
    pub const SOURCE_VPC: Self = Self::new("aws:SourceVpc");
    /// `aws:SourceVpce`
    pub const SOURCE_VPCE: Self = Self::new("aws:SourceVpce");
    /// `aws:TokenIssueTime`
    pub const TOKEN_ISSUE_TIME: Self = Self::new("aws:TokenIssueTime");
    /// `aws:UserAgent`
    pub const USER_AGENT: Self = Self::new("aws:UserAgent");
    /// `aws:userid`
    pub const USER_ID: Self = Self::new("aws:userid");

    /// How many there are.
    pub(crate) const COUNT: usize = COUNT;

    /// All of them.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        (0..).map(Number).zip(KNOWN).map(|(number, name)| Self { number, name })
    }

    /// Fails to compile when the name is not among the known.
    pub(crate) const fn new(name: &'static str) -> Self {
        let hash = hash_ascii(name);
        let mut number = 0;
        while HASHES[number] != hash {
            number += 1;
        }
        Self { number: Number(number as u8), name }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_known_key_is_found_in_whatever_case() {
        for (at, name) in KNOWN.into_iter().enumerate() {
            for name in [name.to_owned(), name.to_uppercase(), name.to_lowercase()] {
                assert_eq!(Key::new(&name).number.map(Number::index), Some(at), "{name}");
            }
        }
    }

    #[test]
    fn names_that_differ_in_case_alone_are_neighbours_whoever_shares_their_hash() {
        let mut keys = ["x:[", "X:{", "x:{", "X:["].map(Key::new);
        assert!(keys.iter().all(|key| key.hash == keys[0].hash), "{keys:?}");
        keys.sort_unstable_by(Key::cmp_by_hash);
        assert_eq!(keys.map(|key| key.as_str().to_owned()), ["X:[", "x:[", "X:{", "x:{"]);
    }

    #[test]
    fn no_other_key_is_known() {
        for name in ["", "aws:", "aws:PrincipalTag/other", "s3:prefix2", "ec2:Vpc"] {
            assert_eq!(Key::new(name).number, None, "{name}");
        }
    }
}
