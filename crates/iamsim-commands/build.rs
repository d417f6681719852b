//! Unpacks the table of what the AWS CLI accepts, and notes where in it each service is. So nothing is unpacked or
//! searched for when a program starts.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use ruzstd::decoding::FrameDecoder;

const PACKED: &str = "data/cli.txt.zst";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=data");
    if let Err(error) = run() {
        println!("cargo::error={PACKED}: {error}");
    }
}

fn run() -> Result<(), String> {
    let packed = fs::read(PACKED).map_err(|error| error.to_string())?;
    // Room for what it unpacks to; the decoder fills what there is.
    let mut bytes = Vec::with_capacity(8_000_000);
    FrameDecoder::new().decode_all_to_vec(&packed, &mut bytes).map_err(|error| error.to_string())?;
    let text = String::from_utf8(bytes).map_err(|error| error.to_string())?;
    let code = services(&text)?;
    let directory = std::env::var("OUT_DIR").map_err(|error| error.to_string())?;
    for (name, text) in [("cli.txt", text), ("services.rs", code)] {
        let path = Path::new(&directory).join(name);
        fs::write(&path, text).map_err(|error| format!("cannot write {}: {error}", path.display()))?;
    }
    Ok(())
}

/// A table of the services, each with the place of its lines.
fn services(text: &str) -> Result<String, String> {
    let mut heads = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if let Some(head) = line.strip_prefix('#') {
            let (name, prefix) = head.trim_end().split_once(' ').ok_or("a service without a prefix")?;
            heads.push((at, at + line.len(), name, prefix));
        }
        at += line.len();
    }
    if heads.is_empty() || !heads.is_sorted_by_key(|(_, _, name, _)| *name) {
        return Err("the services are not there, or not in order".to_owned());
    }
    let mut code = format!("static SERVICES: [Service; {}] = [\n", heads.len());
    let ends = heads.iter().skip(1).map(|(start, ..)| *start).chain([text.len()]);
    for ((_, start, name, prefix), end) in heads.iter().zip(ends) {
        let entry =
            format!("Service {{ name: {name:?}, prefix: {prefix:?}, lines: between({start}, {end}) }},");
        writeln!(code, "{entry}").map_err(|error| error.to_string())?;
    }
    code.push_str("];\n");
    Ok(code)
}
