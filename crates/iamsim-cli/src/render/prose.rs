//! Pages of the documentation on a terminal.

use std::io::{self, Write};

use anstyle::Style;

use crate::render::layout::{Layout, paragraph};
use crate::render::style::HEADING;

/// How far code is set in.
const CODE_INDENT: usize = 4;

const FENCE: &str = "```";

/// Writes Markdown: headings, paragraphs, code and links, which is all that these pages have.
pub(crate) fn markdown(text: &str, layout: Layout, out: &mut dyn Write) -> io::Result<()> {
    let mut words = String::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if line.starts_with(FENCE) {
            let mut code = lines.by_ref().take_while(|line| !line.starts_with(FENCE));
            code.try_for_each(|line| self::code(line, out))?;
        } else if line.is_empty() {
            self::words(&mut words, layout, out)?;
            writeln!(out)?;
        } else if let Some(heading) = line.strip_prefix("## ") {
            paragraph(0, HEADING, heading, layout, out)?;
        } else {
            words.push_str(line);
            words.push(' ');
        }
    }
    self::words(&mut words, layout, out)
}

/// A stretch of a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stretch<'t> {
    Words(&'t str),
    /// What stood between backticks.
    Code(&'t str),
}

/// A sentence in which backticks stand around code, for formats that have code of their own. One whose backticks are
/// no pairs is all words.
pub(crate) fn stretches(sentence: &str) -> impl Iterator<Item = Stretch<'_>> {
    let are_pairs = sentence.matches('`').count().is_multiple_of(2);
    let (pairs, whole) = if are_pairs { (Some(sentence), None) } else { (None, Some(sentence)) };
    let parts = pairs.into_iter().flat_map(|text| text.split('`')).enumerate();
    let parts = parts.filter(|(_, text)| !text.is_empty()).map(|(at, text)| match at % 2 {
        0 => Stretch::Words(text),
        _ => Stretch::Code(text),
    });
    parts.chain(whole.map(Stretch::Words))
}

fn code(line: &str, out: &mut dyn Write) -> io::Result<()> {
    let indent = if line.is_empty() { 0 } else { CODE_INDENT };
    writeln!(out, "{:indent$}{line}", "")
}

/// Writes the paragraph that was gathered.
fn words(words: &mut String, layout: Layout, out: &mut dyn Write) -> io::Result<()> {
    paragraph(0, Style::new(), &without_links(words), layout, out)?;
    words.clear();
    Ok(())
}

/// `[words](https://…)` as `words: https://…`. Of a link to another page the words are enough: they are its code.
fn without_links(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, words, target, after)) = link(rest) {
        plain.push_str(before);
        plain.push_str(words);
        if target.starts_with("https://") {
            plain.push_str(": ");
            plain.push_str(target);
        }
        rest = after;
    }
    plain.push_str(rest);
    plain
}

/// The first link: what is before it, its words, its target, what is after it.
fn link(text: &str) -> Option<(&str, &str, &str, &str)> {
    let (before, after) = text.split_once("](")?;
    let (before, words) = before.rsplit_once('[')?;
    let (target, after) = after.split_once(')')?;
    Some((before, words, target, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let mut out = Vec::new();
        markdown(text, Layout { text: 40, table: None }, &mut out).unwrap();
        let plain = anstream::adapter::strip_str(std::str::from_utf8(&out).unwrap()).to_string();
        assert_eq!(plain, expected);
    }

    #[test]
    fn paragraphs_are_wrapped_and_code_is_not() {
        check(
            "One two three four five\nsix seven eight nine ten.\n\n```json\n{\"a\":   1}\n\n{}\n```\n\nEnd.",
            "One two three four five six seven eight\nnine ten.\n\n    {\"a\":   1}\n\n    {}\n\nEnd.\n",
        );
    }

    #[test]
    fn headings_lose_their_marks() {
        check("## As an error\n\nThen.", "As an error\n\nThen.\n");
    }

    #[test]
    fn links_lead_somewhere() {
        check("[AWS](https://docs.aws.amazon.com/a)", "AWS: https://docs.aws.amazon.com/a\n");
        check("see [b](b.md), [c](c.md).", "see b, c.\n");
        check("an open [bracket](", "an open [bracket](\n");
    }
}
