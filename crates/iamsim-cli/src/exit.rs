//! Exit codes.

use std::process::ExitCode;

/// How a run ends. The worst of several counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exit {
    /// 0: everything is as expected.
    AsExpected,
    /// 1: something is not.
    NotAsExpected,
    /// 2: something could not be answered.
    Unanswered,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::AsExpected => Self::SUCCESS,
            Exit::NotAsExpected => Self::from(1),
            Exit::Unanswered => Self::from(2),
        }
    }
}
