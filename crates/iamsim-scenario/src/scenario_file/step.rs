//! The steps of a scenario.

use iamsim_engine::AccountId;
use iamsim_syntax::json::{Node, Value};
use iamsim_syntax::{Arn, Diagnostic, Span};
use iamsim_world::{Caller, Circumstances, UnknownKeys, World};

use crate::context::{GivenContext, unknown_keys};
use crate::decode::{Decoder, Fields, did_you_mean};
use crate::expect::Expectation;
use crate::principal;
use crate::scenario_file::Step;
use crate::settings::flag;
use crate::source::Finding;
use crate::warnings::{self, Asked};

/// Somebody does something.
#[derive(Debug, Clone)]
pub(crate) struct Act {
    pub(crate) name: Option<String>,
    /// Where the step is written.
    pub(crate) span: Span,
    pub(crate) by: By,
    pub(crate) call: Call,
    pub(crate) circumstances: Circumstances,
    /// What the credentials the call returns are called from here on.
    pub(crate) save_as: Option<String>,
    pub(crate) expectation: Option<Expectation>,
    /// What no real request would be.
    pub(crate) warnings: Vec<Finding>,
}

/// Who does it.
#[derive(Debug, Clone)]
pub(crate) enum By {
    /// A principal of the world, or one outside it.
    Principal(Caller),
    /// The holder of credentials that an earlier step saved.
    Saved { name: String, span: Span },
}

/// What is done.
#[derive(Debug, Clone)]
pub(crate) enum Call {
    /// An action on each of the resources.
    Action { action: String, resources: Vec<String>, resource_account: Option<AccountId> },
    /// A shell command.
    Run(Command),
}

/// A shell command and where it is written.
#[derive(Debug, Clone)]
pub(crate) struct Command {
    pub(crate) text: String,
    pub(crate) span: Span,
}

/// Reads the steps; the names of saved credentials are known from the step that saves them on.
pub(super) fn decode_all(
    decoder: &mut Decoder<'_>,
    node: &Node,
    world: &World,
    unknown: &UnknownKeys,
) -> Vec<Step> {
    let mut saved: Vec<String> = Vec::new();
    let mut steps = Vec::new();
    for item in decoder.items(node) {
        let Some(mut fields) = decoder.object(item, "a step") else { continue };
        let step = if let Some(node) = fields.take("wait") {
            wait(decoder, node)
        } else {
            act(decoder, item, &mut fields, world, &mut saved)
                .map(|act| still_unknown(act, unknown))
                .map(Box::new)
                .map(Step::Act)
        };
        fields.finish(decoder);
        steps.extend(step);
    }
    steps
}

/// What the scenario calls unknown is so in every step that does not say what it is.
fn still_unknown(mut act: Act, unknown: &UnknownKeys) -> Act {
    let own = &mut act.circumstances;
    let is_given = |key: &String| {
        own.context.contains(key) || own.absent.iter().any(|absent| absent.eq_ignore_ascii_case(key))
    };
    own.unknown.names.extend(unknown.names.iter().filter(|key| !is_given(key)).cloned());
    own.unknown.every_missing |= unknown.every_missing;
    act
}

fn wait(decoder: &mut Decoder<'_>, node: &Node) -> Option<Step> {
    let milliseconds = decoder.duration(node)?;
    let text = decoder.text(node, "a duration")?;
    Some(Step::Wait { milliseconds, text })
}

fn act(
    decoder: &mut Decoder<'_>,
    node: &Node,
    fields: &mut Fields<'_>,
    world: &World,
    saved: &mut Vec<String>,
) -> Option<Act> {
    let name = fields.take("name").and_then(|node| decoder.text(node, "a step's name"));
    let caller = fields.require(decoder, "as");
    let by = caller.and_then(|node| by(decoder, node, world, saved));
    let call = call(decoder, fields);
    let context = fields.take("context").map(|node| GivenContext::decode(decoder, node)).unwrap_or_default();
    let unknown =
        fields.take("unknown").map(|node| unknown_keys(decoder, node, &context)).unwrap_or_default();
    let mfa = flag(decoder, fields, "mfa");
    let vpc_endpoint = fields
        .take("via")
        .or_else(|| fields.take("vpcEndpoint"))
        .and_then(|node| endpoint(decoder, node, world));
    let save_as = fields.take("saveAs").and_then(|node| decoder.string(node, "a name for credentials"));
    let expectation = fields.take("expect").and_then(|node| Expectation::decode(decoder, node));
    if let Some(name) = save_as {
        saved.push(name.to_owned());
    }
    let call = call?;
    let asked = match &call {
        Call::Action { action, resources, .. } => Asked::Action { action, resources },
        Call::Run(_) => Asked::Command,
    };
    let mut warnings = warnings::of_object(&decoder.source, node, asked, &context.set, &context.absent);
    warnings.extend(caller.and_then(|node| warnings::of_caller(&decoder.source, node, world)));
    let circumstances = Circumstances {
        context: context.set,
        absent: context.absent,
        mfa,
        vpc_endpoint,
        region: None,
        unknown,
    };
    Some(Act {
        name,
        span: fields.span(),
        by: by?,
        call,
        circumstances,
        save_as: save_as.map(str::to_owned),
        expectation,
        warnings,
    })
}

