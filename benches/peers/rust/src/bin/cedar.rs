//! `cedar-policy`: each statement becomes a Cedar policy that says the same, each layer a set of them.
//!
//! `?` becomes `*`, and `ForAllValues` looks at the one value there is: Cedar has neither.

use std::error::Error;
use std::str::FromStr;

use cedar_policy::{
    Authorizer, Context, Decision, Entities, EntityUid, PolicySet, Request, RestrictedExpression,
};
use iamsim_benches::work::{Var, Vars};
use iamsim_peers::layers::{self, Evaluator, Says};
use serde_json::Value;

struct Cedar {
    authorizer: Authorizer,
    entities: Entities,
}

impl Evaluator for Cedar {
    type Set = PolicySet;
    type Request = Request;

    fn load(documents: &[&Value]) -> PolicySet {
        let statements = documents.iter().flat_map(|document| listed(&document["Statement"]));
        let text: String = statements.map(policy).collect();
        PolicySet::from_str(&text).unwrap_or_else(|error| panic!("{error}\n{text}"))
    }

    fn request(caller: &str, account: &str, action: &str, resource: &str, context: &Vars) -> Request {
        let text = |value: &str| RestrictedExpression::new_string(value.to_owned());
        let mut pairs = vec![
            ("iam:caller".to_owned(), text(caller)),
            ("iam:account".to_owned(), text(account)),
            ("iam:action".to_owned(), text(&action.to_ascii_lowercase())),
            ("iam:resource".to_owned(), text(resource)),
        ];
        for (key, var) in context {
            let first = match var {
                Var::One(value) => value.as_str(),
                Var::Many(values) => values.first().map_or("", String::as_str),
            };
            let value = match &**key {
                "aws:SourceIp" => RestrictedExpression::new_ip(first),
                "aws:CurrentTime" => RestrictedExpression::new_long(date(first)),
                _ => text(first),
            };
            pairs.push((key.clone(), value));
        }
        let context = Context::from_pairs(pairs).expect("a context it reads");
        let entity = |text: &str| EntityUid::from_str(text).expect("an entity it reads");
        let (principal, action) = (entity(r#"Iam::"caller""#), entity(r#"Action::"any""#));
        Request::new(principal, action, entity(r#"Iam::"resource""#), context, None).expect("a request it reads")
    }

    fn evaluate(&self, set: &PolicySet, request: &Request) -> Says {
        let response = self.authorizer.is_authorized(request, set, &self.entities);
        match response.decision() {
            Decision::Allow => Says::Allow,
            Decision::Deny if response.diagnostics().reason().next().is_some() => Says::Deny,
            Decision::Deny => Says::Nothing,
        }
    }
}

fn listed(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(values) => values.iter().collect(),
        Value::Null => Vec::new(),
        value => vec![value],
    }
}

fn texts(value: &Value) -> Vec<&str> {
    listed(value).into_iter().filter_map(Value::as_str).collect()
}

fn policy(statement: &Value) -> String {
    let effect = if statement["Effect"] == "Deny" { "forbid" } else { "permit" };
    let mut all = Vec::new();
    let actions: Vec<String> =
        texts(&statement["Action"]).iter().map(|action| action.to_ascii_lowercase()).collect();
    all.push(any(actions.iter().map(|action| like("iam:action", action))));
    all.push(any(texts(&statement["Resource"]).into_iter().map(|resource| like("iam:resource", resource))));
    if let Some(principal) = statement.get("Principal") {
        let named = if principal == "*" { vec!["*"] } else { texts(&principal["AWS"]) };
        all.push(any(named.into_iter().map(caller)));
    }
    for (operator, keys) in statement.get("Condition").and_then(Value::as_object).into_iter().flatten() {
        for (key, values) in keys.as_object().into_iter().flatten() {
            let tests = any(texts(values).into_iter().map(|value| test(operator, key, value)));
            all.push(format!("(context has {key:?} && {tests})"));
        }
    }
    format!("{effect}(principal, action, resource) when {{ {} }};\n", all.join(" && "))
}

fn any(tests: impl Iterator<Item = String>) -> String {
    format!("({})", tests.collect::<Vec<_>>().join(" || "))
}

fn like(key: &str, pattern: &str) -> String {
    match pattern {
        "*" => "true".to_owned(),
        pattern if pattern.contains(['*', '?']) => {
            format!("context[{key:?}] like {:?}", pattern.replace('?', "*"))
        }
        pattern => format!("context[{key:?}] == {pattern:?}"),
    }
}

fn caller(named: &str) -> String {
    match named.strip_prefix("arn:aws:iam::").and_then(|rest| rest.strip_suffix(":root")) {
        Some(account) => format!("context[\"iam:account\"] == {account:?}"),
        None if named.bytes().all(|byte| byte.is_ascii_digit()) => {
            format!("context[\"iam:account\"] == {named:?}")
        }
        None => like("iam:caller", named),
    }
}

fn test(operator: &str, key: &str, value: &str) -> String {
    match operator {
        "IpAddress" => format!("context[{key:?}].isInRange(ip({value:?}))"),
        "DateLessThan" => format!("context[{key:?}] < {}", date(value)),
        "StringEquals" | "Bool" => format!("context[{key:?}] == {value:?}"),
        "StringLike" | "ArnLike" | "ForAllValues:StringLike" => like(key, value),
        other => panic!("nobody has said how `{other}` reads in Cedar"),
    }
}

/// A date as a number that sorts the same.
fn date(text: &str) -> i64 {
    text.chars().filter(char::is_ascii_digit).collect::<String>().parse().unwrap_or(0)
}

fn main() -> Result<(), Box<dyn Error>> {
    layers::main(&Cedar { authorizer: Authorizer::new(), entities: Entities::empty() })
}
