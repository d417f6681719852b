//! Members of one object that share a key. AWS refuses such a policy, also when one key is written with
//! escapes; JSON readers in general keep the last one without a word.

use super::{Member, Text};
use crate::{Diagnostic, Span, code};

/// Up to this many members, comparing each with each is faster than sorting.
const FEW: usize = 8;

/// Keeps the first member of each key; answers what is wrong with the others.
pub(super) fn remove(members: &mut Vec<Member<impl Text>>) -> Vec<Diagnostic> {
    let repeated = if members.len() <= FEW { among_few(members) } else { among_many(members) };
    if repeated.is_empty() {
        return Vec::new();
    }
    let found = repeated.iter().filter_map(|(index, first)| Some(diagnostic(members.get(*index)?, *first)));
    let found = found.collect();
    let mut repeated = repeated.into_iter().map(|(index, _)| index).peekable();
    let mut index = 0;
    members.retain(|_| {
        let drop = repeated.next_if_eq(&index).is_some();
        index += 1;
        !drop
    });
    found
}

/// The index of every repeated member, ascending, and where its key stands first.
fn among_few(members: &[Member<impl Text>]) -> Vec<(usize, Span)> {
    let mut repeated = Vec::new();
    for (index, member) in members.iter().enumerate().skip(1) {
        let mut earlier = members.iter().take(index);
        if let Some(first) = earlier.find(|earlier| *earlier.key.value == *member.key.value) {
            repeated.push((index, first.key.span));
        }
    }
    repeated
}

fn among_many<S: Text>(members: &[Member<S>]) -> Vec<(usize, Span)> {
    let mut sorted: Vec<(usize, &Member<S>)> = members.iter().enumerate().collect();
    sorted.sort_by(|(_, a), (_, b)| a.key.value.cmp(&*b.key.value));
    let same_key = |a: &(usize, &Member<S>), b: &(usize, &Member<S>)| *a.1.key.value == *b.1.key.value;
    let mut repeated: Vec<(usize, Span)> = sorted
        .chunk_by(same_key)
        .filter_map(|same| same.split_first())
        .flat_map(|((_, first), others)| others.iter().map(|(index, _)| (*index, first.key.span)))
        .collect();
    repeated.sort_by_key(|(index, _)| *index);
    repeated
}

fn diagnostic(member: &Member<impl Text>, first: Span) -> Diagnostic {
    let key = &*member.key.value;
    Diagnostic::error(code::DUPLICATE_KEY, member.key.span, format!("`{key}` is written twice in one object"))
        .with_related(first, "first written here")
        .with_help("merge the two, or delete one")
}
