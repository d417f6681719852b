//! Ten accounts, 2,000 roles with five of 400 shared policies each, 500 resources with a policy of their own.

use std::borrow::Cow;
use std::sync::Arc;

use iamsim_engine::{
    AccountId, Batch, Context, Policies, Policy, PolicySet, Principal, Request, Target, evaluate,
};
use iamsim_syntax::PolicyType;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::draw::Draw;
use crate::statement::{Shape, condition};
use crate::vocabulary::{self, ENVIRONMENTS, Kind, TEAMS, WORDS};
use crate::work::{Vars, context};
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

/// Everyone who may be asked about, and what may be asked, as data. Its policies are values when it is drawn, and
/// may stay the texts they are when it is read.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Organization<D = Value> {
    /// The documents that roles share.
    pub policies: Vec<D>,
    /// The roles.
    pub principals: Vec<Role>,
    /// The resources.
    pub resources: Vec<Resource<D>>,
    /// What is asked of every role.
    pub queries: Vec<Query>,
}

/// A role.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Role {
    /// Its ARN.
    pub arn: String,
    /// Its account.
    pub account: String,
    /// Its policies, by their place in [`Organization::policies`].
    pub policies: Vec<usize>,
    /// The context of its requests.
    pub context: Vars,
}

/// A resource with a policy.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Resource<D = Value> {
    /// Its ARN.
    pub arn: String,
    /// Its owner.
    pub account: String,
    /// Its policy's document.
    pub policy: D,
}

/// A policy's document.
pub trait Document {
    /// As JSON.
    fn text(&self) -> Cow<'_, str>;
}

impl Document for Value {
    fn text(&self) -> Cow<'_, str> {
        self.to_string().into()
    }
}

impl Document for &RawValue {
    fn text(&self) -> Cow<'_, str> {
        self.get().into()
    }
}

/// What is asked of every role.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Query {
    /// `s3:GetObject`
    pub action: String,
    /// An ARN.
    pub resource: String,
    /// Whose policy meets the request, by its place in [`Organization::resources`].
    pub rp: usize,
    /// The owner of the resource.
    pub resource_account: String,
}

/// An organization with its policies compiled.
#[derive(Debug, Clone)]
pub struct Loaded {
    roles: Vec<LoadedRole>,
    queries: Vec<LoadedQuery>,
}

#[derive(Debug, Clone)]
struct LoadedRole {
    principal: Principal,
    policies: Policies,
    context: Context,
}

#[derive(Debug, Clone)]
struct LoadedQuery {
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
        let policies: Vec<Value> = (0..400).map(|_| shared_policy(&mut draw)).collect();
        let arns: Vec<String> = (0..2_000).map(|number| role_arn(&mut draw, number)).collect();
        let roles = arns.iter().enumerate().map(|(number, arn)| role(&mut draw, number, arn, &policies));
        let principals = roles.collect();
        let drawn = (0..500).map(|number| resource(&mut draw, number, &arns));
        let (resources, all): (Vec<Resource>, Vec<Query>) = drawn.unzip();
        let numbers: Vec<usize> = (0..resources.len()).collect();
        let queries = draw.several(100, &numbers).into_iter().map(|number| all[number].clone()).collect();
        Self { policies, principals, resources, queries }
    }
}

impl<D: Document> Organization<D> {
    /// Compiles each policy once.
    #[must_use]
    pub fn load(&self) -> Loaded {
        let shared =
            self.policies.iter().map(|document| compile(&document.text(), PolicyType::IdentityBased));
        let shared: Vec<Arc<Policy>> = shared.collect();
        let role = |role: &Role| LoadedRole {
            principal: principal(&role.arn),
            policies: role.policies.iter().map(|number| Arc::clone(&shared[*number])).collect(),
            context: context(&role.context),
        };
        let of = |resource: &Resource<D>| compile(&resource.policy.text(), PolicyType::ResourceBased).into();
        let attached: Vec<Policies> = self.resources.iter().map(of).collect();
        let query = |query: &Query| LoadedQuery {
            action: query.action.clone(),
            resource: query.resource.clone(),
            account: AccountId::parse(&query.resource_account),
            policy: attached[query.rp].clone(),
        };
        let roles = self.principals.iter().map(role).collect();
        Loaded { roles, queries: self.queries.iter().map(query).collect() }
    }
}

