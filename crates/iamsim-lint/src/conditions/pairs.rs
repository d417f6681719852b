//! Condition keys that need another one beside them, or another effect.

use iamsim_syntax::{Comparison, Condition, Diagnostic, Effect, Polarity, Statement, StringTest};

use crate::checks::{
    DYNAMODB_ATTRIBUTES_WITHOUT_SELECT, MISSING_PAIRED_CONDITION_KEYS, S3_PREFIX_IN_NEGATIVE_CONTEXT,
};
use crate::document::{Document, has_key, is_key};
use crate::named::NamedCondition;

pub(super) fn check(document: &Document<'_>, findings: &mut Vec<Diagnostic>) {
    for (statement, NamedCondition { condition, .. }) in document.conditions() {
        check_vpc_source_ip(statement, condition, findings);
        check_attributes(statement, condition, findings);
        check_prefix(statement, condition, findings);
    }
}

/// Every VPC may have the same private addresses.
fn check_vpc_source_ip(statement: &Statement, condition: &Condition, findings: &mut Vec<Diagnostic>) {
    let pairs = ["aws:SourceVpc", "aws:SourceVpce", "aws:SourceVpcArn"];
    if is_key(condition, "aws:VpcSourceIp") && !has_key(statement, &pairs) {
        findings.push(
            MISSING_PAIRED_CONDITION_KEYS
                .at(condition.key.span, "`aws:VpcSourceIp` alone matches the same address in anyone's VPC")
                .with_help("add a condition on `aws:SourceVpc` or `aws:SourceVpce` to the statement"),
        );
    }
}

/// Without a projection DynamoDB returns every attribute and does not fill `dynamodb:Attributes` in.
fn check_attributes(statement: &Statement, condition: &Condition, findings: &mut Vec<Diagnostic>) {
    let selects = |other: &Condition| {
        let positive = other.operator.value.comparison.polarity() == Polarity::Positive;
        let specific =
            other.values.iter().all(|value| value.value.eq_ignore_ascii_case("SPECIFIC_ATTRIBUTES"));
        is_key(other, "dynamodb:Select") && positive && specific && !other.values.is_empty()
    };
    let is_grant = statement.effect.value == Effect::Allow && is_key(condition, "dynamodb:Attributes");
    if is_grant && !statement.conditions.iter().any(selects) {
        findings.push(
            DYNAMODB_ATTRIBUTES_WITHOUT_SELECT
                .at(condition.key.span, "a read without a projection returns every attribute, not only these")
                .with_help("add `\"StringEqualsIfExists\": {\"dynamodb:Select\": \"SPECIFIC_ATTRIBUTES\"}` to the condition"),
        );
    }
}

/// A listing without the prefix, or with a shorter one, shows the same keys.
fn check_prefix(statement: &Statement, condition: &Condition, findings: &mut Vec<Diagnostic>) {
    let Comparison::String(StringTest::Like, polarity) = condition.operator.value.comparison else { return };
    let negative = match statement.effect.value {
        Effect::Deny => polarity == Polarity::Positive,
        Effect::Allow => polarity == Polarity::Negated,
    };
    if negative && is_key(condition, "s3:prefix") {
        findings.push(
            S3_PREFIX_IN_NEGATIVE_CONTEXT
                .at(condition.key.span, "a caller sees these keys all the same by listing a shorter prefix")
                .with_help("say which prefixes may be listed, rather than which may not"),
        );
    }
}
