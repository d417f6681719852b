//! What can be left out without changing the answer to any request.

use std::borrow::Cow;
use std::collections::BTreeMap;

use iamsim_syntax::literal::Number;
use iamsim_syntax::variable::Piece;
use iamsim_syntax::{
    Comparison, Condition, Diagnostic, Ordering, Principal, Sense, Span, Spanned, Statement, Text,
};

use crate::checks::{
    Check, REDUNDANT_ACTION, REDUNDANT_CONDITION_VALUE_NUM, REDUNDANT_RESOURCE, REDUNDANT_STATEMENT,
};
use crate::document::{Document, beginning};
use crate::effort::Effort;
use crate::pattern::{arn_covers_with, before_wildcard, covers_with, has_wildcard};

pub(crate) fn check(document: &Document<'_>, findings: &mut Vec<Diagnostic>) {
    let mut effort = Effort::new(EFFORT);
    for statement in &document.policy.statements {
        let actions = &statement.action.patterns;
        if actions.len() > 1 {
            let entries: Vec<_> = actions.iter().map(Entry::of_action).collect();
            check_entries(REDUNDANT_ACTION, "action", &entries, covers_with, &mut effort, findings);
        }
        let resources = statement.resource.as_ref().map_or(&[][..], |element| &element.patterns);
        if resources.len() > 1 {
            let entry = |pattern| Entry::of_resource(document, pattern);
            let entries: Vec<_> = resources.iter().map(entry).collect();
            check_entries(REDUNDANT_RESOURCE, "resource", &entries, arn_covers_with, &mut effort, findings);
        }
        statement.conditions.iter().for_each(|condition| check_bounds(condition, findings));
    }
    check_statements(document, findings);
}

/// How many bytes of patterns are compared with each other.
const EFFORT: usize = 10_000_000;

/// One entry of a list, in the forms it is compared in.
struct Entry<'a> {
    pattern: &'a Spanned<Text>,
    /// Equal for entries that say the same.
    text: Cow<'a, str>,
    /// Whether the text is a pattern that may cover others.
    is_wide: bool,
    /// At least as wide as the pattern: what covers this covers it. The text itself where there is none.
    narrow: Option<String>,
}

impl<'a> Entry<'a> {
    fn of_action(pattern: &'a Spanned<Text>) -> Self {
        let text = pattern.value.to_ascii_lowercase().into();
        Self { pattern, text, is_wide: has_wildcard(&pattern.value), narrow: None }
    }

    /// A policy variable may stand for any text, so nothing is known to be covered by it, and only a wildcard
    /// covers it.
    fn of_resource(document: &Document<'_>, pattern: &'a Spanned<Text>) -> Self {
        let text = &*pattern.value;
        let mut narrow = None;
        if document.variables.begin_in(text) {
            let pieces = document.variables.pieces(text);
            let wide = |piece| if let Piece::Text(text) = piece { text } else { "*" };
            if pieces.iter().any(|(_, piece)| !matches!(piece, Piece::Text(_))) {
                narrow = Some(pieces.into_iter().map(|(_, piece)| wide(piece)).collect());
            }
        }
        let is_wide = narrow.is_none() && has_wildcard(text);
        Self { pattern, text: text.into(), is_wide, narrow }
    }

    fn wide(&self) -> Option<&str> {
        self.is_wide.then_some(&self.text)
    }

    fn narrow(&self) -> &str {
        self.narrow.as_deref().unwrap_or(&self.text)
    }
}

/// An entry with a wildcard.
struct Wide<'a> {
    at: usize,
    entry: &'a Entry<'a>,
    text: &'a str,
    /// The text before the first wildcard.
    beginning: &'a str,
}

/// Whether the first of two patterns covers the second, if there is the effort left to find out.
type Covers = fn(&str, &str, &mut Effort) -> bool;

