//! What policies ask about unknown keys, and which statements hang on it.

use std::collections::BTreeMap;

use iamsim_syntax::{Effect, PolicyType};

use crate::case::Case;
use crate::compiled::Statement;
use crate::compiled::condition::Condition;
use crate::compiled::principal::Grant;
use crate::compiled::resource::Resources;
use crate::context::Key;
use crate::explain::StatementRef;
use crate::policy_set::PolicySet;
use crate::record::{Element, Place, Recorder};
use crate::request::Request;
use crate::request_context::RequestContext;
use crate::undetermined::Fact;

/// So many facts fit in a cube.
pub(super) const MOST_FACTS: usize = 128;

/// What a fact is the answer to.
#[derive(Debug, Clone)]
pub(super) enum Question {
    /// Whether a clause of a condition holds.
    Clause(Condition),
    /// Whether the resource is covered.
    Resource(Resources),
}

impl Question {
    /// Whether the answer is yes for the request in this context.
    pub(super) fn holds(&self, request: &Request, context: &RequestContext<'_>) -> bool {
        match self {
            Self::Clause(clause) => clause.holds(context),
            Self::Resource(resources) => {
                let stand_in = request.rules().stand_in_resource;
                resources.cover(request.resource(), stand_in, context)
            }
        }
    }

    fn asks_the_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Clause(one), Self::Clause(other)) => one.asks_the_same(other),
            (Self::Resource(one), Self::Resource(other)) => one == other,
            (Self::Clause(_), Self::Resource(_)) | (Self::Resource(_), Self::Clause(_)) => false,
        }
    }

    /// The keys that bear on it.
    pub(super) fn keys(&self) -> Vec<&str> {
        match self {
            Self::Clause(clause) => clause.keys().map(Key::as_str).collect(),
            Self::Resource(resources) => resources.variables().map(Key::as_str).collect(),
        }
    }
}

impl Fact {
    pub(super) fn question(&self) -> &Question {
        &self.question
    }
}

/// Everything that is known of statements and asked about unknown keys.
#[derive(Debug, Default)]
pub(super) struct Inventory {
    /// The unknown keys that are asked for, as first written.
    pub(super) keys: Vec<String>,
    pub(super) facts: Vec<Fact>,
    /// Whether there were more facts than fit. Statements that hang on the rest may apply or not.
    pub(super) is_overfull: bool,
    /// The statements that apply if their facts hold, by what asks for them.
    pub(super) statements: BTreeMap<(PolicyType, usize, bool), Vec<Candidate>>,
    pub(super) names_unique_ids: bool,
}

/// A statement that applies if all its facts hold.
#[derive(Debug)]
pub(super) struct Candidate {
    pub(super) at: StatementRef,
    pub(super) grant: Grant,
    /// One bit for each fact.
    pub(super) facts: u128,
}

/// Where the inventory keeps the statements of a group of policies that have one effect.
pub(super) fn shelf(policy_type: PolicyType, level: usize, effect: Effect) -> (PolicyType, usize, bool) {
    (policy_type, level, effect == Effect::Deny)
}

/// Looks at every statement once. `request` must not have the unknown keys.
pub(super) fn gather(
    request: &Request,
    policies: &PolicySet,
    unknown: &[String],
    every_missing: bool,
) -> Inventory {
    let mut sieve = Sieve {
        context: request.context(),
        unknown,
        every_missing,
        pending: Vec::new(),
        inventory: Inventory::default(),
    };
    Case::new(request, policies).survey(&mut sieve);
    sieve.inventory
}

/// Lets pass what is unknown, and notes it.
struct Sieve<'s> {
    context: RequestContext<'s>,
    unknown: &'s [String],
    every_missing: bool,
    /// What is unknown about the statement that is being compared.
    pending: Vec<(Element, Question)>,
    inventory: Inventory,
}

impl Recorder for Sieve<'_> {
    const EVERY_STATEMENT: bool = true;
    const EVERY_ELEMENT: bool = false;

    fn element(&mut self, _: Place, statement: &Statement, element: Element, matches: bool) -> bool {
        let question = match element {
            Element::Principal | Element::Action => None,
            Element::Resource => statement.resources.as_ref().cloned().map(Question::Resource),
            Element::Condition(number) => statement.conditions.get(number).cloned().map(Question::Clause),
        };
        match question.filter(|question| question.keys().into_iter().any(|key| self.is_unknown(key))) {
            Some(question) => {
                self.pending.push((element, question));
                true
            }
            None => matches,
        }
    }

    fn statement(&mut self, at: StatementRef, statement: &Statement, grant: Option<Grant>) {
        let pending = std::mem::take(&mut self.pending);
        self.inventory.names_unique_ids |=
            statement.principals.as_ref().is_some_and(|principals| principals.name_unique_ids());
        let Some(grant) = grant else { return };
        let effect = statement.effect();
        let facts = pending.into_iter().try_fold(0_u128, |facts, (element, question)| {
            Some(facts | 1 << self.number(at, element, question)?)
        });
        let Some(facts) = facts else {
            self.inventory.is_overfull = true;
            return;
        };
        let shelf = shelf(at.place.policy_type, at.place.level, effect);
        let found = self.inventory.statements.entry(shelf).or_default();
        if found.iter().all(|known| known.at != at) {
            found.push(Candidate { at, grant, facts });
        }
    }
}

impl Sieve<'_> {
    fn is_unknown(&self, key: &str) -> bool {
        self.unknown.iter().any(|unknown| unknown.eq_ignore_ascii_case(key))
            || (self.every_missing && !self.context.contains(key))
    }

    /// The number of the fact that answers the question; `None` when there are too many.
    fn number(&mut self, at: StatementRef, element: Element, question: Question) -> Option<usize> {
        let place = (at, element);
        let known = self.inventory.facts.iter_mut().position(|fact| fact.question.asks_the_same(&question));
        if let Some(number) = known {
            let places = &mut self.inventory.facts.get_mut(number)?.places;
            if !places.contains(&place) {
                places.push(place);
            }
            return Some(number);
        }
        let number = self.inventory.facts.len();
        if number == MOST_FACTS {
            return None;
        }
        let mut keys: Vec<String> = Vec::new();
        for key in question.keys() {
            if self.is_unknown(key) && keys.iter().all(|known| !known.eq_ignore_ascii_case(key)) {
                keys.push(key.to_owned());
            }
        }
        for key in &mut keys {
            let known = self.inventory.keys.iter().find(|known| known.eq_ignore_ascii_case(key));
            match known {
                Some(known) => key.clone_from(known),
                None => self.inventory.keys.push(key.clone()),
            }
        }
        self.inventory.facts.push(Fact { places: vec![place], keys, question });
        Some(number)
    }
}
