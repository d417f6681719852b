//! `Action` and `NotAction`: services and actions that AWS does not have.
//!
//! Source: <https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html>

use iamsim_catalog::{Service, nearest_action, nearest_service};
use iamsim_syntax::variable;
use iamsim_syntax::{Diagnostic, PolicyType, Spanned, Text};

use crate::checks::{
    INVALID_ACTION, INVALID_SERVICE_IN_ACTION, RCP_SYNTAX_ERROR_ACTION, WILDCARD_IN_SERVICE_NAME,
};
use crate::document::Document;
use crate::named_actions::NamedAction;
use crate::pattern::has_wildcard;

pub(crate) fn check(document: &Document<'_>, findings: &mut Vec<Diagnostic>) {
    for named in document.statements.iter().flat_map(|named| &named.actions) {
        let NamedAction { pattern, prefix, name, service, .. } = *named;
        let Some(service) = service else {
            match has_wildcard(prefix) {
                true => check_prefix(document, pattern, prefix, findings),
                false => findings.push(no_service(document, pattern, prefix)),
            }
            continue;
        };
        check_reach(document, pattern, prefix, service, findings);
        // A variable here has a check of its own.
        if named.count() == Some(0) && !variable::begins_in(name) {
            findings.push(no_action(document, pattern, service, name));
        }
    }
}

fn check_prefix(
    document: &Document<'_>,
    pattern: &Spanned<Text>,
    prefix: &str,
    findings: &mut Vec<Diagnostic>,
) {
    let message = format!("`{prefix}` takes in every service whose name it matches, future ones too");
    findings.push(
        WILDCARD_IN_SERVICE_NAME
            .at(document.part(pattern, 0..prefix.len()), message)
            .with_help("name the service, or write `*` if every action is meant"),
    );
}

fn no_service(document: &Document<'_>, pattern: &Spanned<Text>, prefix: &str) -> Diagnostic {
    let near = document.suggestion(|| {
        // The action's own name may tell more than its prefix.
        let of_action = nearest_action(&pattern.value).map(|action| action.service);
        of_action.or_else(|| nearest_service(prefix).map(Service::prefix))
    });
    let help = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("see the services AWS lists; {}", newer("service")),
    };
    INVALID_SERVICE_IN_ACTION
        .at(document.part(pattern, 0..prefix.len()), format!("no service has the prefix `{prefix}`"))
        .with_help(help)
}

fn no_action(document: &Document<'_>, pattern: &Spanned<Text>, service: &Service, name: &str) -> Diagnostic {
    let message = match has_wildcard(name) {
        true => format!("no action of {} matches `{}`", service.name(), pattern.value),
        false => format!("{} has no action `{name}`", service.name()),
    };
    let help = match document.suggestion(|| nearest_action(&pattern.value)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("see the actions AWS lists for `{}`; {}", service.prefix(), newer("action")),
    };
    let start = pattern.value.len() - name.len();
    INVALID_ACTION.at(document.part(pattern, start..pattern.value.len()), message).with_help(help)
}

/// What to think of a finding about something the catalog does not have.
pub(crate) fn newer(what: &str) -> String {
    let dated = iamsim_catalog::about().sources.iter().map(|source| source.dated).max().unwrap_or_default();
    format!("this {what} may be newer than our list of {dated}")
}

/// Resource control policies reach some services only.
///
/// Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html>
fn check_reach(
    document: &Document<'_>,
    pattern: &Spanned<Text>,
    prefix: &str,
    service: &Service,
    findings: &mut Vec<Diagnostic>,
) {
    let is_reached = service.supports_resource_control_policies();
    if document.policy.policy_type != PolicyType::ResourceControl || is_reached {
        return;
    }
    let message = format!("resource control policies do not apply to {}", service.name());
    findings.push(RCP_SYNTAX_ERROR_ACTION.at(document.part(pattern, 0..prefix.len()), message).with_help(
        "remove the action; AWS Organizations refuses the actions of services they do not apply to",
    ));
}
