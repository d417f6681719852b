//! Scenarios to reports: every step is made in a simulation of the scenario's world.

pub(crate) mod command;
mod denials;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use iamsim_engine::{Context, DecidedBy, Decision, Outcome, Verdict};
use iamsim_syntax::Diagnostic;
use iamsim_world::{
    ApiError, AssumeRole, Call, Caller, Check, CheckOutcome, Circumstances, Effect, Failure, Session,
    Simulation, StsCall, Success,
};

use crate::answer::{Here, Texts, matched_statements, near_misses};
use crate::ask::{ExplainedCheck, Given, explain_check};
use crate::expect::Happened;
use crate::library::Library;
use crate::report::{ScenarioReport, StepDecision, StepError, StepReport, StepResult};
use crate::scenario_file::{self, Act, By, DEFAULT_NOW, Scenario, Step};
use crate::undetermined::{self, DECIDED_BY_UNKNOWN, dependence};

pub use crate::replay::denials::{Denial, denials};

/// Which steps are explained.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Explain {
    /// None.
    #[default]
    Never,
    /// Those that do not go as expected.
    Unexpected,
    /// All that AWS decides.
    Always,
}

/// Reads a scenario and replays it.
#[must_use]
pub fn replay_file(library: &Library, path: &Path) -> ScenarioReport {
    replay_file_explained(library, path, Explain::Never)
}

/// Reads a scenario, replays it and explains its steps.
#[must_use]
pub fn replay_file_explained(library: &Library, path: &Path, explain: Explain) -> ScenarioReport {
    match Scenario::load(library, path) {
        Ok(scenario) => replay_explained(library, &scenario, explain),
        Err(findings) => ScenarioReport::unreadable(path, findings),
    }
}

/// Replays a scenario.
#[must_use]
pub fn replay(library: &Library, scenario: &Scenario) -> ScenarioReport {
    replay_explained(library, scenario, Explain::Never)
}

/// Replays a scenario and explains its steps.
#[must_use]
pub fn replay_explained(library: &Library, scenario: &Scenario, explain: Explain) -> ScenarioReport {
    let mut run = Run {
        library,
        scenario,
        explain,
        simulation: Simulation::new(scenario.world.clone(), scenario.now.0),
        saved: BTreeMap::new(),
    };
    let mut steps = Vec::new();
    let mut waited: Option<String> = None;
    for step in &scenario.steps {
        match step {
            Step::Wait { milliseconds, text } => {
                run.simulation.wait(*milliseconds);
                waited = Some(waited.map_or_else(|| text.clone(), |before| format!("{before} + {text}")));
            }
            Step::Act(act) => steps.push(run.step(act, waited.take())),
        }
    }
    ScenarioReport {
        name: scenario.name.clone(),
        file: scenario.file.path().to_owned(),
        source: scenario.source.clone(),
        steps,
        findings: Vec::new(),
    }
}

/// A scenario on its way.
struct Run<'r> {
    library: &'r Library,
    scenario: &'r Scenario,
    explain: Explain,
    simulation: Simulation,
    saved: BTreeMap<String, Arc<Session>>,
}

/// What AWS made of a step.
enum Answer {
    /// The last check made, which is the one denied when one was; none when the calls need no check.
    Decided(Option<Box<CheckOutcome>>),
    Refused(ApiError),
}

/// What AWS was asked in a step.
struct Made {
    calls: Vec<Call>,
    circumstances: Circumstances,
    answer: Answer,
}

/// What came of a step.
struct Outturn {
    result: StepResult,
    ok: Option<bool>,
    explanation: Option<Box<ExplainedCheck>>,
}

