//! Evaluation cases to answers, in order, many at once, in bounded memory.
//!
//! ```
//! use iamsim_scenario::Library;
//! use iamsim_scenario::evaluate::{Evaluator, RequestWarnings};
//!
//! let case = r#"{"request": {"principal": "arn:aws:iam::111122223333:root", "action": "s3:ListAllMyBuckets",
//!     "resource": "*"}}"#.replace('\n', " ");
//! let library = Library::new();
//! let evaluator = Evaluator::new(&library, RequestWarnings::Off);
//! let mut answered = 0;
//! evaluator.input("<text>", std::io::Cursor::new(case), &|answers| answers.count(), &mut |part| {
//!     answered += part.made;
//!     Ok(())
//! })?;
//! assert_eq!(answered, 1);
//! # Ok::<(), std::io::Error>(())
//! ```

mod attached;
mod chunks;
mod files;
mod items;
mod json;
mod quick;
mod walk;

use std::path::PathBuf;
use std::sync::Arc;

use iamsim_engine::{Decision, Outcome, PolicySet, Request, Verdict, denial_message, evaluate_fully};
use iamsim_syntax::json::Node;
use iamsim_syntax::{Diagnostic, Position, Span};
use iamsim_world::{Check, CheckOutcome, Circumstances, Simulation, UnknownKeys, evaluate_partially};
use schemars::JsonSchema;
use serde::Serialize;

use crate::answer::{
    DecidedByAnswer, Here, Line, MatchedStatement, MatchedStatements, Texts, matched_statements,
    serialize_statements,
};
use crate::case_file::{self, Question, ReadCase, Reading};
use crate::evaluate::attached::{ActionNames, Memory, Notes};
use crate::evaluate::quick::{QuickCase, QuickQuestion};
use crate::expect::{Expectation, Happened, ShortExpectation};
use crate::library::Library;
use crate::scenario_file::DEFAULT_NOW;
use crate::schema::words;
use crate::source::{Finding, Source};
use crate::undetermined::{self, DECIDED_BY_UNKNOWN, Dependence, dependence};
use crate::warnings::Warning;
use crate::{warnings, world_file};

pub use crate::case_file::RequestWarnings;
pub use crate::evaluate::files::{Answers, Part};

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
    #[serde(serialize_with = "serialize_statements")]
    #[schemars(with = "Vec<MatchedStatement>")]
    pub matched_statements: MatchedStatements,
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

/// Answers evaluation cases: requests with the policies they bring along, or about a world.
#[derive(Debug)]
pub struct Evaluator<'l> {
    library: &'l Library,
    simulation: Option<Simulation>,
    warnings: RequestWarnings,
}

impl<'l> Evaluator<'l> {
    /// Answers cases that bring their policies along.
    #[must_use]
    pub fn new(library: &'l Library, warnings: RequestWarnings) -> Self {
        Self { library, simulation: None, warnings }
    }

    /// Takes policies and settings from worlds, merged in order, at the time when scenarios begin.
    ///
    /// # Errors
    /// Everything that is wrong with them and with the policies they name.
    pub fn in_worlds(self, paths: &[PathBuf]) -> Result<Self, Vec<Finding>> {
        let world = world_file::load_all(self.library, paths)?;
        Ok(Self { simulation: Some(Simulation::new(world, DEFAULT_NOW.0)), ..self })
    }

    /// Somebody to answer a few cases one after the other.
    fn desk<'e>(&'e self, memory: &'e Memory<'e>) -> Desk<'e> {
        let Self { library, simulation, warnings } = self;
        let reading = Reading { library, simulation: simulation.as_ref(), warnings: *warnings };
        let Notes { actions, statements } = memory.lend_notes();
        let (texts, circumstances) = (Texts::with(library, statements), Circumstances::default());
        let file = Arc::new(Source::new(memory.name(), ""));
        Desk { reading, texts, actions, circumstances, memory, file }
    }
}

/// What is at hand while cases are answered one after the other.
struct Desk<'e> {
    reading: Reading<'e>,
    texts: Texts<'e>,
    actions: ActionNames,
    /// Those of the last case that was read quickly.
    circumstances: Circumstances,
    memory: &'e Memory<'e>,
    /// The file, without its text.
    file: Arc<Source>,
}

