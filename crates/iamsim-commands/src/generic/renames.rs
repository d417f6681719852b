//! Operations whose action is not named as they are.
//!
//! Source: the actions tables of <https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html>

use crate::aws::Invocation;

/// Service prefix, operation, actions.
const RENAMES: &[(&str, &str, &[&str])] = &[
    ("access-analyzer", "GetFindingV2", &["GetFinding"]),
    ("access-analyzer", "ListFindingsV2", &["ListFindings"]),
    ("bedrock", "Converse", &["InvokeModel"]),
    ("bedrock", "ConverseStream", &["InvokeModelWithResponseStream"]),
    ("bedrock", "StartAsyncInvoke", &["InvokeModel"]),
    ("cloudfront", "CreateDistributionWithTags", &["CreateDistribution", "TagResource"]),
    ("execute-api", "DeleteConnection", &["ManageConnections"]),
    ("execute-api", "GetConnection", &["ManageConnections"]),
    ("execute-api", "PostToConnection", &["ManageConnections"]),
    ("lambda", "GetLayerVersionByArn", &["GetLayerVersion"]),
    ("lambda", "Invoke", &["InvokeFunction"]),
    ("lambda", "InvokeWithResponseStream", &["InvokeFunction"]),
    ("neptune-graph", "ExecuteQuery", &["ReadDataViaQuery"]),
    ("neptune-graph", "GetQuery", &["GetQueryStatus"]),
    ("redshift-data", "GetStatementResultV2", &["GetStatementResult"]),
    ("s3", "DeletePublicAccessBlock", &["PutAccountPublicAccessBlock"]),
    ("s3", "GetPublicAccessBlock", &["GetAccountPublicAccessBlock"]),
    ("s3", "PutPublicAccessBlock", &["PutAccountPublicAccessBlock"]),
    ("sns", "PublishBatch", &["Publish"]),
    ("sqs", "ChangeMessageVisibilityBatch", &["ChangeMessageVisibility"]),
    ("sqs", "DeleteMessageBatch", &["DeleteMessage"]),
    ("sqs", "SendMessageBatch", &["SendMessage"]),
    ("timestream", "Query", &["Select"]),
    ("verifiedpermissions", "BatchIsAuthorized", &["IsAuthorized"]),
    ("verifiedpermissions", "BatchIsAuthorizedWithToken", &["IsAuthorizedWithToken"]),
    ("verifiedpermissions", "BatchGetPolicy", &["GetPolicy"]),
];

/// The prefix of `aws budgets` operations that change something, and of those that read.
const BUDGETS: (&str, &str) = ("budgets:ModifyBudget", "budgets:ViewBudget");

/// The actions that an operation needs, with their prefix.
pub(super) fn actions(invocation: &Invocation) -> Vec<String> {
    let (service, operation) = (invocation.service.prefix, invocation.operation.api);
    let own = || vec![format!("{service}:{operation}")];
    let renamed = RENAMES.iter().find(|(of, name, _)| *of == service && *name == operation);
    if let Some((_, _, actions)) = renamed {
        return actions.iter().map(|action| format!("{service}:{action}")).collect();
    }
    if iamsim_catalog::action(&format!("{service}:{operation}")).is_some() {
        return own();
    }
    match service {
        "apigateway" => vec![format!("apigateway:{}", verb(operation))],
        "budgets" if operation.starts_with("Describe") => vec![BUDGETS.1.to_owned()],
        "budgets" => vec![BUDGETS.0.to_owned()],
        "cassandra" => cassandra(operation).map_or_else(own, |verb| vec![format!("cassandra:{verb}")]),
        _ => own(),
    }
}

/// The actions of Amazon API Gateway are the HTTP methods of its operations.
///
/// Source: <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-iam-policy-examples.html>
fn verb(operation: &str) -> &'static str {
    let verbs = [
        ("Get", "GET"),
        ("Export", "GET"),
        ("Update", "PATCH"),
        ("Delete", "DELETE"),
        ("Untag", "DELETE"),
        ("Flush", "DELETE"),
        ("Reset", "DELETE"),
        ("Put", "PUT"),
        ("Tag", "PUT"),
        ("Reimport", "PUT"),
    ];
    verbs.iter().find(|(start, _)| operation.starts_with(start)).map_or("POST", |(_, verb)| verb)
}

/// The actions of Amazon Keyspaces are the verbs of its query language.
///
/// Source: <https://docs.aws.amazon.com/keyspaces/latest/devguide/security_iam_service-with-iam.html>
fn cassandra(operation: &str) -> Option<&'static str> {
    let verbs = [
        ("Create", "Create"),
        ("Delete", "Drop"),
        ("Update", "Alter"),
        ("Get", "Select"),
        ("List", "Select"),
        ("Restore", "Restore"),
    ];
    verbs.iter().find(|(start, _)| operation.starts_with(start)).map(|(_, verb)| *verb)
}
