//! The operations of Amazon S3, `aws s3api`.
//!
//! Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html>

use iamsim_world::{Call, Check, Effect};
use serde_json::Value;

use super::s3::location::{bucket_arn, object_arn};
use super::s3::write;
use crate::aws::Invocation;
use crate::checks::{call, check, with};
use crate::scope::Scope;
use crate::shorthand;

/// Operations whose action has another name. All of them are checked on the object where there is a key, else on the
/// bucket.
const ACTIONS: &[(&str, &[&str])] = &[
    ("CompleteMultipartUpload", &["s3:PutObject"]),
    ("CreateBucketMetadataConfiguration", &["s3:CreateBucketMetadataTableConfiguration"]),
    ("CreateMultipartUpload", &["s3:PutObject"]),
    ("CreateSession", &["s3express:CreateSession"]),
    ("DeleteBucketAnalyticsConfiguration", &["s3:PutAnalyticsConfiguration"]),
    ("DeleteBucketCors", &["s3:PutBucketCORS"]),
    ("DeleteBucketEncryption", &["s3:PutEncryptionConfiguration"]),
    ("DeleteBucketIntelligentTieringConfiguration", &["s3:PutIntelligentTieringConfiguration"]),
    ("DeleteBucketInventoryConfiguration", &["s3:PutInventoryConfiguration"]),
    ("DeleteBucketLifecycle", &["s3:PutLifecycleConfiguration"]),
    ("DeleteBucketMetadataConfiguration", &["s3:DeleteBucketMetadataTableConfiguration"]),
    ("DeleteBucketMetricsConfiguration", &["s3:PutMetricsConfiguration"]),
    ("DeleteBucketOwnershipControls", &["s3:PutBucketOwnershipControls"]),
    ("DeleteBucketReplication", &["s3:PutReplicationConfiguration"]),
    ("DeleteBucketTagging", &["s3:PutBucketTagging"]),
    ("DeletePublicAccessBlock", &["s3:PutBucketPublicAccessBlock"]),
    ("GetBucketAccelerateConfiguration", &["s3:GetAccelerateConfiguration"]),
    ("GetBucketAnalyticsConfiguration", &["s3:GetAnalyticsConfiguration"]),
    ("GetBucketCors", &["s3:GetBucketCORS"]),
    ("GetBucketEncryption", &["s3:GetEncryptionConfiguration"]),
    ("GetBucketIntelligentTieringConfiguration", &["s3:GetIntelligentTieringConfiguration"]),
    ("GetBucketInventoryConfiguration", &["s3:GetInventoryConfiguration"]),
    ("GetBucketLifecycle", &["s3:GetLifecycleConfiguration"]),
    ("GetBucketLifecycleConfiguration", &["s3:GetLifecycleConfiguration"]),
    ("GetBucketMetadataConfiguration", &["s3:GetBucketMetadataTableConfiguration"]),
    ("GetBucketMetricsConfiguration", &["s3:GetMetricsConfiguration"]),
    ("GetBucketNotificationConfiguration", &["s3:GetBucketNotification"]),
    ("GetBucketReplication", &["s3:GetReplicationConfiguration"]),
    ("GetObjectAttributes", &["s3:GetObject", "s3:GetObjectAttributes"]),
    ("GetObjectLockConfiguration", &["s3:GetBucketObjectLockConfiguration"]),
    ("GetPublicAccessBlock", &["s3:GetBucketPublicAccessBlock"]),
    ("HeadBucket", &["s3:ListBucket"]),
    ("HeadObject", &["s3:GetObject"]),
    ("ListBucketAnalyticsConfigurations", &["s3:GetAnalyticsConfiguration"]),
    ("ListBucketIntelligentTieringConfigurations", &["s3:GetIntelligentTieringConfiguration"]),
    ("ListBucketInventoryConfigurations", &["s3:GetInventoryConfiguration"]),
    ("ListBucketMetricsConfigurations", &["s3:GetMetricsConfiguration"]),
    ("ListBuckets", &["s3:ListAllMyBuckets"]),
    ("ListDirectoryBuckets", &["s3express:ListAllMyDirectoryBuckets"]),
    ("ListMultipartUploads", &["s3:ListBucketMultipartUploads"]),
    ("ListObjectVersions", &["s3:ListBucketVersions"]),
    ("ListObjects", &["s3:ListBucket"]),
    ("ListObjectsV2", &["s3:ListBucket"]),
    ("ListParts", &["s3:ListMultipartUploadParts"]),
    ("PutBucketAccelerateConfiguration", &["s3:PutAccelerateConfiguration"]),
    ("PutBucketAnalyticsConfiguration", &["s3:PutAnalyticsConfiguration"]),
    ("PutBucketCors", &["s3:PutBucketCORS"]),
    ("PutBucketEncryption", &["s3:PutEncryptionConfiguration"]),
    ("PutBucketIntelligentTieringConfiguration", &["s3:PutIntelligentTieringConfiguration"]),
    ("PutBucketInventoryConfiguration", &["s3:PutInventoryConfiguration"]),
    ("PutBucketLifecycle", &["s3:PutLifecycleConfiguration"]),
    ("PutBucketLifecycleConfiguration", &["s3:PutLifecycleConfiguration"]),
    ("PutBucketMetricsConfiguration", &["s3:PutMetricsConfiguration"]),
    ("PutBucketNotificationConfiguration", &["s3:PutBucketNotification"]),
    ("PutBucketReplication", &["s3:PutReplicationConfiguration"]),
    ("PutObjectLockConfiguration", &["s3:PutBucketObjectLockConfiguration"]),
    ("PutPublicAccessBlock", &["s3:PutBucketPublicAccessBlock"]),
    ("RenameObject", &["s3express:RenameObject"]),
    ("SelectObjectContent", &["s3:GetObject"]),
    ("UploadPart", &["s3:PutObject"]),
    ("WriteGetObjectResponse", &["s3-object-lambda:WriteGetObjectResponse"]),
];

