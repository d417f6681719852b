//! Refuses data files that are not the ones `data/SOURCES.toml` lists, and turns that list into Rust.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use serde::Deserialize;
use sha2::{Digest, Sha256};

#[derive(Deserialize)]
struct Sources {
    counts: Counts,
    file: Vec<DataFile>,
    source: Vec<Source>,
}

#[derive(Deserialize)]
struct Counts {
    services: usize,
    actions: usize,
    resource_types: usize,
    condition_keys: usize,
    global_condition_keys: usize,
    dependent_actions: usize,
    services_with_resource_control_policies: usize,
    managed_policies: usize,
    newest_managed_policy: String,
}

#[derive(Deserialize)]
struct DataFile {
    name: String,
    sha256: String,
    bytes: usize,
    unpacked_sha256: String,
    unpacked_bytes: usize,
}

#[derive(Deserialize)]
struct Source {
    package: String,
    registry: String,
    version: String,
    dated: String,
    licence: String,
    sha256: String,
    provides: String,
}

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=data");
    if let Err(error) = run() {
        println!("cargo::error={error}");
    }
}

fn run() -> Result<(), String> {
    let path = Path::new("data/SOURCES.toml");
    let text =
        fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    let sources: Sources = toml::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
    for file in &sources.file {
        verify(file)?;
    }
    let directory = std::env::var("OUT_DIR").map_err(|error| error.to_string())?;
    let path = Path::new(&directory).join("about.rs");
    let code = about(&sources).map_err(|error| error.to_string())?;
    fs::write(&path, code).map_err(|error| format!("cannot write {}: {error}", path.display()))
}

fn verify(file: &DataFile) -> Result<(), String> {
    let path = Path::new("data").join(&file.name);
    let bytes = fs::read(&path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    let found: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    if found == file.sha256 {
        return Ok(());
    }
    Err(format!(
        "{} has {} bytes and sha256 {found}, but data/SOURCES.toml says {} bytes and {}: \
         the file was edited or cut short; restore it, or run `cargo xtask catalog`",
        path.display(),
        bytes.len(),
        file.bytes,
        file.sha256
    ))
}

fn about(sources: &Sources) -> Result<String, std::fmt::Error> {
    let mut code = String::from("static ABOUT: About = About {\n    sources: &[\n");
    for source in &sources.source {
        let Source { package, registry, version, dated, licence, sha256, provides } = source;
        writeln!(
            code,
            "Source {{ package: {package:?}, registry: {registry:?}, version: {version:?}, dated: {dated:?}, \
             licence: {licence:?}, sha256: {sha256:?}, provides: {provides:?} }},"
        )?;
    }
    code.push_str("],\nfiles: &[\n");
    for DataFile { name, sha256, bytes, unpacked_sha256, unpacked_bytes } in &sources.file {
        writeln!(
            code,
            "DataFile {{ name: {name:?}, sha256: {sha256:?}, bytes: {bytes}, \
             unpacked_sha256: {unpacked_sha256:?}, unpacked_bytes: {unpacked_bytes} }},"
        )?;
    }
    let counts = &sources.counts;
    writeln!(
        code,
        "],\ncounts: Counts {{ services: {}, actions: {}, resource_types: {}, condition_keys: {}, \
         global_condition_keys: {}, dependent_actions: {}, services_with_resource_control_policies: {}, \
         managed_policies: {}, newest_managed_policy: {:?} }},\n}};",
        counts.services,
        counts.actions,
        counts.resource_types,
        counts.condition_keys,
        counts.global_condition_keys,
        counts.dependent_actions,
        counts.services_with_resource_control_policies,
        counts.managed_policies,
        counts.newest_managed_policy
    )?;
    Ok(code)
}
