//! Printing: one file for each format.

pub(crate) mod catalog;
pub(crate) mod dependence;
pub(crate) mod explain;
pub(crate) mod fix;
pub(crate) mod github;
pub(crate) mod html;
pub(crate) mod human;
pub(crate) mod json;
pub(crate) mod junit;
pub(crate) mod layout;
pub(crate) mod lowered;
pub(crate) mod markdown;
pub(crate) mod mermaid;
pub(crate) mod pages;
pub(crate) mod prose;
pub(crate) mod results;
pub(crate) mod sarif;
pub(crate) mod snippet;
pub(crate) mod style;
pub(crate) mod tap;

use std::io::{self, Write};

use iamsim_scenario::evaluate::CaseAnswer;

use crate::exit::Exit;
use crate::render::results::Results;

/// Writes what came of a command in one format.
pub(crate) trait Exporter {
    fn export(&self, results: &Results<'_>, out: &mut dyn Write) -> io::Result<()>;
}

/// An error of the program itself, with what it came of.
pub(crate) fn error(error: &anyhow::Error) {
    anstream::eprintln!("{}error{}: {error:#}", style::ERROR.render(), style::ERROR.render_reset());
}

/// Something worth knowing that is no result.
pub(crate) fn note(text: &str) {
    anstream::eprintln!("{}note{}: {text}", style::NOTE.render(), style::NOTE.render_reset());
}

/// How evaluation cases went.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct CaseCount {
    pub(crate) cases: usize,
    pub(crate) failed: usize,
    pub(crate) unanswered: usize,
}

impl CaseCount {
    pub(crate) fn add(&mut self, answer: &CaseAnswer) {
        self.cases += 1;
        if !answer.is_answered() {
            self.unanswered += 1;
        } else if answer.ok == Some(false) {
            self.failed += 1;
        }
    }

    pub(crate) fn add_all(&mut self, more: Self) {
        self.cases += more.cases;
        self.failed += more.failed;
        self.unanswered += more.unanswered;
    }

    pub(crate) fn exit(self) -> Exit {
        match self {
            Self { unanswered: 1.., .. } => Exit::Unanswered,
            Self { failed: 1.., .. } => Exit::NotAsExpected,
            _ => Exit::AsExpected,
        }
    }
}

/// What is wrong with what was asked.
pub(crate) fn findings(findings: &[iamsim_scenario::Finding]) {
    for finding in findings {
        anstream::eprintln!("{}\n", snippet::text(finding));
    }
}
