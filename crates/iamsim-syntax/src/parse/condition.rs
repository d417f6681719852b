//! `Condition`: operators, the keys they test and the values they compare with.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html>

use std::collections::BTreeMap;

use super::element::{nearest, own};
use super::{Reading, SYNTAX_ERRORS, aws};
use crate::arn::split_at;
use crate::json::flat::{MemberRef, Members, NodeRef, ValueRef};
use crate::{Condition, ConditionOperator, Diagnostic, List, PolicyType, Span, Spanned, Text, code};

impl Reading {
    pub(super) fn conditions(&mut self, member: MemberRef<'_>) -> Vec<Condition> {
        let ValueRef::Object(operators) = member.value.value() else {
            self.wrong_type(member.value, "`Condition`", "an object");
            return Vec::new();
        };
        let mut conditions = Vec::new();
        for block in operators {
            let ValueRef::Object(keys) = block.value.value() else {
                let what = format!("what `{}` tests", block.key.value.escape_debug());
                self.wrong_type(block.value, &what, "an object of condition keys");
                continue;
            };
            if keys.is_empty() {
                // AWS does not even look at the operator then, and it tests nothing.
                continue;
            }
            let Some(operator) = self.operator(block) else { continue };
            let mut earlier = conditions.iter().map(|condition: &Condition| condition.operator);
            if let Some(first) = earlier.find(|first| first.value == operator.value) {
                self.same_operator(&operator, first.span);
            }
            self.keys_differ(keys);
            conditions.extend(keys.map(|key| self.condition(operator, key)));
        }
        conditions
    }

    fn operator(&mut self, block: MemberRef<'_>) -> Option<Spanned<ConditionOperator>> {
        let name = block.key.value;
        // AWS's own samples of these two types have operators in other case.
        let any_case = matches!(self.policy_type, PolicyType::ServiceControl | PolicyType::ResourceControl);
        let cased = ConditionOperator::parse(name);
        let operator =
            cased.or_else(|| any_case.then(|| ConditionOperator::parse_ignoring_case(name)).flatten());
        if let Some(operator) = operator {
            return Some(Spanned::new(operator, block.key.span));
        }
        let unqualified = name.rsplit(':').next().unwrap_or_default();
        let diagnostic = if unqualified.eq_ignore_ascii_case("NullIfExists") {
            let message = format!("`IfExists` cannot be added to `Null`: `{name}`");
            Diagnostic::error(code::NULL_WITH_IF_EXISTS, block.key.span, message)
                .with_help("write `Null`, which is about whether the key exists")
        } else {
            let message = format!("there is no condition operator `{}`", name.escape_debug());
            let diagnostic = Diagnostic::error(code::INVALID_CONDITION_OPERATOR, block.key.span, message);
            match suggestion(name) {
                Some(help) => diagnostic.with_help(help),
                None => diagnostic,
            }
        };
        self.report(diagnostic.with_aws_message(SYNTAX_ERRORS));
        None
    }

    /// Two spellings of one operator, where case does not matter.
    fn same_operator(&mut self, operator: &Spanned<ConditionOperator>, first: Span) {
        let message = format!("`{}` is written twice in one `Condition`, in different case", operator.value);
        let diagnostic = Diagnostic::error(code::DUPLICATE_KEY, operator.span, message);
        self.report(diagnostic.with_related(first, "first written here").with_help("merge the two"));
    }

    /// Condition keys are compared without case, so that two spellings are one key.
    fn keys_differ(&mut self, keys: Members<'_>) {
        if keys.count() < 2 {
            return;
        }
        let mut seen: BTreeMap<String, Span> = BTreeMap::new();
        for key in keys {
            let Some(first) = seen.insert(key.key.value.to_lowercase(), key.key.span) else { continue };
            let message = format!(
                "the condition key `{}` is tested twice under one operator",
                key.key.value.escape_debug()
            );
            let diagnostic =
                Diagnostic::error(code::DUPLICATE_KEYS_WITH_DIFFERENT_CASE, key.key.span, message)
                    .with_related(first, "written here in different case")
                    .with_help("condition keys do not depend on case: list all values under one");
            self.report(diagnostic);
        }
    }

    fn condition(&mut self, operator: Spanned<ConditionOperator>, member: MemberRef<'_>) -> Condition {
        let key = member.key;
        if split_at(key.value, b':').is_none_or(|(service, _)| service.is_empty()) {
            let message = format!("the condition key `{}` names no service", key.value.escape_debug());
            let diagnostic = Diagnostic::error(code::INVALID_CONDITION_KEY_FORMAT, key.span, message)
                .with_help("a condition key is `service:name`, such as `aws:SourceIp` or `s3:prefix`")
                .with_aws_message(aws::NO_VENDOR);
            self.report(diagnostic);
        }
        let values = match member.value.value() {
            ValueRef::Array(items) => {
                let mut values = Vec::with_capacity(items.most());
                values.extend(items.filter_map(|item| self.condition_value(key.value, item)));
                values.into()
            }
            _ => self.condition_value(key.value, member.value).map_or_else(List::default, List::one),
        };
        self.check_values(operator.value, &values);
        Condition { operator, key: own(key.value, key.span), values, span: key.span.to(member.value.span()) }
    }

    fn condition_value(&mut self, key: &str, node: NodeRef<'_>) -> Option<Spanned<Text>> {
        let text = match node.value() {
            ValueRef::String(text) | ValueRef::Number(text) => text,
            ValueRef::Bool(true) => "true",
            ValueRef::Bool(false) => "false",
            ValueRef::Null | ValueRef::Array(_) | ValueRef::Object(_) => {
                let what = format!("a value of `{}`", key.escape_debug());
                self.wrong_type(node, &what, "a string, a number or a boolean");
                return None;
            }
        };
        Some(own(text, node.span()))
    }
}

/// What somebody who wrote `name` may have meant.
fn suggestion(name: &str) -> Option<String> {
    if let Some(operator) = ConditionOperator::parse_ignoring_case(name) {
        return Some(format!("write `{operator}`: upper and lower case matter"));
    }
    let lower = name.to_ascii_lowercase();
    if lower.contains("not") && lower.contains("bool") {
        return Some("`Bool` has no negation: compare with the other value".to_owned());
    }
    if lower.contains("not") && lower.contains("binary") {
        return Some("`BinaryEquals` has no negation: use it in a statement of the other effect".to_owned());
    }
    let names: Vec<String> = ConditionOperator::all().map(|operator| operator.to_string()).collect();
    let meant = nearest(name, names.iter().map(String::as_str));
    meant.map(|meant| format!("did you mean `{meant}`?"))
}
