//! The JSON grammar as a loop over an explicit stack, so that no input can exhaust the thread's own.

use std::borrow::Cow;

use super::{Member, Node, Text, Value, duplicates};
use crate::parse::MOST_ERRORS;
use crate::{Diagnostic, Span, Spanned, code};

/// The code of every finding that makes a text no JSON.
pub(super) const CODE: &str = code::JSON_SYNTAX_ERROR;

/// Arrays and objects may lie in each other this deep, as in `serde_json`; a policy needs eight.
const DEEPEST: usize = 127;

/// Reads `text` whole.
pub(super) fn read<'t, S: Text + From<Cow<'t, str>>>(text: &'t str) -> (Option<Node<S>>, Vec<Diagnostic>) {
    let mut reader =
        Reader { text, bytes: text.as_bytes(), at: 0, open: Vec::new(), diagnostics: Vec::new() };
    let node = reader.document().ok();
    (node, reader.diagnostics)
}

/// Reading cannot go on; why stands in the diagnostics.
pub(super) struct Stop;

/// Reads from left to right; `at` is the next byte.
pub(super) struct Reader<'t> {
    pub(super) text: &'t str,
    pub(super) bytes: &'t [u8],
    pub(super) at: usize,
    open: Vec<Open>,
    diagnostics: Vec<Diagnostic>,
}

/// An array or object whose closing bracket is yet to come.
struct Open {
    /// Where its bracket stands.
    start: usize,
    kind: Kind,
    /// How many items, or members, were held before its own.
    before: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Array,
    Object,
}

/// What all open arrays and objects hold so far, the innermost's last: lists of the right length are made of it
/// once they are complete. The last member of each open object waits for its value, if that is still to come.
struct Held<S> {
    items: Vec<Node<S>>,
    members: Vec<Member<S>>,
}

