//! The readme and the book: their commands print what the pages show, and the files they show are used.
//!
//! A block of `console` is a shell's: `$ iamsim …` with its output below, standard output before standard error,
//! and `$ echo $?` for the exit code. A line of `…` stands for any lines. Blocks of `yaml` in the reference are
//! whole files of `docs/examples`. `no-run` after the language leaves a block alone.
//!
//! `IAMSIM_BLESS=1 cargo test --package iamsim-cli --test book` writes what the commands print into the pages.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use iamsim_scenario::{Library, find, load_world};

const ELLIPSIS: &str = "…";

#[test]
fn commands_print_what_the_pages_show() {
    let bless = std::env::var_os("IAMSIM_BLESS").is_some_and(|value| value == "1");
    let mut wrong = String::new();
    let mut commands = 0;
    for path in pages() {
        let text = fs::read_to_string(&path).unwrap();
        let mut page = Page::of(&text);
        for block in page.blocks_mut("console") {
            let mut session = Session::of(block.text());
            let printed = session.run();
            commands += printed.len();
            for (step, printed) in session.steps.iter_mut().zip(printed) {
                let blessed = step.blessed(&printed);
                if !step.shows(&printed) {
                    let at = block.place(&path);
                    writeln!(
                        wrong,
                        "{at}: `{}` prints\n{}",
                        step.command,
                        difference(&step.output, &blessed)
                    )
                    .unwrap();
                }
                step.output = blessed;
            }
            block.lines = session.lines();
        }
        if bless && page.text() != text {
            fs::write(&path, page.text()).unwrap();
        }
    }
    assert!(commands > 0, "the pages have no commands");
    assert!(bless || wrong.is_empty(), "{wrong}IAMSIM_BLESS=1 writes this into the pages");
}

