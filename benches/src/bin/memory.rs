//! How much memory compiled policies take: `memory organization|realistic|whole`. Linux only.

use std::fs;
use std::process::ExitCode;
use std::sync::Arc;

use iamsim_benches::organization::Organization;
use iamsim_benches::{load, realistic};
use iamsim_engine::{Policies, evaluate};
use iamsim_syntax::PolicyType;
use serde_json::Value;

fn main() -> ExitCode {
    // One question to a process: memory that was given back is not taken anew.
    match std::env::args().nth(1).as_deref() {
        Some("organization") => {
            per_policy(&Organization::draw().policies.iter().map(Value::to_string).collect::<Vec<_>>());
        }
        Some("realistic") => per_policy(&realistic::identity_texts()),
        Some("whole") => whole(),
        _ => {
            eprintln!("usage: memory organization|realistic|whole");
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}

/// Compiles every text so often that what is not policies does not show.
fn per_policy(texts: &[String]) {
    let times = 20_000 / texts.len();
    let mut kept: Vec<Policies> = Vec::with_capacity(times * texts.len());
    let before = status("VmRSS:");
    for _ in 0..times {
        kept.extend(texts.iter().map(|text| Arc::new(load(text, PolicyType::IdentityBased)).into()));
    }
    let each = status("VmRSS:").saturating_sub(before) * 1_024 / kept.len() as u64;
    let text = texts.iter().map(String::len).sum::<usize>() / texts.len();
    println!("{text} bytes of JSON, {each} bytes compiled, {:.1} times", each as f64 / text as f64);
}

/// Loads an organization and asks all there is to ask.
fn whole() {
    let organization = Organization::draw();
    let before = status("VmRSS:");
    let loaded = organization.load();
    let allowed =
        loaded.questions().filter(|(asked, policies)| evaluate(asked, policies).is_allowed()).count();
    let more = status("VmRSS:").saturating_sub(before);
    println!("{} decisions, {allowed} allowed: {more} KiB for policies and callers", loaded.count());
    println!("{} KiB at most, with the JSON they were made from", status("VmHWM:"));
}

/// Kibibytes, from a field of the process's status.
fn status(field: &str) -> u64 {
    let text = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix(field)).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse().unwrap_or(0)
}
