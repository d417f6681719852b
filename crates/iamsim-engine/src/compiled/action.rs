//! `Action` and `NotAction`.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html>

use iamsim_syntax::{ActionElement, Sense, Version};

use crate::compiled::reach::{Aim, Reach};
use crate::name::hash;
use crate::pattern::{Pattern, Wildcards};
use crate::request::Action;

/// The actions a statement covers.
#[derive(Debug, Clone)]
pub(crate) struct Actions {
    sense: Sense,
    /// What may be covered.
    reach: Reach,
    patterns: Box<[ActionPattern]>,
}

/// One pattern for actions, in lower case.
#[derive(Debug, Clone)]
pub(crate) struct ActionPattern {
    pattern: Pattern,
    /// The hash of an action's whole name: most differ in it.
    exact: Option<u64>,
    aim: Aim,
}

impl Actions {
    pub(crate) fn compile(element: &ActionElement) -> Self {
        let patterns = element.patterns.iter().map(|pattern| ActionPattern::compile(&pattern.value));
        let patterns: Box<[_]> = patterns.collect();
        let reach = match element.sense {
            Sense::Listed => patterns.iter().map(ActionPattern::reach).collect(),
            Sense::NotListed => Reach::ALL,
        };
        Self { sense: element.sense, reach, patterns }
    }

    pub(crate) fn cover(&self, action: &Action) -> bool {
        let listed = self.patterns.iter().any(|pattern| pattern.covers(action));
        listed == (self.sense == Sense::Listed)
    }

    /// Whether every action is covered.
    pub(crate) fn are_all(&self) -> bool {
        self.sense == Sense::Listed && self.patterns.iter().any(|pattern| pattern.pattern == Pattern::Any)
    }

    /// What may be covered.
    pub(crate) fn reach(&self) -> Reach {
        self.reach
    }

    /// The patterns of `Action`; `None` for `NotAction`.
    pub(crate) fn listed(&self) -> Option<&[ActionPattern]> {
        (self.sense == Sense::Listed).then_some(&self.patterns)
    }
}

impl ActionPattern {
    /// Both `*` and `*:*` are every action of every service. Variables are not expanded in actions.
    fn compile(text: &str) -> Self {
        let mut pattern = match text {
            "*:*" => Pattern::Any,
            text => Pattern::new(text, Version::V2008, Wildcards::Plain),
        };
        pattern.make_ascii_lowercase();
        let exact = matches!(pattern, Pattern::Exact(_)).then(|| hash(text));
        Self { pattern, exact, aim: Aim::of(text) }
    }

    pub(crate) fn covers(&self, action: &Action) -> bool {
        match self.exact {
            Some(hash) if hash != action.hash() => false,
            _ => self.aim.reach.may_share(action.reach()) && self.pattern.matches_text(action.folded()),
        }
    }

    /// The hash of the only action it covers, if it is a name.
    pub(crate) fn exact(&self) -> Option<u64> {
        self.exact
    }

    pub(crate) fn pattern(&self) -> &Pattern {
        &self.pattern
    }

    pub(crate) fn reach(&self) -> Reach {
        self.aim.reach
    }

    /// The hash of the service, when the pattern names exactly one.
    pub(crate) fn service(&self) -> Option<u64> {
        self.aim.service
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pattern: &str, action: &str) -> bool {
        ActionPattern::compile(pattern).pattern.matches_text(Action::new(action).folded())
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
