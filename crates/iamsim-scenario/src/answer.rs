//! The answer to a request as data, the same in every report.

use std::cell::RefCell;
use std::sync::Arc;

use iamsim_engine::{
    ContextValue, DecidedBy, Decision, Element, Evaluation, Policy, PolicySet, Request, Statement,
    StatementRef, StatementTrace, explain,
};
use iamsim_syntax::{Effect, PolicyType, Position, Span};
use rustc_hash::FxHashMap;
use schemars::JsonSchema;
use serde::{Serialize, Serializer};

use crate::library::{IN_PLACE, Library};
use crate::report::NearMiss;
use crate::schema::words;
use crate::source::Source;

/// What settled a decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DecidedByAnswer {
    /// The type of the policies that settled it, if policies did.
    #[schemars(schema_with = "words::optional_policy_type")]
    pub policy_type: Option<&'static str>,
    /// `allow`, `explicitDeny`, `missingAllow`, …
    pub kind: &'static str,
}

impl From<DecidedBy> for DecidedByAnswer {
    fn from(decided_by: DecidedBy) -> Self {
        let policy_type = decided_by.policy_type().map(PolicyType::as_str);
        Self { policy_type, kind: decided_by.kind() }
    }
}

/// A statement that bears a decision out.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MatchedStatement {
    /// The type of its policy.
    #[schemars(schema_with = "words::policy_type")]
    pub policy_type: &'static str,
    /// What people call its policy.
    pub policy: String,
    /// Its `Sid`.
    pub sid: Option<String>,
    /// The line of the file it begins on, from 1.
    pub line: u32,
    /// The column, in characters from 1.
    pub column: u32,
    /// The file it stands in.
    #[serde(skip)]
    pub source: Arc<Source>,
    /// Where it stands there.
    #[serde(skip)]
    pub span: Span,
    /// All of this as JSON, for one that is told of again and again.
    #[serde(skip)]
    pub(crate) json: Option<Box<[u8]>>,
}

/// Statements in the order of their policies, each with many answers.
pub type MatchedStatements = Vec<Arc<MatchedStatement>>;

pub(crate) fn serialize_statements<S: Serializer>(
    statements: &[Arc<MatchedStatement>],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(statements.iter().map(Arc::as_ref))
}

/// The texts that policies were read from, each looked up in the library once.
pub(crate) struct Texts<'l> {
    library: &'l Library,
    noted: RefCell<Noted>,
}

/// What was looked up before.
#[derive(Debug, Default)]
pub(crate) struct Noted {
    texts: Vec<(u32, Arc<Source>)>,
    statements: FxHashMap<Citation, (Arc<Policy>, Arc<MatchedStatement>)>,
}

/// A statement of the policy at an address, in the role that the policy plays.
type Citation = (usize, usize, PolicyType);

/// So many statements are noted.
const MOST_NOTED: usize = 10_000;

impl<'l> Texts<'l> {
    pub(crate) fn new(library: &'l Library) -> Self {
        Self::with(library, Noted::default())
    }

    /// With what was noted before, about policies of the same library.
    pub(crate) fn with(library: &'l Library, noted: Noted) -> Self {
        Self { library, noted: RefCell::new(noted) }
    }

    pub(crate) fn into_noted(self) -> Noted {
        self.noted.into_inner()
    }

    /// A statement that may be told of again.
    fn noted(&self, here: Here<'_>, policies: &PolicySet, at: StatementRef) -> Option<Arc<MatchedStatement>> {
        let policy = policies.policy(at.place)?;
        if policy.source() == IN_PLACE {
            return matched_statement(self, here, policies, at).map(Arc::new);
        }
        let citation = (Arc::as_ptr(policy).addr(), at.statement, at.place.policy_type);
        if let Some((_, known)) = self.noted.borrow().statements.get(&citation) {
            return Some(Arc::clone(known));
        }
        let mut found = matched_statement(self, here, policies, at)?;
        found.json = Some(found.to_json());
        let found = Arc::new(found);
        let statements = &mut self.noted.borrow_mut().statements;
        if statements.len() >= MOST_NOTED {
            statements.clear();
        }
        // The policy is kept, so that no other can come to stand at its address.
        statements.insert(citation, (Arc::clone(policy), Arc::clone(&found)));
        Some(found)
    }

    /// Where a statement of a policy stands, and in which text.
    fn place(
        &self,
        here: Here<'_>,
        policy: &Policy,
        policy_type: PolicyType,
        start: u32,
    ) -> (Position, Arc<Source>) {
        match (policy.source(), here) {
            (IN_PLACE, Here::Text(source)) => (source.position(start), Arc::clone(source)),
            (IN_PLACE, Here::Line(line)) => {
                let offset = line.start(policy_type).saturating_add(start);
                (line.position(offset), Arc::clone(line.source))
            }
            (number, here) => {
                let source = self.numbered(number, here.source());
                (source.position(start), source)
            }
        }
    }

