//! One identity-based policy, one bucket policy, one request: what a tutorial shows.

use serde_json::{Value, json};

use crate::document;
use crate::vocabulary::{ACCOUNT_A, ACCOUNT_B};
use crate::work::{Asked, Attached, Var, Work};

const CALLER: &str = "arn:aws:iam::111111111111:role/app-reader";
const BUCKET: &str = "arn:aws:s3:::example-bucket";
const OBJECT: &str = "arn:aws:s3:::example-bucket/reports/2026/q1.csv";

/// The policies and the request.
#[must_use]
pub fn work() -> Work {
    let entries = [
        ("aws:PrincipalArn", CALLER),
        ("aws:PrincipalAccount", ACCOUNT_A),
        ("aws:PrincipalTag/team", "payments"),
        ("aws:SecureTransport", "true"),
        ("aws:SourceIp", "10.1.2.3"),
        ("aws:CurrentTime", "2026-03-01T12:00:00Z"),
    ];
    let request = Asked {
        action: "s3:GetObject".to_owned(),
        resource: OBJECT.to_owned(),
        rp: Some(BUCKET.to_owned()),
        resource_account: ACCOUNT_A.to_owned(),
        context: entries.map(|(key, value)| (key.to_owned(), Var::One(value.to_owned()))).into(),
    };
    let attached = Attached { account: ACCOUNT_A.to_owned(), policy: bucket() };
    Work {
        principal: CALLER.to_owned(),
        account: ACCOUNT_A.to_owned(),
        identity: vec![identity()],
        boundary: Vec::new(),
        scps: Vec::new(),
        resource_policies: [(BUCKET.to_owned(), attached)].into(),
        requests: vec![request],
        no_match: None,
    }
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
