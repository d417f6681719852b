//! Evaluation cases to answers, in order, many at once, in bounded memory.

mod files;

use std::sync::Arc;

use iamsim_engine::{
    CannotBeUnknown, Decision, Evaluation, Outcome, PartialEvaluation, Request, Verdict, denial_message,
    evaluate_fully,
};
use iamsim_syntax::json::{Node, Value};
use iamsim_syntax::{Diagnostic, Position};
use iamsim_world::evaluate_partially;
use rayon::prelude::*;
use schemars::JsonSchema;
use serde::Serialize;

use crate::answer::{DecidedByAnswer, MatchedStatement, matched_statements};
use crate::case_file::{self, Case, ReadCase};
use crate::expect::{Expectation, Happened, ShortExpectation};
use crate::library::{Library, read_tree};
use crate::schema::words;
use crate::source::{Finding, Source};
use crate::undetermined::{self, DECIDED_BY_UNKNOWN, Dependence, dependence};
use crate::warnings::{self, Warning};

pub use crate::case_file::RequestWarnings;
pub use crate::evaluate::files::{Sink, evaluate_file, evaluate_input};

/// The answer to one case.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CaseAnswer {
    /// The case's `id`.
    pub id: Option<String>,
    /// The decision, or why there is none.
    #[serde(flatten)]
    pub result: CaseResult,
    /// What was expected.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "crate::expect::short")]
    #[schemars(with = "ShortExpectation")]
    pub expected: Option<Expectation>,
    /// Whether that is what came out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ok: Option<bool>,
    /// What no real request would be; empty unless asked for.
    #[serde(skip_serializing_if = "Vec::is_empty", serialize_with = "warnings::serialize")]
    #[schemars(with = "Vec<Warning<'static>>")]
    pub warnings: Vec<Finding>,
}

/// A decision, or why there is none.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum CaseResult {
    /// A decision.
    Decided(CaseDecision),
    /// The case cannot be read.
    Unreadable {
        /// The first thing that is wrong with it.
        error: CaseError,
        /// Everything that is wrong with it.
        #[serde(skip)]
        findings: Vec<Finding>,
    },
}

/// A decision and what bears it out.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CaseDecision {
    /// `allowed`, `implicitDeny` or `explicitDeny`; with unknown facts perhaps `undetermined`, or `denied` for either.
    #[schemars(schema_with = "words::verdict")]
    pub decision: &'static str,
    /// On what it depends, when it is not certain.
    #[serde(flatten)]
    pub dependence: Option<Dependence>,
    /// What settled it.
    pub decided_by: DecidedByAnswer,
    /// The statements that deny, when it is an explicit deny; otherwise those that allow.
    pub matched_statements: Vec<MatchedStatement>,
    /// The context keys policies ask for and the request does not have.
    pub missing_context_values: Vec<String>,
    /// What AWS answers a denied caller.
    pub message: Option<String>,
}

/// Why a case cannot be read.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct CaseError {
    /// The diagnostic's code.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
    /// The line of the file, from 1.
    pub line: u32,
    /// The column, in characters from 1.
    pub column: u32,
    /// How to put it right.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
}

impl CaseAnswer {
    /// Whether the case could be answered, or was expected not to be.
    #[must_use]
    pub fn is_answered(&self) -> bool {
        matches!(self.result, CaseResult::Decided(_)) || self.ok == Some(true)
    }
}

/// Evaluates every case of a text: a list, or one.
pub(crate) fn evaluate_tree(
    library: &Library,
    source: &Arc<Source>,
    mode: RequestWarnings,
) -> Vec<CaseAnswer> {
    let (node, mut faults) = read_tree(source);
    let cases: &[Node] = match &node {
        Some(Node { value: Value::Array(cases), .. }) => cases,
        Some(Node { value: Value::Null, .. }) | None => &[],
        Some(node) => std::slice::from_ref(node),
    };
    let mut reads = Vec::with_capacity(cases.len());
    for case in cases {
        let within =
            |fault: &mut Diagnostic| case.span.start <= fault.span.start && fault.span.end <= case.span.end;
        reads.push((case, faults.extract_if(.., within).collect()));
    }
    let outside = (!faults.is_empty()).then(|| answer(library, source, ReadCase::unreadable(source, faults)));
    let read = |(case, faults)| answer(library, source, case_file::read(library, source, case, faults, mode));
    let answers: Vec<_> = reads.into_par_iter().map(read).collect();
    outside.into_iter().chain(answers).collect()
}

/// Evaluates the one case of a line.
pub(crate) fn evaluate_line(library: &Library, source: Source, mode: RequestWarnings) -> CaseAnswer {
    let source = Arc::new(source);
    let (node, faults) = iamsim_syntax::json::parse(source.text());
    let read = match &node {
        Some(node) => case_file::read(library, &source, node, faults, mode),
        None => ReadCase::unreadable(&source, faults),
    };
    answer(library, &source, read)
}

