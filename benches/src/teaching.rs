//! One identity-based policy, one bucket policy, one request: what a tutorial shows.

use std::sync::Arc;

use iamsim_engine::{Context, PolicySet, Request};
use iamsim_syntax::PolicyType;
use serde_json::{Value, json};

use crate::vocabulary::{ACCOUNT_A, ACCOUNT_B};
use crate::{Question, compile, document, principal};

const CALLER: &str = "arn:aws:iam::111111111111:role/app-reader";
const OBJECT: &str = "arn:aws:s3:::example-bucket/reports/2026/q1.csv";

/// The question, ready to be answered.
#[must_use]
pub fn question() -> Question {
    let policies = PolicySet {
        identity: compile(&identity(), PolicyType::IdentityBased).into(),
        resource: compile(&bucket(), PolicyType::ResourceBased).into(),
        ..PolicySet::default()
    };
    Question { request: request(), policies: Arc::new(policies) }
}

/// The request, made from its parts.
#[must_use]
pub fn request() -> Request {
    let entries = [
        ("aws:PrincipalTag/team", "payments"),
        ("aws:SecureTransport", "true"),
        ("aws:SourceIp", "10.1.2.3"),
        ("aws:CurrentTime", "2026-03-01T12:00:00Z"),
    ];
    let context: Context = entries.into_iter().collect();
    Request::of(principal(CALLER), "s3:GetObject", OBJECT).with_context(context).complete()
}

/// The texts of the identity-based policy and of the bucket policy.
#[must_use]
pub fn texts() -> (String, String) {
    (identity().to_string(), bucket().to_string())
}

fn identity() -> Value {
    let all = json!(["arn:aws:s3:::example-bucket", "arn:aws:s3:::example-bucket/*"]);
    document(&[
        json!({"Sid": "Read", "Effect": "Allow", "Action": ["s3:GetObject", "s3:ListBucket"], "Resource": all}),
        json!({"Sid": "Write", "Effect": "Allow", "Action": "s3:PutObject",
            "Resource": "arn:aws:s3:::example-bucket/uploads/*",
            "Condition": {"StringEquals": {"aws:PrincipalTag/team": "payments"}}}),
        json!({"Sid": "NoDelete", "Effect": "Deny", "Action": "s3:Delete*", "Resource": "*"}),
    ])
}

fn bucket() -> Value {
    let all = json!(["arn:aws:s3:::example-bucket", "arn:aws:s3:::example-bucket/*"]);
    document(&[
        json!({"Sid": "Tls", "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": all,
            "Condition": {"Bool": {"aws:SecureTransport": "false"}}}),
        json!({"Sid": "AccountLists", "Effect": "Allow",
            "Principal": {"AWS": format!("arn:aws:iam::{ACCOUNT_A}:root")},
            "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::example-bucket"}),
        json!({"Sid": "Partner", "Effect": "Allow",
            "Principal": {"AWS": format!("arn:aws:iam::{ACCOUNT_B}:role/partner")},
            "Action": ["s3:GetObject"], "Resource": "arn:aws:s3:::example-bucket/shared/*"}),
    ])
}
