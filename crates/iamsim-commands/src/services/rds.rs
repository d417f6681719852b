//! Amazon RDS.
//!
//! Source: <https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonrds.html>

use iamsim_world::{Call, Effect};

use crate::aws::Invocation;
use crate::checks::check;
use crate::scope::{Scope, is_arn};

/// What a database uses when its option group, parameter group or subnet group is not named. AWS names the default
/// ones after the engine, which a snapshot does not tell.
const DEFAULTS: [(&str, &str); 4] = [
    (":cluster-pg:*", ":cluster-pg:default.*"),
    (":og:*", ":og:default:*"),
    (":pg:*", ":pg:default.*"),
    (":subgrp:*", ":subgrp:default"),
];

/// Puts default groups where none are named, and adds what restoring a snapshot does.
pub(super) fn complete(call: &mut Call, invocation: &Invocation, scope: &Scope<'_>) {
    let describes = invocation.operation.api.starts_with("Describe");
    for check in call.checks.iter_mut().filter(|_| !describes) {
        let default = DEFAULTS.iter().find(|(open, _)| check.resource.ends_with(open));
        if let Some((open, default)) = default {
            check.resource.truncate(check.resource.len() - open.len());
            check.resource.push_str(default);
        }
    }
    let restored = match invocation.operation.api {
        "RestoreDBInstanceFromDBSnapshot" => {
            [("db-snapshot-identifier", "snapshot"), ("db-cluster-snapshot-identifier", "cluster-snapshot")]
        }
        "RestoreDBClusterFromSnapshot" => {
            [("snapshot-identifier", "cluster-snapshot"), ("snapshot-identifier", "cluster-snapshot")]
        }
        _ => return,
    };
    let named = restored.iter().find_map(|(flag, kind)| Some((invocation.text(flag)?, kind)));
    let Some((name, kind)) = named else { return };
    let snapshot =
        if is_arn(name) { name.to_owned() } else { scope.regional("rds", &format!("{kind}:{name}")) };
    if !call.checks.iter().any(|check| check.resource == snapshot) {
        call.checks.push(check(&format!("rds:{}", invocation.operation.api), &*snapshot));
    }
    call.effect = Effect::RestoreSnapshot { snapshot };
}
