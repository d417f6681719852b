//! A check with everything that led to its decision, as plain data.

mod serialize;

use std::sync::Arc;

use iamsim_engine::{
    ConditionDetail, ContextValue, Decision, Element, Gate, Grant, Owner, Passage, Place, PolicySet, Request,
    StatementTrace, Verdict, explain,
};
use iamsim_remedy::{Case, Hindrance, hinges};
use iamsim_syntax::{ConditionOperator, Effect, PolicyType, Span};
use iamsim_world::{Call, CheckOutcome};
use schemars::JsonSchema;
use serde::Serialize;

use super::What;
use super::context::Given;
use super::remedy::{self, Found, RemedyReport};
use crate::answer::DecidedByAnswer;
use crate::library::Library;
use crate::schema::words;
use crate::source::Source;
use crate::undetermined::{DECIDED_BY_UNKNOWN, Dependence, dependence};
use crate::written::{Texts, WrittenElement};

/// One check and why it came out as it did.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExplainedCheck {
    /// What is certain of the answer.
    #[serde(rename = "decision", serialize_with = "serialize::verdict")]
    #[schemars(schema_with = "words::verdict")]
    pub verdict: Verdict,
    /// The answer and what settled it. For a check that is not certain, that of the request without unknown keys.
    #[serde(skip)]
    pub decision: Decision,
    /// What settled it, in the words of reports.
    pub decided_by: DecidedByAnswer,
    /// What AWS answers a denied caller.
    pub message: Option<String>,
    /// On what the answer depends, when it is not certain.
    #[serde(flatten)]
    pub dependence: Option<Dependence>,
    /// Whether the answer is certain although facts are unknown.
    #[serde(skip)]
    pub is_certain_anyway: bool,
    /// Who asks: an ARN, a service, a provider, `anonymous`.
    pub principal: String,
    /// What for.
    pub action: String,
    /// On what.
    pub resource: String,
    /// Whose principal and resource are.
    pub accounts: Accounts,
    /// The gates of AWS's flow chart that the request came to, in order.
    pub gates: Vec<GateReport>,
    /// The policies that met the request, by type and, for those of an organization, level.
    pub policies: Vec<AttachedPolicies>,
    /// Every statement of those policies.
    pub statements: Vec<ExplainedStatement>,
    /// The context keys policies ask for and the request does not have.
    pub missing_context_values: Vec<String>,
    /// The request context, by key.
    pub context: Vec<ContextEntry>,
    /// What would allow it, for a denial: that which asks for least first.
    pub remedies: Vec<RemedyReport>,
    /// Why nothing would, where nothing would.
    #[serde(
        rename = "noRemedy",
        serialize_with = "serialize::hindrance",
        skip_serializing_if = "Option::is_none"
    )]
    #[schemars(with = "String")]
    pub hindrance: Option<Hindrance>,
}

/// Whose principal and resource are.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Accounts {
    /// The caller's account; services and the unsigned have none.
    pub caller: Option<String>,
    /// The account of the resource; that of the caller where nobody else's is known.
    pub resource: Option<String>,
    /// How the two stand to each other.
    pub relation: Relation,
}

/// How the caller's account and the resource's stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Relation {
    /// They are one: either side may allow.
    SameAccount,
    /// They differ: both must allow.
    OtherAccount,
    /// The resource is Amazon's own.
    OwnedByAws,
    /// The caller has no account.
    NoAccount,
}

/// A gate and what it did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct GateReport {
    /// The gate.
    #[serde(serialize_with = "serialize::gate")]
    #[schemars(with = "String")]
    pub gate: Gate,
    /// What it did with the request.
    #[serde(serialize_with = "serialize::passage")]
    #[schemars(with = "String")]
    pub passage: Passage,
}

/// The policies of one type that stand at one place.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AttachedPolicies {
    /// Their type.
    #[serde(serialize_with = "serialize::policy_type")]
    #[schemars(schema_with = "words::policy_type")]
    pub policy_type: PolicyType,
    /// For those of an organization: the root, unit or account they are attached to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// Their names.
    pub names: Vec<String>,
}

/// A statement and what it did with the request.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExplainedStatement {
    /// The type of its policy.
    #[serde(serialize_with = "serialize::policy_type")]
    #[schemars(schema_with = "words::policy_type")]
    pub policy_type: PolicyType,
    /// For a policy of an organization: the root, unit or account it is attached to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// Its policy's name.
    pub policy: String,
    /// Which of the policy's statements, from 1.
    pub number: usize,
    /// Its `Sid`.
    pub sid: Option<String>,
    /// `Allow` or `Deny`.
    #[serde(serialize_with = "serialize::effect")]
    #[schemars(schema_with = "words::effect")]
    pub effect: Effect,
    /// Whether all its elements match.
    pub matches: bool,
    /// Whether the request, which is allowed, would be denied without it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_indispensable: bool,
    /// How it names the caller, when all its elements match.
    #[serde(serialize_with = "serialize::grant", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub names_caller: Option<Grant>,
    /// The file it is in; an ARN for an AWS managed policy, empty when it is in none.
    #[serde(serialize_with = "serialize::path")]
    #[schemars(with = "String")]
    pub file: Arc<Source>,
    /// The line it begins on, from 1.
    pub line: u32,
    /// The column, in characters from 1.
    pub column: u32,
    /// Where it stands in its file.
    #[serde(skip)]
    pub span: Span,
    /// Its elements.
    pub elements: Vec<ElementReport>,
}

