//! Who calls: a principal as it stands, or the session it has opened.

use std::collections::BTreeMap;
use std::sync::Arc;

use iamsim_engine::{Credentials, Policies, Principal};

use crate::residents::Resident;

/// Somebody who makes calls.
#[derive(Debug, Clone)]
pub struct Caller {
    /// As AWS sees it.
    pub principal: Principal,
    /// The session whose credentials are used; `None` for long-term credentials and the unsigned.
    pub session: Option<Arc<Session>>,
}

/// A caller, and what a world holds of it.
#[derive(Debug, Clone)]
pub struct Recognized<'w> {
    pub(crate) caller: Caller,
    /// Whom its policies and tags come from.
    pub(crate) resident: Option<&'w Resident>,
}

/// Temporary credentials.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp.html>
#[derive(Debug, Clone)]
pub struct Session {
    /// Whom they stand for.
    pub principal: Principal,
    /// `AROA…:name`, `AIDA…`, `111122223333:name`.
    pub user_id: String,
    /// When they were issued, in milliseconds since 1970.
    pub issued_ms: i64,
    /// When they expire, in milliseconds since 1970.
    pub expires_ms: i64,
    /// What they may call.
    pub credentials: Credentials,
    /// The session policies passed; empty when none was.
    pub policies: Policies,
    /// The tags passed, with those inherited from the session before.
    pub tags: BTreeMap<String, String>,
    /// The keys, in lower case, of the tags that the next session inherits.
    pub transitive_tag_keys: Vec<String>,
    /// The source identity, which stays for good.
    pub source_identity: Option<String>,
    /// What the credentials say about multi-factor authentication; `None` says nothing.
    pub mfa: Option<bool>,
    /// The provider that vouched for the caller.
    pub federated_provider: Option<String>,
}

impl Caller {
    /// A principal with its own credentials, or without any.
    #[must_use]
    pub fn new(principal: Principal) -> Self {
        Self { principal, session: None }
    }

    /// The holder of a session.
    #[must_use]
    pub fn with_session(session: Arc<Session>) -> Self {
        Self { principal: session.principal.clone(), session: Some(session) }
    }

    pub(crate) fn credentials(&self) -> Credentials {
        self.session.as_ref().map_or(Credentials::Usual, |session| session.credentials)
    }

    /// The ARN of the IAM user whose federated session this is.
    pub(crate) fn issuer(&self) -> Option<&str> {
        match &self.principal {
            Principal::FederatedUser { issuer, .. } => issuer.as_deref(),
            _ => None,
        }
    }
}
