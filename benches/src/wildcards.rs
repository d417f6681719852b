//! Patterns that make a backtracking matcher try every way to split the text. None of them matches.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::document;
use crate::vocabulary::ACCOUNT_A;
use crate::work::{Asked, Question, Var, Vars, Work};

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
    question(&statement, &format!("s3:{}", text()), "*", Vars::new())
}

fn resource(pattern: &str) -> Question {
    let resource = format!("arn:aws:s3:::amzn-s3-demo-bucket/{pattern}");
    let statement = json!({"Effect": "Allow", "Action": "s3:GetObject", "Resource": resource});
    let object = format!("arn:aws:s3:::amzn-s3-demo-bucket/{}", text());
    question(&statement, "s3:GetObject", &object, Vars::new())
}

fn string_like(pattern: &str) -> Question {
    let condition = json!({"StringLike": {"aws:PrincipalTag/x": pattern}});
    let statement =
        json!({"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", "Condition": condition});
    let context = [("aws:PrincipalTag/x".to_owned(), Var::One(text()))].into();
    question(&statement, "s3:GetObject", "arn:aws:s3:::amzn-s3-demo-bucket/a", context)
}

fn question(statement: &Value, action: &str, resource: &str, context: Vars) -> Question {
    let asked = Asked {
        action: action.to_owned(),
        resource: resource.to_owned(),
        rp: None,
        resource_account: ACCOUNT_A.to_owned(),
        context,
    };
    let work = Work {
        principal: "arn:aws:iam::111111111111:role/app-reader".to_owned(),
        account: ACCOUNT_A.to_owned(),
        identity: vec![document(std::slice::from_ref(statement))],
        boundary: Vec::new(),
        scps: Vec::new(),
        resource_policies: BTreeMap::new(),
        requests: Vec::new(),
        no_match: Some(asked),
    };
    work.stray().unwrap_or_else(|| crate::fault("there is no request"))
}
