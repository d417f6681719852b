//! `Sid` and `Id`.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use iamsim_syntax::{Diagnostic, PolicyType, Spanned, Text};

use crate::checks::{EMPTY_SID_VALUE, UNIQUE_SIDS_RECOMMENDED, UNSUPPORTED_ID, UNSUPPORTED_SID};
use crate::digest::{all_differ, digest};
use crate::document::{Document, a_policy};

pub(crate) fn check(document: &Document<'_>, findings: &mut Vec<Diagnostic>) {
    check_id(document, findings);
    let sids = || document.policy.statements.iter().filter_map(|statement| statement.sid.as_ref());
    for sid in sids().filter(|sid| sid.value.is_empty()) {
        findings.push(
            EMPTY_SID_VALUE
                .at(sid.span, "the `Sid` is empty")
                .with_help("name the statement, or leave the element out"),
        );
    }
    // In the others the next two are errors.
    if !document.policy.policy_type.has_service_grammar() {
        return;
    }
    for sid in sids() {
        if let Some(odd) = odd_character(&sid.value) {
            findings.push(
                UNSUPPORTED_SID
                    .at(sid.span, format!("the `Sid` holds {odd:?}; not every service takes it"))
                    .with_help("use only letters and digits: IAM takes nothing else"),
            );
        }
    }
    if !all_differ(sids().map(|sid| digest(&sid.value))) {
        check_unique(sids().filter(|sid| !sid.value.is_empty()), findings);
    }
}

fn check_unique<'a>(sids: impl Iterator<Item = &'a Spanned<Text>>, findings: &mut Vec<Diagnostic>) {
    let mut first_seen = BTreeMap::new();
    for sid in sids {
        match first_seen.entry(&*sid.value) {
            Entry::Vacant(unseen) => _ = unseen.insert(sid.span),
            Entry::Occupied(first) => findings.push(
                UNIQUE_SIDS_RECOMMENDED
                    .at(sid.span, format!("the `Sid` {:?} is used twice", sid.value))
                    .with_related(*first.get(), "first used here")
                    .with_help("give every statement a `Sid` of its own; answers name statements by it"),
            ),
        }
    }
}

fn odd_character(sid: &str) -> Option<char> {
    let odd = sid.bytes().position(|byte| !byte.is_ascii_alphanumeric())?;
    sid.get(odd..)?.chars().next()
}

fn check_id(document: &Document<'_>, findings: &mut Vec<Diagnostic>) {
    let policy = document.policy;
    let Some(id) = &policy.id else { return };
    match policy.policy_type {
        PolicyType::IdentityBased | PolicyType::PermissionsBoundary | PolicyType::Session => findings.push(
            UNSUPPORTED_ID
                .at(id.span, format!("`Id` has no place in {}", a_policy(policy.policy_type)))
                .with_help("remove it; only resource-based policies have an `Id`"),
        ),
        PolicyType::ResourceBased
        | PolicyType::RoleTrust
        | PolicyType::ServiceControl
        | PolicyType::ResourceControl
        | PolicyType::VpcEndpoint => {}
    }
}
