//! The denials of a scenario, each with what would have allowed it.

use std::collections::BTreeMap;

use iamsim_remedy::Hindrance;
use iamsim_world::{CheckOutcome, Simulation};

use super::{Answer, Run};
use crate::ask::What;
use crate::ask::remedy::{self, RemedyReport};
use crate::library::Library;
use crate::scenario_file::{Call, Scenario, Step};

/// A step that was denied.
#[derive(Debug, Clone)]
pub struct Denial {
    /// The step's name.
    pub step: Option<String>,
    /// Who asked.
    pub principal: String,
    /// What for.
    pub action: String,
    /// On what.
    pub resource: String,
    /// What would have allowed it: that which asks for least first.
    pub remedies: Vec<RemedyReport>,
    /// Why nothing would, where nothing would.
    pub hindrance: Option<Hindrance>,
}

/// Replays a scenario for its denials, whether they were expected or not.
#[must_use]
pub fn denials(library: &Library, scenario: &Scenario) -> Vec<Denial> {
    let mut run = Run {
        library,
        scenario,
        simulation: Simulation::new(scenario.world.clone(), scenario.now.0),
        saved: BTreeMap::new(),
    };
    let mut found = Vec::new();
    for step in &scenario.steps {
        let act = match step {
            Step::Wait { milliseconds, .. } => {
                run.simulation.wait(*milliseconds);
                continue;
            }
            Step::Act(act) => act,
        };
        let answer = run.caller(&act.by).and_then(|caller| run.carry_out(act, &caller));
        let Ok(Answer::Decided(Some(check))) = answer else { continue };
        if !check.evaluation.decision.is_allowed() {
            found.push(denial(library, act.name.clone(), &check, &what(&act.call)));
        }
    }
    found
}

fn denial(library: &Library, step: Option<String>, check: &CheckOutcome, what: &What) -> Denial {
    let found = remedy::of_step(library, check, what);
    Denial {
        step,
        principal: check.request.principal().arn().to_owned(),
        action: check.request.action().as_str().to_owned(),
        resource: check.request.resource().to_owned(),
        remedies: found.remedies,
        hindrance: found.hindrance,
    }
}

fn what(call: &Call) -> What {
    match call {
        Call::Run(command) => What::Run(command.text.clone()),
        Call::Action { action, resources, .. } => {
            What::Action { action: action.clone(), resources: resources.clone(), resource_account: None }
        }
    }
}
