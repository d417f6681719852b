//! The actions that a statement names, as the catalog has them.

use std::collections::BTreeMap;
use std::slice;

use iamsim_catalog::{Action, Service, service};
use iamsim_syntax::{Policy, Spanned, Text};

use crate::effort::Effort;
use crate::pattern::{before_wildcard, covers_ignoring_case, has_wildcard};

/// A pattern of an `Action` or `NotAction` element, as the catalog sees it.
pub(crate) struct Named<'a> {
    pub(crate) pattern: &'a Spanned<Text>,
    /// What stands before the colon.
    pub(crate) prefix: &'a str,
    /// What stands after it.
    pub(crate) name: &'a str,
    /// The service of that prefix.
    pub(crate) service: Option<&'static Service>,
    found: Found,
}

/// The actions of a service that a name with wildcards may match, and whether it matches one.
#[derive(Clone, Copy)]
struct Found {
    candidates: &'static [Action],
    certainty: Certainty,
    /// `None` where the effort to find out was spent.
    some: Option<bool>,
}

/// Whether candidates match for certain, because nothing but a star comes after what they begin with.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Certainty {
    AllMatch,
    SomeMayMatch,
}

impl<'a> Named<'a> {
    /// The actions, all of one service.
    pub(crate) fn actions(&self) -> impl Iterator<Item = &'static Action> + use<'a> {
        let (name, Found { candidates, certainty, .. }) = (self.name, self.found);
        let matches = move |action: &&Action| {
            certainty == Certainty::AllMatch || covers_ignoring_case(name, action.name)
        };
        candidates.iter().filter(matches)
    }

    /// Whether there is such an action; `None` when that would have been too much work to find out.
    pub(crate) fn names_some(&self) -> Option<bool> {
        self.found.some
    }

    /// How much work it is to go over the actions.
    pub(crate) fn effort(&self) -> usize {
        self.found.candidates.len()
    }
}

impl Found {
    fn all_of(actions: &'static [Action]) -> Self {
        Self { candidates: actions, certainty: Certainty::AllMatch, some: Some(!actions.is_empty()) }
    }
}

/// How many actions are compared to patterns.
const EFFORT: usize = 2_000_000;

/// The patterns of every statement. Left out is `*`, which names no service.
pub(crate) fn of_statements<'a>(policy: &'a Policy) -> Vec<Vec<Named<'a>>> {
    let mut catalog = Catalog { effort: Effort::new(EFFORT), services: Vec::new(), found: BTreeMap::new() };
    let of_statement =
        |patterns: &'a [Spanned<Text>]| patterns.iter().filter_map(|one| catalog.look_up(one)).collect();
    policy.statements.iter().map(|statement| &*statement.action.patterns).map(of_statement).collect()
}

/// What was looked up so far.
struct Catalog<'a> {
    effort: Effort,
    /// Services by prefix; no more than are quickly looked through.
    services: Vec<(&'a str, Option<&'static Service>)>,
    /// Patterns with wildcards.
    found: BTreeMap<&'a str, Found>,
}

/// As many services as the policies of people have.
const MOST_SERVICES: usize = 16;

impl<'a> Catalog<'a> {
    fn look_up(&mut self, pattern: &'a Spanned<Text>) -> Option<Named<'a>> {
        let text = &*pattern.value;
        let colon = text.bytes().position(|byte| byte == b':')?;
        let (prefix, name) = text.get(..colon).zip(text.get(colon + 1..))?;
        let service = self.service(prefix);
        let found = match service {
            Some(service) => self.find(service, text, name),
            None => Found::all_of(&[]),
        };
        Some(Named { pattern, prefix, name, service, found })
    }

    fn service(&mut self, prefix: &'a str) -> Option<&'static Service> {
        if let Some((_, known)) = self.services.iter().find(|(known, _)| *known == prefix) {
            return *known;
        }
        let found = service(prefix);
        if self.services.len() < MOST_SERVICES {
            self.services.push((prefix, found));
        }
        found
    }

    fn find(&mut self, service: &'static Service, pattern: &'a str, name: &str) -> Found {
        if !has_wildcard(name) {
            let candidates = service.action(name).map_or(&[][..], slice::from_ref);
            return Found::all_of(candidates);
        }
        let effort = &mut self.effort;
        *self.found.entry(pattern).or_insert_with(|| {
            let beginning = before_wildcard(name);
            let candidates = service.actions_beginning(beginning);
            if name.strip_suffix('*') == Some(beginning) {
                return Found::all_of(candidates);
            }
            let matches = |action: &Action| covers_ignoring_case(name, action.name);
            let some = effort.spend(candidates.len()).then(|| candidates.iter().any(matches));
            Found { candidates, certainty: Certainty::SomeMayMatch, some }
        })
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