fn check_entries(
    check: Check,
    what: &str,
    entries: &[Entry<'_>],
    covers: Covers,
    effort: &mut Effort,
    findings: &mut Vec<Diagnostic>,
) {
    // By length first: most texts differ in it.
    let mut first_seen: BTreeMap<(usize, &str), &Entry<'_>> = BTreeMap::new();
    let wide: Vec<Wide<'_>> = entries
        .iter()
        .enumerate()
        .filter_map(|(at, entry)| {
            let text = entry.wide()?;
            Some(Wide { at, entry, text, beginning: before_wildcard(text) })
        })
        .collect();
    for (at, entry) in entries.iter().enumerate() {
        let first = *first_seen.entry((entry.text.len(), &entry.text)).or_insert(entry);
        let same = (!std::ptr::eq(first, entry)).then_some(first);
        let found = same.or_else(|| cover(at, entry, &wide, covers, effort));
        let Some(Entry { pattern: other, .. }) = found else { continue };
        findings.push(
            check
                .at(entry.pattern.span, format!("`{}` is covered by `{}`", entry.pattern.value, other.value))
                .with_related(other.span, "covers it")
                .with_help(format!(
                    "remove the {what} that is covered, or the wider one if it says too much"
                )),
        );
    }
}

/// The first entry that covers another, if there is the effort left to find it.
fn cover<'a>(
    at: usize,
    entry: &Entry<'_>,
    wide: &[Wide<'a>],
    covers: Covers,
    effort: &mut Effort,
) -> Option<&'a Entry<'a>> {
    for other in wide {
        if !effort.spend(1) {
            return None;
        }
        let begins_alike = entry.narrow().starts_with(other.beginning);
        if other.at == at || !begins_alike || !covers(other.text, entry.narrow(), effort) {
            continue;
        }
        // Of two that cover each other the first stays.
        let mutual = other.at > at && entry.wide().is_some_and(|own| covers(own, other.text, effort));
        if !mutual {
            return Some(other.entry);
        }
    }
    None
}

/// Of several bounds the weakest decides alone.
fn check_bounds(condition: &Condition, findings: &mut Vec<Diagnostic>) {
    let Comparison::Numeric(ordering, _) = condition.operator.value.comparison else { return };
    if condition.values.len() < 2 {
        return;
    }
    let numbers =
        || condition.values.iter().filter_map(|value| Some((Number::parse(&value.value)?, &value.value)));
    let weakest = match ordering {
        Ordering::Equals => return,
        Ordering::LessThan | Ordering::LessThanEquals => numbers().max_by(|a, b| a.0.cmp(&b.0)),
        Ordering::GreaterThan | Ordering::GreaterThanEquals => numbers().min_by(|a, b| a.0.cmp(&b.0)),
    };
    let Some((_, weakest)) = weakest else { return };
    findings.push(
        REDUNDANT_CONDITION_VALUE_NUM
            .at(condition.span, format!("any one bound suffices, so only `{weakest}` counts"))
            .with_help(format!("keep `{weakest}` alone, or only the strictest if all must hold")),
    );
}

fn check_statements(document: &Document<'_>, findings: &mut Vec<Diagnostic>) {
    let statements = &document.policy.statements;
    let mut by_shape: Vec<_> =
        statements.iter().enumerate().map(|(at, statement)| (shape(statement), at)).collect();
    by_shape.sort_unstable();
    let alike = by_shape.chunk_by(|one, other| one.0 == other.0).filter(|alike| alike.len() > 1);
    let mut alike: Vec<usize> = alike.flatten().map(|(_, at)| *at).collect();
    alike.sort_unstable();
    let mut first_seen: BTreeMap<String, Span> = BTreeMap::new();
    for statement in alike.into_iter().filter_map(|at| statements.get(at)) {
        let meaning = meaning(statement);
        if let Some(first) = first_seen.get(&meaning) {
            findings.push(
                REDUNDANT_STATEMENT
                    .at(beginning(statement.span), "the statement says the same as an earlier one")
                    .with_related(beginning(*first), "the earlier one")
                    .with_help("remove one of the two"),
            );
        } else {
            first_seen.insert(meaning, statement.span);
        }
    }
}

/// Equal for statements that say the same, and quick to see: how long its parts are.
fn shape(statement: &Statement) -> [usize; 4] {
    let length = |texts: &[Spanned<Text>]| texts.iter().map(|text| text.value.len() + 1).sum();
    let principals = statement.principal.as_ref().map_or(0, |element| element.principals.len() + 1);
    let resources = statement.resource.as_ref().map_or(0, |element| length(&element.patterns));
    let conditions = statement.conditions.iter();
    let values = conditions.map(|condition| condition.key.value.len() + length(&condition.values)).sum();
    [principals, length(&statement.action.patterns), resources, values]
}

/// A statement without its `Sid`, with everything in order: equal for statements that say the same.
fn meaning(statement: &Statement) -> String {
    let principals: Option<(Sense, Vec<&Principal>)> = statement.principal.as_ref().map(|element| {
        let mut principals: Vec<&Principal> =
            element.principals.iter().map(|principal| &principal.value).collect();
        principals.sort_by_cached_key(|principal| format!("{principal:?}"));
        (element.sense, principals)
    });
    let actions = sorted(statement.action.patterns.iter().map(|pattern| pattern.value.to_ascii_lowercase()));
    let resources = statement.resource.as_ref().map(|element| {
        (element.sense, sorted(element.patterns.iter().map(|pattern| pattern.value.to_string())))
    });
    let conditions = sorted(statement.conditions.iter().map(|condition| {
        let values = sorted(condition.values.iter().map(|value| value.value.to_string()));
        format!("{} {} {values:?}", condition.operator.value, condition.key.value.to_ascii_lowercase())
    }));
    let effect = statement.effect.value;
    format!("{effect:?} {principals:?} {:?} {actions:?} {resources:?} {conditions:?}", statement.action.sense)
}

fn sorted(texts: impl Iterator<Item = String>) -> Vec<String> {
    let mut texts: Vec<String> = texts.collect();
    texts.sort();
    texts
}
