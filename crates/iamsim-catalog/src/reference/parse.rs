//! Reads the reference's line text; the generator's `text.rs` describes it.
//!
//! The text is verified when the crate is built, so a line that does not read is left out rather than reported;
//! tests count that none is.

use super::{AccessLevel, Action, ActionResource, Contents, Names, ResourceType};
use crate::by_name::ByName;
use crate::condition_key::{self, ConditionKey, Keys};

/// Reads a service's lines: condition keys, then resource types, then actions.
pub(super) fn contents(prefix: &'static str, lines: &'static str) -> Contents {
    let (mut condition_keys, mut resource_types, mut actions) = (Vec::new(), Vec::new(), Vec::new());
    for line in lines.lines() {
        let Some((tag, rest)) = line.split_at_checked(1) else { continue };
        match tag {
            "k" => condition_keys.extend(condition_key::parse(rest)),
            "r" => resource_types.extend(resource_type(rest, &condition_keys)),
            _ => {
                let action = access_level(tag)
                    .and_then(|level| action(prefix, level, rest, &resource_types, &condition_keys));
                actions.extend(action);
            }
        }
    }
    let names = || actions.iter().map(|action: &Action| action.name);
    Contents {
        actions_by_name: ByName::new(names()),
        action_names: Names::new(names()),
        actions,
        resource_types,
        condition_keys: Keys::new(condition_keys),
    }
}

fn resource_type(line: &'static str, keys: &[ConditionKey]) -> Option<ResourceType> {
    let mut fields = line.split('\t');
    let name = fields.next()?;
    let condition_keys = numbered(fields.next()?, keys);
    Some(ResourceType { name, arns: fields.collect(), condition_keys })
}

fn action(
    service: &'static str,
    access_level: AccessLevel,
    line: &'static str,
    types: &[ResourceType],
    keys: &[ConditionKey],
) -> Option<Action> {
    // Empty fields at the end are not written.
    let mut fields = line.split('\t');
    let name = fields.next()?;
    let used = fields.next().unwrap_or_default();
    let own_keys = fields.next().unwrap_or_default();
    let dependent = fields.next().unwrap_or_default();
    Some(Action {
        service,
        name,
        access_level,
        resource_types: listed(used, ' ').filter_map(|used| action_resource(used, types, keys)).collect(),
        condition_keys: numbered(own_keys, keys),
        dependent_actions: listed(dependent, ',').collect(),
    })
}

fn action_resource(
    used: &'static str,
    types: &[ResourceType],
    keys: &[ConditionKey],
) -> Option<ActionResource> {
    let (number, own_keys) = used.split_once('=').unwrap_or((used, ""));
    let index: usize = number.trim_end_matches('*').parse().ok()?;
    Some(ActionResource {
        resource_type: types.get(index)?.name,
        required: number.ends_with('*'),
        condition_keys: numbered(own_keys, keys),
    })
}

fn numbered(numbers: &'static str, keys: &[ConditionKey]) -> Vec<ConditionKey> {
    listed(numbers, ',').filter_map(|number| keys.get(number.parse::<usize>().ok()?).copied()).collect()
}

fn listed(text: &'static str, separator: char) -> impl Iterator<Item = &'static str> {
    text.split(separator).filter(|item| !item.is_empty())
}

fn access_level(code: &str) -> Option<AccessLevel> {
    match code {
        "L" => Some(AccessLevel::List),
        "R" => Some(AccessLevel::Read),
        "W" => Some(AccessLevel::Write),
        "T" => Some(AccessLevel::Tagging),
        "P" => Some(AccessLevel::PermissionsManagement),
        _ => None,
    }
}
