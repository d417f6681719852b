//! Replayed scenarios as results.

use iamsim_scenario::report::{Report, ScenarioReport, StepDecision, StepReport, StepResult, Verdict};

use super::{Cited, Kind, Results, Suite, Test, counted, decision, expectation, missing, one_line};

impl<'r> From<&'r Report> for Results<'r> {
    fn from(report: &'r Report) -> Self {
        Self { kind: Kind::Replay, suites: report.scenarios.iter().map(Suite::from).collect() }
    }
}

impl<'r> From<&'r ScenarioReport> for Suite<'r> {
    fn from(scenario: &'r ScenarioReport) -> Self {
        let unread = (!scenario.findings.is_empty()).then(|| {
            let found = counted(scenario.findings.len(), "error");
            let test = Test::new("the scenario can be read".to_owned(), Verdict::Error, found);
            Test { place: Some((&scenario.file, 1)), findings: scenario.findings.iter().collect(), ..test }
        });
        let steps = scenario.steps.iter().map(|step| Test::of_step(step, &scenario.file));
        Self {
            name: &scenario.name,
            file: Some(&scenario.file),
            source: scenario.source.as_deref(),
            tests: unread.into_iter().chain(steps).collect(),
        }
    }
}

impl<'r> Test<'r> {
    pub(crate) fn of_step(step: &'r StepReport, file: &'r str) -> Self {
        let test = Self {
            place: Some((file, step.line)),
            waited: step.waited.as_deref(),
            principal: Some(&step.principal),
            does: Some(one_line(&step.what)),
            expected: step.expected.as_ref().map(expectation),
            findings: step.warnings.iter().collect(),
            explanation: step.explanation.as_deref(),
            ..Self::new(title(step), step.verdict(), found(step))
        };
        match &step.result {
            StepResult::Decided(decided) => test.decided(decided),
            StepResult::Refused { error } => Self { message: Some(&error.message), ..test },
            StepResult::Unanswered { finding } => {
                let findings = std::iter::once(finding).chain(&step.warnings).collect();
                Self { findings, ..test }
            }
        }
    }

    fn decided(self, decided: &'r StepDecision) -> Self {
        if let Some(dependence) = &decided.dependence {
            return Self {
                action: decided.action.as_deref(),
                resource: decided.resource.as_deref(),
                decision: Some(decided.decision),
                dependence: Some(dependence),
                ..self
            };
        }
        let role = match decided.decision {
            "explicitDeny" => Some("denied by"),
            "allowed" => Some("allowed by"),
            _ => None,
        };
        let (action, resource) = (decided.action.as_deref(), decided.resource.as_deref());
        let statements = match role {
            Some(role) => {
                decided.matched_statements.iter().map(|statement| Cited::new(role, statement)).collect()
            }
            None => {
                let near = decided.near_misses.iter();
                near.map(|near| Cited::near(near.element.clone(), &near.statement)).collect()
            }
        };
        let missing = match role {
            Some(_) => None,
            None => missing(decided.decided_by.policy_type, action, resource),
        };
        Self {
            action,
            resource,
            decision: Some(decided.decision),
            message: decided.message.as_deref(),
            statements,
            missing,
            absent: &decided.missing_context_values,
            ..self
        }
    }
}

/// What a step is called: its name, or what is done.
fn title(step: &StepReport) -> String {
    step.name.clone().unwrap_or_else(|| one_line(&step.what))
}

/// What came of a step.
fn found(step: &StepReport) -> String {
    match &step.result {
        StepResult::Decided(decided) => decision(decided.decision, decided.decided_by.policy_type),
        StepResult::Refused { error } => error.code.clone(),
        StepResult::Unanswered { finding } => finding.diagnostic.message.clone(),
    }
}