impl Run<'_> {
    fn step(&mut self, act: &Act, waited: Option<String>) -> StepReport {
        let caller = self.caller(&act.by);
        let principal = match &caller {
            Ok(caller) => caller.principal.arn().to_owned(),
            Err(_) => match &act.by {
                By::Saved { name, .. } => name.clone(),
                By::Principal(caller) => caller.principal.arn().to_owned(),
            },
        };
        let made = caller.and_then(|caller| self.carry_out(act, &caller));
        let Outturn { result, ok, explanation } = self.outturn(act, made);
        StepReport {
            name: act.name.clone(),
            line: self.scenario.file.position(act.span.start).line,
            waited,
            principal,
            what: what(&act.call),
            result,
            expected: act.expectation.clone(),
            ok,
            warnings: act.warnings.clone(),
            explanation,
        }
    }

    fn caller(&self, by: &By) -> Result<Caller, Box<Diagnostic>> {
        match by {
            By::Principal(caller) => Ok(caller.clone()),
            By::Saved { name, span } => match self.saved.get(name) {
                Some(session) => Ok(Caller::with_session(Arc::clone(session))),
                None => {
                    let message =
                        format!("there are no credentials `{name}`: the step that saves them got none");
                    Err(Box::new(Diagnostic::error("missing-credentials", *span, message)))
                }
            },
        }
    }

    fn carry_out(&mut self, act: &Act, caller: &Caller) -> Result<Made, Box<Diagnostic>> {
        let mut circumstances = act.circumstances.clone();
        let (caller, calls) = match &act.call {
            scenario_file::Call::Action { action, resources, resource_account } => {
                let check = |resource: &String| Check {
                    action: action.clone(),
                    resource: resource.clone(),
                    resource_account: *resource_account,
                    context: Context::new(),
                };
                let session = act
                    .save_as
                    .as_ref()
                    .and_then(|_| session_call(action, resources, &circumstances.context));
                let call = match session {
                    Some(call) => {
                        Call { operation: action.clone(), checks: Vec::new(), effect: Effect::Sts(call) }
                    }
                    None => {
                        let checks = resources.iter().map(check).collect();
                        Call { operation: action.clone(), checks, effect: Effect::None }
                    }
                };
                (caller.clone(), vec![call])
            }
            scenario_file::Call::Run(command) => {
                let (file, region) = (&self.scenario.file, circumstances.region.as_deref());
                let lowered = command::lower(self.library, file, command, caller, region)?;
                circumstances.region = lowered.region.or(circumstances.region);
                // A profile stands for saved credentials of its name, and otherwise for the step's own caller.
                let profile = lowered.profile.and_then(|name| self.saved.get(&name));
                let caller = profile
                    .map_or_else(|| caller.clone(), |session| Caller::with_session(Arc::clone(session)));
                (caller, lowered.calls)
            }
        };
        let answer = self.make(act, &caller, &calls, &circumstances)?;
        Ok(Made { calls, circumstances, answer })
    }

    /// Makes the calls one after the other; the first that fails is the last made.
    fn make(
        &mut self,
        act: &Act,
        caller: &Caller,
        calls: &[Call],
        circumstances: &Circumstances,
    ) -> Result<Answer, Box<Diagnostic>> {
        let mut last = None;
        let mut undetermined: Option<Box<CheckOutcome>> = None;
        let mut session = None;
        for call in calls {
            let outcome = self.simulation.call(caller, call, circumstances);
            let refusal = outcome.checks.iter().find_map(|check| check.partial.as_ref().err());
            if let Some(error) = refusal {
                return Err(Box::new(undetermined::refusal(error, act.span)));
            }
            let depends = |check: &&CheckOutcome| check.verdict() == Verdict::Undetermined;
            undetermined = undetermined.or(outcome.checks.iter().find(depends).cloned().map(Box::new));
            last = outcome.checks.into_iter().next_back().map(Box::new).or(last);
            match outcome.result {
                Ok(Success::Session(opened)) => session = Some(opened),
                Ok(Success::Done | Success::Identity { .. }) => {}
                Err(Failure::Denied) => return Ok(Answer::Decided(last)),
                // A later call may be denied for certain.
                Err(Failure::Undetermined) => {}
                Err(Failure::Refused(error)) => return Ok(Answer::Refused(error)),
            }
        }
        if undetermined.is_some() {
            return Ok(Answer::Decided(undetermined));
        }
        if let Some(name) = &act.save_as {
            let Some(session) = session else {
                let message =
                    format!("there is nothing to save as `{name}`: the call returns no credentials");
                return Err(Box::new(Diagnostic::error("missing-credentials", act.span, message)));
            };
            self.saved.insert(name.clone(), session);
        }
        Ok(Answer::Decided(last))
    }

    fn outturn(&self, act: &Act, made: Result<Made, Box<Diagnostic>>) -> Outturn {
        let is_met =
            |happened: &Happened<'_>| act.expectation.as_ref().map(|expected| expected.is_met_by(happened));
        let Made { calls, circumstances, answer } = match made {
            Ok(made) => made,
            Err(diagnostic) => {
                let ok = act.expectation.as_ref().map(|_| false);
                let result = StepResult::unanswered(&self.scenario.file, *diagnostic);
                return Outturn { result, ok, explanation: None };
            }
        };
        match answer {
            Answer::Refused(ApiError { code, message }) => {
                let ok = is_met(&Happened::Failed { codes: &[code], message: &message });
                let error = StepError { code: code.to_owned(), message };
                Outturn { result: StepResult::Refused { error }, ok, explanation: None }
            }
            Answer::Decided(None) => {
                let decision =
                    Decision { outcome: Outcome::Allowed, decided_by: DecidedBy::NoPermissionNeeded };
                let ok = is_met(&Happened::Decided(decision, None));
                Outturn { result: StepResult::Decided(unchecked(decision)), ok, explanation: None }
            }
            Answer::Decided(Some(check)) => {
                let decision = check.evaluation.decision;
                let ok = match check.verdict() {
                    Verdict::Determined(_) => is_met(&Happened::Decided(decision, check.message.as_deref())),
                    verdict @ (Verdict::Denied | Verdict::Undetermined) => {
                        is_met(&Happened::Depends(verdict))
                    }
                };
                let is_explained = match self.explain {
                    Explain::Never => false,
                    Explain::Unexpected => ok == Some(false),
                    Explain::Always => true,
                };
                let explanation = is_explained.then(|| self.explanation(act, &check, circumstances, &calls));
                Outturn { result: StepResult::Decided(self.decided(*check)), ok, explanation }
            }
        }
    }

    fn explanation(
        &self,
        act: &Act,
        check: &CheckOutcome,
        circumstances: Circumstances,
        calls: &[Call],
    ) -> Box<ExplainedCheck> {
        let given = Given::of_step(circumstances, self.scenario.now != DEFAULT_NOW);
        let what = denials::what(&act.call);
        Box::new(explain_check(self.library, check, &given, calls, &what))
    }

    fn decided(&self, check: CheckOutcome) -> StepDecision {
        let verdict = check.verdict();
        let CheckOutcome { request, policies, evaluation, message, partial } = check;
        let file = &self.scenario.file;
        let partial = partial.ok().flatten();
        let depends =
            partial.and_then(|partial| dependence(self.library, file, &request, &policies, &partial));
        if depends.is_some() {
            return StepDecision {
                decision: verdict.as_str(),
                action: Some(request.action().as_str().to_owned()),
                resource: Some(request.resource().to_owned()),
                decided_by: DECIDED_BY_UNKNOWN,
                matched_statements: Vec::new(),
                missing_context_values: Vec::new(),
                message: None,
                dependence: depends,
                near_misses: Vec::new(),
            };
        }
        let (file, texts) = (Here::Text(file), Texts::new(self.library));
        StepDecision {
            decision: evaluation.decision.outcome.as_str(),
            action: Some(request.action().as_str().to_owned()),
            resource: Some(request.resource().to_owned()),
            decided_by: evaluation.decision.decided_by.into(),
            matched_statements: matched_statements(&texts, file, &policies, &evaluation),
            near_misses: near_misses(&texts, file, &request, &policies, evaluation.decision),
            missing_context_values: evaluation.missing_context_values,
            message,
            dependence: None,
        }
    }
}

