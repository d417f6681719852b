//! `Condition`.

mod addresses;
mod cardinality;
mod empty;
mod keys;
mod known;
mod literals;
mod pairs;
mod support;
mod wildcards;

pub(crate) use known::unknown_variable;
pub(crate) use support::supports;

use iamsim_syntax::Diagnostic;

use crate::document::Document;

pub(crate) fn check(document: &Document<'_>, findings: &mut Vec<Diagnostic>) {
    empty::check(document, findings);
    known::check(document, findings);
    keys::check(document, findings);
    cardinality::check(document, findings);
    support::check(document, findings);
    literals::check(document, findings);
    addresses::check(document, findings);
    wildcards::check(document, findings);
    pairs::check(document, findings);
}
