//! Which program a simple command runs, and what that calls.

use iamsim_world::Call;

use crate::scope::Scope;
use crate::shell::{SimpleCommand, Word};
use crate::{CommandError, Environment, Lowered, aws, docker, services};

/// Words that may stand before a program: of the shell's grammar, and programs that run another.
const BEFORE: [&str; 18] = [
    "!", "{", "}", "builtin", "command", "do", "elif", "else", "env", "exec", "if", "nohup", "sudo", "then",
    "time", "until", "while", "xargs",
];

/// Programs that pull and push images as `docker` does.
const DOCKER: [&str; 4] = ["docker", "finch", "nerdctl", "podman"];

/// Adds what a simple command calls.
pub(crate) fn lower(
    command: &SimpleCommand,
    environment: &Environment<'_>,
    lowered: &mut Lowered,
) -> Result<(), CommandError> {
    let mut before = false;
    let stands_before = |word: &&Word| {
        // `sudo -E`, `env NAME=value`
        let of_it = before && (word.text.starts_with('-') || word.text.contains('='));
        before |= BEFORE.contains(&&*word.text);
        of_it || BEFORE.contains(&&*word.text)
    };
    let skipped = command.words.iter().take_while(stands_before).count();
    let Some((program, arguments)) = command.words.get(skipped..).and_then(<[Word]>::split_first) else {
        return Ok(());
    };
    match program.text.rsplit('/').next().unwrap_or_default() {
        "aws" => aws_cli(command, arguments, environment, lowered),
        name if DOCKER.contains(&name) => {
            lowered.calls.extend(docker::lower(arguments, environment));
            Ok(())
        }
        name => match ["aws", "docker"].into_iter().find(|known| is_misspelt(name, known)) {
            Some(known) => Err(CommandError::at(program, format!("`{name}` is no program that calls AWS"))
                .with_help(format!("did you mean `{known}`?"))),
            None => Ok(()),
        },
    }
}

/// Whether a program's name has the letters of a known one in another order. Other near names, such as `awk`, are programs too.
fn is_misspelt(name: &str, near: &str) -> bool {
    let sorted = |text: &str| {
        let mut letters: Vec<_> = text.chars().collect();
        letters.sort_unstable();
        letters
    };
    sorted(name) == sorted(near)
}

fn aws_cli(
    command: &SimpleCommand,
    arguments: &[Word],
    environment: &Environment<'_>,
    lowered: &mut Lowered,
) -> Result<(), CommandError> {
    let Some(invocation) = aws::parse(arguments)? else { return Ok(()) };
    let variable = |names: &[&str]| names.iter().find_map(|name| command.variables.get(*name)).cloned();
    let text = |word: &Option<Word>| word.as_ref().map(|word| word.text.clone());

    let profile =
        text(&invocation.global.profile).or_else(|| variable(&["AWS_PROFILE", "AWS_DEFAULT_PROFILE"]));
    if let (Some(earlier), Some(profile)) = (&lowered.profile, &profile)
        && earlier != profile
    {
        let word = invocation.global.profile.as_ref().unwrap_or(&invocation.word);
        return Err(CommandError::at(
            word,
            format!("this command asks for profile `{profile}`, an earlier one for `{earlier}`"),
        )
        .with_help("make them steps of their own"));
    }
    if let Some(word) = &invocation.global.no_sign_request
        && environment.caller_arn.starts_with("arn:")
    {
        return Err(CommandError::at(
            word,
            "`--no-sign-request` makes this call anonymous, but somebody is signed in",
        )
        .with_help("say `as: anonymous`, or leave the flag out"));
    }
    let region = text(&invocation.global.region).or_else(|| variable(&["AWS_REGION", "AWS_DEFAULT_REGION"]));
    let calls: Vec<Call> = services::lower(&invocation, &Scope::new(environment, region.as_deref()))?;
    lowered.calls.extend(calls);
    lowered.profile = profile.or(lowered.profile.take());
    lowered.region = region.or(lowered.region.take());
    Ok(())
}
