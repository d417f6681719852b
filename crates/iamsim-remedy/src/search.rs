//! Gate after gate, the lightest edits first, until the engine allows the request.

use std::collections::BTreeMap;

use iamsim_engine::{DecidedBy, Explanation, StatementRef, evaluate};
use iamsim_syntax::PolicyType;

use crate::case::Case;
use crate::edit::{Edit, Remedy};
use crate::hindrance::Hindrance;
use crate::propose::{Proposal, proposals, weight};

/// How many sets of edits are tried.
const MOST_TRIED: usize = 300;

/// How many edits are still a remedy.
const MOST_EDITS: usize = 8;

/// How many ways past the first obstacle are followed, past the second, and so on; past all later ones only the
/// lightest.
const WAYS: [usize; 3] = [6, 3, 2];

/// How many remedies are worth reading.
const MOST_FOUND: usize = 5;

/// How many of them may weaken a deny.
const MOST_WEAKENING: usize = 2;

/// What would turn a denial into an allow.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Remedies {
    /// The remedies, that which asks for least first; those that weaken a deny last. Empty when the request is
    /// allowed as it is.
    pub remedies: Vec<Remedy>,
    /// Why there is none, when there is none.
    pub hindrance: Option<Hindrance>,
}

/// Looks for the smallest sets of edits after which the request is allowed.
///
/// Of every set each proper subset has been tried, too, and leaves the request denied. The same case always gives
/// the same answer.
#[must_use]
pub fn remedies(case: &Case) -> Remedies {
    let explanation = case.explain();
    let decision = explanation.evaluation.decision;
    if decision.is_allowed() {
        return Remedies::default();
    }
    let mut search =
        Search { case, queue: BTreeMap::new(), seen: Vec::new(), found: Vec::new(), dead_end: None };
    let as_it_is = Tried { edits: Vec::new(), passed: 0, case: case.clone(), explanation };
    search.expand(&as_it_is, 0);
    search.run();
    // The smaller part of a heavy set is found when the set is.
    search.found.sort_by_key(Remedy::weakens_a_deny);
    let hindrance = search.found.is_empty().then(|| search.dead_end.unwrap_or(Hindrance::NotFound));
    Remedies { remedies: search.found, hindrance }
}

struct Search<'c> {
    case: &'c Case,
    /// What was tried and waits, by weight and by when it was found.
    queue: BTreeMap<(u32, usize), Tried>,
    /// Every set of edits tried.
    seen: Vec<Vec<Edit>>,
    found: Vec<Remedy>,
    /// Why the first way that ended did so.
    dead_end: Option<Hindrance>,
}

/// A set of edits and what came of it.
struct Tried {
    edits: Vec<Edit>,
    /// How many obstacles it got past.
    passed: usize,
    case: Case,
    explanation: Explanation,
}

