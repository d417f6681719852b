//! How a context key comes to hold a value: what the caller chooses, what an administrator sets, and what nobody
//! can.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>

use iamsim_engine::{Principal, Request};

/// Who can give a context key another value, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Means {
    /// The caller, by a parameter of the call.
    Parameter,
    /// The caller, by where or how it connects.
    Network,
    /// The caller, by calling at another time.
    Time,
    /// The caller, by calling another Region.
    Region,
    /// The caller, by getting new temporary credentials.
    NewCredentials,
    /// The identity provider, by what its token or assertion says.
    Claim,
    /// Whoever set up what the service acts for.
    Origin,
    /// An administrator, by tagging the caller's user or role; for a session, also by a session tag.
    PrincipalTag,
    /// The owner of the resource, by tagging it.
    ResourceTag,
}

impl Means {
    /// What a key takes to be changed for this request; `None` for what follows from who asks for what.
    pub(crate) fn of(key: &str, request: &Request) -> Option<Self> {
        let key = key.to_lowercase();
        let has = |name| request.context().contains(name);
        let principal = request.principal();
        match &*key {
            // Through an endpoint the public address is not known, and which endpoint it is decides more than a key.
            "aws:sourceip" if has("aws:SourceVpce") || has("aws:SourceVpc") => None,
            "aws:sourcevpce" | "aws:sourcevpc" if has("aws:SourceVpce") => None,
            "aws:sourceip"
            | "aws:sourcevpce"
            | "aws:sourcevpc"
            | "aws:vpcsourceip"
            | "aws:securetransport" => {
                (!matches!(principal, Principal::Service { .. })).then_some(Self::Network)
            }
            "aws:currenttime" | "aws:epochtime" => Some(Self::Time),
            "aws:requestedregion" => Some(Self::Region),
            "aws:tokenissuetime" => has("aws:TokenIssueTime").then_some(Self::NewCredentials),
            "aws:tagkeys" => Some(Self::Parameter),
            "aws:sourcearn" | "aws:sourceaccount" => {
                matches!(principal, Principal::Service { .. }).then_some(Self::Origin)
            }
            _ if key.starts_with("aws:requesttag/") => Some(Self::Parameter),
            _ if key.starts_with("aws:principaltag/") => {
                matches!(principal, Principal::User { .. } | Principal::RoleSession(_))
                    .then_some(Self::PrincipalTag)
            }
            _ if key.contains(":resourcetag/") || key.starts_with("s3:existingobjecttag/") => {
                Some(Self::ResourceTag)
            }
            _ => of_service(&key, request),
        }
    }

    /// Whether a request may do without a key of this kind.
    pub(crate) fn may_be_absent(self, key: &str) -> bool {
        match self {
            Self::Parameter => !key.eq_ignore_ascii_case("sts:RoleSessionName"),
            Self::PrincipalTag | Self::ResourceTag => true,
            Self::Network | Self::Time | Self::Region | Self::NewCredentials | Self::Claim | Self::Origin => {
                false
            }
        }
    }
}

/// Keys with another prefix than `aws`. Those of an identity provider begin with its domain, or `saml`.
fn of_service(key: &str, request: &Request) -> Option<Means> {
    let (prefix, name) = key.split_once(':')?;
    if prefix == "saml" || prefix.contains('.') {
        return matches!(request.principal(), Principal::Federated { .. }).then_some(Means::Claim);
    }
    let of_this_service = prefix == request.action().service();
    let follows = match (prefix, name) {
        ("sts", name) => !matches!(
            name,
            "externalid" | "rolesessionname" | "sourceidentity" | "transitivetagkeys" | "durationseconds"
        ),
        (
            "kms",
            "calleraccount" | "viaservice" | "grantisforawsresource" | "resourcealiases" | "keyorigin",
        )
        | ("s3", "resourceaccount" | "authtype" | "signatureversion" | "signatureage" | "tlsversion")
        | ("ec2", "sourceinstancearn" | "owner" | "vpc" | "region")
        | ("lambda", "sourcefunctionarn") => true,
        _ => false,
    };
    (of_this_service && prefix != "aws" && !follows).then_some(Means::Parameter)
}
