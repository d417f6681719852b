//! `Principal` and `NotPrincipal`: how a statement names the caller decides how far its grant reaches.
//!
//! Sources: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html>,
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html>

use iamsim_syntax::{Arn, Effect, Principal as Named, PrincipalElement, Sense};

use crate::principal::{AccountId, Principal, RoleSession};
use crate::request::{Action, Request};
use crate::request_context::RequestContext;

/// How an `Allow` statement of a resource-based policy names the caller; the further a grant reaches without
/// anybody else's help, the greater.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grant {
    /// By its account, which delegates: somebody there must allow it, too.
    Account,
    /// By the IAM user whose federated session it is.
    FederatedUsersParent,
    /// By the role whose session it is.
    Role,
    /// By itself: the user, the session, the federated user, the service, whoever a SAML or OIDC provider
    /// vouches for, or everyone.
    Direct,
}

/// Whose statements are read: they differ in what their principals cover.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reading {
    /// A resource-based policy: `*` does not cover SAML and web identity callers.
    Resource,
    /// A resource control policy or the policy of an interface endpoint: `*` is everyone.
    Everyone,
    /// The policy of a gateway endpoint: an account is its root user, and nobody else can be named.
    GatewayEndpoint,
}

/// The principals a statement names.
#[derive(Debug, Clone)]
pub(crate) struct Principals {
    sense: Sense,
    furthest: Grant,
    accounts: Accounts,
    named: Box<[Name]>,
}

/// A set of accounts that never lacks one to whose callers the statement may apply, one bit for several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Accounts(u64);

impl Accounts {
    const NONE: Self = Self(0);
    const ALL: Self = Self(u64::MAX);

    fn one(account: AccountId) -> Self {
        Self(1 << (account.spread() % 64))
    }

    fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    fn may_have(self, account: AccountId) -> bool {
        self.0 & Self::one(account).0 != 0
    }
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Name {
    /// An account, by its id or its root user's ARN.
    Account { partition: Option<Box<str>>, account: AccountId },
    /// A role, by its ARN.
    Role { arn: Box<str>, account: Option<AccountId> },
    /// Anybody else.
    Other(Named),
}

impl Name {
    fn compile(named: &Named) -> Self {
        match named {
            Named::Account { partition, account } => match AccountId::parse(account) {
                Some(account) => Self::Account { partition: partition.clone(), account },
                None => Self::Other(named.clone()),
            },
            Named::Role(arn) => {
                let account = Arn::parse(arn).and_then(|arn| AccountId::parse(arn.account));
                Self::Role { arn: arn.clone(), account }
            }
            named => Self::Other(named.clone()),
        }
    }

    /// The accounts whose callers it may name.
    fn accounts(&self) -> Accounts {
        match self {
            Self::Account { account, .. } | Self::Role { account: Some(account), .. } => {
                Accounts::one(*account)
            }
            Self::Role { account: None, .. } | Self::Other(_) => Accounts::ALL,
        }
    }

    /// The furthest that a grant under this name can reach.
    fn furthest(&self) -> Grant {
        match self {
            Self::Account { .. } => Grant::Account,
            Self::Role { .. } => Grant::Role,
            Self::Other(_) => Grant::Direct,
        }
    }
}

impl Principals {
    pub(crate) fn compile(element: &PrincipalElement) -> Self {
        let named: Box<[_]> = element.principals.iter().map(|named| Name::compile(&named.value)).collect();
        let furthest = match element.sense {
            Sense::Listed => named.iter().map(Name::furthest).max().unwrap_or(Grant::Account),
            Sense::NotListed => Grant::Direct,
        };
        let accounts = match element.sense {
            Sense::Listed => named.iter().map(Name::accounts).fold(Accounts::NONE, Accounts::and),
            Sense::NotListed => Accounts::ALL,
        };
        Self { sense: element.sense, furthest, accounts, named }
    }

    /// The furthest that a grant to one of them can reach.
    pub(crate) fn furthest(&self) -> Grant {
        self.furthest
    }

    /// Whether a user or role is named by its unique id, which only `aws:userid` tells.
    pub(crate) fn name_unique_ids(&self) -> bool {
        self.named.iter().any(|name| matches!(name, Name::Other(Named::UniqueId(_))))
    }

    /// How a statement with this element and `effect` names the caller; `None` when it does not.
    pub(crate) fn name(&self, caller: &Caller<'_>, effect: Effect, reading: Reading) -> Option<Grant> {
        if caller.request.principal().account().is_some_and(|account| !self.accounts.may_have(account)) {
            return None;
        }
        let names = || self.named.iter().filter_map(|named| caller.named_by(named, reading));
        match (self.sense, effect) {
            (Sense::Listed, _) => names().max(),
            // AWS no longer supports it; where it is found it means everyone who is not listed.
            (Sense::NotListed, Effect::Allow) => names().next().is_none().then_some(Grant::Direct),
            (Sense::NotListed, Effect::Deny) => (!self.spares(caller)).then_some(Grant::Direct),
        }
    }

