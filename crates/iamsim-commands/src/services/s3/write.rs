//! What writing an object needs beyond `s3:PutObject`, by the flags of `aws s3` and of `aws s3api`.
//!
//! Sources: <https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html>,
//! <https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html#amazons3-policy-keys>

use iamsim_engine::ContextValue;
use iamsim_world::Check;

use crate::aws::Invocation;
use crate::checks::{check, with};
use crate::scope::{Scope, is_arn};
use crate::{shorthand, tags};

/// Flag and condition key.
const KEYS: [(&str, &str); 13] = [
    ("acl", "s3:x-amz-acl"),
    ("grant-full-control", "s3:x-amz-grant-full-control"),
    ("grant-read", "s3:x-amz-grant-read"),
    ("grant-read-acp", "s3:x-amz-grant-read-acp"),
    ("grant-write-acp", "s3:x-amz-grant-write-acp"),
    ("metadata-directive", "s3:x-amz-metadata-directive"),
    ("object-lock-legal-hold-status", "s3:object-lock-legal-hold"),
    ("object-lock-mode", "s3:object-lock-mode"),
    ("object-lock-retain-until-date", "s3:object-lock-retain-until-date"),
    ("server-side-encryption", "s3:x-amz-server-side-encryption"),
    ("storage-class", "s3:x-amz-storage-class"),
    ("website-redirect", "s3:x-amz-website-redirect-location"),
    ("website-redirect-location", "s3:x-amz-website-redirect-location"),
];

/// Flag and the action that it needs on the object as well.
const FURTHER: [(&str, &str); 10] = [
    ("acl", "s3:PutObjectAcl"),
    ("grants", "s3:PutObjectAcl"),
    ("grant-full-control", "s3:PutObjectAcl"),
    ("grant-read", "s3:PutObjectAcl"),
    ("grant-read-acp", "s3:PutObjectAcl"),
    ("grant-write-acp", "s3:PutObjectAcl"),
    ("tagging", "s3:PutObjectTagging"),
    ("object-lock-mode", "s3:PutObjectRetention"),
    ("object-lock-retain-until-date", "s3:PutObjectRetention"),
    ("object-lock-legal-hold-status", "s3:PutObjectLegalHold"),
];

/// The checks of writing an object: the action itself, what the flags need besides, and the use of a KMS key.
pub(in crate::services) fn object(
    action: &str,
    object: &str,
    invocation: &Invocation,
    scope: &Scope<'_>,
) -> Vec<Check> {
    let mut actions = vec![action];
    for (flag, further) in FURTHER {
        if invocation.has(flag) && !actions.contains(&further) {
            actions.push(further);
        }
    }
    let key = kms_key(invocation, scope);
    let mut checks: Vec<Check> = actions.into_iter().map(|action| check(action, object)).collect();
    for check in &mut checks {
        add_keys(check, invocation, key.as_deref());
    }
    checks.extend(key.map(|key| data_key(key, object, scope)));
    checks
}

fn add_keys(check: &mut Check, invocation: &Invocation, kms_key: Option<&str>) {
    for (flag, key) in KEYS {
        if let Some(value) = invocation.text(flag) {
            check.context.insert(key, value);
        }
    }
    for grant in shorthand::values(invocation.words("grants")) {
        for (permission, grantee) in grant.as_object().into_iter().flatten() {
            let header = match &**permission {
                "full" => "full-control",
                "readacl" => "read-acp",
                "writeacl" => "write-acp",
                other => other,
            };
            check.context.insert(&format!("s3:x-amz-grant-{header}"), grantee.as_str().unwrap_or_default());
        }
    }
    // `--sse` alone is AES256.
    if invocation.has("sse") {
        let algorithm = invocation.text("sse").unwrap_or("AES256");
        check.context.insert("s3:x-amz-server-side-encryption", algorithm);
    }
    if let Some(key) = kms_key {
        check.context.insert("s3:x-amz-server-side-encryption-aws-kms-key-id", key);
    }
    add_tags(check, invocation);
}

/// Adds the keys of the tags that an object is given.
pub(in crate::services) fn add_tags(check: &mut Check, invocation: &Invocation) {
    let tags = tags::read(invocation);
    for (key, value) in &tags {
        check.context.insert(&format!("s3:RequestObjectTag/{key}"), value.as_str());
    }
    if !tags.is_empty() {
        let keys: ContextValue = tags.into_iter().map(|(key, _)| key).collect();
        check.context.insert("s3:RequestObjectTagKeys", keys);
    }
}

/// The customer's key that the object is encrypted with. The key `aws/s3`, used when none is named, lets everybody
/// in the account use it through Amazon S3.
fn kms_key(invocation: &Invocation, scope: &Scope<'_>) -> Option<String> {
    let key = invocation.text("sse-kms-key-id").or_else(|| invocation.text("ssekms-key-id"))?;
    Some(if is_arn(key) { key.to_owned() } else { scope.regional("kms", &kms_resource(key)) })
}

/// An alias stands for a key whose id the request does not tell.
fn kms_resource(key: &str) -> String {
    if key.starts_with("alias/") { "key/*".to_owned() } else { format!("key/{key}") }
}

/// Amazon S3 asks for the key on behalf of whoever writes.
///
/// Sources: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html#require-sse-kms>,
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/access_forward_access_sessions.html>
fn data_key(key: String, object: &str, scope: &Scope<'_>) -> Check {
    let service = format!("s3.{}.amazonaws.com", scope.region());
    let check = with(check("kms:GenerateDataKey", key), "aws:ViaAWSService", Some(true));
    let check = with(check, "kms:ViaService", Some(service));
    with(check, "kms:EncryptionContext:aws:s3:arn", Some(object))
}
