//! Fills the ARN forms of resource types from the flags of a command.

use iamsim_catalog::ResourceType;
use iamsim_syntax::Arn;
use serde_json::Value;

use super::is_arn_of;
use crate::aws::Invocation;
use crate::cli::squeezed;
use crate::scope::{Scope, is_arn};
use crate::shorthand;

/// Flags that hold a variable of an ARN form, where their names do not tell: service prefix, variable, flags.
const FLAGS: &[(&str, &str, &[&str])] = &[
    ("apigateway", "HttpMethodType", &["http-method"]),
    ("dynamodb", "TableName", &["table-name", "source-table-name", "target-table-name", "resource-arn"]),
    ("ec2", "AllocationId", &["allocation-id", "allocation-ids"]),
    ("ec2", "ImageId", &["image-id", "image-ids"]),
    ("ec2", "KeyPairName", &["key-name"]),
    ("ec2", "LaunchTemplateId", &["launch-template-id", "launch-template-ids"]),
    ("ec2", "NaclId", &["network-acl-id"]),
    ("ec2", "NatGatewayId", &["nat-gateway-id"]),
    ("ec2", "PlacementGroupName", &["group-name"]),
    ("ec2", "SecurityGroupId", &["group-id", "security-group-id", "security-group-ids", "groups"]),
    ("ec2", "SubnetId", &["subnet-id", "subnet-ids"]),
    ("ec2", "VpcEndpointId", &["vpc-endpoint-id", "vpc-endpoint-ids"]),
    ("cloudwatch", "AlarmName", &["alarm-name", "alarm-names"]),
    ("ecr", "RepositoryName", &["repository-name", "repository-names"]),
    ("ecs", "TaskDefinitionFamilyName", &["family", "task-definition"]),
    ("ecs", "TaskDefinitionRevisionNumber", &["task-definition"]),
    ("eks", "ClusterName", &["cluster-name", "name"]),
    ("events", "RuleName", &["name", "rule"]),
    ("iam", "CertificateNameWithPath", &["server-certificate-name"]),
    ("iam", "MfaTokenIdWithPath", &["virtual-mfa-device-name", "serial-number"]),
    ("iam", "OidcProviderName", &["open-id-connect-provider-arn", "url"]),
    ("iam", "PolicyNameWithPath", &["policy-arn", "policy-name"]),
    ("iam", "SamlProviderName", &["saml-provider-arn", "name"]),
    ("kms", "Alias", &["alias-name"]),
    ("kms", "KeyId", &["key-id", "target-key-id"]),
    ("lambda", "FunctionName", &["function-name", "resource"]),
    ("lambda", "LayerVersion", &["version-number"]),
    (
        "logs",
        "LogGroupName",
        &["log-group-name", "log-group-names", "log-group-identifier", "log-group-prefix"],
    ),
    (
        "rds",
        "ClusterParameterGroupName",
        &[
            "db-cluster-parameter-group-name",
            "source-db-cluster-parameter-group-identifier",
            "target-db-cluster-parameter-group-identifier",
        ],
    ),
    (
        "rds",
        "ClusterSnapshotName",
        &[
            "db-cluster-snapshot-identifier",
            "source-db-cluster-snapshot-identifier",
            "target-db-cluster-snapshot-identifier",
        ],
    ),
    ("rds", "DbClusterInstanceName", &["db-cluster-identifier", "source-db-cluster-identifier"]),
    (
        "rds",
        "DbInstanceName",
        &["db-instance-identifier", "source-db-instance-identifier", "target-db-instance-identifier"],
    ),
    ("rds", "DbProxyId", &[]),
    ("rds", "GlobalCluster", &["global-cluster-identifier"]),
    (
        "rds",
        "ParameterGroupName",
        &[
            "db-parameter-group-name",
            "source-db-parameter-group-identifier",
            "target-db-parameter-group-identifier",
        ],
    ),
    (
        "rds",
        "OptionGroupName",
        &["option-group-name", "source-option-group-identifier", "target-option-group-identifier"],
    ),
    ("rds", "ReservedDbInstanceName", &["reserved-db-instance-id"]),
    ("rds", "SecurityGroupName", &["db-security-group-name"]),
    (
        "rds",
        "SnapshotName",
        &["db-snapshot-identifier", "source-db-snapshot-identifier", "target-db-snapshot-identifier"],
    ),
    ("rds", "SubnetGroupName", &["db-subnet-group-name"]),
    ("secretsmanager", "SecretId", &["secret-id", "name"]),
    ("sns", "TopicName", &["topic-arn", "target-arn", "resource-arn", "name"]),
    ("sqs", "QueueName", &["queue-url", "queue-name", "source-arn"]),
    ("ssm", "DocumentName", &["document-name", "name"]),
    ("ssm", "ParameterNameWithoutLeadingSlash", &["name", "names", "path"]),
    ("ssm", "PatchBaselineIdResourceId", &["baseline-id"]),
    ("ssm", "ResourceId", &["window-id", "setting-id"]),
    ("ses", "IdentityName", &["from", "identity"]),
    ("cloudformation", "StackName", &["stack-name"]),
    (
        "cloudtrail",
        "TrailName",
        &["name", "trail-name", "trail-name-list", "resource-id", "resource-id-list"],
    ),
    ("states", "StateMachineName", &["state-machine-arn", "name"]),
];

