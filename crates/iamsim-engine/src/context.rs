//! The request context: what AWS knows about a request besides who, what and on what.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>

use std::sync::Arc;

pub use iamsim_syntax::Text;

use crate::name::is_same;
use crate::request_context::ValueRef;

mod kept;
mod key;
mod value;

use kept::{Kept, Stretch, Value};
pub(crate) use key::Number;
use key::Sought;
pub use key::{Key, KnownKey};
pub use value::{ContextValue, Given};

/// Room for the keys of most requests: as much as allocators still take for little.
const USUAL_SIZE: usize = 16;

/// The keys of a request and their values.
#[derive(Debug, Clone, Default)]
pub struct Context {
    kept: Kept,
    /// What the known keys hold, in the order in which they came.
    known: Vec<Value>,
    places: Places,
    /// The names of known keys that are written otherwise than AWS does.
    spellings: Vec<(Number, Stretch)>,
    /// All other keys, by the hashes of their names.
    others: Vec<Other>,
    /// How many values have been replaced since everything was last put together, and are still kept.
    replaced: usize,
}

/// For each known key, where its value is, counted from 1; 0 when it has none.
#[derive(Debug, Clone)]
struct Places([u8; key::COUNT]);

/// A key that is not known, and what it holds.
#[derive(Debug, Clone, Copy)]
struct Other {
    hash: u64,
    name: Stretch,
    value: Value,
}

impl Default for Places {
    fn default() -> Self {
        Self::NONE
    }
}

impl Places {
    const NONE: Self = Self([0; key::COUNT]);

    #[inline]
    fn find(&self, number: Number) -> Option<usize> {
        usize::from(*self.0.get(number.index())?).checked_sub(1)
    }

    /// Notes that the value of a key comes after so many others.
    #[inline]
    fn set(&mut self, number: Number, before: usize) {
        if let Some(place) = self.0.get_mut(number.index()) {
            *place = before as u8 + 1;
        }
    }
}

const _: () = assert!(key::COUNT < u8::MAX as usize, "the values of known keys have places");

