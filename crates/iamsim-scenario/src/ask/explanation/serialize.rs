//! The engine's types in the words of reports.

use std::sync::Arc;

use iamsim_engine::{ContextValue, Gate, Grant, Passage, Verdict};
use iamsim_remedy::Hindrance;
use iamsim_syntax::{ConditionOperator, Effect, PolicyType};
use serde::Serializer;

use crate::ask::remedy;
use crate::source::Source;

pub(super) fn verdict<S: Serializer>(verdict: &Verdict, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(verdict.as_str())
}

pub(super) fn gate<S: Serializer>(gate: &Gate, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(gate.as_str())
}

pub(super) fn passage<S: Serializer>(passage: &Passage, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(match passage {
        Passage::Open => "open",
        Passage::NotApplicable => "notApplicable",
        Passage::Allowed => "allowed",
        Passage::Shut => "shut",
    })
}

pub(super) fn policy_type<S: Serializer>(policy_type: &PolicyType, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(policy_type.as_str())
}

pub(super) fn effect<S: Serializer>(effect: &Effect, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(match effect {
        Effect::Allow => "Allow",
        Effect::Deny => "Deny",
    })
}

pub(super) fn grant<S: Serializer>(grant: &Option<Grant>, serializer: S) -> Result<S::Ok, S::Error> {
    match grant {
        Some(Grant::Account) => serializer.serialize_str("account"),
        Some(Grant::FederatedUsersParent) => serializer.serialize_str("federatedUsersParent"),
        Some(Grant::Role) => serializer.serialize_str("role"),
        Some(Grant::Direct) => serializer.serialize_str("direct"),
        None => serializer.serialize_none(),
    }
}

pub(super) fn path<S: Serializer>(source: &Arc<Source>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(source.path())
}

pub(super) fn operator<S: Serializer>(
    operator: &Option<ConditionOperator>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match operator {
        Some(operator) => serializer.collect_str(operator),
        None => serializer.serialize_none(),
    }
}

pub(super) fn value<S: Serializer>(value: &Option<ContextValue>, serializer: S) -> Result<S::Ok, S::Error> {
    match value {
        Some(value) => some_value(value, serializer),
        None => serializer.serialize_none(),
    }
}

pub(super) fn some_value<S: Serializer>(value: &ContextValue, serializer: S) -> Result<S::Ok, S::Error> {
    match value {
        ContextValue::One(text) => serializer.serialize_str(text),
        ContextValue::Many(values) => serializer.collect_seq(values.iter().map(|value| &**value)),
    }
}

pub(super) fn hindrance<S: Serializer>(
    hindrance: &Option<Hindrance>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match hindrance {
        Some(hindrance) => serializer.serialize_str(remedy::hindrance_name(*hindrance)),
        None => serializer.serialize_none(),
    }
}
