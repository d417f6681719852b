//! `Resource` and `NotResource`: the parts of an ARN.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html>

pub(crate) mod forms;

use std::borrow::Cow;
use std::ops::Range;

use iamsim_syntax::arn::{is_account_id, split_at};
use iamsim_syntax::variable::Piece;
use iamsim_syntax::{Diagnostic, Spanned, Text};

use crate::checks::{
    INVALID_ARN_ACCOUNT, INVALID_ARN_PREFIX, INVALID_ARN_SERVICE_CASE, MISSING_ARN_FIELD,
    VARIABLE_BEFORE_ARN_RESOURCE, WILDCARD_IN_PARTITION,
};
use crate::document::{Document, Variables};
use crate::effort::Effort;
use crate::pattern::has_wildcard;

pub(crate) fn check(document: &Document<'_>, findings: &mut Vec<Diagnostic>) {
    let mut effort = Effort::new(forms::EFFORT);
    let resources = document.statements.iter().flat_map(|named| &named.resources);
    for named in resources.filter(|named| !named.fields.is_empty()) {
        check_fields(document, named.pattern, &named.fields, findings);
        forms::check(document, named, &mut effort, findings);
    }
}

/// What stands for a policy variable while an ARN is split: its name may hold colons.
const VARIABLE: char = '\u{0}';

fn check_fields(
    document: &Document<'_>,
    pattern: &Spanned<Text>,
    fields: &[Field<'_>],
    findings: &mut Vec<Diagnostic>,
) {
    let part = |field: &Field<'_>| document.part(pattern, field.range.clone());
    if let Some(prefix) = fields.first().filter(|field| field.text != "arn" && !field.is_variable()) {
        findings.push(
            INVALID_ARN_PREFIX
                .at(part(prefix), format!("an ARN begins with `arn:`, not with `{}:`", prefix.text))
                .with_help("begin the pattern with `arn:`"),
        );
    }
    // A variable could hold colons, but what has a slash is the resource.
    let ends_in_resource = fields.last().is_some_and(|last| last.text.contains('/'));
    let is_short = fields.len() < 6 && (ends_in_resource || !fields.iter().any(Field::is_variable));
    if is_short {
        findings.push(
            MISSING_ARN_FIELD
                .at(pattern.span, format!("the ARN has {} of 6 parts", fields.len()))
                .with_help("write all of `arn:partition:service:region:account:resource`; what is left out may be read as `*`"),
        );
    }
    let before_resource = if is_short { fields.len().saturating_sub(1) } else { 5 };
    if let Some(variable) = fields.iter().take(before_resource).find(|field| field.is_variable()) {
        findings.push(
            VARIABLE_BEFORE_ARN_RESOURCE
                .at(part(variable), "AWS documents policy variables only after the fifth colon of an ARN")
                .with_help("write the part out, or use `*` and a condition"),
        );
    }
    if let Some(partition) = fields.get(1).filter(|field| has_wildcard(&field.text)) {
        findings.push(
            WILDCARD_IN_PARTITION
                .at(part(partition), "a wildcard stands for the partition")
                .with_help("write `aws`, `aws-cn` or `aws-us-gov`"),
        );
    }
    if let Some(service) =
        fields.get(2).filter(|field| field.text.bytes().any(|byte| byte.is_ascii_uppercase()))
    {
        findings.push(
            INVALID_ARN_SERVICE_CASE
                .at(
                    part(service),
                    format!("`{}` is not in lower case, so the pattern matches nothing", service.text),
                )
                .with_help(format!("write `{}`", service.text.to_ascii_lowercase())),
        );
    }
    if let Some(account) = fields.get(4).filter(|field| !is_account_pattern(field)) {
        findings.push(
            INVALID_ARN_ACCOUNT
                .at(part(account), format!("`{}` is no account id", account.text))
                .with_help("an account id has 12 digits"),
        );
    }
}

/// One of the six parts of an ARN.
pub(crate) struct Field<'t> {
    range: Range<usize>,
    /// As written, with [`VARIABLE`] for each policy variable.
    pub(crate) text: Cow<'t, str>,
}

impl Field<'_> {
    /// Whether a policy variable stands in it.
    pub(crate) fn is_variable(&self) -> bool {
        matches!(&self.text, Cow::Owned(text) if text.contains(VARIABLE))
    }

    /// The text with a `*` for each policy variable.
    pub(crate) fn pattern(&self) -> Cow<'_, str> {
        match self.is_variable() {
            true => self.text.replace(VARIABLE, "*").into(),
            false => Cow::Borrowed(&self.text),
        }
    }
}

/// Splits at the first five colons that are not inside a policy variable.
pub(crate) fn fields(text: &str, variables: Variables) -> Vec<Field<'_>> {
    let mut fields = Vec::with_capacity(6);
    if variables.begin_in(text) {
        split_around_variables(text, variables, &mut fields);
        return fields;
    }
    let mut rest = text;
    while fields.len() < 5
        && let Some((part, after)) = split_at(rest, b':')
    {
        let start = text.len() - rest.len();
        fields.push(Field { range: start..start + part.len(), text: part.into() });
        rest = after;
    }
    fields.push(Field { range: text.len() - rest.len()..text.len(), text: rest.into() });
    fields
}

fn split_around_variables(text: &str, variables: Variables, fields: &mut Vec<Field<'_>>) {
    fields.push(Field { range: 0..text.len(), text: Cow::default() });
    for (range, piece) in variables.pieces(text) {
        let Piece::Text(plain) = piece else {
            if let Some(field) = fields.last_mut() {
                field.text.to_mut().push(VARIABLE);
            }
            continue;
        };
        for (at, character) in plain.char_indices() {
            let at = range.start + at;
            let full = fields.len() == 6;
            let Some(field) = fields.last_mut() else { continue };
            if character == ':' && !full {
                field.range.end = at;
                fields.push(Field { range: at + 1..text.len(), text: Cow::default() });
            } else {
                field.text.to_mut().push(character);
            }
        }
    }
}

/// `aws` owns the managed policies.
fn is_account_pattern(field: &Field<'_>) -> bool {
    let text = &*field.text;
    matches!(text, "" | "aws") || is_account_id(text) || has_wildcard(text) || field.is_variable()
}
