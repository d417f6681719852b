//! What can be left out without changing the answer to any request.

use std::collections::BTreeMap;

use iamsim_syntax::literal::Number;
use iamsim_syntax::{
    Comparison, Condition, Diagnostic, Ordering, Principal, Sense, Span, Spanned, Statement,
};

use crate::checks::{
    Check, REDUNDANT_ACTION, REDUNDANT_CONDITION_VALUE_NUM, REDUNDANT_RESOURCE, REDUNDANT_STATEMENT,
};
use crate::document::{Document, beginning};
use crate::pattern::{covers, has_wildcard};

pub(crate) fn check(document: &Document<'_>, findings: &mut Vec<Diagnostic>) {
    for statement in &document.policy.statements {
        let actions = &statement.action.patterns;
        let lower: Vec<String> = actions.iter().map(|action| action.value.to_ascii_lowercase()).collect();
        check_patterns(REDUNDANT_ACTION, "action", actions, &lower, findings);
        if let Some(element) = &statement.resource {
            let texts: Vec<String> =
                element.patterns.iter().map(|pattern| pattern.value.to_string()).collect();
            check_patterns(REDUNDANT_RESOURCE, "resource", &element.patterns, &texts, findings);
        }
        statement.conditions.iter().for_each(|condition| check_bounds(condition, findings));
    }
    check_statements(document, findings);
}

/// `texts` are the patterns in the form they are compared in.
fn check_patterns(
    check: Check,
    what: &str,
    patterns: &[Spanned<Box<str>>],
    texts: &[String],
    findings: &mut Vec<Diagnostic>,
) {
    let mut first_seen: BTreeMap<&str, usize> = BTreeMap::new();
    let wide: Vec<usize> =
        (0..texts.len()).filter(|at| texts.get(*at).is_some_and(|text| has_wildcard(text))).collect();
    for (at, (pattern, text)) in patterns.iter().zip(texts).enumerate() {
        let twin = first_seen.get(text.as_str()).copied();
        first_seen.entry(text).or_insert(at);
        let cover = || {
            wide.iter().copied().find(|other| {
                let wide = texts.get(*other).map_or("", String::as_str);
                // Of two that cover each other the first stays.
                wide != text && covers(wide, text) && (*other < at || !covers(text, wide))
            })
        };
        let Some(other) = twin.or_else(cover).and_then(|other| patterns.get(other)) else { continue };
        findings.push(
            check
                .at(pattern.span, format!("`{}` is covered by `{}`", pattern.value, other.value))
                .with_related(other.span, "covers it")
                .with_help(format!(
                    "remove the {what} that is covered, or the wider one if it says too much"
                )),
        );
    }
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
            .with_help(format!("keep `{weakest}` alone, or write two statements if all must hold")),
    );
}

fn check_statements(document: &Document<'_>, findings: &mut Vec<Diagnostic>) {
    let mut first_seen: BTreeMap<String, Span> = BTreeMap::new();
    for statement in &document.policy.statements {
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
