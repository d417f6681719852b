//! What the catalog holds against a request that somebody wrote: warnings, which change no decision.

use std::sync::Arc;

use iamsim_engine::{AccountId, Context, ValueRef};
use iamsim_lint::{GivenKey, GivenValue, RequestFinding, RequestPart, lint_context, lint_request};
use iamsim_syntax::json::{Node, Value};
use iamsim_syntax::{Arn, Diagnostic, Severity, Span};
use iamsim_world::World;
use schemars::JsonSchema;
use serde::{Serialize, Serializer};

use crate::ask::{Question, What};
use crate::source::{Finding, Source};

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Asked<'a> {
    /// An action on each of the resources.
    Action { action: &'a str, resources: &'a [String] },
    /// Whatever a command calls: its context is looked at by itself.
    Command,
}

/// Judges the request in an object with the keys `action`, `resource` and `context`. `absent` are the context keys
/// that are `null`.
pub(crate) fn of_object(
    source: &Arc<Source>,
    node: &Node,
    asked: Asked<'_>,
    context: &Context,
    absent: &[String],
) -> Vec<Finding> {
    let given = given(context, absent);
    let member = |key: &str| node.member(key).map(|member| &member.value);
    let place = |part| match part {
        RequestPart::Action => member("action").map(|action| action.span),
        RequestPart::Resource(at) => match member("resource") {
            Some(Node { value: Value::Array(items), .. }) => items.get(at).map(|item| item.span),
            resource => resource.or(member("action")).map(|node| node.span),
        },
        RequestPart::ContextKey(at) => {
            let name = given.get(at)?.name;
            Some(member("context")?.member(name)?.key.span)
        }
    };
    let finding = |found: RequestFinding| Finding {
        source: Arc::clone(source),
        diagnostic: diagnostic(place(found.part).unwrap_or(node.span), found),
    };
    lint(asked, &given).into_iter().map(finding).collect()
}

/// A caller in an account that the world does not mention, and that is all but one it does: every denial would be
/// as expected, and mean nothing.
pub(crate) fn of_caller(source: &Arc<Source>, node: &Node, world: &World) -> Option<Finding> {
    let id = Arn::parse(node.as_str()?).and_then(|arn| AccountId::parse(arn.account))?;
    if world.accounts.contains_key(&id) {
        return None;
    }
    let differ =
        |known: &AccountId| known.as_str().bytes().zip(id.as_str().bytes()).filter(|(a, b)| a != b).count();
    let near = world.accounts.keys().find(|known| differ(known) <= MISTYPED)?;
    let message = format!("account {id} is not in this world");
    let diagnostic = Diagnostic::new(Severity::Warning, "unknown-account", node.span, message);
    let diagnostic = diagnostic.with_help(format!("did you mean {near}?"));
    Some(Finding { source: Arc::clone(source), diagnostic })
}

/// So many digits of an account id are mistyped at most.
const MISTYPED: usize = 2;

/// What `--region` gives.
const REQUESTED_REGION: &str = "aws:RequestedRegion";

/// Judges the request that flags ask about; each flag is a text of its own.
pub(crate) fn of_question(question: &Question, context: &Context) -> Vec<Finding> {
    let mut given = given(context, &question.absent);
    let keys = given.len();
    given.extend(
        question
            .region
            .iter()
            .map(|region| GivenKey { name: REQUESTED_REGION, value: GivenValue::One(region) }),
    );
    let star = ["*".to_owned()];
    let (asked, action, resources) = match &question.what {
        What::Run(_) => (Asked::Command, "", &star[..]),
        What::Action { action, resources, .. } => {
            let resources = if resources.is_empty() { &star[..] } else { resources };
            (Asked::Action { action, resources }, action.as_str(), resources)
        }
    };
    let finding = |found: RequestFinding| {
        let (flag, text) = match found.part {
            RequestPart::Action => ("--action", action),
            RequestPart::Resource(at) => ("--resource", resources.get(at).map_or("", String::as_str)),
            RequestPart::ContextKey(at) if at >= keys => {
                ("--region", question.region.as_deref().unwrap_or_default())
            }
            RequestPart::ContextKey(at) => match given.get(at) {
                Some(GivenKey { name, value: GivenValue::Absent }) => ("--without", *name),
                given => ("--context", given.map_or("", |given| given.name)),
            },
        };
        let span = Span::new(0, u32::try_from(text.len()).unwrap_or_default());
        Finding { source: Arc::new(Source::new(flag, text)), diagnostic: diagnostic(span, found) }
    };
    lint(asked, &given).into_iter().map(finding).collect()
}

fn lint(asked: Asked<'_>, given: &[GivenKey<'_>]) -> Vec<RequestFinding> {
    match asked {
        Asked::Command => lint_context(given),
        Asked::Action { action, resources } => {
            let resources: Vec<&str> = resources.iter().map(String::as_str).collect();
            lint_request(action, &resources, given)
        }
    }
}

fn given<'c>(context: &'c Context, absent: &'c [String]) -> Vec<GivenKey<'c>> {
    let set = context.iter().map(|(name, value)| GivenKey {
        name,
        value: match value {
            ValueRef::One(value) => GivenValue::One(value),
            ValueRef::Many(values) => GivenValue::Many(values.iter().map(|value| &**value).collect()),
        },
    });
    let absent = absent.iter().map(|name| GivenKey { name, value: GivenValue::Absent });
    set.chain(absent).collect()
}

fn diagnostic(span: Span, found: RequestFinding) -> Diagnostic {
    Diagnostic::new(Severity::Warning, found.code, span, found.message).with_help(found.help)
}

/// The same findings as errors, for whoever wants to hear no answer to a careless question.
#[must_use]
pub fn as_errors(warnings: Vec<Finding>) -> Vec<Finding> {
    let error = |mut finding: Finding| {
        finding.diagnostic.severity = Severity::Error;
        finding
    };
    warnings.into_iter().map(error).collect()
}

/// A warning as data.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Warning<'w> {
    /// The diagnostic's code.
    pub code: &'static str,
    /// What no real request would be.
    pub message: &'w str,
    /// What one would be.
    pub help: Option<&'w str>,
    /// The line in the file that asks, from 1; absent when flags ask.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// The column, in characters from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<u32>,
}

/// Writes warnings as [`Warning`]s.
///
/// # Errors
/// Those of the serializer.
pub fn serialize<S: Serializer>(warnings: &[Finding], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(warnings.iter().map(|finding| {
        let place = finding.place_in_file();
        Warning {
            code: finding.diagnostic.code,
            message: &finding.diagnostic.message,
            help: finding.diagnostic.help.as_deref(),
            line: place.map(|place| place.line),
            column: place.map(|place| place.column),
        }
    }))
}
