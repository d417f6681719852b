//! The readme and the book: their commands print what the pages show, and the files they show are used.
//!
//! A block of `console` is a shell's: `$ iamsim …` with its output below, standard output before standard error,
//! and `$ echo $?` for the exit code. The blocks of a page are one terminal, in which `cd`, `cp` and `git restore .`
//! work on copies. A line of `…` stands for any lines. Blocks of `yaml` and `json` are whole files, or consecutive
//! lines of files, of `docs/examples` or of the lesson. `no-run` after the language leaves a block alone.
//!
//! `IAMSIM_BLESS=1 cargo test --package iamsim-cli --test book` writes what the commands print into the pages.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod lessons;
mod page;
mod session;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use iamsim_scenario::{Library, find, load_world};

use crate::page::Page;
use crate::session::{Session, Terminal, iamsim};

/// What the pages with files of their own begin with: those of the findings show parts of policies, which
/// another test reads.
const PAGES_WITH_FILES: [&str; 4] =
    ["docs/src/tour.md", "docs/src/guides", "docs/src/lessons", "docs/src/reference"];

#[test]
fn commands_print_what_the_pages_show() {
    let mut wrong = String::new();
    let mut commands = 0;
    for path in pages() {
        let text = fs::read_to_string(&path).unwrap();
        let mut page = Page::of(&text);
        let mut terminal = Terminal::new("book");
        for block in page.blocks_mut("console") {
            let mut session = Session::of(&block.text());
            for step in &mut session.steps {
                let printed = terminal.run(&step.command);
                commands += 1;
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
        if bless() && page.text() != text {
            fs::write(&path, page.text()).unwrap();
        }
    }
    assert!(commands > 0, "the pages have no commands");
    assert!(bless() || wrong.is_empty(), "{wrong}IAMSIM_BLESS=1 writes this into the pages");
}

#[test]
fn files_in_the_pages_are_files_of_the_repository() {
    let examples = contents("docs/examples");
    let mut wrong = Vec::new();
    for path in PAGES_WITH_FILES.iter().flat_map(|folder| files(folder, &[".md"])) {
        let of_page = match path.ends_with("README.md") {
            true => contents(&path.with_file_name("").to_string_lossy()),
            false => Vec::new(),
        };
        let page = Page::of(&fs::read_to_string(&path).unwrap());
        for block in page.blocks("yaml").chain(page.blocks("json")) {
            let shown = format!("\n{}", block.text());
            if !examples.iter().chain(&of_page).any(|file| file.contains(&shown)) {
                wrong.push(block.place(&path));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new(), "no file of docs/examples, or of the lesson, says this");
}

#[test]
fn examples_can_be_used() {
    let check = |arguments: &[&str]| {
        let printed = iamsim(&root(), arguments);
        assert_eq!(printed.code, 0, "iamsim {}\n{}", arguments.join(" "), printed.text);
    };
    check(&["replay", "docs/examples"]);
    check(&["evaluate", "docs/examples"]);
    for world in files("docs/examples", &[".world.yaml", ".world.json"]) {
        let faults = load_world(&Library::new(), &world).err().unwrap_or_default();
        let faults: Vec<_> = faults.iter().map(|fault| &*fault.diagnostic.message).collect();
        assert_eq!(faults, Vec::<&str>::new(), "{}", world.display());
    }
}

#[test]
fn an_ellipsis_stands_for_any_lines() {
    let check = |shown: &str, printed: &str, fits, blessed: &str| {
        let mut session = Session::of(&format!("$ iamsim a\n{shown}"));
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
    check("a\nb\n…", "a\nnew\nb\nc", false, "a\nnew\nb\n…");
    check("a\n…\ny\nz", "a\nb\ny\nnew\nz", false, "a\n…\ny\nnew\nz");
}

/// Whether the pages are to be written rather than compared.
fn bless() -> bool {
    std::env::var_os("IAMSIM_BLESS").is_some_and(|value| value == "1")
}

/// The readme and all pages of the book, by name.
fn pages() -> Vec<PathBuf> {
    let mut pages = files("docs/src", &[".md"]);
    pages.push(root().join("README.md"));
    pages
}

/// The files with one of these endings in a folder, or the file itself.
fn files(folder: &str, endings: &[&str]) -> Vec<PathBuf> {
    find(&root().join(folder).to_string_lossy(), endings).unwrap()
}

/// What the files of a folder say, each after a line break.
fn contents(folder: &str) -> Vec<String> {
    let files = files(folder, &[".yaml", ".json", ".jsonl"]);
    files.iter().map(|path| format!("\n{}", fs::read_to_string(path).unwrap())).collect()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().to_owned()
}

/// The words of a command, as a shell reads them.
fn words(command: &str) -> Vec<String> {
    shell_words::split(command).expect("quotes are closed")
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