/// Whether a type that AWS's tables call optional is checked all the same, with `*` or the caller for its id.
/// Amazon RDS describes `db:*`, IAM is about the caller.
pub(super) fn is_always_checked(service: &str, resource_type: &ResourceType) -> bool {
    service == "rds" || (service == "iam" && resource_type.name == "user")
}

/// The resources of a type that the flags name; none when they leave part of its ARN open.
pub(super) fn named(
    service: &str,
    resource_type: &ResourceType,
    invocation: &Invocation,
    scope: &Scope<'_>,
) -> Vec<String> {
    let mut found = by_arn(resource_type, invocation);
    for form in &resource_type.arns {
        if !found.is_empty() {
            break;
        }
        found = form_filled(form, service, resource_type, invocation, scope, false);
    }
    found
}

/// A resource of the type that no flag names: what is known of its ARN, and `*` for the rest.
pub(super) fn unnamed(
    service: &str,
    resource_type: &ResourceType,
    invocation: &Invocation,
    scope: &Scope<'_>,
) -> Vec<String> {
    if service == "iam" && resource_type.name == "user" {
        return vec![own_user(scope)];
    }
    // REST APIs and the others of Amazon API Gateway have paths of their own for the same things.
    let of_others = if invocation.service.name == "apigatewayv2" { "/restapis" } else { "/apis/" };
    let fits = |form: &&&str| service != "apigateway" || !form.contains(of_others);
    let Some(form) = resource_type.arns.iter().find(fits).or(resource_type.arns.first()) else {
        return Vec::new();
    };
    form_filled(form, service, resource_type, invocation, scope, true)
}

/// IAM operations about a user are about the caller when no user is named.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetUser.html>
fn own_user(scope: &Scope<'_>) -> String {
    let caller = scope.caller_arn();
    let is_user =
        Arn::parse(caller).is_some_and(|arn| arn.resource == "root" || arn.resource.starts_with("user/"));
    if is_user { caller.to_owned() } else { scope.global("iam", "user/*") }
}

/// Values that are ARNs of this type already.
fn by_arn(resource_type: &ResourceType, invocation: &Invocation) -> Vec<String> {
    let named_by = ["resource-arn", "resource-name", "resource-id", "resource", "arn", "policy-source-arn"];
    let values = named_by.iter().flat_map(|flag| invocation.list(flag));
    values.filter(|value| is_arn_of(value, resource_type)).collect()
}

fn form_filled(
    form: &str,
    service: &str,
    resource_type: &ResourceType,
    invocation: &Invocation,
    scope: &Scope<'_>,
    open: bool,
) -> Vec<String> {
    let (mut filled, mut arns) = (vec![String::new()], Vec::new());
    let mut rest = form;
    let mut any_named = false;
    while let Some((before, after)) = rest.split_once("${") {
        let Some((variable, after)) = after.split_once('}') else { return Vec::new() };
        rest = after;
        filled.iter_mut().for_each(|text| text.push_str(before));
        let values = match variable {
            "Partition" => vec![scope.partition().to_owned()],
            "Region" => vec![scope.region().to_owned()],
            "Account" | "AccountId" if is_in_account_place(&filled) => {
                vec![registry(service, invocation, scope)]
            }
            "Id" if service == "cloudformation" => vec!["*".to_owned()],
            _ => {
                let values = values(variable, service, resource_type, invocation);
                any_named |= !values.is_empty();
                values
            }
        };
        if values.is_empty() && !open {
            return Vec::new();
        }
        let (whole, plain): (Vec<_>, Vec<_>) = values.into_iter().partition(|value| is_arn(value));
        let only_whole = plain.is_empty() && !whole.is_empty();
        arns.extend(whole.into_iter().filter(|arn| is_arn_of(arn, resource_type)));
        if only_whole {
            return arns;
        }
        let plain = if plain.is_empty() { vec!["*".to_owned()] } else { plain };
        filled = filled.iter().flat_map(|text| plain.iter().map(move |value| joined(text, value))).collect();
    }
    if !any_named && !open {
        return Vec::new();
    }
    filled.iter_mut().for_each(|text| text.push_str(rest));
    arns.extend(filled);
    arns
}

