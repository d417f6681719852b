//! Who makes a request.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable>

use std::fmt;

use iamsim_syntax::Arn;
use iamsim_syntax::arn::{self, split_at, split_partition};

use crate::context::Text;

/// Twelve digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AccountId([u8; 12]);

impl AccountId {
    /// Reads twelve ASCII digits.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.as_bytes().try_into().ok()?;
        arn::is_account_id(text).then_some(Self(digits))
    }

    /// A number that accounts mostly differ in.
    pub(crate) fn spread(self) -> u64 {
        let [_, _, _, _, digits @ ..] = self.0;
        u64::from_le_bytes(digits).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32
    }

    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The caller, as AWS sees it once the request's signature, if any, is checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Principal {
    /// An IAM user, also with the credentials of `GetSessionToken`.
    User {
        /// `arn:aws:iam::111122223333:user/path/name`
        arn: Text,
        /// The user's account.
        account: AccountId,
    },
    /// Whoever has assumed a role.
    RoleSession(RoleSession),
    /// The session of `GetFederationToken`.
    FederatedUser {
        /// `arn:aws:sts::111122223333:federated-user/name`
        arn: Text,
        /// The account of the user or root user who asked for the token.
        account: AccountId,
        /// The ARN of that IAM user, when known.
        issuer: Option<Text>,
    },
    /// The root user of an account.
    Root {
        /// `arn:aws:iam::111122223333:root`
        arn: Text,
        /// The account.
        account: AccountId,
    },
    /// An AWS service that calls on its own behalf.
    Service {
        /// `cloudtrail.amazonaws.com`
        name: Text,
    },
    /// The unsigned caller of `AssumeRoleWithSAML` or `AssumeRoleWithWebIdentity`.
    Federated {
        /// The provider's ARN, or the domain of a built-in one.
        provider: Text,
    },
    /// An account known by its canonical user id only.
    CanonicalUser {
        /// 64 hexadecimal digits.
        id: Text,
    },
    /// Nobody: the request is not signed.
    Anonymous,
}

/// The session of a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleSession {
    /// The ARN the caller was given as: the session's, or the role's when the session's name is unknown.
    pub arn: Text,
    /// `arn:aws:iam::111122223333:role/path/name`. Without the path when only the session's ARN is known,
    /// because that ARN carries the name alone.
    pub role_arn: Text,
    /// Whether `role_arn` is sure to hold the path.
    pub path_known: bool,
    /// The role's account.
    pub account: AccountId,
}

impl RoleSession {
    /// The role's name, without path.
    #[must_use]
    pub fn role_name(&self) -> &str {
        self.role_arn.rsplit('/').next().unwrap_or_default()
    }

    /// The session's name, when known.
    #[must_use]
    pub fn session_name(&self) -> Option<&str> {
        let name = resource(&self.arn, "sts")?.strip_prefix("assumed-role/")?;
        split_at(name, b'/').map(|(_, session)| session)
    }

    /// Whether the role belongs to an AWS service and only that service may assume it. Organizations
    /// policies do not reach such a role. Its path says so; where that is not known, its name, which begins as those
    /// of all such roles.
    ///
    /// Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html>
    #[must_use]
    pub fn is_service_linked(&self) -> bool {
        let role = resource(&self.role_arn, "iam").and_then(|resource| resource.strip_prefix("role/"));
        role.is_some_and(|role| {
            role.starts_with("aws-service-role/")
                || (!self.path_known && role.starts_with("AWSServiceRoleFor"))
        })
    }
}

/// What stands after the account in an ARN of a service without Regions. Quicker than taking the ARN to pieces, for
/// that is asked for each request.
fn resource<'a>(arn: &'a str, service: &str) -> Option<&'a str> {
    let (_, rest) = split_partition(arn)?;
    let rest = rest.strip_prefix(service)?.strip_prefix("::")?;
    rest.get(size_of::<AccountId>()..)?.strip_prefix(':')
}

