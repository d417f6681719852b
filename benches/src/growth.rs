//! One identity-based policy that grows, and the same requests to it.

use std::sync::Arc;

use iamsim_engine::{PolicySet, Request};
use iamsim_syntax::PolicyType;
use serde_json::{Value, json};

use crate::draw::Draw;
use crate::statement::{Shape, resource_pattern};
use crate::vocabulary::{ACCOUNT_A, ACCOUNT_B, Kind};
use crate::{Question, circumstances, compile, document, principal};

const CALLER: &str = "arn:aws:iam::111111111111:role/app-worker";

/// A policy and what is asked of it.
#[derive(Debug, Clone)]
pub struct Growth {
    /// Fifty requests for what the policy speaks of.
    pub mixed: Vec<Question>,
    /// A request for a service that the policy never names.
    pub stray: Question,
}

/// A policy of so many statements. A longer one begins as a shorter one does.
#[must_use]
pub fn growth(statements: usize) -> Growth {
    let mut draw = Draw::new(5);
    let statements: Vec<Value> = (0..statements).map(|number| statement(&mut draw, number)).collect();
    let policy = compile(&document(&statements), PolicyType::IdentityBased);
    let policies = Arc::new(PolicySet { identity: policy.into(), ..PolicySet::default() });
    let mut draw = Draw::new(55);
    let mut question = |action: &str, resource: &str| {
        let context = circumstances::draw(&mut draw, CALLER, ACCOUNT_A, "payments", "app-prod-7");
        let request = Request::of(principal(CALLER), action, resource).with_context(context).complete();
        Question { request, policies: Arc::clone(&policies) }
    };
    let stray = question("glue:GetTable", "arn:aws:glue:us-east-1:111111111111:table/db/t");
    let mut draw = Draw::new(555);
    let mixed = (0..50).map(|_| {
        let kind = draw.one(&Kind::ALL);
        let action = format!("{}:{}", kind.service(), draw.one(kind.operations()));
        question(&action, &kind.resource(&mut draw, ACCOUNT_A))
    });
    Growth { mixed: mixed.collect(), stray }
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
