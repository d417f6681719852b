//! JSON text to a tree in which every value and key keeps its span.
//!
//! Written by hand because spans, duplicate keys and several errors at once are what this crate is for;
//! otherwise it accepts and rejects what `serde_json` does.

mod duplicates;
pub(crate) mod flat;
mod number;
mod reader;
mod slips;
mod string;
#[cfg(test)]
mod tests;

use self::flat::{Flat, NodeRef};
use crate::{Diagnostic, Span, Spanned, Text};

pub(crate) use self::reader::read;
pub use self::string::plain_length;

/// A JSON value and where it stands. YAML readers build the same tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// The value.
    pub value: Value,
    /// Where it stands, quotes and brackets included.
    pub span: Span,
}

/// A JSON value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// A number as it was written: `1e3` stays `1e3`.
    Number(Text),
    /// A string, escapes resolved.
    String(Text),
    /// An array.
    Array(Vec<Node>),
    /// An object: members in the order written, keys unique.
    Object(Vec<Member>),
}

/// One member of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The key, escapes resolved.
    pub key: Spanned<Text>,
    /// The value.
    pub value: Node,
}

impl Node {
    /// The text, if this is a string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// The member named `key`, if this is an object that has it.
    #[must_use]
    pub fn member(&self, key: &str) -> Option<&Member> {
        match &self.value {
            Value::Object(members) => members.iter().find(|member| &*member.key.value == key),
            _ => None,
        }
    }

    /// What the value is, as an error message says it: `a string`, `an object`, …
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self.value {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::String(_) => "a string",
            Value::Array(_) => "an array",
            Value::Object(_) => "an object",
        }
    }
}

/// Reads one JSON value with nothing but white space around it.
///
/// Returns the tree, unless an error leaves none, and every error found, in the order of the text. Slips
/// whose meaning is plain (a comment, a trailing comma, `True` for `true`) are errors, yet leave a tree, so
/// that what else is wrong with the document can be said at once.
#[must_use]
pub fn parse(text: &str) -> (Option<Node>, Vec<Diagnostic>) {
    let (flat, diagnostics) = read(text);
    let tree = flat.as_ref().and_then(Flat::root).map(NodeRef::to_tree);
    (tree, diagnostics)
}
