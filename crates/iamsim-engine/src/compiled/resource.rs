//! `Resource` and `NotResource`.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html>

use iamsim_syntax::{PolicyType, ResourceElement, Sense, Version, variable};

use crate::context::Key;
use crate::pattern::{Pattern, Wildcards};
use crate::request::Target;
use crate::request_context::RequestContext;

/// The resources a statement covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Resources {
    sense: Sense,
    patterns: Box<[Pattern]>,
}

impl Resources {
    pub(crate) fn compile(element: &ResourceElement, policy_type: PolicyType, version: Version) -> Self {
        let compile = |text: &str| compile(text, policy_type, version);
        let patterns = element.patterns.iter().map(|pattern| compile(&pattern.value)).collect();
        Self { sense: element.sense, patterns }
    }

    /// Whether the resource is covered, under its own name or the one that may stand in for it.
    ///
    /// A pattern with a variable that has no value matches nothing, and so, under `NotResource`, leaves
    /// nothing out.
    pub(crate) fn cover(&self, resource: &str, stand_in: Option<&str>, context: &RequestContext<'_>) -> bool {
        let lists = |name| self.patterns.iter().any(|pattern| pattern.matches(name, context));
        let listed = lists(resource) || stand_in.is_some_and(lists);
        listed == (self.sense == Sense::Listed)
    }

    /// The keys of all policy variables.
    pub(crate) fn variables(&self) -> impl Iterator<Item = &Key> {
        self.patterns.iter().flat_map(Pattern::variables)
    }

    /// Whether every resource is covered, and what is no resource too.
    pub(crate) fn are_all(&self) -> bool {
        self.sense == Sense::Listed && self.patterns.contains(&Pattern::Any)
    }

    /// Whether the target's resource is covered, whoever asks; `None` when that depends on who does.
    pub(crate) fn cover_for_all(&self, target: &Target) -> Option<bool> {
        let is_open = |pattern: &Pattern| matches!(pattern, Pattern::Template(_));
        let depends = target.traits().is_every_bucket || self.patterns.iter().any(is_open);
        (!depends).then(|| self.cover(target.resource(), None, &RequestContext::none()))
    }

    /// Hands on the keys that variables ask for and `context` does not have.
    // Apart from the comparing, which it is seldom done with.
    #[inline(never)]
    pub(crate) fn missing_variables(&self, context: &RequestContext<'_>, mut missing: impl FnMut(&Key)) {
        for pattern in &self.patterns {
            pattern.missing_variables(context).for_each(&mut missing);
        }
    }
}

fn compile(text: &str, policy_type: PolicyType, version: Version) -> Pattern {
    match partial_arn(text, policy_type, version) {
        PartialArn::No => Pattern::new(text, version, Wildcards::Segments),
        PartialArn::Padded(full) => Pattern::new(&full, version, Wildcards::Segments),
        PartialArn::MatchesNothing => Pattern::Nothing,
    }
}

enum PartialArn {
    No,
    Padded(String),
    MatchesNothing,
}

/// What an ARN with fewer than six parts means. Identity-based policies take the missing ones as `*`. So do
/// the policies of resources and endpoints when the ARN holds a wildcard; without one it matches nothing.
/// An ARN that may be short only because of a variable is left alone.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html>
fn partial_arn(text: &str, policy_type: PolicyType, version: Version) -> PartialArn {
    let colons = text.bytes().filter(|byte| *byte == b':').take(5).count();
    if !(1..5).contains(&colons) || (version == Version::V2012 && variable::begins_in(text)) {
        return PartialArn::No;
    }
    let of_a_resource = match policy_type {
        PolicyType::ResourceBased | PolicyType::RoleTrust | PolicyType::VpcEndpoint => true,
        PolicyType::IdentityBased
        | PolicyType::PermissionsBoundary
        | PolicyType::Session
        | PolicyType::ServiceControl
        | PolicyType::ResourceControl => false,
    };
    if of_a_resource && !text.contains(['*', '?']) {
        return PartialArn::MatchesNothing;
    }
    PartialArn::Padded(format!("{text}{}", ":*".repeat(5 - colons)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(policy_type: PolicyType, pattern: &str, resource: &str) -> bool {
        compile(pattern, policy_type, Version::V2012).matches(resource, &RequestContext::none())
    }

    #[test]
    fn a_bucket_pattern_reaches_objects_only_through_its_star() {
        let check = |pattern, resource| check(PolicyType::IdentityBased, pattern, resource);
        assert!(check("arn:aws:s3:::bucket*", "arn:aws:s3:::bucket-2/a/b"));
        assert!(!check("arn:aws:s3:::b", "arn:aws:s3:::b/x"));
        assert!(!check("arn:aws:s3:::B", "arn:aws:s3:::b"));
        assert!(check("arn:aws:s3:::b/folder/*/object", "arn:aws:s3:::b/folder/a/b/object"));
        assert!(!check("arn:aws:s3:::b/folder/*/object", "arn:aws:s3:::b/folder/a/object/child"));
    }

    #[test]
    fn short_arns_are_padded_in_identity_based_policies() {
        let queue = "arn:aws:sqs:us-east-1:111122223333:q";
        assert!(check(PolicyType::IdentityBased, "arn:aws:sqs", queue));
        assert!(!check(PolicyType::ResourceBased, "arn:aws:sqs", queue));
        assert!(check(PolicyType::ResourceBased, "arn:aws:sq*", queue));
    }

    #[test]
    fn a_star_alone_is_every_resource_even_none() {
        assert!(check(PolicyType::IdentityBased, "*", "*"));
        assert!(!check(PolicyType::IdentityBased, "arn:aws:s3:::*", "*"));
    }
}
