//! Refuses data files that are not the ones `data/SOURCES.toml` lists, unpacks them, notes where in them things are,
//! and turns that list into Rust. So nothing is unpacked or searched for when a program starts.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use ruzstd::decoding::FrameDecoder;
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
    let directory = std::env::var("OUT_DIR").map_err(|error| error.to_string())?;
    let directory = Path::new(&directory);
    for file in &sources.file {
        let text = unpack(file)?;
        let code = match &*file.name {
            "reference.tsv.zst" => sections(&text),
            "managed-policies.tsv.zst" => line_starts(&text),
            name => return Err(format!("data/SOURCES.toml lists `{name}`, which nothing embeds")),
        };
        let name = file.name.trim_end_matches(".tsv.zst");
        write(&directory.join(format!("{name}.tsv")), &text)?;
        write(&directory.join(format!("{name}.rs")), &code.map_err(|error| error.to_string())?)?;
    }
    write(&directory.join("about.rs"), &about(&sources).map_err(|error| error.to_string())?)
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    fs::write(path, text).map_err(|error| format!("cannot write {}: {error}", path.display()))
}

fn unpack(file: &DataFile) -> Result<String, String> {
    let path = Path::new("data").join(&file.name);
    let packed = fs::read(&path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    let found = sha256(&packed);
    if found != file.sha256 {
        return Err(format!(
            "{} has {} bytes and sha256 {found}, but data/SOURCES.toml says {} bytes and {}: \
             the file was edited or cut short; restore it, or run `cargo xtask catalog`",
            path.display(),
            packed.len(),
            file.bytes,
            file.sha256
        ));
    }
    let mut text = Vec::with_capacity(file.unpacked_bytes);
    let fault = |why: &str| format!("{} {why}; run `cargo xtask catalog`", path.display());
    FrameDecoder::new()
        .decode_all_to_vec(&packed, &mut text)
        .map_err(|error| fault(&format!("does not unpack: {error}")))?;
    if sha256(&text) != file.unpacked_sha256 {
        return Err(fault("does not unpack to what data/SOURCES.toml says"));
    }
    String::from_utf8(text).map_err(|_| fault("is not UTF-8"))
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A table of the reference's services, each with the place of its lines, and where the first begins.
fn sections(text: &str) -> Result<String, std::fmt::Error> {
    let mut heads = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if let Some(head) = line.strip_prefix('#') {
            heads.push((at, at + line.len(), head.trim_end_matches('\n')));
        }
        at += line.len();
    }
    let first = heads.first().map_or(text.len(), |(start, _, _)| *start);
    let mut code = format!("const HEAD_END: usize = {first};\n");
    writeln!(code, "static SERVICES: [Service; {}] = [", heads.len())?;
    let ends = heads.iter().skip(1).map(|(start, _, _)| *start).chain([text.len()]);
    for ((_, start, head), end) in heads.iter().zip(ends) {
        let fields: Vec<&str> = head.split('\t').collect();
        if let [prefix, name, flag, arn_services] = fields[..] {
            let controlled = flag == "r";
            writeln!(
                code,
                "Service::new({prefix:?}, {name:?}, {controlled}, {arn_services:?}, between({start}, {end})),"
            )?;
        }
    }
    code.push_str("];\n");
    Ok(code)
}

/// A table of where each line begins.
fn line_starts(text: &str) -> Result<String, std::fmt::Error> {
    let mut starts = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        starts.push(at);
        at += line.len();
    }
    let mut code = String::new();
    writeln!(code, "static STARTS: [u32; {}] = {starts:?};", starts.len())?;
    Ok(code)
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
