//! One question: who may do what, against a world or against policies given one by one.
//!
//! ```
//! use iamsim_scenario::Library;
//! use iamsim_scenario::ask::{Against, LoosePolicies, Question, What, ask};
//!
//! let question = Question {
//!     by: "arn:aws:iam::111122223333:user/alice".to_owned(),
//!     what: What::Run("aws s3 rm s3://amzn-s3-demo-bucket/report.csv".to_owned()),
//!     against: Against::Loose(LoosePolicies {
//!         identity: vec!["AmazonS3ReadOnlyAccess".to_owned()],
//!         ..LoosePolicies::default()
//!     }),
//!     ..Question::default()
//! };
//! let answer = ask(&Library::new(), &question).map_err(|_| "unreadable")?;
//! assert!(!answer.is_allowed());
//! # Ok::<(), &str>(())
//! ```

mod context;
mod explanation;
mod loose;
pub mod remedy;

use std::path::PathBuf;
use std::sync::Arc;

use iamsim_engine::{Principal, Verdict};
use iamsim_syntax::json::{Node, Value};
use iamsim_syntax::{Diagnostic, Span, literal::Instant};
use iamsim_world::{Call, Caller, Check, CheckOutcome, Effect, Failure, Simulation, World};

pub use crate::ask::explanation::{
    Accounts, AttachedPolicies, ContextEntry, ElementReport, ExplainedCheck, ExplainedStatement, GateReport,
    Origin, Relation,
};
pub use crate::ask::loose::LoosePolicies;

pub(crate) use crate::ask::context::Given;
pub(crate) use crate::ask::explanation::explain_check;

use crate::ask::loose::CompiledPolicies;
use crate::decode::Decoder;
use crate::library::Library;
use crate::principal;
use crate::replay::command;
use crate::report::StepError;
use crate::scenario_file::{self, Command, DEFAULT_NOW};
use crate::source::{Finding, Source};
use crate::{undetermined, warnings, world_file};

/// A question as flags put it. Everything is text as given; what is wrong with it is found when it is asked.
#[derive(Debug, Clone, Default)]
pub struct Question {
    /// Who: an ARN, `service:NAME`, `federated:PROVIDER` or `anonymous`.
    pub by: String,
    /// What they do.
    pub what: What,
    /// What stands for or against it.
    pub against: Against,
    /// Context keys, `key=value`; a key given twice has two values.
    pub context: Vec<String>,
    /// Context keys that the request does not have, whatever follows from the rest of it.
    pub absent: Vec<String>,
    /// Context keys of which nobody knows what they hold; `*` for every key that policies ask for and the request
    /// does not have.
    pub unknown: Vec<String>,
    /// Whether the caller has just used a multi-factor device.
    pub mfa: bool,
    /// When, `2024-06-01T12:00:00Z`; the same fixed time as in scenarios when absent.
    pub now: Option<String>,
    /// The id of the world's VPC endpoint the call goes through.
    pub via: Option<String>,
    /// The Region that is called.
    pub region: Option<String>,
}

/// What somebody does.
#[derive(Debug, Clone)]
pub enum What {
    /// An action on each of the resources; without any, on `*`.
    Action {
        /// `s3:GetObject`
        action: String,
        /// ARNs.
        resources: Vec<String>,
        /// Whose they are, where the ARNs do not tell.
        resource_account: Option<String>,
    },
    /// A shell command.
    Run(String),
}

impl Default for What {
    fn default() -> Self {
        Self::Run(String::new())
    }
}

/// What stands for or against it.
#[derive(Debug, Clone)]
pub enum Against {
    /// Worlds, merged in order.
    World(Vec<PathBuf>),
    /// Policies given one by one.
    Loose(LoosePolicies),
}

impl Default for Against {
    fn default() -> Self {
        Self::Loose(LoosePolicies::default())
    }
}

/// The answer to a question.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The checks AWS makes, in order, up to the first that is denied. None when AWS makes none.
    pub checks: Vec<ExplainedCheck>,
    /// Why AWS refuses what the checks allow: a parameter out of range.
    pub refused: Option<StepError>,
    /// What no real request would be.
    pub warnings: Vec<Finding>,
}

