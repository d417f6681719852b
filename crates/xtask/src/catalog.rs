//! `cargo xtask catalog`: generates what `iamsim-catalog` embeds, the same bytes every time.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use self::reference::Reference;
use self::sources::{Counts, DataFile, Sources};

mod cross_check;
mod globals;
mod managed;
mod package;
mod reference;
mod sources;
mod text;

/// What to do with the generated files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Put them in their place.
    Write,
    /// Compare them with what is there.
    Check,
}

/// Generates every data file, from the packages in the cache or else from the registries.
pub(crate) fn run(mode: Mode) -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    let cache = target.join("catalog-cache");
    let data = root.join("crates/iamsim-catalog/data");

    let policies = managed::generate(&cache).context("AWS managed policies")?;
    let globals = globals::generate(&cache).context("global condition keys")?;
    let reference = reference::read(&cache).context("service authorization reference")?;
    let cross_check = cross_check::compare(&reference, &cache).context("comparison")?;
    let reference_text = text::write(&reference, &globals).context("service authorization reference")?;

    let mut generated = Vec::new();
    let mut files = Vec::new();
    for (name, text) in [("managed-policies.tsv", &policies.text), ("reference.tsv", &reference_text)] {
        // The unpacked text is for people who want to see what a new release changes.
        fs::write(cache.join(name), text)?;
    }
    for (name, text) in [("managed-policies.tsv.zst", &policies.text), ("reference.tsv.zst", &reference_text)]
    {
        let packed = zstd::bulk::compress(text.as_bytes(), STRONGEST)?;
        files.push(DataFile {
            name,
            sha256: package::sha256(&packed),
            bytes: packed.len(),
            unpacked_sha256: package::sha256(text.as_bytes()),
            unpacked_bytes: text.len(),
        });
        generated.push((name, packed));
    }
    let counts = Counts {
        global_condition_keys: globals.len(),
        managed_policies: policies.count,
        newest_managed_policy: policies.newest,
        ..counts(&reference)
    };
    let sources = Sources::new(counts, cross_check, files);
    generated.push(("SOURCES.toml", sources.to_toml()?.into_bytes()));

    match mode {
        Mode::Write => write(&data, &generated)?,
        Mode::Check => compare(&data, &generated)?,
    }
    report(&sources);
    Ok(())
}

const STRONGEST: i32 = 22;

fn counts(reference: &Reference) -> Counts {
    let actions = || reference.values().flat_map(|service| service.actions.values());
    let keys: BTreeSet<&String> =
        reference.values().flat_map(|service| service.condition_keys.keys()).collect();
    Counts {
        services: reference.len(),
        actions: actions().count(),
        resource_types: reference.values().map(|service| service.resource_types.len()).sum(),
        condition_keys: keys.len(),
        global_condition_keys: 0,
        dependent_actions: actions().map(|action| action.dependent_actions.len()).sum(),
        services_with_resource_control_policies: reference
            .values()
            .filter(|service| service.supports_resource_control_policies)
            .count(),
        managed_policies: 0,
        newest_managed_policy: String::new(),
    }
}

fn write(data: &Path, generated: &[(&str, Vec<u8>)]) -> Result<()> {
    fs::create_dir_all(data)?;
    for (name, bytes) in generated {
        let path = data.join(name);
        fs::write(&path, bytes).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

fn compare(data: &Path, generated: &[(&str, Vec<u8>)]) -> Result<()> {
    let stale = |(name, bytes): &&(&str, Vec<u8>)| fs::read(data.join(name)).ok().as_ref() != Some(bytes);
    let stale: Vec<&str> = generated.iter().filter(stale).map(|(name, _)| *name).collect();
    if !stale.is_empty() {
        bail!("{} would change; run `cargo xtask catalog` and commit", stale.join(", "));
    }
    Ok(())
}

fn report(sources: &Sources) {
    let (counts, check) = (&sources.counts, &sources.cross_check);
    println!("services          {:>6}", counts.services);
    println!("actions           {:>6}", counts.actions);
    println!("resource types    {:>6}", counts.resource_types);
    println!("condition keys    {:>6} and {} global", counts.condition_keys, counts.global_condition_keys);
    println!("dependent actions {:>6}", counts.dependent_actions);
    println!("managed policies  {:>6}, newest of {}", counts.managed_policies, counts.newest_managed_policy);
    println!(
        "cross-check       {:>6} of {} links from {} common actions to resource types agree with {} \
         ({} actions only here, {} only there)",
        check.agreeing_links,
        check.links,
        check.common_actions,
        package::CROSS_CHECK.name,
        check.only_here,
        check.only_there
    );
    for file in &sources.file {
        println!("{:<26} {:>7} bytes, {} unpacked", file.name, file.bytes, file.unpacked_bytes);
    }
}