#[test]
fn files_in_the_reference_are_files_of_the_examples() {
    let examples: Vec<String> = files("docs/examples", &["yaml", "jsonl"])
        .iter()
        .map(|path| fs::read_to_string(path).unwrap())
        .collect();
    let mut wrong = Vec::new();
    for path in files("docs/src/reference", &["md"]) {
        let text = fs::read_to_string(&path).unwrap();
        let mut page = Page::of(&text);
        for language in ["yaml", "json"] {
            for block in page.blocks_mut(language) {
                if !examples.contains(&block.text()) {
                    wrong.push(block.place(&path));
                }
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new(), "no file of docs/examples says this");
}

#[test]
fn examples_can_be_used() {
    let check = |arguments: &[&str]| {
        let printed = iamsim(arguments);
        assert_eq!(printed.code, 0, "iamsim {}\n{}", arguments.join(" "), printed.text);
    };
    check(&["replay", "docs/examples"]);
    check(&["evaluate", "docs/examples"]);
    for world in files("docs/examples", &[".world.yaml"]) {
        let faults = load_world(&Library::new(), &world).err().unwrap_or_default();
        let faults: Vec<_> = faults.iter().map(|fault| &*fault.diagnostic.message).collect();
        assert_eq!(faults, Vec::<&str>::new(), "{}", world.display());
    }
}

#[test]
fn an_ellipsis_stands_for_any_lines() {
    let check = |shown: &str, printed: &str, fits, blessed: &str| {
        let text = format!("$ iamsim a\n{shown}");
        let mut session = Session::of(text);
        let [step] = &mut *session.steps else { panic!("one command") };
        let printed: Vec<String> = printed.lines().map(str::to_owned).collect();
        assert_eq!(step.shows(&printed), fits, "{shown:?} of {printed:?}");
        assert_eq!(step.blessed(&printed).join("\n"), blessed);
    };
    check("a\nb", "a\nb", true, "a\nb");
    check("a\nb", "a\nc", false, "a\nc");
    check("a", "a\nb", false, "a\nb");
    check("a\n…\nd", "a\nb\nc\nd", true, "a\n…\nd");
    check("a\n…\nd", "x\nb\nc\ny", false, "x\n…\ny");
    check("a\n…", "a\nb", true, "a\n…");
    check("a\n…\nd", "a", false, "a");
}

/// The readme and all pages of the book, by name.
fn pages() -> Vec<PathBuf> {
    let mut pages = files("docs/src", &[".md"]);
    pages.push(root().join("README.md"));
    pages
}

fn files(folder: &str, endings: &[&str]) -> Vec<PathBuf> {
    find(&root().join(folder).to_string_lossy(), endings).unwrap()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().to_owned()
}

/// Text and fenced blocks in turn.
struct Page {
    parts: Vec<Part>,
}

enum Part {
    Prose(String),
    Block(Block),
}

struct Block {
    /// What stands after the fence.
    info: String,
    /// The number of the fence's line.
    line: usize,
    lines: Vec<String>,
}

impl Page {
    fn of(text: &str) -> Self {
        let mut parts = Vec::new();
        let mut lines = text.lines().enumerate();
        while let Some((at, line)) = lines.next() {
            let Some(info) = line.strip_prefix("```") else {
                parts.push(Part::Prose(line.to_owned()));
                continue;
            };
            let inside = lines.by_ref().map(|(_, line)| line).take_while(|line| *line != "```");
            let lines = inside.map(str::to_owned).collect();
            parts.push(Part::Block(Block { info: info.to_owned(), line: at + 1, lines }));
        }
        Self { parts }
    }

    /// The blocks whose fence says `info` and nothing more.
    fn blocks_mut(&mut self, info: &str) -> impl Iterator<Item = &mut Block> {
        self.parts.iter_mut().filter_map(move |part| match part {
            Part::Block(block) if block.info == info => Some(block),
            _ => None,
        })
    }

    fn text(&self) -> String {
        let mut text = String::new();
        for part in &self.parts {
            match part {
                Part::Prose(line) => writeln!(text, "{line}").unwrap(),
                Part::Block(block) => writeln!(text, "```{}\n{}```", block.info, block.text()).unwrap(),
            }
        }
        text
    }
}

impl Block {
    fn place(&self, page: &Path) -> String {
        let from_root = page.strip_prefix(root()).unwrap_or(page);
        format!("{}:{}", from_root.display(), self.line)
    }

    fn text(&self) -> String {
        self.lines.iter().map(|line| format!("{line}\n")).collect()
    }
}

/// What somebody typed and read.
struct Session {
    steps: Vec<Step>,
}

struct Step {
    /// As the page has it, perhaps in several lines.
    command: String,
    output: Vec<String>,
}

impl Session {
    fn of(text: String) -> Self {
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

    /// What each command prints.
    fn run(&self) -> Vec<Vec<String>> {
        let mut code = 0;
        let mut all = Vec::new();
        for step in &self.steps {
            let printed = if step.command == "echo $?" {
                Printed { code: 0, text: code.to_string() }
            } else {
                let words = shell_words::split(&step.command).expect("quotes are closed");
                let Some(("iamsim", arguments)) = words.split_first().map(|(name, rest)| (&**name, rest))
                else {
                    panic!("`{}` is not iamsim; write ```console no-run", step.command)
                };
                iamsim(arguments)
            };
            code = printed.code;
            // Editors take spaces at the ends of lines away.
            let mut lines: Vec<_> = printed.text.lines().map(|line| line.trim_end().to_owned()).collect();
            while lines.last().is_some_and(String::is_empty) {
                lines.pop();
            }
            all.push(lines);
        }
        all
    }

    fn lines(&self) -> Vec<String> {
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

    fn shows(&self, printed: &[String]) -> bool {
        let Some((above, below)) = self.shortened() else { return self.output == printed };
        above.len() + below.len() <= printed.len() && printed.starts_with(above) && printed.ends_with(below)
    }

    /// The output as it should be shown: as much above and below the ellipsis as now.
    fn blessed(&self, printed: &[String]) -> Vec<String> {
        match self.shortened() {
            Some((above, below)) if above.len() + below.len() <= printed.len() => {
                let (above, below) = (&printed[..above.len()], &printed[printed.len() - below.len()..]);
                [above, &[ELLIPSIS.to_owned()], below].concat()
            }
            _ => printed.to_vec(),
        }
    }
}

struct Printed {
    code: i32,
    /// Standard output, then standard error.
    text: String,
}

/// Runs the program at the root, without colour.
fn iamsim(arguments: &[impl AsRef<std::ffi::OsStr>]) -> Printed {
    let mut command = Command::new(env!("CARGO_BIN_EXE_iamsim"));
    command.current_dir(root()).args(arguments);
    let output =
        command.env("NO_COLOR", "1").env_remove("CLICOLOR_FORCE").env_remove("COLUMNS").output().unwrap();
    let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    Printed { code: output.status.code().unwrap(), text }
}

/// The lines that differ, between those that do not.
fn difference(shown: &[String], printed: &[String]) -> String {
    let same = |(a, b): &(&String, &String)| a == b;
    let above = shown.iter().zip(printed).take_while(same).count();
    let (shown, printed) = (&shown[above..], &printed[above..]);
    let below = shown.iter().rev().zip(printed.iter().rev()).take_while(same).count();
    let mut text = String::new();
    for (sign, lines) in [('-', &shown[..shown.len() - below]), ('+', &printed[..printed.len() - below])] {
        for line in lines {
            writeln!(text, "{sign} {line}").unwrap();
        }
    }
    text
}
