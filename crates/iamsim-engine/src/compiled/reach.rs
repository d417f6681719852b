//! What an action, or a pattern for actions, is about, in a few bits: enough to pass most of the others by.

use crate::name::hash;

/// The service of an action or pattern, and what the pattern may reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Aim {
    /// The hash of the service, when it names exactly one.
    pub(crate) service: Option<u64>,
    pub(crate) reach: Reach,
}

/// A set of actions that never lacks one it should have: the services they are of, and how their names begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Reach {
    services: u64,
    beginnings: u64,
}

/// So many letters of an action's name tell `Get` from `Put`.
const BEGINNING: usize = 3;

impl Aim {
    /// Reads a text in whatever case.
    pub(crate) fn of(text: &str) -> Self {
        let Some(colon) = text.bytes().position(|byte| byte == b':') else {
            return Self { service: None, reach: Reach::ALL };
        };
        let service = text.get(..colon).filter(|service| !service.bytes().any(is_wild)).map(hash);
        let services = service.map_or(u64::MAX, |hash| 1 << (hash >> 58));
        let beginning = text.as_bytes().get(colon + 1..).and_then(|name| name.first_chunk());
        let beginnings = beginning.map_or(u64::MAX, beginnings);
        Self { service, reach: Reach { services, beginnings } }
    }
}

impl Reach {
    pub(crate) const ALL: Self = Self { services: u64::MAX, beginnings: u64::MAX };

    fn and(self, other: Self) -> Self {
        Self { services: self.services | other.services, beginnings: self.beginnings | other.beginnings }
    }

    pub(crate) fn may_share(self, other: Self) -> bool {
        self.services & other.services != 0 && self.beginnings & other.beginnings != 0
    }
}

impl FromIterator<Reach> for Reach {
    fn from_iter<I: IntoIterator<Item = Reach>>(sets: I) -> Self {
        sets.into_iter().fold(Self::default(), Self::and)
    }
}

/// One bit for a beginning without wildcards, in whatever case; the factor was found by trying: it keeps the
/// thirty most usual verbs apart.
fn beginnings(beginning: &[u8; BEGINNING]) -> u64 {
    let [first, second, third] = *beginning;
    if is_wild(first) || is_wild(second) || is_wild(third) {
        return u64::MAX;
    }
    let packed = u64::from(u32::from_le_bytes([first, second, third, 0]) | 0x0020_2020);
    1 << (packed.wrapping_mul(0xb313_22fd_3f2c_2631) >> 58)
}

fn is_wild(byte: u8) -> bool {
    matches!(byte, b'*' | b'?')
}
