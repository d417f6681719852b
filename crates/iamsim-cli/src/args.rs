//! The command line.

use std::io::{self, IsTerminal, Read};
use std::path::PathBuf;

use anstream::ColorChoice;
use anyhow::Context;
use clap::{ArgAction, Parser, Subcommand, ValueEnum};
use iamsim_syntax::PolicyType;

use crate::format::{Target, TargetParser};
use crate::render;

/// An offline oracle for AWS authorization: says what AWS would decide, and why.
#[derive(Debug, Parser)]
#[command(name = "iamsim", version, arg_required_else_help = true, after_help = EXIT_CODES)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) output: Output,
}

const EXIT_CODES: &str = "Exit codes: 0 as expected, 1 not as expected, 2 could not answer.";

const VALIDATE_EXIT_CODES: &str = "Exit codes: 0 no errors, though perhaps warnings; 1 a policy has errors, \
    so that AWS would refuse it (a text that is not JSON is one of those); 2 a file could not be read.\n\n\
    `iamsim explain-code CODE` has more on a finding: CODE is what stands in brackets.";

/// How to print.
#[derive(Debug, clap::Args)]
pub(crate) struct Output {
    /// How to print results, and where: human, json, junit, tap, github, sarif, markdown, html or mermaid; several
    /// with commas, all but one to files, as in `--format junit=report.xml,human`
    #[arg(
        long,
        global = true,
        value_delimiter = ',',
        value_name = "FORMAT[=FILE]",
        value_parser = TargetParser,
        hide_possible_values = true
    )]
    pub(crate) format: Vec<Target>,
    /// When to print in colour
    #[arg(long, global = true, value_enum, default_value = "auto", value_name = "WHEN")]
    pub(crate) color: Color,
    /// Print only what is not as expected
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Print more about each step
    #[arg(short, long, global = true, action = ArgAction::SetTrue)]
    pub(crate) verbose: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Color {
    /// When the terminal takes it
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl Color {
    pub(crate) fn write_global(self) {
        match self {
            Self::Auto => ColorChoice::Auto,
            Self::Always => ColorChoice::Always,
            Self::Never => ColorChoice::Never,
        }
        .write_global();
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Replay scenarios and compare every step with what it expects
    Replay(Replay),
    /// Evaluate requests, each with all its policies or in a world: one JSON answer a line
    Evaluate(Evaluate),
    /// Check policies for errors, warnings and suggestions
    #[command(after_help = VALIDATE_EXIT_CODES)]
    Validate(Validate),
    /// Ask one question: may somebody do something, and why
    Check(Box<crate::check::Check>),
    /// Show the calls a command makes, and what AWS checks for each
    Lower(crate::lower::Lower),
    /// Learn how AWS decides: exercises in the terminal, each a small world with something wrong
    Learn(crate::learn::Learn),
    /// Look up services, actions, condition keys and AWS managed policies
    Catalog(crate::catalog::Catalog),
    /// Print the JSON Schema of a file format or of a report
    Schema(crate::schema::Schema),
    /// Say what a finding means, with an example and what to write instead
    ExplainCode(crate::explain_code::ExplainCode),
    /// Print the completions of a shell
    Completions(crate::completions::Completions),
    /// Write the manual pages into a folder
    Man(crate::man::Man),
}

#[derive(Debug, clap::Args)]
pub(crate) struct Replay {
    /// Scenarios: files, folders with `*.scenario.yaml` below, globs; `-` is standard input
    #[arg(default_value = ".", value_name = "PATH")]
    pub(crate) paths: Vec<String>,
    /// Show the way through AWS's flow chart of every step that is not as expected; with --verbose, of all
    #[arg(long)]
    pub(crate) explain: bool,
    #[command(flatten)]
    pub(crate) strictness: Strictness,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Evaluate {
    /// Evaluation cases: files, folders with `*.eval.jsonl` or `*.eval.yaml` below, globs; `-` is standard input
    #[arg(default_value = "-", value_name = "FILE")]
    pub(crate) files: Vec<String>,
    /// A world that says which policies each request meets; several are merged in order
    #[arg(long, value_name = "FILE")]
    pub(crate) world: Vec<PathBuf>,
    /// Say beside an answer what no real request would be: an action, a resource or a context key that cannot be
    #[arg(long)]
    pub(crate) warnings: bool,
    #[command(flatten)]
    pub(crate) strictness: Strictness,
}

/// What to do with requests that no real one would be.
#[derive(Debug, clap::Args)]
pub(crate) struct Strictness {
    /// Answer no request that has warnings: they are errors
    #[arg(long)]
    pub(crate) strict: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Validate {
    /// Policies: files, folders with `*.json` below, globs; `-` is standard input. Of worlds, scenarios and
    /// evaluation cases the policies written in them are checked
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<String>,
    /// What the policies are used as; guessed from content and folder when absent
    #[arg(long = "type", value_name = "TYPE", value_parser = policy_type())]
    pub(crate) policy_type: Option<PolicyType>,
}

/// Says what is waited for where nothing is piped in.
pub(crate) fn tell_a_terminal() {
    if io::stdin().is_terminal() {
        render::note("reading standard input; Ctrl-D ends it");
    }
}

/// All of standard input.
///
/// # Errors
/// When it cannot be read, or is not UTF-8.
pub(crate) fn standard_input() -> anyhow::Result<String> {
    tell_a_terminal();
    let mut text = String::new();
    io::stdin().lock().read_to_string(&mut text).context("cannot read standard input")?;
    Ok(text)
}

fn policy_type() -> impl clap::builder::TypedValueParser<Value = PolicyType> {
    use clap::builder::{PossibleValuesParser, TypedValueParser};
    PossibleValuesParser::new(PolicyType::ALL.map(PolicyType::as_str)).try_map(|name| {
        PolicyType::ALL
            .into_iter()
            .find(|policy_type| policy_type.as_str() == name)
            .ok_or("unknown policy type")
    })
}