impl Answer {
    /// Whether AWS does what is asked, for certain.
    #[must_use]
    pub fn is_allowed(&self) -> bool {
        self.refused.is_none() && self.checks.iter().all(|check| check.verdict.is_allowed())
    }

    /// Whether AWS does what is asked or not, depending on facts that are unknown.
    #[must_use]
    pub fn is_undetermined(&self) -> bool {
        self.refused.is_none() && self.decisive().is_some_and(|check| check.verdict == Verdict::Undetermined)
    }

    /// The check that was denied, or else one that may be, or else the first.
    #[must_use]
    pub fn decisive(&self) -> Option<&ExplainedCheck> {
        let denied = self.checks.iter().find(|check| check.verdict.is_denied());
        denied
            .or_else(|| self.checks.iter().find(|check| !check.verdict.is_allowed()))
            .or(self.checks.first())
    }
}

/// Answers a question.
///
/// # Errors
/// Everything that is wrong with it, and with the worlds and policies it names.
pub fn ask(library: &Library, question: &Question) -> Result<Answer, Vec<Finding>> {
    let mut asking = Asking { library, findings: Vec::new() };
    let prepared = asking.prepare(question);
    match prepared {
        Some(prepared) if asking.findings.is_empty() => {
            let warnings = warnings::of_question(question, &prepared.given.circumstances.context);
            Ok(Answer { warnings, ..asking.answer(prepared)? })
        }
        _ => Err(asking.findings),
    }
}

/// A question on its way to an answer.
struct Asking<'l> {
    library: &'l Library,
    findings: Vec<Finding>,
}

/// A question that can be answered.
struct Prepared<'q> {
    caller: Caller,
    calls: Vec<Call>,
    given: Given,
    now: Instant,
    what: &'q What,
    against: Evidence<'q>,
}

enum Evidence<'q> {
    World(World),
    Loose(&'q LoosePolicies, Box<CompiledPolicies>),
}

fn endpoint_of_no_world(decoder: &mut Decoder<'_>, node: &Node) -> Option<String> {
    let message = "a VPC endpoint is one of a world, and no world is given";
    let diagnostic = Diagnostic::error("unknown-endpoint", node.span, message);
    decoder.report(diagnostic.with_help("give its policy by `--vpc-endpoint-policy`"));
    None
}

