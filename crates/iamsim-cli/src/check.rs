//! `iamsim check`.

use std::path::PathBuf;

use iamsim_scenario::ask::{Against, Answer, LoosePolicies, Question, What, ask};
use iamsim_scenario::{Library, warnings};

use crate::args::{Output, Strictness, standard_input};
use crate::exit::Exit;
use crate::format::{Format, Formats, ReportFormat, targets};
use crate::render;
use crate::render::layout::Layout;
use crate::render::results::Results;

const FORMATS: Formats = &[
    Format::Human,
    Format::Json,
    Format::Report(ReportFormat::Markdown),
    Format::Report(ReportFormat::Html),
    Format::Report(ReportFormat::Mermaid),
];

const EXAMPLES: &str = "\
Examples:
  iamsim check --as arn:aws:iam::111122223333:user/alice \\
      --identity-policy AmazonS3ReadOnlyAccess \\
      --run 'aws s3 rm s3://amzn-s3-demo-bucket/report.csv'
  iamsim check --world accounts.world.yaml --explain \\
      --as arn:aws:iam::111111111111:role/Dev --action s3:GetObject \\
      --resource arn:aws:s3:::amzn-s3-demo-bucket/report.csv

A policy is a file, its text, `-` for standard input, or the name or ARN of an AWS managed policy.
Exit codes: 0 allowed, 1 denied, 2 could not answer, also when that depends on unknown keys.";

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES, group = clap::ArgGroup::new("what").required(true))]
pub(crate) struct Check {
    /// Who asks: the ARN of a user, role, session, federated user or root user, `service:NAME`,
    /// `federated:PROVIDER` or `anonymous`
    #[arg(long = "as", value_name = "PRINCIPAL")]
    by: String,
    /// What they do: a shell command, each call of which must be allowed
    #[arg(long, value_name = "COMMAND", group = "what")]
    run: Option<String>,
    /// What they do: an action, as in `s3:GetObject`
    #[arg(long, value_name = "ACTION", group = "what")]
    action: Option<String>,
    /// What they do it to; several must all be allowed. `*` when left out
    #[arg(long, value_name = "ARN", conflicts_with = "run")]
    resource: Vec<String>,
    /// The account that owns the resource, where its ARN does not tell
    #[arg(long, value_name = "ID", conflicts_with = "run")]
    resource_account: Option<String>,

    /// A context key of the request; a key given twice has two values
    #[arg(long, value_name = "KEY=VALUE", help_heading = "Circumstances")]
    context: Vec<String>,
    /// A context key that the request does not have, although it usually would
    #[arg(long, value_name = "KEY", help_heading = "Circumstances")]
    without: Vec<String>,
    /// A context key of which nobody knows what it holds: the answer is then what is certain, or what it depends on;
    /// `*` for every key that policies ask for and the request does not have
    #[arg(long, value_name = "KEY", help_heading = "Circumstances")]
    unknown: Vec<String>,
    /// The caller has just used a multi-factor device
    #[arg(long, help_heading = "Circumstances")]
    mfa: bool,
    /// When it happens, as in `2024-06-01T12:00:00Z`
    #[arg(long, value_name = "INSTANT", help_heading = "Circumstances")]
    now: Option<String>,
    /// The Region that is called
    #[arg(long, value_name = "REGION", help_heading = "Circumstances")]
    region: Option<String>,
    /// The world's VPC endpoint that the call goes through
    #[arg(long, value_name = "ID", requires = "world", help_heading = "Circumstances")]
    via: Option<String>,

    /// A world that says which policies matter, or a scenario with one; several are merged in order
    #[arg(long, value_name = "FILE", help_heading = "World")]
    world: Vec<PathBuf>,

    #[command(flatten)]
    policies: Policies,

    /// Show the way through AWS's flow chart, gate by gate
    #[arg(long)]
    explain: bool,

    /// Show every way found to allow what is denied, and what an allow hangs on
    #[arg(long)]
    fix: bool,

    #[command(flatten)]
    strictness: Strictness,
}

