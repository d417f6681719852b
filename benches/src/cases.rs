//! Work as evaluation cases, one line of JSON each: the machine interface.

use serde_json::{Value, json};

use crate::work::{Asked, Work};

/// A line for each request, with every policy that meets it.
#[must_use]
pub fn lines(work: &Work) -> String {
    work.requests.iter().map(|asked| format!("{}\n", case(work, asked))).collect()
}

fn case(work: &Work, asked: &Asked) -> Value {
    let named = |document: &Value| json!({"document": document});
    let all = |documents: &[Value]| documents.iter().map(named).collect::<Vec<_>>();
    let mut policies = json!({"identity": all(&work.identity)});
    if let Some(boundary) = work.boundary.first() {
        policies["permissionsBoundary"] = named(boundary);
    }
    if !work.scps.is_empty() {
        let level = |(depth, documents): (usize, &Vec<Value>)| json!({"target": format!("level-{depth}"), "policies": all(documents)});
        policies["serviceControl"] = work.scps.iter().enumerate().map(level).collect();
    }
    if let Some(attached) = asked.rp.as_ref().and_then(|arn| work.resource_policies.get(arn)) {
        policies["resource"] = named(&attached.policy);
    }
    let request = json!({
        "principal": work.principal,
        "action": asked.action,
        "resource": asked.resource,
        "resourceAccount": asked.resource_account,
        "context": asked.context,
    });
    json!({"request": request, "policies": policies})
}
