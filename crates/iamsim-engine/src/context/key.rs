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
    fn hash(self) -> u64 {
        HASHES.get(self.index()).copied().unwrap_or_default()
    }

    /// The key's name, as AWS spells it.
    fn name(self) -> &'static str {
        KNOWN.get(self.index()).copied().unwrap_or_default()
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

/// The numbers of the known keys, found by their hashes.
const BY_HASH: [u8; BUCKETS] = table(&HASHES);

/// The same, found by [`mark`].
const BY_MARK: [u8; BUCKETS] = {
    let mut marks = [0; COUNT];
    let mut at = 0;
    while at < COUNT {
        marks[at] = mark(KNOWN[at]);
        at += 1;
    }
    table(&marks)
};

/// The numbers of the known keys, each at the first free place from the one that is named for it.
const fn table(named: &[u64; COUNT]) -> [u8; BUCKETS] {
    let mut table = [EMPTY; BUCKETS];
    let mut number = 0;
    while number < COUNT {
        let mut at = named[number] as usize % BUCKETS;
        while table[at] != EMPTY {
            at = (at + 1) % BUCKETS;
        }
        table[at] = number as u8;
        number += 1;
    }
    table
}

/// What tells most of the known keys apart as AWS spells them: length and end.
const fn mark(name: &str) -> u64 {
    let end = match name.as_bytes().last_chunk::<8>() {
        Some(end) => u64::from_le_bytes(*end),
        None => 0,
    };
    (end ^ name.len() as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56
}

/// The known key that AWS spells so.
#[inline]
fn spelled(name: &str) -> Option<KnownKey> {
    let mut at = mark(name) as usize % BUCKETS;
    loop {
        let number = *BY_MARK.get(at)?;
        let known = *KNOWN.get(usize::from(number))?;
        if known == name {
            return Some(KnownKey { number: Number(number), name: known });
        }
        at = (at + 1) % BUCKETS;
    }
}

/// The known key of a name, whose hash is given, in whatever case.
fn known_by(hash: u64, name: &str) -> Option<Number> {
    let mut at = hash as usize % BUCKETS;
    loop {
        let number = *BY_HASH.get(at)?;
        let known = usize::from(number);
        if HASHES.get(known)? == &hash {
            return is_same(KNOWN.get(known)?, name).then_some(Number(number));
        }
        at = (at + 1) % BUCKETS;
    }
}

/// A key to be found.
pub(super) enum Sought<'n> {
    /// A known one, written as AWS does.
    Usual(KnownKey),
    Other {
        hash: u64,
        number: Option<Number>,
        name: &'n str,
    },
}

impl<'n> Sought<'n> {
    #[inline]
    pub(super) fn new(name: &'n str) -> Self {
        spelled(name).map_or_else(|| Self::other(name), Self::Usual)
    }

    fn other(name: &'n str) -> Self {
        let hash = hash(name);
        Self::Other { hash, number: known_by(hash, name), name }
    }
}

impl PartialEq for Sought<'_> {
    fn eq(&self, other: &Self) -> bool {
        let name = |key: &Self| match *key {
            Self::Usual(known) => known.name,
            Self::Other { name, .. } => name,
        };
        is_same(name(self), name(other))
    }
}

/// A context key, compared without case, its tag part included.
#[derive(Debug, Clone)]
pub struct Key {
    pub(super) hash: u64,
    pub(crate) number: Option<Number>,
    name: Text,
    /// Whether the name is that of a known key, written as AWS does.
    is_usual: bool,
}

impl Key {
    /// The key of this name.
    #[must_use]
    pub fn new(name: &str) -> Self {
        match Sought::new(name) {
            Sought::Usual(KnownKey { number, name }) => {
                let (hash, name) = (number.hash(), Text::new_static(name));
                Self { hash, number: Some(number), name, is_usual: true }
            }
            Sought::Other { hash, number, name } => Self { hash, number, name: name.into(), is_usual: false },
        }
    }

    #[inline]
    pub(super) fn sought(&self) -> Sought<'_> {
        match self.number {
            Some(number) if self.is_usual => Sought::Usual(KnownKey { number, name: number.name() }),
            number => Sought::Other { hash: self.hash, number, name: &self.name },
        }
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
                let key = Key::new(&name);
                assert_eq!(key.number.map(Number::index), Some(at), "{name}");
                assert_eq!(key.is_usual, name == KNOWN[at], "{name}");
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
