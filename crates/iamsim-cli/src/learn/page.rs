//! What a learner sees.

use std::io::{self, Write};
use std::path::Path;

use anstyle::Style;
use iamsim_scenario::report::{StepReport, StepResult, Verdict};

use crate::learn::attempt::{Attempt, is_fine};
use crate::learn::command;
use crate::learn::course::Course;
use crate::learn::exercises::{EXERCISES, Exercise, HINTS, README, SCENARIO};
use crate::learn::files::{Questions, questions};
use crate::render::explain;
use crate::render::layout::{Layout, paragraph};
use crate::render::results::Test;
use crate::render::snippet;
use crate::render::style::{BAD, FAINT, GOOD, HEADING, Painted, UNSURE};

/// How it is shown.
#[derive(Debug, Clone, Copy)]
pub(super) struct View {
    pub(super) layout: Layout,
    /// Whether the whole way through the gates is shown.
    pub(super) walk: bool,
}

/// Which exercise this is, and how far the learner has come.
fn heading(course: &Course, exercise: &Exercise, out: &mut dyn Write) -> io::Result<()> {
    let number = EXERCISES.iter().take_while(|other| other.name != exercise.name).count() + 1;
    let title = format!("Exercise {number}: {}", exercise.title());
    writeln!(out, "{}   {}\n", Painted(HEADING, title), bar(course))
}

/// `█████░░░ 5/8`
fn bar(course: &Course) -> impl std::fmt::Display {
    let (solved, all) = (course.solved(), EXERCISES.len());
    let done = Painted(GOOD, "█".repeat(solved));
    let open = Painted(FAINT, "░".repeat(all.saturating_sub(solved)));
    format!("{done}{open} {solved}/{all}")
}

/// The exercise once more: what has been told already is in its readme.
pub(super) fn again(course: &Course, exercise: &Exercise, out: &mut dyn Write) -> io::Result<()> {
    heading(course, exercise, out)?;
    let readme = course.folder().join(exercise.name).join(README);
    writeln!(out, "{}\n", Painted(FAINT, readme.display()))
}

/// The exercise from its beginning: the story, the task and the files.
pub(super) fn story(course: &Course, exercise: &Exercise, out: &mut dyn Write) -> io::Result<()> {
    heading(course, exercise, out)?;
    writeln!(out, "{}\n", exercise.story())?;
    let folder = course.folder().join(exercise.name);
    for (name, _) in exercise.answers {
        writeln!(out, "Change  {}", Painted(HEADING, folder.join(name).display()))?;
    }
    writeln!(out, "Read    {}\n", folder.join(SCENARIO).display())
}

/// Every step, and of the first that is not as expected why it is not.
pub(super) fn still_wrong(
    folder: &Path,
    exercise: &Exercise,
    attempt: &Attempt,
    view: View,
    out: &mut dyn Write,
) -> io::Result<()> {
    about_the_questions(folder, exercise, view.layout, out)?;
    let report = match attempt {
        Attempt::Unreadable(findings) => {
            writeln!(out, "{}\n", Painted(HEADING, "As it is, this cannot be evaluated:"))?;
            findings.iter().try_for_each(|finding| writeln!(out, "{}\n", snippet::text(finding)))?;
            let reset = command("reset", folder);
            let words = format!("Mend it, or begin again: `{reset}` puts everything back as it was.");
            return writeln!(out, "{}\n", Painted(FAINT, words));
        }
        Attempt::Replayed(report) => report,
    };
    for step in &report.steps {
        self::step(step, &report.file, out)?;
    }
    writeln!(out)?;
    match report.steps.iter().find(|step| !is_fine(step)) {
        Some(step) => why(step, &report.file, view, out),
        None => Ok(()),
    }
}

/// The scenario holds the questions. Changing them answers none.
fn about_the_questions(
    folder: &Path,
    exercise: &Exercise,
    layout: Layout,
    out: &mut dyn Write,
) -> io::Result<()> {
    let what = match questions(folder, exercise) {
        Questions::AsGiven => return Ok(()),
        Questions::Changed => "is not as it was given. It holds the questions, and those stay",
        Questions::Missing => "is gone. It holds the questions, and those stay",
    };
    let files: Vec<_> = exercise.answers.iter().map(|(name, _)| format!("`{name}`")).collect();
    let files = files.join(" and ");
    let text = format!(
        "`{SCENARIO}` {what}: the answer goes into {files}. `{}` puts everything back as it was.",
        command("reset", folder)
    );
    paragraph(0, UNSURE, &text, layout, out)?;
    writeln!(out)
}

