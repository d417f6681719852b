//! Condition keys of a service that hold what a parameter of the request says.
//!
//! Source: the condition keys of each service in
//! <https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html>

use iamsim_catalog::{Action, Cardinality, ConditionKey, ValueType};
use iamsim_engine::ContextValue;
use iamsim_world::{Call, Check};
use serde_json::Value;

use crate::aws::Invocation;
use crate::cli::{Arity, squeezed};
use crate::scope::{Scope, is_arn};
use crate::shorthand;

/// Keys that are called other than the flags they hold.
const FLAGS: &[(&str, &str)] = &[
    ("ec2:VolumeIops", "iops"),
    ("ec2:VolumeSize", "size"),
    ("ec2:VolumeThroughput", "throughput"),
    ("ec2:VpceServiceName", "service-name"),
    ("elasticache:EngineType", "engine"),
    ("kms:KeyOrigin", "origin"),
    ("kms:ScheduleKeyDeletionPendingWindowInDays", "pending-window-in-days"),
    ("lambda:FunctionUrlAuthType", "auth-type"),
    ("lambda:Layer", "layers"),
    ("rds:DatabaseClass", "db-instance-class"),
    ("rds:DatabaseEngine", "engine"),
    ("rds:DatabaseName", "db-name"),
    ("rds:DatabaseName", "database-name"),
    ("rds:Piops", "iops"),
    ("rds:StorageSize", "allocated-storage"),
    ("sagemaker:InstanceTypes", "instance-type"),
];

const REGION: &str = "ec2:Region";

/// Keys that hold a part of a structured parameter: the flag, and the part.
const MEMBERS: &[(&str, &str, &str)] = &[
    ("ec2:MetadataHttpEndpoint", "metadata-options", "HttpEndpoint"),
    ("ec2:MetadataHttpPutResponseHopLimit", "metadata-options", "HttpPutResponseHopLimit"),
    ("ec2:MetadataHttpTokens", "metadata-options", "HttpTokens"),
    ("ec2:Tenancy", "placement", "Tenancy"),
    ("lambda:SecurityGroupIds", "vpc-config", "SecurityGroupIds"),
    ("lambda:SubnetIds", "vpc-config", "SubnetIds"),
];

/// Keys of switches that are there, as `false`, when the switch is not.
const FALSE_UNLESS_GIVEN: [&str; 5] = [
    "ec2:Encrypted",
    "elasticfilesystem:Encrypted",
    "kms:MultiRegion",
    "rds:MultiAz",
    "rds:StorageEncrypted",
];

/// Adds the keys that each check of the operation itself knows and the command tells.
pub(crate) fn add(call: &mut Call, invocation: &Invocation, scope: &Scope<'_>) {
    for check in &mut call.checks {
        let action = iamsim_catalog::action(&check.action);
        let Some(action) = action.filter(|action| action.service == invocation.service.prefix) else {
            continue;
        };
        // What an image or a snapshot is that is there already, no parameter tells.
        let is_there = |kind| check.resource.contains(kind) && !check.resource.ends_with("/*");
        let tells_region_alone = is_there(":image/") || is_there(":snapshot/");
        for key in keys(action, check) {
            if tells_region_alone && key.name != REGION {
                continue;
            }
            if let Some(value) = value(key, invocation, scope) {
                check.context.insert_if_absent(key.name, value);
            }
        }
    }
}

/// The service's own keys that AWS compares for this action on this resource.
fn keys(action: &Action, check: &Check) -> Vec<ConditionKey> {
    let service = iamsim_catalog::service(action.service);
    let of_resource = action.resource_types.iter().filter_map(|used| {
        let found = service?.resource_type(used.resource_type)?;
        // Amazon RDS lists the keys of what is asked for with the resource, where others list what the resource is.
        let of_type: &[_] = if action.service == "rds" { &found.condition_keys } else { &[] };
        found.can_match(&check.resource).then(|| used.condition_keys.iter().chain(of_type))
    });
    let all = action.condition_keys.iter().chain(of_resource.flatten());
    let is_own = |key: &&ConditionKey| {
        let prefix = key.name.split(':').next();
        prefix == Some(action.service) && !key.is_template()
    };
    all.filter(is_own).copied().collect()
}

/// What the command says about a key: by the flag of the same name, or by those in the tables.
fn value(key: ConditionKey, invocation: &Invocation, scope: &Scope<'_>) -> Option<ContextValue> {
    match key.name {
        REGION => return Some(scope.region().into()),
        "ecs:cluster" => return Some(cluster(invocation, scope).into()),
        _ => {}
    }
    let texts = of_flag(key, invocation).or_else(|| of_member(key, invocation))?;
    let fits = |text: &String| !text.is_empty() && (key.value_type != ValueType::Arn || is_arn(text));
    let texts: Vec<String> = texts.into_iter().filter(fits).collect();
    match key.cardinality {
        Cardinality::Multivalued => (!texts.is_empty()).then(|| texts.into_iter().collect()),
        Cardinality::SingleValued => texts.into_iter().next().map(ContextValue::from),
    }
}

/// The cluster that a command is about; the one called `default` when it names none.
fn cluster(invocation: &Invocation, scope: &Scope<'_>) -> String {
    match invocation.text("cluster") {
        Some(arn) if is_arn(arn) => arn.to_owned(),
        name => scope.regional("ecs", &format!("cluster/{}", name.unwrap_or("default"))),
    }
}

fn of_flag(key: ConditionKey, invocation: &Invocation) -> Option<Vec<String>> {
    let name = squeezed(key.name.split(':').next_back()?);
    let holds = |flag: &str| squeezed(flag) == name || FLAGS.contains(&(key.name, flag));
    let flags = || invocation.operation.flags.iter().filter(|(flag, _)| holds(flag));
    if flags().any(|(_, flag)| flag.arity == Arity::None) {
        let given = flags().any(|(flag, _)| invocation.has(flag));
        let refused = flags().any(|(flag, _)| invocation.has(&format!("no-{flag}")));
        let is_told = given || refused || FALSE_UNLESS_GIVEN.contains(&key.name);
        return is_told.then(|| vec![given.to_string()]);
    }
    let (given, _) = flags().find(|(flag, _)| !invocation.words(flag).is_empty())?;
    Some(invocation.list(given))
}

fn of_member(key: ConditionKey, invocation: &Invocation) -> Option<Vec<String>> {
    let (_, flag, member) = MEMBERS.iter().find(|(name, _, _)| *name == key.name)?;
    let structure = shorthand::value(&invocation.word(flag)?.text);
    Some(match structure.get(member)? {
        Value::Array(items) => items.iter().map(text).collect(),
        other => vec![text(other)],
    })
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