/// Whether the account follows in the ARNs that are filled so far. Another account may follow later.
fn is_in_account_place(filled: &[String]) -> bool {
    filled.iter().all(|text| text.matches(':').count() == 4)
}

/// The value behind the text, whose end it may repeat: `p-` of `policy/o-1/scp/p-${PolicyId}`.
fn joined(text: &str, value: &str) -> String {
    let end = text.rsplit(['/', ':']).next().filter(|end| !end.is_empty());
    format!("{text}{}", end.and_then(|end| value.strip_prefix(end)).unwrap_or(value))
}

/// Amazon ECR takes the owner of a repository beside its name.
fn registry(service: &str, invocation: &Invocation, scope: &Scope<'_>) -> String {
    let other = if service == "ecr" { invocation.text("registry-id") } else { None };
    other.unwrap_or(scope.account()).to_owned()
}

/// What the flags say for a variable of an ARN form.
fn values(
    variable: &str,
    service: &str,
    resource_type: &ResourceType,
    invocation: &Invocation,
) -> Vec<String> {
    let listed = FLAGS.iter().find(|(of, name, _)| *of == service && *name == variable);
    let flags: Vec<String> = match listed {
        Some((_, _, flags)) => flags.iter().map(|flag| (*flag).to_owned()).collect(),
        None => similar(variable, resource_type, invocation),
    };
    let list =
        |flag: &String| invocation.list(flag).into_iter().filter_map(|value| unwrapped(variable, value));
    flags.iter().flat_map(list).map(|value| spelled(variable, value, invocation)).collect()
}

/// The value itself; of a structure, such as `name=default,roleARN=…`, its name.
fn unwrapped(variable: &str, value: String) -> Option<String> {
    match shorthand::value(&value) {
        Value::Object(members) if variable.ends_with("Name") => {
            members.get("name")?.as_str().map(str::to_owned)
        }
        Value::Object(_) | Value::Array(_) => None,
        _ => Some(value),
    }
}

/// Given flags whose names say the variable, or else the type: `function-name` for `FunctionName`, `trail-arn` for
/// `TrailName`, `name` in `create-trail`.
fn similar(variable: &str, resource_type: &ResourceType, invocation: &Invocation) -> Vec<String> {
    let of_variable = stem(variable);
    let of_type = stem(resource_type.name);
    let operation = squeezed(invocation.operation.api);
    // A type's own name, and a plain one, say only the last part of an ARN with several.
    let is_last = resource_type.arns.iter().all(|form| form.ends_with(&format!("${{{variable}}}")));
    let about_type = is_last && operation.contains(&of_type);
    let given: Vec<&str> =
        invocation.given().filter(|(_, words)| !words.is_empty()).map(|(flag, _)| flag).collect();
    let exact = given.iter().filter(|flag| squeezed(flag) == squeezed(variable));
    let by_stem = given.iter().filter(|flag| stem(flag) == of_variable || (is_last && stem(flag) == of_type));
    let plain = given.iter().filter(|flag| {
        about_type && matches!(**flag, "name" | "id" | "arn" | "identifier" | "names" | "ids")
    });
    let first = exact.chain(by_stem).chain(plain).next();
    first.map(|flag| (*flag).to_owned()).into_iter().collect()
}

/// A name without what says only that it names something.
fn stem(name: &str) -> String {
    let mut stem = squeezed(name);
    for end in ["withpath", "s", "identifier", "name", "arn", "id"] {
        if let Some(shorter) = stem.strip_suffix(end)
            && !shorter.is_empty()
        {
            stem.truncate(shorter.len());
        }
    }
    stem
}

/// A value as the ARN has it.
fn spelled(variable: &str, value: String, invocation: &Invocation) -> String {
    match variable {
        "ParameterNameWithoutLeadingSlash" => value.trim_start_matches('/').to_owned(),
        "OidcProviderName" => value.trim_start_matches("https://").to_owned(),
        "TaskDefinitionFamilyName" => value.split(':').next().unwrap_or_default().to_owned(),
        "TaskDefinitionRevisionNumber" => value.split(':').nth(1).unwrap_or("*").to_owned(),
        "Id" if invocation.service.prefix == "route53" => {
            value.rsplit('/').next().unwrap_or_default().to_owned()
        }
        "Alias" => value.trim_start_matches("alias/").to_owned(),
        name if name.ends_with("WithPath") && !is_arn(&value) => match invocation.text("path") {
            Some(path) => format!("{}{value}", path.trim_start_matches('/')),
            None => value,
        },
        _ => value,
    }
}