fn step(step: &StepReport, file: &str, out: &mut dyn Write) -> io::Result<()> {
    let test = Test::of_step(step, file);
    if let Some(waited) = test.waited {
        writeln!(out, "  {}", Painted(FAINT, format!("{waited} later")))?;
    }
    let name = &test.name;
    match test.verdict {
        Verdict::Passed | Verdict::Unchecked => writeln!(out, "  {} {name}", Painted(GOOD, "✓")),
        // An earlier step that went wrong has left it without credentials.
        Verdict::Error => writeln!(out, "  {} {name}", Painted(FAINT, "·")),
        Verdict::Failed => {
            let found = Painted(BAD, &test.found);
            let expected = test.expected.unwrap_or_default();
            writeln!(out, "  {} {name}: {found}, but should be {expected}", Painted(BAD, "✗"))
        }
    }
}

/// Why a step came out as it did, in the words of `check --explain`.
fn why(step: &StepReport, file: &str, view: View, out: &mut dyn Write) -> io::Result<()> {
    let test = Test::of_step(step, file);
    writeln!(out, "{}", Painted(HEADING, &test.name))?;
    for (name, text) in [("who", test.principal), ("what", test.does.as_deref())] {
        writeln!(out, "  {} {}", Painted(FAINT, format!("{name:<4}")), text.unwrap_or_default())?;
    }
    writeln!(out)?;
    match &step.result {
        StepResult::Unanswered { finding } => writeln!(out, "{}", snippet::text(finding))?,
        StepResult::Refused { error } => {
            writeln!(out, "{}", Painted(BAD, format!("✗ {}", error.code)))?;
            writeln!(out, "{}", error.message)?;
        }
        StepResult::Decided(_) => match &step.explanation {
            Some(check) => explain::lesson(check, view.walk, view.layout, out)?,
            None => writeln!(out, "AWS checks no permission for this.")?,
        },
    }
    writeln!(out)
}

/// What whoever solved an exercise knows now.
pub(super) fn solved(
    course: &Course,
    exercise: &Exercise,
    view: View,
    out: &mut dyn Write,
) -> io::Result<()> {
    writeln!(out, "{}   {}", Painted(GOOD, format!("✓ {}", exercise.title())), bar(course))?;
    paragraph(2, Style::new(), exercise.learnt(), view.layout, out)?;
    writeln!(out)
}

/// The end.
pub(super) fn all_solved(course: &Course, out: &mut dyn Write) -> io::Result<()> {
    let folder = course.folder();
    writeln!(out, "{}", Painted(GOOD, format!("All {} exercises are solved.", EXERCISES.len())))?;
    writeln!(out, "`{} --exercise NUMBER` puts one back as it was.", command("reset", folder))?;
    writeln!(out, "The worlds are yours now: change them, and `iamsim replay` says what comes of it.")
}

/// The hints so far.
pub(super) fn hints(
    exercise: &Exercise,
    shown: &[&str],
    all: usize,
    layout: Layout,
    out: &mut dyn Write,
) -> io::Result<()> {
    writeln!(out, "{}", Painted(HEADING, exercise.title()))?;
    for (number, hint) in (1..).zip(shown) {
        writeln!(out, "\n{}", Painted(UNSURE, format!("Hint {number} of {all}")))?;
        paragraph(2, Style::new(), hint, layout, out)?;
    }
    if shown.len() < HINTS {
        writeln!(out, "\n{}", Painted(FAINT, "Ask again and it says more."))?;
    }
    writeln!(out)
}

/// What a reset did.
pub(super) fn put_back(
    folder: &Path,
    exercise: &Exercise,
    changed: &[&str],
    out: &mut dyn Write,
) -> io::Result<()> {
    let place = folder.join(exercise.name);
    let place = place.display();
    match changed {
        [] => writeln!(out, "{place} is as it was given.\n"),
        files => writeln!(out, "{place} is as it was given again: {}\n", files.join(", ")),
    }
}

/// All exercises.
pub(super) fn list(course: &Course, out: &mut dyn Write) -> io::Result<()> {
    let current = course.current().map(|exercise| exercise.name);
    let width = EXERCISES.iter().map(|exercise| exercise.name.len()).max().unwrap_or_default();
    for exercise in EXERCISES {
        let is_current = current == Some(exercise.name);
        let (style, mark) = match (course.is_solved(exercise), is_current) {
            (true, _) => (GOOD, "✓"),
            (false, true) => (UNSURE, "→"),
            (false, false) => (FAINT, "·"),
        };
        let name = format!("{:width$}", exercise.name);
        let name = Painted(if is_current { HEADING } else { Style::new() }, name);
        writeln!(out, "{} {name}  {}", Painted(style, mark), exercise.title())?;
    }
    writeln!(out, "{}\n", bar(course))
}

/// What may be typed while the files are watched.
pub(super) fn keys(out: &mut dyn Write) -> io::Result<()> {
    let words = "Save a file and this page looks again. Or type, and Enter: h hint, e explain, l list, r reset, q quit";
    writeln!(out, "{}", Painted(FAINT, words))?;
    out.flush()
}
