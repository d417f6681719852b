//! Set qualifiers and the number of values a condition key has.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html>

use iamsim_catalog::Cardinality;
use iamsim_syntax::{Comparison, Condition, Diagnostic, Effect, Qualifier, Statement};

use crate::checks::{FORALLVALUES_WITH_SINGLE_VALUED_KEY, MISSING_QUALIFIER};
use crate::document::Document;
use crate::named::NamedCondition;

pub(super) fn check(document: &Document<'_>, findings: &mut Vec<Diagnostic>) {
    for (statement, NamedCondition { condition, key }) in document.conditions() {
        let Some(key) = key else { continue };
        match (key.cardinality, condition.operator.value.qualifier) {
            (Cardinality::Multivalued, None) => check_missing(condition, findings),
            (Cardinality::SingleValued, Some(Qualifier::ForAllValues)) => {
                check_needless(statement, condition, findings);
            }
            (Cardinality::Multivalued, Some(_)) | (Cardinality::SingleValued, _) => {}
        }
    }
}

fn check_missing(condition: &Condition, findings: &mut Vec<Diagnostic>) {
    let operator = condition.operator;
    if operator.value.comparison == Comparison::Null {
        return;
    }
    let key = &condition.key.value;
    findings.push(
        MISSING_QUALIFIER
            .at(
                operator.span,
                format!("`{key}` may have several values, and `{}` compares one", operator.value),
            )
            .with_help(format!(
                "write `ForAnyValue:{0}` if one value has to match, `ForAllValues:{0}` if all have to",
                operator.value
            )),
    );
}

/// In a `Deny` the statement then denies more rather than less. The audience of a token has a check of its own.
fn check_needless(statement: &Statement, condition: &Condition, findings: &mut Vec<Diagnostic>) {
    let operator = condition.operator;
    let key = &condition.key.value;
    let is_audience = key.to_ascii_lowercase().ends_with(":aud");
    let is_null = operator.value.comparison == Comparison::Null;
    if statement.effect.value == Effect::Deny || is_audience || is_null {
        return;
    }
    findings.push(
        FORALLVALUES_WITH_SINGLE_VALUED_KEY
            .at(operator.span, format!("`{}` also holds for a request without `{key}`", operator.value))
            .with_help(format!("remove `ForAllValues:`; `{key}` has one value")),
    );
}
