//! The answer to a request.

use iamsim_syntax::PolicyType;

/// What AWS answers, spelled as in its policy simulator's API.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_EvaluationResult.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// `allowed`
    Allowed,
    /// `implicitDeny`: nothing that had to allow it did.
    ImplicitDeny,
    /// `explicitDeny`: a statement denies it.
    ExplicitDeny,
}

impl Outcome {
    /// `allowed`, `implicitDeny` or `explicitDeny`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::ImplicitDeny => "implicitDeny",
            Self::ExplicitDeny => "explicitDeny",
        }
    }
}

/// A decision and what settled it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decision {
    /// The answer.
    pub outcome: Outcome,
    /// The rule that settled it.
    pub decided_by: DecidedBy,
}

/// What settled a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DecidedBy {
    /// A policy of this type allows it, and nothing else had to.
    Allow(PolicyType),
    /// A statement in a policy of this type denies it.
    Deny(PolicyType),
    /// No policy of this type allows it, and one had to.
    MissingAllow(PolicyType),
    /// The root user may do everything its account may.
    RootUser,
    /// The call needs no permission.
    NoPermissionNeeded,
    /// The service shares the resource with the caller's account, or a grant on the key lets the caller in.
    Shared,
    /// Credentials of this kind may not make this call, whatever policies say.
    CredentialLimit(CredentialLimit),
    /// The service refuses, whatever policies say.
    ServiceRule(ServiceRule),
}

/// Why credentials may not make a call.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_sts-comparison.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CredentialLimit {
    /// Roles may not be assumed by root users.
    RootAssumesRole,
    /// A federated user may not call IAM, nor STS but for `GetCallerIdentity`.
    FederatedUser,
    /// `GetSessionToken` credentials without MFA may not call IAM.
    SessionTokenWithoutMfa,
    /// `GetSessionToken` credentials may call only `AssumeRole` and `GetCallerIdentity` of STS.
    SessionTokenSts,
    /// Only long-term credentials of a user or root user may call `GetSessionToken` and `GetFederationToken`.
    NeedsLongTermCredentials,
}

/// Why a service refuses what policies allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServiceRule {
    /// AWS managed policies, service-linked and AWS reserved roles, AWS managed aliases cannot be changed.
    ProtectedResource,
    /// Only identities of the bucket owner's account may read or change its bucket policy.
    BucketPolicyOfAnotherAccount,
    /// S3 Block Public Access refuses a public policy.
    BlockPublicPolicy,
    /// S3 Block Public Access refuses a public ACL.
    BlockPublicAcls,
    /// A shared encrypted snapshot must be copied before it can be restored.
    SharedEncryptedSnapshot,
}

impl Decision {
    pub(crate) fn allowed(decided_by: DecidedBy) -> Self {
        Self { outcome: Outcome::Allowed, decided_by }
    }

    pub(crate) fn implicit_deny(decided_by: DecidedBy) -> Self {
        Self { outcome: Outcome::ImplicitDeny, decided_by }
    }

    pub(crate) fn missing_allow(policy_type: PolicyType) -> Self {
        Self::implicit_deny(DecidedBy::MissingAllow(policy_type))
    }

    pub(crate) fn explicit_deny(policy_type: PolicyType) -> Self {
        Self { outcome: Outcome::ExplicitDeny, decided_by: DecidedBy::Deny(policy_type) }
    }

    /// Whether the request goes through.
    #[must_use]
    pub fn is_allowed(self) -> bool {
        self.outcome == Outcome::Allowed
    }
}

impl DecidedBy {
    /// The type of the policies that settled it, if policies did.
    #[must_use]
    pub fn policy_type(self) -> Option<PolicyType> {
        match self {
            Self::Allow(policy_type) | Self::Deny(policy_type) | Self::MissingAllow(policy_type) => {
                Some(policy_type)
            }
            _ => None,
        }
    }

    /// `allow`, `explicitDeny`, `missingAllow`, `rootUser`, `noPermissionNeeded`, `shared`,
    /// `credentialLimit`, `protectedResource` or `serviceRule`.
    #[must_use]
    pub fn kind(self) -> &'static str {
        match self {
            Self::Allow(_) => "allow",
            Self::Deny(_) => "explicitDeny",
            Self::MissingAllow(_) => "missingAllow",
            Self::RootUser => "rootUser",
            Self::NoPermissionNeeded => "noPermissionNeeded",
            Self::Shared => "shared",
            Self::CredentialLimit(_) => "credentialLimit",
            Self::ServiceRule(ServiceRule::ProtectedResource) => "protectedResource",
            Self::ServiceRule(_) => "serviceRule",
        }
    }
}
