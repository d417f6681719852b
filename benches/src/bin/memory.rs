//! How much memory compiled policies take, for the page on performance. Linux only: reads `/proc/self/status`.

use std::fs;
use std::sync::Arc;

use iamsim_benches::organization::Organization;
use iamsim_benches::{load, realistic};
use iamsim_engine::{Policies, evaluate};
use iamsim_syntax::PolicyType;
use serde_json::Value;

fn main() {
    let organization = Organization::draw();
    let shared: Vec<String> = organization.policies.iter().map(Value::to_string).collect();
    per_policy("an organization's policies", &shared);
    per_policy("a realistic role's policies", &realistic::identity_texts());

    let before = resident();
    let loaded = organization.load();
    drop(organization);
    let allowed =
        loaded.questions().filter(|(asked, policies)| evaluate(asked, policies).is_allowed()).count();
    println!("an organization, loaded and asked ({allowed} allowed): {} KiB more", resident() - before);
    println!("the whole process: {} KiB at most", status("VmHWM:"));
}

/// Compiles every text so often that what is not policies does not show.
fn per_policy(name: &str, texts: &[String]) {
    let times = 20_000 / texts.len();
    let mut kept: Vec<Policies> = Vec::with_capacity(times * texts.len());
    let before = resident();
    for _ in 0..times {
        kept.extend(texts.iter().map(|text| Policies::from(Arc::new(load(text, PolicyType::IdentityBased)))));
    }
    let each = (resident() - before) * 1_024 / kept.len() as u64;
    let text = texts.iter().map(String::len).sum::<usize>() / texts.len();
    println!("{name}: {text} bytes of JSON, {each} bytes compiled, {:.1} times", each as f64 / text as f64);
}

/// Kibibytes of memory in use.
fn resident() -> u64 {
    status("VmRSS:")
}

fn status(field: &str) -> u64 {
    let text = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix(field)).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse().unwrap_or(0)
}
