//! Members of one object that share a key. AWS refuses such a policy, also when one key is written with
//! escapes; JSON readers in general keep the last one without a word.

use super::flat::Flat;
use crate::{Diagnostic, Span, Spanned, code};

/// A set of keys that may seem to have what it does not have, but never the other way round.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Marks(u64);

impl Marks {
    /// Adds a key; answers whether it surely was not there before.
    pub(super) fn add(&mut self, key: &str) -> bool {
        // The elements of a statement all differ in this.
        let mark = match key.as_bytes() {
            [first, .., last] => key.len() + usize::from(*first) + 4 * usize::from(*last),
            _ => 0,
        };
        let before = self.0;
        self.0 |= 1 << (mark % 64);
        self.0 != before
    }
}

/// Keeps the first member of each key of the object that was closed last; answers what is wrong with the others.
#[cold]
pub(super) fn remove(flat: &mut Flat<'_>, object: usize) -> Vec<Diagnostic> {
    let keys: Vec<Spanned<&str>> = flat.members(object).map(|member| member.key).collect();
    let repeated = repeated(&keys);
    if repeated.is_empty() {
        return Vec::new();
    }
    let found = repeated.iter().filter_map(|(index, first)| Some(diagnostic(keys.get(*index)?, *first)));
    let found = found.collect();
    flat.remove_members(object, repeated.into_iter().map(|(index, _)| index));
    found
}

/// The index of every repeated key, ascending, and where it stands first.
fn repeated(keys: &[Spanned<&str>]) -> Vec<(usize, Span)> {
    let mut sorted: Vec<(usize, &Spanned<&str>)> = keys.iter().enumerate().collect();
    sorted.sort_by_key(|(_, key)| key.value);
    let mut repeated: Vec<(usize, Span)> = sorted
        .chunk_by(|one, other| one.1.value == other.1.value)
        .filter_map(|same| same.split_first())
        .flat_map(|((_, first), others)| others.iter().map(|(index, _)| (*index, first.span)))
        .collect();
    repeated.sort_by_key(|(index, _)| *index);
    repeated
}

fn diagnostic(key: &Spanned<&str>, first: Span) -> Diagnostic {
    let message = format!("`{}` is written twice in one object", key.value);
    Diagnostic::error(code::DUPLICATE_KEY, key.span, message)
        .with_related(first, "first written here")
        .with_help("merge the two, or delete one")
}
