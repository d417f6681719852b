//! Shell commands to calls, with faults placed in the scenario's file.

use std::ops::Range;
use std::path::Path;

use iamsim_commands::{CommandError, Environment, Lowered};
use iamsim_syntax::{Diagnostic, Span};
use iamsim_world::{Caller, DEFAULT_REGION, Effect};

use crate::library::Library;
use crate::scenario_file::Command;
use crate::source::Source;

/// The calls a command makes when `caller` runs it. Files it names are looked for from the folder of `file`, where
/// it is written.
pub(crate) fn lower(
    library: &Library,
    file: &Source,
    command: &Command,
    caller: &Caller,
    region: Option<&str>,
) -> Result<Lowered, Box<Diagnostic>> {
    let source = file.text();
    let environment = Environment {
        account: caller.principal.account(),
        caller_arn: caller.principal.arn(),
        partition: caller.principal.partition().unwrap_or("aws"),
        region: region.unwrap_or(DEFAULT_REGION),
    };
    let lowered = iamsim_commands::lower(&command.text, &environment);
    let mut lowered = lowered.map_err(|error| Box::new(diagnostic(source, command, error)))?;
    for call in &mut lowered.calls {
        let Effect::Sts(call) = &mut call.effect else { continue };
        let Some(policy) = call.session_policy_mut() else { continue };
        read_parameter(library, file.path(), policy).map_err(|why| {
            let at = command.text.find(policy.as_str());
            let span = at.map_or(command.span, |at| place(source, command, at..at + policy.len()));
            Box::new(Diagnostic::error("invalid-command", span, why))
        })?;
    }
    if lowered.calls.is_empty() {
        let message = "this command makes no call to AWS";
        let diagnostic = Diagnostic::error("invalid-command", command.span, message);
        return Err(Box::new(diagnostic.with_help("give an `aws` command, or `action` and `resource`")));
    }
    Ok(lowered)
}

/// Puts the text of a file in the place of a parameter that names one, as the AWS CLI does.
///
/// Source: <https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-parameters-file.html>
fn read_parameter(library: &Library, here: &str, parameter: &mut String) -> Result<(), String> {
    let Some(path) = parameter.strip_prefix("file://") else { return Ok(()) };
    let folder = Path::new(here).parent().unwrap_or(Path::new(""));
    match library.file(&folder.join(path)) {
        Ok(read) => {
            *parameter = read.source.text().to_owned();
            Ok(())
        }
        Err(why) => Err(format!("the file `{path}` cannot be read: {why}")),
    }
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
