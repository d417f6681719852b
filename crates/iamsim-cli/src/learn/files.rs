//! The learner's folder: unpacking exercises into it, and putting them back.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::Context;

use crate::learn::exercises::{EXERCISES, Exercise, README, SCENARIO, WELCOME};

/// What unpacking did, in files.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Unpacked {
    pub(super) written: usize,
    pub(super) kept: usize,
}

/// Whether a folder has exercises in it.
pub(super) fn is_there(folder: &Path) -> bool {
    EXERCISES.iter().any(|exercise| folder.join(exercise.name).is_dir())
}

/// Writes every file that is not there.
pub(super) fn unpack(folder: &Path) -> anyhow::Result<Unpacked> {
    let mut unpacked = Unpacked::default();
    create(folder)?;
    let mut add = |path: &Path, text: &str| -> anyhow::Result<()> {
        if path.exists() {
            unpacked.kept += 1;
            return Ok(());
        }
        unpacked.written += 1;
        write(path, text)
    };
    add(&folder.join(README), WELCOME)?;
    for exercise in EXERCISES {
        let folder = folder.join(exercise.name);
        create(&folder)?;
        exercise.files().try_for_each(|(name, text)| add(&folder.join(name), text))?;
    }
    Ok(unpacked)
}

/// Writes the files of an exercise as they were, and returns the names of those that were different.
pub(super) fn put_back(folder: &Path, exercise: &Exercise) -> anyhow::Result<Vec<&'static str>> {
    let folder = folder.join(exercise.name);
    create(&folder)?;
    let mut changed = Vec::new();
    for (name, text) in exercise.files() {
        let path = folder.join(name);
        if fs::read_to_string(&path).ok().as_deref() != Some(text) {
            write(&path, text)?;
            changed.push(name);
        }
    }
    Ok(changed)
}

/// What has become of a file that is not for the learner to change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Questions {
    AsGiven,
    Changed,
    Missing,
}

/// What has become of the scenario of an exercise.
pub(super) fn questions(folder: &Path, exercise: &Exercise) -> Questions {
    match fs::read(folder.join(exercise.name).join(SCENARIO)) {
        Ok(bytes) if is_same(&bytes, exercise.scenario) => Questions::AsGiven,
        Err(error) if error.kind() == ErrorKind::NotFound => Questions::Missing,
        Ok(_) | Err(_) => Questions::Changed,
    }
}

/// Whether a text is what was given, however its lines end.
fn is_same(found: &[u8], given: &str) -> bool {
    std::str::from_utf8(found).is_ok_and(|found| found.lines().eq(given.lines()))
}

fn create(folder: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("cannot make the folder `{}`", folder.display()))
}

fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    fs::write(path, text).with_context(|| format!("cannot write `{}`", path.display()))
}
