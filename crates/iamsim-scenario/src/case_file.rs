//! Evaluation cases: a request, every policy that applies to it, and perhaps what is expected.

use std::sync::Arc;

use iamsim_engine::{AccountId, Level, PolicySet, Principal, Request, is_about_a_role};
use iamsim_syntax::json::Node;
use iamsim_syntax::{Diagnostic, PolicyType, Span};
use iamsim_world::{
    Caller, Check, Circumstances, Simulation, UnknownKeys, World, has_resource_control_policies,
};

use crate::context::{GivenContext, unknown_keys};
use crate::decode::{Decoder, Fields};
use crate::expect::Expectation;
use crate::library::Library;
use crate::policy_file::PolicyReader;
use crate::principal;
use crate::settings::GivenSettings;
use crate::source::{Finding, Source};
use crate::{scenario_file, warnings};

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
pub(crate) struct Case<'r> {
    pub(crate) question: Question<'r>,
    /// Where the request is written.
    pub(crate) span: Span,
    /// What no real request would be.
    pub(crate) warnings: Vec<Finding>,
}

/// What a case asks.
#[derive(Debug, Clone)]
pub(crate) enum Question<'r> {
    /// Requests for one resource each, all of which must be allowed, and the policies they meet.
    Given { first: Request, further: Vec<Request>, policies: PolicySet, unknown: UnknownKeys },
    /// The same of a world, which knows the policies.
    OfWorld {
        simulation: &'r Simulation,
        caller: Caller,
        first: Check,
        further: Vec<Check>,
        circumstances: Circumstances,
    },
}

/// How cases are read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reading<'r> {
    pub(crate) library: &'r Library,
    /// The world that knows the policies; `None` when each case brings its own.
    pub(crate) simulation: Option<&'r Simulation>,
    pub(crate) warnings: RequestWarnings,
}

impl<'r> Reading<'r> {
    fn world(&self) -> Option<&'r World> {
        self.simulation.map(Simulation::world)
    }
}

/// What was read of a case. Its name and expectation are there even when the rest has errors.
pub(crate) struct ReadCase<'r> {
    pub(crate) id: Option<String>,
    pub(crate) expectation: Option<Expectation>,
    pub(crate) case: Result<Case<'r>, Vec<Finding>>,
}

impl ReadCase<'_> {
    /// A text of which nothing can be read as a case.
    pub(crate) fn unreadable(source: &Arc<Source>, faults: Vec<Diagnostic>) -> Self {
        let finding = |diagnostic| Finding { source: Arc::clone(source), diagnostic };
        Self { id: None, expectation: None, case: Err(faults.into_iter().map(finding).collect()) }
    }
}

/// Reads one case of a text, in which `faults` were found already.
pub(crate) fn read<'r>(
    reading: Reading<'r>,
    source: &Arc<Source>,
    node: &Node,
    faults: Vec<Diagnostic>,
) -> ReadCase<'r> {
    let mut decoder = Decoder::passing(reading.library, Arc::clone(source));
    faults.into_iter().for_each(|fault| decoder.report(fault));
    let mut read = ReadCase { id: None, expectation: None, case: Err(Vec::new()) };
    let case = decode(&mut decoder, node, reading, &mut read);
    let findings = decoder.finish();
    read.case = case.filter(|_| findings.is_empty()).ok_or(findings);
    read
}

fn decode<'r>(
    decoder: &mut Decoder<'_>,
    node: &Node,
    reading: Reading<'r>,
    read: &mut ReadCase<'_>,
) -> Option<Case<'r>> {
    let mut fields = decoder.object(node, "a case")?;
    read.id = fields.take("id").and_then(|node| decoder.text(node, "`id`"));
    for words in ["name", "source"] {
        fields.take(words).and_then(|node| decoder.text(node, words));
    }
    read.expectation = fields.take("expect").and_then(|node| Expectation::decode(decoder, node));
    let asked = fields.require(decoder, "request");
    let span = asked.map(|node| node.span).unwrap_or_default();
    let asked = asked.and_then(|node| Asked::decode(decoder, node, reading));
    let question = match reading.simulation {
        None => given(decoder, &mut fields, asked.as_ref()),
        Some(simulation) => of_world(decoder, &mut fields, asked.as_ref(), simulation),
    };
    fields.finish(decoder);
    let warnings = asked.map(|asked| asked.warnings).unwrap_or_default();
    let warnings = match reading.warnings {
        RequestWarnings::Off | RequestWarnings::Beside => warnings,
        RequestWarnings::Refuse => {
            warnings::as_errors(warnings).into_iter().for_each(|error| decoder.add(error));
            Vec::new()
        }
    };
    Some(Case { question: question?, span, warnings })
}

