//! A JSON document as the list of its values, in the order written, each array and object before what it holds.
//!
//! Such a list is read with hardly an allocation, and no text is copied but that of strings with escapes.

use std::borrow::Cow;

use super::{Member, Node, Value};
use crate::{Span, Spanned, Text};

/// A document, or as much of it as has been read.
#[derive(Debug)]
pub(crate) struct Flat<'t>(Vec<Entry<'t>>);

/// A value, or the key of a member, which stands before the member's value.
#[derive(Debug, Clone)]
struct Entry<'t> {
    span: Span,
    kind: Kind<'t>,
}

/// What an entry is.
#[derive(Debug, Clone)]
pub(super) enum Kind<'t> {
    Null,
    Bool(bool),
    Number(&'t str),
    /// A copy where it does not stand in the text as it is.
    String(Cow<'t, str>),
    /// An array, with this many entries for what it holds.
    Array(u32),
    /// An object, with this many entries for what it holds.
    Object(u32),
}

/// A text has about one value in as many bytes.
const BYTES_TO_A_VALUE: usize = 12;

impl<'t> Flat<'t> {
    /// A document without values yet, with room for those of so long a text.
    pub(super) fn with_room(length: usize) -> Self {
        Self(Vec::with_capacity(length / BYTES_TO_A_VALUE))
    }

    /// The list of a tree.
    pub(crate) fn of(tree: &'t Node) -> Self {
        let mut flat = Self::with_room(0);
        flat.add(tree);
        flat
    }

    fn add(&mut self, node: &'t Node) {
        let kind = match &node.value {
            Value::Null => Kind::Null,
            Value::Bool(value) => Kind::Bool(*value),
            Value::Number(digits) => Kind::Number(digits),
            Value::String(text) => Kind::String(Cow::Borrowed(text)),
            Value::Array(_) => Kind::Array(0),
            Value::Object(_) => Kind::Object(0),
        };
        let number = self.push(kind, node.span);
        match &node.value {
            Value::Array(items) => items.iter().for_each(|item| self.add(item)),
            Value::Object(members) => {
                for member in members {
                    self.push(Kind::String(Cow::Borrowed(&member.key.value)), member.key.span);
                    self.add(&member.value);
                }
            }
            _ => return,
        }
        self.close(number, node.span.end);
    }

    /// Adds a value or key; answers its number.
    #[inline]
    pub(super) fn push(&mut self, kind: Kind<'t>, span: Span) -> usize {
        self.0.push(Entry { span, kind });
        self.0.len() - 1
    }

    /// Ends an array or object: all entries after its own are what it holds, and its span ends at `end`.
    pub(super) fn close(&mut self, container: usize, end: u32) {
        let inside = (self.0.len() - container - 1) as u32;
        let Some(entry) = self.0.get_mut(container) else { return };
        entry.span.end = end;
        if let Kind::Array(length) | Kind::Object(length) = &mut entry.kind {
            *length = inside;
        }
    }

    /// Takes members out of the object that was closed last, by their places in it, ascending.
    pub(super) fn remove_members(&mut self, object: usize, mut places: impl Iterator<Item = usize>) {
        let members = self.0.split_off(object + 1);
        let (mut rest, mut place, mut next) = (&members[..], 0, places.next());
        while let [_, value, ..] = rest {
            let Some((member, after)) = rest.split_at_checked(2 + value.kind.inside()) else { break };
            if next == Some(place) {
                next = places.next();
            } else {
                self.0.extend_from_slice(member);
            }
            (rest, place) = (after, place + 1);
        }
        let end = self.0.get(object).map_or(0, |entry| entry.span.end);
        self.close(object, end);
    }

    /// The outermost value.
    pub(crate) fn root(&self) -> Option<NodeRef<'_>> {
        self.node(0)
    }

    /// The members of the object with this number.
    pub(super) fn members(&self, object: usize) -> Members<'_> {
        Members(self.node(object).map_or(Items(&[]), |object| object.items()))
    }

    /// The value or key that was added last.
    pub(super) fn last(&self) -> Option<NodeRef<'_>> {
        self.node(self.0.len().checked_sub(1)?)
    }

    /// The value or key with this number.
    fn node(&self, number: usize) -> Option<NodeRef<'_>> {
        Items(self.0.get(number..)?).next()
    }
}

impl Kind<'_> {
    /// How many entries there are for what the value holds.
    fn inside(&self) -> usize {
        match self {
            Self::Array(length) | Self::Object(length) => *length as usize,
            _ => 0,
        }
    }
}

