//! Policies attached together, arranged for the question which of their statements may cover an action.

use std::ops::Deref;
use std::sync::Arc;

use iamsim_syntax::Effect;

use crate::compiled::Policy;
use crate::compiled::lane::{Lane, Slot};

/// Policies attached together: those of a role and of nobody else, those of one level of an organization, the one
/// of a bucket. Cheap to clone; where the same ones meet many requests, make them once.
///
/// ```
/// use iamsim_engine::Policies;
///
/// assert!(Policies::default().is_empty());
/// ```
#[derive(Debug, Clone, Default)]
pub struct Policies(Option<Arc<Attached>>);

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
        let attached = self.0.as_ref()?;
        Some(match effect {
            Effect::Allow => &attached.allows,
            Effect::Deny => &attached.denies,
        })
    }

    fn arranged(policies: Box<[Arc<Policy>]>) -> Self {
        if policies.is_empty() {
            return Self(None);
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
        Self(Some(Arc::new(Attached { policies, denies, allows })))
    }
}

impl Deref for Policies {
    type Target = [Arc<Policy>];

    fn deref(&self) -> &Self::Target {
        self.0.as_ref().map_or(&[], |attached| &attached.policies)
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
