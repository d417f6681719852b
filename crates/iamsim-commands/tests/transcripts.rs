//! What the commands in `fixtures/commands` call, and which checks that takes.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use iamsim_commands::{Environment, lower};
use iamsim_engine::{AccountId, Context, ContextValue};
use iamsim_world::{Call, Effect};

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
    let mut text = String::new();
    match lower(command, &environment) {
        Ok(lowered) => {
            if let Some(profile) = lowered.profile {
                writeln!(text, "→ profile {profile}").unwrap();
            }
            if lowered.calls.is_empty() {
                writeln!(text, "→ no calls").unwrap();
            }
            lowered.calls.iter().for_each(|call| write_call(&mut text, call));
        }
        Err(error) => {
            let place = command.get(error.range.clone()).unwrap_or("?");
            writeln!(text, "✗ {}, at `{place}`", error.message).unwrap();
            if let Some(help) = error.help {
                writeln!(text, "  {help}").unwrap();
            }
        }
    }
    text
}

fn write_call(text: &mut String, call: &Call) {
    writeln!(text, "→ {}", call.operation).unwrap();
    if call.effect != Effect::None {
        writeln!(text, "    {:?}", call.effect).unwrap();
    }
    for check in &call.checks {
        let context = render(&check.context);
        let account = check.resource_account.map(|account| format!(" of {account}")).unwrap_or_default();
        writeln!(text, "    {} on {}{account}{context}", check.action, check.resource).unwrap();
    }
}

fn render(context: &Context) -> String {
    let one = |(key, value): (&str, &ContextValue)| match value {
        ContextValue::One(value) => format!("\n        {key} = {value}"),
        ContextValue::Many(values) => format!("\n        {key} = [{}]", values.join(", ")),
    };
    context.iter().map(one).collect()
}