/// A request with the policies written beside it.
fn given<'r>(
    decoder: &mut Decoder<'_>,
    fields: &mut Fields<'_>,
    asked: Option<&Asked<'_>>,
) -> Option<Question<'r>> {
    let settings =
        fields.take("settings").map(|node| GivenSettings::decode(decoder, node)).unwrap_or_default();
    let requests = asked.map(Asked::requests).unwrap_or_default();
    let policies = fields.take("policies").and_then(|node| decoder.object(node, "`policies`"));
    let policies = match policies {
        Some(policies) => policy_set(decoder, policies, &requests, settings),
        None => PolicySet { settings: settings.settings, ..PolicySet::default() },
    };
    let mut requests = requests.into_iter();
    let unknown = asked.map(|asked| asked.unknown.clone()).unwrap_or_default();
    Some(Question::Given { first: requests.next()?, further: requests.collect(), policies, unknown })
}

/// A request whose policies and settings a world knows.
fn of_world<'r>(
    decoder: &mut Decoder<'_>,
    fields: &mut Fields<'_>,
    asked: Option<&Asked<'_>>,
    simulation: &'r Simulation,
) -> Option<Question<'r>> {
    for key in ["policies", "settings"] {
        if let Some(stray) = fields.take(key) {
            let message = format!("`{key}` cannot be given beside a world, which says what they are");
            let diagnostic = Diagnostic::error("conflicting-keys", stray.span, message);
            decoder.report(diagnostic.with_help(format!("delete `{key}`, or leave `--world` out")));
        }
    }
    asked.and_then(|asked| asked.of_world(simulation))
}

/// What a request says.
struct Asked<'n> {
    caller: Caller,
    action: &'n str,
    resources: Vec<String>,
    account: Option<AccountId>,
    context: GivenContext,
    /// Context keys of which nobody knows what they hold.
    unknown: UnknownKeys,
    warnings: Vec<Finding>,
}

impl<'n> Asked<'n> {
    fn decode(decoder: &mut Decoder<'_>, node: &'n Node, reading: Reading<'_>) -> Option<Self> {
        let mut fields = decoder.object(node, "a request")?;
        let principal = fields.require(decoder, "principal");
        let caller = principal.and_then(|node| match reading.world() {
            Some(world) => principal::in_world(decoder, node, world),
            None => principal::decode(decoder, node).map(Caller::new),
        });
        let issuer = fields.take("issuer").and_then(|node| decoder.string(node, "the issuer"));
        let action = fields.require(decoder, "action");
        let action = action.and_then(|node| Some((node, decoder.string(node, "an action")?)));
        let resources = fields.require(decoder, "resource");
        let resources = resources.map(|node| (node, decoder.strings(node, "a resource")));
        let account = fields.take("resourceAccount").map(|node| decoder.account(node));
        let context = fields.take("context").map(|node| GivenContext::decode(decoder, node));
        let context = context.unwrap_or_default();
        let unknown = fields.take("unknown").map(|node| unknown_keys(decoder, node, &context));
        let span = fields.span();
        fields.finish(decoder);
        if let (Some(_), Some((node, action)), Some((place, resources))) =
            (reading.world(), action, &resources)
        {
            scenario_file::action_is_known(decoder, action, node.span);
            resources.iter().for_each(|resource| {
                scenario_file::is_resource(decoder, resource, place.span);
            });
        }
        let (caller, (_, action), (_, resources)) = (with_issuer(caller?, issuer), action?, resources?);
        if resources.is_empty() {
            decoder.error(
                "missing-value",
                span,
                "a request needs a resource, or `*` if its action takes none",
            );
            return None;
        }
        let account = match account {
            Some(account) => Some(account?),
            None => None,
        };
        let warnings = match reading.warnings {
            RequestWarnings::Off => Vec::new(),
            RequestWarnings::Beside | RequestWarnings::Refuse => {
                let asked = warnings::Asked::Action { action, resources: &resources };
                let source = &decoder.source;
                let mut found = warnings::of_object(source, node, asked, &context.set, &context.absent);
                let caller = reading.world().zip(principal);
                found.extend(caller.and_then(|(world, node)| warnings::of_caller(source, node, world)));
                found
            }
        };
        let unknown = unknown.unwrap_or_default();
        Some(Self { caller, action, resources, account, context, unknown, warnings })
    }

