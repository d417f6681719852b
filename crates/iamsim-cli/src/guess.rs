//! Guessing what a policy is used as from what it says and where it is kept.

use std::path::Path;

use iamsim_syntax::PolicyType;
use iamsim_syntax::json::{Node, Value};

/// Words in the names of files and folders.
const WORDS: [(&str, PolicyType); 15] = [
    ("service-control", PolicyType::ServiceControl),
    ("servicecontrol", PolicyType::ServiceControl),
    ("scp", PolicyType::ServiceControl),
    ("resource-control", PolicyType::ResourceControl),
    ("resourcecontrol", PolicyType::ResourceControl),
    ("rcp", PolicyType::ResourceControl),
    ("trust", PolicyType::RoleTrust),
    ("assume-role-policy", PolicyType::RoleTrust),
    ("boundary", PolicyType::PermissionsBoundary),
    ("boundaries", PolicyType::PermissionsBoundary),
    ("endpoint", PolicyType::VpcEndpoint),
    ("vpce", PolicyType::VpcEndpoint),
    ("session", PolicyType::Session),
    ("key-policy", PolicyType::ResourceBased),
    ("bucket", PolicyType::ResourceBased),
];

/// The likeliest type: what the names say, where the content does not contradict it, or else what the content is
/// like.
pub(crate) fn policy_type(path: &Path, document: Option<&Node>) -> PolicyType {
    let content = document.map(Content::of).unwrap_or_default();
    let of_names = path.iter().rev().take(2).find_map(|name| {
        let name = name.to_string_lossy().to_lowercase();
        let has = |word: &str| name.match_indices(word).any(|(at, _)| stands_alone(&name, at, word));
        WORDS.iter().find(|(word, policy_type)| has(word) && content.can_be(*policy_type))
    });
    match of_names {
        Some((_, policy_type)) => *policy_type,
        // No other resource has a policy about opening sessions, so a `Resource` there is a mistake.
        None if content.assumes_only && content.has_principal => PolicyType::RoleTrust,
        None if content.has_principal => PolicyType::ResourceBased,
        None => PolicyType::IdentityBased,
    }
}

/// Whether a word begins where no letter stands before it, and if short ends likewise: `scp` is not in `descpt`.
fn stands_alone(name: &str, at: usize, word: &str) -> bool {
    let before = name.get(..at).and_then(|before| before.chars().next_back());
    let after = name.get(at + word.len()..).and_then(|after| after.chars().next());
    let letter = |character: Option<char>| character.is_some_and(char::is_alphanumeric);
    let plural = after == Some('s');
    !letter(before) && (word.len() > 4 || plural || !letter(after))
}

/// What the statements of a document have in common.
#[derive(Default)]
struct Content {
    has_principal: bool,
    has_resource: bool,
    /// Every action opens a session.
    assumes_only: bool,
}

impl Content {
    fn of(document: &Node) -> Self {
        let statements: &[Node] = match document.member("Statement").map(|member| &member.value) {
            Some(Node { value: Value::Array(items), .. }) => items,
            Some(statement) => std::slice::from_ref(statement),
            None => &[],
        };
        let has = |key: &str| statements.iter().any(|statement| statement.member(key).is_some());
        Self {
            has_principal: has("Principal") || has("NotPrincipal"),
            has_resource: has("Resource") || has("NotResource"),
            assumes_only: !statements.is_empty() && statements.iter().all(assumes),
        }
    }

    /// Identity-based policies, boundaries, session and service control policies have no principal; the others
    /// need one. A trust policy may lack it by mistake.
    fn can_be(&self, policy_type: PolicyType) -> bool {
        match policy_type {
            PolicyType::IdentityBased
            | PolicyType::PermissionsBoundary
            | PolicyType::Session
            | PolicyType::ServiceControl => !self.has_principal,
            PolicyType::ResourceBased | PolicyType::ResourceControl | PolicyType::VpcEndpoint => {
                self.has_principal
            }
            PolicyType::RoleTrust => self.assumes_only || !self.has_resource,
        }
    }
}

fn assumes(statement: &Node) -> bool {
    let Some(action) = statement.member("Action") else { return false };
    let opens_session = |node: &Node| {
        node.as_str().is_some_and(|action| {
            let action = action.to_ascii_lowercase();
            action.starts_with("sts:assumerole")
                || matches!(&*action, "sts:tagsession" | "sts:setsourceidentity")
        })
    };
    match &action.value.value {
        Value::Array(actions) => !actions.is_empty() && actions.iter().all(opens_session),
        _ => opens_session(&action.value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use PolicyType::{
        IdentityBased, PermissionsBoundary, ResourceBased, ResourceControl, RoleTrust, ServiceControl,
        Session, VpcEndpoint,
    };

    const IDENTITY: &str = r#"{"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}"#;
    const RESOURCE: &str =
        r#"{"Statement": {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}}"#;
    const TRUST: &str =
        r#"{"Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": ["sts:AssumeRole"]}]}"#;

    #[track_caller]
    fn check(path: &str, text: &str, expected: PolicyType) {
        let (node, _) = iamsim_syntax::json::parse(text);
        assert_eq!(policy_type(Path::new(path), node.as_ref()), expected, "{path}");
    }

    #[test]
    fn the_names_of_file_and_folder_say_what_a_policy_is_for() {
        check("scp/deny.json", IDENTITY, ServiceControl);
        check("SCPs/deny.json", IDENTITY, ServiceControl);
        check("a/scp/b/deny.json", IDENTITY, IdentityBased);
        check("boundary.json", IDENTITY, PermissionsBoundary);
        check("session-policy.json", IDENTITY, Session);
        check("deny.rcp.json", RESOURCE, ResourceControl);
        check("my_endpoint.json", RESOURCE, VpcEndpoint);
        check("bucket-policy.json", RESOURCE, ResourceBased);
        check("role-trust.json", TRUST, RoleTrust);
        check("description.json", IDENTITY, IdentityBased);
    }

    #[test]
    fn content_says_it_where_names_do_not() {
        check("a.json", IDENTITY, IdentityBased);
        check("a.json", RESOURCE, ResourceBased);
        check("a.json", TRUST, RoleTrust);
        check("a.json", "[]", IdentityBased);
    }

    #[test]
    fn content_may_contradict_a_name() {
        check("scp.json", RESOURCE, ResourceBased);
        check("rcp.json", IDENTITY, IdentityBased);
        check("trust.json", IDENTITY, IdentityBased);
        check("bucket-reader.json", IDENTITY, IdentityBased);
    }

    #[test]
    fn a_trust_policy_with_a_slip_is_one_still() {
        let with_resource = r#"{"Statement": {"Effect": "Allow", "Principal": {"AWS": "*"},
            "Action": "sts:AssumeRole", "Resource": "*"}}"#;
        check("a.json", with_resource, RoleTrust);
        let nobody = r#"{"Statement": {"Effect": "Allow", "Action": "sts:AssumeRole"}}"#;
        check("trust.json", nobody, RoleTrust);
    }
}
