//! AWS Lambda.
//!
//! Sources: <https://docs.aws.amazon.com/lambda/latest/dg/lambda-api-permissions-ref.html>,
//! <https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html>

use iamsim_world::{Call, Check};

use crate::aws::Invocation;
use crate::checks::check;
use crate::scope::{Scope, is_arn};

/// Settles which function, version or alias a call is about, and what it refers to.
pub(super) fn complete(call: &mut Call, invocation: &Invocation, scope: &Scope<'_>) {
    if let Some(name) = invocation.text("function-name") {
        let function = function_arn(name, invocation.text("qualifier"), scope);
        match invocation.operation.api {
            "CreateEventSourceMapping" | "ListEventSourceMappings" | "UpdateEventSourceMapping" => {
                for check in &mut call.checks {
                    check.context.insert("lambda:FunctionArn", &*function);
                }
            }
            _ => on_function(&mut call.checks, &function),
        }
    }
    for (flag, key) in
        [("principal", "lambda:Principal"), ("function-url-auth-type", "lambda:FunctionUrlAuthType")]
    {
        if let (Some(value), Some(check)) = (invocation.text(flag), call.checks.first_mut()) {
            check.context.insert(key, value);
        }
    }
    for layer in invocation.list("layers") {
        call.checks.push(check("lambda:GetLayerVersion", &*layer));
    }
}

/// Puts the function in place of what the catalog's forms make of it.
fn on_function(checks: &mut Vec<Check>, function: &str) {
    checks.truncate(1);
    for check in checks {
        function.clone_into(&mut check.resource);
    }
}

/// A function may be named by its name, `account:function:name`, or its ARN, each with a version or alias behind.
fn function_arn(name: &str, qualifier: Option<&str>, scope: &Scope<'_>) -> String {
    let mut arn = match name.split_once(":function:") {
        _ if is_arn(name) => name.to_owned(),
        Some((account, rest)) => {
            format!("arn:{}:lambda:{}:{account}:function:{rest}", scope.partition(), scope.region())
        }
        None => scope.regional("lambda", &format!("function:{}", name.trim_start_matches("function:"))),
    };
    // `arn:aws:lambda:region:account:function:name` has seven parts; an eighth is the qualifier.
    if let (Some(qualifier), 6) = (qualifier, arn.matches(':').count()) {
        arn = format!("{arn}:{qualifier}");
    }
    arn
}
