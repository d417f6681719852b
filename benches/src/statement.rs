//! Statements as people write them: a handful of actions, every second one with a wildcard, one or two
//! resources, now and then a condition.

use serde_json::{Map, Value, json};

use crate::draw::Draw;
use crate::vocabulary::{self, ACCOUNT_A, ASKED, ENVIRONMENTS, ORGANIZATION, OTHER, REGIONS, TEAMS, WORDS};

/// What a statement is to be like.
#[derive(Clone)]
pub(crate) struct Shape<'s> {
    /// About how many actions.
    pub(crate) actions: usize,
    /// How many of them have a wildcard, as a fraction.
    pub(crate) wildcards: f64,
    /// How often the statement denies.
    pub(crate) denies: f64,
    /// How often it has a condition.
    pub(crate) conditions: f64,
    /// The services of its actions; any when empty.
    pub(crate) services: &'s [&'s str],
    /// The accounts its resources are in.
    pub(crate) accounts: &'s [&'s str],
    /// Its resources, where they are not drawn.
    pub(crate) resources: Option<Value>,
    /// Its principal, in a resource-based policy.
    pub(crate) principal: Option<Value>,
}

impl Default for Shape<'_> {
    fn default() -> Self {
        Self {
            actions: 6,
            wildcards: 0.4,
            denies: 0.12,
            conditions: 0.27,
            services: &[],
            accounts: &[ACCOUNT_A, vocabulary::ACCOUNT_B],
            resources: None,
            principal: None,
        }
    }
}

impl Shape<'_> {
    /// Draws the statement with this number.
    pub(crate) fn draw(&self, draw: &mut Draw, number: usize) -> Value {
        let services = self.draw_services(draw);
        let denies = draw.chance(self.denies);
        let mut statement = Map::new();
        statement.insert("Sid".into(), json!(format!("S{number}")));
        statement.insert("Effect".into(), json!(if denies { "Deny" } else { "Allow" }));
        if let Some(principal) = &self.principal {
            statement.insert("Principal".into(), principal.clone());
        }
        statement.insert("Action".into(), self.draw_actions(draw, &services));
        let resources = self.resources.clone().unwrap_or_else(|| self.draw_resources(draw, &services));
        statement.insert("Resource".into(), resources);
        if (denies && draw.chance(0.5)) || draw.chance(self.conditions) {
            statement.insert("Condition".into(), condition(draw));
        }
        statement.into()
    }

    fn draw_services(&self, draw: &mut Draw) -> Vec<&str> {
        let count = draw.one(&[1, 1, 2]);
        if !self.services.is_empty() {
            return draw.several(count, self.services);
        }
        let mut services = draw.several(count, &[&ASKED[..], &OTHER].concat());
        if let Some(first) = services.first_mut().filter(|_| draw.chance(0.5)) {
            *first = draw.one(&ASKED);
        }
        services
    }

    fn draw_actions(&self, draw: &mut Draw, services: &[&str]) -> Value {
        let count = (self.actions + draw.one(&[0, 1, 2, 2, 3, 4])).saturating_sub(2).max(1);
        let mut actions: Vec<String> = Vec::new();
        for _ in 0..count {
            let service = draw.one(services);
            let action = action(draw, service, self.wildcards);
            if !actions.contains(&action) {
                actions.push(action);
            }
        }
        json!(actions)
    }

    fn draw_resources(&self, draw: &mut Draw, services: &[&str]) -> Value {
        let mut resources: Vec<String> = Vec::new();
        for _ in 0..draw.one(&[1, 1, 2, 2, 3]) {
            let service = draw.one(services);
            let resource = resource_pattern(draw, service, self.accounts);
            if !resources.contains(&resource) {
                resources.push(resource);
            }
        }
        if resources.iter().any(|resource| resource == "*") { json!(["*"]) } else { json!(resources) }
    }
}

fn action(draw: &mut Draw, service: &str, wildcards: f64) -> String {
    let operation = draw.one(vocabulary::operations(service));
    if !draw.chance(wildcards) {
        return format!("{service}:{operation}");
    }
    match draw.fraction() {
        kind if kind < 0.25 => format!("{service}:*"),
        kind if kind < 0.80 => format!("{service}:{}*", verb(operation)),
        kind if kind < 0.92 => format!("{service}:*{}*", &operation[3..operation.len().min(9)]),
        _ => {
            let at = 1 + draw.below(operation.len() - 1);
            format!("{service}:{}?{}", &operation[..at], &operation[at + 1..])
        }
    }
}

