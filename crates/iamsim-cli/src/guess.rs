//! Guessing what a policy is used as from what it says and where it is kept.

use std::path::Path;

use iamsim_syntax::PolicyType;
use iamsim_syntax::json::{Node, Value};

/// Words in the names of files and folders.
const WORDS: [(&str, PolicyType); 14] = [
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
    ("session-polic", PolicyType::Session),
    ("key-policy", PolicyType::ResourceBased),
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
        None if content.assumes_only && content.has_principal && !content.has_resource => {
            PolicyType::RoleTrust
        }
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
    /// need one.
    fn can_be(&self, policy_type: PolicyType) -> bool {
        match policy_type {
            PolicyType::IdentityBased
            | PolicyType::PermissionsBoundary
            | PolicyType::Session
            | PolicyType::ServiceControl => !self.has_principal,
            PolicyType::ResourceBased | PolicyType::ResourceControl | PolicyType::VpcEndpoint => {
                self.has_principal
            }
            PolicyType::RoleTrust => self.has_principal && !self.has_resource,
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
