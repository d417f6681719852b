//! What the commands in `fixtures/commands` call, and which checks that takes.

use std::fs;
use std::path::Path;

use iamsim_commands::{Environment, lower};
use iamsim_engine::{AccountId, ValueRef};
use iamsim_world::{Call, Check, Effect};

/// Replays each file: its commands, divided by empty lines, each followed by what it does.
#[test]
fn commands_make_these_calls() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/commands");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(!files.is_empty());
    for file in files {
        let name = file.file_stem().unwrap().to_str().unwrap().to_owned();
        let text = fs::read_to_string(&file).unwrap();
        let transcript: Vec<String> =
            text.split("\n\n").map(|part| format!("{}\n{}", part.trim(), answer(part))).collect();
        insta::with_settings!({omit_expression => true, prepend_module_to_snapshot => false}, {
            insta::assert_snapshot!(name, transcript.join("\n"));
        });
    }
}

/// Nothing is said about words.
fn answer(part: &str) -> String {
    let only_words = part.lines().all(|line| line.is_empty() || line.starts_with("# "));
    if only_words { String::new() } else { check(part) }
}

/// The calls of a command with their checks, or what is wrong with it and where.
fn check(command: &str) -> String {
    let environment = Environment {
        account: AccountId::parse("111122223333"),
        caller_arn: "arn:aws:iam::111122223333:user/alice",
        partition: "aws",
        region: "us-east-1",
    };
    let lowered = match lower(command, &environment) {
        Ok(lowered) => lowered,
        Err(error) => {
            let place = command.get(error.range.clone()).unwrap_or("?");
            let help = error.help.map(|help| format!("  {help}\n")).unwrap_or_default();
            return format!("✗ {}, at `{place}`\n{help}", error.message);
        }
    };
    let profile = lowered.profile.map(|profile| format!("→ profile {profile}\n")).unwrap_or_default();
    let calls: String = lowered.calls.iter().map(render_call).collect();
    if calls.is_empty() { format!("{profile}→ no calls\n") } else { format!("{profile}{calls}") }
}

fn render_call(call: &Call) -> String {
    let effect = match &call.effect {
        Effect::None => String::new(),
        effect => format!("    {effect:?}\n"),
    };
    let checks: String = call.checks.iter().map(render_check).collect();
    format!("→ {}\n{effect}{checks}", call.operation)
}

fn render_check(check: &Check) -> String {
    let account = check.resource_account.map(|account| format!(" of {account}")).unwrap_or_default();
    let context = check.context.iter().map(|(key, value)| match value {
        ValueRef::One(value) => format!("        {key} = {value}\n"),
        ValueRef::Many(values) => format!("        {key} = [{}]\n", values.join(", ")),
    });
    let context: String = context.collect();
    format!("    {} on {}{account}\n{context}", check.action, check.resource)
}