impl Asking<'_> {
    fn prepare<'q>(&mut self, question: &'q Question) -> Option<Prepared<'q>> {
        let against = match &question.against {
            Against::World(paths) => Evidence::World(self.world(paths)?),
            Against::Loose(policies) => Evidence::Loose(policies, Box::new(self.compile(policies))),
        };
        let caller = self.caller(&question.by, &against);
        let now = match &question.now {
            Some(now) => self.flag("--now", now, |decoder, node| decoder.instant(node)),
            None => Some(DEFAULT_NOW),
        };
        let mut given = self.given(question);
        if let Some(id) = &question.via {
            given.circumstances.vpc_endpoint = self.flag("--via", id, |decoder, node| match &against {
                Evidence::World(world) => scenario_file::endpoint(decoder, node, world),
                Evidence::Loose(..) => endpoint_of_no_world(decoder, node),
            });
        }
        let calls = self.calls(question, caller.as_ref(), &mut given);
        let (caller, calls) = (caller?, calls?);
        Some(Prepared { caller, calls, given, now: now?, what: &question.what, against })
    }

    fn world(&mut self, paths: &[PathBuf]) -> Option<World> {
        match world_file::load_all(self.library, paths) {
            Ok(world) => Some(world),
            Err(findings) => {
                self.findings.extend(findings);
                None
            }
        }
    }

    fn caller(&mut self, by: &str, against: &Evidence<'_>) -> Option<Caller> {
        let is_service = by.ends_with(".amazonaws.com") || by.ends_with(".amazonaws.com.cn");
        if let Some(name) = by.strip_prefix("service:").or_else(|| is_service.then_some(by)) {
            return self.flag("--as", name, |decoder, node| {
                principal::service(decoder, name, node.span).map(Caller::new)
            });
        }
        if let Some(provider) = by.strip_prefix("federated:") {
            return Some(Caller::new(Principal::Federated { provider: provider.into() }));
        }
        self.flag("--as", by, |decoder, node| match against {
            Evidence::World(world) => principal::in_world(decoder, node, world),
            Evidence::Loose(..) => principal::decode(decoder, node).map(Caller::new),
        })
    }

    fn calls(
        &mut self,
        question: &Question,
        caller: Option<&Caller>,
        given: &mut Given,
    ) -> Option<Vec<Call>> {
        match &question.what {
            What::Action { action, resources, resource_account } => {
                let account = match resource_account {
                    Some(id) => {
                        let found =
                            self.flag("--resource-account", id, |decoder, node| decoder.account(node));
                        Some(found?)
                    }
                    None => None,
                };
                let is_known = self.flag("--action", action, |decoder, node| {
                    scenario_file::action_is_known(decoder, action, node.span).then_some(())
                });
                is_known?;
                for resource in resources {
                    self.flag("--resource", resource, |decoder, node| {
                        scenario_file::is_resource(decoder, resource, node.span).then_some(())
                    })?;
                }
                let star = ["*".to_owned()];
                let resources = if resources.is_empty() { &star } else { &**resources };
                let check = |resource: &String| {
                    let check = Check::new(action, resource);
                    Check { resource_account: account, ..check }
                };
                let checks = resources.iter().map(check).collect();
                Some(vec![Call { operation: action.clone(), checks, effect: Effect::None }])
            }
            What::Run(text) => {
                let caller = caller?;
                let region = given.circumstances.region.clone();
                let (library, file) = (self.library, Source::new("", text));
                let lowered = self.flag("--run", text, |decoder, node| {
                    let command = Command { text: text.clone(), span: node.span };
                    match command::lower(library, &file, &command, caller, region.as_deref()) {
                        Ok(lowered) => Some(lowered),
                        Err(diagnostic) => {
                            decoder.report(*diagnostic);
                            None
                        }
                    }
                })?;
                given.circumstances.region = lowered.region.or(region);
                Some(lowered.calls)
            }
        }
    }

    /// Reads the text of a flag as files are read, so that faults are shown alike.
    fn flag<T>(
        &mut self,
        name: &str,
        text: &str,
        read: impl FnOnce(&mut Decoder<'_>, &Node) -> Option<T>,
    ) -> Option<T> {
        let mut decoder = Decoder::passing(self.library, Arc::new(Source::new(name, text)));
        let node = Node { value: Value::String(text.into()), span: Span::new(0, text.len() as u32) };
        let value = read(&mut decoder, &node);
        self.findings.extend(decoder.finish());
        value
    }

    fn answer(mut self, prepared: Prepared<'_>) -> Result<Answer, Vec<Finding>> {
        let Prepared { caller, calls, given, now, what, against } = prepared;
        let (checks, refused) = match against {
            Evidence::World(world) => in_world(world, &caller, &calls, &given, now),
            Evidence::Loose(named, policies) => {
                let checks = self.under_loose_policies(named, &policies, &caller, &calls, &given, now);
                match checks {
                    Some(checks) => checks,
                    None => return Err(self.findings),
                }
            }
        };
        if let Some(error) = checks.iter().find_map(|check| check.partial.as_ref().err()) {
            self.flag::<()>("--unknown", &error.key, |decoder, node| {
                decoder.report(undetermined::refusal(error, node.span));
                None
            });
            return Err(self.findings);
        }
        let explain =
            |check: &CheckOutcome| explanation::explain_check(self.library, check, &given, &calls, what);
        Ok(Answer { checks: checks.iter().map(explain).collect(), refused, warnings: Vec::new() })
    }
}

/// What came of calls: the checks made, and the refusal at their end.
type Outcome = (Vec<CheckOutcome>, Option<StepError>);

/// Makes the calls one after the other; the first that fails is the last made.
fn in_world(world: World, caller: &Caller, calls: &[Call], given: &Given, now: Instant) -> Outcome {
    let mut simulation = Simulation::new(world, now.0);
    let mut checks = Vec::new();
    for call in calls {
        let outcome = simulation.call(caller, call, &given.circumstances);
        checks.extend(outcome.checks);
        match outcome.result {
            Ok(_) => {}
            Err(Failure::Denied) => break,
            // A later call may be denied for certain.
            Err(Failure::Undetermined) => {}
            Err(Failure::Refused(error)) => {
                let refused = StepError { code: error.code.to_owned(), message: error.message };
                return (checks, Some(refused));
            }
        }
    }
    (checks, None)
}