/// A value of a document.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NodeRef<'f> {
    entry: &'f Entry<'f>,
    /// The entries of what it holds.
    inside: &'f [Entry<'f>],
}

/// What a value is.
#[derive(Debug, Clone, Copy)]
pub(crate) enum ValueRef<'f> {
    Null,
    Bool(bool),
    Number(&'f str),
    String(&'f str),
    Array(Items<'f>),
    Object(Members<'f>),
}

/// One member of an object.
#[derive(Debug, Clone, Copy)]
pub(crate) struct MemberRef<'f> {
    pub(crate) key: Spanned<&'f str>,
    pub(crate) value: NodeRef<'f>,
}

impl<'f> NodeRef<'f> {
    /// Where it stands, quotes and brackets included.
    pub(crate) fn span(&self) -> Span {
        self.entry.span
    }

    pub(crate) fn value(&self) -> ValueRef<'f> {
        match &self.entry.kind {
            Kind::Null => ValueRef::Null,
            Kind::Bool(value) => ValueRef::Bool(*value),
            Kind::Number(digits) => ValueRef::Number(digits),
            Kind::String(text) => ValueRef::String(text),
            Kind::Array(_) => ValueRef::Array(self.items()),
            Kind::Object(_) => ValueRef::Object(Members(self.items())),
        }
    }

    /// The text, if this is a string.
    pub(crate) fn as_str(&self) -> Option<&'f str> {
        match &self.entry.kind {
            Kind::String(text) => Some(text),
            _ => None,
        }
    }

    /// The text of a string or number.
    pub(super) fn text(&self) -> &'f str {
        match &self.entry.kind {
            Kind::String(text) => text,
            Kind::Number(digits) => digits,
            Kind::Null | Kind::Bool(_) | Kind::Array(_) | Kind::Object(_) => "",
        }
    }

    fn items(&self) -> Items<'f> {
        Items(self.inside)
    }

    /// What the value is, as an error message says it: `a string`, `an object`, …
    pub(crate) fn kind(&self) -> &'static str {
        match self.entry.kind {
            Kind::Null => "null",
            Kind::Bool(_) => "a boolean",
            Kind::Number(_) => "a number",
            Kind::String(_) => "a string",
            Kind::Array(_) => "an array",
            Kind::Object(_) => "an object",
        }
    }

    /// The value as a tree of its own.
    pub(super) fn to_tree(self) -> Node {
        let value = match self.value() {
            ValueRef::Null => Value::Null,
            ValueRef::Bool(value) => Value::Bool(value),
            ValueRef::Number(digits) => Value::Number(digits.into()),
            ValueRef::String(text) => Value::String(text.into()),
            ValueRef::Array(items) => Value::Array(list(items, Self::to_tree)),
            ValueRef::Object(members) => {
                let tree = |MemberRef { key, value }: MemberRef<'_>| Member {
                    key: key.map(Text::from),
                    value: value.to_tree(),
                };
                Value::Object(list(members, tree))
            }
        };
        Node { value, span: self.span() }
    }
}

/// What becomes of each, in a list of the right length.
fn list<I: Iterator + Copy, T>(items: I, each: impl FnMut(I::Item) -> T) -> Vec<T> {
    let mut list = Vec::with_capacity(items.count());
    list.extend(items.map(each));
    list
}

/// The items of an array.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Items<'f>(&'f [Entry<'f>]);

impl Items<'_> {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// More than there are, if they are arrays or objects.
    pub(crate) fn most(&self) -> usize {
        self.0.len()
    }
}

impl<'f> Iterator for Items<'f> {
    type Item = NodeRef<'f>;

    #[inline]
    fn next(&mut self) -> Option<NodeRef<'f>> {
        let (entry, after) = self.0.split_first()?;
        let (inside, rest) = after.split_at_checked(entry.kind.inside())?;
        self.0 = rest;
        Some(NodeRef { entry, inside })
    }
}

/// The members of an object.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Members<'f>(Items<'f>);

impl<'f> Members<'f> {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The member named `key`.
    pub(crate) fn named(mut self, key: &str) -> Option<MemberRef<'f>> {
        self.find(|member| member.key.value == key)
    }
}

impl<'f> Iterator for Members<'f> {
    type Item = MemberRef<'f>;

    fn next(&mut self) -> Option<MemberRef<'f>> {
        let key = self.0.next()?;
        Some(MemberRef { key: Spanned::new(key.text(), key.span()), value: self.0.next()? })
    }
}
