//! Building calls and their checks.

use iamsim_engine::{Context, Given};
use iamsim_world::{Call, Check, Effect};

/// A check without context.
pub(crate) fn check(action: &str, resource: impl Into<String>) -> Check {
    Check {
        action: action.to_owned(),
        resource: resource.into(),
        resource_account: None,
        context: Context::new(),
    }
}

/// The check with a context key, if there is a value for it.
pub(crate) fn with<'v, V: Into<Given<'v>>>(mut check: Check, key: &str, value: Option<V>) -> Check {
    if let Some(value) = value {
        check.context.insert(key, value);
    }
    check
}

/// A call that does nothing that matters later.
pub(crate) fn call(operation: &str, checks: Vec<Check>) -> Call {
    Call { operation: operation.to_owned(), checks, effect: Effect::None }
}

/// The check that goes with handing a role to a service.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html>
pub(crate) fn pass_role(role_arn: String, service: &str) -> Check {
    with(check("iam:PassRole", role_arn), "iam:PassedToService", Some(service))
}