impl Context {
    /// A context without keys.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            kept: Kept::NOTHING,
            known: Vec::new(),
            places: Places::NONE,
            spellings: Vec::new(),
            others: Vec::new(),
            replaced: 0,
        }
    }

    /// Sets a key, replacing what it held.
    #[inline]
    pub fn insert<'v>(&mut self, name: &str, value: impl Into<Given<'v>>) {
        match value.into() {
            Given::One(text) => self.set_text(name, &text),
            Given::Many(texts) => self.set_list(name, texts),
        }
    }

    fn set_text(&mut self, name: &str, text: &str) {
        let value = self.kept.keep_text(text);
        // Apart, because it is the case of most keys.
        match Sought::new(name) {
            Sought::Usual(key) if !self.has(key) => self.add_known(key.number, value),
            key => self.add_or_change(&key, value),
        }
    }

    fn set_list(&mut self, name: &str, texts: Arc<[Text]>) {
        let value = self.kept.keep_list(texts);
        self.add_or_change(&Sought::new(name), value);
    }

    fn add_or_change(&mut self, key: &Sought<'_>, value: Value) {
        let Some(held) = self.value_mut(key) else { return self.add(key, value) };
        *held = value;
        self.replaced += 1;
        // Not each time, so that it costs little however many are replaced.
        if self.replaced > self.known.len() + self.others.len() + USUAL_SIZE {
            *self = self.without(None);
        }
    }

    /// Sets a key that is not there yet. Says whether it was not.
    #[inline]
    pub fn insert_if_absent<'v>(&mut self, name: &str, value: impl Into<Given<'v>>) -> bool {
        match Sought::new(name) {
            Sought::Usual(key) => {
                let is_absent = !self.has(key);
                self.fill(key, value);
                is_absent
            }
            key => self.add_if_absent(&key, value.into()),
        }
    }

    /// As [`Context::insert_if_absent`], for a key known beforehand.
    #[inline]
    pub fn fill<'v>(&mut self, key: KnownKey, value: impl Into<Given<'v>>) {
        if self.has(key) {
            return;
        }
        match value.into() {
            Given::One(text) => self.add_known_text(key.number, &text),
            Given::Many(texts) => self.add_known_list(key.number, texts),
        }
    }

    /// As [`Context::insert_if_absent`], for a key whose name is looked at once for many requests.
    #[inline]
    pub fn insert_key_if_absent<'v>(&mut self, key: &Key, value: impl Into<Given<'v>>) {
        match key.sought() {
            Sought::Usual(key) => self.fill(key, value),
            key => _ = self.add_if_absent(&key, value.into()),
        }
    }

    /// Whether there is no key at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.known.is_empty() && self.others.is_empty()
    }

    /// As [`Context::contains`], for a key known beforehand.
    #[must_use]
    #[inline]
    pub fn has(&self, key: KnownKey) -> bool {
        self.places.find(key.number).is_some()
    }

    fn add_if_absent(&mut self, key: &Sought<'_>, value: Given<'_>) -> bool {
        let is_absent = self.value(key).is_none();
        if is_absent {
            let value = self.kept.keep(value);
            self.add(key, value);
        }
        is_absent
    }

    fn add(&mut self, key: &Sought<'_>, value: Value) {
        match *key {
            Sought::Usual(key) => self.add_known(key.number, value),
            Sought::Other { number: Some(number), name, .. } => {
                let spelling = self.kept.append(name);
                self.spellings.push((number, spelling));
                self.add_known(number, value);
            }
            Sought::Other { number: None, hash, name } => {
                let name = self.kept.append(name);
                let place = self.others.partition_point(|other| other.hash < hash);
                self.others.insert(place, Other { hash, name, value });
            }
        }
    }

    fn add_known_text(&mut self, number: Number, text: &str) {
        let value = self.kept.keep_text(text);
        self.add_known(number, value);
    }

    fn add_known_list(&mut self, number: Number, texts: Arc<[Text]>) {
        let value = self.kept.keep_list(texts);
        self.add_known(number, value);
    }

    #[inline]
    fn add_known(&mut self, number: Number, value: Value) {
        if self.known.is_empty() {
            self.known = Vec::with_capacity(USUAL_SIZE);
        }
        self.places.set(number, self.known.len());
        self.known.push(value);
    }

    /// Takes a key out.
    pub fn remove(&mut self, name: &str) -> Option<ContextValue> {
        let key = Sought::new(name);
        let value = self.kept.view(self.value(&key)?).to_owned();
        *self = self.without(Some(&key));
        Some(value)
    }

    /// The same without a key, and without what is no more needed.
    fn without(&self, left_out: Option<&Sought<'_>>) -> Self {
        let mut context = Self::new();
        for (name, held) in self.entries() {
            let entry = Sought::new(name);
            if left_out.is_none_or(|left_out| *left_out != entry) {
                let value = context.kept.keep(self.kept.given(*held));
                context.add(&entry, value);
            }
        }
        context
    }

    /// Whether the key is there.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.value(&Sought::new(name)).is_some()
    }

    /// What a key holds.
    #[must_use]
    #[inline]
    pub fn lookup(&self, key: &Key) -> Option<ValueRef<'_>> {
        match key.number {
            Some(number) => self.known_value(number),
            None => self.other(key.hash, key.as_str()),
        }
        .map(|value| self.kept.view(value))
    }

    /// The text of a single-valued key.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.kept.view(self.value(&Sought::new(name))?).text()
    }

    /// As [`Context::text`], for a key known beforehand.
    pub(crate) fn known_text(&self, key: KnownKey) -> Option<&str> {
        self.known(key)?.text()
    }

    /// As [`Context::lookup`], for a key known beforehand.
    #[inline]
    pub(crate) fn known(&self, key: KnownKey) -> Option<ValueRef<'_>> {
        Some(self.kept.view(self.known_value(key.number)?))
    }

    /// Every key with its value, by name.
    #[must_use]
    pub fn iter(&self) -> std::vec::IntoIter<(&str, ValueRef<'_>)> {
        let mut entries: Vec<_> = self.entries().map(|(name, value)| (name, self.kept.view(value))).collect();
        entries.sort_unstable_by_key(|(name, _)| *name);
        entries.into_iter()
    }

    fn entries(&self) -> impl Iterator<Item = (&str, &Value)> {
        let known = KnownKey::all().take(if self.known.is_empty() { 0 } else { key::COUNT });
        let known = known.filter_map(|key| {
            let value = self.known.get(self.places.find(key.number)?)?;
            let spelling = self.spellings.iter().find(|(number, _)| *number == key.number);
            Some((spelling.map_or(key.name, |(_, name)| self.kept.stretch(*name)), value))
        });
        known.chain(self.others.iter().map(|other| (self.kept.stretch(other.name), &other.value)))
    }

    #[inline]
    fn value(&self, key: &Sought<'_>) -> Option<&Value> {
        match *key {
            Sought::Usual(KnownKey { number, .. }) | Sought::Other { number: Some(number), .. } => {
                self.known_value(number)
            }
            Sought::Other { number: None, hash, name } => self.other(hash, name),
        }
    }

    #[inline]
    fn known_value(&self, number: Number) -> Option<&Value> {
        self.known.get(self.places.find(number)?)
    }

    fn other(&self, hash: u64, name: &str) -> Option<&Value> {
        Some(&self.others.get(self.place_of_other(hash, name)?)?.value)
    }

    fn place_of_other(&self, hash: u64, name: &str) -> Option<usize> {
        let first = self.others.partition_point(|other| other.hash < hash);
        let mut alike = self.others.get(first..)?.iter().take_while(|other| other.hash == hash);
        // Names with the same hash are told apart by comparing them.
        Some(first + alike.position(|other| is_same(self.kept.stretch(other.name), name))?)
    }

    fn value_mut(&mut self, key: &Sought<'_>) -> Option<&mut Value> {
        match *key {
            Sought::Usual(KnownKey { number, .. }) | Sought::Other { number: Some(number), .. } => {
                self.known.get_mut(self.places.find(number)?)
            }
            Sought::Other { number: None, hash, name } => {
                let place = self.place_of_other(hash, name)?;
                Some(&mut self.others.get_mut(place)?.value)
            }
        }
    }
}

