//! The request context: what AWS knows about a request besides who, what and on what.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>

use std::sync::Arc;

pub use iamsim_syntax::Text;

use crate::name::{hash, is_same};
use crate::request_context::ValueRef;

mod key;

pub(crate) use key::Number;
use key::Spelled;
pub use key::{Key, KnownKey};

/// What a context key holds. A key is multivalued by its definition, however many values arrive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ContextValue {
    /// A single-valued key.
    One(Text),
    /// A multivalued key, perhaps with one value or none. Shared, for many requests have the same.
    Many(Arc<[Text]>),
}

impl From<&str> for ContextValue {
    #[inline]
    fn from(text: &str) -> Self {
        Self::One(text.into())
    }
}

impl From<String> for ContextValue {
    fn from(text: String) -> Self {
        Self::One(text.into())
    }
}

impl From<Text> for ContextValue {
    fn from(text: Text) -> Self {
        Self::One(text)
    }
}

impl From<bool> for ContextValue {
    fn from(value: bool) -> Self {
        Self::One(Text::new_static(if value { "true" } else { "false" }))
    }
}

impl<T: Into<Text>> FromIterator<T> for ContextValue {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        Self::Many(values.into_iter().map(Into::into).collect())
    }
}

impl ContextValue {
    /// The same, borrowed.
    #[must_use]
    #[inline]
    pub fn view(&self) -> ValueRef<'_> {
        match self {
            Self::One(text) => ValueRef::One(text),
            Self::Many(texts) => ValueRef::Many(texts),
        }
    }
}

/// Room for the keys of most requests: as much as allocators still take for little.
const USUAL_SIZE: usize = 16;

/// The keys of a request and their values.
#[derive(Debug, Clone, Default)]
pub struct Context {
    entries: Vec<Entry>,
    /// Where the entries of the known keys are.
    known: Places,
    /// The hashes of all other keys, and of those that came too late, and where their entries are, in order.
    others: Vec<(u64, u32)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    /// As it was written.
    name: Text,
    value: ContextValue,
}

/// For each known key, where its entry is, counted from 1; 0 when it has none, or one so late that it does not fit.
#[derive(Debug, Clone)]
struct Places([u8; key::COUNT]);

impl Default for Places {
    fn default() -> Self {
        Self::NONE
    }
}

impl Places {
    const NONE: Self = Self([0; key::COUNT]);

    #[inline]
    fn find(&self, number: Number) -> Option<usize> {
        let place = *self.0.get(number.index())?;
        usize::from(place).checked_sub(1)
    }

    /// Whether there was room for the place.
    fn set(&mut self, number: Number, at: u32) -> bool {
        match (self.0.get_mut(number.index()), u8::try_from(at.saturating_add(1))) {
            (Some(place), Ok(at)) => {
                *place = at;
                true
            }
            _ => false,
        }
    }
}

impl Context {
    /// A context without keys.
    #[must_use]
    pub const fn new() -> Self {
        Self { entries: Vec::new(), known: Places::NONE, others: Vec::new() }
    }

    /// Sets a key, replacing what it held.
    pub fn insert(&mut self, name: &str, value: impl Into<ContextValue>) {
        let key = Sought::new(name);
        match self.find(&key).and_then(|at| self.entries.get_mut(at)) {
            Some(entry) => entry.value = value.into(),
            None => self.add(&key, key.name.to_text(), value.into()),
        }
    }

    /// Sets a key that is not there yet. Says whether it was not.
    pub fn insert_if_absent(&mut self, name: &str, value: impl Into<ContextValue>) -> bool {
        let key = Sought::new(name);
        let is_absent = self.find(&key).is_none();
        if is_absent {
            self.add(&key, key.name.to_text(), value.into());
        }
        is_absent
    }

    /// As [`Context::insert_if_absent`], for a key known beforehand.
    pub fn fill(&mut self, key: KnownKey, value: impl Into<ContextValue>) {
        let sought = Sought::known(key);
        if self.find(&sought).is_none() {
            self.add(&sought, Text::new_static(key.name), value.into());
        }
    }

    /// As [`Context::insert_if_absent`], for a key whose name is looked at once for many requests.
    pub fn insert_key_if_absent(&mut self, key: &Key, value: impl Into<ContextValue>) {
        let sought = Sought::of(key);
        if self.find(&sought).is_none() {
            self.add(&sought, key.name.clone(), value.into());
        }
    }

    /// As [`Context::contains`], for a key known beforehand.
    #[must_use]
    pub fn has(&self, key: KnownKey) -> bool {
        self.find(&Sought::known(key)).is_some()
    }

    #[inline]
    fn add(&mut self, key: &Sought<'_>, name: Text, value: ContextValue) {
        // A copy has no room of its own: without this it would grow step by step.
        if self.entries.capacity() < USUAL_SIZE {
            self.entries.reserve(USUAL_SIZE);
        }
        // A text that makes more than 2^32 keys is refused long before.
        let at = u32::try_from(self.entries.len()).unwrap_or(u32::MAX);
        if !key.number.is_some_and(|number| self.known.set(number, at)) {
            self.note(key.hash, at);
        }
        self.entries.push(Entry { name, value });
    }

    /// Notes where the entry of a key is that has no place of its own.
    fn note(&mut self, hash: u64, at: u32) {
        let place = self.others.partition_point(|other| *other < (hash, at));
        self.others.insert(place, (hash, at));
    }

    /// Takes a key out.
    pub fn remove(&mut self, name: &str) -> Option<ContextValue> {
        let at = self.find(&Sought::new(name))?;
        let value = self.entries.remove(at).value;
        let rest = std::mem::take(self);
        for Entry { name, value } in rest.entries {
            self.insert(&name, value);
        }
        Some(value)
    }