impl Loaded {
    /// How many questions there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.queries.len() * self.roles.len()
    }

    /// A question with its policies, put together now: query by query, role by role.
    #[must_use]
    pub fn question(&self, number: usize) -> (Request, PolicySet) {
        let roles = self.roles.len();
        self.roles[number % roles].asks(&self.queries[number / roles])
    }

    /// Every role as a caller with its policies, to be asked about one target after the other.
    #[must_use]
    pub fn callers(&self) -> Vec<(Request, PolicySet)> {
        let caller = |role: &LoadedRole| {
            let context = role.context.clone();
            let request = Request::of(role.principal.clone(), "", "*").with_context(context).complete();
            (request, PolicySet { identity: role.policies.clone(), ..PolicySet::default() })
        };
        self.roles.iter().map(caller).collect()
    }

    /// What is asked about, and the policy of each resource.
    pub fn targets(&self) -> impl Iterator<Item = (Target, &Policies)> {
        self.queries.iter().map(|query| {
            let target = Target::new(&query.action, &query.resource);
            let target = match query.account {
                Some(account) => target.with_resource_account(account),
                None => target,
            };
            (target, &query.policy)
        })
    }

    /// How many of all questions are allowed, asked one by one of callers made before.
    #[must_use]
    pub fn one_by_one(&self, callers: &mut [(Request, PolicySet)]) -> usize {
        let mut allowed = 0;
        for (target, policy) in self.targets() {
            for (request, policies) in &mut *callers {
                request.aim_at(&target);
                policies.resource.clone_from(policy);
                allowed += usize::from(evaluate(request, policies).is_allowed());
            }
        }
        allowed
    }

    /// The same, each target asked of all callers together.
    #[must_use]
    pub fn batched(&self, callers: &mut [(Request, PolicySet)]) -> usize {
        let mut allowed = 0;
        for (target, policy) in self.targets() {
            let mut batch = Batch::new(&target);
            for (request, policies) in &mut *callers {
                policies.resource.clone_from(policy);
                allowed += usize::from(batch.evaluate(request, policies).is_allowed());
            }
        }
        allowed
    }

    /// Every question, in that order.
    pub fn questions(&self) -> impl Iterator<Item = (Request, PolicySet)> {
        (0..self.count()).map(|number| self.question(number))
    }
}

impl LoadedRole {
    fn asks(&self, query: &LoadedQuery) -> (Request, PolicySet) {
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

fn shared_policy(draw: &mut Draw) -> Value {
    let shape = Shape { actions: 5, conditions: 0.2, denies: 0.08, accounts: &ACCOUNTS, ..Shape::default() };
    let count = 3 + draw.below(4);
    let statements: Vec<Value> = (0..count).map(|at| shape.draw(draw, at)).collect();
    document(&statements)
}

fn role_arn(draw: &mut Draw, number: usize) -> String {
    let (word, environment) = (draw.one(&WORDS), draw.one(&ENVIRONMENTS));
    format!("arn:aws:iam::{}:role/{word}-{environment}-{number}", ACCOUNTS[number % ACCOUNTS.len()])
}

fn role(draw: &mut Draw, number: usize, arn: &str, policies: &[Value]) -> Role {
    let numbers: Vec<usize> = (0..policies.len()).collect();
    let attached = draw.several(5, &numbers);
    let team = draw.one(&TEAMS);
    let project = format!("{}-{}-{}", draw.one(&WORDS), draw.one(&ENVIRONMENTS), number % 50);
    let account = ACCOUNTS[number % ACCOUNTS.len()];
    Role {
        arn: arn.to_owned(),
        account: account.to_owned(),
        policies: attached,
        context: circumstances::draw(draw, arn, account, team, &project),
    }
}

fn resource(draw: &mut Draw, number: usize, roles: &[String]) -> (Resource, Query) {
    use Kind::{Bucket, Object, Queue, Secret, Table, Topic};
    let kind = [Bucket, Bucket, Queue, Table, Secret, Topic][number % 6];
    let account = draw.one(&ACCOUNTS);
    let arn = kind.resource(draw, account);
    let count = 2 + draw.below(5);
    let statements: Vec<Value> =
        (0..count).map(|at| resource_statement(draw, kind, &arn, roles, at)).collect();
    let inside = kind == Bucket && draw.chance(0.7);
    let resource = if inside { format!("{arn}/{}", vocabulary::object_key(draw)) } else { arn.clone() };
    let kind = if inside { Object } else { kind };
    let query = Query {
        action: format!("{}:{}", kind.service(), draw.one(kind.operations())),
        resource,
        rp: number,
        resource_account: account.to_owned(),
    };
    (Resource { arn, account: account.to_owned(), policy: document(&statements) }, query)
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
