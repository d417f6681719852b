//! A page of Markdown: text and fenced blocks in turn.

use std::fmt::Write as _;
use std::path::Path;

use crate::root;

pub(crate) struct Page {
    parts: Vec<Part>,
}

enum Part {
    Prose(String),
    Block(Block),
}

pub(crate) struct Block {
    /// What stands after the fence.
    info: String,
    /// The number of the fence's line.
    line: usize,
    pub(crate) lines: Vec<String>,
}

impl Page {
    pub(crate) fn of(text: &str) -> Self {
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
    pub(crate) fn blocks(&self, info: &str) -> impl Iterator<Item = &Block> {
        self.parts.iter().filter_map(move |part| match part {
            Part::Block(block) if block.info == info => Some(block),
            _ => None,
        })
    }

    /// The same, to be changed.
    pub(crate) fn blocks_mut(&mut self, info: &str) -> impl Iterator<Item = &mut Block> {
        self.parts.iter_mut().filter_map(move |part| match part {
            Part::Block(block) if block.info == info => Some(block),
            _ => None,
        })
    }

    pub(crate) fn text(&self) -> String {
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
    pub(crate) fn place(&self, page: &Path) -> String {
        let from_root = page.strip_prefix(root()).unwrap_or(page);
        format!("{}:{}", from_root.display(), self.line)
    }

    pub(crate) fn text(&self) -> String {
        self.lines.iter().map(|line| format!("{line}\n")).collect()
    }
}
