//! Policies attached together, arranged for the question which of their statements may cover an action.

use std::ops::Deref;
use std::sync::Arc;

use iamsim_syntax::Effect;

use crate::compiled::Policy;
use crate::compiled::lane::{Lane, Slot};
use crate::compiled::reach::Reach;
use crate::request::Action;

/// Policies attached together: those of a role and of nobody else, those of one level of an organization, the one
/// of a bucket. Cheap to clone; where the same ones meet many requests, make them once.
///
/// ```
/// use iamsim_engine::Policies;
///
/// assert!(Policies::default().is_empty());
/// ```
#[derive(Debug, Clone, Default)]
pub struct Policies {
    // At hand, because most policies have nothing to say of most actions.
    may_deny: Reach,
    may_allow: Reach,
    attached: Option<Arc<Attached>>,
}

#[derive(Debug)]
struct Attached {
    policies: Box<[Arc<Policy>]>,
    denies: Lane,
    allows: Lane,
}

impl Policies {
    /// These and one more.
    #[must_use]
    pub fn with(&self, policy: Arc<Policy>) -> Self {
        self.iter().cloned().chain([policy]).collect()
    }

    /// The statements with this effect; `None` when there are no policies at all.
    pub(crate) fn lane(&self, effect: Effect) -> Option<&Lane> {
        let attached = self.attached.as_ref()?;
        Some(match effect {
            Effect::Allow => &attached.allows,
            Effect::Deny => &attached.denies,
        })
    }

    /// Whether a statement with this effect may cover the action.
    pub(crate) fn may_cover(&self, effect: Effect, action: &Action) -> bool {
        let reach = match effect {
            Effect::Allow => self.may_allow,
            Effect::Deny => self.may_deny,
        };
        reach.may_share(action.reach())
    }

    fn arranged(policies: Box<[Arc<Policy>]>) -> Self {
        if policies.is_empty() {
            return Self::default();
        }
        let lane = |effect| {
            let slots = (0..).zip(&policies).flat_map(|(policy, found)| {
                (0..)
                    .zip(found.statements())
                    .map(move |(statement, found)| (Slot { policy, statement }, found))
            });
            Lane::new(slots.filter(move |(_, statement)| statement.effect == effect))
        };
        let (denies, allows) = (lane(Effect::Deny), lane(Effect::Allow));
        let (may_deny, may_allow) = (denies.reach(), allows.reach());
        let attached = Some(Arc::new(Attached { policies, denies, allows }));
        Self { may_deny, may_allow, attached }
    }
}

impl Deref for Policies {
    type Target = [Arc<Policy>];

    fn deref(&self) -> &Self::Target {
        self.attached.as_ref().map_or(&[], |attached| &attached.policies)
    }
}

impl From<Vec<Arc<Policy>>> for Policies {
    fn from(policies: Vec<Arc<Policy>>) -> Self {
        Self::arranged(policies.into())
    }
}

impl From<Arc<Policy>> for Policies {
    fn from(policy: Arc<Policy>) -> Self {
        Self::arranged(Box::new([policy]))
    }
}

impl From<Option<Arc<Policy>>> for Policies {
    fn from(policy: Option<Arc<Policy>>) -> Self {
        policy.map_or_else(Self::default, Self::from)
    }
}

impl FromIterator<Arc<Policy>> for Policies {
    fn from_iter<I: IntoIterator<Item = Arc<Policy>>>(policies: I) -> Self {
        Self::arranged(policies.into_iter().collect())
    }
}

impl<'p> IntoIterator for &'p Policies {
    type Item = &'p Arc<Policy>;
    type IntoIter = std::slice::Iter<'p, Arc<Policy>>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
