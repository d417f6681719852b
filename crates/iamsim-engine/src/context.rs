//! The request context: what AWS knows about a request besides who, what and on what.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>

use crate::name::{hash, hash_ascii, is_same};

/// Text of a request: short ones are stored in place, longer ones shared, so that it is cheap to copy.
pub type Text = smol_str::SmolStr;

/// A context key, compared without case, its tag part included.
#[derive(Debug, Clone)]
pub struct Key {
    hash: u64,
    name: Box<str>,
}

impl Key {
    /// The key of this name.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self { hash: hash(name), name: name.into() }
    }

    /// The name as it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.name
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.hash == other.hash && is_same(&self.name, &other.name)
    }
}

impl Eq for Key {}

/// A key known beforehand.
#[derive(Debug, Clone, Copy)]
pub(crate) struct KnownKey {
    hash: u64,
    name: &'static str,
}

impl KnownKey {
    pub(crate) const fn new(name: &'static str) -> Self {
        Self { hash: hash_ascii(name), name }
    }
}

/// What a context key holds. A key is multivalued by its definition, however many values arrive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ContextValue {
    /// A single-valued key.
    One(Text),
    /// A multivalued key, perhaps with one value or none.
    Many(Vec<Text>),
}

impl From<&str> for ContextValue {
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

impl FromIterator<String> for ContextValue {
    fn from_iter<I: IntoIterator<Item = String>>(values: I) -> Self {
        Self::Many(values.into_iter().map(Into::into).collect())
    }
}

/// Room for the keys that follow from caller and resource, and as many besides.
const USUAL_SIZE: usize = 16;

/// The keys of a request and their values.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Context {
    /// Ordered by the keys' hashes.
    entries: Vec<Entry>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    hash: u64,
    /// As it was written.
    name: Text,
    value: ContextValue,
}

impl Context {
    /// A context without keys.
    #[must_use]
    pub const fn new() -> Self {
        Self { entries: Vec::new() }
    }

    /// Sets a key, replacing what it held.
    pub fn insert(&mut self, name: &str, value: impl Into<ContextValue>) {
        let hash = hash(name);
        match self.find(hash, name) {
            Ok(at) => {
                if let Some(entry) = self.entries.get_mut(at) {
                    entry.value = value.into();
                }
            }
            Err(at) => self.add(at, Entry { hash, name: name.into(), value: value.into() }),
        }
    }

    /// Sets a key that is not there yet.
    pub fn insert_if_absent(&mut self, name: &str, value: impl Into<ContextValue>) {
        let hash = hash(name);
        if let Err(at) = self.find(hash, name) {
            self.add(at, Entry { hash, name: name.into(), value: value.into() });
        }
    }

    /// As [`Context::insert_if_absent`], for a key known beforehand.
    pub(crate) fn fill(&mut self, key: KnownKey, value: impl Into<ContextValue>) {
        if let Err(at) = self.find(key.hash, key.name) {
            self.add(at, Entry { hash: key.hash, name: Text::new_static(key.name), value: value.into() });
        }
    }

    fn add(&mut self, at: usize, entry: Entry) {
        if self.entries.capacity() == 0 {
            self.entries.reserve(USUAL_SIZE);
        }
        self.entries.insert(at, entry);
    }

    /// Takes a key out.
    pub fn remove(&mut self, name: &str) -> Option<ContextValue> {
        let at = self.find(hash(name), name).ok()?;
        Some(self.entries.remove(at).value)
    }

    /// Whether the key is there.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.find(hash(name), name).is_ok()
    }

    /// What a key holds.
    #[must_use]
    pub fn lookup(&self, key: &Key) -> Option<&ContextValue> {
        let at = self.find(key.hash, &key.name).ok()?;
        self.entries.get(at).map(|entry| &entry.value)
    }

    /// The text of a single-valued key.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        let at = self.find(hash(name), name).ok()?;
        match &self.entries.get(at)?.value {
            ContextValue::One(text) => Some(text),
            ContextValue::Many(_) => None,
        }
    }

    /// Every key with its value, by name.
    #[must_use]
    pub fn iter(&self) -> std::vec::IntoIter<(&str, &ContextValue)> {
        let mut entries: Vec<_> = self.entries.iter().map(|entry| (&*entry.name, &entry.value)).collect();
        entries.sort_unstable_by_key(|(name, _)| *name);
        entries.into_iter()
    }

    /// Where the key is, or would be. Names with the same hash are told apart by comparing them.
    fn find(&self, hash: u64, name: &str) -> Result<usize, usize> {
        let mut at = self.entries.partition_point(|entry| entry.hash < hash);
        while let Some(entry) = self.entries.get(at).filter(|entry| entry.hash == hash) {
            if is_same(&entry.name, name) {
                return Ok(at);
            }
            at += 1;
        }
        Err(at)
    }
}

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
    fn a_global_key_is_multivalued_by_definition() {
        assert_eq!(is_multivalued("AWS:TagKeys"), Some(true));
        assert_eq!(is_multivalued("aws:RequestTag/team"), Some(false));
        assert_eq!(is_multivalued("s3:prefix"), None);
    }
}