    fn numbered(&self, number: u32, here: &Arc<Source>) -> Arc<Source> {
        let known = &mut self.noted.borrow_mut().texts;
        match known.binary_search_by_key(&number, |(number, _)| *number) {
            Ok(at) => known.get(at).map_or_else(|| Arc::clone(here), |(_, source)| Arc::clone(source)),
            Err(at) => {
                let source = self.library.source(number, here);
                known.insert(at, (number, Arc::clone(&source)));
                source
            }
        }
    }
}

/// The text that policies in place stand in.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Here<'h> {
    /// Spans of policies are places in it.
    Text(&'h Arc<Source>),
    /// Spans of policies begin where those of their type do.
    Line(&'h Line<'h>),
}

impl<'h> Here<'h> {
    /// The text, or the file that the line is of.
    pub(crate) fn source(self) -> &'h Arc<Source> {
        match self {
            Self::Text(source) => source,
            Self::Line(line) => line.source,
        }
    }
}

/// A line of a file whose policies were read by themselves.
#[derive(Debug)]
pub(crate) struct Line<'h> {
    /// The file, without its text.
    pub(crate) source: &'h Arc<Source>,
    pub(crate) text: &'h str,
    pub(crate) lines_before: u32,
    /// Where the policies of each type begin.
    pub(crate) starts: Vec<(PolicyType, u32)>,
}

impl Line<'_> {
    fn start(&self, policy_type: PolicyType) -> u32 {
        self.starts.iter().find(|(known, _)| *known == policy_type).map_or(0, |(_, start)| *start)
    }

    fn position(&self, offset: u32) -> Position {
        let before = self.text.as_bytes().get(..offset as usize).unwrap_or_default();
        let characters = before.iter().filter(|byte| **byte & 0xC0 != 0x80).count();
        let column = u32::try_from(characters).unwrap_or(u32::MAX).saturating_add(1);
        Position { line: self.lines_before.saturating_add(1), column }
    }
}

/// The statements an evaluation lists, found in their files. `here` is where policies in place stand.
pub(crate) fn matched_statements(
    texts: &Texts<'_>,
    here: Here<'_>,
    policies: &PolicySet,
    evaluation: &Evaluation,
) -> MatchedStatements {
    let mut found = Vec::with_capacity(evaluation.matched.len());
    found.extend(evaluation.matched.iter().filter_map(|at| texts.noted(here, policies, *at)));
    found
}

/// How many near misses are worth reading.
const NEAR_MISSES: usize = 5;

/// The statements that would have allowed a request but for one element. Those about other actions are not near.
pub(crate) fn near_misses(
    texts: &Texts<'_>,
    here: Here<'_>,
    request: &Request,
    policies: &PolicySet,
    decision: Decision,
) -> Vec<NearMiss> {
    let DecidedBy::MissingAllow(policy_type) = decision.decided_by else { return Vec::new() };
    let explanation = explain(request, policies);
    let concerned = explanation.statements().filter(|trace| {
        trace.statement.effect() == Effect::Allow && trace.at.place.policy_type == policy_type
    });
    let near = concerned.filter_map(|trace| Some((trace, trace.near_miss()?)));
    let (of_action, others): (Vec<_>, Vec<_>) = near.partition(|(_, miss)| *miss == Element::Action);
    // A caller's policies are about many actions; one of a resource that knows the caller is worth a look.
    let is_of_resource = matches!(policy_type, PolicyType::ResourceBased | PolicyType::RoleTrust);
    let near = if others.is_empty() && is_of_resource { of_action } else { others };
    let near_miss = |(trace, miss): (StatementTrace<'_>, Element)| {
        let element = element(trace.statement, miss, request);
        let statement = matched_statement(texts, here, policies, trace.at)?;
        Some(NearMiss { statement, element })
    };
    near.into_iter().filter_map(near_miss).take(NEAR_MISSES).collect()
}

/// `Action`, or a condition with what it compared.
fn element(statement: &Statement, element: Element, request: &Request) -> String {
    let number = match element {
        Element::Principal => return "Principal".to_owned(),
        Element::Action => return "Action".to_owned(),
        Element::Resource => return "Resource".to_owned(),
        Element::Condition(number) => number,
    };
    let Some(condition) = statement.condition(number, request) else { return "Condition".to_owned() };
    let value = match &condition.value {
        None => "is absent".to_owned(),
        Some(ContextValue::One(value)) => format!("is `{value}`"),
        Some(ContextValue::Many(values)) => format!("is [{}]", values.join(", ")),
    };
    format!("Condition {} on {}, which {value}", condition.operator, condition.key)
}

pub(crate) fn matched_statement(
    texts: &Texts<'_>,
    here: Here<'_>,
    policies: &PolicySet,
    at: StatementRef,
) -> Option<MatchedStatement> {
    let policy = policies.policy(at.place)?;
    let statement = policy.statements().get(at.statement)?;
    let (position, source) = texts.place(here, policy, at.place.policy_type, statement.span().start);
    Some(MatchedStatement {
        policy_type: at.place.policy_type.as_str(),
        policy: policy.name().to_owned(),
        sid: statement.sid().map(str::to_owned),
        line: position.line,
        column: position.column,
        source,
        span: statement.span(),
        json: None,
    })
}
