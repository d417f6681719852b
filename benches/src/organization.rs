//! Ten accounts, 2,000 roles with five of 400 shared policies each, 500 resources with a policy of their own.

use std::sync::Arc;

use iamsim_engine::{AccountId, Context, Policies, Policy, PolicySet, Principal, Request};
use iamsim_syntax::PolicyType;
use serde_json::{Value, json};

use crate::draw::Draw;
use crate::statement::{Shape, condition};
use crate::vocabulary::{self, ENVIRONMENTS, Kind, TEAMS, WORDS};
use crate::{circumstances, compile, document, principal};

const ACCOUNTS: [&str; 10] = [
    "111111111111",
    "122222222222",
    "133333333333",
    "144444444444",
    "155555555555",
    "166666666666",
    "177777777777",
    "188888888888",
    "199999999999",
    "211111111110",
];

/// Everyone who may be asked about, and what may be asked.
#[derive(Debug, Clone)]
pub struct Organization {
    roles: Vec<Role>,
    queries: Vec<Query>,
}

#[derive(Debug, Clone)]
struct Role {
    principal: Principal,
    policies: Policies,
    context: Context,
}

#[derive(Debug, Clone)]
struct Query {
    action: String,
    resource: String,
    account: Option<AccountId>,
    policy: Policies,
}

impl Organization {
    /// Draws it.
    #[must_use]
    pub fn draw() -> Self {
        let mut draw = Draw::new(3);
        let policies: Vec<Arc<Policy>> = (0..400).map(|_| shared_policy(&mut draw)).collect();
        let arns: Vec<String> = (0..2_000).map(|number| role_arn(&mut draw, number)).collect();
        let roles = arns.iter().enumerate().map(|(number, arn)| role(&mut draw, number, arn, &policies));
        let roles = roles.collect();
        let resources: Vec<Query> = (0..500).map(|number| query(&mut draw, number, &arns)).collect();
        let numbers: Vec<usize> = (0..resources.len()).collect();
        let queries = draw.several(100, &numbers).into_iter().map(|number| resources[number].clone());
        Self { roles, queries: queries.collect() }
    }

    /// Every question with its policies, put together when it is asked for: each of 2,000 roles about each of
    /// 100 things.
    pub fn questions(&self) -> impl Iterator<Item = (Request, PolicySet)> {
        self.queries.iter().flat_map(|query| self.roles.iter().map(|role| role.asks(query)))
    }
}

impl Role {
    fn asks(&self, query: &Query) -> (Request, PolicySet) {
        let request = Request::of(self.principal.clone(), &query.action, &query.resource)
            .with_context(self.context.clone());
        let request = match query.account {
            Some(account) => request.with_resource_account(account),
            None => request,
        };
        let policies = PolicySet {
            identity: self.policies.clone(),
            resource: query.policy.clone(),
            ..PolicySet::default()
        };
        (request.complete(), policies)
    }
}

fn shared_policy(draw: &mut Draw) -> Arc<Policy> {
    let shape = Shape { actions: 5, conditions: 0.2, denies: 0.08, accounts: &ACCOUNTS, ..Shape::default() };
    let count = 3 + draw.below(4);
    let statements: Vec<Value> = (0..count).map(|at| shape.draw(draw, at)).collect();
    compile(&document(&statements), PolicyType::IdentityBased)
}

fn role_arn(draw: &mut Draw, number: usize) -> String {
    let (word, environment) = (draw.one(&WORDS), draw.one(&ENVIRONMENTS));
    format!("arn:aws:iam::{}:role/{word}-{environment}-{number}", ACCOUNTS[number % ACCOUNTS.len()])
}

fn role(draw: &mut Draw, number: usize, arn: &str, policies: &[Arc<Policy>]) -> Role {
    let numbers: Vec<usize> = (0..policies.len()).collect();
    let attached = draw.several(5, &numbers).into_iter().map(|at| Arc::clone(&policies[at])).collect();
    let team = draw.one(&TEAMS);
    let project = format!("{}-{}-{}", draw.one(&WORDS), draw.one(&ENVIRONMENTS), number % 50);
    let account = ACCOUNTS[number % ACCOUNTS.len()];
    Role {
        principal: principal(arn),
        policies: attached,
        context: circumstances::draw(draw, arn, account, team, &project),
    }
}

fn query(draw: &mut Draw, number: usize, roles: &[String]) -> Query {
    use Kind::{Bucket, Object, Queue, Secret, Table, Topic};
    let kind = [Bucket, Bucket, Queue, Table, Secret, Topic][number % 6];
    let account = draw.one(&ACCOUNTS);
    let arn = kind.resource(draw, account);
    let count = 2 + draw.below(5);
    let statements: Vec<Value> =
        (0..count).map(|at| resource_statement(draw, kind, &arn, roles, at)).collect();
    let inside = kind == Bucket && draw.chance(0.7);
    let resource = if inside { format!("{arn}/{}", vocabulary::object_key(draw)) } else { arn };
    let kind = if inside { Object } else { kind };
    Query {
        action: format!("{}:{}", kind.service(), draw.one(kind.operations())),
        resource,
        account: AccountId::parse(account),
        policy: compile(&document(&statements), PolicyType::ResourceBased).into(),
    }
}

fn resource_statement(draw: &mut Draw, kind: Kind, arn: &str, roles: &[String], number: usize) -> Value {
    let principal = match draw.fraction() {
        kind if kind < 0.50 => {
            let count = 1 + draw.below(3);
            let accounts = draw.several(count, &ACCOUNTS);
            let root = |account| format!("arn:aws:iam::{account}:root");
            json!({"AWS": accounts.into_iter().map(root).collect::<Vec<_>>()})
        }
        kind if kind < 0.85 => {
            let count = 1 + draw.below(5);
            json!({"AWS": (0..count).map(|_| &roles[draw.below(roles.len())]).collect::<Vec<_>>()})
        }
        _ => json!("*"),
    };
    let resources = if kind == Kind::Bucket { json!([arn, format!("{arn}/*")]) } else { json!([arn]) };
    let everyone = principal == "*";
    let shape = Shape {
        actions: 4,
        wildcards: 0.5,
        services: &[kind.service()],
        accounts: &ACCOUNTS,
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
