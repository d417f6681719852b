//! `iamsim validate`.

use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use iamsim_scenario::{Finding, Library, Source, find, read_tree};
use iamsim_syntax::{Diagnostic, parse_node};

use crate::args::{Format, Output, Validate};
use crate::exit::Exit;
use crate::{guess, render};

const ENDINGS: [&str; 1] = [".json"];

pub(crate) fn run(args: &Validate, output: &Output) -> anyhow::Result<Exit> {
    let library = Library::new();
    let mut sources = Vec::new();
    let mut unreadable = Vec::new();
    for name in &args.files {
        if name == "-" {
            let mut text = String::new();
            io::stdin().lock().read_to_string(&mut text).context("cannot read standard input")?;
            sources.push(Arc::new(Source::new("<stdin>", text)));
            continue;
        }
        for file in find(name, &ENDINGS).map_err(|why| anyhow::anyhow!("`{name}` {why}"))? {
            match library.open(&file) {
                Ok(source) => sources.push(source),
                Err(finding) => unreadable.push(*finding),
            }
        }
    }
    let mut findings: Vec<_> = sources.iter().flat_map(|source| validate(source, args, output)).collect();
    let has_errors = findings.iter().any(|finding| finding.diagnostic.is_error());
    let exit = match (unreadable.is_empty(), has_errors) {
        (false, _) => Exit::Unanswered,
        (true, true) => Exit::NotAsExpected,
        (true, false) => Exit::AsExpected,
    };
    findings.extend(unreadable);
    let stdout = &mut anstream::stdout().lock();
    match output.format.unwrap_or(Format::Human) {
        Format::Human => render::human::findings(&findings, sources.len(), output, stdout)?,
        Format::Json => render::json::findings(&findings, stdout)?,
        Format::Github => render::github::findings(&findings, stdout)?,
    }
    Ok(exit)
}

fn validate(source: &Arc<Source>, args: &Validate, output: &Output) -> Vec<Finding> {
    let (node, mut diagnostics) = read_tree(source);
    let policy_type = args.policy_type.unwrap_or_else(|| {
        let guessed = guess::policy_type(Path::new(source.path()), node.as_ref());
        if !output.quiet && node.is_some() {
            let path = source.path();
            render::note(&format!("{path}: read as {guessed}; `--type` says otherwise"));
        }
        guessed
    });
    if let Some(node) = node {
        let (policy, errors) = parse_node(&node, policy_type);
        diagnostics.extend(errors);
        if let Some(policy) = policy {
            diagnostics.extend(iamsim_lint::lint(&policy, source.text()));
        }
    }
    let finding = |diagnostic: Diagnostic| Finding { source: Arc::clone(source), diagnostic };
    diagnostics.into_iter().map(finding).collect()
}
