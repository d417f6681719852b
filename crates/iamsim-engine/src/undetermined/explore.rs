//! The gates passed with every combination of facts they come to ask for.

use iamsim_syntax::{Effect, PolicyType};

use crate::case::Case;
use crate::compiled::principal::Grant;
use crate::context::{Context, ContextValue};
use crate::decision::Decision;
use crate::evaluate::{decide, evaluate};
use crate::policy_set::PolicySet;
use crate::record::Recorder;
use crate::request::Request;
use crate::undetermined::conditions::Cube;
use crate::undetermined::facts::{Inventory, shelf};
use crate::undetermined::space::{Found, Space};

/// So many combinations are looked at.
const MOST_LEAVES: usize = 4096;

/// Values of the unknown keys; `None` for absent ones.
pub(super) type Example = Vec<(String, Option<ContextValue>)>;

/// A combination of facts that settles the decision.
#[derive(Debug)]
pub(super) struct Leaf {
    pub(super) cube: Cube,
    pub(super) decision: Decision,
    /// Values that bring it about, by plain evaluation.
    pub(super) example: Option<Example>,
}

/// All combinations of facts that can be.
#[derive(Debug, Default)]
pub(super) struct Exploration {
    pub(super) leaves: Vec<Leaf>,
    /// Combinations that were not looked at.
    pub(super) unexplored: Vec<Cube>,
    pub(super) is_cut_short: bool,
}

pub(super) fn explore(
    request: &Request,
    policies: &PolicySet,
    inventory: &Inventory,
    space: &Space,
) -> Exploration {
    let case = Case::new(request, policies);
    let mut exploration = Exploration { is_cut_short: inventory.is_overfull, ..Exploration::default() };
    let mut waiting = vec![Cube::default()];
    if inventory.is_overfull {
        exploration.unexplored = std::mem::take(&mut waiting);
    }
    while let Some(cube) = waiting.pop() {
        let found = space.find(&cube);
        if let Found::Contradiction = found {
            continue;
        }
        if exploration.leaves.len() >= MOST_LEAVES {
            exploration.is_cut_short = true;
            exploration.unexplored.push(cube);
            continue;
        }
        let mut foresight = Foresight { inventory, cube, asked: None };
        let decision = decide(&case, &mut foresight);
        match foresight.asked {
            // What holds is looked at first.
            Some(fact) => waiting.extend([cube.with(fact, false), cube.with(fact, true)]),
            None => {
                let example = match found {
                    Found::Example(example) => Some(example),
                    Found::Contradiction | Found::Nothing => None,
                };
                let bears_out = |example: &Example| {
                    evaluate(&request.with_circumstances(with(request, example)), policies).outcome
                        == decision.outcome
                };
                exploration.leaves.push(Leaf { cube, decision, example: example.filter(bears_out) });
            }
        }
    }
    exploration
}

/// The context of the request with the unknown keys holding these values.
pub(super) fn with(request: &Request, example: &Example) -> Context {
    let mut context = request.context().to_context();
    for (name, value) in example {
        match value {
            Some(value) => context.insert(name, value.clone()),
            None => {
                context.remove(name);
            }
        }
    }
    context
}

/// Answers for statements as far as facts are given, and asks for the first that is not.
struct Foresight<'f> {
    inventory: &'f Inventory,
    cube: Cube,
    asked: Option<usize>,
}

impl Recorder for Foresight<'_> {
    const EVERY_STATEMENT: bool = false;
    const EVERY_ELEMENT: bool = false;
    const FORESEES: bool = true;

    fn foreseen(&mut self, policy_type: PolicyType, level: usize, effect: Effect) -> Option<Grant> {
        let shelf = shelf(policy_type, level, effect);
        let candidates = self.inventory.statements.get(&shelf)?;
        let Cube { care, value } = self.cube;
        let sure = candidates.iter().filter(|candidate| candidate.facts & !(care & value) == 0);
        let best = sure.map(|candidate| candidate.grant).max();
        if effect == Effect::Deny && best.is_some() {
            return best;
        }
        let refuted = |facts: u128| facts & care & !value != 0;
        let open = candidates.iter().find(|candidate| {
            Some(candidate.grant) > best && !refuted(candidate.facts) && candidate.facts & !care != 0
        });
        // Once something is asked, the decision is void and nothing more needs asking.
        if let (Some(open), None) = (open, self.asked) {
            self.asked = Some((open.facts & !care).trailing_zeros() as usize);
        }
        best
    }
}
