//! Patterns cover the texts that the definition of `*` and `?` says they cover. The first line is the pattern,
//! the rest the text.

#![no_main]

use std::sync::Arc;

use iamsim_engine::{Context, Outcome, Policy, PolicySet, Principal, Request, evaluate};
use iamsim_syntax::{PolicyType, parse};
use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};

const BUCKET: &str = "arn:aws:s3:::amzn-s3-demo-bucket/";

fuzz_target!(|text: &str| {
    let (pattern, text) = text.split_once('\n').unwrap_or((text, ""));
    // The definition takes time in the square of the input.
    if pattern.len() > 512 || text.len() > 512 {
        return;
    }
    let expected = covers(pattern, text);
    let condition = json!({"StringLike": {"aws:PrincipalTag/x": pattern}});
    let context = [("aws:PrincipalTag/x", text)].into_iter().collect();
    check(&json!("*"), &condition, BUCKET, context, expected);
    let resource = json!(format!("{BUCKET}{pattern}"));
    check(&resource, &json!({}), &format!("{BUCKET}{text}"), Context::new(), expected);
});

fn check(pattern: &Value, condition: &Value, resource: &str, context: Context, expected: bool) {
    // Of the first version, because that has no policy variables.
    let statement =
        json!({"Effect": "Allow", "Action": "s3:GetObject", "Resource": pattern, "Condition": condition});
    let document = json!({"Version": "2008-10-17", "Statement": statement}).to_string();
    let (Some(policy), _) = parse(&document, PolicyType::IdentityBased) else { return };
    let Some(caller) = Principal::from_arn("arn:aws:iam::111122223333:user/alice") else { return };
    let policies =
        PolicySet { identity: Arc::new(Policy::compile(&policy, "p")).into(), ..PolicySet::default() };
    let request = Request::of(caller, "s3:GetObject", resource).with_context(context).complete();
    let outcome = evaluate(&request, &policies).outcome;
    assert_eq!(outcome == Outcome::Allowed, expected, "{document}");
}

/// The definition, on UTF-16 units: row by row, which beginnings of the text the pattern so far covers.
fn covers(pattern: &str, text: &str) -> bool {
    let text: Vec<u16> = text.encode_utf16().collect();
    let mut covered = vec![false; text.len() + 1];
    covered[0] = true;
    for unit in pattern.encode_utf16() {
        if unit == u16::from(b'*') {
            let from = covered.iter().position(|covered| *covered).unwrap_or(covered.len());
            covered[from..].fill(true);
            continue;
        }
        for at in (0..text.len()).rev() {
            covered[at + 1] = covered[at] && (unit == u16::from(b'?') || unit == text[at]);
        }
        covered[0] = false;
    }
    covered[text.len()]
}
