//! The JSON grammar as a loop over an explicit stack, so that no input can exhaust the thread's own.

use super::{Member, Node, Value, duplicates};
use crate::parse::MOST_ERRORS;
use crate::{Diagnostic, Span, Spanned, code};

/// The code of every finding that makes a text no JSON.
pub(super) const CODE: &str = code::JSON_SYNTAX_ERROR;

/// Arrays and objects may lie in each other this deep, as in `serde_json`; a policy needs eight.
const DEEPEST: usize = 127;

/// Reads `text` whole.
pub(super) fn read(text: &str) -> (Option<Node>, Vec<Diagnostic>) {
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
    start: usize,
    items: Items,
}

enum Items {
    Array(Vec<Node>),
    /// `key` is the one whose value is being read.
    Object {
        members: Vec<Member>,
        key: Spanned<Box<str>>,
    },
}

/// What to do next.
enum Step {
    /// A value begins here.
    Value,
    /// A value has been read.
    Done(Node),
}

impl Reader<'_> {
    fn document(&mut self) -> Result<Node, Stop> {
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
        let node = self.outermost()?;
        self.skip_space()?;
        if self.peek().is_some() {
            let diagnostic = Diagnostic::error(CODE, self.here(), "there is more text after the JSON value")
                .with_related(node.span, "the value that is complete")
                .with_help("a document is one JSON value; several policies belong in several documents");
            self.report(diagnostic)?;
        }
        Ok(node)
    }

    fn outermost(&mut self) -> Result<Node, Stop> {
        let mut step = self.value()?;
        loop {
            step = match step {
                Step::Value => self.value()?,
                Step::Done(node) if self.open.is_empty() => return Ok(node),
                Step::Done(node) => self.after_value(node)?,
            };
        }
    }

    /// Reads a scalar, or opens an array or object.
    fn value(&mut self) -> Result<Step, Stop> {
        self.skip_space()?;
        let start = self.at;
        let value = match self.peek() {
            Some(b'"') => Value::String(self.string(b'"')?),
            Some(b'{') => {
                let key = Spanned::new(Box::default(), Span::default());
                return self.opened(Items::Object { members: Vec::new(), key });
            }
            Some(b'[') => return self.opened(Items::Array(Vec::new())),
            Some(b'-' | b'0'..=b'9') => Value::Number(self.number()?),
            _ => self.word()?,
        };
        Ok(Step::Done(Node { value, span: self.span_from(start) }))
    }

    fn opened(&mut self, items: Items) -> Result<Step, Stop> {
        if self.open.len() == DEEPEST {
            let message = format!("arrays and objects lie more than {DEEPEST} deep in each other");
            return self.stop(Diagnostic::error(CODE, self.here(), message));
        }
        self.open.push(Open { start: self.at, items });
        self.at += 1;
        self.skip_space()?;
        if self.peek().is_some() && self.peek() == self.closing_bracket() {
            return self.close();
        }
        self.next_item()
    }

    /// Puts `node` into the innermost array or object and reads what separates it from the next one.
    fn after_value(&mut self, node: Node) -> Result<Step, Stop> {
        let end = node.span.end as usize;
        match self.open.last_mut().map(|open| &mut open.items) {
            Some(Items::Array(items)) => items.push(node),
            Some(Items::Object { members, key }) => {
                let key = std::mem::replace(key, Spanned::new(Box::default(), Span::default()));
                members.push(Member { key, value: node });
            }
            None => {}
        }
        self.skip_space()?;
        match self.peek() {
            Some(b',') => {
                let comma = self.at;
                self.at += 1;
                self.skip_space()?;
                if self.peek() == self.closing_bracket() {
                    self.trailing_comma(comma)?;
                    return self.close();
                }
                self.next_item()
            }
            found if found.is_some() && found == self.closing_bracket() => self.close(),
            found => {
                self.missing_comma(found, end)?;
                self.next_item()
            }
        }
    }

    /// Reads up to where the next value begins: in an object, its key and the colon.
    fn next_item(&mut self) -> Result<Step, Stop> {
        while self.peek() == Some(b',') {
            self.doubled_comma()?;
            self.skip_space()?;
        }
        if let Some(Open { items: Items::Object { .. }, .. }) = self.open.last() {
            let read = self.key()?;
            self.skip_space()?;
            match self.peek() {
                Some(b':') => self.at += 1,
                _ => self.missing_colon(&read)?,
            }
            if let Some(Open { items: Items::Object { key, .. }, .. }) = self.open.last_mut() {
                *key = read;
            }
        }
        Ok(Step::Value)
    }

    fn key(&mut self) -> Result<Spanned<Box<str>>, Stop> {
        let start = self.at;
        let key = match self.peek() {
            Some(b'"') => self.string(b'"')?,
            _ => self.odd_key()?,
        };
        Ok(Spanned::new(key, self.span_from(start)))
    }

    /// Takes the closing bracket that stands here.
    fn close(&mut self) -> Result<Step, Stop> {
        self.at += 1;
        let Some(Open { start, items }) = self.open.pop() else { return Ok(Step::Value) };
        let value = match items {
            Items::Array(items) => Value::Array(items),
            Items::Object { mut members, .. } => {
                for diagnostic in duplicates::remove(&mut members) {
                    self.report(diagnostic)?;
                }
                Value::Object(members)
            }
        };
        Ok(Step::Done(Node { value, span: self.span_from(start) }))
    }

    /// The bracket that would close the innermost array or object.
    pub(super) fn closing_bracket(&self) -> Option<u8> {
        self.open.last().map(|open| match open.items {
            Items::Array(_) => b']',
            Items::Object { .. } => b'}',
        })
    }

    /// Where the innermost array or object was opened.
    pub(super) fn opening_bracket(&self) -> Option<Span> {
        self.open.last().map(|open| Span::new(open.start as u32, open.start as u32 + 1))
    }

    /// Moves on to the next byte that means something.
    pub(super) fn skip_space(&mut self) -> Result<(), Stop> {
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
