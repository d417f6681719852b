//! A busy role in a member account: 162 statements meet each request, half of the requests cross accounts.

use serde_json::{Value, json};

use crate::draw::Draw;
use crate::statement::{Shape, condition};
use crate::vocabulary::{self, ACCOUNT_A, ACCOUNT_B, ASKED, ENVIRONMENTS, Kind, OTHER, WORDS};
use crate::work::{Asked, Attached, Work};
use crate::{circumstances, document};

const SEED: u64 = 2;
const CALLER: &str = "arn:aws:iam::111111111111:role/app-worker";

/// The policies and a thousand requests.
#[must_use]
pub fn work() -> Work {
    let mut draw = Draw::new(SEED);
    let (identity, boundary, scps) = (documents(&mut draw), boundary(&mut draw), levels(&mut draw));
    let owned = resources(&mut draw);
    let attached = owned.iter().map(|one| {
        (one.arn.clone(), Attached { account: one.account.to_owned(), policy: one.policy.clone() })
    });
    Work {
        principal: CALLER.to_owned(),
        account: ACCOUNT_A.to_owned(),
        identity,
        boundary: vec![boundary],
        scps,
        resource_policies: attached.collect(),
        requests: (0..1_000).map(|number| request(&mut draw, &owned[number % owned.len()])).collect(),
        no_match: None,
    }
}

/// The texts of the caller's twelve identity-based policies, about two kilobytes each.
#[must_use]
pub fn identity_texts() -> Vec<String> {
    documents(&mut Draw::new(SEED)).iter().map(Value::to_string).collect()
}

struct Owned {
    arn: String,
    kind: Kind,
    account: &'static str,
    policy: Value,
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

/// Two policies at each of three levels: the root, an organizational unit, the account.
fn levels(draw: &mut Draw) -> Vec<Vec<Value>> {
    let level = |_| {
        let everything = json!({"Sid": "Full", "Effect": "Allow", "Action": ["*"], "Resource": ["*"]});
        let mut statements = vec![everything];
        statements.extend((0..11).map(|at| organization_deny(draw, at)));
        vec![document(&statements[..6]), document(&statements[6..])]
    };
    (0..3).map(level).collect()
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

fn resources(draw: &mut Draw) -> Vec<Owned> {
    use Kind::{Bucket, Queue, Secret, Table, Topic};
    let kinds = [Bucket, Bucket, Queue, Table, Secret, Topic, Queue, Bucket];
    let resource = |(number, kind): (usize, Kind)| {
        let account = if number % 2 == 0 { ACCOUNT_A } else { ACCOUNT_B };
        let arn = kind.resource(draw, account);
        let statements: Vec<Value> = (0..20).map(|at| resource_statement(draw, kind, &arn, at)).collect();
        Owned { arn, kind, account, policy: document(&statements) }
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

fn request(draw: &mut Draw, of: &Owned) -> Asked {
    let inside = of.kind == Kind::Bucket && draw.chance(0.7);
    let kind = if inside { Kind::Object } else { of.kind };
    let resource =
        if inside { format!("{}/{}", of.arn, vocabulary::object_key(draw)) } else { of.arn.clone() };
    Asked {
        action: format!("{}:{}", kind.service(), draw.one(kind.operations())),
        resource,
        rp: Some(of.arn.clone()),
        resource_account: of.account.to_owned(),
        context: circumstances::draw(draw, CALLER, ACCOUNT_A, "payments", "app-prod-7"),
    }
}
