//! Conditions with nothing in them, and values of several kinds.

use std::collections::BTreeSet;

use iamsim_syntax::json::{Node, Value};
use iamsim_syntax::{Condition, Diagnostic, Qualifier, Spanned, Text};

use crate::checks::{
    EMPTY_ARRAY_CONDITION, EMPTY_ARRAY_CONDITION_FORALLVALUES, EMPTY_ARRAY_CONDITION_FORANYVALUE,
    EMPTY_ARRAY_CONDITION_IFEXISTS, EMPTY_OBJECT_CONDITION, INVALID_CONDITION_DATA_TYPE,
};
use crate::document::Document;

pub(super) fn check(document: &Document<'_>, findings: &mut Vec<Diagnostic>) {
    let conditions = || document.conditions().map(|(_, named)| named.condition);
    for condition in conditions().filter(|condition| condition.values.is_empty()) {
        findings.push(without_values(condition));
    }
    if !has_empty_object(document.text) && !conditions().any(|one| is_mixed(document, one)) {
        return;
    }
    for node in document.condition_nodes() {
        check_node(document, node, findings);
    }
}

/// Whether a text may hold an object without members: a closing brace after an opening one.
fn has_empty_object(text: &str) -> bool {
    let inside = |brace| text.get(brace + 1..).unwrap_or_default();
    memchr::memchr_iter(b'{', text.as_bytes()).any(|brace| inside(brace).trim_ascii_start().starts_with('}'))
}

/// Whether a condition's values may be of several types: begin differently.
fn is_mixed(document: &Document<'_>, condition: &Condition) -> bool {
    let is_string = |value: &Spanned<Text>| document.written(value.span).starts_with('"');
    let strings = condition.values.iter().filter(|value| is_string(value)).count();
    strings < condition.values.len() && condition.values.len() > 1
}

fn without_values(condition: &Condition) -> Diagnostic {
    let key = &condition.key.value;
    let operator = condition.operator.value;
    let null_test = format!("test for a missing key with `\"Null\": {{\"{key}\": \"true\"}}`");
    let (check, message, help) = match (operator.qualifier, operator.if_exists) {
        (Some(Qualifier::ForAllValues), _) => (
            EMPTY_ARRAY_CONDITION_FORALLVALUES,
            "the condition holds only when the key is missing",
            null_test,
        ),
        (Some(Qualifier::ForAnyValue), _) => {
            (EMPTY_ARRAY_CONDITION_FORANYVALUE, "the condition never holds", "list the values".into())
        }
        (None, true) => {
            (EMPTY_ARRAY_CONDITION_IFEXISTS, "the condition holds only when the key is missing", null_test)
        }
        (None, false) => (EMPTY_ARRAY_CONDITION, "the statement never applies", "list the values".into()),
    };
    check.at(condition.span, format!("no value is listed for `{key}`, so {message}")).with_help(help)
}

/// One `Condition` object: operators, in them keys, in them values.
fn check_node(document: &Document<'_>, node: &Node, findings: &mut Vec<Diagnostic>) {
    let Value::Object(operators) = &node.value else { return };
    if operators.is_empty() {
        findings.push(empty_object(document, node, "the condition is empty and always holds"));
    }
    for operator in operators {
        let Value::Object(keys) = &operator.value.value else { continue };
        if keys.is_empty() {
            let message = format!("`{}` compares no key and always holds", operator.key.value);
            findings.push(empty_object(document, &operator.value, &message));
        }
        keys.iter().for_each(|key| check_types(document, &key.value, findings));
    }
}

fn empty_object(document: &Document<'_>, node: &Node, message: &str) -> Diagnostic {
    let help = "remove it, or say what must hold";
    EMPTY_OBJECT_CONDITION.at(document.span_of(node), message).with_help(help)
}

fn check_types(document: &Document<'_>, node: &Node, findings: &mut Vec<Diagnostic>) {
    let Value::Array(values) = &node.value else { return };
    let kinds: BTreeSet<&str> = values.iter().map(|value| value.kind()).collect();
    if kinds.len() > 1 {
        let kinds: Vec<&str> = kinds.into_iter().collect();
        findings.push(
            INVALID_CONDITION_DATA_TYPE
                .at(
                    document.span_of(node),
                    format!("the values are of several types: {}", kinds.join(" and ")),
                )
                .with_help("write all of them as strings"),
        );
    }
}
