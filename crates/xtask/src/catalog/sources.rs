//! `SOURCES.toml`: where the data files come from and what is in them.

use anyhow::Result;
use serde::Serialize;

use super::cross_check::CrossCheck;
use super::package::{self, Package};

#[derive(Serialize)]
pub(crate) struct Sources {
    pub(crate) counts: Counts,
    /// Agreement with an independent list of actions and their resource types.
    pub(crate) cross_check: CrossCheck,
    pub(crate) file: Vec<DataFile>,
    source: Vec<Source>,
}

#[derive(Serialize)]
pub(crate) struct Counts {
    pub(crate) services: usize,
    pub(crate) actions: usize,
    pub(crate) resource_types: usize,
    pub(crate) condition_keys: usize,
    pub(crate) global_condition_keys: usize,
    pub(crate) dependent_actions: usize,
    pub(crate) services_with_resource_control_policies: usize,
    pub(crate) managed_policies: usize,
    pub(crate) newest_managed_policy: String,
}

#[derive(Serialize)]
pub(crate) struct DataFile {
    pub(crate) name: &'static str,
    pub(crate) sha256: String,
    pub(crate) bytes: usize,
    pub(crate) unpacked_sha256: String,
    pub(crate) unpacked_bytes: usize,
}

#[derive(Serialize)]
struct Source {
    package: &'static str,
    registry: &'static str,
    version: &'static str,
    dated: &'static str,
    licence: &'static str,
    archive: &'static str,
    sha256: &'static str,
    provides: &'static str,
}

impl From<Package> for Source {
    fn from(package: Package) -> Source {
        Source {
            package: package.name,
            registry: package.registry.name(),
            version: package.version,
            dated: package.dated,
            licence: package.licence,
            archive: package.archive,
            sha256: package.sha256,
            provides: package.provides,
        }
    }
}

impl Sources {
    pub(crate) fn new(counts: Counts, cross_check: CrossCheck, file: Vec<DataFile>) -> Sources {
        Sources { counts, cross_check, file, source: package::ALL.map(Source::from).into() }
    }

    pub(crate) fn to_toml(&self) -> Result<String> {
        const HEAD: &str =
            "# Written by `cargo xtask catalog`. The build checks the sums of the files named here.\n\n";
        Ok(format!("{HEAD}{}", toml::to_string(self)?))
    }
}
