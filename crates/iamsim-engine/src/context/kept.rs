//! The texts and lists that a context keeps, all of a kind in one place: what stands there is freed at once.

use std::sync::Arc;

use crate::context::{Given, Text};
use crate::request_context::ValueRef;

/// Room for the texts and lists of most requests: as much as allocators still take for little.
const USUAL_TEXTS: usize = 512;
const USUAL_LISTS: usize = 4;

/// The names and values of context keys.
#[derive(Debug, Clone, Default)]
pub(super) struct Kept {
    /// All texts, one after the other.
    texts: String,
    /// The values of multivalued keys. Shared, for many requests have the same.
    lists: Vec<Arc<[Text]>>,
}

/// Where a value is.
#[derive(Debug, Clone, Copy)]
pub(super) enum Value {
    One(Stretch),
    /// By its number among the lists.
    Many(usize),
}

/// A part of the texts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stretch {
    start: usize,
    end: usize,
}

impl Kept {
    pub(super) const NOTHING: Self = Self { texts: String::new(), lists: Vec::new() };

    pub(super) fn keep(&mut self, value: Given<'_>) -> Value {
        match value {
            Given::One(text) => self.keep_text(&text),
            Given::Many(texts) => self.keep_list(texts),
        }
    }

    #[inline]
    pub(super) fn keep_text(&mut self, text: &str) -> Value {
        Value::One(self.append(text))
    }

    pub(super) fn keep_list(&mut self, texts: Arc<[Text]>) -> Value {
        if self.lists.is_empty() {
            self.lists = Vec::with_capacity(USUAL_LISTS);
        }
        self.lists.push(texts);
        Value::Many(self.lists.len() - 1)
    }

    #[inline]
    pub(super) fn append(&mut self, text: &str) -> Stretch {
        if self.texts.is_empty() {
            self.texts = String::with_capacity(USUAL_TEXTS);
        }
        let start = self.texts.len();
        self.texts.push_str(text);
        Stretch { start, end: self.texts.len() }
    }

    #[inline]
    pub(super) fn view(&self, value: &Value) -> ValueRef<'_> {
        match value {
            Value::One(stretch) => ValueRef::One(self.stretch(*stretch)),
            Value::Many(number) => ValueRef::Many(self.lists.get(*number).map_or(&[], |texts| texts)),
        }
    }

    /// A value, to be given to another context.
    pub(super) fn given(&self, value: Value) -> Given<'_> {
        match value {
            Value::One(stretch) => self.stretch(stretch).into(),
            Value::Many(number) => Given::Many(self.lists.get(number).cloned().unwrap_or_default()),
        }
    }

    #[inline]
    pub(super) fn stretch(&self, Stretch { start, end }: Stretch) -> &str {
        self.texts.get(start..end).unwrap_or_default()
    }
}
