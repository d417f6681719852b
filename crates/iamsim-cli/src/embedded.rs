//! The policies written in place in worlds, scenarios and evaluation cases.

use iamsim_syntax::PolicyType;
use iamsim_syntax::json::{Node, Value};

/// Elements by which our own files are known.
const OWN: [&str; 6] = ["accounts", "organizations", "world", "steps", "request", "policies"];

/// Whether a document is one of our files rather than a policy.
pub(crate) fn is_own_file(document: &Node) -> bool {
    let first = match &document.value {
        Value::Array(cases) => cases.first(),
        _ => Some(document),
    };
    first.is_some_and(|node| {
        node.member("Statement").is_none() && OWN.iter().any(|name| node.member(name).is_some())
    })
}

/// The policies in a file of ours and what each is used as, in the order of the text.
pub(crate) fn policies(document: &Node) -> Vec<(PolicyType, &Node)> {
    let mut found = Vec::new();
    let mut left = vec![(None, document)];
    while let Some((policy_type, node)) = left.pop() {
        match &node.value {
            Value::Array(items) => left.extend(items.iter().map(|item| (policy_type, item))),
            Value::Object(members) => {
                match policy_type.filter(|_| node.member("Statement").is_some()) {
                    Some(policy_type) => found.push((policy_type, node)),
                    None => left.extend(members.iter().map(|member| {
                        (named(&member.key.value, policy_type).or(policy_type), &member.value)
                    })),
                }
            }
            _ => {}
        }
    }
    found.sort_by_key(|(_, node)| node.span);
    found
}

/// What the policies under an element are used as. A `policy` is that of a resource or of a VPC endpoint, whichever
/// it stands in.
fn named(element: &str, around: Option<PolicyType>) -> Option<PolicyType> {
    Some(match element {
        "policies" | "identity" => PolicyType::IdentityBased,
        "permissionsBoundary" => PolicyType::PermissionsBoundary,
        "session" => PolicyType::Session,
        "resource" | "resources" => PolicyType::ResourceBased,
        "trust" => PolicyType::RoleTrust,
        "serviceControl" | "serviceControlPolicies" => PolicyType::ServiceControl,
        "resourceControl" | "resourceControlPolicies" => PolicyType::ResourceControl,
        "vpcEndpoint" | "vpcEndpoints" => PolicyType::VpcEndpoint,
        _ => return around,
    })
}