    /// Whether the key is there.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.find(&Sought::new(name)).is_some()
    }

    /// What a key holds.
    #[must_use]
    #[inline]
    pub fn lookup(&self, key: &Key) -> Option<&ContextValue> {
        self.value(&Sought::of(key))
    }

    /// The text of a single-valued key.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.value(&Sought::new(name))?.view().text()
    }

    /// As [`Context::text`], for a key known beforehand.
    pub(crate) fn known_text(&self, key: KnownKey) -> Option<&str> {
        self.known(key)?.view().text()
    }

    /// As [`Context::lookup`], for a key known beforehand.
    #[inline]
    pub(crate) fn known(&self, key: KnownKey) -> Option<&ContextValue> {
        self.value(&Sought::known(key))
    }

    #[inline]
    fn value(&self, key: &Sought<'_>) -> Option<&ContextValue> {
        self.entries.get(self.find(key)?).map(|entry| &entry.value)
    }

    /// Every key with its value, by name.
    #[must_use]
    pub fn iter(&self) -> std::vec::IntoIter<(&str, &ContextValue)> {
        let mut entries: Vec<_> = self.entries.iter().map(|entry| (&*entry.name, &entry.value)).collect();
        entries.sort_unstable_by_key(|(name, _)| *name);
        entries.into_iter()
    }

    /// Where the key's entry is.
    #[inline]
    fn find(&self, key: &Sought<'_>) -> Option<usize> {
        if let Some(number) = key.number {
            let found = self.known.find(number);
            if found.is_some() || self.entries.len() < usize::from(u8::MAX) {
                return found;
            }
        }
        self.find_by_hash(key)
    }

    /// The same, by the hash of the key's name. Names with the same hash are told apart by comparing them.
    fn find_by_hash(&self, key: &Sought<'_>) -> Option<usize> {
        let first = self.others.partition_point(|(hash, _)| *hash < key.hash);
        let alike = self.others.iter().skip(first).take_while(|(hash, _)| *hash == key.hash);
        let mut places = alike.map(|(_, at)| *at as usize);
        places.find(|at| self.entries.get(*at).is_some_and(|entry| is_same(&entry.name, key.name.as_str())))
    }
}

/// A key to be found.
struct Sought<'n> {
    hash: u64,
    number: Option<Number>,
    name: Spelled<'n>,
}

impl<'n> Sought<'n> {
    #[inline]
    fn new(name: &'n str) -> Self {
        let hash = hash(name);
        let (number, name) = key::recognize(hash, name);
        Self { hash, number, name }
    }

    #[inline]
    fn known(key: KnownKey) -> Sought<'static> {
        Sought { hash: key.number.hash(), number: Some(key.number), name: Spelled::Usual(key.name) }
    }

    #[inline]
    fn of(key: &'n Key) -> Self {
        Self { hash: key.hash, number: key.number, name: Spelled::Kept(&key.name) }
    }
}

/// The same keys with the same values, in whatever order they were set.
impl PartialEq for Context {
    fn eq(&self, other: &Self) -> bool {
        let has = |entry: &Entry| {
            let at = other.find(&Sought::new(&entry.name));
            at.and_then(|at| other.entries.get(at)).is_some_and(|there| there.value == entry.value)
        };
        self.entries.len() == other.entries.len() && self.entries.iter().all(has)
    }
}

impl Eq for Context {}

impl<N: AsRef<str>, V: Into<ContextValue>> FromIterator<(N, V)> for Context {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(entries: I) -> Self {
        let mut context = Self::new();
        for (name, value) in entries {
            context.insert(name.as_ref(), value);
        }
        context
    }
}

/// The global keys that hold several values, however many arrive.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html>
const MULTIVALUED: [&str; 8] = [
    "aws:calledvia",
    "aws:calledviaawsmcp",
    "aws:principalorgpaths",
    "aws:principalservicenameslist",
    "aws:resourceorgpaths",
    "aws:sourceorgpaths",
    "aws:tagkeys",
    "aws:vpceorgpaths",
];

/// Whether a global (`aws:`) key is multivalued; `None` for the keys of services, which the catalog knows.
#[must_use]
pub fn is_multivalued(name: &str) -> Option<bool> {
    let global = name.get(..4).is_some_and(|prefix| prefix.eq_ignore_ascii_case("aws:"));
    global.then(|| MULTIVALUED.iter().any(|key| key.eq_ignore_ascii_case(name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_compared_without_case_and_the_last_one_set_counts() {
        let context: Context =
            [("aws:ResourceTag/Dept", "a"), ("AWS:resourcetag/dept", "b")].into_iter().collect();
        assert_eq!(context.text("aws:ResourceTag/DEPT"), Some("b"));
        assert_eq!(context.iter().count(), 1);
    }

    #[test]
    fn a_known_key_is_found_behind_however_many_others() {
        let mut context: Context = (0..300).map(|at| (format!("aws:RequestTag/{at}"), "x")).collect();
        context.insert("aws:SourceIp", "203.0.113.7");
        context.insert("AWS:SOURCEIP", "203.0.113.8");
        context.fill(KnownKey::SOURCE_IP, "203.0.113.9");
        assert_eq!(context.text("aws:sourceip"), Some("203.0.113.8"));
        context.remove("aws:RequestTag/7");
        assert_eq!(context.known_text(KnownKey::SOURCE_IP), Some("203.0.113.8"));
        assert_eq!(context.iter().count(), 300);
    }

    #[test]
    fn a_global_key_is_multivalued_by_definition() {
        assert_eq!(is_multivalued("AWS:TagKeys"), Some(true));
        assert_eq!(is_multivalued("aws:RequestTag/team"), Some(false));
        assert_eq!(is_multivalued("s3:prefix"), None);
    }
}
