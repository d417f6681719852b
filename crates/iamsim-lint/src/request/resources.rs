//! Resources beside an action that does not work on them.
//!
//! Source: <https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html>

use iamsim_catalog::{Action, ActionResource, ResourceType, arn_resource_types, service};

use super::{MISSING_RESOURCE_TYPE, RESOURCE_MISMATCH, RequestFinding, RequestPart, WILDCARD_ONLY_ACTION};

/// The longest ARN, in characters; a longer text is not compared to every form there is.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/quickref-general.html>
const LONGEST: usize = 2048;

/// How many types are worth reading in a help.
const NAMED: usize = 3;

/// The services whose every call with several required resource types is checked for one of each. Elsewhere AWS
/// marks alternatives as required, such as a table and a stream in `dynamodb:TagResource`.
///
/// Source: <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/iam-policy-structure.html>
const CHECKS_EACH_TYPE: [&str; 1] = ["ec2"];

/// The services whose actions always concern a resource when they have resource types, required or not. AWS marks
/// neither of an object and an object behind an access point as required.
///
/// Source: <https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html>
const ALWAYS_ON_A_RESOURCE: [&str; 1] = ["s3"];

pub(super) fn check(action: &Action, resources: &[&str], findings: &mut Vec<RequestFinding>) {
    if action.is_wildcard_only() {
        findings.extend(specific(resources).map(|(at, resource)| wildcard_only(action, at, resource)));
        return;
    }
    // A type without a known form could be any resource.
    let Some(types) = types(action) else { return };
    let before = findings.len();
    for (at, resource) in resources.iter().enumerate() {
        if *resource == "*" {
            findings.extend(is_on_a_resource(action).then(|| no_resource(action, &types, at)));
        } else if resource.len() <= LONGEST && !types.iter().any(|(_, known)| known.can_match(resource)) {
            findings.push(mismatch(action, &types, at, resource));
        }
    }
    let is_particular = resources.iter().all(|resource| *resource != "*" && resource.len() <= LONGEST);
    if findings.len() == before && is_particular && CHECKS_EACH_TYPE.contains(&action.service) {
        findings.extend(missing_types(action, &types, resources));
    }
}

/// A resource type as the action uses it, and its ARNs.
type Used = (&'static ActionResource, &'static ResourceType);

fn types(action: &Action) -> Option<Vec<Used>> {
    let service = service(action.service)?;
    let action = service.action(action.name)?;
    let known = |used: &'static ActionResource| Some((used, service.resource_type(used.resource_type)?));
    action.resource_types.iter().map(known).collect()
}

fn specific<'r>(resources: &'r [&'r str]) -> impl Iterator<Item = (usize, &'r str)> {
    resources.iter().copied().enumerate().filter(|(_, resource)| *resource != "*")
}

fn is_on_a_resource(action: &Action) -> bool {
    ALWAYS_ON_A_RESOURCE.contains(&action.service) || action.resource_types.iter().any(|used| used.required)
}

fn wildcard_only(action: &Action, at: usize, resource: &str) -> RequestFinding {
    RequestFinding {
        code: WILDCARD_ONLY_ACTION,
        part: RequestPart::Resource(at),
        message: format!("`{action}` works on no resource in particular, so not on `{resource}`"),
        help: "give `*` as the resource".to_owned(),
    }
}

fn no_resource(action: &Action, types: &[Used], at: usize) -> RequestFinding {
    RequestFinding {
        code: RESOURCE_MISMATCH,
        part: RequestPart::Resource(at),
        message: format!("`{action}` works on a resource, and `*` is none"),
        help: format!("give {}", forms(types)),
    }
}

fn mismatch(action: &Action, types: &[Used], at: usize, resource: &str) -> RequestFinding {
    let found = arn_resource_types(resource);
    let what = match found.first() {
        Some(found) => format!(", of type `{}`", found.resource_type.name),
        None => String::new(),
    };
    RequestFinding {
        code: RESOURCE_MISMATCH,
        part: RequestPart::Resource(at),
        message: format!("`{action}` does not work on `{resource}`{what}"),
        help: format!("give {}", forms(types)),
    }
}

fn missing_types(action: &Action, types: &[Used], resources: &[&str]) -> Option<RequestFinding> {
    let is_named = |known: &ResourceType| resources.iter().any(|resource| known.can_match(resource));
    let missing: Vec<Used> =
        types.iter().filter(|(used, known)| used.required && !is_named(known)).copied().collect();
    if missing.is_empty() {
        return None;
    }
    let names: Vec<String> = missing.iter().map(|(used, _)| format!("`{}`", used.resource_type)).collect();
    Some(RequestFinding {
        code: MISSING_RESOURCE_TYPE,
        part: RequestPart::Action,
        message: format!(
            "`{action}` is checked for {} too, and no such resource is given",
            names.join(" and ")
        ),
        help: format!("add {}", arns(&missing).join(" and ")),
    })
}

/// The forms of the ARNs of a few types, required and simple ones first.
fn forms(types: &[Used]) -> String {
    let mut types = types.to_vec();
    let length = |known: &ResourceType| known.arns.first().map_or(0, |arn| arn.len());
    types.sort_by_key(|(used, known)| (!used.required, length(known)));
    let mut words = arns(types.get(..NAMED).unwrap_or(&types));
    if types.len() > NAMED {
        words.push(format!("one of {} more", types.len() - NAMED));
    }
    words.join(" or ")
}

fn arns(types: &[Used]) -> Vec<String> {
    let first = types.iter().filter_map(|(_, known)| known.arns.first());
    first.map(|arn| format!("`{arn}`")).collect()
}
