//! What came of replaying scenarios, as data.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;

use crate::answer::{DecidedByAnswer, MatchedStatement, MatchedStatements, serialize_statements};
use crate::ask::ExplainedCheck;
use crate::expect::{Expectation, ShortExpectation};
use crate::library::clean;
use crate::schema::words;
use crate::source::{Finding, Source};
use crate::undetermined::Dependence;
use crate::warnings::{self, Warning};

/// What came of several scenarios.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Report {
    /// The version of this format.
    pub version: u32,
    /// How many of what.
    pub summary: Summary,
    /// Each scenario, in the order given.
    pub scenarios: Vec<ScenarioReport>,
}

/// How many of what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Summary {
    /// Scenarios, those that could not be read included.
    pub scenarios: usize,
    /// Steps in which somebody does something.
    pub steps: usize,
    /// Steps that went as expected.
    pub passed: usize,
    /// Steps that did not.
    pub failed: usize,
    /// Scenarios that could not be read and steps that could not be answered.
    pub errors: usize,
}

/// What came of one scenario.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ScenarioReport {
    /// Its name; that of its file, when it could not be read.
    pub name: String,
    /// The path of its file.
    pub file: String,
    /// Where its claims come from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Its steps; none when it could not be read.
    pub steps: Vec<StepReport>,
    /// Why it could not be read.
    #[serde(rename = "errors", skip_serializing_if = "Vec::is_empty", serialize_with = "errors")]
    #[schemars(with = "Vec<FindingReport<'static>>")]
    pub findings: Vec<Finding>,
}

/// What came of one step.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct StepReport {
    /// Its name.
    pub name: Option<String>,
    /// Its line in the scenario's file.
    pub line: u32,
    /// How long the scenario waits before it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waited: Option<String>,
    /// Who does it: an ARN, a service, a provider, `anonymous`.
    pub principal: String,
    /// What is done: a command, or an action on resources.
    pub what: String,
    /// What came of it.
    #[serde(flatten)]
    pub result: StepResult,
    /// What was expected.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "crate::expect::short")]
    #[schemars(with = "ShortExpectation")]
    pub expected: Option<Expectation>,
    /// Whether that is what came of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ok: Option<bool>,
    /// What no real request would be.
    #[serde(skip_serializing_if = "Vec::is_empty", serialize_with = "warnings::serialize")]
    #[schemars(with = "Vec<Warning<'static>>")]
    pub warnings: Vec<Finding>,
    /// The way to the decision, when it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explanation: Option<Box<ExplainedCheck>>,
}

/// What came of a step.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum StepResult {
    /// AWS decided.
    Decided(StepDecision),
    /// AWS refuses for another reason than lack of permission.
    Refused {
        /// The error AWS returns.
        error: StepError,
    },
    /// The step could not be carried out.
    Unanswered {
        /// Why.
        #[serde(rename = "error", serialize_with = "error")]
        #[schemars(with = "FindingReport<'static>")]
        finding: Finding,
    },
}

/// The decision on the last check of a step, which is the one denied when one was.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct StepDecision {
    /// `allowed`, `implicitDeny` or `explicitDeny`; with unknown facts perhaps `undetermined`, or `denied` for either.
    #[schemars(schema_with = "words::verdict")]
    pub decision: &'static str,
    /// The action that was checked.
    pub action: Option<String>,
    /// The resource it was checked for.
    pub resource: Option<String>,
    /// What settled it.
    pub decided_by: DecidedByAnswer,
    /// The statements that deny, when it is an explicit deny; otherwise those that allow.
    #[serde(serialize_with = "serialize_statements")]
    #[schemars(with = "Vec<MatchedStatement>")]
    pub matched_statements: MatchedStatements,
    /// The context keys policies ask for and the request does not have.
    pub missing_context_values: Vec<String>,
    /// What AWS answers a denied caller.
    pub message: Option<String>,
    /// On what it depends, when it is not certain.
    #[serde(flatten)]
    pub dependence: Option<Dependence>,
    /// Statements that would have allowed it but for one element.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub near_misses: Vec<NearMiss>,
}

