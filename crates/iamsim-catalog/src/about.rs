//! Where the catalog's data comes from: sources, dates, checksums, counts.

include!(concat!(env!("OUT_DIR"), "/about.rs"));

/// What the catalog was made from and what is in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct About {
    /// The packages the data was taken from or compared with.
    pub sources: &'static [Source],
    /// The embedded files.
    pub files: &'static [DataFile],
    /// How much of everything there is.
    pub counts: Counts,
}

/// A published package at one version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Source {
    /// The package's name.
    pub package: &'static str,
    /// The package registry that has it.
    pub registry: &'static str,
    /// The package's version.
    pub version: &'static str,
    /// The day its data was last brought up to date, `YYYY-MM-DD`.
    pub dated: &'static str,
    /// SPDX identifier of its licence; the notices are in `data/NOTICE`.
    pub licence: &'static str,
    /// SHA-256 of the archive, in lower-case hexadecimal.
    pub sha256: &'static str,
    /// What the catalog takes from it.
    pub provides: &'static str,
}

/// A file embedded in this crate, compressed with Zstandard. Sums are SHA-256 in lower-case hexadecimal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct DataFile {
    /// The name in the crate's `data` folder.
    pub name: &'static str,
    /// Checksum of the compressed file, verified when this crate is built.
    pub sha256: &'static str,
    /// Compressed size.
    pub bytes: usize,
    /// Checksum of the text inside.
    pub unpacked_sha256: &'static str,
    /// Size of the text inside.
    pub unpacked_bytes: usize,
}

/// How much of everything the catalog has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counts {
    /// Service prefixes.
    pub services: usize,
    /// Actions of all services.
    pub actions: usize,
    /// Resource types of all services.
    pub resource_types: usize,
    /// Distinct condition keys that services list.
    pub condition_keys: usize,
    /// Global condition keys, cross-service ones such as `lambda:SourceFunctionArn` included.
    pub global_condition_keys: usize,
    /// Links from an action to one it depends on.
    pub dependent_actions: usize,
    /// Service prefixes that resource control policies apply to.
    pub services_with_resource_control_policies: usize,
    /// AWS managed policies.
    pub managed_policies: usize,
    /// The day the newest of them was updated, `YYYY-MM-DD`.
    pub newest_managed_policy: &'static str,
}

/// What the catalog was made from and what is in it. Costs nothing: no data is unpacked.
///
/// ```
/// assert!(iamsim_catalog::about().counts.services > 450);
/// ```
#[must_use]
pub fn about() -> &'static About {
    &ABOUT
}
