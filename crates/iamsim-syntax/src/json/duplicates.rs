//! Members of one object that share a key. AWS refuses such a policy, also when one key is written with
//! escapes; JSON readers in general keep the last one without a word.

use super::flat::{Flat, MemberRef};
use crate::{Diagnostic, Span, code};

/// Up to this many members, comparing each with each is faster than sorting.
const FEW: usize = 8;

/// Keeps the first member of each key of the object that was closed last; answers what is wrong with the others.
pub(super) fn remove(flat: &mut Flat<'_>, object: usize) -> Vec<Diagnostic> {
    let Some(node) = flat.node(object) else { return Vec::new() };
    let members: Vec<MemberRef<'_>> = node.members().collect();
    let repeated = if members.len() <= FEW { among_few(&members) } else { among_many(&members) };
    if repeated.is_empty() {
        return Vec::new();
    }
    let found = repeated.iter().filter_map(|(index, first)| Some(diagnostic(members.get(*index)?, *first)));
    let found = found.collect();
    flat.remove_members(object, repeated.into_iter().map(|(index, _)| index));
    found
}

/// The index of every repeated member, ascending, and where its key stands first.
fn among_few(members: &[MemberRef<'_>]) -> Vec<(usize, Span)> {
    let mut repeated = Vec::new();
    for (index, member) in members.iter().enumerate().skip(1) {
        let mut earlier = members.iter().take(index);
        if let Some(first) = earlier.find(|earlier| earlier.key.value == member.key.value) {
            repeated.push((index, first.key.span));
        }
    }
    repeated
}

fn among_many(members: &[MemberRef<'_>]) -> Vec<(usize, Span)> {
    let mut sorted: Vec<(usize, &MemberRef<'_>)> = members.iter().enumerate().collect();
    sorted.sort_by_key(|(_, member)| member.key.value);
    let same_key =
        |a: &(usize, &MemberRef<'_>), b: &(usize, &MemberRef<'_>)| a.1.key.value == b.1.key.value;
    let mut repeated: Vec<(usize, Span)> = sorted
        .chunk_by(same_key)
        .filter_map(|same| same.split_first())
        .flat_map(|((_, first), others)| others.iter().map(|(index, _)| (*index, first.key.span)))
        .collect();
    repeated.sort_by_key(|(index, _)| *index);
    repeated
}

fn diagnostic(member: &MemberRef<'_>, first: Span) -> Diagnostic {
    let key = member.key.value;
    Diagnostic::error(code::DUPLICATE_KEY, member.key.span, format!("`{key}` is written twice in one object"))
        .with_related(first, "first written here")
        .with_help("merge the two, or delete one")
}