/// Actions that are another one when a version is named.
const VERSIONS: [(&str, &str); 9] = [
    ("s3:DeleteObject", "s3:DeleteObjectVersion"),
    ("s3:DeleteObjectTagging", "s3:DeleteObjectVersionTagging"),
    ("s3:GetObject", "s3:GetObjectVersion"),
    ("s3:GetObjectAcl", "s3:GetObjectVersionAcl"),
    ("s3:GetObjectAttributes", "s3:GetObjectVersionAttributes"),
    ("s3:GetObjectTagging", "s3:GetObjectVersionTagging"),
    ("s3:GetObjectTorrent", "s3:GetObjectVersionTorrent"),
    ("s3:PutObjectAcl", "s3:PutObjectVersionAcl"),
    ("s3:PutObjectTagging", "s3:PutObjectVersionTagging"),
];

/// Flags of listings and of requests about buckets, and their condition keys.
const KEYS: [(&str, &str); 6] = [
    ("acl", "s3:x-amz-acl"),
    ("delimiter", "s3:delimiter"),
    ("max-keys", "s3:max-keys"),
    ("object-ownership", "s3:x-amz-object-ownership"),
    ("prefix", "s3:prefix"),
    ("version-id", "s3:VersionId"),
];

/// The call of an operation.
pub(super) fn lower(invocation: &Invocation, scope: &Scope<'_>) -> Vec<Call> {
    let api = invocation.operation.api;
    let made = call(&format!("s3:{api}"), checks(api, invocation, scope));
    let bucket = invocation.text("bucket").unwrap_or_default().to_owned();
    let effect = match api {
        "CreateBucket" => Effect::CreateBucket { bucket },
        "DeleteBucket" => Effect::DeleteBucket { bucket },
        _ => Effect::None,
    };
    vec![Call { effect, ..made }]
}

fn checks(api: &str, invocation: &Invocation, scope: &Scope<'_>) -> Vec<Check> {
    let bucket = invocation.text("bucket").unwrap_or_default();
    let object = |key: &str| object_arn(scope.partition(), bucket, key);
    match (api, invocation.text("key")) {
        ("PutObject" | "CreateMultipartUpload", Some(key)) => {
            write::object("s3:PutObject", &object(key), invocation, scope)
        }
        ("CopyObject" | "UploadPartCopy", Some(key)) => copy(&object(key), invocation, scope),
        ("DeleteObjects", _) => delete_objects(bucket, invocation, scope),
        ("CreateBucket", _) => create_bucket(bucket, invocation, scope),
        _ => plain(api, invocation, scope),
    }
}

