//! One operator and key of a `Condition` block.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html>

use std::iter;

use iamsim_syntax as syntax;
use iamsim_syntax::{ConditionOperator, Effect, Polarity, Qualifier, Span, Version};

use crate::compiled::test::Test;
use crate::context::Key;
use crate::pattern::Pattern;
use crate::request_context::{RequestContext, ValueRef};

/// A condition clause ready to be evaluated.
#[derive(Debug, Clone)]
pub(crate) struct Condition {
    operator: ConditionOperator,
    key: Key,
    test: Test,
    span: Span,
}

impl Condition {
    pub(crate) fn compile(condition: &syntax::Condition, effect: Effect, version: Version) -> Self {
        let operator = condition.operator.value;
        let values = condition.values.iter().map(|value| &*value.value);
        Self {
            operator,
            key: Key::new(&condition.key.value),
            test: Test::compile(operator.comparison, values, effect, version),
            span: condition.span,
        }
    }

    pub(crate) fn name(&self) -> &str {
        self.key.as_str()
    }

    pub(crate) fn operator(&self) -> ConditionOperator {
        self.operator
    }

    pub(crate) fn test(&self) -> &Test {
        &self.test
    }

    /// Whether another clause asks the same, wherever it stands.
    pub(crate) fn asks_the_same(&self, other: &Self) -> bool {
        self.operator == other.operator && self.key == other.key && self.test == other.test
    }

    /// The keys of all policy variables.
    pub(crate) fn variables(&self) -> impl Iterator<Item = &Key> {
        self.test.templates().flat_map(Pattern::variables)
    }

    /// All keys that may bear on whether the clause holds: its own first, then those of variables.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &Key> {
        iter::once(&self.key).chain(self.variables())
    }

    pub(crate) fn span(&self) -> Span {
        self.span
    }

    pub(crate) fn value<'c>(&self, context: &RequestContext<'c>) -> Option<ValueRef<'c>> {
        context.lookup(&self.key)
    }

    /// Hands on the keys that the clause asks for and `context` does not have: its own, and those of variables.
    // Apart from the comparing, which it is seldom done with.
    #[inline(never)]
    pub(crate) fn missing_keys(&self, context: &RequestContext<'_>, mut missing: impl FnMut(&Key)) {
        if context.lookup(&self.key).is_none() {
            missing(&self.key);
        }
        self.test.templates().for_each(|template| template.missing_variables(context).for_each(&mut missing));
    }

    /// Whether the clause holds.
    pub(crate) fn holds(&self, context: &RequestContext<'_>) -> bool {
        let value = context.lookup(&self.key);
        if let Test::Null(wanted) = &self.test {
            return match self.operator.qualifier {
                // Access Analyzer: a qualified Null does not look at the key.
                Some(Qualifier::ForAllValues) => true,
                Some(Qualifier::ForAnyValue) => false,
                None => wanted.contains(&value.is_none()),
            };
        }
        let Some(value) = value else { return self.holds_without_key() };
        match (self.operator.qualifier, value) {
            (None, ValueRef::One(value)) => self.one_holds(value, context),
            // A multivalued key needs a qualifier; without one nothing is true of it.
            (None, ValueRef::Many(_)) => false,
            (Some(Qualifier::ForAllValues), value) => {
                value.iter().all(|value| self.one_holds(value, context))
            }
            (Some(Qualifier::ForAnyValue), value) => value.iter().any(|value| self.one_holds(value, context)),
        }
    }

    /// `IfExists` adds nothing to a qualified operator: `ForAllValues` holds without a key anyway, and
    /// `ForAnyValue` has no value to find.
    fn holds_without_key(&self) -> bool {
        match self.operator.qualifier {
            Some(Qualifier::ForAllValues) => true,
            Some(Qualifier::ForAnyValue) => false,
            None => self.operator.if_exists || self.operator.comparison.polarity() == Polarity::Negated,
        }
    }

    fn one_holds(&self, value: &str, context: &RequestContext<'_>) -> bool {
        self.test.holds(value, context)
    }
}
