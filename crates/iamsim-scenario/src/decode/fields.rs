//! An object whose keys are known: whoever reads it takes them one by one, and what is left is misspelt.

use iamsim_syntax::json::{Member, Node, Value};
use iamsim_syntax::{Diagnostic, Span};

use crate::decode::{Decoder, did_you_mean, nearest};

/// So many keys most objects of our formats know.
const USUAL_KEYS: usize = 8;

/// An object and the keys that have been asked for.
pub(crate) struct Fields<'n> {
    what: &'static str,
    span: Span,
    members: &'n [Member],
    known: Vec<&'static str>,
}

impl<'n> Fields<'n> {
    pub(super) fn new(what: &'static str, span: Span, members: &'n [Member]) -> Self {
        Self { what, span, members, known: Vec::with_capacity(USUAL_KEYS) }
    }

    /// Where the object stands.
    pub(crate) fn span(&self) -> Span {
        self.span
    }

    /// Where its first key stands.
    pub(crate) fn first_key(&self) -> Span {
        self.members.first().map_or(self.span, |first| first.key.span)
    }

    /// The value of a key; `null` is absent.
    pub(crate) fn take(&mut self, key: &'static str) -> Option<&'n Node> {
        self.known.push(key);
        let member = self.members.iter().find(|member| &*member.key.value == key)?;
        (member.value.value != Value::Null).then_some(&member.value)
    }

    /// The value of a key that must be there.
    pub(crate) fn require(&mut self, decoder: &mut Decoder<'_>, key: &'static str) -> Option<&'n Node> {
        let node = self.take(key);
        // A key that is there but misspelt is reported when the object ends.
        if node.is_none() && !self.misspells(key) {
            let message = format!("{} needs `{key}`", self.what);
            decoder.report(Diagnostic::error("missing-key", self.first_key(), message));
        }
        node
    }

    /// Whether a key that nobody has asked for is nearly `key`.
    fn misspells(&self, key: &'static str) -> bool {
        let mut keys = self.members.iter().map(|member| &*member.key.value);
        keys.any(|written| !self.known.contains(&written) && nearest(written, [key]).is_some())
    }

    /// Reports every key nobody asked for.
    pub(crate) fn finish(self, decoder: &mut Decoder<'_>) {
        for member in self.members {
            let key = &*member.key.value;
            if self.known.contains(&key) {
                continue;
            }
            let message = format!("{} has no key `{key}`", self.what);
            let help = did_you_mean(key, self.known.iter().copied())
                .unwrap_or_else(|| format!("its keys are {}", self.known.join(", ")));
            decoder.report(Diagnostic::error("unknown-key", member.key.span, message).with_help(help));
        }
    }
}
