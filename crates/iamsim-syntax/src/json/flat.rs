//! A JSON document as the list of its values, in the order written, each array and object before what it holds.
//!
//! Such a list is read with hardly an allocation, and no text is copied but that of strings with escapes.

use std::borrow::Cow;

use super::{Member, Node, Value};
use crate::{Span, Spanned};

/// A document, or as much of it as has been read.
#[derive(Debug)]
pub(crate) struct Flat<'t> {
    /// What was read.
    text: &'t str,
    entries: Vec<Entry>,
    /// The texts that do not stand in the document as they are.
    apart: Vec<Cow<'t, str>>,
}

/// A value, or the key of a member, which stands before the member's value.
#[derive(Debug, Clone, Copy)]
struct Entry {
    span: Span,
    kind: Kind,
}

/// What an entry is.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    Null,
    Bool(bool),
    /// The digits are what stands at the span.
    Number,
    /// The digits are kept apart, under this number.
    NumberApart(u32),
    /// The text is what stands between the quotes at the span.
    String,
    /// The text is kept apart, under this number.
    StringApart(u32),
    /// An array, with this many entries for what it holds.
    Array(u32),
    /// An object, with this many entries for what it holds.
    Object(u32),
}

/// A text has about one value in as many bytes.
const BYTES_TO_A_VALUE: usize = 12;

impl<'t> Flat<'t> {
    /// A document without values yet, of this text.
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, entries: Vec::with_capacity(text.len() / BYTES_TO_A_VALUE), apart: Vec::new() }
    }

    /// The list of a tree.
    pub(crate) fn of(tree: &'t Node) -> Self {
        let mut flat = Self::new("");
        flat.add(tree);
        flat
    }

    fn add(&mut self, node: &'t Node) {
        let before = self.entries.len();
        let kind = match &node.value {
            Value::Null => Kind::Null,
            Value::Bool(value) => Kind::Bool(*value),
            Value::Number(digits) => Kind::NumberApart(self.keep((&**digits).into())),
            Value::String(text) => Kind::StringApart(self.keep((&**text).into())),
            Value::Array(_) => Kind::Array(0),
            Value::Object(_) => Kind::Object(0),
        };
        self.push(kind, node.span);
        match &node.value {
            Value::Array(items) => items.iter().for_each(|item| self.add(item)),
            Value::Object(members) => {
                for member in members {
                    let key = self.keep((&*member.key.value).into());
                    self.push(Kind::StringApart(key), member.key.span);
                    self.add(&member.value);
                }
            }
            _ => return,
        }
        self.close(before, node.span.end);
    }

    /// Adds a value or key; answers its number.
    pub(super) fn push(&mut self, kind: Kind, span: Span) -> usize {
        self.entries.push(Entry { span, kind });
        self.entries.len() - 1
    }

    /// Keeps a text apart; answers its number.
    pub(super) fn keep(&mut self, text: Cow<'t, str>) -> u32 {
        self.apart.push(text);
        // No text is so long that it has more strings.
        (self.apart.len() - 1) as u32
    }

    /// Ends an array or object: all entries after its own are what it holds, and its span ends at `end`.
    pub(super) fn close(&mut self, container: usize, end: u32) {
        let inside = (self.entries.len() - container - 1) as u32;
        let Some(entry) = self.entries.get_mut(container) else { return };
        entry.span.end = end;
        if let Kind::Array(length) | Kind::Object(length) = &mut entry.kind {
            *length = inside;
        }
    }

    /// Takes members out of the object that was closed last, by their places in it, ascending.
    pub(super) fn remove_members(&mut self, object: usize, mut places: impl Iterator<Item = usize>) {
        let members = self.entries.split_off(object + 1);
        let (mut rest, mut place, mut next) = (&members[..], 0, places.next());
        while let [_, value, ..] = rest {
            let Some((member, after)) = rest.split_at_checked(2 + value.kind.inside()) else { break };
            if next == Some(place) {
                next = places.next();
            } else {
                self.entries.extend_from_slice(member);
            }
            (rest, place) = (after, place + 1);
        }
        let end = self.entries.get(object).map_or(0, |entry| entry.span.end);
        self.close(object, end);
    }

    /// The text of a string or number.
    pub(super) fn text(&self, kind: Kind, Span { start, end }: Span) -> &str {
        let text = match kind {
            Kind::StringApart(number) | Kind::NumberApart(number) => {
                return self.apart.get(number as usize).map_or("", |text| text);
            }
            Kind::String => self.text.get(start as usize + 1..(end as usize).saturating_sub(1)),
            _ => self.text.get(start as usize..end as usize),
        };
        text.unwrap_or_default()
    }

    /// The outermost value.
    pub(crate) fn root(&self) -> Option<NodeRef<'_>> {
        self.node(0)
    }

    /// The value with this number.
    pub(super) fn node(&self, at: usize) -> Option<NodeRef<'_>> {
        self.entries.get(at).map(|entry| NodeRef { flat: self, at, entry })
    }
}

