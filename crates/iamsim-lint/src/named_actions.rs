//! The actions that a statement names, as the catalog has them.

use std::slice;

use iamsim_catalog::{Action, Service, service};
use iamsim_syntax::{Spanned, Text};

use crate::effort::Effort;
use crate::pattern::before_wildcard;

/// A pattern of an `Action` or `NotAction` element, as the catalog sees it.
pub(crate) struct NamedAction<'a> {
    pub(crate) pattern: &'a Spanned<Text>,
    /// What stands before the colon.
    pub(crate) prefix: &'a str,
    /// What stands after it.
    pub(crate) name: &'a str,
    /// The service of that prefix.
    pub(crate) service: Option<&'static Service>,
    found: Found,
}

/// The actions of a service that a pattern matches.
enum Found {
    /// Neighbours in the catalog.
    Neighbours(&'static [Action]),
    /// Some here, some there.
    Scattered(Vec<&'static Action>),
    /// To find out would have been too much work.
    Unknown,
}

impl<'a> NamedAction<'a> {
    /// Looks a pattern up, with as much effort as is left. None for `*`, which names no service. Mostly the service
    /// is that of the pattern before.
    pub(crate) fn look_up(
        pattern: &'a Spanned<Text>,
        before: Option<&Self>,
        effort: &mut Effort,
    ) -> Option<Self> {
        let text = &*pattern.value;
        let colon = text.bytes().position(|byte| byte == b':')?;
        let (prefix, name) = text.get(..colon).zip(text.get(colon + 1..))?;
        let known = before.filter(|before| before.prefix == prefix).map(|before| before.service);
        let service = known.unwrap_or_else(|| service(prefix));
        let found =
            service.map_or(Found::Neighbours(&[]), |service| Found::in_service(service, name, effort));
        Some(Self { pattern, prefix, name, service, found })
    }

    /// The actions, all of one service.
    pub(crate) fn actions(&self) -> impl Iterator<Item = &'static Action> {
        let (neighbours, scattered) = match &self.found {
            Found::Neighbours(actions) => (*actions, &[][..]),
            Found::Scattered(actions) => (&[][..], &actions[..]),
            Found::Unknown => (&[][..], &[][..]),
        };
        neighbours.iter().chain(scattered.iter().copied())
    }

    /// How many there are; `None` when that would have been too much work to find out.
    pub(crate) fn count(&self) -> Option<usize> {
        match &self.found {
            Found::Neighbours(actions) => Some(actions.len()),
            Found::Scattered(actions) => Some(actions.len()),
            Found::Unknown => None,
        }
    }
}

impl Found {
    fn in_service(service: &'static Service, name: &str, effort: &mut Effort) -> Self {
        if let Some(action) = service.action(name) {
            return Self::Neighbours(slice::from_ref(action));
        }
        let beginning = before_wildcard(name);
        if beginning == name {
            return Self::Neighbours(&[]);
        }
        let candidates = service.actions_beginning(beginning);
        if name.strip_suffix('*') == Some(beginning) {
            return Self::Neighbours(candidates);
        }
        match effort.spend(candidates.len()) {
            true => Self::Scattered(service.actions_matching(name).collect()),
            false => Self::Unknown,
        }
    }
}

/// Some patterns as a message names them: three at most.
pub(crate) fn listed(patterns: &[&Spanned<Text>]) -> String {
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
