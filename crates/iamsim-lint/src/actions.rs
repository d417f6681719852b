//! `Action` and `NotAction`.

use iamsim_syntax::Diagnostic;

use crate::checks::WILDCARD_IN_SERVICE_NAME;
use crate::document::Document;
use crate::pattern::has_wildcard;

pub(crate) fn check(document: &Document<'_>, findings: &mut Vec<Diagnostic>) {
    for pattern in document.policy.statements.iter().flat_map(|statement| &statement.action.patterns) {
        let Some((service, _)) = pattern.value.split_once(':') else { continue };
        if has_wildcard(service) {
            let message =
                format!("`{service}` takes in every service whose name it matches, future ones too");
            findings.push(
                WILDCARD_IN_SERVICE_NAME
                    .at(document.part(pattern, 0..service.len()), message)
                    .with_help("name the service, or write `*` if every action is meant"),
            );
        }
    }
}
