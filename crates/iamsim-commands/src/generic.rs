//! Any operation, from what the catalog knows of its action and what its flags are called.

use iamsim_catalog::{Action, ActionResource, ResourceType};
use iamsim_world::{Call, Check};

use crate::aws::Invocation;
use crate::checks::{call, check};
use crate::scope::{Scope, is_arn};

mod fill;
mod renames;

/// The call of an operation, with the checks of its action.
pub(crate) fn lower(invocation: &Invocation, scope: &Scope<'_>) -> Call {
    let (service, operation) = (invocation.service.prefix, invocation.operation.api);
    let mut checks = Vec::new();
    for name in renames::actions(invocation) {
        checks.extend(action_checks(&name, invocation, scope));
    }
    call(&format!("{service}:{operation}"), checks)
}

/// The checks of one action: one for each resource of each type it needs, as far as the flags name them.
pub(crate) fn action_checks(name: &str, invocation: &Invocation, scope: &Scope<'_>) -> Vec<Check> {
    let Some(action) = iamsim_catalog::action(name) else { return vec![check(name, "*")] };
    let name = action.to_string();
    let resources = resources(action, invocation, scope);
    resources.into_iter().map(|resource| check(&name, resource)).collect()
}

/// The resources an action is checked on. A type that must be there but that no flag names has `*` for its id; so
/// AWS names what is only being created.
fn resources(action: &Action, invocation: &Invocation, scope: &Scope<'_>) -> Vec<String> {
    let Some(service) = iamsim_catalog::service(action.service) else { return vec!["*".to_owned()] };
    let typed =
        |used: &ActionResource| service.resource_type(used.resource_type).map(|found| (used.required, found));
    let types: Vec<(bool, &ResourceType)> = action.resource_types.iter().filter_map(typed).collect();
    if action.service == "apigateway" {
        return vec![api_gateway_path(&types, invocation, scope)];
    }
    let mut found = Vec::new();
    for (required, resource_type) in &types {
        let named = fill::named(action.service, resource_type, invocation, scope);
        if named.is_empty() && *required {
            found.extend(fill::unnamed(action.service, resource_type, invocation, scope));
        }
        found.extend(named);
    }
    if let ([], [(_, only), ..]) = (found.as_slice(), types.as_slice())
        && fill::is_always_checked(action.service, only)
    {
        found.extend(fill::unnamed(action.service, only, invocation, scope));
    }
    if found.is_empty() {
        found.push("*".to_owned());
    }
    let mut distinct: Vec<String> = Vec::new();
    for resource in found {
        if !distinct.contains(&resource) {
            distinct.push(resource);
        }
    }
    distinct
}

/// The path that an operation of Amazon API Gateway requests, which its name tells: `GetRestApi` is about a `RestApi`,
/// and `CreateRestApi` about the `RestApis`, to which it adds one.
fn api_gateway_path(types: &[(bool, &ResourceType)], invocation: &Invocation, scope: &Scope<'_>) -> String {
    let api = invocation.operation.api;
    let about = |found: &&(bool, &ResourceType)| {
        api.find(found.1.name).is_some_and(|at| at > 0 && at + found.1.name.len() == api.len())
    };
    let added =
        ["Create", "Import"].iter().find_map(|verb| api.strip_prefix(verb)).map(|one| format!("{one}s"));
    let collection = types.iter().find(|(_, found)| Some(found.name) == added.as_deref());
    let longest = || types.iter().filter(about).max_by_key(|(_, found)| found.name.len());
    let named = collection
        .or_else(longest)
        .and_then(|(_, found)| fill::unnamed("apigateway", found, invocation, scope).pop());
    named.unwrap_or_else(|| format!("arn:{}:apigateway:{}::/*", scope.partition(), scope.region()))
}

/// Whether a value names a resource of this type by its ARN.
fn is_arn_of(value: &str, resource_type: &ResourceType) -> bool {
    is_arn(value) && resource_type.can_match(value)
}