/// The same keys with the same values, in whatever order they were set.
impl PartialEq for Context {
    fn eq(&self, other: &Self) -> bool {
        let mut count = 0;
        let are_there = self.entries().all(|(name, value)| {
            count += 1;
            let there = other.value(&Sought::new(name)).map(|there| other.kept.view(there));
            there == Some(self.kept.view(value))
        });
        are_there && other.entries().count() == count
    }
}

impl Eq for Context {}

impl<'v, N: AsRef<str>, V: Into<Given<'v>>> FromIterator<(N, V)> for Context {
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
    fn a_name_is_kept_as_it_was_written_first() {
        let entries = [("AWS:sourceIP", "a"), ("aws:SourceIp", "b"), ("x:Y", "c"), ("X:y", "d")];
        let context: Context = entries.into_iter().collect();
        let names: Vec<_> = context.iter().map(|(name, value)| (name, value.text().unwrap())).collect();
        assert_eq!(names, [("AWS:sourceIP", "b"), ("x:Y", "d")]);
    }

    #[test]
    fn what_is_taken_out_is_not_kept() {
        let fresh: Context = [("aws:SourceIp", "203.0.113.7"), ("x:y", "z")].into_iter().collect();
        let mut changed = fresh.clone();
        changed.insert("aws:sourceip", "203.0.113.8");
        changed.insert("x:y", ContextValue::from_iter(["a", "b"]));
        changed.insert("x:other", "value");
        changed.insert("x:y", "z");
        changed.insert("aws:SourceIp", "203.0.113.7");
        changed.remove("X:OTHER");
        assert_eq!(changed, fresh);
        assert_eq!(format!("{changed:?}"), format!("{fresh:?}"));
    }

    #[test]
    fn what_is_replaced_is_not_kept_for_long() {
        let mut context = Context::new();
        for at in 0..1_000 {
            context.insert("aws:SourceIp", format!("203.0.113.{at}"));
            context.insert("x:y", at.to_string());
            context.insert("x:z", ContextValue::from_iter([at.to_string()]));
        }
        assert_eq!((context.text("aws:SourceIp"), context.text("x:y")), (Some("203.0.113.999"), Some("999")));
        assert!(format!("{context:?}").len() < 3_000, "{context:?}");
    }

    #[test]
    fn a_global_key_is_multivalued_by_definition() {
        assert_eq!(is_multivalued("AWS:TagKeys"), Some(true));
        assert_eq!(is_multivalued("aws:RequestTag/team"), Some(false));
        assert_eq!(is_multivalued("s3:prefix"), None);
    }
}
