//! Evaluation cases: a request, every policy that applies to it, and perhaps what is expected.

use std::sync::Arc;

use iamsim_engine::{AccountId, Level, PolicySet, Principal, Request, is_about_a_role};
use iamsim_syntax::json::Node;
use iamsim_syntax::{Diagnostic, PolicyType, Span};
use iamsim_world::{UnknownKeys, has_resource_control_policies};

use crate::context::{GivenContext, unknown_keys};
use crate::decode::{Decoder, Fields};
use crate::expect::Expectation;
use crate::library::Library;
use crate::policy_file::PolicyReader;
use crate::principal;
use crate::settings::GivenSettings;
use crate::source::{Finding, Source};
use crate::warnings::{self, Asked};

/// What to do with requests that no real one would be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum RequestWarnings {
    /// Do not look.
    #[default]
    Off,
    /// Say so beside the answer.
    Beside,
    /// Refuse to answer.
    Refuse,
}

/// One case, ready to be evaluated.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    /// The request for the first resource.
    pub(crate) request: Request,
    /// Those for the other resources; all must be allowed.
    pub(crate) further: Vec<Request>,
    pub(crate) policies: PolicySet,
    /// Context keys of which nobody knows what they hold.
    pub(crate) unknown: UnknownKeys,
    /// Where the request is written.
    pub(crate) span: Span,
    /// What no real request would be.
    pub(crate) warnings: Vec<Finding>,
}

/// What was read of a case. Its name and expectation are there even when the rest has errors.
pub(crate) struct ReadCase {
    pub(crate) id: Option<String>,
    pub(crate) expectation: Option<Expectation>,
    pub(crate) case: Result<Case, Vec<Finding>>,
}

impl ReadCase {
    /// A text of which nothing can be read as a case.
    pub(crate) fn unreadable(source: &Arc<Source>, faults: Vec<Diagnostic>) -> Self {
        let finding = |diagnostic| Finding { source: Arc::clone(source), diagnostic };
        Self { id: None, expectation: None, case: Err(faults.into_iter().map(finding).collect()) }
    }
}

/// Reads one case of a text, in which `faults` were found already.
pub(crate) fn read(
    library: &Library,
    source: &Arc<Source>,
    node: &Node,
    faults: Vec<Diagnostic>,
    mode: RequestWarnings,
) -> ReadCase {
    let mut decoder = Decoder::passing(library, Arc::clone(source));
    faults.into_iter().for_each(|fault| decoder.report(fault));
    let mut read = ReadCase { id: None, expectation: None, case: Err(Vec::new()) };
    let case = decode(&mut decoder, node, mode, &mut read);
    let findings = decoder.finish();
    read.case = case.filter(|_| findings.is_empty()).ok_or(findings);
    read
}

fn decode(
    decoder: &mut Decoder<'_>,
    node: &Node,
    mode: RequestWarnings,
    read: &mut ReadCase,
) -> Option<Case> {
    let mut fields = decoder.object(node, "a case")?;
    read.id = fields.take("id").and_then(|node| decoder.text(node, "`id`"));
    for words in ["name", "source"] {
        fields.take(words).and_then(|node| decoder.text(node, words));
    }
    read.expectation = fields.take("expect").and_then(|node| Expectation::decode(decoder, node));
    let settings =
        fields.take("settings").map(|node| GivenSettings::decode(decoder, node)).unwrap_or_default();
    let mut unknown = UnknownKeys::default();
    let asked = fields.require(decoder, "request");
    let span = asked.map(|node| node.span).unwrap_or_default();
    let asked = asked.and_then(|node| requests(decoder, node, mode, &mut unknown));
    let (request, warnings) = asked.unzip();
    let policies = fields.take("policies").and_then(|node| decoder.object(node, "`policies`"));
    let policies = match policies {
        Some(policies) => policy_set(decoder, policies, request.as_deref().unwrap_or_default(), settings),
        None => PolicySet { settings: settings.settings, ..PolicySet::default() },
    };
    fields.finish(decoder);
    let mut requests = request?.into_iter();
    let warnings = match mode {
        RequestWarnings::Off | RequestWarnings::Beside => warnings.unwrap_or_default(),
        RequestWarnings::Refuse => {
            let errors = warnings::as_errors(warnings.unwrap_or_default());
            errors.into_iter().for_each(|error| decoder.add(error));
            Vec::new()
        }
    };
    Some(Case { request: requests.next()?, further: requests.collect(), policies, unknown, span, warnings })
}

