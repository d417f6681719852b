//! Combinations of facts to few conditions.
//!
//! The combinations are apart from each other, so a condition that meets none of another outcome may be widened: a
//! fact is left out of it as long as that stays so. What no value can bring about is free to fall anywhere.

use crate::decision::Outcome;
use crate::undetermined::explore::{Exploration, Leaf};
use crate::undetermined::facts::{Inventory, MOST_FACTS, shelf};
use crate::undetermined::{Term, Way};
use iamsim_syntax::Effect;

/// Some facts, one bit each, and whether they hold.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Cube {
    pub(super) care: u128,
    /// Zero where `care` is.
    pub(super) value: u128,
}

impl Cube {
    pub(super) fn with(self, fact: usize, holds: bool) -> Self {
        let bit = 1 << fact;
        Self { care: self.care | bit, value: if holds { self.value | bit } else { self.value & !bit } }
    }

    fn without(self, fact: usize) -> Self {
        Self { care: self.care & !(1 << fact), value: self.value & !(1 << fact) }
    }

    /// Whether some combination is in both.
    fn meets(self, other: Self) -> bool {
        self.care & other.care & (self.value ^ other.value) == 0
    }

    /// Whether every combination of `other` is in this one.
    fn covers(self, other: Self) -> bool {
        self.care & !other.care == 0 && self.meets(other)
    }

    /// Each fact and whether it is to hold.
    pub(super) fn facts(self) -> impl Iterator<Item = (usize, bool)> {
        (0..MOST_FACTS)
            .filter(move |fact| self.care & (1 << fact) != 0)
            .map(move |fact| (fact, self.value & (1 << fact) != 0))
    }
}

/// The outcomes that can be, each with the conditions for it.
pub(super) fn ways(exploration: &Exploration, inventory: &Inventory) -> Vec<Way> {
    let outcomes = [Outcome::Allowed, Outcome::ExplicitDeny, Outcome::ImplicitDeny];
    let ways = outcomes.into_iter().map(|outcome| {
        let (on, off): (Vec<&Leaf>, Vec<&Leaf>) =
            exploration.leaves.iter().partition(|leaf| leaf.decision.outcome == outcome);
        let off = off.into_iter().map(|leaf| leaf.cube).chain(exploration.unexplored.iter().copied());
        let off: Vec<Cube> = off.collect();
        let terms = widest(&on, &off).into_iter().map(|cube| term(cube, outcome, &on, inventory)).collect();
        Way { outcome, terms }
    });
    ways.filter(|way: &Way| !way.terms.is_empty()).collect()
}

/// Wide conditions that cover `on` and meet nothing of `off`, none of which could be left out.
fn widest(on: &[&Leaf], off: &[Cube]) -> Vec<Cube> {
    let mut chosen: Vec<Cube> = Vec::new();
    for leaf in on {
        if chosen.iter().any(|cube| cube.covers(leaf.cube)) {
            continue;
        }
        let forward: Vec<usize> = leaf.cube.facts().map(|(fact, _)| fact).collect();
        let backward: Vec<usize> = forward.iter().rev().copied().collect();
        let widened = [widen(leaf.cube, &backward, off), widen(leaf.cube, &forward, off)];
        chosen.extend(widened.into_iter().min_by_key(|cube| cube.care.count_ones()));
    }
    let mut at = 0;
    while let Some(cube) = chosen.get(at).copied() {
        let is_needed = on.iter().any(|leaf| {
            let others = chosen.iter().enumerate().filter(|(other, _)| *other != at);
            cube.covers(leaf.cube) && !others.into_iter().any(|(_, other)| other.covers(leaf.cube))
        });
        if is_needed {
            at += 1;
        } else {
            chosen.remove(at);
        }
    }
    chosen
}

fn widen(cube: Cube, order: &[usize], off: &[Cube]) -> Cube {
    order.iter().fold(cube, |cube, fact| {
        let wider = cube.without(*fact);
        if off.iter().any(|other| other.meets(wider)) { cube } else { wider }
    })
}

fn term(cube: Cube, outcome: Outcome, on: &[&Leaf], inventory: &Inventory) -> Term {
    let met: Vec<&&Leaf> = on.iter().filter(|leaf| cube.meets(leaf.cube)).collect();
    let mut deciders = met.iter().map(|leaf| leaf.decision.decided_by);
    let decided_by = deciders.next().filter(|first| deciders.all(|other| other == *first));
    let example = met.iter().find(|leaf| cube.covers(leaf.cube) && leaf.example.is_some());
    let effect = match outcome {
        Outcome::ExplicitDeny => Effect::Deny,
        Outcome::Allowed | Outcome::ImplicitDeny => Effect::Allow,
    };
    let of_effect = inventory.statements.iter().filter(|(kept, _)| **kept == shelf(kept.0, kept.1, effect));
    let held = cube.care & cube.value;
    let applying = of_effect.flat_map(|(_, candidates)| candidates).filter(|candidate| {
        let hangs_on_it = candidate.facts != 0;
        hangs_on_it && candidate.facts & !held == 0
    });
    let mut statements: Vec<_> = applying.map(|candidate| candidate.at).collect();
    statements.sort_unstable();
    Term {
        facts: cube.facts().collect(),
        decided_by,
        statements,
        example: example.and_then(|leaf| leaf.example.clone()),
    }
}
