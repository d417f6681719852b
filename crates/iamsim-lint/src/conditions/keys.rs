//! Condition keys and the operators they go with.

use iamsim_catalog::{ConditionKey, ValueType};
use iamsim_syntax::{Comparison, Condition, Diagnostic, PolicyType, StringTest};

use crate::checks::{
    INVALID_CONDITION_OPERATOR, IRRELEVANT_CONDITION_KEY_IN_POLICY, MISSING_TAG_KEY_IN_CONDITION,
    NULL_WITH_QUALIFIER, STRING_LIKE_OPERATOR_WITH_ARN_CONDITION_KEYS, TYPE_MISMATCH,
    UNSUPPORTED_GLOBAL_CONDITION_KEY, UNTRUSTWORTHY_CONDITION_KEY,
};
use crate::document::{Document, is_key};
use crate::keys::{operators, takes};
use crate::named::NamedCondition;

/// Keys whose value is whatever the caller sends.
const UNTRUSTWORTHY: [&str; 2] = ["aws:Referer", "aws:UserAgent"];

/// Keys that end in the key of a tag.
const TAG_KEYS: [&str; 6] = [
    "aws:PrincipalTag",
    "aws:RequestTag",
    "aws:ResourceTag",
    "ec2:ResourceTag",
    "iam:ResourceTag",
    "s3:ExistingObjectTag",
];

pub(super) fn check(document: &Document<'_>, findings: &mut Vec<Diagnostic>) {
    let policy_type = document.policy.policy_type;
    // The only ones whose operators may be spelled in any case.
    let organizations = matches!(policy_type, PolicyType::ServiceControl | PolicyType::ResourceControl);
    for (_, NamedCondition { condition, key }) in document.conditions() {
        if organizations {
            check_spelling(document, condition, findings);
        }
        check_name(condition, findings);
        check_operator(condition, *key, findings);
        check_place(policy_type, condition, findings);
    }
}

fn check_spelling(document: &Document<'_>, condition: &Condition, findings: &mut Vec<Diagnostic>) {
    let written = document.written(condition.operator.span).trim_matches('"');
    let name = condition.operator.value.to_string();
    if written != name && written.eq_ignore_ascii_case(&name) {
        findings.push(
            INVALID_CONDITION_OPERATOR
                .at(condition.operator.span, format!("the operator is spelled `{name}`"))
                .with_help("only the policies of AWS Organizations take another case"),
        );
    }
}

fn check_name(condition: &Condition, findings: &mut Vec<Diagnostic>) {
    let key = &condition.key;
    let (name, tag) = key.value.split_once('/').unwrap_or((&key.value, ""));
    if TAG_KEYS.iter().any(|known| known.eq_ignore_ascii_case(name)) && tag.is_empty() {
        findings.push(
            MISSING_TAG_KEY_IN_CONDITION
                .at(key.span, format!("`{name}` needs the key of a tag"))
                .with_help(format!("write `{name}/team` to look at the tag `team`")),
        );
    }
    if is_key(condition, "aws:ARN") {
        findings.push(
            UNSUPPORTED_GLOBAL_CONDITION_KEY
                .at(key.span, format!("`{}` is no longer supported", key.value))
                .with_help("use `aws:PrincipalArn`"),
        );
    }
    if UNTRUSTWORTHY.iter().any(|name| is_key(condition, name)) {
        findings.push(
            UNTRUSTWORTHY_CONDITION_KEY
                .at(key.span, format!("`{}` is whatever the caller sends", key.value))
                .with_help("do not decide access by it; anyone can send the value you expect"),
        );
    }
}

fn check_operator(condition: &Condition, known: Option<ConditionKey>, findings: &mut Vec<Diagnostic>) {
    let operator = condition.operator;
    let comparison = operator.value.comparison;
    if let (Comparison::Null, Some(_)) = (comparison, operator.value.qualifier) {
        findings.push(
            NULL_WITH_QUALIFIER
                .at(operator.span, format!("`{}` does not depend on the request", operator.value))
                .with_help(
                    "write `Null` alone; with `ForAllValues` it always holds, with `ForAnyValue` never",
                ),
        );
    }
    let key = &condition.key.value;
    // A tag or an entry of an encryption context may hold anything.
    let Some(found) = known.filter(|found| !found.is_template()) else { return };
    let value_type = found.value_type;
    if !takes(key, value_type, comparison) {
        findings.push(
            TYPE_MISMATCH
                .at(operator.span, format!("`{}` does not compare values of `{key}`", operator.value))
                .with_help(format!("use {}", operators(value_type))),
        );
    }
    if let (ValueType::Arn, Comparison::String(StringTest::Like, _)) = (value_type, comparison) {
        findings.push(
            STRING_LIKE_OPERATOR_WITH_ARN_CONDITION_KEYS
                .at(
                    operator.span,
                    format!("`{}` lets a wildcard in `{key}` run over the parts of the ARN", operator.value),
                )
                .with_help("use `ArnLike` or `ArnNotLike`, which compare part by part"),
        );
    }
}

fn check_place(policy_type: PolicyType, condition: &Condition, findings: &mut Vec<Diagnostic>) {
    if policy_type == PolicyType::ResourceBased && is_key(condition, "s3:ResourceAccount") {
        findings.push(
            IRRELEVANT_CONDITION_KEY_IN_POLICY
                .at(
                    condition.key.span,
                    format!("`{}` says nothing in a policy of the resource itself", condition.key.value),
                )
                .with_help("use it in an identity-based policy"),
        );
    }
}
