//! What context keys hold, and what they are given.

use std::borrow::Cow;
use std::sync::Arc;

use crate::context::Text;
use crate::request_context::ValueRef;

/// What a context key holds. A key is multivalued by its definition, however many values arrive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ContextValue {
    /// A single-valued key.
    One(Text),
    /// A multivalued key, perhaps with one value or none. Shared, for many requests have the same.
    Many(Arc<[Text]>),
}

impl From<&str> for ContextValue {
    #[inline]
    fn from(text: &str) -> Self {
        Self::One(text.into())
    }
}

impl From<String> for ContextValue {
    fn from(text: String) -> Self {
        Self::One(text.into())
    }
}

impl From<Text> for ContextValue {
    fn from(text: Text) -> Self {
        Self::One(text)
    }
}

impl From<bool> for ContextValue {
    fn from(value: bool) -> Self {
        Self::One(Text::new_static(if value { "true" } else { "false" }))
    }
}

impl<T: Into<Text>> FromIterator<T> for ContextValue {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        Self::Many(values.into_iter().map(Into::into).collect())
    }
}

impl ContextValue {
    /// The same, borrowed.
    #[must_use]
    #[inline]
    pub fn view(&self) -> ValueRef<'_> {
        match self {
            Self::One(text) => ValueRef::One(text),
            Self::Many(texts) => ValueRef::Many(texts),
        }
    }
}

/// What a context key is given. A context keeps all its texts in one place, so a text may be borrowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Given<'v> {
    /// The value of a single-valued key.
    One(Cow<'v, str>),
    /// The values of a multivalued key.
    Many(Arc<[Text]>),
}

impl<'v> From<&'v str> for Given<'v> {
    #[inline]
    fn from(text: &'v str) -> Self {
        Self::One(Cow::Borrowed(text))
    }
}

impl<'v> From<Cow<'v, str>> for Given<'v> {
    #[inline]
    fn from(text: Cow<'v, str>) -> Self {
        Self::One(text)
    }
}

impl From<String> for Given<'_> {
    fn from(text: String) -> Self {
        Self::One(Cow::Owned(text))
    }
}

impl<'v> From<&'v Text> for Given<'v> {
    #[inline]
    fn from(text: &'v Text) -> Self {
        Self::One(Cow::Borrowed(text))
    }
}

impl From<bool> for Given<'_> {
    #[inline]
    fn from(value: bool) -> Self {
        Self::One(Cow::Borrowed(if value { "true" } else { "false" }))
    }
}

impl<'v> From<&'v ContextValue> for Given<'v> {
    #[inline]
    fn from(value: &'v ContextValue) -> Self {
        match value {
            ContextValue::One(text) => text.into(),
            ContextValue::Many(texts) => Self::Many(Arc::clone(texts)),
        }
    }
}

impl From<ContextValue> for Given<'_> {
    fn from(value: ContextValue) -> Self {
        match value {
            ContextValue::One(text) => Self::One(Cow::Owned(text.into())),
            ContextValue::Many(texts) => Self::Many(texts),
        }
    }
}

impl<'v> From<ValueRef<'v>> for Given<'v> {
    fn from(value: ValueRef<'v>) -> Self {
        match value {
            ValueRef::One(text) => text.into(),
            ValueRef::Many(texts) => Self::Many(texts.into()),
        }
    }
}
