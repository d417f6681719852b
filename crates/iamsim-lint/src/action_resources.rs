//! Actions beside resources they do not work on.
//!
//! Source: <https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html>

use iamsim_catalog::service as catalog_service;
use iamsim_syntax::{Diagnostic, Sense, Statement};

use crate::arn_forms::of_any_service;
use crate::checks::ACTION_RESOURCE_MISMATCH;
use crate::document::Document;
use crate::effort::Effort;
use crate::named::NamedStatement;
use crate::named_actions::NamedAction;
use crate::named_resources::NamedResource;
use crate::resources::forms::written;

/// How many actions and forms of ARNs are compared to patterns.
const EFFORT: usize = 500_000;

pub(crate) fn check(document: &Document<'_>, findings: &mut Vec<Diagnostic>) {
    let mut effort = Effort::new(EFFORT);
    for NamedStatement { statement, actions, resources, .. } in &document.statements {
        if statement.action.sense == Sense::NotListed {
            continue;
        }
        let lists = statement.resource.as_ref().is_some_and(|element| element.sense == Sense::Listed);
        let Some(types) = lists.then(|| types(resources, &mut effort)).flatten() else { continue };
        for named in actions {
            let Some(count @ 1..) = named.count() else { continue };
            if !effort.spend(count) {
                return;
            }
            let mut used = named.actions().flat_map(|action| {
                action.resource_types.iter().map(|used| (used.resource_type, action.service))
            });
            let works = |(name, service)| {
                types.contains(&(name, service))
                    || of_any_service(service).any(|form| form.resource_type == name)
            };
            if !used.any(works) {
                findings.push(finding(statement, named));
            }
        }
    }
}

/// The types of the resources a statement lists, each with its service; `None` where some pattern may stand for any
/// resource, or for one the catalog does not know.
fn types(resources: &[NamedResource<'_>], effort: &mut Effort) -> Option<Vec<(&'static str, &'static str)>> {
    let mut types = Vec::new();
    for named in resources {
        if !effort.spend(named.forms.len()) {
            return None;
        }
        let before = types.len();
        types.reserve(named.fitting.len());
        let fitting = named.fitting.iter().filter(|fitting| fitting.takes_region && fitting.takes_account);
        types.extend(fitting.map(|fitting| (fitting.form.resource_type, fitting.form.service)));
        if types.len() == before {
            return None;
        }
    }
    types.sort_unstable();
    types.dedup();
    Some(types)
}

fn finding(statement: &Statement, named: &NamedAction<'_>) -> Diagnostic {
    let pattern = named.pattern;
    let used = named
        .actions()
        .flat_map(|action| action.resource_types.iter().map(|used| (action.service, used.resource_type)));
    let mut used: Vec<(&str, &str)> = used.collect();
    used.sort_unstable();
    used.dedup();
    let help = if used.is_empty() {
        "it works on no resource in particular: move it to a statement with `\"Resource\": \"*\"`".to_owned()
    } else {
        let types = used.iter().filter_map(|(service, name)| catalog_service(service)?.resource_type(name));
        let forms = types.flat_map(|resource_type| resource_type.arns.iter().copied());
        format!("list a resource it works on; {}", written(forms))
    };
    let related = statement.resource.as_ref().map_or(statement.span, |element| element.span);
    ACTION_RESOURCE_MISMATCH
        .at(pattern.span, ["`", &*pattern.value, "` works on none of the statement's resources"].concat())
        .with_related(related, "the resources")
        .with_help(help)
}
