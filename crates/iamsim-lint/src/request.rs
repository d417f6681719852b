//! Judgements about requests: what a question to the simulator says that no real request would.
//!
//! Source: <https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html>

mod context;
mod resources;

use iamsim_catalog::{Service, nearest_action, nearest_service, service};

use crate::actions::newer;
use crate::pattern::has_wildcard;

/// Every code a finding about a request may have, in alphabetical order.
pub const REQUEST_CODES: &[&str] = &[
    CONTEXT_CARDINALITY_MISMATCH,
    CONTEXT_TYPE_MISMATCH,
    MISSING_RESOURCE_TYPE,
    RESOURCE_MISMATCH,
    UNKNOWN_ACTION,
    UNKNOWN_CONTEXT_KEY,
    UNKNOWN_REGION,
    UNKNOWN_SERVICE,
    UNPOPULATED_CONTEXT_KEY,
    WILDCARD_ONLY_ACTION,
];

const CONTEXT_CARDINALITY_MISMATCH: &str = "context-cardinality-mismatch";
const CONTEXT_TYPE_MISMATCH: &str = "context-type-mismatch";
const MISSING_RESOURCE_TYPE: &str = "missing-resource-type";
const RESOURCE_MISMATCH: &str = "resource-mismatch";
const UNKNOWN_ACTION: &str = "unknown-action";
const UNKNOWN_CONTEXT_KEY: &str = "unknown-context-key";
const UNKNOWN_REGION: &str = "unknown-region";
const UNKNOWN_SERVICE: &str = "unknown-service";
const UNPOPULATED_CONTEXT_KEY: &str = "unpopulated-context-key";
const WILDCARD_ONLY_ACTION: &str = "wildcard-only-action";

/// Something a request says that no real one would. It never changes a decision.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RequestFinding {
    /// The code in kebab-case, one of [`REQUEST_CODES`].
    pub code: &'static str,
    /// Which part of the request it is about.
    pub part: RequestPart,
    /// What is wrong.
    pub message: String,
    /// How to put it right.
    pub help: String,
}

/// A part of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestPart {
    /// The action.
    Action,
    /// The resource with this index.
    Resource(usize),
    /// The context key with this index.
    ContextKey(usize),
}

/// A context key as somebody gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenKey<'r> {
    /// The key, in any case.
    pub name: &'r str,
    /// What it is given.
    pub value: GivenValue<'r>,
}

/// What a context key is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GivenValue<'r> {
    /// Said not to be in the request.
    Absent,
    /// One value.
    One(&'r str),
    /// A list of values.
    Many(Vec<&'r str>),
}

/// Judges a request: an action, the resources it is about, and the context that is given rather than filled in.
///
/// Answers the findings in the order of the parts: action, resources, context keys. What a new service, action or
/// key looks like to the catalog is a finding too, and its help says so.
///
/// ```
/// let found = iamsim_lint::lint_request("s3:GetObject", &["arn:aws:s3:::amzn-s3-demo-bucket"], &[]);
/// assert_eq!(found[0].code, "resource-mismatch");
/// ```
#[must_use]
pub fn lint_request(action: &str, resources: &[&str], context: &[GivenKey<'_>]) -> Vec<RequestFinding> {
    let known = iamsim_catalog::action(action);
    let mut findings = Vec::new();
    match known {
        Some(action) => resources::check(action, resources, &mut findings),
        None => findings.push(unknown(action)),
    }
    context::check(known, context, &mut findings);
    findings
}

/// Judges a context apart from an action: whether the keys exist, and whether their values are such as they have.
#[must_use]
pub fn lint_context(context: &[GivenKey<'_>]) -> Vec<RequestFinding> {
    let mut findings = Vec::new();
    context::check(None, context, &mut findings);
    findings
}

/// What is wrong with an action that the catalog does not have.
fn unknown(action: &str) -> RequestFinding {
    let (code, message, otherwise) = match action.split_once(':') {
        None => (
            UNKNOWN_ACTION,
            format!("there is no action `{action}`"),
            "an action is `service:Name`, as in `s3:GetObject`".to_owned(),
        ),
        Some(_) if has_wildcard(action) => {
            let help = "name the action; wildcards are for policies".to_owned();
            return action_finding(
                UNKNOWN_ACTION,
                format!("a request is for one action, not `{action}`"),
                help,
            );
        }
        Some((prefix, name)) => match service(prefix) {
            None => (UNKNOWN_SERVICE, format!("no service has the prefix `{prefix}`"), newer("service")),
            Some(service) => {
                (UNKNOWN_ACTION, format!("{} has no action `{name}`", service.name()), newer("action"))
            }
        },
    };
    let help = match nearest_action(action) {
        Some(near) => format!("did you mean `{near}`?"),
        None => match action.split_once(':').and_then(|(prefix, _)| near_service(prefix)) {
            Some(near) => format!("did you mean `{}`, {}?", near.prefix(), near.name()),
            None => otherwise,
        },
    };
    action_finding(code, message, help)
}

/// The service most like one that is not there.
fn near_service(prefix: &str) -> Option<&'static Service> {
    if service(prefix).is_some() {
        return None;
    }
    nearest_service(prefix)
}

fn action_finding(code: &'static str, message: String, help: String) -> RequestFinding {
    RequestFinding { code, part: RequestPart::Action, message, help }
}

#[cfg(test)]
mod tests;
