//! `iamsim validate`.

use std::path::Path;
use std::sync::Arc;

use iamsim_scenario::{Finding, Library, Source, find, read_tree};
use iamsim_syntax::json::Node;
use iamsim_syntax::{Diagnostic, PolicyType, Severity, parse_node};
use schemars::JsonSchema;
use serde::Serialize;

use crate::args::{Output, Validate, standard_input};
use crate::exit::Exit;
use crate::format::{Format, Formats, judgements, targets};
use crate::render::results::{Results, counted};
use crate::{embedded, guess, render};

/// What to look for in folders.
const ENDINGS: [&str; 5] = [".json", ".world.yaml", ".world.yml", ".scenario.yaml", ".scenario.yml"];

const FORMATS: Formats = &judgements(Format::Human, Format::Json);

/// A policy and everything found in it, or a file that cannot be read and why.
pub(crate) struct Judged {
    pub(crate) source: Arc<Source>,
    /// The line it begins in.
    pub(crate) line: u32,
    /// What it was read as; `None` for what could not be read.
    pub(crate) policy_type: Option<PolicyType>,
    /// Whether nobody said what it is used as.
    pub(crate) guessed: bool,
    pub(crate) findings: Vec<Finding>,
}

/// How many of what.
#[derive(Debug, Default, Clone, Copy, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PolicyCount {
    /// Files, those that cannot be read included.
    pub(crate) files: usize,
    pub(crate) policies: usize,
    pub(crate) errors: usize,
    pub(crate) security_warnings: usize,
    pub(crate) warnings: usize,
    pub(crate) suggestions: usize,
    /// Files that cannot be read.
    pub(crate) unreadable: usize,
}

pub(crate) fn run(args: &Validate, output: &Output) -> anyhow::Result<Exit> {
    let targets = targets(&output.format, "validate", FORMATS)?;
    let library = Library::new();
    let mut judged = Vec::new();
    let mut guesses = Guesses::default();
    for name in &args.files {
        if name == "-" {
            let text = standard_input()?;
            judged.extend(validate(&Arc::new(Source::new("<stdin>", text)), args, output, &mut guesses));
            continue;
        }
        let files = match find(name, &ENDINGS) {
            Ok(files) => files,
            Err(finding) => {
                judged.push(Judged::unreadable(*finding));
                continue;
            }
        };
        for file in files {
            match library.open(&file) {
                Ok(source) => judged.extend(validate(&source, args, output, &mut guesses)),
                Err(finding) => judged.push(Judged::unreadable(*finding)),
            }
        }
    }
    if !output.quiet {
        guesses.tell(output);
    }
    let results = Results::of_policies(&judged);
    for target in targets {
        target.write(|out| match target.format {
            Format::Human => render::human::policies(&judged, output, out),
            Format::Json => render::json::policies(&judged, out),
            Format::Report(format) => format.exporter().export(&results, out),
        })?;
    }
    Ok(PolicyCount::of(&judged).exit())
}

/// The policy that a text is, or those written in it.
fn validate(source: &Arc<Source>, args: &Validate, output: &Output, guesses: &mut Guesses) -> Vec<Judged> {
    let (node, diagnostics) = read_tree(source);
    let path = source.path();
    if let Some(node) = node.as_ref().filter(|node| embedded::is_own_file(node)) {
        let policies = embedded::policies(node);
        if policies.is_empty() && !output.quiet {
            render::note(&format!("{path}: no policy is written in it"));
        }
        let judge = |(policy_type, node)| {
            Judged::new(source, policy_type, false, judge(source, node, policy_type)).beginning_at(Some(node))
        };
        let mut judged: Vec<Judged> = policies.into_iter().map(judge).collect();
        // What is wrong with the file itself is said with its first policy.
        if let Some(first) = judged.first_mut() {
            first.add(diagnostics);
        }
        return judged;
    }
    let policy_type = args.policy_type.unwrap_or_else(|| {
        let guessed = guess::policy_type(Path::new(path), node.as_ref());
        if node.is_some() {
            guesses.0.push((path.to_owned(), guessed));
        }
        guessed
    });
    let mut all = diagnostics;
    all.extend(node.iter().flat_map(|node| judge(source, node, policy_type)));
    vec![Judged::new(source, policy_type, args.policy_type.is_none(), all).beginning_at(node.as_ref())]
}

