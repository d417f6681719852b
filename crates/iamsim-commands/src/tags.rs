//! Tags that a call passes: `aws:RequestTag/…` and `aws:TagKeys`, and the tagging actions they need.
//!
//! Sources: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-requesttag>,
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/access_tags.html>

use iamsim_engine::ContextValue;
use iamsim_world::{Call, Check};
use serde_json::Value;

use crate::aws::Invocation;
use crate::checks::check;
use crate::shorthand;

/// Flags that hold tags, and those that hold the keys of tags to take away.
const TAGS: [&str; 6] = ["tags", "tag-list", "tags-list", "tagging", "tag-specifications", "tag-set"];
const KEYS: [&str; 2] = ["tag-keys", "tag-key-list"];

/// Services whose create operations need a second action when tags are passed.
///
/// Source: the dependent actions of <https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html>
const TAGGING_ACTIONS: [(&str, &str); 16] = [
    ("cloudtrail", "cloudtrail:AddTags"),
    ("dynamodb", "dynamodb:TagResource"),
    ("ecr", "ecr:TagResource"),
    ("ecs", "ecs:TagResource"),
    ("eks", "eks:TagResource"),
    ("events", "events:TagResource"),
    ("kinesis", "kinesis:AddTagsToStream"),
    ("kms", "kms:TagResource"),
    ("lambda", "lambda:TagResource"),
    ("logs", "logs:TagResource"),
    ("rds", "rds:AddTagsToResource"),
    ("secretsmanager", "secretsmanager:TagResource"),
    ("sns", "sns:TagResource"),
    ("sqs", "sqs:TagQueue"),
    ("ssm", "ssm:AddTagsToResource"),
    ("states", "states:TagResource"),
];

/// Adds what follows from the tags of the command to the checks of its call.
pub(crate) fn add(invocation: &Invocation, call: &mut Call) {
    let service = invocation.service.prefix;
    let own = |check: &Check| check.action.split(':').next() == Some(service);
    if invocation.has("tag-specifications") {
        tag_specifications(invocation, call);
        return;
    }
    let tags = read(invocation);
    let keys: Vec<String> = KEYS.iter().flat_map(|flag| invocation.list(flag)).collect();
    if tags.is_empty() && keys.is_empty() {
        return;
    }
    if let Some(action) = tagging_action(invocation, &tags) {
        // What is created is the first resource of its own operation.
        let created = call.checks.iter().find(|check| own(check)).cloned();
        call.checks.extend(created.map(|created| Check { action, ..created }));
    }
    for check in call.checks.iter_mut().filter(|check| own(check)) {
        set(check, &tags, &keys);
    }
}

/// The tags that the command passes, in order.
pub(crate) fn read(invocation: &Invocation) -> Vec<(String, String)> {
    let given = TAGS.iter().map(|flag| invocation.words(flag)).find(|words| !words.is_empty());
    let values = given.map(shorthand::values).unwrap_or_default();
    values.iter().flat_map(pairs).collect()
}

/// One tag, `{Key, Value}`; several, `{a: b, c: d}` or `{TagSet: […]}`; or `a=b&c=d` as Amazon S3 takes it.
fn pairs(value: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().map(str::to_owned).unwrap_or_default();
    let Value::Object(members) = value else { return Vec::new() };
    let member =
        |name: &str| members.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value);
    for list in ["TagSet", "Tags"] {
        if let Some(Value::Array(tags)) = member(list) {
            return tags.iter().flat_map(pairs).collect();
        }
        if let Some(tag @ Value::Object(_)) = member(list) {
            return pairs(tag);
        }
    }
    if let Some(key) = member("Key").or_else(|| member("TagKey")) {
        let value = member("Value").or_else(|| member("TagValue"));
        return vec![(text(key), value.map(text).unwrap_or_default())];
    }
    let mut all = Vec::new();
    for (key, value) in members {
        let joined = format!("{key}={}", text(value));
        all.extend(
            joined
                .split('&')
                .filter_map(|pair| pair.split_once('='))
                .map(|(k, v)| (k.to_owned(), v.to_owned())),
        );
    }
    all
}

fn set(check: &mut Check, tags: &[(String, String)], keys: &[String]) {
    for (key, value) in tags {
        check.context.insert(&format!("aws:RequestTag/{key}"), value.as_str());
    }
    let keys: ContextValue = tags.iter().map(|(key, _)| key).chain(keys).cloned().collect();
    check.context.insert("aws:TagKeys", keys);
}

/// The action that a create operation with tags needs besides its own.
fn tagging_action(invocation: &Invocation, tags: &[(String, String)]) -> Option<String> {
    let api = invocation.operation.api;
    let creates =
        ["Create", "Copy", "Restore", "Register", "Put", "Start"].iter().any(|verb| api.starts_with(verb));
    if tags.is_empty() || !creates {
        return None;
    }
    let service = invocation.service.prefix;
    if service == "iam" {
        let created = api.strip_prefix("Create")?;
        let action = format!("iam:Tag{}", created.strip_prefix("Virtual").unwrap_or(created));
        return iamsim_catalog::action(&action).map(|action| action.to_string());
    }
    TAGGING_ACTIONS.iter().find(|(name, _)| *name == service).map(|(_, action)| (*action).to_owned())
}

/// `--tag-specifications 'ResourceType=instance,Tags=[{Key=team,Value=payments}]'`: each needs `ec2:CreateTags` on
/// what it tags, and the keys count on that resource.
///
/// Source: <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/supported-iam-actions-tagging.html>
fn tag_specifications(invocation: &Invocation, call: &mut Call) {
    let action = call.operation.split(':').next_back().unwrap_or_default().to_owned();
    for specification in shorthand::values(invocation.words("tag-specifications")) {
        let Some(tagged) = specification.get("ResourceType").and_then(Value::as_str) else { continue };
        let tags = pairs(&specification);
        let of_type = format!(":{tagged}/");
        let mut created = None;
        for check in call.checks.iter_mut().filter(|check| check.resource.contains(&of_type)) {
            set(check, &tags, &[]);
            created = Some(check.resource.clone());
        }
        let Some(resource) = created else { continue };
        let mut tagging = check("ec2:CreateTags", resource);
        tagging.context.insert("ec2:CreateAction", action.as_str());
        set(&mut tagging, &tags, &[]);
        call.checks.push(tagging);
    }
}
