//! The actions that a statement names, as the catalog has them.

use iamsim_catalog::{Action, service};
use iamsim_syntax::{Sense, Spanned, Statement};

use crate::effort::Effort;
use crate::pattern::{covers_ignoring_case, has_wildcard};

/// A pattern of an `Action` element and the actions it matches.
pub(crate) struct Named<'a> {
    pub(crate) pattern: &'a Spanned<Box<str>>,
    /// At least one, all of one service.
    pub(crate) actions: Vec<&'static Action>,
}

/// What a statement's `Action` names. Left out is what names several services or nothing the catalog knows, and
/// everything from where the effort is spent.
pub(crate) fn of<'a>(statement: &'a Statement, effort: &mut Effort) -> Vec<Named<'a>> {
    if statement.action.sense == Sense::NotListed {
        return Vec::new();
    }
    let named = |pattern: &'a Spanned<Box<str>>| {
        let actions = matching(&pattern.value, effort)?;
        (!actions.is_empty()).then_some(Named { pattern, actions })
    };
    statement.action.patterns.iter().filter_map(named).collect()
}

fn matching(pattern: &str, effort: &mut Effort) -> Option<Vec<&'static Action>> {
    let (prefix, name) = pattern.split_once(':')?;
    let service = service(prefix)?;
    if !has_wildcard(name) {
        return Some(service.action(name).into_iter().collect());
    }
    let actions = service.actions();
    let matches = |action: &&Action| covers_ignoring_case(name, action.name);
    effort.spend(actions.len()).then(|| actions.iter().filter(matches).collect())
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
