//! Reads policies over and over, for counting instructions: `load parse|compile|lint|validate PASSES [clean]`. They
//! are the realistic ones, about which there is much to say, or those of AWS of that size about which there is nothing.

use std::hint::black_box;
use std::process::ExitCode;

use iamsim_benches::realistic;
use iamsim_engine::Policy;
use iamsim_syntax::{PolicyType, parse};

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let work = arguments.next().unwrap_or_default();
    let passes: u32 = arguments.next().and_then(|text| text.parse().ok()).unwrap_or(1);
    let texts = match arguments.next().as_deref() {
        Some("clean") => clean_texts(),
        _ => realistic::identity_texts(),
    };
    let policies: Vec<_> = texts
        .iter()
        .filter_map(|text| parse(text, PolicyType::IdentityBased).0.map(|read| (read, text)))
        .collect();
    // What is made once, such as the catalog, is not what is measured.
    for (policy, text) in &policies {
        black_box(iamsim_lint::lint(policy, text));
    }
    let started = std::time::Instant::now();
    let mut read = 0;
    for _ in 0..passes {
        read += match &*work {
            "parse" => each(&texts, |text| parse_policy(text).is_some()),
            "compile" => each(&texts, |text| parse_policy(text).is_some_and(|read| compile(&read))),
            "lint" => policies.iter().filter(|(policy, text)| findings(policy, text) < usize::MAX).count(),
            "validate" => each(&texts, |text| {
                parse_policy(text).is_some_and(|read| findings(&read, text) < usize::MAX && compile(&read))
            }),
            _ => {
                eprintln!("usage: load parse|compile|lint|validate PASSES [clean]");
                return ExitCode::from(2);
            }
        };
    }
    let each = started.elapsed().as_nanos() / u128::from(passes.max(1)) / texts.len().max(1) as u128;
    println!("{work}: {read} policies, {each} ns each");
    ExitCode::SUCCESS
}

/// The texts of AWS managed policies of about two kilobytes without a finding.
fn clean_texts() -> Vec<String> {
    let texts = iamsim_catalog::managed_policies().map(|policy| policy.document.to_owned());
    let is_clean = |text: &String| parse_policy(text).is_some_and(|policy| findings(&policy, text) == 0);
    texts.filter(|text| (1_500..2_600).contains(&text.len())).filter(is_clean).collect()
}

fn each(texts: &[String], work: impl Fn(&str) -> bool) -> usize {
    texts.iter().filter(|text| work(black_box(text))).count()
}

#[inline(never)]
fn parse_policy(text: &str) -> Option<iamsim_syntax::Policy> {
    parse(text, PolicyType::IdentityBased).0
}

#[inline(never)]
fn compile(policy: &iamsim_syntax::Policy) -> bool {
    black_box(Policy::compile(policy, "measured"));
    true
}

#[inline(never)]
fn findings(policy: &iamsim_syntax::Policy, text: &str) -> usize {
    black_box(iamsim_lint::lint(policy, text)).len()
}
