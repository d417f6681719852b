//! Compares which actions take which resource types with an independent list.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};

use super::package;
use super::reference::Reference;

/// How far two generators that never saw each other agree.
#[derive(Debug, Serialize)]
pub(crate) struct CrossCheck {
    /// Actions in both lists.
    pub(crate) common_actions: usize,
    /// Actions only we have.
    pub(crate) only_here: usize,
    /// Actions only the other list has.
    pub(crate) only_there: usize,
    /// Links from a common action to a resource type, in either list.
    pub(crate) links: usize,
    /// Those in both.
    pub(crate) agreeing_links: usize,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Other {
    actions: BTreeMap<String, OtherAction>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct OtherAction {
    #[serde(default)]
    resources: BTreeSet<String>,
}

/// Fewer agreeing links than this, per hundred, and something is wrong with one of the two.
const LEAST_AGREEMENT: usize = 98;

pub(crate) fn compare(reference: &Reference, cache: &Path) -> Result<CrossCheck> {
    let text = package::CROSS_CHECK.file(cache, "cfnlint/data/AdditionalSpecs/Policies.json")?;
    let other: BTreeMap<String, Other> =
        serde_json::from_str(&text).context("the list to compare with has a new form")?;

    let ours: BTreeMap<(&str, &str), BTreeSet<String>> = reference
        .iter()
        .flat_map(|(prefix, service)| {
            service.actions.iter().map(move |(name, action)| {
                let types = action.resource_types.iter().map(|resource| resource.name.to_ascii_lowercase());
                ((prefix.as_str(), name.as_str()), types.collect())
            })
        })
        .collect();
    let theirs: BTreeMap<(&str, &str), BTreeSet<String>> = other
        .iter()
        .flat_map(|(prefix, service)| {
            service.actions.iter().map(move |(name, action)| {
                let types = action.resources.iter().map(|name| name.to_ascii_lowercase());
                ((prefix.as_str(), name.as_str()), types.collect())
            })
        })
        .collect();

    let common: Vec<_> = ours.iter().filter_map(|(key, types)| Some((types, theirs.get(key)?))).collect();
    let check = CrossCheck {
        common_actions: common.len(),
        only_here: ours.len() - common.len(),
        only_there: theirs.len() - common.len(),
        links: common.iter().map(|(here, there)| here.union(there).count()).sum(),
        agreeing_links: common.iter().map(|(here, there)| here.intersection(there).count()).sum(),
    };
    ensure!(
        check.agreeing_links * 100 >= check.links * LEAST_AGREEMENT,
        "only {} of {} links between actions and resource types agree with {}",
        check.agreeing_links,
        check.links,
        package::CROSS_CHECK.name
    );
    Ok(check)
}
