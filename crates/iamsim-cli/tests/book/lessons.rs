//! The lessons: each passes as it is and fails as broken, and its page says both.

use std::fs;
use std::path::{Path, PathBuf};

use iamsim_scenario::find;

use crate::page::Page;
use crate::session::{Printed, Terminal, iamsim};
use crate::{bless, files, root};

/// What every lesson has, in this order.
const SECTIONS: [&str; 6] =
    ["## Replay it", "## Break it", "## Why", "## What AWS says", "## Remember", "## A question"];

#[test]
fn a_lesson_passes_as_it_is_and_fails_as_broken() {
    for lesson in lessons() {
        let name = name(&lesson);
        let mut terminal = Terminal::new(&format!("lessons-{name}"));
        terminal.run(&format!("cd docs/src/lessons/{name}"));
        for scenario in ["lesson.scenario.yaml", "answer.scenario.yaml"] {
            let passes = replay(&terminal, scenario);
            assert_eq!(passes.code, 0, "{scenario} of {name} fails\n{}", passes.text);
        }

        let changed = changed(&lesson);
        assert!(!changed.is_empty(), "{name} breaks nothing");
        for file in changed {
            terminal.run(&format!("cp broken/{file} ."));
        }
        let fails = replay(&terminal, "lesson.scenario.yaml");
        assert_ne!(fails.code, 0, "{name}, broken, passes\n{}", fails.text);
        if bless() {
            continue;
        }
        let page = fs::read_to_string(lesson.join("README.md")).unwrap();
        for failed in fails.text.lines().filter(|line| line.trim_start().starts_with('✗')) {
            assert!(page.contains(failed), "the page of {name} does not say\n{failed}");
        }
    }
}

#[test]
fn a_lesson_says_exactly_what_to_break() {
    for lesson in lessons() {
        let page = Page::of(&fs::read_to_string(lesson.join("README.md")).unwrap());
        let edits: Vec<Vec<String>> = page.blocks("diff").map(|block| block.lines.clone()).collect();
        let mut told: Vec<&str> = Vec::new();
        for edit in &edits {
            let [old, new, lines @ ..] = &**edit else { panic!("{} has an empty edit", name(&lesson)) };
            let file = old.strip_prefix("--- ").expect("an edit begins with `--- FILE`");
            assert_eq!(*new, format!("+++ broken/{file}"));
            let side = |sign| -> String {
                let lines = lines.iter().filter(|line| line.starts_with([' ', sign]));
                lines.map(|line| format!("{}\n", &line[1..])).collect()
            };
            let whole = fs::read_to_string(lesson.join(file)).unwrap();
            assert_eq!(whole.matches(&side('-')).count(), 1, "{}: where in {file}?", name(&lesson));
            let broken = fs::read_to_string(lesson.join("broken").join(file)).unwrap();
            assert_eq!(whole.replacen(&side('-'), &side('+'), 1), broken, "{}", name(&lesson));
            told.push(file);
        }
        assert_eq!(told, changed(&lesson), "{}: what is told, and what is changed", name(&lesson));
    }
}

#[test]
fn a_lesson_has_every_part() {
    let pages = lessons();
    assert_eq!(pages.len(), 12);
    for lesson in pages {
        let page = fs::read_to_string(lesson.join("README.md")).unwrap();
        let sections: Vec<&str> = page.lines().filter(|line| line.starts_with("## ")).collect();
        assert_eq!(sections, SECTIONS, "{}", name(&lesson));
        let says = |text: &str| assert!(page.contains(text), "{} has no {text}", name(&lesson));
        says("https://docs.aws.amazon.com/");
        says("<details>");
        says("</details>");
    }
}

fn lessons() -> Vec<PathBuf> {
    let scenarios = files("docs/src/lessons", &["lesson.scenario.yaml"]);
    scenarios.iter().filter_map(|scenario| scenario.parent()).map(Path::to_owned).collect()
}

fn name(lesson: &Path) -> String {
    lesson.strip_prefix(root().join("docs/src/lessons")).unwrap().display().to_string()
}

/// The files that are other ones in the broken lesson.
fn changed(lesson: &Path) -> Vec<String> {
    let changed = find(&lesson.join("broken").to_string_lossy(), &[".json", ".yaml"]).unwrap();
    changed.iter().map(|path| path.file_name().unwrap().to_string_lossy().into_owned()).collect()
}

fn replay(terminal: &Terminal, scenario: &str) -> Printed {
    iamsim(&terminal.here(), &["replay", "--strict", scenario])
}
