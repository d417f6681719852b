//! Policy variables: where they work, and how they are written.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html>

use iamsim_syntax::variable::{self, Fault, Piece, pieces};
use iamsim_syntax::{Diagnostic, Spanned, Text, Version};

use crate::checks::{
    EMPTY_VARIABLE, INVALID_VARIABLE_FOR_OPERATOR, MISSING_BRACE_IN_VARIABLE, MISSING_QUOTE_IN_VARIABLE,
    UNSUPPORTED_SPACE_IN_VARIABLE, VARIABLE_UNSUPPORTED_IN_ELEMENT, VARIABLE_UNSUPPORTED_IN_VERSION,
};
use crate::conditions::unknown_variable;
use crate::document::Document;

pub(crate) fn check(document: &Document<'_>, findings: &mut Vec<Diagnostic>) {
    if document.variables.are_absent() {
        return;
    }
    for statement in &document.policy.statements {
        for action in &statement.action.patterns {
            check_unsupported(document, action, "`Action`", findings);
        }
        for resource in statement.resource.iter().flat_map(|element| &element.patterns) {
            check_supported(document, resource, findings);
        }
        for condition in &statement.conditions {
            check_unsupported(document, &condition.key, "a condition key", findings);
            let operator = condition.operator.value;
            for value in &condition.values {
                if operator.comparison.takes_variables() {
                    check_supported(document, value, findings);
                } else if let Some((range, variable)) = first_variable(&value.value) {
                    let message =
                        format!("`{}` does not replace variables: `{variable}` is plain text", operator);
                    findings.push(
                        INVALID_VARIABLE_FOR_OPERATOR
                            .at(document.part(value, range), message)
                            .with_help("only `String…` and `Arn…` operators do"),
                    );
                }
            }
        }
    }
}

/// The first variable of a text, well-formed or not.
fn first_variable(text: &str) -> Option<(std::ops::Range<usize>, &str)> {
    if !variable::begins_in(text) {
        return None;
    }
    let (range, _) = pieces(text).into_iter().find(|(_, piece)| !matches!(piece, Piece::Text(_)))?;
    Some((range.clone(), text.get(range)?))
}

fn check_unsupported(
    document: &Document<'_>,
    string: &Spanned<Text>,
    element: &str,
    findings: &mut Vec<Diagnostic>,
) {
    let Some((range, variable)) = first_variable(&string.value) else { return };
    findings.push(
        VARIABLE_UNSUPPORTED_IN_ELEMENT
            .at(
                document.part(string, range),
                format!("variables do not work in {element}: `{variable}` is plain text"),
            )
            .with_help("use them in `Resource` and in condition values only"),
    );
}

fn check_supported(document: &Document<'_>, string: &Spanned<Text>, findings: &mut Vec<Diagnostic>) {
    if !variable::begins_in(&string.value) {
        return;
    }
    match document.policy.version {
        Version::V2012 => {
            findings.extend(malformed(document, string));
            findings.extend(unknown(document, string));
        }
        Version::V2008 => {
            let Some((range, variable)) = first_variable(&string.value) else { return };
            let message = format!("without `\"Version\": \"2012-10-17\"` `{variable}` is plain text");
            findings.push(
                VARIABLE_UNSUPPORTED_IN_VERSION
                    .at(document.part(string, range), message)
                    .with_help("add or change the `Version` element of the policy"),
            );
        }
    }
}

/// Variables of keys that AWS does not have.
fn unknown(document: &Document<'_>, string: &Spanned<Text>) -> Vec<Diagnostic> {
    let keys = pieces(&string.value).into_iter().filter_map(|(range, piece)| match piece {
        Piece::Variable { key, .. } => Some((range, key)),
        Piece::Text(_) | Piece::Literal(_) | Piece::Malformed(..) => None,
    });
    keys.filter_map(|(range, key)| unknown_variable(document, key, document.part(string, range))).collect()
}

fn malformed(document: &Document<'_>, string: &Spanned<Text>) -> Vec<Diagnostic> {
    let faults = pieces(&string.value).into_iter().filter_map(|(range, piece)| match piece {
        Piece::Malformed(text, fault) => Some((range, text, fault)),
        Piece::Text(_) | Piece::Literal(_) | Piece::Variable { .. } => None,
    });
    faults
        .map(|(range, text, fault)| {
            let (check, problem, help) = match fault {
                Fault::Empty => {
                    (EMPTY_VARIABLE, "names no key", "write a key between the braces: `${aws:username}`")
                }
                Fault::MissingBrace if text.matches("${").count() > 1 => (
                    MISSING_BRACE_IN_VARIABLE,
                    "is not closed before another begins",
                    "add the `}`; a variable cannot stand in another",
                ),
                Fault::MissingBrace => (MISSING_BRACE_IN_VARIABLE, "is not closed", "add the `}`"),
                Fault::MissingQuote => (
                    MISSING_QUOTE_IN_VARIABLE,
                    "has a default without its quotes",
                    "put the default in single quotes: `${aws:PrincipalTag/team, 'none'}`",
                ),
                Fault::Space => (UNSUPPORTED_SPACE_IN_VARIABLE, "has a space in its key", "remove the space"),
            };
            let message = format!("`{text}` {problem}, so it is plain text");
            check.at(document.part(string, range), message).with_help(help)
        })
        .collect()
}