/// A decision on calls that AWS makes no check for.
fn unchecked(decision: Decision) -> StepDecision {
    StepDecision {
        decision: decision.outcome.as_str(),
        action: None,
        resource: None,
        decided_by: decision.decided_by.into(),
        matched_statements: Vec::new(),
        missing_context_values: Vec::new(),
        message: None,
        dependence: None,
        near_misses: Vec::new(),
    }
}

fn what(call: &scenario_file::Call) -> String {
    match call {
        scenario_file::Call::Run(command) => command.text.trim().to_owned(),
        scenario_file::Call::Action { action, resources, .. } => {
            format!("{action} on {}", resources.join(", "))
        }
    }
}

/// The call that an action to assume a role stands for when its credentials are to be saved. Its parameters are
/// the context keys that they set.
fn session_call(action: &str, resources: &[String], context: &Context) -> Option<StsCall> {
    let given = |name: &str| context.text(name).map(str::to_owned);
    let asked = AssumeRole {
        role_arn: resources.first()?.clone(),
        role_session_name: given("sts:RoleSessionName").unwrap_or_else(|| "session".to_owned()),
        external_id: given("sts:ExternalId"),
        source_identity: given("sts:SourceIdentity"),
        ..AssumeRole::default()
    };
    match &*action.to_ascii_lowercase() {
        "sts:assumerole" => Some(StsCall::AssumeRole(asked)),
        "sts:assumerolewithwebidentity" => Some(StsCall::AssumeRoleWithWebIdentity(asked)),
        "sts:assumerolewithsaml" => Some(StsCall::AssumeRoleWithSaml(asked)),
        _ => None,
    }
}
