//! `iamsim lower`.

use std::sync::Arc;

use anyhow::Context;
use iamsim_commands::Environment;
use iamsim_engine::Principal;
use iamsim_scenario::{Finding, Source};
use iamsim_syntax::{Diagnostic, Span};
use iamsim_world::{Caller, DEFAULT_REGION};

use crate::args::Output;
use crate::exit::Exit;
use crate::format::{PlainFormat, plain_targets};
use crate::render;
use crate::render::layout::Layout;

const EXAMPLES: &str = "\
Examples:
  iamsim lower 'aws s3 sync ./site s3://amzn-s3-demo-bucket --delete'
  iamsim lower --format json \\
      'docker push 123456789012.dkr.ecr.us-east-1.amazonaws.com/app:v1'

Exit codes: 0 shown, 2 the command could not be read.";

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Lower {
    /// A shell command or script: `aws …`, `docker pull …`, `docker push …`
    #[arg(value_name = "COMMAND")]
    command: String,
    /// Who runs it: fills in the account where the command leaves it open
    #[arg(long = "as", value_name = "ARN")]
    by: Option<String>,
    /// The Region that is configured
    #[arg(long, value_name = "REGION", default_value = DEFAULT_REGION)]
    region: String,
}

pub(crate) fn run(args: &Lower, output: &Output) -> anyhow::Result<Exit> {
    let targets = plain_targets(&output.format, "lower")?;
    let principal = match &args.by {
        Some(arn) => Principal::from_arn(arn)
            .with_context(|| format!("`--as {arn}` is not the ARN of somebody who can run a command"))?,
        None => Principal::Anonymous,
    };
    let caller = Caller::new(principal);
    let environment = Environment {
        account: caller.principal.account(),
        // Without a caller nobody is signed out: `--no-sign-request` is fine, and so is its absence.
        caller_arn: caller.principal.arn(),
        partition: caller.principal.partition().unwrap_or("aws"),
        region: &args.region,
    };
    let lowered = match iamsim_commands::lower(&args.command, &environment) {
        Ok(lowered) => lowered,
        Err(error) => {
            let span = Span::new(error.range.start as u32, error.range.end as u32);
            let diagnostic = Diagnostic::error("invalid-command", span, error.message);
            let diagnostic = match error.help {
                Some(help) => diagnostic.with_help(help),
                None => diagnostic,
            };
            let source = Arc::new(Source::new("command", args.command.as_str()));
            render::findings(&[Finding { source, diagnostic }]);
            return Ok(Exit::Unanswered);
        }
    };
    for target in targets {
        target.write(|out| match target.format {
            PlainFormat::Json => render::lowered::json(&lowered, &caller, out),
            PlainFormat::Human => {
                render::lowered::human(&lowered, &caller, Layout::of_stdout(), out)?;
                if lowered.calls.is_empty() {
                    render::note("this command makes no call to AWS");
                } else if args.by.is_none() && render::lowered::leaves_account_open(&lowered, &caller) {
                    render::note("`*` stands for the caller's account; `--as ARN` fills it in");
                }
                Ok(())
            }
        })?;
    }
    Ok(Exit::AsExpected)
}
