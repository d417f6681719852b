//! Prints what the author of an identity-based policy may want to know:
//! `cargo run -p iamsim-lint --example judge < policy.json`.

use std::io::{Read as _, stdin};

use iamsim_syntax::{LineIndex, PolicyType};

fn main() -> std::io::Result<()> {
    let mut text = String::new();
    stdin().read_to_string(&mut text)?;
    let (policy, errors) = iamsim_syntax::parse(&text, PolicyType::IdentityBased);
    let findings = policy.iter().flat_map(|policy| iamsim_lint::lint(policy, &text));
    let lines = LineIndex::new(&text);
    for finding in errors.into_iter().chain(findings) {
        let at = lines.position(&text, finding.span.start);
        println!("{}:{}: {}: {}", at.line, at.column, finding.code, finding.message);
    }
    Ok(())
}