/// Policies given one by one, in place of a world.
#[derive(Debug, clap::Args)]
#[group(id = "policies", multiple = true, conflicts_with = "world")]
struct Policies {
    /// An identity-based policy of the caller
    #[arg(long, value_name = "POLICY", help_heading = "Policies, in place of a world")]
    identity_policy: Vec<String>,
    /// The resource's policy
    #[arg(long, value_name = "POLICY", help_heading = "Policies, in place of a world")]
    resource_policy: Option<String>,
    /// The trust policy of the role that is assumed
    #[arg(long, value_name = "POLICY", help_heading = "Policies, in place of a world")]
    trust_policy: Option<String>,
    /// The caller's permissions boundary
    #[arg(long, value_name = "POLICY", help_heading = "Policies, in place of a world")]
    permissions_boundary: Option<String>,
    /// A session policy
    #[arg(long, value_name = "POLICY", help_heading = "Policies, in place of a world")]
    session_policy: Vec<String>,
    /// A service control policy; all stand at one level
    #[arg(long, value_name = "POLICY", help_heading = "Policies, in place of a world")]
    scp: Vec<String>,
    /// A resource control policy that reaches the resource
    #[arg(long, value_name = "POLICY", help_heading = "Policies, in place of a world")]
    rcp: Vec<String>,
    /// A policy of the VPC endpoint that the request comes through
    #[arg(long, value_name = "POLICY", help_heading = "Policies, in place of a world")]
    vpc_endpoint_policy: Vec<String>,
}

pub(crate) fn run(args: &Check, output: &Output) -> anyhow::Result<Exit> {
    let targets = targets(&output.format, "check", FORMATS)?;
    let library = Library::new();
    let answer = match ask(&library, &question(args)?) {
        Ok(answer) => answer,
        Err(findings) => {
            render::findings(&findings);
            return Ok(Exit::Unanswered);
        }
    };
    if args.strictness.strict && !answer.warnings.is_empty() {
        render::findings(&warnings::as_errors(answer.warnings));
        return Ok(Exit::Unanswered);
    }
    let title = title(args);
    let results = Results::of_answer(&title, &answer);
    for target in targets {
        target.write(|out| match target.format {
            Format::Json => render::explain::json(&answer, out),
            Format::Human => {
                let detail = render::explain::Detail {
                    walk: args.explain,
                    facts: args.explain || output.verbose,
                    fixes: args.fix,
                };
                render::explain::human(&answer, detail, Layout::of_stdout(), out)
            }
            Format::Report(format) => format.exporter().export(&results, out),
        })?;
    }
    Ok(exit(&answer))
}

fn exit(answer: &Answer) -> Exit {
    if answer.is_undetermined() {
        return Exit::Unanswered;
    }
    if answer.is_allowed() { Exit::AsExpected } else { Exit::NotAsExpected }
}

/// The question in a sentence.
fn title(args: &Check) -> String {
    let what = match (&args.run, &args.action) {
        (Some(command), _) => format!("run `{command}`"),
        (None, Some(action)) if args.resource.is_empty() => action.clone(),
        (None, action) => {
            format!("{} on {}", action.as_deref().unwrap_or_default(), args.resource.join(" and on "))
        }
    };
    format!("May {} {what}?", args.by)
}

fn question(args: &Check) -> anyhow::Result<Question> {
    let what = match (&args.run, &args.action) {
        (Some(command), _) => What::Run(command.clone()),
        (None, action) => What::Action {
            action: action.clone().unwrap_or_default(),
            resources: args.resource.clone(),
            resource_account: args.resource_account.clone(),
        },
    };
    let against = if args.world.is_empty() {
        let policies = &args.policies;
        let policy = |given: &String| if given == "-" { standard_input() } else { Ok(given.clone()) };
        let one = |given: &Option<String>| given.as_ref().map(policy).transpose();
        let all = |given: &[String]| given.iter().map(policy).collect::<anyhow::Result<Vec<_>>>();
        Against::Loose(LoosePolicies {
            identity: all(&policies.identity_policy)?,
            permissions_boundary: one(&policies.permissions_boundary)?,
            session: all(&policies.session_policy)?,
            resource: one(&policies.resource_policy)?,
            trust: one(&policies.trust_policy)?,
            service_control: all(&policies.scp)?,
            resource_control: all(&policies.rcp)?,
            vpc_endpoint: all(&policies.vpc_endpoint_policy)?,
        })
    } else {
        Against::World(args.world.clone())
    };
    Ok(Question {
        by: args.by.clone(),
        what,
        against,
        context: args.context.clone(),
        absent: args.without.clone(),
        unknown: args.unknown.clone(),
        mfa: args.mfa,
        now: args.now.clone(),
        via: args.via.clone(),
        region: args.region.clone(),
    })
}
