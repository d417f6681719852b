//! What somebody does: an API call, lowered to the checks AWS makes for it.

use iamsim_engine::{AccountId, Context};
use iamsim_syntax::Arn;

/// One API call.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// `s3:ListObjectsV2`: service prefix and API operation, as error messages name it.
    pub operation: String,
    /// The checks AWS makes; every one must be allowed.
    pub checks: Vec<Check>,
    /// What the call does besides being allowed.
    pub effect: Effect,
}

/// One authorization check: an action on a resource.
#[derive(Debug, Clone, PartialEq)]
pub struct Check {
    /// `s3:ListBucket`
    pub action: String,
    /// An ARN, or `*` for an action that takes no resource.
    pub resource: String,
    /// Whose resource it is, where the ARN does not tell and the world does not know.
    pub resource_account: Option<AccountId>,
    /// Context keys that the call's parameters set: `s3:prefix`, `aws:RequestTag/…`, `sts:ExternalId`.
    pub context: Context,
}

impl Check {
    /// An action on a resource, and nothing else said.
    #[must_use]
    pub fn new(action: &str, resource: &str) -> Self {
        Self {
            action: action.to_owned(),
            resource: resource.to_owned(),
            resource_account: None,
            context: Context::new(),
        }
    }
}

/// A check whose words stand elsewhere.
#[derive(Debug, Clone, Copy)]
pub struct CheckRef<'c> {
    /// `s3:ListBucket`
    pub(crate) action: &'c str,
    /// An ARN, or `*` for an action that takes no resource.
    pub(crate) resource: &'c str,
    /// The parts of the ARN.
    pub(crate) arn: Option<Arn<'c>>,
    /// Whose resource it is, where the ARN does not tell and the world does not know.
    pub(crate) resource_account: Option<AccountId>,
    /// Context keys that the call's parameters set.
    pub(crate) context: &'c Context,
}

impl<'c> CheckRef<'c> {
    /// An action on a resource, and nothing else said.
    #[must_use]
    pub fn new(action: &'c str, resource: &'c str) -> Self {
        static NO_CONTEXT: Context = Context::new();
        let arn = Arn::parse(resource);
        Self { action, resource, arn, resource_account: None, context: &NO_CONTEXT }
    }

    /// Says whose resource it is, where the ARN does not tell and the world does not know.
    #[must_use]
    pub fn with_resource_account(self, resource_account: Option<AccountId>) -> Self {
        Self { resource_account, ..self }
    }

    /// Whether the resource is an ARN or `*`, as it should.
    #[must_use]
    pub fn names_a_resource(&self) -> bool {
        self.arn.is_some() || self.resource == "*"
    }
}

impl<'c> From<&'c Check> for CheckRef<'c> {
    fn from(check: &'c Check) -> Self {
        let Check { action, resource, resource_account, context } = check;
        Self { resource_account: *resource_account, context, ..Self::new(action, resource) }
    }
}

/// What a call does once it is allowed, as far as that matters to later ones.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Nothing that matters here.
    None,
    /// Opens a session, or asks about the caller.
    Sts(StsCall),
    /// Restores a database from a snapshot, which must not be a shared encrypted one.
    RestoreSnapshot {
        /// The snapshot's ARN.
        snapshot: String,
    },
    /// Makes a trail, whose bucket must let CloudTrail write.
    CreateTrail {
        /// The trail's ARN.
        trail: String,
        /// The bucket's name.
        bucket: String,
        /// The key prefix in the bucket.
        prefix: Option<String>,
    },
    /// Makes a bucket, which then belongs to the caller's account.
    CreateBucket {
        /// The bucket's name.
        bucket: String,
    },
    /// Removes a bucket.
    DeleteBucket {
        /// The bucket's name.
        bucket: String,
    },
}

/// A call to AWS STS that opens a session. Its checks follow from it, so [`Call::checks`] is empty.
#[derive(Debug, Clone, PartialEq)]
pub enum StsCall {
    /// `AssumeRole`
    AssumeRole(AssumeRole),
    /// `AssumeRoleWithWebIdentity`
    AssumeRoleWithWebIdentity(AssumeRole),
    /// `AssumeRoleWithSAML`
    AssumeRoleWithSaml(AssumeRole),
    /// `GetSessionToken`
    GetSessionToken {
        /// How long, in seconds.
        duration_seconds: Option<u32>,
        /// Whether a device's serial number and code were given.
        mfa: bool,
    },
    /// `GetFederationToken`
    GetFederationToken {
        /// The federated user's name.
        name: String,
        /// How long, in seconds.
        duration_seconds: Option<u32>,
        /// What is passed to limit the session.
        session: SessionParameters,
    },
    /// `GetCallerIdentity`
    GetCallerIdentity,
}

impl StsCall {
    /// The text of the inline session policy, when one is passed.
    #[must_use]
    pub fn session_policy_mut(&mut self) -> Option<&mut String> {
        let session = match self {
            Self::AssumeRole(asked)
            | Self::AssumeRoleWithWebIdentity(asked)
            | Self::AssumeRoleWithSaml(asked) => &mut asked.session,
            Self::GetFederationToken { session, .. } => session,
            Self::GetSessionToken { .. } | Self::GetCallerIdentity => return None,
        };
        session.policy.as_mut()
    }
}

/// The parameters of the `AssumeRole` calls.
///
/// Source: <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html>
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AssumeRole {
    /// The role's ARN.
    pub role_arn: String,
    /// The session's name.
    pub role_session_name: String,
    /// How long, in seconds.
    pub duration_seconds: Option<u32>,
    /// `ExternalId`
    pub external_id: Option<String>,
    /// `SourceIdentity`
    pub source_identity: Option<String>,
    /// Whether a device's serial number and code were given.
    pub mfa: bool,
    /// What is passed to limit and label the session.
    pub session: SessionParameters,
}

/// Session policies and session tags.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SessionParameters {
    /// The text of an inline session policy.
    pub policy: Option<String>,
    /// The ARNs of managed session policies.
    pub policy_arns: Vec<String>,
    /// Session tags, in the order given.
    pub tags: Vec<(String, String)>,
    /// The keys of those that the next session inherits.
    pub transitive_tag_keys: Vec<String>,
}