/// What policies were taken for that nobody said the type of.
#[derive(Debug, Default)]
struct Guesses(Vec<(String, PolicyType)>);

impl Guesses {
    /// Each in a note, or how many of which type when they are many.
    fn tell(&self, output: &Output) {
        const MANY: usize = 5;
        if self.0.len() <= MANY || output.verbose {
            for (path, guessed) in &self.0 {
                render::note(&format!("{path}: read as {guessed}; `--type` says otherwise"));
            }
            return;
        }
        let count = |policy_type| self.0.iter().filter(|(_, guessed)| *guessed == policy_type).count();
        let counts = PolicyType::ALL.into_iter().map(|policy_type| (count(policy_type), policy_type));
        let counts = counts.filter(|(count, _)| *count > 0);
        let counts: Vec<_> = counts.map(|(count, policy_type)| format!("{count} as {policy_type}")).collect();
        let policies = counted(self.0.len(), "policy");
        let counts = counts.join(", ");
        render::note(&format!(
            "{policies} read as what they seem: {counts}; `--verbose` says which, `--type` says otherwise"
        ));
    }
}

/// The errors of a policy, or else what its author may want to know.
fn judge(source: &Source, node: &Node, policy_type: PolicyType) -> Vec<Diagnostic> {
    let (policy, errors) = parse_node(node, policy_type);
    match policy {
        Some(policy) => iamsim_lint::lint(&policy, source.text()),
        None => errors,
    }
}

impl Judged {
    fn new(
        source: &Arc<Source>,
        policy_type: PolicyType,
        guessed: bool,
        diagnostics: Vec<Diagnostic>,
    ) -> Self {
        let source = Arc::clone(source);
        let mut judged =
            Self { source, line: 1, policy_type: Some(policy_type), guessed, findings: Vec::new() };
        judged.add(diagnostics);
        judged
    }

    fn unreadable(finding: Finding) -> Self {
        let source = Arc::clone(&finding.source);
        Self { source, line: 1, policy_type: None, guessed: false, findings: vec![finding] }
    }

    fn beginning_at(mut self, node: Option<&Node>) -> Self {
        self.line = node.map_or(1, |node| self.source.position(node.span.start).line);
        self
    }

    fn add(&mut self, diagnostics: Vec<Diagnostic>) {
        let finding = |diagnostic| Finding { source: Arc::clone(&self.source), diagnostic };
        self.findings.extend(diagnostics.into_iter().map(finding));
        self.findings.sort_by_key(|finding| finding.diagnostic.span);
    }
}

impl PolicyCount {
    pub(crate) fn of(judged: &[Judged]) -> Self {
        let mut count = Self::default();
        let mut last = None;
        for judged in judged {
            let path = judged.source.path();
            count.files += usize::from(last.replace(path) != Some(path));
            if judged.policy_type.is_none() {
                count.unreadable += 1;
                continue;
            }
            count.policies += 1;
            for finding in &judged.findings {
                *match finding.diagnostic.severity {
                    Severity::Error => &mut count.errors,
                    Severity::SecurityWarning => &mut count.security_warnings,
                    Severity::Warning => &mut count.warnings,
                    Severity::Suggestion => &mut count.suggestions,
                } += 1;
            }
        }
        count
    }

    fn exit(self) -> Exit {
        match self {
            Self { unreadable: 1.., .. } => Exit::Unanswered,
            Self { errors: 1.., .. } => Exit::NotAsExpected,
            _ => Exit::AsExpected,
        }
    }
}