/// The request for each resource, and what no real one would be.
fn requests(
    decoder: &mut Decoder<'_>,
    node: &Node,
    mode: RequestWarnings,
    unknown: &mut UnknownKeys,
) -> Option<(Vec<Request>, Vec<Finding>)> {
    let mut fields = decoder.object(node, "a request")?;
    let principal = fields.require(decoder, "principal").and_then(|node| principal::decode(decoder, node));
    let issuer = fields.take("issuer").and_then(|node| decoder.string(node, "the issuer"));
    let action = fields.require(decoder, "action").and_then(|node| decoder.string(node, "an action"));
    let resources = fields.require(decoder, "resource").map(|node| decoder.strings(node, "a resource"));
    let account = fields.take("resourceAccount").map(|node| decoder.account(node));
    let context = fields.take("context").map(|node| GivenContext::decode(decoder, node)).unwrap_or_default();
    if let Some(node) = fields.take("unknown") {
        *unknown = unknown_keys(decoder, node, &context);
    }
    let span = fields.span();
    fields.finish(decoder);
    let (principal, action, resources) = (with_issuer(principal?, issuer), action?, resources?);
    if resources.is_empty() {
        decoder.error("missing-value", span, "a request needs a resource, or `*` if its action takes none");
        return None;
    }
    let account = match account {
        Some(account) => Some(account?),
        None => None,
    };
    let mut given = context.clone();
    given.absent.extend(unknown.names.iter().cloned());
    let request = |resource: &String| request(&principal, action, resource, account, &given);
    let warnings = match mode {
        RequestWarnings::Off => Vec::new(),
        RequestWarnings::Beside | RequestWarnings::Refuse => {
            let asked = Asked::Action { action, resources: &resources };
            warnings::of_object(&decoder.source, node, asked, &context.set, &context.absent)
        }
    };
    Some((resources.iter().map(request).collect(), warnings))
}

fn request(
    principal: &Principal,
    action: &str,
    resource: &str,
    account: Option<AccountId>,
    context: &GivenContext,
) -> Request {
    let request = Request::of(principal.clone(), action, resource);
    let request = match account {
        Some(account) => request.with_resource_account(account),
        None => request,
    };
    context.complete(request)
}

fn with_issuer(principal: Principal, issuer: Option<&str>) -> Principal {
    match (principal, issuer) {
        (Principal::FederatedUser { arn, account, .. }, Some(issuer)) => {
            Principal::FederatedUser { arn, account, issuer: Some(issuer.into()) }
        }
        (principal, _) => principal,
    }
}

fn policy_set(
    decoder: &mut Decoder<'_>,
    mut fields: Fields<'_>,
    requests: &[Request],
    given: GivenSettings,
) -> PolicySet {
    let mut list = |decoder: &mut Decoder<'_>, key, policy_type| {
        fields
            .take(key)
            .map(|node| PolicyReader::new(policy_type, key).list(decoder, node))
            .unwrap_or_default()
    };
    let identity = list(decoder, "identity", PolicyType::IdentityBased);
    let session = list(decoder, "session", PolicyType::Session);
    let vpc_endpoint = list(decoder, "vpcEndpoint", PolicyType::VpcEndpoint);

    let mut one = |decoder: &mut Decoder<'_>, key, policy_type| {
        fields
            .take(key)
            .map(|node| PolicyReader::new(policy_type, key).only(decoder, node))
            .unwrap_or_default()
    };
    let permissions_boundary = one(decoder, "permissionsBoundary", PolicyType::PermissionsBoundary);
    let about_a_role = requests.first().is_some_and(is_about_a_role);
    let resource_type = if about_a_role { PolicyType::RoleTrust } else { PolicyType::ResourceBased };
    let resource = one(decoder, "resource", resource_type);

    let mut levels = |decoder: &mut Decoder<'_>, key, policy_type| {
        let node = fields.take(key)?;
        Some(Arc::from(self::levels(decoder, node, &PolicyReader::new(policy_type, key))))
    };
    let service_control = levels(decoder, "serviceControl", PolicyType::ServiceControl);
    let resource_control = levels(decoder, "resourceControl", PolicyType::ResourceControl);
    fields.finish(decoder);

    let own = |request: &Request| request.resource_account() == request.principal().account();
    let owner_in_management_account = given.resource_in_management_account
        || (given.caller_in_management_account && requests.first().is_some_and(own));
    let reached =
        requests.first().is_some_and(|request| has_resource_control_policies(request.action().service()));
    PolicySet {
        identity,
        permissions_boundary,
        session,
        resource,
        service_control: service_control.filter(|_| !given.caller_in_management_account),
        resource_control: resource_control.filter(|_| reached && !owner_in_management_account),
        vpc_endpoint: (!vpc_endpoint.is_empty()).then_some(vpc_endpoint),
        settings: given.settings,
    }
}

/// From the root down to the account.
fn levels(decoder: &mut Decoder<'_>, node: &Node, reader: &PolicyReader<'_>) -> Vec<Level> {
    let mut levels = Vec::new();
    for item in decoder.items(node) {
        let Some(mut fields) = decoder.object(item, "a level") else { continue };
        let target = fields.require(decoder, "target").and_then(|node| decoder.text(node, "a target"));
        let policies = fields.take("policies").map(|node| reader.list(decoder, node)).unwrap_or_default();
        fields.finish(decoder);
        if let Some(target) = target {
            levels.push(Level { target: target.into(), policies });
        }
    }
    levels
}