    /// The request for each resource.
    fn requests(&self) -> Vec<Request> {
        let Self { caller, action, account, .. } = self;
        let mut context = self.context.clone();
        context.absent.extend(self.unknown.names.iter().cloned());
        let request = |resource: &String| request(&caller.principal, action, resource, *account, &context);
        self.resources.iter().map(request).collect()
    }

    fn of_world<'r>(&self, simulation: &'r Simulation) -> Option<Question<'r>> {
        let check =
            |resource: &String| Check { resource_account: self.account, ..Check::new(self.action, resource) };
        let mut checks = self.resources.iter().map(check);
        let GivenContext { set, absent } = self.context.clone();
        Some(Question::OfWorld {
            simulation,
            caller: self.caller.clone(),
            first: checks.next()?,
            further: checks.collect(),
            circumstances: Circumstances {
                context: set,
                absent,
                unknown: self.unknown.clone(),
                ..Circumstances::default()
            },
        })
    }
}

pub(crate) fn request(
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

fn with_issuer(mut caller: Caller, issuer: Option<&str>) -> Caller {
    if let (Principal::FederatedUser { issuer, .. }, Some(named)) = (&mut caller.principal, issuer) {
        *issuer = Some(named.into());
    }
    caller
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
    let resource_type = requests.first().map_or(PolicyType::ResourceBased, resource_policy_type);
    let resource = one(decoder, "resource", resource_type);

    let mut levels = |decoder: &mut Decoder<'_>, key, policy_type| {
        let node = fields.take(key)?;
        Some(Arc::from(self::levels(decoder, node, &PolicyReader::new(policy_type, key))))
    };
    let service_control = levels(decoder, "serviceControl", PolicyType::ServiceControl);
    let resource_control = levels(decoder, "resourceControl", PolicyType::ResourceControl);
    fields.finish(decoder);

    let vpc_endpoint = Some(vpc_endpoint);
    let settings = given.settings.clone();
    let written = PolicySet {
        identity,
        permissions_boundary,
        session,
        resource,
        service_control,
        resource_control,
        vpc_endpoint,
        settings,
    };
    meeting(written, requests.first(), &given)
}

/// Of the policies written beside a request, those that meet it.
pub(crate) fn meeting(written: PolicySet, request: Option<&Request>, given: &GivenSettings) -> PolicySet {
    let own = |request: &Request| request.resource_account() == request.principal().account();
    let owner_in_management_account = given.resource_in_management_account
        || (given.caller_in_management_account && request.is_some_and(own));
    let is_reached = |request: &Request| has_resource_control_policies(request.action().service());
    let is_reached = |_: &_| !owner_in_management_account && request.is_some_and(is_reached);
    PolicySet {
        service_control: written.service_control.filter(|_| !given.caller_in_management_account),
        resource_control: written.resource_control.filter(is_reached),
        vpc_endpoint: written.vpc_endpoint.filter(|policies| !policies.is_empty()),
        ..written
    }
}

/// What the policy of a request's resource is read as.
pub(crate) fn resource_policy_type(request: &Request) -> PolicyType {
    if is_about_a_role(request) { PolicyType::RoleTrust } else { PolicyType::ResourceBased }
}

/// From the root down to the account.
pub(crate) fn levels(decoder: &mut Decoder<'_>, node: &Node, reader: &PolicyReader<'_>) -> Vec<Level> {
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
