//! `Action` and `NotAction`.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html>

use iamsim_syntax::{ActionElement, Sense, Version};

use crate::context::Context;
use crate::pattern::{Pattern, Wildcards};
use crate::request::Action;

/// The actions a statement covers.
#[derive(Debug, Clone)]
pub(crate) struct Actions {
    sense: Sense,
    patterns: Box<[Pattern]>,
}

impl Actions {
    pub(crate) fn compile(element: &ActionElement) -> Self {
        let patterns = element.patterns.iter().map(|pattern| compile(&pattern.value));
        Self { sense: element.sense, patterns: patterns.collect() }
    }

    pub(crate) fn cover(&self, action: &Action) -> bool {
        let listed = self.patterns.iter().any(|pattern| pattern.matches(action.folded(), &NO_CONTEXT));
        listed == (self.sense == Sense::Listed)
    }
}

/// Action patterns have no variables, so no context is needed to match them.
static NO_CONTEXT: Context = Context::new();

/// Both `*` and `*:*` are every action of every service. Variables are not expanded in actions.
fn compile(pattern: &str) -> Pattern {
    match pattern {
        "*:*" => Pattern::Any,
        _ => Pattern::new(&pattern.to_ascii_lowercase(), Version::V2008, Wildcards::Plain),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pattern: &str, action: &str) -> bool {
        compile(pattern).matches(Action::new(action).folded(), &NO_CONTEXT)
    }

    #[test]
    fn actions_are_compared_without_case_and_with_wildcards() {
        assert!(check("S3:getobject", "s3:GetObject"));
        assert!(check("s3:*Object*", "s3:PutObjectAcl"));
        assert!(check("s3:Get?bject", "s3:GetObject"));
        assert!(!check("s3:Get??bject", "s3:GetObject"));
        assert!(check("*:*", "iam:PassRole"));
        assert!(check("s3*:Get*", "s3-object-lambda:GetObject"));
    }

    #[test]
    fn a_wildcard_in_the_name_does_not_reach_the_prefix() {
        assert!(!check("s3:*", "s3express:CreateSession"));
    }

    #[test]
    fn spaces_match_nothing_real() {
        assert!(!check("s3: GetObject", "s3:GetObject"));
        assert!(!check("s3:", "s3:GetObject"));
    }
}
