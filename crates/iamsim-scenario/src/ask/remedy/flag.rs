//! Other circumstances as they are written: in the command of the AWS CLI, and in a question to us.

use iamsim_engine::{ContextValue, Principal, Request};
use iamsim_remedy::{Edit, Means};

use super::super::What;

/// The parameter of the command that brings a context key about.
///
/// Source: <https://docs.aws.amazon.com/cli/latest/reference/sts/assume-role.html>
pub(super) fn of_command(edit: &Edit, request: &Request, what: &What) -> Option<String> {
    let What::Run(text) = what else { return None };
    let is_sts = request.action().service() == "sts";
    match edit {
        Edit::UseMultiFactor if is_sts => {
            Some(format!("--serial-number {} --token-code 123456", device(request.principal())?))
        }
        Edit::Bring { key, value, .. } => {
            let values: Vec<&str> = texts(value);
            let value = values.join(" ");
            let name = parameter(key, text)?;
            Some(match tag_of(key) {
                Some(tag) => format!("--tags Key={},Value={}", quoted(tag), quoted(&value)),
                None => format!("{name} {}", quoted(&value)),
            })
        }
        Edit::LeaveOut { key, .. } => parameter(key, text).map(str::to_owned),
        _ => None,
    }
}

fn parameter(key: &str, command: &str) -> Option<&'static str> {
    let is_high_level = command.trim_start().starts_with("aws s3 ");
    Some(match &*key.to_lowercase() {
        "sts:externalid" => "--external-id",
        "sts:rolesessionname" => "--role-session-name",
        "sts:sourceidentity" => "--source-identity",
        "sts:transitivetagkeys" => "--transitive-tag-keys",
        "s3:prefix" => "--prefix",
        "s3:x-amz-acl" => "--acl",
        "s3:x-amz-server-side-encryption" if is_high_level => "--sse",
        "s3:x-amz-server-side-encryption" => "--server-side-encryption",
        "s3:x-amz-server-side-encryption-aws-kms-key-id" if is_high_level => "--sse-kms-key-id",
        "s3:x-amz-server-side-encryption-aws-kms-key-id" => "--ssekms-key-id",
        "s3:x-amz-storage-class" => "--storage-class",
        "aws:requestedregion" => "--region",
        key if key.starts_with("aws:requesttag/") => "--tags",
        _ => return None,
    })
}

/// `team` of `aws:RequestTag/team`.
fn tag_of(key: &str) -> Option<&str> {
    let (prefix, tag) = key.split_once('/')?;
    prefix.eq_ignore_ascii_case("aws:RequestTag").then_some(tag)
}

/// The ARN that the caller's device usually has.
fn device(principal: &Principal) -> Option<String> {
    let partition = principal.partition()?;
    let account = principal.account()?;
    let name = match principal {
        Principal::User { arn, .. } => arn.rsplit('/').next()?,
        _ => "root-account-mfa-device",
    };
    Some(format!("arn:{partition}:iam::{account}:mfa/{name}"))
}

/// The flags of `iamsim check` that ask about the same request in these circumstances.
pub(super) fn of_question(edit: &Edit) -> Option<String> {
    match edit {
        Edit::UseMultiFactor => Some("--mfa".to_owned()),
        Edit::LeaveOut { key, .. } => Some(format!("--without {key}")),
        Edit::Bring { value, means: Means::Region, .. } => {
            Some(format!("--region {}", texts(value).first()?))
        }
        Edit::Bring { value, means: Means::Time, .. } => Some(format!("--now {}", texts(value).first()?)),
        Edit::Bring { key, value, .. } => {
            let flags = texts(value)
                .into_iter()
                .map(|text| format!("--context {}", quoted(&format!("{key}={text}"))));
            Some(flags.collect::<Vec<_>>().join(" "))
        }
        Edit::Share | Edit::AddStatement { .. } | Edit::Widen { .. } | Edit::Spare { .. } => None,
    }
}

fn texts(value: &ContextValue) -> Vec<&str> {
    match value {
        ContextValue::One(text) => vec![text],
        ContextValue::Many(texts) => texts.iter().map(|text| &**text).collect(),
    }
}

/// A word as a shell takes it.
fn quoted(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_=./:,@+%".contains(c);
    if !text.is_empty() && text.chars().all(is_plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}
