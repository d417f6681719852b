//! Patterns that make a backtracking matcher try every way to split the text. None of them matches.

use std::sync::Arc;

use iamsim_engine::{Context, PolicySet, Request};
use iamsim_syntax::PolicyType;
use serde_json::{Value, json};

use crate::{Question, compile, document, principal};

const STARS: usize = 20;
const LENGTH: usize = 2_048;

/// Every pattern in every place where policies have patterns, with a name for each.
#[must_use]
pub fn questions() -> Vec<(String, Question)> {
    let places: [(&str, Place); 3] =
        [("action", action), ("resource", resource), ("string-like", string_like)];
    let in_place = |(family, pattern): &(&str, String)| {
        places.map(|(place, question)| (format!("{place}/{family}"), question(pattern)))
    };
    patterns().iter().flat_map(in_place).collect()
}

/// Puts a pattern in its place, opposite a text of many `a`.
type Place = fn(&str) -> Question;

fn patterns() -> [(&'static str, String); 6] {
    [
        ("run-then-star", format!("{}b", "a*".repeat(STARS))),
        ("star-then-run", format!("{}b", "*a".repeat(STARS))),
        ("stars-alone", format!("{}b", "*".repeat(STARS))),
        ("long-runs", format!("{}*ab", "*aaa".repeat(STARS))),
        ("one-long-run", format!("*{}b*", "a".repeat(LENGTH / 2))),
        ("question-marks", format!("*{}b*", "a?".repeat(LENGTH / 4))),
    ]
}

fn text() -> String {
    "a".repeat(LENGTH)
}

fn action(pattern: &str) -> Question {
    let statement = json!({"Effect": "Allow", "Action": format!("s3:{pattern}"), "Resource": "*"});
    question(&statement, &format!("s3:{}", text()), "*", Context::new())
}

fn resource(pattern: &str) -> Question {
    let resource = format!("arn:aws:s3:::amzn-s3-demo-bucket/{pattern}");
    let statement = json!({"Effect": "Allow", "Action": "s3:GetObject", "Resource": resource});
    let object = format!("arn:aws:s3:::amzn-s3-demo-bucket/{}", text());
    question(&statement, "s3:GetObject", &object, Context::new())
}

fn string_like(pattern: &str) -> Question {
    let condition = json!({"StringLike": {"aws:PrincipalTag/x": pattern}});
    let statement =
        json!({"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", "Condition": condition});
    let context = [("aws:PrincipalTag/x", text())].into_iter().collect();
    question(&statement, "s3:GetObject", "arn:aws:s3:::amzn-s3-demo-bucket/a", context)
}

fn question(statement: &Value, action: &str, resource: &str, context: Context) -> Question {
    let caller = principal("arn:aws:iam::111111111111:role/app-reader");
    let policy = compile(&document(std::slice::from_ref(statement)), PolicyType::IdentityBased);
    let policies = PolicySet { identity: policy.into(), ..PolicySet::default() };
    let request = Request::of(caller, action, resource).with_context(context).complete();
    Question { request, policies: Arc::new(policies) }
}
