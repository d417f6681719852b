//! What can be left out without changing the answer to any request.

use std::collections::BTreeMap;
use std::hash::BuildHasher;

use iamsim_syntax::literal::Number;
use iamsim_syntax::{
    Comparison, Condition, Diagnostic, Ordering, Principal, Sense, Span, Spanned, Statement, Text,
};
use rustc_hash::{FxBuildHasher, FxHashMap};

use crate::checks::{
    Check, REDUNDANT_ACTION, REDUNDANT_CONDITION_VALUE_NUM, REDUNDANT_RESOURCE, REDUNDANT_STATEMENT,
};
use crate::digest::{all_differ, digest};
use crate::document::{Document, beginning};
use crate::effort::Effort;
use crate::named::NamedStatement;
use crate::named_resources::NamedResource;
use crate::pattern::{covers_ignoring_case_with, covers_with, has_wildcard, wildcard};
use crate::resources::Field;

pub(crate) fn check(document: &Document<'_>, findings: &mut Vec<Diagnostic>) {
    let mut effort = Effort::new(EFFORT);
    for NamedStatement { statement, resources, .. } in &document.statements {
        let actions = &statement.action.patterns;
        if actions.len() > 1 {
            let actions: Vec<_> = actions.iter().map(ActionEntry::new).collect();
            check_entries(&actions, &mut effort, findings);
        }
        if resources.len() > 1 {
            check_entries(resources, &mut effort, findings);
        }
        statement.conditions.iter().for_each(|condition| check_bounds(condition, findings));
    }
    check_statements(document, findings);
}

/// How many bytes of patterns are compared with each other.
const EFFORT: usize = 10_000_000;

/// One entry of a list of patterns.
trait Entry {
    /// The check for entries that others cover.
    const CHECK: Check;
    /// What to do about one.
    const HELP: &'static str;

    fn pattern(&self) -> &Spanned<Text>;

    /// Whether it is a pattern that may cover others.
    fn is_wide(&self) -> bool;

    /// Whether another says the same.
    fn is_same(&self, other: &Self) -> bool;

    /// Whether it matches all that another matches, if there is the effort left to find out.
    fn covers(&self, other: &Self, effort: &mut Effort) -> bool;
}

struct ActionEntry<'a> {
    pattern: &'a Spanned<Text>,
    /// What stands before the first wildcard, and the wildcard with what follows it.
    cut: Option<(&'a str, &'a str)>,
}

impl<'a> ActionEntry<'a> {
    fn new(pattern: &'a Spanned<Text>) -> Self {
        let text = &*pattern.value;
        Self { pattern, cut: wildcard(text).and_then(|at| text.split_at_checked(at)) }
    }
}

impl Entry for ActionEntry<'_> {
    const CHECK: Check = REDUNDANT_ACTION;
    const HELP: &'static str = "remove the action that is covered, or the wider one if it says too much";

    fn pattern(&self) -> &Spanned<Text> {
        self.pattern
    }

    fn is_wide(&self) -> bool {
        self.cut.is_some()
    }

    fn is_same(&self, other: &Self) -> bool {
        self.pattern.value.eq_ignore_ascii_case(&other.pattern.value)
    }

    fn covers(&self, other: &Self, effort: &mut Effort) -> bool {
        let Some((beginning, rest)) = self.cut else { return false };
        let Some((begun, others_rest)) = other.pattern.value.split_at_checked(beginning.len()) else {
            return false;
        };
        // Of one service most differ in the last character before the wildcard.
        let last = |text: &str| text.as_bytes().last().map(u8::to_ascii_lowercase);
        last(begun) == last(beginning)
            && begun.eq_ignore_ascii_case(beginning)
            && covers_ignoring_case_with(rest, others_rest, effort)
    }
}

/// A policy variable may stand for any text, so nothing is known to be covered by it, and only a wildcard covers it.
impl Entry for NamedResource<'_> {
    const CHECK: Check = REDUNDANT_RESOURCE;
    const HELP: &'static str = "remove the resource that is covered, or the wider one if it says too much";

    fn pattern(&self) -> &Spanned<Text> {
        self.pattern
    }

    fn is_wide(&self) -> bool {
        has_wildcard(&self.pattern.value) && !self.fields.iter().any(Field::is_variable)
    }

    fn is_same(&self, other: &Self) -> bool {
        self.pattern.value == other.pattern.value
    }

    /// Part by part: a `*` within one of the first five parts does not run over the colon. Most differ in the last.
    fn covers(&self, other: &Self, effort: &mut Effort) -> bool {
        if self.pattern.value == "*" {
            return true;
        }
        let pairs = self.fields.iter().zip(&other.fields).rev();
        self.fields.len() == 6
            && other.fields.len() == 6
            && pairs
                .map(|(own, other)| (&*own.text, other.pattern()))
                .all(|(own, other)| own == "*" || own == other || covers_with(own, &other, effort))
    }
}

