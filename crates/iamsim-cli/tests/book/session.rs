//! What somebody types and reads: the commands of a block, and the terminal they run in.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{root, words};

const ELLIPSIS: &str = "…";

pub(crate) struct Session {
    pub(crate) steps: Vec<Step>,
}

pub(crate) struct Step {
    /// As the page has it, perhaps in several lines.
    pub(crate) command: String,
    pub(crate) output: Vec<String>,
}

impl Session {
    pub(crate) fn of(text: &str) -> Self {
        let mut steps: Vec<Step> = Vec::new();
        let mut lines = text.lines();
        while let Some(line) = lines.next() {
            if let Some(command) = line.strip_prefix("$ ") {
                let mut command = command.to_owned();
                while command.ends_with('\\') {
                    let Some(more) = lines.next() else { break };
                    command = format!("{command}\n{more}");
                }
                steps.push(Step { command, output: Vec::new() });
            } else {
                let step = steps.last_mut().expect("a block of `console` begins with `$ `");
                step.output.push(line.to_owned());
            }
        }
        Self { steps }
    }

    pub(crate) fn lines(&self) -> Vec<String> {
        let of_step = |step: &Step| {
            let mut lines: Vec<_> = format!("$ {}", step.command).lines().map(str::to_owned).collect();
            lines.extend(step.output.iter().cloned());
            lines
        };
        self.steps.iter().flat_map(of_step).collect()
    }
}

impl Step {
    /// The lines above and below the ellipsis.
    fn shortened(&self) -> Option<(&[String], &[String])> {
        let at = self.output.iter().position(|line| line == ELLIPSIS)?;
        Some((&self.output[..at], &self.output[at + 1..]))
    }

    pub(crate) fn shows(&self, printed: &[String]) -> bool {
        let Some((above, below)) = self.shortened() else { return self.output == printed };
        above.len() + below.len() <= printed.len() && printed.starts_with(above) && printed.ends_with(below)
    }

    /// The output as it should be shown: cut where it is cut now, at the same lines if they are still there, or
    /// else after as many.
    pub(crate) fn blessed(&self, printed: &[String]) -> Vec<String> {
        let Some((above, below)) = self.shortened() else { return printed.to_vec() };
        let nearest = |line: Option<&String>, at: usize| {
            let same = printed.iter().enumerate().filter(|(_, other)| Some(*other) == line);
            same.map(|(place, _)| place).min_by_key(|place| place.abs_diff(at))
        };
        let end = nearest(above.last(), above.len().wrapping_sub(1)).map_or(above.len(), |last| last + 1);
        let rest = printed.len().saturating_sub(below.len());
        let start = nearest(below.first(), rest).unwrap_or(rest);
        if start < end {
            return printed.to_vec();
        }
        [&printed[..end], &[ELLIPSIS.to_owned()], &printed[start..]].concat()
    }
}

/// The terminal of one page, from its first command to its last. It begins at the root of the repository. `cd`
/// goes to a copy of a folder, so that a page may change files: by `cp`, and `git restore .` undoes it.
pub(crate) struct Terminal {
    copies: PathBuf,
    /// Where it is, below the root.
    folder: Option<PathBuf>,
    code: i32,
}

impl Terminal {
    /// A terminal whose copies are made under `name`, which no other terminal has.
    pub(crate) fn new(name: &str) -> Self {
        Self { copies: Path::new(env!("CARGO_TARGET_TMPDIR")).join(name), folder: None, code: 0 }
    }

    /// The lines a command prints.
    pub(crate) fn run(&mut self, command: &str) -> Vec<String> {
        let words = words(command);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let printed = match &*words {
            ["echo", "$?"] => Printed { code: 0, text: self.code.to_string() },
            ["cd", folder] => {
                self.folder = Some(PathBuf::from(folder));
                self.restore()
            }
            ["git", "restore", "."] => self.restore(),
            ["cp", from @ .., "."] => {
                for file in from {
                    let here = self.here().join(Path::new(file).file_name().unwrap());
                    fs::copy(self.here().join(file), here).unwrap();
                }
                Printed::default()
            }
            ["iamsim", arguments @ ..] => iamsim(&self.here(), arguments),
            _ => panic!("`{command}` is not iamsim; write ```console no-run"),
        };
        self.code = printed.code;
        // Editors take spaces at the ends of lines away.
        let mut lines: Vec<_> = printed.text.lines().map(|line| line.trim_end().to_owned()).collect();
        while lines.last().is_some_and(String::is_empty) {
            lines.pop();
        }
        lines
    }

    /// The folder commands run in.
    pub(crate) fn here(&self) -> PathBuf {
        match &self.folder {
            Some(folder) => self.copies.join(folder),
            None => root(),
        }
    }

    /// Makes the copy anew.
    fn restore(&self) -> Printed {
        let folder = self.folder.as_ref().expect("only what `cd` went to is restored");
        if self.copies.exists() {
            fs::remove_dir_all(&self.copies).unwrap();
        }
        copy(&root().join(folder), &self.here());
        Printed::default()
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

#[derive(Default)]
pub(crate) struct Printed {
    pub(crate) code: i32,
    /// Standard output, then standard error.
    pub(crate) text: String,
}

/// Runs the program in a folder, without colour.
pub(crate) fn iamsim(folder: &Path, arguments: &[&str]) -> Printed {
    let mut command = Command::new(env!("CARGO_BIN_EXE_iamsim"));
    command.current_dir(folder).args(arguments);
    let output =
        command.env("NO_COLOR", "1").env_remove("CLICOLOR_FORCE").env_remove("COLUMNS").output().unwrap();
    let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    Printed { code: output.status.code().unwrap(), text }
}
