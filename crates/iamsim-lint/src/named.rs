//! What the catalog has for the things a statement names, looked up once for all checks.

use iamsim_catalog::{ConditionKey, condition_key};
use iamsim_syntax::{Condition, Policy, Statement};

use crate::document::Variables;
use crate::effort::Effort;
use crate::named_actions::NamedAction;
use crate::named_resources::NamedResource;

/// A statement with what the catalog has for the things it names.
pub(crate) struct NamedStatement<'a> {
    pub(crate) statement: &'a Statement,
    /// The actions it speaks of, or in a `NotAction` those it spares. Left out is `*`, which names no service.
    pub(crate) actions: Vec<NamedAction<'a>>,
    /// The resources it speaks of or, in a `NotResource`, spares.
    pub(crate) resources: Vec<NamedResource<'a>>,
    pub(crate) conditions: Vec<NamedCondition<'a>>,
}

/// A condition with what the catalog has for its key.
pub(crate) struct NamedCondition<'a> {
    pub(crate) condition: &'a Condition,
    pub(crate) key: Option<ConditionKey>,
}

/// How many actions are compared to patterns.
const EFFORT: usize = 2_000_000;

/// Every statement of a policy.
pub(crate) fn statements(policy: &Policy, variables: Variables) -> Vec<NamedStatement<'_>> {
    let mut effort = Effort::new(EFFORT);
    let named = policy.statements.iter().map(|statement| {
        let patterns = &statement.action.patterns;
        let mut actions = Vec::with_capacity(patterns.len());
        for pattern in patterns {
            actions.extend(NamedAction::look_up(pattern, actions.last(), &mut effort));
        }
        let patterns = statement.resource.as_ref().map_or(&[][..], |element| &element.patterns);
        let resources = patterns.iter().map(|pattern| NamedResource::look_up(pattern, variables)).collect();
        let conditions = statement.conditions.iter().map(NamedCondition::look_up).collect();
        NamedStatement { statement, actions, resources, conditions }
    });
    named.collect()
}

impl<'a> NamedCondition<'a> {
    fn look_up(condition: &'a Condition) -> Self {
        Self { condition, key: condition_key(&condition.key.value) }
    }
}