    /// Whether a `NotPrincipal` list spares the caller from its `Deny`. AWS looks at the account first, then at
    /// the user or role, so both must be listed; a listed role covers its sessions. Callers with a permissions
    /// boundary are never spared.
    fn spares(&self, caller: &Caller<'_>) -> bool {
        if caller.has_boundary {
            return false;
        }
        let names = |wanted: Grant| {
            self.named
                .iter()
                .any(|named| *named != EVERYONE && caller.named_by(named, Reading::Everyone) == Some(wanted))
        };
        if self.named.contains(&EVERYONE) {
            return true;
        }
        match caller.request.principal() {
            Principal::User { .. } => names(Grant::Account) && names(Grant::Direct),
            Principal::RoleSession(_) => names(Grant::Account) && names(Grant::Role),
            Principal::FederatedUser { .. } => {
                names(Grant::Account) && (names(Grant::FederatedUsersParent) || names(Grant::Direct))
            }
            Principal::Root { .. } | Principal::CanonicalUser { .. } => names(Grant::Account),
            Principal::Service { .. } | Principal::Federated { .. } => names(Grant::Direct),
            Principal::Anonymous => false,
        }
    }
}

const EVERYONE: Name = Name::Other(Named::Everyone);

/// The caller of a request, with what bears on how policies name it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Caller<'r> {
    pub(crate) request: &'r Request,
    // Of the request, at hand because every statement asks for them.
    pub(crate) action: &'r Action,
    pub(crate) resource: &'r str,
    pub(crate) context: RequestContext<'r>,
    /// Whether the caller has a permissions boundary.
    pub(crate) has_boundary: bool,
}

impl Caller<'_> {
    fn named_by(&self, name: &Name, reading: Reading) -> Option<Grant> {
        let principal = self.request.principal();
        if reading == Reading::GatewayEndpoint {
            return self.named_at_gateway(name);
        }
        let named = match name {
            Name::Account { partition, account } => {
                return self.is_of(partition.as_deref(), *account).then_some(Grant::Account);
            }
            Name::Role { arn, account } => {
                let Principal::RoleSession(session) = principal else { return None };
                let same_account = account.is_none_or(|account| account == session.account);
                return (same_account && is_role(session, arn)).then_some(Grant::Role);
            }
            Name::Other(named) => named,
        };
        match named {
            Named::Everyone => match principal {
                Principal::Federated { .. } if reading == Reading::Resource => None,
                _ => Some(Grant::Direct),
            },
            // An account that is no account id names nobody. Roles have been seen to.
            Named::Account { .. } | Named::Role(_) => None,
            Named::User(arn) => match principal {
                Principal::User { arn: own, .. } => (**own == **arn).then_some(Grant::Direct),
                Principal::FederatedUser { issuer: Some(issuer), .. } => {
                    (**issuer == **arn).then_some(Grant::FederatedUsersParent)
                }
                _ => None,
            },
            Named::AssumedRoleSession(arn) | Named::FederatedUser(arn) => match principal {
                Principal::RoleSession(_) | Principal::FederatedUser { .. } => {
                    (principal.arn() == &**arn).then_some(Grant::Direct)
                }
                _ => None,
            },
            Named::UniqueId(id) => match principal {
                Principal::User { .. } => (self.request.unique_id() == Some(id)).then_some(Grant::Direct),
                Principal::RoleSession(_) => (self.request.unique_id() == Some(id)).then_some(Grant::Role),
                _ => None,
            },
            Named::Service(name) => match principal {
                Principal::Service { name: own } => (**own == **name).then_some(Grant::Direct),
                _ => None,
            },
            Named::Federated(provider) => match principal {
                Principal::Federated { provider: own } => {
                    (**own == **provider && self.request.rules().federation_fits).then_some(Grant::Direct)
                }
                _ => None,
            },
            Named::CanonicalUser(id) => {
                (self.request.canonical_user_id() == Some(id)).then_some(Grant::Account)
            }
        }
    }

    /// Source: <https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html>
    fn named_at_gateway(&self, name: &Name) -> Option<Grant> {
        match (name, self.request.principal()) {
            (Name::Other(Named::Everyone), _) => Some(Grant::Direct),
            (Name::Account { partition, account }, Principal::Root { .. }) => {
                self.is_of(partition.as_deref(), *account).then_some(Grant::Account)
            }
            _ => None,
        }
    }

    fn is_of(&self, partition: Option<&str>, account: AccountId) -> bool {
        let principal = self.request.principal();
        principal.account() == Some(account)
            && partition.is_none_or(|partition| is_in_partition(principal.arn(), partition))
    }
}

/// Whether an ARN begins with `arn:` and this partition.
fn is_in_partition(arn: &str, partition: &str) -> bool {
    let rest = arn.strip_prefix("arn:").and_then(|rest| rest.strip_prefix(partition));
    rest.is_some_and(|rest| rest.starts_with(':'))
}

/// Whether `arn` names the session's role. Role names are unique in an account, so where only the session's
/// ARN is known, which leaves the path out, the name settles it.
pub(crate) fn is_role(session: &RoleSession, arn: &str) -> bool {
    if session.path_known {
        return *session.role_arn == *arn;
    }
    let (Some(own), Some(named)) = (Arn::parse(&session.role_arn), Arn::parse(arn)) else { return false };
    let role = named.service == "iam" && named.resource.starts_with("role/");
    role && own.partition == named.partition
        && own.account == named.account
        && named.resource.rsplit('/').next() == Some(session.role_name())
}
