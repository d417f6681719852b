//! Shell commands to calls, with faults placed in the scenario's file.

use std::ops::Range;

use iamsim_commands::{CommandError, Environment, Lowered};
use iamsim_syntax::{Diagnostic, Span};
use iamsim_world::{Caller, DEFAULT_REGION};

use crate::scenario_file::Command;

/// The calls a command makes when `caller` runs it.
pub(crate) fn lower(
    source: &str,
    command: &Command,
    caller: &Caller,
    region: Option<&str>,
) -> Result<Lowered, Box<Diagnostic>> {
    let environment = Environment {
        account: caller.principal.account(),
        caller_arn: caller.principal.arn(),
        partition: caller.principal.partition().unwrap_or("aws"),
        region: region.unwrap_or(DEFAULT_REGION),
    };
    let lowered = iamsim_commands::lower(&command.text, &environment);
    let lowered = lowered.map_err(|error| Box::new(diagnostic(source, command, error)))?;
    if lowered.calls.is_empty() {
        let message = "this command makes no call to AWS";
        let diagnostic = Diagnostic::error("invalid-command", command.span, message);
        return Err(Box::new(diagnostic.with_help("give an `aws` command, or `action` and `resource`")));
    }
    Ok(lowered)
}

fn diagnostic(source: &str, command: &Command, error: CommandError) -> Diagnostic {
    let span = place(source, command, error.range);
    let diagnostic = Diagnostic::error("invalid-command", span, error.message);
    match error.help {
        Some(help) => diagnostic.with_help(help),
        None => diagnostic,
    }
}

/// Where a part of the command is written. Quotes, escapes and folded lines stand between the two, so a part is
/// looked for by its text; the whole command is named when it is not found.
fn place(source: &str, command: &Command, range: Range<usize>) -> Span {
    let Some(written) = source.get(command.span.range()) else { return command.span };
    let Some(part) = command.text.get(range.clone()).filter(|part| !part.is_empty()) else {
        return Span::new(command.span.end, command.span.end);
    };
    let before = command.text.get(..range.start).unwrap_or_default();
    let earlier = before.matches(part).count();
    match written.match_indices(part).nth(earlier) {
        Some((at, _)) => {
            let start = command.span.start + at as u32;
            Span::new(start, start + part.len() as u32)
        }
        None => command.span,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(source: &str, written: &str, text: &str, part: &str, expected: &str) {
        let at = source.find(written).unwrap();
        let span = Span::new(at as u32, (at + written.len()) as u32);
        let start = text.rfind(part).unwrap();
        let place = place(source, &Command { text: text.to_owned(), span }, start..start + part.len());
        assert_eq!(source.get(place.range()), Some(expected));
    }

    #[test]
    fn a_fault_is_placed_in_the_file() {
        check("run: aws s3 sl", "aws s3 sl", "aws s3 sl", "sl", "sl");
        check("run: 'aws ''x'' y'", "'aws ''x'' y'", "aws 'x' y", "y", "y");
        check("run: |\n  a b\n  a c\n", "a b\n  a c", "a b\na c\n", "c", "c");
    }
}
