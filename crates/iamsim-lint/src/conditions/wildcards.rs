//! Wildcards and variables in condition values that do nothing, or too much.

use iamsim_syntax::variable::Piece;
use iamsim_syntax::{Comparison, Condition, Diagnostic, Polarity, Qualifier, Spanned, StringTest, Text};

use crate::checks::{
    Check, EQUIVALENT_TO_NULL_FALSE, EQUIVALENT_TO_NULL_TRUE, REDUNDANT_KEY_DUE_TO_WILDCARD_IN_CONDITION,
    REDUNDANT_STATEMENT_DUE_TO_WILDCARD_IN_CONDITION, VARIABLE_USAGE_TOO_PERMISSIVE,
    WILDCARD_USAGE_TOO_PERMISSIVE, WILDCARD_WITHOUT_LIKE_OPERATOR,
};
use crate::document::{Document, is_key};
use crate::keys::is_sensitive;
use crate::named::NamedCondition;
use crate::pattern::has_wildcard;

/// How many characters must stand in a row before a wildcard for it to be specific enough.
const SPECIFIC: usize = 6;

/// Keys in which less than that lets strangers in.
const GUARDED: [&str; 7] = [
    "aws:PrincipalArn",
    "aws:PrincipalOrgPaths",
    "aws:ResourceOrgPaths",
    "aws:SourceArn",
    "aws:SourceOrgPaths",
    "aws:SourceVpcArn",
    "aws:VpceOrgPaths",
];

pub(super) fn check(document: &Document<'_>, findings: &mut Vec<Diagnostic>) {
    for (_, NamedCondition { condition, .. }) in document.conditions() {
        let like = match condition.operator.value.comparison {
            Comparison::String(StringTest::Like, _) | Comparison::Arn(..) => true,
            Comparison::String(StringTest::Equals | StringTest::EqualsIgnoreCase, _) => false,
            _ => continue,
        };
        let matches_everything = like && condition.values.iter().any(|value| is_everything(&value.value));
        if matches_everything && !is_sensitive(&condition.key.value) {
            findings.push(constant(condition));
            continue;
        }
        if !like {
            findings
                .extend(condition.values.iter().filter_map(|value| without_like(document, condition, value)));
        }
        let Some(fault) = fault(condition) else { continue };
        for value in &condition.values {
            findings.extend(too_permissive(document, condition, value, like, fault));
        }
    }
}

fn is_everything(value: &str) -> bool {
    !value.is_empty() && value.bytes().all(|byte| byte == b'*')
}

fn without_like(document: &Document<'_>, condition: &Condition, value: &Spanned<Text>) -> Option<Diagnostic> {
    if !has_wildcard(&value.value) {
        return None;
    }
    let at = document.variables.pieces(&value.value).into_iter().find_map(|(range, piece)| match piece {
        Piece::Text(text) => text.find(['*', '?']).map(|at| range.start + at),
        _ => None,
    })?;
    let message = format!("`{}` takes `*` and `?` for the characters themselves", condition.operator.value);
    let finding = WILDCARD_WITHOUT_LIKE_OPERATOR.at(document.part(value, at..at + 1), message);
    Some(finding.with_help("use `StringLike` or `StringNotLike` if a wildcard is meant"))
}

/// What a condition that compares to `*` comes to.
fn constant(condition: &Condition) -> Diagnostic {
    use Polarity::{Negated, Positive};
    use Qualifier::{ForAllValues, ForAnyValue};
    let operator = condition.operator.value;
    let polarity = operator.comparison.polarity();
    let key = &condition.key.value;
    let null = |missing: bool| format!("write `\"Null\": {{\"{key}\": \"{missing}\"}}`, which says so");
    let (check, message, help): (Check, _, _) = match (operator.qualifier, polarity, operator.if_exists) {
        (None, Positive, false) | (Some(ForAnyValue), Positive, _) => {
            (EQUIVALENT_TO_NULL_FALSE, "holds whenever the key is present", null(false))
        }
        (None, Negated, _) | (Some(ForAllValues), Negated, _) => {
            (EQUIVALENT_TO_NULL_TRUE, "holds only when the key is missing", null(true))
        }
        (None, Positive, true) | (Some(ForAllValues), Positive, _) => {
            (REDUNDANT_KEY_DUE_TO_WILDCARD_IN_CONDITION, "always holds", "remove the key".into())
        }
        (Some(ForAnyValue), Negated, _) => (
            REDUNDANT_STATEMENT_DUE_TO_WILDCARD_IN_CONDITION,
            "never holds",
            "remove the key, or the statement".into(),
        ),
    };
    check.at(condition.span, format!("`{operator}` with `*` {message}")).with_help(help)
}

/// Says what is wrong with a wildcard in a value, if anything, from what stands before it.
type Fault = fn(&str) -> Option<&'static str>;

/// What is wrong with wildcards in the values of a key.
fn fault(condition: &Condition) -> Option<Fault> {
    if is_sensitive(&condition.key.value) {
        Some(|_| Some("one account, organization, VPC or endpoint is meant"))
    } else if is_key(condition, "aws:userid") {
        Some(|before| {
            (!before.is_empty() && !before.contains(':'))
                .then_some("it takes in the ids of several principals")
        })
    } else if GUARDED.iter().any(|name| is_key(condition, name)) {
        Some(|before| (before.chars().count() < SPECIFIC).then_some("too little stands before it"))
    } else {
        None
    }
}

/// A wildcard, or a variable, which is as good as one to whoever can choose its value.
fn too_permissive(
    document: &Document<'_>,
    condition: &Condition,
    value: &Spanned<Text>,
    like: bool,
    fault: Fault,
) -> Option<Diagnostic> {
    let is_plain = !like || !has_wildcard(&value.value);
    if is_plain && !document.variables.begin_in(&value.value) {
        return None;
    }
    let key = &condition.key.value;
    let mut before = String::new();
    for (range, piece) in document.variables.pieces(&value.value) {
        match piece {
            // Nobody chooses an account or organization of their own, so such a variable is no wildcard.
            Piece::Variable { key, .. } if is_sensitive(key) => before.push_str(key),
            Piece::Variable { .. } => {
                let why = fault(&before)?;
                let message = format!("a variable in `{key}` is as wide as a wildcard: {why}");
                let finding = VARIABLE_USAGE_TOO_PERMISSIVE.at(document.part(value, range), message);
                return Some(finding.with_help("write the value out"));
            }
            Piece::Text(text) => {
                let Some(at) = text.find(['*', '?']).filter(|_| like) else {
                    before.push_str(text);
                    continue;
                };
                before.push_str(text.get(..at).unwrap_or_default());
                let why = fault(&before)?;
                let at = range.start + at;
                let message = format!("the wildcard in `{key}` is too wide: {why}");
                let finding = WILDCARD_USAGE_TOO_PERMISSIVE.at(document.part(value, at..at + 1), message);
                return Some(finding.with_help("write the value out, or more of it"));
            }
            Piece::Literal(_) | Piece::Malformed(..) => {}
        }
    }
    None
}
