//! The kinds of policy AWS knows, which differ in what their documents may say.

use std::fmt;

/// What a policy document is used as. Decides which elements it must, may and must not have.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#access_policy-types>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PolicyType {
    /// Attached to a user, group or role: managed or inline.
    IdentityBased,
    /// The managed policy that bounds what a user or role may be granted.
    PermissionsBoundary,
    /// Passed when a session is opened.
    Session,
    /// Attached to a resource: bucket, key, queue, function, …
    ResourceBased,
    /// The resource-based policy of a role: who may assume it.
    RoleTrust,
    /// AWS Organizations: what the principals of an account may do.
    ServiceControl,
    /// AWS Organizations: what may be done to the resources of an account.
    ResourceControl,
    /// What may pass through a VPC endpoint.
    VpcEndpoint,
}

impl PolicyType {
    /// Every type, in the order of AWS's documentation.
    pub const ALL: [Self; 8] = [
        Self::IdentityBased,
        Self::PermissionsBoundary,
        Self::Session,
        Self::ResourceBased,
        Self::RoleTrust,
        Self::ServiceControl,
        Self::ResourceControl,
        Self::VpcEndpoint,
    ];

    /// Whether each service checks such policies for itself, with rules of its own for `Sid` and the like. The `Sid`s of
    /// all others have letters and digits alone, and no two of a policy are the same.
    #[must_use]
    pub fn has_service_grammar(self) -> bool {
        match self {
            Self::ResourceBased | Self::VpcEndpoint => true,
            Self::IdentityBased
            | Self::PermissionsBoundary
            | Self::Session
            | Self::RoleTrust
            | Self::ServiceControl
            | Self::ResourceControl => false,
        }
    }

    /// The name used in files, flags and answers: `identity-based`, `permissions-boundary`, …
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::IdentityBased => "identity-based",
            Self::PermissionsBoundary => "permissions-boundary",
            Self::Session => "session",
            Self::ResourceBased => "resource-based",
            Self::RoleTrust => "role-trust",
            Self::ServiceControl => "service-control",
            Self::ResourceControl => "resource-control",
            Self::VpcEndpoint => "vpc-endpoint",
        }
    }

    /// The name AWS uses in running text: `identity-based policy`, `permissions boundary`, …
    #[must_use]
    pub fn phrase(self) -> &'static str {
        match self {
            Self::IdentityBased => "identity-based policy",
            Self::PermissionsBoundary => "permissions boundary",
            Self::Session => "session policy",
            Self::ResourceBased => "resource-based policy",
            Self::RoleTrust => "role trust policy",
            Self::ServiceControl => "service control policy",
            Self::ResourceControl => "resource control policy",
            Self::VpcEndpoint => "VPC endpoint policy",
        }
    }
}

impl fmt::Display for PolicyType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
