//! What may be changed, as plain data.

use iamsim_engine::{ContextValue, Place, StatementRef};
use iamsim_syntax::{Condition, Principal, Span, Spanned, Statement};

use crate::means::Means;

/// Edits that together turn a denial into an allow. None of them can be left out.
#[derive(Debug, Clone, PartialEq)]
pub struct Remedy {
    /// The edits; the order does not matter.
    pub edits: Vec<Edit>,
}

/// One change to a request or to a policy.
#[derive(Debug, Clone, PartialEq)]
pub enum Edit {
    /// The request has a context key with this value.
    Bring {
        /// The key as the policy writes it.
        key: Box<str>,
        /// What it is to hold.
        value: ContextValue,
        /// Who can bring that about, and how.
        means: Means,
    },
    /// The request does not have a context key.
    LeaveOut {
        /// The key as the policy writes it.
        key: Box<str>,
        /// Who can bring that about, and how.
        means: Means,
    },
    /// The caller proves itself with a multi-factor device: `aws:MultiFactorAuthPresent` is true, and
    /// `aws:MultiFactorAuthAge` 0.
    UseMultiFactor,
    /// The owner of the resource shares it with the caller's account, by an attribute of the resource and not by a
    /// policy.
    Share,
    /// A policy has a statement more, at its end. Where no policy stands at this place, there is one with this
    /// statement alone.
    AddStatement {
        /// Which policy.
        to: Place,
        /// What is added.
        statement: Statement,
    },
    /// A statement that allows covers more.
    Widen {
        /// Which statement.
        at: StatementRef,
        /// What is added to it.
        by: Addition,
    },
    /// A statement that denies makes an exception. Somebody put it there on purpose.
    Spare {
        /// Which statement.
        at: StatementRef,
        /// What is added to it.
        by: Addition,
    },
}

/// What is added to a statement.
#[derive(Debug, Clone, PartialEq)]
pub enum Addition {
    /// An action, to `Action` or `NotAction`.
    Action(Box<str>),
    /// An ARN, to `Resource` or `NotResource`.
    Resource(Box<str>),
    /// Principals, to `Principal` or `NotPrincipal`.
    Principals(Vec<Principal>),
    /// A value, to a clause of `Condition`.
    Value {
        /// Which clause, counted from 0 over all operators.
        condition: usize,
        /// What it is also compared with.
        value: Box<str>,
    },
    /// A clause, to `Condition`.
    Condition(Condition),
}

impl Remedy {
    /// Whether a statement that denies would deny less. Ask whoever put it there first.
    #[must_use]
    pub fn weakens_a_deny(&self) -> bool {
        self.edits.iter().any(|edit| matches!(edit, Edit::Spare { .. }))
    }
}

impl Addition {
    /// Makes the addition. A statement that has no such element stays as it is.
    pub fn add_to(&self, statement: &mut Statement) {
        match self {
            Self::Action(action) => statement.action.patterns.push(unwritten((&**action).into())),
            Self::Resource(resource) => {
                if let Some(element) = &mut statement.resource {
                    element.patterns.push(unwritten((&**resource).into()));
                }
            }
            Self::Principals(principals) => {
                if let Some(element) = &mut statement.principal {
                    element.principals.extend(principals.iter().cloned().map(unwritten));
                }
            }
            Self::Value { condition, value } => {
                if let Some(clause) = statement.conditions.get_mut(*condition) {
                    clause.values.push(unwritten((&**value).into()));
                }
            }
            Self::Condition(clause) => statement.conditions.push(clause.clone()),
        }
    }
}

/// Something that stands in no text yet.
pub(crate) fn unwritten<T>(value: T) -> Spanned<T> {
    Spanned::new(value, Span::default())
}
