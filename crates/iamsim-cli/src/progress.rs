//! How far long work has come, for whoever watches a terminal.

use std::io::{self, IsTerminal};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::args::Output;

/// Work that takes no longer needs no bar.
const PATIENCE: Duration = Duration::from_millis(500);

/// A bar on standard error, gone when the work is done. There is none with `--quiet`, nor where nobody looks.
#[derive(Debug)]
pub(crate) struct Progress {
    bar: Option<ProgressBar>,
}

impl Progress {
    /// Of so many bytes, where it is known how many; prints beside a standard output that is no terminal.
    pub(crate) fn of_bytes(output: &Output, total: Option<u64>) -> Self {
        let template = match total {
            Some(_) => "{wide_bar} {bytes} of {total_bytes}, {bytes_per_sec}, {eta} left{msg}",
            None => "{spinner} {bytes}, {bytes_per_sec}{msg}",
        };
        // On a terminal the answers themselves show how far the work has come.
        if io::stdout().is_terminal() {
            return Self { bar: None };
        }
        Self::new(output, total, template)
    }

    /// Of so many scenarios.
    pub(crate) fn of_scenarios(output: &Output, total: usize) -> Self {
        let template = "{wide_bar} {pos} of {len} scenarios, {per_sec}, {eta} left";
        Self::new(output, Some(total as u64), template)
    }

    fn new(output: &Output, total: Option<u64>, template: &str) -> Self {
        if output.quiet || !io::stderr().is_terminal() {
            return Self { bar: None };
        }
        let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::hidden());
        match ProgressStyle::with_template(template) {
            Ok(style) => Self { bar: Some(bar.with_style(style)) },
            Err(_) => Self { bar: None },
        }
    }

    /// Some more is done.
    pub(crate) fn advance(&self, done: u64) {
        let Some(bar) = &self.bar else { return };
        if bar.is_hidden() && bar.elapsed() > PATIENCE {
            bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        bar.inc(done);
    }

    /// Says how many cases have been answered.
    pub(crate) fn answered(&self, cases: usize) {
        if let Some(bar) = self.bar.as_ref().filter(|bar| !bar.is_hidden()) {
            bar.set_message(format!(", {cases} cases"));
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
