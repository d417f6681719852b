//! Where something stands in a text.

use std::ops::Range;

/// A half-open range of byte offsets into the text something was read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The span from `start` up to, not including, `end`.
    #[must_use]
    pub fn new(start: u32, end: u32) -> Self {
        Self { start, end }
    }

    /// The smallest span that holds both.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The same span as a range of `usize`, for slicing.
    #[must_use]
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// A value and where it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Spanned<T> {
    /// What was written.
    pub value: T,
    /// Where.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// Puts `value` at `span`.
    pub fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }

    /// The same place with another value.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Spanned<U> {
        Spanned { value: f(self.value), span: self.span }
    }
}

/// A line and column as people count them: both from 1, the column in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

/// The line starts of a text: turns offsets into [`Position`]s in logarithmic time, however long the lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineIndex {
    starts: Vec<u32>,
    /// How many bytes before each block of the text begin no character; empty when every byte is one.
    continued: Vec<u32>,
}

/// The length of the blocks whose bytes are counted beforehand.
const BLOCK: usize = 4096;

impl LineIndex {
    /// Reads the line starts of `text`.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let ends = memchr::memchr_iter(b'\n', text.as_bytes());
        let starts = std::iter::once(0).chain(ends.map(|at| at as u32 + 1)).collect();
        let mut continued = Vec::new();
        if !text.is_ascii() {
            let mut before = 0;
            for block in text.as_bytes().chunks(BLOCK) {
                continued.push(before);
                before += continuations(block);
            }
        }
        Self { starts, continued }
    }

    /// The position of a byte offset of `text`, the text this index was made of.
    #[must_use]
    pub fn position(&self, text: &str, offset: u32) -> Position {
        let line = self.starts.partition_point(|start| *start <= offset);
        let start = self.starts.get(line.saturating_sub(1)).copied().unwrap_or(0);
        let characters = |end| end - self.continued_before(text, end);
        Position { line: line as u32, column: characters(offset) - characters(start) + 1 }
    }

    fn continued_before(&self, text: &str, offset: u32) -> u32 {
        let Some(last) = self.continued.len().checked_sub(1) else { return 0 };
        let block = (offset as usize / BLOCK).min(last);
        let before = self.continued.get(block).copied().unwrap_or_default();
        let rest = text.as_bytes().get(block * BLOCK..offset as usize).unwrap_or_default();
        before + continuations(rest)
    }
}

/// How many of the bytes begin no character.
fn continuations(bytes: &[u8]) -> u32 {
    bytes.iter().filter(|byte| **byte & 0xC0 == 0x80).count() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_not_bytes() {
        let text = "é\nàb";
        let index = LineIndex::new(text);
        assert_eq!(index.position(text, 0), Position { line: 1, column: 1 });
        assert_eq!(index.position(text, 3), Position { line: 2, column: 1 });
        assert_eq!(index.position(text, 5), Position { line: 2, column: 2 });
        assert_eq!(index.position(text, 6), Position { line: 2, column: 3 });
    }

    #[test]
    fn a_long_line_is_counted_right() {
        let text = format!("a\n{}", "é".repeat(10_000));
        let index = LineIndex::new(&text);
        for characters in [0, 1, 2047, 2048, 5000, 10_000] {
            let position = index.position(&text, 2 + 2 * characters);
            assert_eq!(position, Position { line: 2, column: characters + 1 });
        }
    }
}