/// The first word of an operation's name: `Get` of `GetObject`.
fn verb(operation: &str) -> &str {
    let end = operation.char_indices().skip(1).find(|(_, c)| c.is_uppercase());
    end.map_or(operation, |(end, _)| &operation[..end])
}

/// One element of `Resource`.
pub(crate) fn resource_pattern(draw: &mut Draw, service: &str, accounts: &[&str]) -> String {
    let kind = draw.fraction();
    let (account, region) = (draw.one(accounts), draw.one(&REGIONS));
    let (word, environment, name) = (draw.one(&WORDS), draw.one(&ENVIRONMENTS), vocabulary::name(draw));
    if kind < 0.15 {
        return "*".to_owned();
    }
    if service == "s3" {
        return match kind {
            kind if kind < 0.40 => format!("arn:aws:s3:::{word}-*"),
            kind if kind < 0.60 => format!("arn:aws:s3:::*-{environment}-*/{word}/*"),
            kind if kind < 0.80 => format!("arn:aws:s3:::{name}/*"),
            _ => format!("arn:aws:s3:::{name}"),
        };
    }
    match kind {
        kind if kind < 0.45 => vocabulary::arn(service, "*", "*", "*"),
        kind if kind < 0.65 => vocabulary::arn(service, region, account, &format!("{word}-*")),
        kind if kind < 0.85 => vocabulary::arn(service, "*", account, &format!("*-{environment}-*")),
        _ => vocabulary::arn(service, region, account, &name),
    }
}

/// A condition of one operator, or two.
pub(crate) fn condition(draw: &mut Draw) -> Value {
    const OPERATORS: [&str; 7] = [
        "StringEquals",
        "StringLike",
        "IpAddress",
        "Bool",
        "DateLessThan",
        "ArnLike",
        "ForAllValues:StringLike",
    ];
    let count = if draw.chance(0.65) { 1 } else { 2 };
    let operators = draw.several(count, &OPERATORS);
    let clause = |operator: &str| {
        let (key, values) = clause(draw, operator);
        (operator.to_owned(), json!({key: values}))
    };
    Value::Object(operators.into_iter().map(clause).collect())
}

fn clause(draw: &mut Draw, operator: &str) -> (&'static str, Value) {
    let (word, environment) = (draw.one(&WORDS), draw.one(&ENVIRONMENTS));
    let count = 1 + draw.below(3);
    match operator {
        "StringEquals" if draw.chance(0.5) => ("aws:PrincipalTag/team", json!(draw.several(count, &TEAMS))),
        "StringEquals" => ("aws:PrincipalOrgID", json!(ORGANIZATION)),
        "StringLike" if draw.chance(0.5) => {
            ("aws:PrincipalTag/project", json!([format!("{word}-*"), format!("*-{environment}-*")]))
        }
        "StringLike" => ("aws:UserAgent", json!(["aws-sdk-*", "*Botocore/1.*"])),
        "IpAddress" => {
            let ranges = ["10.0.0.0/8", "192.168.0.0/16", "203.0.113.0/24", "198.51.100.0/24"];
            ("aws:SourceIp", json!(draw.several(count, &ranges)))
        }
        "Bool" => ("aws:SecureTransport", json!(draw.one(&["true", "true", "false"]))),
        "DateLessThan" => {
            let dates = ["2026-06-30T23:59:59Z", "2027-01-01T00:00:00Z", "2026-02-01T00:00:00Z"];
            ("aws:CurrentTime", json!(draw.one(&dates)))
        }
        "ArnLike" => {
            let roles = [format!("arn:aws:iam::*:role/{word}-*"), format!("arn:aws:iam::{ACCOUNT_A}:role/*")];
            ("aws:PrincipalArn", json!(roles[..count.min(2)]))
        }
        _ => {
            let unit = draw.one(&["11111111", "22222222"]);
            let paths = [format!("{ORGANIZATION}/r-ab12/ou-ab12-{unit}/*"), format!("{ORGANIZATION}/*")];
            ("aws:PrincipalOrgPaths", json!(paths[..count.min(2)]))
        }
    }
}