impl Search<'_> {
    fn run(&mut self) {
        while let Some(((weight, _), tried)) = self.queue.pop_first() {
            let is_full = weight >= weight::DENY && self.weakening() >= MOST_WEAKENING;
            if is_full || self.found.len() >= MOST_FOUND {
                return;
            }
            if tried.explanation.evaluation.decision.is_allowed() {
                self.take(tried.edits);
            } else {
                self.expand(&tried, weight);
            }
        }
    }

    fn weakening(&self) -> usize {
        self.found.iter().filter(|remedy| remedy.weakens_a_deny()).count()
    }

    /// Tries what might move the gate that is shut.
    fn expand(&mut self, before: &Tried, weight: u32) {
        let Tried { case, explanation, .. } = before;
        let mut guesses = proposals(case, explanation);
        guesses.sort_by_key(|proposal| proposal.weight);
        let ways = WAYS.get(before.passed).copied().unwrap_or(1);
        let mut past = 0;
        for proposal in guesses {
            if past < ways && self.attempt(before, weight, proposal) {
                past += 1;
            }
        }
        if past == 0 && self.dead_end.is_none() {
            self.dead_end = Some(Hindrance::of(case, explanation.evaluation.decision));
        }
    }

    /// Makes the edits. Answers whether they get past the obstacle.
    fn attempt(&mut self, before: &Tried, weight: u32, proposal: Proposal) -> bool {
        let mut edits = before.edits.clone();
        edits.extend(proposal.edits);
        if edits.len() > MOST_EDITS || self.seen.len() >= MOST_TRIED || contradicts_itself(&edits) {
            return false;
        }
        if self.seen.iter().any(|seen| is_same_set(seen, &edits)) {
            return true;
        }
        let case = self.case.with(&edits);
        let explanation = case.explain();
        self.seen.push(edits.clone());
        if Obstacle::of(&case, &explanation) == Obstacle::of(&before.case, &before.explanation) {
            return false;
        }
        let key = (weight.saturating_add(proposal.weight), self.seen.len());
        self.queue.insert(key, Tried { edits, passed: before.passed + 1, case, explanation });
        true
    }

    /// Keeps the smallest parts of a set of edits that are enough.
    fn take(&mut self, edits: Vec<Edit>) {
        for subset in subsets(&edits) {
            let is_known =
                self.found.iter().any(|known| known.edits.iter().all(|edit| subset.contains(edit)));
            if is_known {
                continue;
            }
            let case = self.case.with(&subset);
            if evaluate(&case.request, &case.policies).is_allowed() {
                self.found.push(Remedy { edits: subset });
                if self.found.len() >= MOST_FOUND {
                    return;
                }
            }
        }
    }
}

/// What a request does not get past.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Obstacle {
    decided_by: DecidedBy,
    /// The first statement that denies.
    statement: Option<StatementRef>,
    /// The first level of service control policies at which none allows.
    level: Option<usize>,
}

impl Obstacle {
    fn of(case: &Case, explanation: &Explanation) -> Self {
        let decided_by = explanation.evaluation.decision.decided_by;
        let first = |policy_type: PolicyType| {
            let matched = &explanation.evaluation.matched;
            matched.iter().copied().find(|matched| matched.place.policy_type == policy_type)
        };
        let (statement, level) = match decided_by {
            DecidedBy::Deny(policy_type) => (first(policy_type), None),
            DecidedBy::MissingAllow(PolicyType::ServiceControl) => (None, case.silent_level(explanation)),
            _ => (None, None),
        };
        Self { decided_by, statement, level }
    }
}

/// Whether two edits give one key different values.
fn contradicts_itself(edits: &[Edit]) -> bool {
    let key = |edit: &Edit| match edit {
        Edit::Bring { key, .. } | Edit::LeaveOut { key, .. } => Some(key.to_lowercase()),
        Edit::UseMultiFactor => Some("multi-factor".to_owned()),
        Edit::Share | Edit::AddStatement { .. } | Edit::Widen { .. } | Edit::Spare { .. } => None,
    };
    let keys: Vec<String> = edits.iter().filter_map(key).collect();
    keys.iter().enumerate().any(|(at, key)| keys.iter().take(at).any(|other| other == key))
}

fn is_same_set(one: &[Edit], other: &[Edit]) -> bool {
    one.len() == other.len() && one.iter().all(|edit| other.contains(edit))
}

/// Every part of a set that is not empty, smaller ones first, the set itself last.
fn subsets(edits: &[Edit]) -> Vec<Vec<Edit>> {
    let mut masks: Vec<u32> = (1..1_u32 << edits.len().min(MOST_EDITS)).collect();
    masks.sort_by_key(|mask| mask.count_ones());
    let subset = |mask: u32| {
        let chosen = edits.iter().enumerate().filter(|(at, _)| mask & (1 << at) != 0);
        chosen.map(|(_, edit)| edit.clone()).collect()
    };
    masks.into_iter().map(subset).collect()
}
