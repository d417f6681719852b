//! Condition keys that AWS does not have, and Regions it does not have as their values.
//!
//! Source: <https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html>

use iamsim_catalog::{condition_key, nearest_condition_key, service};
use iamsim_syntax::{Comparison, Condition, Diagnostic, Span, StringTest};

use crate::actions::newer;
use crate::checks::{INVALID_GLOBAL_CONDITION_KEY, INVALID_REGION, INVALID_SERVICE_CONDITION_KEY};
use crate::document::{Document, is_key};
use crate::named::NamedCondition;
use crate::regions;

pub(super) fn check(document: &Document<'_>, findings: &mut Vec<Diagnostic>) {
    for (_, NamedCondition { condition, key }) in document.conditions() {
        findings.extend(key.is_none().then(|| unknown_key(document, condition)).flatten());
        if is_key(condition, "aws:RequestedRegion") {
            check_regions(condition, findings);
        }
    }
}

/// What to say about a key that the catalog does not have, if anything.
fn unknown_key(document: &Document<'_>, condition: &Condition) -> Option<Diagnostic> {
    let key = &condition.key.value;
    let (prefix, name) = key.split_once(':')?;
    // The keys of an OIDC provider begin with its domain. Some keys have checks of their own.
    if prefix.contains(['.', '/']) || is_key(condition, "aws:ARN") || name.ends_with('/') || !key.is_ascii() {
        return None;
    }
    let ending = name.len().checked_sub("tag".len()).and_then(|start| name.get(start..));
    let may_lack_tag = ending.is_some_and(|ending| ending.eq_ignore_ascii_case("tag"));
    if may_lack_tag && condition_key(&format!("{key}/tag")).is_some() {
        return None;
    }
    let (check, message) = if prefix.eq_ignore_ascii_case("aws") {
        (INVALID_GLOBAL_CONDITION_KEY, format!("there is no global condition key `{key}`"))
    } else {
        let message = match service(prefix) {
            Some(service) => format!("{} has no condition key `{key}`", service.name()),
            None => format!("no service has the condition key `{key}`"),
        };
        (INVALID_SERVICE_CONDITION_KEY, message)
    };
    let help = match document.suggestion(|| nearest_condition_key(key)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("see the condition keys AWS lists; {}", newer("key")),
    };
    Some(check.at(condition.key.span, message).with_help(help))
}

/// What to say about a policy variable whose key is no global one, if anything: it never has a value.
pub(crate) fn unknown_variable(document: &Document<'_>, key: &str, span: Span) -> Option<Diagnostic> {
    let (prefix, name) = key.split_once(':')?;
    if !prefix.eq_ignore_ascii_case("aws") || name.ends_with('/') || condition_key(key).is_some() {
        return None;
    }
    let message = format!("there is no global condition key `{key}`, so the variable never has a value");
    let help = match document.suggestion(|| nearest_condition_key(key)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("see the condition keys AWS lists; {}", newer("key")),
    };
    Some(INVALID_GLOBAL_CONDITION_KEY.at(span, message).with_help(help))
}

fn check_regions(condition: &Condition, findings: &mut Vec<Diagnostic>) {
    let comparison = condition.operator.value.comparison;
    let Comparison::String(test, _) = comparison else { return };
    for value in &condition.values {
        // What a wildcard under another operator comes to is said elsewhere.
        let text = match test {
            StringTest::Equals | StringTest::Like => value.value.to_string(),
            StringTest::EqualsIgnoreCase => value.value.to_ascii_lowercase(),
        };
        if regions::may_be_region(&text) || text.contains("${") {
            continue;
        }
        findings.push(
            INVALID_REGION
                .at(value.span, format!("there is no Region `{text}`"))
                .with_help(regions::help(&text)),
        );
    }
}
