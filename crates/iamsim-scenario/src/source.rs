//! Texts that were read, and findings about them.

use std::sync::{Arc, OnceLock};

use iamsim_syntax::{Diagnostic, LineIndex, Position};

/// A text and where it came from.
#[derive(Debug)]
pub struct Source {
    path: String,
    text: String,
    index: OnceLock<LineIndex>,
    lines_before: u32,
}

impl Source {
    /// The text of a file, or of what stands for one, such as standard input.
    #[must_use]
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self { path: path.into(), text: text.into(), index: OnceLock::new(), lines_before: 0 }
    }

    /// One line of a longer text.
    #[must_use]
    pub fn line(path: &str, text: impl Into<String>, lines_before: u32) -> Self {
        Self { lines_before, ..Self::new(path, text) }
    }

    /// The path as people know it, or a name in angle brackets.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How many lines of the file stand before the text.
    #[must_use]
    pub fn lines_before(&self) -> u32 {
        self.lines_before
    }

    /// Line and column in the file of a byte offset of the text. The end of the text is where its last line ends,
    /// not the empty line after it.
    #[must_use]
    pub fn position(&self, offset: u32) -> Position {
        let last = u32::try_from(self.text.trim_end().len()).unwrap_or(u32::MAX);
        let offset = offset.min(last);
        let index = self.index.get_or_init(|| LineIndex::new(&self.text));
        let position = index.position(&self.text, offset);
        Position { line: position.line.saturating_add(self.lines_before), ..position }
    }
}

/// A diagnostic and the text it is about.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The text.
    pub source: Arc<Source>,
    /// What is wrong with it.
    pub diagnostic: Diagnostic,
}

impl Finding {
    /// Line and column of where it is wrong.
    #[must_use]
    pub fn position(&self) -> Position {
        self.source.position(self.diagnostic.span.start)
    }

    /// The same, unless the text is not of a file but of a flag of the command line.
    #[must_use]
    pub fn place_in_file(&self) -> Option<Position> {
        (!self.source.path.starts_with("--")).then(|| self.position())
    }
}

impl PartialEq for Finding {
    fn eq(&self, other: &Self) -> bool {
        self.diagnostic == other.diagnostic
            && self.source.path == other.source.path
            && self.source.lines_before == other.source.lines_before
    }
}
