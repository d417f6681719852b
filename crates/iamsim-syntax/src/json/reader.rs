//! The JSON grammar as a loop over an explicit stack, so that no input can exhaust the thread's own.

use super::duplicates;
use super::flat::{Flat, Kind};
use crate::parse::MOST_ERRORS;
use crate::{Diagnostic, Span, code};

/// The code of every finding that makes a text no JSON.
pub(super) const CODE: &str = code::JSON_SYNTAX_ERROR;

/// Arrays and objects may lie in each other this deep, as in `serde_json`; a policy needs eight.
const DEEPEST: usize = 127;

/// Reads `text` whole. The list of its values begins with the one that holds all others; there is none when reading
/// could not go on.
pub(crate) fn read(text: &str) -> (Option<Flat<'_>>, Vec<Diagnostic>) {
    let flat = Flat::with_room(text.len());
    let mut reader =
        Reader { text, bytes: text.as_bytes(), at: 0, flat, open: Vec::new(), diagnostics: Vec::new() };
    let whole = reader.document().is_ok();
    (whole.then_some(reader.flat), reader.diagnostics)
}

/// Reading cannot go on; why stands in the diagnostics.
pub(super) struct Stop;

/// Reads from left to right; `at` is the next byte.
pub(super) struct Reader<'t> {
    pub(super) text: &'t str,
    pub(super) bytes: &'t [u8],
    pub(super) at: usize,
    pub(super) flat: Flat<'t>,
    open: Vec<Open>,
    diagnostics: Vec<Diagnostic>,
}

/// An array or object whose closing bracket is yet to come.
struct Open {
    /// Its number in the list of values.
    number: usize,
    /// Where its bracket stands.
    start: usize,
    bracket: Bracket,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Bracket {
    Array,
    Object,
}

/// What comes next.
#[derive(PartialEq, Eq)]
enum Next {
    /// The next item of the innermost array or object.
    Item,
    /// The bracket that closes it.
    Closing,
    /// A value has just been read: the end, a comma or a closing bracket.
    Separator,
}

impl<'t> Reader<'t> {
    fn document(&mut self) -> Result<(), Stop> {
        if u32::try_from(self.text.len()).is_err() {
            let diagnostic =
                Diagnostic::error(CODE, Span::default(), "the text is longer than four gigabytes");
            return self.stop(diagnostic);
        }
        self.byte_order_mark()?;
        if self.skip_space()?.is_none() {
            return self.stop(Diagnostic::error(CODE, self.span_from(self.at), "the text is empty"));
        }
        self.outermost()?;
        if self.skip_space()?.is_some() {
            let complete = self.flat.root().map(|root| root.span()).unwrap_or_default();
            let diagnostic = Diagnostic::error(CODE, self.here(), "there is more text after the JSON value")
                .with_related(complete, "the value that is complete")
                .with_help("a document is one JSON value; several policies belong in several documents");
            self.report(diagnostic)?;
        }
        Ok(())
    }

    fn outermost(&mut self) -> Result<(), Stop> {
        loop {
            self.before_value()?;
            let mut next = self.value()?;
            while next != Next::Item {
                if next == Next::Closing {
                    self.close()?;
                }
                if self.open.is_empty() {
                    return Ok(());
                }
                next = self.after_value()?;
            }
        }
    }

    /// Reads a scalar, or opens an array or object.
    fn value(&mut self) -> Result<Next, Stop> {
        match self.peek() {
            Some(b'"') => self.string()?,
            Some(b'{') => return self.opened(Bracket::Object),
            Some(b'[') => return self.opened(Bracket::Array),
            Some(b'-' | b'0'..=b'9') => self.number()?,
            _ => self.word()?,
        }
        Ok(Next::Separator)
    }

    fn opened(&mut self, bracket: Bracket) -> Result<Next, Stop> {
        if self.open.len() == DEEPEST {
            let message = format!("arrays and objects lie more than {DEEPEST} deep in each other");
            return self.stop(Diagnostic::error(CODE, self.here(), message));
        }
        let start = self.at;
        let kind = match bracket {
            Bracket::Array => Kind::Array(0),
            Bracket::Object => Kind::Object(0),
        };
        self.at += 1;
        let number = self.flat.push(kind, self.span_from(start));
        self.open.push(Open { number, start, bracket });
        let is_empty = self.skip_space()? == self.closing_bracket();
        Ok(if is_empty { Next::Closing } else { Next::Item })
    }

    /// Reads what separates the value just read from the next one.
    fn after_value(&mut self) -> Result<Next, Stop> {
        let end = self.at;
        match self.skip_space()? {
            Some(b',') => {
                let comma = self.at;
                self.at += 1;
                if self.skip_space()? == self.closing_bracket() {
                    self.trailing_comma(comma)?;
                    return Ok(Next::Closing);
                }
                Ok(Next::Item)
            }
            found if found.is_some() && found == self.closing_bracket() => Ok(Next::Closing),
            found => {
                self.missing_comma(found, end)?;
                Ok(Next::Item)
            }
        }
    }

    /// Reads up to where the next value begins: in an object, its key and the colon.
    fn before_value(&mut self) -> Result<(), Stop> {
        let Some(Open { bracket, .. }) = self.open.last() else { return Ok(()) };
        let bracket = *bracket;
        while self.peek() == Some(b',') {
            self.doubled_comma()?;
            self.skip_space()?;
        }
        if bracket == Bracket::Object {
            match self.peek() {
                Some(b'"') => self.string()?,
                _ => self.odd_key()?,
            }
            match self.skip_space()? {
                Some(b':') => self.at += 1,
                _ => self.missing_colon()?,
            }
            self.skip_space()?;
        }
        Ok(())
    }

    /// Takes the closing bracket that stands here.
    fn close(&mut self) -> Result<(), Stop> {
        self.at += 1;
        let Some(Open { number, bracket, .. }) = self.open.pop() else { return Ok(()) };
        self.flat.close(number, self.at as u32);
        if bracket == Bracket::Object {
            for diagnostic in duplicates::remove(&mut self.flat, number) {
                self.report(diagnostic)?;
            }
        }
        Ok(())
    }

    /// The bracket that would close the innermost array or object.
    pub(super) fn closing_bracket(&self) -> Option<u8> {
        self.open.last().map(|open| match open.bracket {
            Bracket::Array => b']',
            Bracket::Object => b'}',
        })
    }

    /// Where the innermost array or object was opened.
    pub(super) fn opening_bracket(&self) -> Option<Span> {
        self.open.last().map(|open| Span::new(open.start as u32, open.start as u32 + 1))
    }

    /// Moves on to the next byte that means something, which is mostly the next one, and answers it.
    #[inline]
    pub(super) fn skip_space(&mut self) -> Result<Option<u8>, Stop> {
        match self.peek() {
            found @ Some(b'"' | b',' | b':' | b'[' | b']' | b'{' | b'}') => Ok(found),
            _ => self.skip_any_space(),
        }
    }

    fn skip_any_space(&mut self) -> Result<Option<u8>, Stop> {
        loop {
            match self.peek() {
                Some(b' ' | b'\n' | b'\r' | b'\t') => self.at += 1,
                found @ (Some(b'/' | b'#' | 0x80..) | Some(0x0B | 0x0C)) => {
                    if !self.odd_space()? {
                        return Ok(found);
                    }
                }
                found => return Ok(found),
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
