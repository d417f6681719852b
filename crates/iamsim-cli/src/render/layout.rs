//! Text and tables as wide as the terminal.

use std::io::{self, Write};

use anstyle::Style;

use crate::render::style::{HEADING, Painted};

/// How wide text is that goes to no terminal.
const USUAL: usize = 100;

/// No text is easy to read that is wider, and none can be narrower.
const LIMITS: std::ops::RangeInclusive<usize> = 40..=120;

/// How much room there is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Layout {
    /// Of running text.
    pub(crate) text: usize,
    /// Of tables; `None` keeps every row on a line, for whatever reads them.
    pub(crate) table: Option<usize>,
}

impl Layout {
    /// The room in a file.
    pub(crate) fn of_files() -> Self {
        Self { text: USUAL, table: None }
    }

    /// The same with so many characters less.
    pub(crate) fn indented(self, by: usize) -> Self {
        Self { text: self.text.saturating_sub(by).max(*LIMITS.start()), ..self }
    }

    /// The room on standard output: `COLUMNS` where it is set, else the terminal's.
    pub(crate) fn of_stdout() -> Self {
        let asked = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse::<usize>().ok());
        let terminal =
            || terminal_size::terminal_size_of(io::stdout()).map(|(width, _)| usize::from(width.0));
        let table = asked.or_else(terminal).map(|width| width.max(*LIMITS.start()));
        Self { text: table.map_or(USUAL, |width| width.min(*LIMITS.end())), table }
    }
}

/// Words in lines of at most `width` characters; a longer word has a line of its own.
pub(crate) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut room = 0;
    for word in text.split_whitespace() {
        let length = word.chars().count();
        match lines.last_mut() {
            Some(line) if length < room => {
                line.push(' ');
                line.push_str(word);
                room -= length + 1;
            }
            _ => {
                lines.push(word.to_owned());
                room = width.saturating_sub(length);
            }
        }
    }
    lines
}

/// Writes text after `indent`, continued under its beginning.
pub(crate) fn paragraph(
    indent: usize,
    style: Style,
    text: &str,
    layout: Layout,
    out: &mut dyn Write,
) -> io::Result<()> {
    for line in wrap(text, layout.text.saturating_sub(indent)) {
        writeln!(out, "{:indent$}{}", "", Painted(style, line))?;
    }
    Ok(())
}

/// Rows under headings, in columns as wide as what is in them. The last column takes the room that is left.
#[derive(Debug, Default)]
pub(crate) struct Table {
    headings: Vec<&'static str>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table with a heading over each column.
    pub(crate) fn new(headings: &[&'static str]) -> Self {
        Self { headings: headings.to_vec(), rows: Vec::new() }
    }

    /// Adds a row.
    pub(crate) fn row<const N: usize>(&mut self, cells: [String; N]) {
        self.rows.push(cells.into());
    }

    pub(crate) fn print(&self, layout: Layout, out: &mut dyn Write) -> io::Result<()> {
        let widths: Vec<usize> = (0..self.headings.len()).map(|at| self.width(at)).collect();
        let heading: Vec<String> = self.headings.iter().map(|&heading| heading.to_owned()).collect();
        line(&heading, &widths, layout, HEADING, out)?;
        self.rows.iter().try_for_each(|row| line(row, &widths, layout, Style::new(), out))
    }

    fn width(&self, column: usize) -> usize {
        let cells = self.rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
        let heading = self.headings.get(column).map_or(0, |heading| heading.len());
        cells.max().unwrap_or_default().max(heading)
    }
}

const GAP: usize = 2;

fn line(
    cells: &[String],
    widths: &[usize],
    layout: Layout,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let Some((last, before)) = cells.split_last() else { return writeln!(out) };
    let mut text = String::new();
    for (cell, width) in before.iter().zip(widths) {
        text.push_str(cell);
        let gap = (width + GAP).saturating_sub(cell.chars().count());
        text.extend(std::iter::repeat_n(' ', gap));
    }
    let indent = text.chars().count();
    // In too little room wrapping makes things worse.
    let room = layout.table.map(|width| width.saturating_sub(indent)).filter(|room| *room >= 16);
    let mut rest = room.map_or_else(|| vec![last.clone()], |room| wrap(last, room)).into_iter();
    text.push_str(&rest.next().unwrap_or_default());
    writeln!(out, "{}", Painted(style, text.trim_end()))?;
    rest.try_for_each(|more| writeln!(out, "{:indent$}{}", "", Painted(style, more)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_between_words_and_never_within() {
        let check = |text: &str, expected: &[&str]| assert_eq!(wrap(text, 10), expected);
        check("one two three", &["one two", "three"]);
        check("one two th", &["one two th"]);
        check("arn:aws:s3:::bucket is long", &["arn:aws:s3:::bucket", "is long"]);
        check("", &[]);
    }
}