impl Kind {
    /// How many entries there are for what the value holds.
    fn inside(self) -> usize {
        match self {
            Self::Array(length) | Self::Object(length) => length as usize,
            _ => 0,
        }
    }
}

/// A value of a document.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NodeRef<'f> {
    flat: &'f Flat<'f>,
    at: usize,
    entry: &'f Entry,
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
        match self.entry.kind {
            Kind::Null => ValueRef::Null,
            Kind::Bool(value) => ValueRef::Bool(value),
            Kind::Number | Kind::NumberApart(_) => ValueRef::Number(self.text()),
            Kind::String | Kind::StringApart(_) => ValueRef::String(self.text()),
            Kind::Array(_) => ValueRef::Array(self.items()),
            Kind::Object(_) => ValueRef::Object(Members(self.items())),
        }
    }

    /// The text, if this is a string.
    pub(crate) fn as_str(&self) -> Option<&'f str> {
        match self.entry.kind {
            Kind::String | Kind::StringApart(_) => Some(self.text()),
            _ => None,
        }
    }

    /// The text of a string or number.
    pub(super) fn text(&self) -> &'f str {
        self.flat.text(self.entry.kind, self.entry.span)
    }

    fn items(&self) -> Items<'f> {
        let next = self.at + 1;
        Items { flat: self.flat, next, end: next + self.entry.kind.inside() }
    }

    /// The members, if this is an object.
    pub(super) fn members(&self) -> Members<'f> {
        match self.value() {
            ValueRef::Object(members) => members,
            _ => Members(Items { flat: self.flat, next: self.at, end: self.at }),
        }
    }

    /// What the value is, as an error message says it: `a string`, `an object`, …
    pub(crate) fn kind(&self) -> &'static str {
        match self.entry.kind {
            Kind::Null => "null",
            Kind::Bool(_) => "a boolean",
            Kind::Number | Kind::NumberApart(_) => "a number",
            Kind::String | Kind::StringApart(_) => "a string",
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
            ValueRef::Array(items) => Value::Array(items.map(Self::to_tree).collect()),
            ValueRef::Object(members) => {
                let tree = |MemberRef { key, value }: MemberRef<'_>| Member {
                    key: key.map(Box::from),
                    value: value.to_tree(),
                };
                Value::Object(members.map(tree).collect())
            }
        };
        Node { value, span: self.span() }
    }
}

/// The items of an array.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Items<'f> {
    flat: &'f Flat<'f>,
    next: usize,
    end: usize,
}

impl Items<'_> {
    pub(crate) fn is_empty(&self) -> bool {
        self.next == self.end
    }

    /// More than there are, if they are arrays or objects.
    pub(crate) fn most(&self) -> usize {
        self.end - self.next
    }
}

impl<'f> Iterator for Items<'f> {
    type Item = NodeRef<'f>;

    fn next(&mut self) -> Option<NodeRef<'f>> {
        if self.is_empty() {
            return None;
        }
        let node = self.flat.node(self.next)?;
        self.next += 1 + node.entry.kind.inside();
        Some(node)
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
