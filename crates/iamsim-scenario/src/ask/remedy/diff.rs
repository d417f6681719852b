//! A change to a file as a unified diff of one hunk, once it is sure to say what was meant.

use std::fmt;

use iamsim_syntax::json::{Node, Value};
use iamsim_syntax::{Policy, parse_node, print};

use super::patch::Patch;
use crate::library::read_tree;
use crate::source::Source;

/// How many lines are shown before and after the change.
const AROUND: usize = 2;

/// A change to the lines of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diff {
    /// The file.
    pub file: String,
    /// The first line shown, from 1.
    pub line: usize,
    /// The lines, those before and after the change included.
    pub lines: Vec<Line>,
}

/// A line of a diff, without its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// Stays.
    Same(String),
    /// Goes.
    Removed(String),
    /// Comes.
    Added(String),
}

/// The diff of a patch, if the text then holds the policy `after` in the place of `before`.
pub(super) fn of(source: &Source, before: &Policy, after: &Policy, patch: &Patch) -> Option<Diff> {
    let old = source.text();
    let mut new = old.to_owned();
    new.get(patch.range.clone())?;
    new.replace_range(patch.range.clone(), &patch.with);
    let changed = Source::new(source.path(), new);
    let (tree, diagnostics) = read_tree(&changed);
    let document = tree.filter(|_| diagnostics.is_empty())?;
    let (read, _) = parse_node(beginning_at(&document, before.span.start)?, before.policy_type);
    if in_order(read?) != in_order(after.clone()) {
        return None;
    }
    let line = source.lines_before() as usize;
    let (first, lines) = hunk(&old.lines().collect::<Vec<_>>(), &changed.text().lines().collect::<Vec<_>>());
    Some(Diff { file: source.path().to_owned(), line: line + first, lines })
}

/// The policy as text, with the clauses of its conditions in one order: which comes first means nothing.
fn in_order(mut policy: Policy) -> String {
    for statement in &mut policy.statements {
        statement
            .conditions
            .sort_by_cached_key(|clause| (clause.operator.value.to_string(), clause.key.value.clone()));
    }
    print(&policy)
}

/// The policy whose text begins there.
fn beginning_at(node: &Node, start: u32) -> Option<&Node> {
    if node.span.start == start && node.member("Statement").is_some() {
        return Some(node);
    }
    let children: Vec<&Node> = match &node.value {
        Value::Array(items) => items.iter().collect(),
        Value::Object(members) => members.iter().map(|member| &member.value).collect(),
        _ => Vec::new(),
    };
    let inner = children.into_iter().filter(|child| child.span.start <= start && start < child.span.end);
    inner.into_iter().find_map(|child| beginning_at(child, start))
}

/// The first line shown, from 1, and the lines.
fn hunk(old: &[&str], new: &[&str]) -> (usize, Vec<Line>) {
    let same = |(one, other): &(&&str, &&str)| one == other;
    let before = old.iter().zip(new).take_while(same).count();
    let most = old.len().min(new.len()) - before;
    let after = old.iter().rev().zip(new.iter().rev()).take(most).take_while(same).count();
    let first = before.saturating_sub(AROUND);
    let text = |lines: &[&str], range: std::ops::Range<usize>, make: fn(String) -> Line| {
        lines.get(range).unwrap_or_default().iter().map(|line| make((*line).to_owned())).collect::<Vec<_>>()
    };
    let end = old.len() - after;
    let mut lines = text(old, first..before, Line::Same);
    lines.extend(text(old, before..end, Line::Removed));
    lines.extend(text(new, before..new.len() - after, Line::Added));
    lines.extend(text(old, end..(end + AROUND).min(old.len()), Line::Same));
    (first + 1, lines)
}

impl Diff {
    /// `@@ -3,2 +3,8 @@`
    #[must_use]
    pub fn range(&self) -> String {
        let count = |leave_out: fn(&Line) -> bool| self.lines.iter().filter(|line| !leave_out(line)).count();
        let old = count(|line| matches!(line, Line::Added(_)));
        let new = count(|line| matches!(line, Line::Removed(_)));
        format!("@@ -{line},{old} +{line},{new} @@", line = self.line)
    }
}

/// As `patch` takes it.
impl fmt::Display for Diff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "--- {}\n+++ {}\n{}", self.file, self.file, self.range())?;
        self.lines.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Same(text) => write!(f, " {text}"),
            Self::Removed(text) => write!(f, "-{text}"),
            Self::Added(text) => write!(f, "+{text}"),
        }
    }
}
