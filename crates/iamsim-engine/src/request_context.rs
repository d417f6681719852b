//! The whole context of a request: what it tells itself, and what follows from its caller and target.
//!
//! What follows is not written down anywhere. It is worked out when a policy asks for it, and borrowed from where it
//! stands already.
//!
//! Sources: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable>,
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>

use std::slice;

use iamsim_syntax::{Arn, literal};

use crate::context::{Context, ContextValue, Key, KnownKey, Number, Text};
use crate::principal::{AccountId, Principal};
use crate::request::{Owner, Target};

#[cfg(test)]
mod tests;

/// The context keys of a request and their values. Cheap to copy.
#[derive(Debug, Clone, Copy)]
pub struct RequestContext<'c> {
    told: &'c Context,
    /// Of whom the rest follows; nothing does without.
    asked: Option<Asked<'c>>,
}

/// Who asks for what, and what does not follow from that.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked<'c> {
    pub(crate) principal: &'c Principal,
    pub(crate) target: &'c Target,
    pub(crate) withheld: Withheld,
}

/// Known keys that are to be absent unless they are told, one bit each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Withheld(u64);

const _: () = assert!(KnownKey::COUNT <= u64::BITS as usize, "every known key has a bit");

/// What a context key holds, borrowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueRef<'c> {
    /// A single-valued key.
    One(&'c str),
    /// A multivalued key, perhaps with one value or none.
    Many(&'c [Text]),
}

const CALLED_VIA: KnownKey = KnownKey::new("aws:CalledVia");
const VIA_AWS_SERVICE: KnownKey = KnownKey::new("aws:ViaAWSService");

impl<'c> RequestContext<'c> {
    pub(crate) fn new(told: &'c Context, asked: Asked<'c>) -> Self {
        Self { told, asked: Some(asked) }
    }

    /// None at all.
    pub(crate) fn none() -> RequestContext<'static> {
        static NOTHING: Context = Context::new();
        RequestContext::from(&NOTHING)
    }

    /// What a key holds.
    #[inline]
    #[must_use]
    pub fn lookup(&self, key: &Key) -> Option<ValueRef<'c>> {
        match self.told.lookup(key) {
            Some(value) => Some(value),
            None => self.implied(key.number?),
        }
    }

    /// Whether the key is there.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.lookup(&Key::new(name)).is_some()
    }

    /// The text of a single-valued key.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&'c str> {
        self.lookup(&Key::new(name))?.text()
    }

    /// As [`RequestContext::text`], for a key known beforehand.
    pub(crate) fn known_text(&self, key: KnownKey) -> Option<&'c str> {
        match self.told.known(key) {
            Some(value) => value.text(),
            None => self.implied(key.number)?.text(),
        }
    }

    /// Whether a service forwards the request for its caller.
    pub(crate) fn is_forwarded(&self) -> bool {
        self.known_text(VIA_AWS_SERVICE).is_some_and(literal::boolean)
    }

    /// The services a forwarded request came by, the first at first.
    fn called_via(&self) -> impl Iterator<Item = &'c str> {
        self.told.known(CALLED_VIA).into_iter().flat_map(ValueRef::iter)
    }

    /// Every key with its value, by name.
    #[must_use]
    pub fn iter(&self) -> std::vec::IntoIter<(&'c str, ValueRef<'c>)> {
        let mut entries: Vec<_> = self.told.iter().chain(self.every_implied()).collect();
        entries.sort_unstable_by_key(|(name, _)| *name);
        entries.into_iter()
    }

    /// All of them as a context, to be changed.
    #[must_use]
    pub fn to_context(&self) -> Context {
        let mut context = self.told.clone();
        for (name, value) in self.every_implied() {
            context.insert(name, value);
        }
        context
    }

    fn every_implied(&self) -> impl Iterator<Item = (&'c str, ValueRef<'c>)> {
        let untold = KnownKey::all().filter(|key| self.told.known(*key).is_none());
        untold.filter_map(|key| Some((key.name, self.implied(key.number)?)))
    }

    /// What a key holds that is not told, where that follows.
    fn implied(&self, number: Number) -> Option<ValueRef<'c>> {
        const ACCOUNT: Number = KnownKey::new("aws:PrincipalAccount").number;
        const ARN: Number = KnownKey::PRINCIPAL_ARN.number;
        const CALLED_VIA_FIRST: Number = KnownKey::new("aws:CalledViaFirst").number;
        const CALLED_VIA_LAST: Number = KnownKey::new("aws:CalledViaLast").number;
        const FEDERATED_PROVIDER: Number = KnownKey::FEDERATED_PROVIDER.number;
        const IS_AWS_SERVICE: Number = KnownKey::new("aws:PrincipalIsAWSService").number;
        const KIND: Number = KnownKey::new("aws:PrincipalType").number;
        const NAME: Number = KnownKey::new("aws:username").number;
        const OWNER: Number = KnownKey::new("aws:ResourceAccount").number;
        const SERVICE: Number = KnownKey::new("aws:PrincipalServiceName").number;
        const SERVICES: Number = KnownKey::new("aws:PrincipalServiceNamesList").number;
        const USER_ID: Number = KnownKey::USER_ID.number;
        const VIA: Number = VIA_AWS_SERVICE.number;

        let Asked { principal, target, withheld } = self.asked?;
        if withheld.has(number) {
            return None;
        }
        match number {
            ACCOUNT => account(principal).map(ValueRef::One),
            ARN => arn(principal).map(ValueRef::One),
            CALLED_VIA_FIRST => self.called_via().next().map(ValueRef::One),
            CALLED_VIA_LAST => self.called_via().last().map(ValueRef::One),
            FEDERATED_PROVIDER => federated_provider(principal).map(ValueRef::One),
            IS_AWS_SERVICE => principal
                .is_signed()
                .then(|| ValueRef::boolean(matches!(principal, Principal::Service { .. }))),
            KIND => kind(principal).map(ValueRef::One),
            NAME => user_name(principal).map(ValueRef::One),
            OWNER => owner(principal, target).map(ValueRef::One),
            SERVICE => service(principal).map(|name| ValueRef::One(name.as_str())),
            SERVICES => service(principal).map(|name| ValueRef::Many(slice::from_ref(name))),
            USER_ID => user_id(principal).map(ValueRef::One),
            // Every request has it; only one that a service forwards, which names the services it came by, says yes.
            VIA => Some(ValueRef::boolean(self.told.has(CALLED_VIA))),
            _ => None,
        }
    }
}

