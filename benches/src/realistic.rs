//! A busy role in a member account: 162 statements meet each request, half of the requests cross accounts.

use std::sync::Arc;

use iamsim_engine::{AccountId, Level, Policies, PolicySet, Request};
use iamsim_syntax::PolicyType;
use serde_json::{Value, json};

use crate::draw::Draw;
use crate::statement::{Shape, condition};
use crate::vocabulary::{self, ACCOUNT_A, ACCOUNT_B, ASKED, ENVIRONMENTS, Kind, OTHER, WORDS};
use crate::{Question, circumstances, compile, document, principal};

const SEED: u64 = 2;
const CALLER: &str = "arn:aws:iam::111111111111:role/app-worker";

/// The thousand questions.
#[must_use]
pub fn questions() -> Vec<Question> {
    let mut draw = Draw::new(SEED);
    let caller = OfCaller {
        identity: documents(&mut draw).iter().map(|text| compile(text, PolicyType::IdentityBased)).collect(),
        boundary: compile(&boundary(&mut draw), PolicyType::PermissionsBoundary).into(),
        levels: levels(&mut draw),
    };
    let resources = resources(&mut draw, &caller);
    (0..1_000).map(|number| question(&mut draw, &resources[number % resources.len()])).collect()
}

/// The texts of the caller's twelve identity-based policies, about two kilobytes each.
#[must_use]
pub fn identity_texts() -> Vec<String> {
    documents(&mut Draw::new(SEED)).iter().map(Value::to_string).collect()
}

struct OfCaller {
    identity: Policies,
    boundary: Policies,
    levels: Arc<[Level]>,
}

struct Asked {
    arn: String,
    kind: Kind,
    account: &'static str,
    policies: Arc<PolicySet>,
}

fn documents(draw: &mut Draw) -> Vec<Value> {
    let shape = Shape { denies: 0.06, ..Shape::default() };
    let policy = |number: usize| {
        let mut statements: Vec<Value> = (0..8).map(|at| shape.draw(draw, number * 8 + at)).collect();
        statements.iter_mut().for_each(|statement| narrow_if_deny(draw, statement));
        // A few broad grants, so that not everything is denied.
        if let Some(service) = ASKED.get(number / 2).filter(|_| number.is_multiple_of(2)) {
            statements[3] = broad(service);
        }
        document(&statements)
    };
    (0..12).map(policy).collect()
}

fn broad(service: &str) -> Value {
    let verbs = ["Get*", "List*", "Describe*", "Put*", "Send*", "Publish"];
    let actions: Vec<String> = verbs.iter().map(|verb| format!("{service}:{verb}")).collect();
    json!({"Sid": format!("Broad{service}"), "Effect": "Allow", "Action": actions, "Resource": "*"})
}

/// Statements that deny are narrow, as in practice, or nothing would be allowed.
fn narrow_if_deny(draw: &mut Draw, statement: &mut Value) {
    if statement["Effect"] != "Deny" {
        return;
    }
    narrow(statement);
    if statement["Resource"] == json!(["*"]) && statement.get("Condition").is_none() {
        statement["Condition"] = condition(draw);
    }
}

fn narrow(statement: &mut Value) {
    if let Some(actions) = statement["Action"].as_array_mut() {
        actions.retain(|action| action.as_str().is_some_and(|action| !action.ends_with(":*")));
        if actions.is_empty() {
            actions.push(json!("s3:DeleteBucket"));
        }
    }
}

fn boundary(draw: &mut Draw) -> Value {
    let shape = Shape {
        actions: 5,
        wildcards: 0.7,
        denies: 0.0,
        conditions: 0.2,
        services: &ASKED,
        resources: Some(json!(["*"])),
        ..Shape::default()
    };
    document(&(0..10).map(|at| shape.draw(draw, at)).collect::<Vec<_>>())
}

fn levels(draw: &mut Draw) -> Arc<[Level]> {
    let targets = ["r-ab12", "ou-ab12-11111111", ACCOUNT_A];
    let level = |target: &&str| {
        let everything = json!({"Sid": "Full", "Effect": "Allow", "Action": ["*"], "Resource": ["*"]});
        let mut statements = vec![everything];
        statements.extend((0..11).map(|at| organization_deny(draw, at)));
        let halves = [&statements[..6], &statements[6..]];
        let policies =
            halves.map(|half| compile(&document(half), PolicyType::ServiceControl)).into_iter().collect();
        Level { target: (*target).into(), policies }
    };
    targets.iter().map(level).collect()
}

