//! Condition keys that are never in the requests of a statement's actions.
//!
//! Source: <https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html>

use iamsim_catalog::{Action, ConditionKey, service};
use iamsim_syntax::{Comparison, Condition, Diagnostic, Effect, PolicyType, Sense, Statement};

use crate::checks::{
    ALLOW_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE,
    ALLOW_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE,
    DENY_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE,
    DENY_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE, UNSUPPORTED_ACTION_FOR_CONDITION_KEY,
};
use crate::document::{Document, holds_when_missing};
use crate::effort::Effort;
use crate::named::{NamedCondition, NamedStatement};
use crate::named_actions::{NamedAction, listed};

/// How many actions are compared to patterns and looked up for a key.
const EFFORT: usize = 1_000_000;

/// What is known of tags when a request is decided.
const TAG_KEYS: [&str; 3] = ["aws:ResourceTag/", "aws:RequestTag/", "aws:TagKeys"];

pub(super) fn check(document: &Document<'_>, findings: &mut Vec<Diagnostic>) {
    // Which keys a trust policy may use with which action is a check of its own.
    if document.policy.policy_type == PolicyType::RoleTrust {
        return;
    }
    let mut effort = Effort::new(EFFORT);
    for NamedStatement { statement, actions, conditions, .. } in &document.statements {
        for NamedCondition { condition, key } in conditions {
            let operator = condition.operator.value;
            let Some(key) = key else { continue };
            if holds_when_missing(operator) || operator.comparison == Comparison::Null {
                continue;
            }
            findings.extend(match is_tag_key(condition) {
                true => check_tag_key(statement, condition, actions, &mut effort),
                false => check_key(statement, condition, key, actions, &mut effort),
            });
        }
    }
}

fn is_tag_key(condition: &Condition) -> bool {
    let begins = |known: &&str| {
        condition.key.value.get(..known.len()).is_some_and(|start| start.eq_ignore_ascii_case(known))
    };
    TAG_KEYS.iter().any(begins)
}

fn check_key(
    statement: &Statement,
    condition: &Condition,
    key: &ConditionKey,
    actions: &[NamedAction<'_>],
    effort: &mut Effort,
) -> Option<Diagnostic> {
    let name = &*condition.key.value;
    let is_listed = statement.action.sense == Sense::Listed;
    if !is_listed || key.is_global() || name.contains(['.']) {
        return None;
    }
    let has_key = |action: &Action| supports(action, name);
    let mut without = Vec::new();
    for named in actions {
        let Some(count @ 1..) = named.count() else { continue };
        if !effort.spend(count) {
            return None;
        }
        if !named.actions().any(has_key) {
            without.push(named.pattern);
        }
    }
    if without.is_empty() {
        return None;
    }
    let effect = match statement.effect.value {
        Effect::Allow => "allows",
        Effect::Deny => "denies",
    };
    let message = format!(
        "`{name}` is never in a request for {}, so the statement never {effect} it",
        listed(&without)
    );
    let finding = UNSUPPORTED_ACTION_FOR_CONDITION_KEY.at(condition.key.span, message);
    let related = without.first().map_or(statement.action.span, |pattern| pattern.span);
    Some(
        finding
            .with_related(related, "an action without the key")
            .with_help("move such actions to a statement of their own, or take out the key"),
    )
}

/// Whether a request for an action may have a key: by itself or for the type of its resource.
pub(crate) fn supports(action: &Action, key: &str) -> bool {
    let types = || action.resource_types.iter();
    let of_types = || {
        let service = service(action.service);
        types()
            .filter_map(move |used| service?.resource_type(used.resource_type))
            .flat_map(|found| &found.condition_keys)
    };
    let own = || action.condition_keys.iter().chain(types().flat_map(|used| &used.condition_keys));
    let is_like = |own: &ConditionKey| is_alike(own.name, key);
    action.condition_key(key).is_some() || own().any(is_like) || of_types().any(is_like)
}

/// Whether a key as AWS prints it is this one or one that differs in the tag: AWS prints some tags as `${TagKey}`,
/// some as `tag-key`.
fn is_alike(printed: &str, key: &str) -> bool {
    let head = |name: &str| name.find('/').unwrap_or(name.len());
    let (printed, key) = (printed.get(..head(printed)), key.get(..head(key)));
    printed.zip(key).is_some_and(|(printed, key)| printed.eq_ignore_ascii_case(key))
}

fn check_tag_key(
    statement: &Statement,
    condition: &Condition,
    actions: &[NamedAction<'_>],
    effort: &mut Effort,
) -> Option<Diagnostic> {
    let key = &condition.key.value;
    let span = condition.key.span;
    if statement.action.sense == Sense::NotListed {
        return Some(match statement.effect.value {
            Effect::Allow => ALLOW_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE
                .at(
                    span,
                    format!("some services do not send `{key}`, and their actions are not allowed by this"),
                )
                .with_help("list the actions in `Action`, or allow those of other services without the key"),
            Effect::Deny => DENY_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE
                .at(
                    span,
                    format!("some services do not send `{key}`, and their actions are not denied by this"),
                )
                .with_help("list the actions in `Action`, or deny those of other services without the key"),
        });
    }
    let mut without = Vec::new();
    for named in actions {
        if !effort.spend(1) {
            return None;
        }
        let of = named.service.filter(|_| named.count().is_some_and(|count| count > 0));
        if of.is_some_and(|service| service.condition_key(key).is_none()) {
            without.push(named.pattern);
        }
    }
    let first = without.first()?;
    let names = listed(&without);
    let finding = match statement.effect.value {
        Effect::Allow => ALLOW_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE
            .at(span, format!("the service of {names} never sends `{key}`, so this does not allow it"))
            .with_help("allow the action in a statement without the key"),
        Effect::Deny => DENY_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE
            .at(span, format!("the service of {names} never sends `{key}`, so this does not deny it"))
            .with_help("deny the action in a statement without the key"),
    };
    Some(finding.with_related(first.span, "an action without the key"))
}