impl Principal {
    /// Reads the ARN of a user, role, role session, federated user or root user. A role's ARN stands for a
    /// session of unknown name.
    #[must_use]
    pub fn from_arn(text: &str) -> Option<Self> {
        let parts = Arn::parse(text)?;
        let account = AccountId::parse(parts.account)?;
        if parts.partition.is_empty() || !parts.region.is_empty() {
            return None;
        }
        let arn: Text = text.into();
        let (kind, name) = split_at(parts.resource, b'/').unwrap_or((parts.resource, ""));
        match (parts.service, kind) {
            ("iam", "root") if parts.resource == "root" => Some(Self::Root { arn, account }),
            _ if name.is_empty() || name.ends_with('/') => None,
            ("iam", "user") => Some(Self::User { arn, account }),
            ("iam", "role") => {
                let role_arn = arn.clone();
                Some(Self::RoleSession(RoleSession { arn, role_arn, path_known: true, account }))
            }
            ("sts", "assumed-role") => {
                let (role, session) = name.split_once('/')?;
                if role.is_empty() || session.is_empty() {
                    return None;
                }
                let role_arn = format!("arn:{}:iam::{account}:role/{role}", parts.partition).into();
                Some(Self::RoleSession(RoleSession { arn, role_arn, path_known: false, account }))
            }
            ("sts", "federated-user") => Some(Self::FederatedUser { arn, account, issuer: None }),
            _ => None,
        }
    }

    /// The account whose policies govern the caller; none for services and unsigned callers.
    #[must_use]
    pub fn account(&self) -> Option<AccountId> {
        self.account_ref().copied()
    }

    /// The same, borrowed.
    pub(crate) fn account_ref(&self) -> Option<&AccountId> {
        match self {
            Self::User { account, .. } | Self::FederatedUser { account, .. } | Self::Root { account, .. } => {
                Some(account)
            }
            Self::RoleSession(session) => Some(&session.account),
            Self::Service { .. } | Self::Federated { .. } | Self::CanonicalUser { .. } | Self::Anonymous => {
                None
            }
        }
    }

    /// The caller's own ARN as AWS prints it after `User:`; for services and the unsigned, their name.
    #[must_use]
    pub fn arn(&self) -> &str {
        match self {
            Self::User { arn, .. } | Self::FederatedUser { arn, .. } | Self::Root { arn, .. } => arn,
            Self::RoleSession(session) => &session.arn,
            Self::Service { name } => name,
            Self::Federated { provider } => provider,
            Self::CanonicalUser { id } => id,
            Self::Anonymous => "anonymous",
        }
    }

    /// `aws`, `aws-cn`, … when the caller has an ARN.
    #[must_use]
    pub fn partition(&self) -> Option<&str> {
        split_partition(self.arn()).map(|(partition, _)| partition)
    }

    /// Whether the request carries a signature.
    #[must_use]
    pub fn is_signed(&self) -> bool {
        !matches!(self, Self::Anonymous | Self::Federated { .. })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_arn_tells_the_role_but_not_its_path() {
        let caller = Principal::from_arn("arn:aws:sts::111122223333:assumed-role/Dev/alice").unwrap();
        let Principal::RoleSession(session) = caller else { panic!("{caller:?}") };
        assert_eq!(&*session.role_arn, "arn:aws:iam::111122223333:role/Dev");
        assert_eq!(session.session_name(), Some("alice"));
        assert!(!session.path_known);
    }

    #[test]
    fn a_role_arn_stands_for_a_session_of_unknown_name() {
        let caller = Principal::from_arn("arn:aws:iam::111122223333:role/team/Dev").unwrap();
        let Principal::RoleSession(session) = caller else { panic!("{caller:?}") };
        assert_eq!((session.role_name(), session.session_name()), ("Dev", None));
    }

    #[test]
    fn what_cannot_call_is_no_principal() {
        for text in [
            "arn:aws:iam::111122223333:group/Devs",
            "arn:aws:iam::1111:user/bob",
            "arn:aws:iam::111122223333:user/",
            "arn:aws:sts::111122223333:assumed-role/Dev",
            "arn:aws:s3:::bucket",
            "bob",
        ] {
            assert_eq!(Principal::from_arn(text), None, "{text}");
        }
    }
}