/// A statement that matches but for one element.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NearMiss {
    /// The statement.
    #[serde(flatten)]
    pub statement: MatchedStatement,
    /// What does not match: `Principal`, `Resource`, or a condition with what it compared.
    pub element: String,
}

/// An error, as AWS or we name it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct StepError {
    /// `ExpiredToken`, `ValidationError`, or the code of a diagnostic.
    pub code: String,
    /// What is wrong.
    pub message: String,
}

/// How a step went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// As expected.
    Passed,
    /// Otherwise.
    Failed,
    /// Nothing was expected.
    Unchecked,
    /// It could not be carried out.
    Error,
}

impl StepReport {
    /// How the step went.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        match (&self.result, self.ok) {
            (StepResult::Unanswered { .. }, _) => Verdict::Error,
            (_, Some(true)) => Verdict::Passed,
            (_, Some(false)) => Verdict::Failed,
            (_, None) => Verdict::Unchecked,
        }
    }
}

impl Report {
    /// Adds up what came of scenarios.
    #[must_use]
    pub fn new(scenarios: Vec<ScenarioReport>) -> Self {
        let mut summary = Summary { scenarios: scenarios.len(), ..Summary::default() };
        for scenario in &scenarios {
            summary.errors += usize::from(!scenario.findings.is_empty());
            for step in &scenario.steps {
                summary.steps += 1;
                match step.verdict() {
                    Verdict::Passed => summary.passed += 1,
                    Verdict::Failed => summary.failed += 1,
                    Verdict::Error => summary.errors += 1,
                    Verdict::Unchecked => {}
                }
            }
        }
        Self { version: 1, summary, scenarios }
    }
}

/// A finding as data.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct FindingReport<'f> {
    /// The diagnostic's code.
    pub code: &'static str,
    /// `error`, `securityWarning`, `warning`, `suggestion`.
    pub severity: &'static str,
    /// What is wrong.
    pub message: &'f str,
    /// The file.
    pub file: &'f str,
    /// The line, from 1.
    pub line: u32,
    /// The column, in characters from 1.
    pub column: u32,
    /// How to put it right.
    pub help: Option<&'f str>,
    /// What AWS says.
    pub aws_message: Option<&'f str>,
}

impl<'f> From<&'f Finding> for FindingReport<'f> {
    fn from(finding: &'f Finding) -> Self {
        let position = finding.position();
        let diagnostic = &finding.diagnostic;
        Self {
            code: diagnostic.code,
            severity: diagnostic.severity.as_str(),
            message: &diagnostic.message,
            file: finding.source.path(),
            line: position.line,
            column: position.column,
            help: diagnostic.help.as_deref(),
            aws_message: diagnostic.aws_message.as_deref(),
        }
    }
}

fn error<S: serde::Serializer>(finding: &Finding, serializer: S) -> Result<S::Ok, S::Error> {
    FindingReport::from(finding).serialize(serializer)
}

fn errors<S: serde::Serializer>(findings: &[Finding], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(findings.iter().map(FindingReport::from))
}

impl ScenarioReport {
    /// The same scenario with the warnings about its requests taken for errors: one that has any is not replayed.
    #[must_use]
    pub fn strict(mut self) -> Self {
        let warnings = self.steps.iter_mut().flat_map(|step| std::mem::take(&mut step.warnings)).collect();
        let errors = warnings::as_errors(warnings);
        if !errors.is_empty() {
            self.steps = Vec::new();
            self.findings.extend(errors);
        }
        self
    }

    /// A scenario that could not be read, and why.
    #[must_use]
    pub fn unreadable(path: &std::path::Path, findings: Vec<Finding>) -> Self {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let file = clean(path).display().to_string();
        Self { name, file, source: None, steps: Vec::new(), findings }
    }
}

impl StepResult {
    /// A step that could not be carried out.
    pub(crate) fn unanswered(source: &Arc<Source>, diagnostic: iamsim_syntax::Diagnostic) -> Self {
        Self::Unanswered { finding: Finding { source: Arc::clone(source), diagnostic } }
    }
}
