//! `iam-rs`, through its documented interface: a flat `PolicyEvaluator` for each layer.

use std::error::Error;

use iam_rs::{
    Arn, Context, ContextValue, Decision, EvaluationOptions, IAMPolicy, IAMRequest, PolicyEvaluator,
    Principal, PrincipalId,
};
use iamsim_benches::work::{Var, Vars};
use iamsim_peers::layers::{self, Evaluator, Says};
use serde_json::Value;

struct IamRs;

impl Evaluator for IamRs {
    type Set = PolicyEvaluator;
    type Request = IAMRequest;

    fn load(documents: &[&Value]) -> PolicyEvaluator {
        let policy = |document: &&Value| IAMPolicy::from_json(&document.to_string()).expect("a policy it reads");
        let options = EvaluationOptions {
            stop_on_explicit_deny: true,
            collect_match_details: false,
            max_statements: 100_000,
            ignore_resource_constraints: false,
        };
        PolicyEvaluator::with_policies(documents.iter().map(policy).collect()).with_options(options)
    }

    fn request(caller: &str, _account: &str, action: &str, resource: &str, context: &Vars) -> IAMRequest {
        let mut values = Context::new();
        for (key, var) in context {
            let value = match var {
                // Its operators ask for these types.
                Var::One(value) if key == "aws:SecureTransport" => ContextValue::Boolean(value == "true"),
                Var::One(value) => ContextValue::String(value.clone()),
                Var::Many(values) => ContextValue::StringList(values.clone()),
            };
            values.insert(key.clone(), value);
        }
        let principal = Principal::Aws(PrincipalId::String(caller.to_owned()));
        let resource = Arn::parse(resource).expect("an ARN it reads");
        IAMRequest::new_with_context(principal, action, resource, values)
    }

    fn evaluate(&self, set: &PolicyEvaluator, request: &IAMRequest) -> Says {
        match set.evaluate(request).expect("an answer").decision {
            Decision::Allow => Says::Allow,
            Decision::Deny => Says::Deny,
            Decision::NotApplicable => Says::Nothing,
        }
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    layers::main(&IamRs)
}
