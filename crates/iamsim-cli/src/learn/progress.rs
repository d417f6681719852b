//! What is kept of a learner's progress, in a file beside the exercises.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde::{Deserialize, Serialize};

/// The file's name.
const FILE: &str = "progress.json";

/// What a learner has done.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Progress {
    /// The names of exercises.
    pub(super) solved: BTreeSet<String>,
    /// How many hints were given for an exercise.
    pub(super) hints: BTreeMap<String, usize>,
}

/// What the file said.
#[derive(Debug)]
pub(super) enum Kept {
    /// This.
    Progress(Progress),
    /// Nothing: there is none.
    Nothing,
    /// Something that cannot be read, and why.
    Unreadable(String),
}

impl Progress {
    /// Where the progress of a folder's exercises is kept.
    pub(super) fn path(folder: &Path) -> PathBuf {
        folder.join(FILE)
    }

    /// Reads what is kept.
    pub(super) fn read(folder: &Path) -> Kept {
        match fs::read(Self::path(folder)) {
            Ok(bytes) => match serde_json::from_slice(&bytes) {
                Ok(progress) => Kept::Progress(progress),
                Err(error) => Kept::Unreadable(error.to_string()),
            },
            Err(error) if error.kind() == ErrorKind::NotFound => Kept::Nothing,
            Err(error) => Kept::Unreadable(error.to_string()),
        }
    }

    /// Keeps it.
    pub(super) fn write(&self, folder: &Path) -> anyhow::Result<()> {
        let path = Self::path(folder);
        let mut text = serde_json::to_string_pretty(self).context("progress cannot be put down as JSON")?;
        text.push('\n');
        fs::write(&path, text).with_context(|| format!("cannot write `{}`", path.display()))
    }
}
