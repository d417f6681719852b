//! A policy in the form that is compared with requests: everything that depends on the policy alone is
//! computed here, once.

use iamsim_syntax as syntax;
use iamsim_syntax::{Effect, PolicyType, Span};

use crate::compiled::action::Actions;
use crate::compiled::condition::Condition;
use crate::compiled::lane::Coverage;
use crate::compiled::principal::{Grant, Principals};
use crate::compiled::resource::Resources;
use crate::context::Text;
use crate::record::Element;
use crate::request::Target;

pub(crate) mod action;
pub(crate) mod condition;
pub(crate) mod lane;
pub(crate) mod principal;
mod public;
pub(crate) mod reach;
pub(crate) mod resource;
pub(crate) mod test;

/// A policy ready to be evaluated.
#[derive(Debug, Clone)]
pub struct Policy {
    name: Box<str>,
    arn: Option<Box<str>>,
    source: u32,
    policy_type: PolicyType,
    /// Asked of resource-based policies alone.
    is_public: bool,
    statements: Box<[Statement]>,
}

/// A statement ready to be evaluated.
#[derive(Debug, Clone)]
pub struct Statement {
    pub(crate) sid: Option<Text>,
    pub(crate) span: Span,
    pub(crate) effect: Effect,
    pub(crate) principals: Option<Principals>,
    pub(crate) actions: Actions,
    pub(crate) resources: Option<Resources>,
    pub(crate) conditions: Box<[Condition]>,
}

impl Policy {
    /// Compiles a policy. `name` is what people call it: an attachment's name, a file, `inline`.
    #[must_use]
    pub fn compile(policy: &syntax::Policy, name: &str) -> Self {
        let compile = |statement| Statement::compile(statement, policy.policy_type, policy.version);
        let statements: Box<[_]> = policy.statements.iter().map(compile).collect();
        Self {
            name: name.into(),
            arn: None,
            source: 0,
            policy_type: policy.policy_type,
            is_public: policy.policy_type == PolicyType::ResourceBased && public::is_public(policy),
            statements,
        }
    }

    /// Adds the ARN that AWS's denial messages give.
    #[must_use]
    pub fn with_arn(mut self, arn: &str) -> Self {
        self.arn = Some(arn.into());
        self
    }

    /// Adds a number by which the caller finds the text the policy was read from.
    #[must_use]
    pub fn with_source(mut self, source: u32) -> Self {
        self.source = source;
        self
    }

    /// What people call the policy.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The policy's ARN, for managed policies.
    #[must_use]
    pub fn arn(&self) -> Option<&str> {
        self.arn.as_deref()
    }

    /// The number given to [`Policy::with_source`], 0 without.
    #[must_use]
    pub fn source(&self) -> u32 {
        self.source
    }

    /// What the policy was compiled as.
    #[must_use]
    pub fn policy_type(&self) -> PolicyType {
        self.policy_type
    }

    /// Whether S3 Block Public Access would call it public.
    pub(crate) fn is_public(&self) -> bool {
        self.is_public
    }

    /// The statements in the order written.
    #[must_use]
    pub fn statements(&self) -> &[Statement] {
        &self.statements
    }
}

impl Statement {
    fn compile(statement: &syntax::Statement, policy_type: PolicyType, version: syntax::Version) -> Self {
        let resource = |element| Resources::compile(element, policy_type, version);
        let effect = statement.effect.value;
        let condition = |condition| Condition::compile(condition, effect, version);
        Self {
            sid: statement.sid.as_ref().map(|sid| sid.value.clone()).filter(|sid| !sid.is_empty()),
            span: statement.span,
            effect,
            principals: statement.principal.as_ref().map(Principals::compile),
            actions: Actions::compile(&statement.action),
            resources: statement.resource.as_ref().map(resource),
            conditions: statement.conditions.iter().map(condition).collect(),
        }
    }

    /// The elements in the order they are compared in.
    pub(crate) fn elements(&self) -> impl Iterator<Item = Element> + use<> {
        let always = [Element::Action, Element::Principal].into_iter();
        let resource = self.resources.as_ref().map(|_| Element::Resource);
        always.chain(resource).chain((0..self.conditions.len()).map(Element::Condition))
    }

    /// The furthest that a grant of the statement can reach.
    pub(crate) fn furthest(&self) -> Grant {
        self.principals.as_ref().map_or(Grant::Direct, Principals::furthest)
    }

    /// Whether the statement covers the target, as far as that is the same for all who ask; `None` when it does not.
    pub(crate) fn coverage(&self, target: &Target) -> Option<Coverage> {
        let action = target.action();
        if !self.actions.reach().may_share(action.reach()) || !self.actions.cover(action) {
            return None;
        }
        let covers = self.resources.as_ref().map_or(Some(true), |resources| resources.cover_for_all(target));
        match covers {
            Some(true) => Some(Coverage::Target),
            Some(false) => None,
            None => Some(Coverage::Action),
        }
    }

    /// Whether the statement applies, whoever asks and under whatever circumstances, to what it covers.
    pub(crate) fn is_unconditional(&self) -> bool {
        self.principals.is_none() && self.conditions.is_empty()
    }

    /// Whether the statement applies to every request.
    pub(crate) fn is_universal(&self) -> bool {
        self.is_unconditional()
            && self.actions.are_all()
            && self.resources.as_ref().is_none_or(Resources::are_all)
    }

    /// The `Sid`, unless empty.
    #[must_use]
    pub fn sid(&self) -> Option<&str> {
        self.sid.as_deref()
    }

    /// `Allow` or `Deny`.
    #[must_use]
    pub fn effect(&self) -> Effect {
        self.effect
    }

    /// Where the statement stands in the text it was read from.
    #[must_use]
    pub fn span(&self) -> Span {
        self.span
    }
}