/// An element of a statement beside what the request has.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ElementReport {
    /// `Principal`, `NotPrincipal`, `Action`, …, `Condition`.
    pub element: &'static str,
    /// Whether it matches.
    pub matches: bool,
    /// The operator of a condition.
    #[serde(serialize_with = "serialize::operator", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub operator: Option<ConditionOperator>,
    /// The key of a condition, as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// What the policy says; empty when its text is not at hand.
    pub policy_values: Vec<String>,
    /// The same with policy variables replaced by their values; empty when there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub resolved_values: Vec<String>,
    /// What the request has; `None` when it has no such key.
    #[serde(serialize_with = "serialize::value")]
    #[schemars(schema_with = "words::optional_context_value")]
    pub request_value: Option<ContextValue>,
    /// Where the policy says so.
    #[serde(skip)]
    pub span: Option<Span>,
}

/// A context key of the request.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ContextEntry {
    /// The key.
    pub key: String,
    /// What it holds.
    #[serde(serialize_with = "serialize::some_value")]
    #[schemars(schema_with = "words::context_value")]
    pub value: ContextValue,
    /// Where it comes from.
    pub origin: Origin,
}

/// Where a context key comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Origin {
    /// Whoever asked gave it.
    Given,
    /// The command's parameters set it.
    Command,
    /// It follows from the principal, the resource and the world.
    Derived,
    /// Nobody said; this is a usual value.
    Assumed,
}

/// Explains a check that was made.
pub(crate) fn explain_check(
    library: &Library,
    check: &CheckOutcome,
    given: &Given,
    calls: &[Call],
    what: &What,
) -> ExplainedCheck {
    let CheckOutcome { request, policies, evaluation, message, partial } = check;
    let partial = partial.as_ref().ok().and_then(Option::as_ref);
    let nowhere = Arc::new(Source::new("", ""));
    let dependence = partial.and_then(|partial| dependence(library, &nowhere, request, policies, partial));
    let explanation = explain(request, policies);
    let mut texts = Texts::new(library);
    let case = Case::new(request.clone(), policies.clone(), |policy| texts.document(policy));
    // What would change an answer that is not certain depends on what is not known.
    let (hinges, found) = match partial {
        Some(_) => (Vec::new(), Found::default()),
        None => (hinges(&case), remedy::find(&case, check, what, &mut texts)),
    };
    let context = request.context().iter().map(|(key, value)| ContextEntry {
        key: key.to_owned(),
        value: value.to_owned(),
        origin: given.origin(key, calls),
    });
    ExplainedCheck {
        verdict: check.verdict(),
        decision: evaluation.decision,
        decided_by: match dependence {
            Some(_) => DECIDED_BY_UNKNOWN,
            None => evaluation.decision.decided_by.into(),
        },
        message: message.clone().filter(|_| dependence.is_none()),
        is_certain_anyway: partial.is_some() && dependence.is_none(),
        dependence,
        principal: request.principal().arn().to_owned(),
        action: request.action().as_str().to_owned(),
        resource: request.resource().to_owned(),
        accounts: accounts(request),
        gates: explanation.gates.iter().map(|&(gate, passage)| GateReport { gate, passage }).collect(),
        policies: attached(request, policies),
        statements: explanation
            .statements()
            .map(|trace| ExplainedStatement {
                is_indispensable: hinges.contains(&trace.at),
                ..explained_statement(&mut texts, &trace, request, policies)
            })
            .collect(),
        remedies: found.remedies,
        hindrance: found.hindrance,
        missing_context_values: evaluation.missing_context_values.clone(),
        context: context.collect(),
    }
}

fn accounts(request: &Request) -> Accounts {
    let (caller, resource) = (request.principal().account(), request.resource_account());
    let relation = match (request.owner(), caller) {
        (Owner::Aws, _) => Relation::OwnedByAws,
        (_, None) => Relation::NoAccount,
        (_, caller) if caller == resource => Relation::SameAccount,
        _ => Relation::OtherAccount,
    };
    let text = |account: iamsim_engine::AccountId| account.to_string();
    Accounts { caller: caller.map(text), resource: resource.map(text), relation }
}

