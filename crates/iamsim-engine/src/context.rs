//! The request context: what AWS knows about a request besides who, what and on what.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>

use std::borrow::Cow;

/// A context key, compared without case, its tag part included.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Key {
    hash: u64,
    folded: Box<str>,
}

impl Key {
    /// Folds `name`.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self { hash: hash(name), folded: name.to_lowercase().into() }
    }

    /// The folded name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.folded
    }
}

/// FNV-1a of the folded name: stable over machines, and quick on names of this length.
fn hash(name: &str) -> u64 {
    if !name.is_ascii() {
        return fnv(name.to_lowercase().bytes());
    }
    fnv(name.bytes().map(|byte| byte.to_ascii_lowercase()))
}

fn fnv(bytes: impl Iterator<Item = u8>) -> u64 {
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

fn is_same(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b) || (!a.is_ascii() && a.to_lowercase() == b.to_lowercase())
}

/// What a context key holds. A key is multivalued by its definition, however many values arrive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ContextValue {
    /// A single-valued key.
    One(Box<str>),
    /// A multivalued key, perhaps with one value or none.
    Many(Vec<Box<str>>),
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

impl From<bool> for ContextValue {
    fn from(value: bool) -> Self {
        Self::One(if value { "true" } else { "false" }.into())
    }
}

impl FromIterator<String> for ContextValue {
    fn from_iter<I: IntoIterator<Item = String>>(values: I) -> Self {
        Self::Many(values.into_iter().map(Into::into).collect())
    }
}

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
    name: Cow<'static, str>,
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
            Err(at) => {
                self.entries
                    .insert(at, Entry { hash, name: Cow::Owned(name.to_owned()), value: value.into() });
            }
        }
    }

    /// Sets a key that is not there yet.
    pub fn insert_if_absent(&mut self, name: &str, value: impl Into<ContextValue>) {
        let hash = hash(name);
        if let Err(at) = self.find(hash, name) {
            self.entries.insert(at, Entry { hash, name: Cow::Owned(name.to_owned()), value: value.into() });
        }
    }

    /// As [`Context::insert_if_absent`], for a key known beforehand.
    pub(crate) fn fill(&mut self, name: &'static str, value: impl Into<ContextValue>) {
        let hash = hash(name);
        if let Err(at) = self.find(hash, name) {
            self.entries.insert(at, Entry { hash, name: Cow::Borrowed(name), value: value.into() });
        }
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
        let at = self.find(key.hash, &key.folded).ok()?;
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
        let first = self.entries.partition_point(|entry| entry.hash < hash);
        let same = self.entries.iter().skip(first).take_while(|entry| entry.hash == hash);
        let mut at = first;
        for entry in same {
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
    let folded = name.to_ascii_lowercase();
    folded.starts_with("aws:").then(|| MULTIVALUED.contains(&&*folded))
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