fn answer(library: &Library, source: &Arc<Source>, read: ReadCase) -> CaseAnswer {
    let ReadCase { id, expectation, case } = read;
    let decided = case.and_then(|case| Ok((decide(library, source, &case)?, case.warnings)));
    let (result, ok, warnings) = match decided {
        Ok((Decided { decision, verdict, answer }, warnings)) => {
            let happened = match verdict {
                Verdict::Determined(_) => Happened::Decided(decision, answer.message.as_deref()),
                verdict @ (Verdict::Denied | Verdict::Undetermined) => Happened::Depends(verdict),
            };
            let ok = expectation.as_ref().map(|expected| expected.is_met_by(&happened));
            (CaseResult::Decided(answer), ok, warnings)
        }
        Err(findings) => {
            let error = first_error(&findings, source);
            let codes: Vec<_> = findings.iter().map(|finding| finding.diagnostic.code).collect();
            let happened = Happened::Failed { codes: &codes, message: &error.message };
            let ok = expectation.as_ref().map(|expected| expected.is_met_by(&happened));
            (CaseResult::Unreadable { error, findings }, ok, Vec::new())
        }
    };
    CaseAnswer { id, result, expected: expectation, ok, warnings }
}

/// What came of a case.
struct Decided {
    decision: Decision,
    verdict: Verdict,
    answer: CaseDecision,
}

fn decide(library: &Library, source: &Arc<Source>, case: &Case) -> Result<Decided, Vec<Finding>> {
    let Settled { request, evaluation, partial, verdict } = decisive(case).map_err(|error| {
        let diagnostic = undetermined::refusal(&error, case.span);
        vec![Finding { source: Arc::clone(source), diagnostic }]
    })?;
    let policies = &case.policies;
    let depends = partial.and_then(|partial| dependence(library, source, request, policies, &partial));
    let decision = evaluation.decision;
    let answer = match depends {
        Some(_) => CaseDecision {
            decision: verdict.as_str(),
            dependence: depends,
            decided_by: DECIDED_BY_UNKNOWN,
            matched_statements: Vec::new(),
            missing_context_values: Vec::new(),
            message: None,
        },
        None => CaseDecision {
            decision: decision.outcome.as_str(),
            dependence: None,
            decided_by: decision.decided_by.into(),
            matched_statements: matched_statements(library, source, policies, &evaluation),
            message: denial_message(request, policies, &evaluation),
            missing_context_values: evaluation.missing_context_values,
        },
    };
    Ok(Decided { decision, verdict, answer })
}

/// A request and what came of it.
struct Settled<'c> {
    request: &'c Request,
    evaluation: Evaluation,
    partial: Option<PartialEvaluation>,
    verdict: Verdict,
}

impl<'c> Settled<'c> {
    fn of(request: &'c Request, case: &Case) -> Result<Self, CannotBeUnknown> {
        let evaluation = evaluate_fully(request, &case.policies);
        let partial = evaluate_partially(request, &case.policies, &case.unknown)?;
        let verdict = match &partial {
            Some(partial) => partial.verdict,
            None => Verdict::Determined(evaluation.decision.outcome),
        };
        Ok(Self { request, evaluation, partial, verdict })
    }
}

/// The first request that is explicitly denied, or else the first that is denied, or else the first that may be, or
/// else the first.
fn decisive(case: &Case) -> Result<Settled<'_>, CannotBeUnknown> {
    let mut decisive = Settled::of(&case.request, case)?;
    for request in &case.further {
        let settled = Settled::of(request, case)?;
        if weight(settled.verdict) > weight(decisive.verdict) {
            decisive = settled;
        }
    }
    Ok(decisive)
}

/// An explicit deny of one resource outweighs an implicit one of another.
fn weight(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Determined(Outcome::Allowed) => 0,
        Verdict::Undetermined => 1,
        Verdict::Determined(Outcome::ImplicitDeny) | Verdict::Denied => 2,
        Verdict::Determined(Outcome::ExplicitDeny) => 3,
    }
}

fn first_error(findings: &[Finding], source: &Source) -> CaseError {
    let Some(finding) = findings.first() else {
        let position = source.position(0);
        let message = "the case cannot be read".to_owned();
        let Position { line, column } = position;
        return CaseError { code: "unreadable-case", message, line, column, help: None };
    };
    let position = finding.position();
    let Diagnostic { code, message, help, .. } = &finding.diagnostic;
    let Position { line, column } = position;
    CaseError { code, message: message.clone(), line, column, help: help.clone() }
}
