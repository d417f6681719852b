//! One identity-based policy that grows, and the same requests to it.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::draw::Draw;
use crate::statement::{Shape, resource_pattern};
use crate::vocabulary::{ACCOUNT_A, ACCOUNT_B, Kind};
use crate::work::{Asked, Work};
use crate::{circumstances, document};

const CALLER: &str = "arn:aws:iam::111111111111:role/app-worker";

/// A policy of so many statements, fifty requests for what it speaks of, and one for what it never names. A longer
/// policy begins as a shorter one does.
#[must_use]
pub fn work(statements: usize) -> Work {
    let mut draw = Draw::new(5);
    let statements: Vec<Value> = (0..statements).map(|number| statement(&mut draw, number)).collect();
    let mut draw = Draw::new(55);
    let mut asked = |action: String, resource: String| Asked {
        action,
        resource,
        rp: None,
        resource_account: ACCOUNT_A.to_owned(),
        context: circumstances::draw(&mut draw, CALLER, ACCOUNT_A, "payments", "app-prod-7"),
    };
    let stray =
        asked("glue:GetTable".to_owned(), "arn:aws:glue:us-east-1:111111111111:table/db/t".to_owned());
    let mut draw = Draw::new(555);
    let mixed = (0..50).map(|_| {
        let kind = draw.one(&Kind::ALL);
        let action = format!("{}:{}", kind.service(), draw.one(kind.operations()));
        asked(action, kind.resource(&mut draw, ACCOUNT_A))
    });
    Work {
        principal: CALLER.to_owned(),
        account: ACCOUNT_A.to_owned(),
        identity: vec![document(&statements)],
        boundary: Vec::new(),
        scps: Vec::new(),
        resource_policies: BTreeMap::new(),
        requests: mixed.collect(),
        no_match: Some(stray),
    }
}

/// No statement is about every resource, or a long policy would allow everything.
fn statement(draw: &mut Draw, number: usize) -> Value {
    let shape = Shape { actions: 4, conditions: 0.15, denies: 0.05, ..Shape::default() };
    let mut statement = shape.draw(draw, number);
    if statement["Resource"] == json!(["*"]) {
        let buckets = resource_pattern(draw, "s3", &[ACCOUNT_A, ACCOUNT_B]);
        let narrower = if buckets == "*" { "arn:aws:ec2:*:*:*".to_owned() } else { buckets };
        statement["Resource"] = json!([narrower]);
    }
    statement
}
