//! The YAML parser's positions, which count characters, to byte offsets.

use iamsim_syntax::Span;
use saphyr_parser::{Marker, ScalarStyle};

/// Where the characters of a text stand.
pub(super) struct Places<'t> {
    text: &'t str,
    /// The byte offset of every character; empty for ASCII, where both are the same.
    offsets: Vec<u32>,
    /// Bytes before `text` in the file.
    skipped: usize,
}

impl<'t> Places<'t> {
    pub(super) fn new(text: &'t str, skipped: usize) -> Self {
        let offsets =
            if text.is_ascii() { Vec::new() } else { text.char_indices().map(|(at, _)| at as u32).collect() };
        Self { text, offsets, skipped }
    }

    pub(super) fn span(&self, span: saphyr_parser::Span) -> Span {
        let start = self.offset(span.start);
        self.shifted(start, self.offset(span.end).max(start))
    }

    /// The span of a scalar. A block scalar's reaches over the lines after it, which are cut off.
    pub(super) fn scalar(&self, span: saphyr_parser::Span, style: ScalarStyle) -> Span {
        let start = self.offset(span.start);
        let end = self.offset(span.end).max(start);
        if !matches!(style, ScalarStyle::Literal | ScalarStyle::Folded) {
            return self.shifted(start, end);
        }
        let body = self.text.get(start..end).unwrap_or_default().trim_end();
        self.shifted(start, start + body.len())
    }

    /// The one character at `marker`.
    pub(super) fn at(&self, marker: Marker) -> Span {
        let start = self.offset(marker);
        let length = self.rest(marker).chars().next().map_or(0, char::len_utf8);
        self.shifted(start, start + length)
    }

    /// What stands between the beginning of the line and `marker`.
    pub(super) fn indentation(&self, marker: Marker) -> Span {
        let end = self.offset(marker);
        let before = self.text.get(..end).unwrap_or_default();
        self.shifted(before.rfind('\n').map_or(0, |newline| newline + 1), end)
    }

    /// The text from `marker` on.
    pub(super) fn rest(&self, marker: Marker) -> &'t str {
        self.text.get(self.offset(marker)..).unwrap_or_default()
    }

    /// The end of the text.
    pub(super) fn end(&self) -> Span {
        self.shifted(self.text.len(), self.text.len())
    }

    fn offset(&self, marker: Marker) -> usize {
        if self.offsets.is_empty() {
            return marker.index().min(self.text.len());
        }
        self.offsets.get(marker.index()).map_or(self.text.len(), |offset| *offset as usize)
    }

    fn shifted(&self, start: usize, end: usize) -> Span {
        Span::new((start + self.skipped) as u32, (end + self.skipped) as u32)
    }
}