fn attached(request: &Request, policies: &PolicySet) -> Vec<AttachedPolicies> {
    let names = |policies: &[Arc<iamsim_engine::Policy>]| {
        policies.iter().map(|policy| policy.name().to_owned()).collect::<Vec<_>>()
    };
    let resource_type = match iamsim_engine::is_about_a_role(request) {
        true => PolicyType::RoleTrust,
        false => PolicyType::ResourceBased,
    };
    let flat = [
        (PolicyType::IdentityBased, &*policies.identity),
        (PolicyType::PermissionsBoundary, &*policies.permissions_boundary),
        (PolicyType::Session, &*policies.session),
        (resource_type, &*policies.resource),
        (PolicyType::VpcEndpoint, policies.vpc_endpoint.as_deref().unwrap_or_default()),
    ];
    let flat = flat.into_iter().filter(|(_, policies)| !policies.is_empty());
    let mut attached: Vec<_> = flat
        .map(|(policy_type, policies)| AttachedPolicies { policy_type, target: None, names: names(policies) })
        .collect();
    let levels = [
        (PolicyType::ServiceControl, &policies.service_control),
        (PolicyType::ResourceControl, &policies.resource_control),
    ];
    for (policy_type, levels) in levels {
        attached.extend(levels.as_deref().unwrap_or_default().iter().map(|level| AttachedPolicies {
            policy_type,
            target: Some(level.target.to_string()),
            names: names(&level.policies),
        }));
    }
    attached
}

fn explained_statement(
    texts: &mut Texts<'_>,
    trace: &StatementTrace<'_>,
    request: &Request,
    policies: &PolicySet,
) -> ExplainedStatement {
    let StatementTrace { policy, statement, .. } = *trace;
    let file = texts.source(policy);
    let position = file.position(statement.span().start);
    let context = &request.context();
    let elements = trace.elements().filter_map(|(element, matches)| {
        let detail = match element {
            Element::Condition(number) => statement.condition(number, request),
            _ => None,
        };
        let in_text = texts.statement(policy, statement);
        let is_in_text = in_text.is_some();
        let written = in_text.and_then(|text| match (element, &detail) {
            (Element::Principal, _) => text.element("Principal", "NotPrincipal", context),
            (Element::Action, _) => text.element("Action", "NotAction", context),
            (Element::Resource, _) => text.element("Resource", "NotResource", context),
            (Element::Condition(_), Some(detail)) => text.condition(detail.span, context),
            (Element::Condition(_), None) => None,
        });
        // A statement without a principal speaks of whoever it is attached to.
        let is_unwritten = is_in_text && written.is_none() && element == Element::Principal;
        (!is_unwritten).then(|| element_report(element, matches, detail, written, request))
    });
    let elements = elements.collect();
    ExplainedStatement {
        policy_type: trace.at.place.policy_type,
        target: target(policies, trace.at.place),
        policy: policy.name().to_owned(),
        number: trace.at.statement + 1,
        sid: statement.sid().map(str::to_owned),
        effect: statement.effect(),
        matches: trace.grant.is_some(),
        is_indispensable: false,
        names_caller: trace.grant,
        file,
        line: position.line,
        column: position.column,
        span: statement.span(),
        elements,
    }
}

fn element_report(
    element: Element,
    matches: bool,
    detail: Option<ConditionDetail>,
    written: Option<WrittenElement>,
    request: &Request,
) -> ElementReport {
    let (name, request_value) = match element {
        Element::Principal => ("Principal", Some(request.principal().arn().into())),
        Element::Action => ("Action", Some(request.action().as_str().into())),
        Element::Resource => ("Resource", Some(request.resource().into())),
        Element::Condition(_) => ("Condition", detail.as_ref().and_then(|detail| detail.value.clone())),
    };
    let span = written.as_ref().map(|written| written.span);
    let name = written.as_ref().map_or(name, |written| written.name);
    let (policy_values, resolved_values) =
        written.map(|written| (written.values, written.resolved)).unwrap_or_default();
    ElementReport {
        element: name,
        matches,
        operator: detail.as_ref().map(|detail| detail.operator),
        key: detail.map(|detail| detail.key.to_string()),
        policy_values,
        resolved_values,
        request_value,
        span,
    }
}

fn target(policies: &PolicySet, place: Place) -> Option<String> {
    let levels = match place.policy_type {
        PolicyType::ServiceControl => policies.service_control.as_ref()?,
        PolicyType::ResourceControl => policies.resource_control.as_ref()?,
        _ => return None,
    };
    levels.get(place.level).map(|level| level.target.to_string())
}

impl ExplainedStatement {
    /// The one element that does not match, when all others do.
    #[must_use]
    pub fn near_miss(&self) -> Option<&ElementReport> {
        let mut misses = self.elements.iter().filter(|element| !element.matches);
        let miss = misses.next()?;
        misses.next().is_none().then_some(miss)
    }
}