fn plain(api: &str, invocation: &Invocation, scope: &Scope<'_>) -> Vec<Check> {
    let resource = match (invocation.text("bucket"), invocation.text("key")) {
        (Some(bucket), Some(key)) => object_arn(scope.partition(), bucket, key),
        (Some(bucket), None) => bucket_arn(scope.partition(), bucket),
        (None, _) => "*".to_owned(),
    };
    let own = [format!("s3:{api}")];
    let actions: Vec<&str> = match ACTIONS.iter().find(|(name, _)| *name == api) {
        Some((_, actions)) => actions.to_vec(),
        None => own.iter().map(String::as_str).collect(),
    };
    let mut checks = Vec::new();
    for action in actions {
        let versioned = VERSIONS.iter().find(|(name, _)| *name == action && invocation.has("version-id"));
        checks.push(check(versioned.map_or(action, |(_, of_version)| of_version), &*resource));
    }
    if invocation.has("bypass-governance-retention") {
        checks.push(check("s3:BypassGovernanceRetention", &*resource));
    }
    if api == "PutObjectTagging" {
        checks.iter_mut().for_each(|check| write::add_tags(check, invocation));
    }
    checks.into_iter().map(|check| keys(check, invocation)).collect()
}

fn keys(check: Check, invocation: &Invocation) -> Check {
    KEYS.iter().fold(check, |check, (flag, key)| with(check, key, invocation.text(flag)))
}

/// `--copy-source bucket/key[?versionId=…]`
///
/// Source: <https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html>
fn copy(target: &str, invocation: &Invocation, scope: &Scope<'_>) -> Vec<Check> {
    let written = invocation.text("copy-source").unwrap_or_default().trim_start_matches('/');
    let (source, version) = match written.split_once("?versionId=") {
        Some((source, version)) => (source, Some(version)),
        None => (written, None),
    };
    let action = if version.is_some() { "s3:GetObjectVersion" } else { "s3:GetObject" };
    let arn = if source.starts_with("arn:") { source.to_owned() } else { scope.bare("s3", source) };
    let mut checks = vec![with(check(action, arn), "s3:VersionId", version)];
    checks.extend(write::object("s3:PutObject", target, invocation, scope));
    for check in checks.iter_mut().filter(|check| check.action == "s3:PutObject") {
        check.context.insert("s3:x-amz-copy-source", source);
    }
    checks
}

/// `--delete 'Objects=[{Key=a},{Key=b,VersionId=1}]'`: one check for each object.
fn delete_objects(bucket: &str, invocation: &Invocation, scope: &Scope<'_>) -> Vec<Check> {
    let delete = invocation.word("delete").map(|word| shorthand::value(&word.text)).unwrap_or_default();
    let objects = match delete.get("Objects") {
        Some(Value::Array(objects)) => objects.clone(),
        Some(object) => vec![object.clone()],
        None => vec![Value::Null],
    };
    let one = |object: &Value| {
        let key = object.get("Key").and_then(Value::as_str).unwrap_or("*");
        let version = object.get("VersionId").and_then(Value::as_str);
        let action = if version.is_some() { "s3:DeleteObjectVersion" } else { "s3:DeleteObject" };
        with(check(action, object_arn(scope.partition(), bucket, key)), "s3:VersionId", version)
    };
    objects.iter().map(one).collect()
}

/// Source: <https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html>
fn create_bucket(bucket: &str, invocation: &Invocation, scope: &Scope<'_>) -> Vec<Check> {
    let configuration =
        invocation.word("create-bucket-configuration").map(|word| shorthand::value(&word.text));
    let region =
        configuration.as_ref().and_then(|value| value.get("LocationConstraint")).and_then(Value::as_str);
    let mut actions = vec!["s3:CreateBucket"];
    let granted = invocation.given().any(|(flag, _)| flag.starts_with("grant-"));
    if invocation.has("acl") || granted {
        actions.push("s3:PutBucketAcl");
    }
    if invocation.has("object-lock-enabled-for-bucket") {
        actions.extend(["s3:PutBucketObjectLockConfiguration", "s3:PutBucketVersioning"]);
    }
    if invocation.has("object-ownership") {
        actions.push("s3:PutBucketOwnershipControls");
    }
    let arn = bucket_arn(scope.partition(), bucket);
    let on_bucket =
        |action: &str| with(keys(check(action, &*arn), invocation), "s3:LocationConstraint", region);
    actions.into_iter().map(on_bucket).collect()
}
