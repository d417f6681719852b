//! Watching the files of an exercise, and listening to the keyboard.

use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, SystemTime};

use crate::exit::Exit;
use crate::learn::course::Course;
use crate::learn::exercises::EXERCISES;
use crate::learn::page::{self, View};

/// How long a look at a handful of files is put off: too short to be noticed, too long to cost anything.
const PAUSE: Duration = Duration::from_millis(300);

/// What wipes the screen and keeps what was scrolled away; without escape codes, an empty line.
const CLEAR: &str = "\n\x1b[2J\x1b[H";

/// Shows one exercise after the other until all are solved or the learner leaves.
pub(super) fn run(course: &mut Course, view: View, out: &mut dyn Write) -> anyhow::Result<Exit> {
    watch(course, view, &listen(), out)
}

fn watch(
    course: &mut Course,
    mut view: View,
    keyboard: &Receiver<Word>,
    out: &mut dyn Write,
) -> anyhow::Result<Exit> {
    loop {
        // Taken before the look, so that no change is missed.
        let mut seen = Fingerprint::of(course.folder());
        course.go_on(view, out)?;
        let Some(exercise) = course.current() else { return Ok(Exit::AsExpected) };
        page::keys(out)?;
        loop {
            match next(keyboard, course.folder(), &mut seen) {
                Event::Typed(Word::Hint) => course.hint(exercise, view.layout, out)?,
                Event::Typed(Word::List) => page::list(course, out)?,
                Event::Typed(Word::Unknown) => page::keys(out)?,
                Event::Typed(Word::Quit) => return Ok(Exit::NotAsExpected),
                Event::Typed(Word::Reset) => {
                    course.reset(exercise, out)?;
                    break;
                }
                Event::Typed(Word::Explain) => {
                    view.walk = !view.walk;
                    write!(out, "{CLEAR}")?;
                    break;
                }
                Event::Changed => {
                    write!(out, "{CLEAR}")?;
                    break;
                }
            }
        }
    }
}

/// What a learner may type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Word {
    Hint,
    List,
    Explain,
    Reset,
    Quit,
    Unknown,
}

impl Word {
    fn read(line: &str) -> Self {
        match &*line.trim().to_ascii_lowercase() {
            "h" | "hint" => Self::Hint,
            "l" | "list" => Self::List,
            "e" | "explain" => Self::Explain,
            "r" | "reset" => Self::Reset,
            "q" | "quit" | "exit" => Self::Quit,
            _ => Self::Unknown,
        }
    }
}

enum Event {
    Changed,
    Typed(Word),
}

/// Hands on what is typed, line by line. The end of input is a wish to leave.
fn listen() -> Receiver<Word> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut line = String::new();
        while matches!(io::stdin().read_line(&mut line), Ok(1..)) {
            if sender.send(Word::read(&line)).is_err() {
                return;
            }
            line.clear();
        }
    });
    receiver
}

/// Waits for a word or a change, whichever comes first.
fn next(keyboard: &Receiver<Word>, folder: &Path, seen: &mut Fingerprint) -> Event {
    loop {
        let now = Fingerprint::of(folder);
        if now != *seen {
            *seen = now;
            return Event::Changed;
        }
        match keyboard.recv_timeout(PAUSE) {
            Ok(word) => return Event::Typed(word),
            Err(RecvTimeoutError::Disconnected) => return Event::Typed(Word::Quit),
            Err(RecvTimeoutError::Timeout) => {}
        }
    }
}

/// What tells that a file of an exercise was written, added or removed. What else is in the folder, such as the
/// notes that editors keep, is no matter.
#[derive(Debug, PartialEq, Eq)]
struct Fingerprint(Vec<Option<(u64, Option<SystemTime>)>>);

impl Fingerprint {
    /// That of the exercises in a folder; what cannot be read is as if it were not there.
    fn of(folder: &Path) -> Self {
        let files = EXERCISES.iter().flat_map(|exercise| {
            let folder = folder.join(exercise.name);
            exercise.files().map(move |(name, _)| folder.join(name))
        });
        let stamp = |path| {
            let metadata = fs::metadata(path).ok()?;
            Some((metadata.len(), metadata.modified().ok()))
        };
        Self(files.map(stamp).collect())
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::learn::files;
    use crate::render::layout::Layout;

    #[test]
    fn words_are_read_by_letter_or_in_full() {
        let check = |line: &str, word| assert_eq!(Word::read(line), word, "{line:?}");
        check("h\n", Word::Hint);
        check("Hint\r\n", Word::Hint);
        check("q\n", Word::Quit);
        check("\n", Word::Unknown);
        check("help\n", Word::Unknown);
    }

    /// A folder with the exercises in it, gone when the test is over.
    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let folder = std::env::temp_dir().join(format!("iamsim-learn-{name}-{}", std::process::id()));
            files::unpack(&folder).unwrap();
            Self(folder)
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn a_change_is_a_file_of_an_exercise_written_added_or_removed() {
        let folder = Folder::new("changes");
        let exercise = folder.0.join("02-first-policy");
        let is_change = |change: &dyn Fn() -> io::Result<()>| {
            let before = Fingerprint::of(&folder.0);
            change().unwrap();
            Fingerprint::of(&folder.0) != before
        };
        assert!(is_change(&|| fs::write(exercise.join("bob.json"), "{}")));
        assert!(is_change(&|| fs::remove_file(exercise.join("bob.json"))));
        assert!(is_change(&|| fs::write(exercise.join("bob.json"), "{}")));
        assert!(!is_change(&|| fs::write(exercise.join(".bob.json.swp"), "{}")));
        assert!(!is_change(&|| fs::write(folder.0.join("progress.json"), "{}")));
    }

    #[test]
    fn words_are_followed_until_the_learner_leaves() {
        let folder = Folder::new("words");
        let (sender, keyboard) = mpsc::channel();
        for line in ["hint", "hello", "list", "explain", "reset", "quit", "hint"] {
            sender.send(Word::read(line)).unwrap();
        }
        let mut course = Course::open(&folder.0).unwrap();
        let layout = Layout { text: 100, table: None };
        let mut out = anstream::StripStream::new(Vec::new());
        let exit = watch(&mut course, View { layout, walk: false }, &keyboard, &mut out).unwrap();
        assert_eq!(exit, Exit::NotAsExpected);
        let out = String::from_utf8(out.into_inner()).unwrap();
        let shown =
            ["Exercise 1: ", "Hint 1 of 3", "→ ", "The way through AWS's gates", "is as it was given."];
        let places: Vec<_> = shown.iter().map(|words| out.find(words)).collect();
        assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{places:?}\n{out}");
        assert_eq!(out.matches("Hint 1 of 3").count(), 1);
    }
}
