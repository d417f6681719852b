//! A learner's way through the exercises of a folder.

use std::io::Write;
use std::path::{Path, PathBuf};

use crate::exit::Exit;
use crate::learn::attempt::attempt;
use crate::learn::exercises::{self, EXERCISES, Exercise};
use crate::learn::files;
use crate::learn::page::{self, View};
use crate::learn::progress::{Kept, Progress};
use crate::render;
use crate::render::layout::Layout;

/// The exercises of a folder, and how far the learner is.
#[derive(Debug)]
pub(super) struct Course {
    folder: PathBuf,
    progress: Progress,
    /// The exercise whose story is on the screen.
    told: Option<&'static str>,
}

impl Course {
    /// Opens a folder. Progress that cannot be read is found again: what passes is solved.
    pub(super) fn open(folder: &Path) -> anyhow::Result<Self> {
        let mut course = Self { folder: folder.to_owned(), progress: Progress::default(), told: None };
        let why = match Progress::read(folder) {
            Kept::Progress(progress) => {
                course.progress = progress;
                return Ok(course);
            }
            Kept::Nothing => return Ok(course),
            Kept::Unreadable(why) => why,
        };
        let solved = EXERCISES.iter().filter(|exercise| attempt(folder, exercise).is_solved());
        course.progress.solved = solved.map(|exercise| exercise.name.to_owned()).collect();
        let path = Progress::path(folder);
        let path = path.display();
        render::note(&format!("`{path}` could not be read ({why}); it was written anew from what passes"));
        course.progress.write(folder)?;
        Ok(course)
    }

    /// The first exercise that is not solved.
    pub(super) fn current(&self) -> Option<&'static Exercise> {
        EXERCISES.iter().find(|exercise| !self.is_solved(exercise))
    }

    pub(super) fn is_solved(&self, exercise: &Exercise) -> bool {
        self.progress.solved.contains(exercise.name)
    }

    /// How many exercises are solved.
    pub(super) fn solved(&self) -> usize {
        EXERCISES.iter().filter(|exercise| self.is_solved(exercise)).count()
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(super) fn exit(&self) -> Exit {
        if self.current().is_none() { Exit::AsExpected } else { Exit::NotAsExpected }
    }

    /// The exercise that is named, or else the current one; `None` when all are solved.
    pub(super) fn choose(&self, wanted: Option<&str>) -> anyhow::Result<Option<&'static Exercise>> {
        let Some(wanted) = wanted else { return Ok(self.current()) };
        match exercises::find(wanted) {
            Some(exercise) => Ok(Some(exercise)),
            None => anyhow::bail!("there is no exercise `{wanted}`: `iamsim learn list` has them all"),
        }
    }

    /// Takes a look at the current exercise, goes on while they are solved, and tells what is wrong with the first
    /// that is not.
    pub(super) fn go_on(&mut self, view: View, out: &mut dyn Write) -> anyhow::Result<()> {
        self.catch_up();
        while let Some(exercise) = self.current() {
            let attempt = attempt(&self.folder, exercise);
            if attempt.is_solved() {
                self.progress.solved.insert(exercise.name.to_owned());
                self.progress.write(&self.folder)?;
                page::solved(self, exercise, view, out)?;
                continue;
            }
            match self.told == Some(exercise.name) {
                true => page::again(self, exercise, out)?,
                false => page::story(self, exercise, out)?,
            }
            self.told = Some(exercise.name);
            page::still_wrong(&self.folder, exercise, &attempt, view, out)?;
            return Ok(());
        }
        Ok(page::all_solved(self, out)?)
    }

    /// Takes over what another terminal has put down since.
    fn catch_up(&mut self) {
        if let Kept::Progress(progress) = Progress::read(&self.folder) {
            self.progress = progress;
        }
    }

    /// Gives the next hint, with those before it.
    pub(super) fn hint(
        &mut self,
        exercise: &Exercise,
        layout: Layout,
        out: &mut dyn Write,
    ) -> anyhow::Result<()> {
        self.catch_up();
        let all = exercise.hints();
        let given = self.progress.hints.entry(exercise.name.to_owned()).or_default();
        *given = given.saturating_add(1).min(all.len());
        let shown = all.get(..*given).unwrap_or(&all);
        page::hints(exercise, shown, all.len(), layout, out)?;
        self.progress.write(&self.folder)
    }

    /// Puts an exercise back as it was.
    pub(super) fn reset(&mut self, exercise: &Exercise, out: &mut dyn Write) -> anyhow::Result<()> {
        self.catch_up();
        let changed = files::put_back(&self.folder, exercise)?;
        self.progress.solved.remove(exercise.name);
        self.progress.hints.remove(exercise.name);
        self.progress.write(&self.folder)?;
        page::put_back(&self.folder, exercise, &changed, out)?;
        Ok(())
    }
}
