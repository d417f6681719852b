//! One look at an exercise: whether its scenario passes with the files as they are.

use std::path::Path;

use iamsim_scenario::report::{ScenarioReport, StepReport, Verdict};
use iamsim_scenario::{Explain, Finding, Library, Scenario, Source, replay_explained};

use crate::learn::exercises::{Exercise, SCENARIO};

/// What came of it.
#[derive(Debug)]
pub(super) enum Attempt {
    /// The learner's files have faults.
    Unreadable(Vec<Finding>),
    /// The scenario was replayed.
    Replayed(ScenarioReport),
}

/// Replays an exercise: the scenario as it was given, in whatever state it is now, with the learner's policies.
pub(super) fn attempt(folder: &Path, exercise: &Exercise) -> Attempt {
    let library = Library::new();
    let path = folder.join(exercise.name).join(SCENARIO);
    let source = Source::new(path.display().to_string(), exercise.scenario);
    match Scenario::read(&library, source) {
        Ok(scenario) => Attempt::Replayed(replay_explained(&library, &scenario, Explain::Unexpected)),
        Err(findings) => Attempt::Unreadable(findings),
    }
}

impl Attempt {
    /// Whether every step is as expected.
    pub(super) fn is_solved(&self) -> bool {
        match self {
            Self::Unreadable(_) => false,
            Self::Replayed(report) => report.steps.iter().all(is_fine),
        }
    }
}

/// Whether a step is as expected.
pub(super) fn is_fine(step: &StepReport) -> bool {
    matches!(step.verdict(), Verdict::Passed | Verdict::Unchecked)
}