/// An ARN, a saved name, `anonymous`, or an object that names a service or provider.
fn by(decoder: &mut Decoder<'_>, node: &Node, world: &World, saved: &[String]) -> Option<By> {
    let Value::String(text) = &node.value else {
        return principal::decode(decoder, node).map(|principal| By::Principal(Caller::new(principal)));
    };
    if saved.iter().any(|name| **name == **text) {
        return Some(By::Saved { name: text.to_string(), span: node.span });
    }
    if &**text == "anonymous" || text.ends_with(".amazonaws.com") {
        return principal::decode(decoder, node).map(|principal| By::Principal(Caller::new(principal)));
    }
    if !text.starts_with("arn:") {
        let message = format!("no step before this one saves credentials as `{text}`");
        let diagnostic = Diagnostic::error("unknown-principal", node.span, message);
        let help = did_you_mean(text, saved.iter().map(String::as_str));
        decoder.report(diagnostic.with_help(
            help.unwrap_or_else(|| "give an ARN, `anonymous`, or a name that `saveAs` has given".to_owned()),
        ));
        return None;
    }
    principal::in_world(decoder, node, world).map(By::Principal)
}

/// `run`, or `action` with its resources.
fn call(decoder: &mut Decoder<'_>, fields: &mut Fields<'_>) -> Option<Call> {
    let run = fields.take("run");
    let action = fields.take("action");
    let resources = fields.take("resource");
    let account = fields.take("resourceAccount");
    match (run, action) {
        (Some(run), None) => {
            for stray in [resources, account].into_iter().flatten() {
                let message = "a command says itself what it is about";
                let diagnostic = Diagnostic::error("conflicting-keys", stray.span, message);
                decoder.report(diagnostic.with_help("delete this, or write `action` in place of `run`"));
            }
            let text = decoder.string(run, "a command")?.to_owned();
            Some(Call::Run(Command { text, span: run.span }))
        }
        (None, Some(action)) => {
            let name = decoder.string(action, "an action")?;
            let is_known = action_is_known(decoder, name, action.span);
            let mut are_resources = true;
            let resources = resources.map(|node| {
                let resources = decoder.strings(node, "a resource");
                are_resources = resources.iter().all(|resource| is_resource(decoder, resource, node.span));
                resources
            });
            let resources = resources.filter(|resources| !resources.is_empty());
            let resource_account = account.and_then(|node| decoder.account(node));
            let resources = resources.unwrap_or_else(|| vec!["*".to_owned()]);
            (is_known && are_resources).then(|| Call::Action {
                action: name.to_owned(),
                resources,
                resource_account,
            })
        }
        (Some(_), Some(action)) => {
            let message = "a step has `run` or `action`, not both";
            decoder.error("conflicting-keys", action.span, message);
            None
        }
        (None, None) => {
            let span = fields.first_key();
            let diagnostic = Diagnostic::error("missing-key", span, "a step needs `run`, `action` or `wait`");
            decoder.report(diagnostic);
            None
        }
    }
}

/// Whether a resource is an ARN, or `*` for none.
pub(crate) fn is_resource(decoder: &mut Decoder<'_>, resource: &str, span: Span) -> bool {
    if resource == "*" || Arn::parse(resource).is_some() {
        return true;
    }
    let help = match resource.strip_prefix("s3://") {
        Some(path) => format!("did you mean `arn:aws:s3:::{path}`?"),
        None => {
            "an ARN is `arn:partition:service:region:account:resource`; write `*` for no resource".to_owned()
        }
    };
    let message = format!("the resource `{resource}` is no ARN");
    decoder.report(Diagnostic::error("invalid-arn", span, message).with_help(help));
    false
}

/// Whether an action can be what was meant: of a service that exists, and not nearly another.
pub(crate) fn action_is_known(decoder: &mut Decoder<'_>, name: &str, span: Span) -> bool {
    if name.contains(['*', '?']) {
        let message = format!("`{name}` is a pattern, and a question is about one action");
        let help = format!("`iamsim catalog expand '{name}'` lists the actions it covers");
        decoder.report(Diagnostic::error("unknown-action", span, message).with_help(help));
        return false;
    }
    if iamsim_catalog::action(name).is_some() {
        return true;
    }
    let service = name.split_once(':').map(|(service, _)| service);
    let nearest = iamsim_catalog::nearest_action(name);
    let exists = service.is_some_and(|service| iamsim_catalog::service(service).is_some());
    let help = match nearest {
        Some(near) => format!("did you mean `{}:{}`?", near.service, near.name),
        None if exists => return true,
        None => "an action is `service:Name`, as in `s3:GetObject`".to_owned(),
    };
    let message = format!("there is no action `{name}`");
    decoder.report(Diagnostic::error("unknown-action", span, message).with_help(help));
    false
}

/// The id of a VPC endpoint of the world.
pub(crate) fn endpoint(decoder: &mut Decoder<'_>, node: &Node, world: &World) -> Option<String> {
    let id = decoder.string(node, "a VPC endpoint's id")?;
    if world.vpc_endpoint(id).is_none() {
        let known = world.accounts.values().flat_map(|account| account.vpc_endpoints.keys());
        let message = format!("there is no VPC endpoint `{id}` in this world");
        let diagnostic = Diagnostic::error("unknown-endpoint", node.span, message);
        let help = did_you_mean(id, known.map(String::as_str));
        decoder
            .report(diagnostic.with_help(help.unwrap_or_else(|| "add it under `vpcEndpoints`".to_owned())));
        return None;
    }
    Some(id.to_owned())
}
