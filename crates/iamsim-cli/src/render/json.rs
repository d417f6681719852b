//! Results for programs.

use std::io::{self, Write};

use iamsim_scenario::Finding;
use iamsim_scenario::report::FindingReport;
use serde::Serialize;

/// One document, indented.
pub(crate) fn document(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, value)?;
    writeln!(out)
}

/// One value on a line.
pub(crate) fn line(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    writeln!(out)
}

/// Findings about policies.
pub(crate) fn findings(findings: &[Finding], out: &mut dyn Write) -> io::Result<()> {
    #[derive(Serialize)]
    struct Findings<'f> {
        version: u32,
        findings: Vec<FindingReport<'f>>,
    }
    document(&Findings { version: 1, findings: findings.iter().map(FindingReport::from).collect() }, out)
}
