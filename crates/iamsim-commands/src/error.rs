//! What can be wrong with a command.

use std::ops::Range;

use thiserror::Error;

use crate::shell::Word;

/// Why a command could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct CommandError {
    /// What is wrong.
    pub message: String,
    /// Where, in bytes of the command.
    pub range: Range<usize>,
    /// How to fix it.
    pub help: Option<String>,
}

impl CommandError {
    pub(crate) fn at(word: &Word, message: impl Into<String>) -> Self {
        Self { message: message.into(), range: word.range.clone(), help: None }
    }

    pub(crate) fn with_help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }

    /// Gives help where there is none yet.
    pub(crate) fn or_help(self, help: &str) -> Self {
        Self { help: self.help.or_else(|| Some(help.to_owned())), ..self }
    }

    /// Suggests the flag nearest to what was written, if one is near.
    pub(crate) fn suggesting_flag<'a>(self, asked: &str, flags: impl IntoIterator<Item = &'a str>) -> Self {
        match nearest(asked, flags) {
            Some(name) => self.with_help(format!("did you mean `--{name}`?")),
            None => self,
        }
    }

    /// Suggests the candidate nearest to what was written, if one is near.
    pub(crate) fn suggesting<'a>(self, asked: &str, candidates: impl IntoIterator<Item = &'a str>) -> Self {
        match nearest(asked, candidates) {
            Some(name) => self.with_help(format!("did you mean `{name}`?")),
            None => self,
        }
    }
}

/// The candidate with the fewest edits from `asked`, the first of equals; `None` when even that one differs in
/// more than a third of its length.
fn nearest<'a>(asked: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let most = (asked.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .filter(|candidate| candidate.len().abs_diff(asked.len()) <= most)
        .map(|candidate| (strsim::damerau_levenshtein(asked, candidate), candidate))
        .filter(|(edits, _)| *edits <= most)
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, candidate)| candidate)
}
