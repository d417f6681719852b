//! What an action, or a pattern for actions, is about, in a few bits: enough to pass most of the others by.

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

/// What small letters have and capital ones do not.
const CASE: u8 = 0x20;

impl Aim {
    /// Reads a text in whatever case.
    pub(crate) fn of(text: &str) -> Self {
        let (mut packed, mut wild) = (0_u64, false);
        let mut rest = text.as_bytes();
        while let Some((byte, after)) = rest.split_first() {
            match byte {
                b':' => {
                    let service = (!wild).then_some(packed);
                    let services = service.map_or(u64::MAX, bit);
                    let beginnings = after.first_chunk().map_or(u64::MAX, beginnings);
                    return Self { service, reach: Reach { services, beginnings } };
                }
                b'*' | b'?' => wild = true,
                letter => packed = packed.rotate_left(8) ^ u64::from(letter | CASE),
            }
            rest = after;
        }
        Self { service: None, reach: Reach::ALL }
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

/// The bits of what begins so, in whatever case.
fn beginnings(beginning: &[u8; BEGINNING]) -> u64 {
    if beginning.map(|byte| matches!(byte, b'*' | b'?')).contains(&true) {
        return u64::MAX;
    }
    bit(beginning.iter().rev().fold(0, |packed, byte| (packed << 8) | u64::from(byte | CASE)))
}

/// One bit for a name; the factor was found by trying: it keeps thirty usual services apart, and thirty usual verbs.
fn bit(packed: u64) -> u64 {
    1 << (packed.wrapping_mul(0x2a60_0972_0878_42b3) >> 58)
}