impl Desk<'_> {
    /// Leaves what is noted to whoever comes next.
    fn leave(self) {
        self.memory.keep_notes(Notes { actions: self.actions, statements: self.texts.into_noted() });
    }

    /// Answers the case of a line.
    fn line(&mut self, text: &str, lines_before: u32) -> CaseAnswer {
        let Self { reading, memory, actions, circumstances, .. } = self;
        if let Some(case) = quick::read(*reading, memory, actions, circumstances, text) {
            return self.quick(case, text, lines_before);
        }
        let source = Arc::new(Source::line(self.memory.name(), text, lines_before));
        let (node, faults) = iamsim_syntax::json::parse(source.text());
        match &node {
            Some(node) => self.node(&source, node, faults),
            None => self.unreadable(&source, faults),
        }
    }

    fn quick(&mut self, case: QuickCase<'_>, text: &str, lines_before: u32) -> CaseAnswer {
        let QuickCase { id, expectation, question } = case;
        let (outcome, starts) = match question {
            QuickQuestion::Given { request, policies, starts } => {
                (check(request, &policies, &UnknownKeys::default()), starts)
            }
            QuickQuestion::OfWorld { simulation, caller, check } => {
                (simulation.check_once(&caller, check, &mut self.circumstances), Vec::new())
            }
        };
        let line = Line { source: &self.file, text, lines_before, starts };
        let decided = self.conclude(Here::Line(&line), outcome, Span::default());
        answer(id, expectation, decided.map(|decided| (decided, Vec::new())))
    }

    /// Answers what cannot be read as a case at all.
    fn unreadable(&self, source: &Arc<Source>, faults: Vec<Diagnostic>) -> CaseAnswer {
        self.answer(Here::Text(source), ReadCase::unreadable(source, faults))
    }

    /// Answers a case of a text, in which `faults` were found already.
    fn node(&self, source: &Arc<Source>, node: &Node, faults: Vec<Diagnostic>) -> CaseAnswer {
        self.answer(Here::Text(source), case_file::read(self.reading, source, node, faults))
    }

    fn answer(&self, here: Here<'_>, read: ReadCase<'_>) -> CaseAnswer {
        let ReadCase { id, expectation, case } = read;
        let decided =
            case.and_then(|case| Ok((self.conclude(here, decide(case.question), case.span)?, case.warnings)));
        answer(id, expectation, decided)
    }

    /// What came of a case that stands at `span`.
    fn conclude(&self, here: Here<'_>, outcome: CheckOutcome, span: Span) -> Result<Decided, Vec<Finding>> {
        let verdict = outcome.verdict();
        // What is large stays where it is.
        let CheckOutcome { ref request, ref policies, evaluation, message, partial } = outcome;
        let partial = partial.map_err(|error| {
            let diagnostic = undetermined::refusal(&error, span);
            vec![Finding { source: Arc::clone(here.source()), diagnostic }]
        })?;
        let library = self.reading.library;
        let depends =
            partial.and_then(|partial| dependence(library, here.source(), request, policies, &partial));
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
                matched_statements: matched_statements(&self.texts, here, policies, &evaluation),
                message,
                missing_context_values: evaluation.missing_context_values,
            },
        };
        Ok(Decided { decision, verdict, answer })
    }
}

/// The answer to a case of which this came, with what is to be said beside it.
fn answer(
    id: Option<String>,
    expected: Option<Expectation>,
    decided: Result<(Decided, Vec<Finding>), Vec<Finding>>,
) -> CaseAnswer {
    let (result, ok, warnings) = match decided {
        Ok((Decided { decision, verdict, answer }, warnings)) => {
            let happened = match verdict {
                Verdict::Determined(_) => Happened::Decided(decision, answer.message.as_deref()),
                verdict @ (Verdict::Denied | Verdict::Undetermined) => Happened::Depends(verdict),
            };
            let ok = expected.as_ref().map(|expected| expected.is_met_by(&happened));
            (CaseResult::Decided(answer), ok, warnings)
        }
        Err(findings) => {
            let error = first_error(&findings);
            let codes: Vec<_> = findings.iter().map(|finding| finding.diagnostic.code).collect();
            let happened = Happened::Failed { codes: &codes, message: &error.message };
            let ok = expected.as_ref().map(|expected| expected.is_met_by(&happened));
            (CaseResult::Unreadable { error, findings }, ok, Vec::new())
        }
    };
    CaseAnswer { id, result, expected, ok, warnings }
}

/// What came of a case.
struct Decided {
    decision: Decision,
    verdict: Verdict,
    answer: CaseDecision,
}

fn decide(question: Question<'_>) -> CheckOutcome {
    match question {
        Question::Given { first, further, policies, unknown } => {
            let check = |request| check(request, &policies, &unknown);
            decisive(check(first), further.into_iter().map(check))
        }
        Question::OfWorld { simulation, caller, first, further, circumstances } => {
            let check = |check: &Check| simulation.check(&caller, check, &circumstances);
            decisive(check(&first), further.iter().map(check))
        }
    }
}

fn check(request: Request, policies: &PolicySet, unknown: &UnknownKeys) -> CheckOutcome {
    let evaluation = evaluate_fully(&request, policies);
    let message = denial_message(&request, policies, &evaluation);
    let partial = evaluate_partially(&request, policies, unknown);
    CheckOutcome { request, policies: policies.clone(), evaluation, message, partial }
}

/// The first that cannot be decided, or else the first that is explicitly denied, or else the first that is denied, or
/// else the first that may be, or else the first.
fn decisive(first: CheckOutcome, further: impl Iterator<Item = CheckOutcome>) -> CheckOutcome {
    let weight = |one: &CheckOutcome| (one.partial.is_err(), weight(one.verdict()));
    further.fold(first, |decisive, next| if weight(&next) > weight(&decisive) { next } else { decisive })
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

fn first_error(findings: &[Finding]) -> CaseError {
    let Some(finding) = findings.first() else {
        let message = "the case cannot be read".to_owned();
        return CaseError { code: "unreadable-case", message, line: 1, column: 1, help: None };
    };
    let position = finding.position();
    let Diagnostic { code, message, help, .. } = &finding.diagnostic;
    let Position { line, column } = position;
    CaseError { code, message: message.clone(), line, column, help: help.as_deref().map(str::to_owned) }
}
