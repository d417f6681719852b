//! The JSON grammar: a function for what stands in brackets, which calls itself no deeper than it may.

use super::duplicates::{self, Marks};
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
    let mut reader = Reader { text, at: 0, flat, innermost: None, diagnostics: Vec::new() };
    let whole = reader.document().is_ok();
    (whole.then_some(reader.flat), reader.diagnostics)
}

/// Reading cannot go on; why stands in the diagnostics.
pub(super) struct Stop;

/// Reads from left to right; `at` is the next byte.
pub(super) struct Reader<'t> {
    pub(super) text: &'t str,
    pub(super) at: usize,
    pub(super) flat: Flat<'t>,
    innermost: Option<Open>,
    diagnostics: Vec<Diagnostic>,
}

/// An array or object whose closing bracket is yet to come.
#[derive(Clone, Copy)]
struct Open {
    bracket: Bracket,
    /// Where it stands.
    start: usize,
    /// How many are open with it.
    depth: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Bracket {
    Array,
    Object,
}

impl Bracket {
    fn closing(self) -> u8 {
        match self {
            Self::Array => b']',
            Self::Object => b'}',
        }
    }
}

impl<'t> Reader<'t> {
    fn document(&mut self) -> Result<(), Stop> {
        if u32::try_from(self.text.len()).is_err() {
            let diagnostic =
                Diagnostic::error(CODE, Span::default(), "the text is longer than four gigabytes");
            return self.stop(diagnostic);
        }
        self.byte_order_mark()?;
        let Some(first) = self.skip_space()? else {
            return self.stop(Diagnostic::error(CODE, self.span_from(self.at), "the text is empty"));
        };
        self.value(Some(first))?;
        if self.skip_space()?.is_some() {
            let complete = self.flat.root().map(|root| root.span()).unwrap_or_default();
            let diagnostic = Diagnostic::error(CODE, self.here(), "there is more text after the JSON value")
                .with_related(complete, "the value that is complete")
                .with_help("a document is one JSON value; several policies belong in several documents");
            self.report(diagnostic)?;
        }
        Ok(())
    }

    /// Reads the value that begins here with `first`.
    // Not apart: it does nothing but choose.
    #[inline(always)]
    fn value(&mut self, first: Option<u8>) -> Result<(), Stop> {
        match first {
            Some(b'"') => self.string(),
            Some(b'{') => self.brackets(Bracket::Object),
            Some(b'[') => self.brackets(Bracket::Array),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => self.word(),
        }
    }

    /// Reads the array or object that begins here.
    fn brackets(&mut self, bracket: Bracket) -> Result<(), Stop> {
        let outer = self.innermost;
        let depth = outer.map_or(0, |outer| outer.depth);
        if depth == DEEPEST {
            let message = format!("arrays and objects lie more than {DEEPEST} deep in each other");
            return self.stop(Diagnostic::error(CODE, self.here(), message));
        }
        let start = self.at;
        self.innermost = Some(Open { bracket, start, depth: depth + 1 });
        let kind = match bracket {
            Bracket::Array => Kind::Array(0),
            Bracket::Object => Kind::Object(0),
        };
        let number = self.flat.push(kind, self.span_from(start));
        self.at += 1;
        let (mut marks, mut may_repeat) = (Marks::default(), false);
        let mut found = self.skip_space()?;
        while found != Some(bracket.closing()) {
            while found == Some(b',') {
                self.doubled_comma()?;
                found = self.skip_space()?;
            }
            if bracket == Bracket::Object {
                self.key(found)?;
                may_repeat |= self.flat.last().is_none_or(|key| !marks.add(key.text()));
                found = self.colon()?;
            }
            self.value(found)?;
            found = self.after_item(bracket)?;
        }
        self.at += 1;
        self.flat.close(number, self.at as u32);
        self.innermost = outer;
        if may_repeat {
            for diagnostic in duplicates::remove(&mut self.flat, number) {
                self.report(diagnostic)?;
            }
        }
        Ok(())
    }

    /// Reads the key that is to begin here with `first`.
    #[inline]
    fn key(&mut self, first: Option<u8>) -> Result<(), Stop> {
        match first {
            Some(b'"') => self.string(),
            _ => self.odd_key(),
        }
    }

    /// Reads the colon after a key; answers with what its value begins.
    #[inline]
    fn colon(&mut self) -> Result<Option<u8>, Stop> {
        match self.skip_space()? {
            Some(b':') => self.at += 1,
            _ => self.missing_colon()?,
        }
        self.skip_space()
    }

    /// Reads what separates the item just read from the next one; answers with what that begins, or the closing
    /// bracket.
    fn after_item(&mut self, bracket: Bracket) -> Result<Option<u8>, Stop> {
        let end = self.at;
        let closing = Some(bracket.closing());
        let found = self.skip_space()?;
        if found == closing {
            return Ok(found);
        }
        if found != Some(b',') {
            self.missing_comma(found, end)?;
            return Ok(found);
        }
        let comma = self.at;
        self.at += 1;
        let found = self.skip_space()?;
        if found == closing {
            self.trailing_comma(comma)?;
        }
        Ok(found)
    }

    /// The bracket that would close the innermost array or object.
    pub(super) fn closing_bracket(&self) -> Option<u8> {
        self.innermost.map(|open| open.bracket.closing())
    }

    /// Where the innermost array or object was opened.
    pub(super) fn opening_bracket(&self) -> Option<Span> {
        self.innermost.map(|open| Span::new(open.start as u32, open.start as u32 + 1))
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
            self.at += space_length(self.text.as_bytes().get(self.at..).unwrap_or_default());
            match self.peek() {
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
        self.text.as_bytes().get(self.at).copied()
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

/// How many bytes of white space come first. Most stand in the indentation of lines: looks at eight of those at a time.
fn space_length(bytes: &[u8]) -> usize {
    const SPACES: u64 = u64::from_le_bytes([b' '; 8]);
    let mut rest = bytes;
    while let [b' ' | b'\n' | b'\r' | b'\t', after @ ..] = rest {
        rest = after;
        while let Some((word, after)) = rest.split_first_chunk() {
            let others = u64::from_le_bytes(*word) ^ SPACES;
            if others != 0 {
                rest = rest.get(others.trailing_zeros() as usize / 8..).unwrap_or_default();
                break;
            }
            rest = after;
        }
    }
    bytes.len() - rest.len()
}