fn organization_deny(draw: &mut Draw, number: usize) -> Value {
    let asked = draw.chance(0.25);
    let services = if asked { vec![draw.one(&ASKED)] } else { draw.several(2, &OTHER) };
    let wildcards = if asked { 0.2 } else { 0.4 };
    let mut statement =
        Shape { denies: 1.0, wildcards, services: &services, ..Shape::default() }.draw(draw, number);
    if asked {
        narrow(&mut statement);
        statement["Condition"] = condition(draw);
    }
    statement
}

fn resources(draw: &mut Draw, caller: &OfCaller) -> Vec<Asked> {
    use Kind::{Bucket, Queue, Secret, Table, Topic};
    let kinds = [Bucket, Bucket, Queue, Table, Secret, Topic, Queue, Bucket];
    let resource = |(number, kind): (usize, Kind)| {
        let account = if number % 2 == 0 { ACCOUNT_A } else { ACCOUNT_B };
        let arn = kind.resource(draw, account);
        let statements: Vec<Value> = (0..20).map(|at| resource_statement(draw, kind, &arn, at)).collect();
        let policies = PolicySet {
            identity: caller.identity.clone(),
            permissions_boundary: caller.boundary.clone(),
            service_control: Some(Arc::clone(&caller.levels)),
            resource: compile(&document(&statements), PolicyType::ResourceBased).into(),
            ..PolicySet::default()
        };
        Asked { arn, kind, account, policies: Arc::new(policies) }
    };
    kinds.into_iter().enumerate().map(resource).collect()
}

fn resource_statement(draw: &mut Draw, kind: Kind, arn: &str, number: usize) -> Value {
    let account = format!("arn:aws:iam::{ACCOUNT_A}:root");
    let principal = match draw.fraction() {
        kind if kind < 0.25 => json!({"AWS": CALLER}),
        kind if kind < 0.45 => json!({"AWS": [account]}),
        kind if kind < 0.80 => {
            let role = |_| format!("arn:aws:iam::{ACCOUNT_B}:role/{}", vocabulary::name(draw));
            json!({"AWS": (0..3).map(role).collect::<Vec<_>>()})
        }
        kind if kind < 0.90 => json!("*"),
        _ => json!({"AWS": [ACCOUNT_A, format!("arn:aws:iam::{ACCOUNT_B}:root")]}),
    };
    let (word, environment) = (draw.one(&WORDS), draw.one(&ENVIRONMENTS));
    let objects = draw.one(&[0, 1, 2]);
    let resources = match (kind, objects) {
        (Kind::Bucket, 0) => json!([arn, format!("{arn}/*")]),
        (Kind::Bucket, 1) => json!([arn, format!("{arn}/{word}/*")]),
        (Kind::Bucket, _) => json!([arn, format!("{arn}/*/{environment}/*")]),
        _ => json!([arn]),
    };
    let everyone = principal == "*";
    let shape = Shape {
        actions: 4,
        wildcards: 0.35,
        denies: 0.06,
        services: &[kind.service()],
        resources: Some(resources),
        principal: Some(principal),
        ..Shape::default()
    };
    let mut statement = shape.draw(draw, number);
    if everyone && statement.get("Condition").is_none() {
        statement["Condition"] = condition(draw);
    }
    statement
}

fn question(draw: &mut Draw, asked: &Asked) -> Question {
    let inside = asked.kind == Kind::Bucket && draw.chance(0.7);
    let kind = if inside { Kind::Object } else { asked.kind };
    let resource =
        if inside { format!("{}/{}", asked.arn, vocabulary::object_key(draw)) } else { asked.arn.clone() };
    let action = format!("{}:{}", kind.service(), draw.one(kind.operations()));
    let context = circumstances::draw(draw, CALLER, ACCOUNT_A, "payments", "app-prod-7");
    let request = Request::of(principal(CALLER), &action, &resource).with_context(context);
    let request = match AccountId::parse(asked.account) {
        Some(account) => request.with_resource_account(account),
        None => request,
    };
    Question { request: request.complete(), policies: Arc::clone(&asked.policies) }
}
