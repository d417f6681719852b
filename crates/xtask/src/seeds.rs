//! `cargo xtask seeds`: inputs for the fuzz targets to begin with, taken from the fixtures.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The letters of policy types in the input of the `evaluate` target, by the names in fixtures.
const LETTERS: [(&str, char); 8] = [
    ("identity-based", 'i'),
    ("permissions-boundary", 'b'),
    ("session", 's'),
    ("resource-based", 'r'),
    ("role-trust", 't'),
    ("service-control", 'S'),
    ("resource-control", 'R'),
    ("vpc-endpoint", 'v'),
];

/// Requests to put before each policy: principal, action, resource, its account, context.
const REQUESTS: [&str; 4] = [
    "arn:aws:iam::111122223333:user/alice\ns3:GetObject\narn:aws:s3:::amzn-s3-demo-bucket/a\n111122223333\naws:SourceIp=203.0.113.7\n",
    "arn:aws:sts::111122223333:assumed-role/Dev/alice\nsts:AssumeRole\narn:aws:iam::444455556666:role/Target\n444455556666\nsts:ExternalId=x\n",
    "cloudtrail.amazonaws.com\nkms:Decrypt\narn:aws:kms:us-east-1:111122223333:key/1\n111122223333\naws:SourceAccount=111122223333\n",
    "arn:aws:sts::111122223333:federated-user/Bob\nsqs:SendMessage\narn:aws:sqs:us-east-1:111122223333:q\n111122223333\naws:CurrentTime=2024-06-01T12:00:00Z\n",
];

/// Writes `fuzz/corpus/TARGET/seed-NNN` for every target.
pub(crate) fn run() -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut fixtures = Vec::new();
    read(&root.join("fixtures"), &mut fixtures)?;
    fixtures.sort_unstable();
    let ending = |end: &'static str| fixtures.iter().filter(move |(path, _)| has_end(path, end));

    let policies: BTreeSet<String> = ending(".json").map(|(_, text)| text.clone()).collect();
    let literals: BTreeSet<String> =
        ending(".eval.yaml").flat_map(|(_, text)| quoted(text)).map(str::to_owned).collect();
    let commands = ending(".scenario.yaml").flat_map(|(_, text)| text.lines().filter_map(command));
    let scripts = ending(".txt").map(|(_, text)| text.as_str());
    let commands: BTreeSet<String> = commands.chain(scripts).map(str::to_owned).collect();
    let evaluations = ending(".json").flat_map(|(path, text)| evaluations(path, text)).collect();

    for target in ["json", "policy"] {
        write(&root, target, &policies)?;
    }
    for target in ["dates", "ips", "numbers", "wildcard"] {
        write(&root, target, &literals)?;
    }
    write(&root, "commands", &commands)?;
    write(&root, "evaluate", &evaluations)
}

fn read(folder: &Path, files: &mut Vec<(PathBuf, String)>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("{}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            read(&path, files)?;
        } else if let Ok(text) = fs::read_to_string(&path) {
            files.push((path, text));
        }
    }
    Ok(())
}

fn has_end(path: &Path, end: &str) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().ends_with(end))
}

/// What stands between double quotes on one line.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.lines().flat_map(|line| line.split('"').skip(1).step_by(2))
}

fn command(line: &str) -> Option<&str> {
    line.trim_start().trim_start_matches("- ").strip_prefix("run: ")
}

/// The policy on one line behind each request, as each type its file's name has, or else as two.
fn evaluations(path: &Path, text: &str) -> Vec<String> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let mut letters: Vec<char> = LETTERS
        .iter()
        .filter(|(policy_type, _)| name.contains(policy_type))
        .map(|(_, letter)| *letter)
        .collect();
    if letters.is_empty() {
        letters = vec!['i', 'r'];
    }
    let document = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let seed =
        |request: &&str| letters.iter().map(|letter| format!("{request}{letter} {document}\n")).collect();
    REQUESTS.iter().map(seed).collect()
}

fn write(root: &Path, target: &str, seeds: &BTreeSet<String>) -> Result<()> {
    let folder = root.join("fuzz/corpus").join(target);
    fs::create_dir_all(&folder)?;
    for (number, seed) in seeds.iter().enumerate() {
        fs::write(folder.join(format!("seed-{number:03}")), seed)?;
    }
    println!("fuzz/corpus/{target}: {} seeds", seeds.len());
    Ok(())
}