/// Only these keys, and nothing that follows from anything.
impl<'c> From<&'c Context> for RequestContext<'c> {
    fn from(told: &'c Context) -> Self {
        Self { told, asked: None }
    }
}

impl Withheld {
    /// All of them: nothing follows.
    pub(crate) const ALL: Self = Self(u64::MAX);

    /// Those with these names.
    pub(crate) fn named(names: &[String]) -> Self {
        let known = names.iter().filter_map(|name| Key::new(name).number);
        Self(known.fold(0, |withheld, number| withheld | bit(number)))
    }

    fn has(self, number: Number) -> bool {
        self.0 & bit(number) != 0
    }
}

fn bit(number: Number) -> u64 {
    1 << number.index()
}

impl<'c> ValueRef<'c> {
    fn boolean(value: bool) -> Self {
        Self::One(if value { "true" } else { "false" })
    }

    /// The text of a single value.
    #[must_use]
    pub fn text(self) -> Option<&'c str> {
        match self {
            Self::One(text) => Some(text),
            Self::Many(_) => None,
        }
    }

    /// Each value, also of a single-valued key.
    pub(crate) fn iter(self) -> impl Iterator<Item = &'c str> {
        let (one, many): (_, &[Text]) = match self {
            Self::One(text) => (Some(text), &[]),
            Self::Many(texts) => (None, texts),
        };
        one.into_iter().chain(many.iter().map(|text| &**text))
    }

    /// The same, kept.
    #[must_use]
    pub fn to_owned(self) -> ContextValue {
        match self {
            Self::One(text) => ContextValue::One(text.into()),
            Self::Many(texts) => ContextValue::Many(texts.into()),
        }
    }
}

fn account(principal: &Principal) -> Option<&str> {
    match principal {
        Principal::Federated { provider } => Arn::parse(provider).map(|arn| arn.account),
        Principal::Anonymous => Some(ANONYMOUS),
        principal => principal.account_ref().map(AccountId::as_str),
    }
}

const ANONYMOUS: &str = "anonymous";

fn arn(principal: &Principal) -> Option<&str> {
    match principal {
        Principal::User { arn, .. } | Principal::FederatedUser { arn, .. } | Principal::Root { arn, .. } => {
            Some(arn)
        }
        Principal::RoleSession(session) => Some(&session.role_arn),
        Principal::Service { .. }
        | Principal::Federated { .. }
        | Principal::CanonicalUser { .. }
        | Principal::Anonymous => None,
    }
}

fn kind(principal: &Principal) -> Option<&'static str> {
    match principal {
        Principal::User { .. } | Principal::Federated { .. } => Some("User"),
        Principal::RoleSession(_) => Some("AssumedRole"),
        Principal::FederatedUser { .. } => Some("FederatedUser"),
        Principal::Root { .. } => Some("Account"),
        Principal::Anonymous => Some("Anonymous"),
        Principal::Service { .. } | Principal::CanonicalUser { .. } => None,
    }
}

fn user_name(principal: &Principal) -> Option<&str> {
    match principal {
        Principal::User { arn, .. } => arn.rsplit('/').next(),
        _ => None,
    }
}

/// The unique ids of users and roles are nobody's but AWS's to know; that of a federated user stands nowhere as it is
/// and is told with the request.
fn user_id(principal: &Principal) -> Option<&str> {
    match principal {
        Principal::Root { account, .. } => Some(account.as_str()),
        Principal::Federated { provider } => Some(provider),
        Principal::Anonymous => Some(ANONYMOUS),
        _ => None,
    }
}

/// Who vouches for the caller, unless that is a SAML provider.
fn federated_provider(principal: &Principal) -> Option<&str> {
    let Principal::Federated { provider } = principal else { return None };
    let is_saml = Arn::parse(provider).is_some_and(|arn| arn.resource.starts_with("saml-provider/"));
    (!is_saml).then_some(provider)
}

fn service(principal: &Principal) -> Option<&Text> {
    match principal {
        Principal::Service { name } => Some(name),
        _ => None,
    }
}

/// `aws:ResourceAccount`, where AWS sets it.
fn owner<'c>(principal: &'c Principal, target: &'c Target) -> Option<&'c str> {
    if target.traits().hides_the_owner {
        return None;
    }
    match target.owner() {
        Owner::Account(account) => Some(account.as_str()),
        // An account of Amazon's: which one is not known, but it is nobody else's.
        Owner::Aws => Some("000000000000"),
        Owner::Caller => {
            let is_told = target.resource() == "*" || target.is_arn();
            principal.account_ref().filter(|_| is_told).map(AccountId::as_str)
        }
    }
}
