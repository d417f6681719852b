//! Results for programs.

use std::io::{self, Write};

use iamsim_scenario::Finding;
use iamsim_syntax::PolicyType;
use schemars::JsonSchema;
use serde::Serialize;

use crate::render::pages;
use crate::validate::{Judged, PolicyCount};

/// One document, indented.
pub(crate) fn document(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, value)?;
    writeln!(out)
}

/// Findings about policies, file by file.
pub(crate) fn policies(judged: &[Judged], out: &mut dyn Write) -> io::Result<()> {
    let files = judged.iter().map(PolicyReport::from).collect();
    document(&ValidateReport { version: 1, summary: PolicyCount::of(judged), files }, out)
}

/// What came of validating policies.
#[derive(Serialize, JsonSchema)]
pub(crate) struct ValidateReport<'f> {
    /// The version of this format.
    version: u32,
    /// How many of what.
    summary: PolicyCount,
    /// Each policy, in the order given.
    files: Vec<PolicyReport<'f>>,
}

/// One policy. A world or a scenario has several, each with the line it begins in.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct PolicyReport<'f> {
    file: &'f str,
    line: u32,
    /// What it was read as; `null` for a file that cannot be read.
    #[serde(rename = "type")]
    policy_type: Option<&'static str>,
    guessed: bool,
    diagnostics: Vec<DiagnosticReport<'f>>,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct DiagnosticReport<'f> {
    code: &'static str,
    severity: &'static str,
    message: &'f str,
    line: u32,
    /// In characters, from 1.
    column: u32,
    end_line: u32,
    /// One past the last character.
    end_column: u32,
    help: Option<&'f str>,
    aws_message: Option<&'f str>,
    learn_more: Option<&'static str>,
}

impl<'f> From<&'f Judged> for PolicyReport<'f> {
    fn from(judged: &'f Judged) -> Self {
        Self {
            file: judged.source.path(),
            line: judged.line,
            policy_type: judged.policy_type.map(PolicyType::as_str),
            guessed: judged.guessed,
            diagnostics: judged.findings.iter().map(DiagnosticReport::from).collect(),
        }
    }
}

impl<'f> From<&'f Finding> for DiagnosticReport<'f> {
    fn from(finding: &'f Finding) -> Self {
        let diagnostic = &finding.diagnostic;
        let start = finding.position();
        let end = finding.source.position(diagnostic.span.end);
        Self {
            code: diagnostic.code,
            severity: diagnostic.severity.as_str(),
            message: &diagnostic.message,
            line: start.line,
            column: start.column,
            end_line: end.line,
            end_column: end.column,
            help: diagnostic.help.as_deref(),
            aws_message: diagnostic.aws_message.as_deref(),
            learn_more: pages::of(diagnostic.code).map(|page| page.url),
        }
    }
}