fn check_entries<E: Entry>(entries: &[E], effort: &mut Effort, findings: &mut Vec<Diagnostic>) {
    let repeated = repeated(entries, effort);
    let wide: Vec<(usize, &E)> = entries.iter().enumerate().filter(|(_, entry)| entry.is_wide()).collect();
    if repeated.is_empty() && wide.is_empty() {
        return;
    }
    for (at, entry) in entries.iter().enumerate() {
        let same = repeated.get(&at).copied();
        let Some(other) = same.or_else(|| cover(at, entry, &wide, effort)) else { continue };
        let (pattern, other) = (entry.pattern(), other.pattern());
        findings.push(
            E::CHECK
                .at(pattern.span, ["`", &*pattern.value, "` is covered by `", &*other.value, "`"].concat())
                .with_related(other.span, "covers it")
                .with_help(E::HELP),
        );
    }
}

/// The entries that say the same as an earlier one, by their places, each with the first that does.
fn repeated<'e, E: Entry>(entries: &'e [E], effort: &mut Effort) -> FxHashMap<usize, &'e E> {
    let mut repeated = FxHashMap::default();
    let digests = || entries.iter().map(|entry| digest(&entry.pattern().value));
    if all_differ(digests()) {
        return repeated;
    }
    let mut by_digest: Vec<(u64, usize)> = digests().zip(0..).collect();
    by_digest.sort_unstable();
    for alike in by_digest.chunk_by(|one, other| one.0 == other.0).filter(|alike| alike.len() > 1) {
        let alike = || alike.iter().filter_map(|(_, at)| Some((*at, entries.get(*at)?)));
        for (at, entry) in alike() {
            let mut earlier = alike().take_while(|(earlier, _)| *earlier < at && effort.spend(1));
            let first = earlier.find(|(_, other)| entry.is_same(other));
            repeated.extend(first.map(|(_, first)| (at, first)));
        }
    }
    repeated
}

/// The first entry that covers another, if there is the effort left to find it.
fn cover<'e, E: Entry>(at: usize, entry: &E, wide: &[(usize, &'e E)], effort: &mut Effort) -> Option<&'e E> {
    for (others_at, other) in wide.iter().filter(|(others_at, _)| *others_at != at) {
        if !effort.spend(1) {
            return None;
        }
        // Of two that cover each other the first stays.
        let covers = other.covers(entry, effort);
        if covers && !(*others_at > at && entry.is_wide() && entry.covers(other, effort)) {
            return Some(other);
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
    if all_differ(statements.iter().map(|statement| FxBuildHasher.hash_one(shape(statement)))) {
        return;
    }
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

#[cfg(test)]
mod tests {
    use iamsim_syntax::{PolicyType, parse};

    use super::*;

    #[test]
    fn arns_are_covered_part_by_part() {
        #[track_caller]
        fn check(wide: &str, narrow: &str, expected: bool) {
            let text = format!(
                r#"{{"Statement": {{"Effect": "Allow", "Action": "*", "Resource": ["{wide}", "{narrow}"]}}}}"#
            );
            let policy = parse(&text, PolicyType::IdentityBased).0.unwrap();
            let document = Document::new(&policy, &text);
            let resources = &document.statements[0].resources;
            assert_eq!(
                resources[0].covers(&resources[1], &mut Effort::unlimited()),
                expected,
                "{wide} {narrow}"
            );
        }
        check("arn:aws:sqs:*:111122223333:*", "arn:aws:sqs:us-*:111122223333:queue", true);
        check("arn:aws:sqs:*:queue", "arn:aws:sqs:us-east-1:111122223333:queue", false);
        check("arn:aws:sqs:us-*-1:111122223333:q", "arn:aws:sqs:us-east:1-1:111122223333:q", false);
        check("arn:aws:sqs:us-*-1:111122223333:q", "arn:aws:sqs:us-east-1:111122223333:q", true);
        check("*", "arn:aws:sqs:us-east-1:111122223333:q", true);
        check("arn:aws:sqs:*:*:*", "*", false);
    }
}
