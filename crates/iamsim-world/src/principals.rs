//! Callers by their ARN.

use iamsim_engine::{Principal, RoleSession};
use iamsim_syntax::Arn;

use crate::session::Caller;
use crate::world::World;

/// An ARN that nobody in the world answers to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnknownPrincipal {
    /// Not the ARN of a user, role, session, federated user or root user.
    #[error("`{0}` is not the ARN of somebody who can make calls")]
    NotAPrincipal(String),
    /// The account is in the world, the user or role is not.
    #[error("there is no {kind} named `{name}` in account {account}")]
    NotThere {
        /// `user` or `role`
        kind: &'static str,
        /// The name asked for.
        name: String,
        /// The account.
        account: String,
        /// The most similar name there is.
        nearest: Option<String>,
    },
}

impl World {
    /// The caller with this ARN. In an account that the world mentions, users and roles must exist; one it never
    /// mentions may hold anybody, without any permission.
    ///
    /// # Errors
    /// [`UnknownPrincipal`] when nobody can answer to the ARN.
    pub fn caller(&self, arn: &str) -> Result<Caller, UnknownPrincipal> {
        let mut principal =
            Principal::from_arn(arn).ok_or_else(|| UnknownPrincipal::NotAPrincipal(arn.to_owned()))?;
        if let Principal::RoleSession(session) = &mut principal {
            self.learn_path(session);
        }
        match &principal {
            Principal::User { arn, .. } => self.must_hold(arn, "user", self.user(arn).is_some())?,
            Principal::RoleSession(session) => {
                self.must_hold(&session.role_arn, "role", self.role(&session.role_arn).is_some())?;
            }
            _ => {}
        }
        Ok(Caller::new(principal))
    }

    /// A session's ARN leaves the path of its role out; the world knows it.
    fn learn_path(&self, session: &mut RoleSession) {
        let role = self.role(&session.role_arn).filter(|_| !session.path_known);
        let (Some(role), Some(parts)) = (role, Arn::parse(&session.role_arn)) else { return };
        let path = role.path.trim_matches('/');
        let slash = if path.is_empty() { "" } else { "/" };
        let (partition, account, name) = (parts.partition, session.account, session.role_name());
        session.role_arn = format!("arn:{partition}:iam::{account}:role/{path}{slash}{name}").into();
        session.path_known = true;
    }

    fn must_hold(&self, arn: &str, kind: &'static str, holds: bool) -> Result<(), UnknownPrincipal> {
        let parts = Arn::parse(arn);
        let id = parts.and_then(|arn| iamsim_engine::AccountId::parse(arn.account));
        let (Some(id), Some(parts)) = (id, parts) else { return Ok(()) };
        let Some(account) = self.account(id).filter(|_| !holds) else { return Ok(()) };
        let name = parts.resource.rsplit('/').next().unwrap_or_default();
        let names: Vec<&String> = match kind {
            "user" => account.users.keys().collect(),
            _ => account.roles.keys().collect(),
        };
        let nearest = names
            .into_iter()
            .map(|known| (strsim::damerau_levenshtein(known, name), known))
            .filter(|(distance, _)| *distance <= 3)
            .min()
            .map(|(_, known)| known.clone());
        Err(UnknownPrincipal::NotThere { kind, name: name.to_owned(), account: id.to_string(), nearest })
    }
}