/// A value that holds no other.
pub(super) enum Scalar<'t> {
    Null,
    Bool(bool),
    Number(Cow<'t, str>),
    String(Cow<'t, str>),
}

/// What comes next.
#[derive(PartialEq, Eq)]
enum Next {
    Value,
    /// A value has just been read: the end, a comma or a closing bracket.
    Separator,
}

impl<'t> Reader<'t> {
    fn document<S: Text + From<Cow<'t, str>>>(&mut self) -> Result<Node<S>, Stop> {
        if u32::try_from(self.text.len()).is_err() {
            let diagnostic =
                Diagnostic::error(CODE, Span::default(), "the text is longer than four gigabytes");
            return self.stop(diagnostic);
        }
        self.byte_order_mark()?;
        self.skip_space()?;
        if self.peek().is_none() {
            return self.stop(Diagnostic::error(CODE, self.span_from(self.at), "the text is empty"));
        }
        let node: Node<S> = self.outermost()?;
        self.skip_space()?;
        if self.peek().is_some() {
            let diagnostic = Diagnostic::error(CODE, self.here(), "there is more text after the JSON value")
                .with_related(node.span, "the value that is complete")
                .with_help("a document is one JSON value; several policies belong in several documents");
            self.report(diagnostic)?;
        }
        Ok(node)
    }

    fn outermost<S: Text + From<Cow<'t, str>>>(&mut self) -> Result<Node<S>, Stop> {
        let mut held = Held { items: Vec::new(), members: Vec::new() };
        loop {
            let mut next = self.value(&mut held)?;
            while next == Next::Separator {
                if self.open.is_empty() {
                    return held.items.pop().ok_or(Stop);
                }
                next = self.after_value(&mut held)?;
            }
        }
    }

    /// Reads a scalar, or opens an array or object.
    fn value<S: Text + From<Cow<'t, str>>>(&mut self, held: &mut Held<S>) -> Result<Next, Stop> {
        self.skip_space()?;
        let start = self.at;
        let scalar = match self.peek() {
            Some(b'"') => Scalar::String(self.string(b'"')?),
            Some(b'{') => return self.opened(Kind::Object, held),
            Some(b'[') => return self.opened(Kind::Array, held),
            Some(b'-' | b'0'..=b'9') => Scalar::Number(self.number()?),
            _ => self.word()?,
        };
        let value = match scalar {
            Scalar::Null => Value::Null,
            Scalar::Bool(value) => Value::Bool(value),
            Scalar::Number(digits) => Value::Number(digits.into()),
            Scalar::String(text) => Value::String(text.into()),
        };
        self.hold(Node { value, span: self.span_from(start) }, held);
        Ok(Next::Separator)
    }

    /// Puts a value where it belongs: among the items of an array, or with its key.
    #[inline]
    fn hold<S>(&self, node: Node<S>, held: &mut Held<S>) {
        match (self.open.last(), held.members.last_mut()) {
            (Some(Open { kind: Kind::Object, .. }), Some(member)) => member.value = node,
            _ => held.items.push(node),
        }
    }

    fn opened<S: Text + From<Cow<'t, str>>>(&mut self, kind: Kind, held: &mut Held<S>) -> Result<Next, Stop> {
        if self.open.len() == DEEPEST {
            let message = format!("arrays and objects lie more than {DEEPEST} deep in each other");
            return self.stop(Diagnostic::error(CODE, self.here(), message));
        }
        let before = match kind {
            Kind::Array => held.items.len(),
            Kind::Object => held.members.len(),
        };
        self.open.push(Open { start: self.at, kind, before });
        self.at += 1;
        self.skip_space()?;
        if self.peek().is_some() && self.peek() == self.closing_bracket() {
            return self.close(held);
        }
        self.next_item(held)
    }

    /// Reads what separates the value just read from the next one, or closes what it is in.
    fn after_value<S: Text + From<Cow<'t, str>>>(&mut self, held: &mut Held<S>) -> Result<Next, Stop> {
        let end = self.at;
        self.skip_space()?;
        match self.peek() {
            Some(b',') => {
                let comma = self.at;
                self.at += 1;
                self.skip_space()?;
                if self.peek() == self.closing_bracket() {
                    self.trailing_comma(comma)?;
                    return self.close(held);
                }
                self.next_item(held)
            }
            found if found.is_some() && found == self.closing_bracket() => self.close(held),
            found => {
                self.missing_comma(found, end)?;
                self.next_item(held)
            }
        }
    }

    /// Reads up to where the next value begins: in an object, its key and the colon.
    fn next_item<S: From<Cow<'t, str>>>(&mut self, held: &mut Held<S>) -> Result<Next, Stop> {
        while self.peek() == Some(b',') {
            self.doubled_comma()?;
            self.skip_space()?;
        }
        if let Some(Open { kind: Kind::Object, .. }) = self.open.last() {
            let key = self.key()?;
            self.skip_space()?;
            match self.peek() {
                Some(b':') => self.at += 1,
                _ => self.missing_colon(&key)?,
            }
            let value = Node { value: Value::Null, span: key.span };
            held.members.push(Member { key: key.map(S::from), value });
        }
        Ok(Next::Value)
    }

    fn key(&mut self) -> Result<Spanned<Cow<'t, str>>, Stop> {
        let start = self.at;
        let key = match self.peek() {
            Some(b'"') => self.string(b'"')?,
            _ => self.odd_key()?,
        };
        Ok(Spanned::new(key, self.span_from(start)))
    }

    /// Takes the closing bracket that stands here.
    fn close<S: Text>(&mut self, held: &mut Held<S>) -> Result<Next, Stop> {
        self.at += 1;
        let Some(Open { start, kind, before }) = self.open.pop() else { return Ok(Next::Value) };
        let value = match kind {
            Kind::Array => Value::Array(taken(&mut held.items, before)),
            Kind::Object => {
                let mut members = taken(&mut held.members, before);
                for diagnostic in duplicates::remove(&mut members) {
                    self.report(diagnostic)?;
                }
                Value::Object(members)
            }
        };
        self.hold(Node { value, span: self.span_from(start) }, held);
        Ok(Next::Separator)
    }

    /// The bracket that would close the innermost array or object.
    pub(super) fn closing_bracket(&self) -> Option<u8> {
        self.open.last().map(|open| match open.kind {
            Kind::Array => b']',
            Kind::Object => b'}',
        })
    }

    /// Where the innermost array or object was opened.
    pub(super) fn opening_bracket(&self) -> Option<Span> {
        self.open.last().map(|open| Span::new(open.start as u32, open.start as u32 + 1))
    }

    /// Moves on to the next byte that means something, which is mostly the next one.
    #[inline]
    pub(super) fn skip_space(&mut self) -> Result<(), Stop> {
        match self.peek() {
            Some(b'"' | b',' | b':' | b'[' | b']' | b'{' | b'}') => Ok(()),
            _ => self.skip_any_space(),
        }
    }

    fn skip_any_space(&mut self) -> Result<(), Stop> {
        loop {
            match self.peek() {
                Some(b' ' | b'\n' | b'\r' | b'\t') => self.at += 1,
                Some(b'/' | b'#' | 0x80..) | Some(0x0B | 0x0C) => {
                    if !self.odd_space()? {
                        return Ok(());
                    }
                }
                _ => return Ok(()),
            }
        }
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// What is still to be read.
    pub(super) fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// From `start` to the next byte.
    pub(super) fn span_from(&self, start: usize) -> Span {
        Span::new(start as u32, self.at as u32)
    }

    /// The next character, or the empty place at the end.
    pub(super) fn here(&self) -> Span {
        let length = self.rest().chars().next().map_or(0, char::len_utf8);
        Span::new(self.at as u32, (self.at + length) as u32)
    }

    /// Notes an error one can read on after.
    pub(super) fn report(&mut self, diagnostic: Diagnostic) -> Result<(), Stop> {
        let span = diagnostic.span;
        self.diagnostics.push(diagnostic);
        if self.diagnostics.len() < MOST_ERRORS {
            return Ok(());
        }
        self.stop(Diagnostic::error(code::TOO_MANY_ERRORS, span, "there are too many errors to read on"))
    }

    /// Notes an error and gives up.
    pub(super) fn stop<T>(&mut self, diagnostic: Diagnostic) -> Result<T, Stop> {
        self.diagnostics.push(diagnostic);
        Err(Stop)
    }
}

/// Takes what comes after the first `before`.
fn taken<T>(held: &mut Vec<T>, before: usize) -> Vec<T> {
    if before <= held.len() { held.split_off(before) } else { Vec::new() }
}
