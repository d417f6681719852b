//! The actions that a statement names, as the catalog has them.

use std::slice;

use iamsim_catalog::{Action, Service};
use iamsim_syntax::{Sense, Spanned, Statement};

use crate::document::Document;
use crate::effort::Effort;
use crate::pattern::{before_wildcard, cmp_ignoring_case, covers_ignoring_case};

/// A pattern of an `Action` element and the actions it matches.
pub(crate) struct Named<'a> {
    pub(crate) pattern: &'a Spanned<Box<str>>,
    /// The pattern's name without prefix.
    name: &'a str,
    /// What may match it, all of one service.
    candidates: &'static [Action],
}

impl<'a> Named<'a> {
    /// The actions: at least one, all of one service.
    pub(crate) fn actions(&self) -> impl Iterator<Item = &'static Action> + use<'a> {
        let name = self.name;
        self.candidates.iter().filter(move |action| covers_ignoring_case(name, action.name))
    }

    /// How much work it is to go over the actions.
    pub(crate) fn effort(&self) -> usize {
        self.candidates.len()
    }
}

/// What a statement's `Action` names. Left out is what names several services or nothing the catalog knows, and
/// everything from where the effort is spent.
pub(crate) fn of<'a>(
    document: &Document<'a>,
    statement: &'a Statement,
    effort: &mut Effort,
) -> Vec<Named<'a>> {
    if statement.action.sense == Sense::NotListed {
        return Vec::new();
    }
    let named = |pattern: &'a Spanned<Box<str>>| {
        let (prefix, name) = pattern.value.split_once(':')?;
        let named = Named { pattern, name, candidates: candidates(document.service(prefix)?, name) };
        (effort.spend(named.effort()) && named.actions().next().is_some()).then_some(named)
    };
    statement.action.patterns.iter().filter_map(named).collect()
}

/// The actions of a service that begin as a pattern does: no other can match it.
pub(crate) fn candidates(service: &'static Service, name: &str) -> &'static [Action] {
    let beginning = before_wildcard(name);
    if beginning.len() == name.len() {
        return service.action(name).map_or(&[], slice::from_ref);
    }
    let actions = service.actions();
    let start = actions.partition_point(|action| cmp_ignoring_case(action.name, beginning).is_lt());
    let rest = actions.get(start..).unwrap_or_default();
    let begins = |action: &Action| {
        action.name.get(..beginning.len()).is_some_and(|start| start.eq_ignore_ascii_case(beginning))
    };
    rest.get(..rest.partition_point(begins)).unwrap_or_default()
}

/// Some patterns as a message names them: three at most.
pub(crate) fn listed(patterns: &[&Spanned<Box<str>>]) -> String {
    let mut words: Vec<String> =
        patterns.iter().take(3).map(|pattern| format!("`{}`", pattern.value)).collect();
    if patterns.len() > words.len() {
        words.push(format!("{} more", patterns.len() - words.len()));
    }
    match words.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => String::new(),
    }
}
