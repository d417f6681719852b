//! What would allow a denied request, and what an allowed one hangs on.

mod words;

use std::io::{self, Write};

use anstyle::Style;
use iamsim_scenario::ask::ExplainedCheck;
use iamsim_scenario::ask::remedy::{EditReport, EditedPolicy, Line, RemedyReport};

use crate::render::explain::statement;
use crate::render::layout::{Layout, paragraph};
use crate::render::style::{BAD, FAINT, GOOD, HEADING, Painted, UNSURE};

/// Said of every change to a deny.
const ON_PURPOSE: &str = "somebody denies this on purpose: ask them first";

/// A way to allow what is denied, for formats other than text.
pub(crate) struct Way {
    /// What to do, all of it, each with what to write where that is a policy.
    pub(crate) edits: Vec<(String, Option<Written>)>,
    /// Said of one that changes a deny.
    pub(crate) caution: Option<&'static str>,
}

/// What to write in a policy.
pub(crate) enum Written {
    /// The change to its file.
    Diff(String),
    /// A statement or policy.
    Document(String),
}

/// Every way to allow a denied request, that which asks for least first.
pub(crate) fn all_ways(check: &ExplainedCheck) -> Vec<Way> {
    let written = |policy: &EditedPolicy| match &policy.diff {
        Some(diff) => Written::Diff(diff.to_string()),
        None => Written::Document(policy.document.clone()),
    };
    let way = |remedy: &RemedyReport| Way {
        edits: remedy
            .edits
            .iter()
            .map(|edit| (words::edit(edit, check), edit.policy.as_ref().map(written)))
            .collect(),
        caution: remedy.weakens_deny.then_some(ON_PURPOSE),
    };
    check.remedies.iter().map(way).collect()
}

/// Why there is no way to allow it, where that is known.
pub(crate) fn no_way(check: &ExplainedCheck) -> Option<String> {
    let hindrance = check.hindrance?;
    Some(format!("No small change would allow it. {}", words::hindrance(hindrance, check)))
}

/// The ways to allow it, or the one that asks for least; why there is none, when there is none.
pub(super) fn ways(
    check: &ExplainedCheck,
    is_all: bool,
    layout: Layout,
    out: &mut dyn Write,
) -> io::Result<()> {
    let Some((first, more)) = check.remedies.split_first() else {
        let Some(words) = no_way(check) else { return Ok(()) };
        writeln!(out)?;
        return paragraph(0, Style::new(), &words, layout, out);
    };
    writeln!(out)?;
    if !is_all || more.is_empty() {
        let lead = if first.weakens_deny {
            format!("To allow it ({ON_PURPOSE}):")
        } else {
            "To allow it:".to_owned()
        };
        remedy(&lead, 0, first, check, layout, out)?;
        return match more.len() {
            0 => Ok(()),
            1 => writeln!(out, "{}", Painted(FAINT, "There is another way: --fix shows it.")),
            more => {
                writeln!(out, "{}", Painted(FAINT, format!("There are {more} other ways: --fix shows them.")))
            }
        };
    }
    writeln!(out, "{}", Painted(HEADING, "Ways to allow it, that which asks for least first"))?;
    for (number, way) in check.remedies.iter().enumerate() {
        let weakens = if way.weakens_deny { format!(" ({ON_PURPOSE})") } else { String::new() };
        remedy(&format!("{}.{weakens}", number + 1), 2, way, check, layout, out)?;
    }
    Ok(())
}

fn remedy(
    lead: &str,
    indent: usize,
    remedy: &RemedyReport,
    check: &ExplainedCheck,
    layout: Layout,
    out: &mut dyn Write,
) -> io::Result<()> {
    let style = if remedy.weakens_deny { UNSURE } else { GOOD };
    let edit = |lead: &str, indent, edit: &EditReport, out: &mut dyn Write| {
        let words = words::edit(edit, check);
        self::edit(&Lead { text: lead, indent, style }, &words, edit, layout, out)
    };
    if let [only] = &*remedy.edits {
        return edit(lead, indent, only, out);
    }
    let together = if remedy.edits.len() == 2 { "both of these" } else { "all of these" };
    writeln!(out, "{:indent$}{} {together}", "", Painted(style, lead))?;
    remedy.edits.iter().try_for_each(|part| edit("-", indent + 2, part, out))
}

/// What stands before the words.
struct Lead<'l> {
    text: &'l str,
    indent: usize,
    style: Style,
}

/// What to do, and for a policy the lines to write.
fn edit(
    lead: &Lead<'_>,
    words: &str,
    edit: &EditReport,
    layout: Layout,
    out: &mut dyn Write,
) -> io::Result<()> {
    let Lead { text: lead, indent, style } = *lead;
    let hanging = indent + 2;
    let width = layout.text.saturating_sub(hanging);
    let mut lines = crate::render::layout::wrap(&format!("{lead} {words}"), width).into_iter();
    let first = lines.next().unwrap_or_default();
    let rest = first.strip_prefix(lead).unwrap_or_default();
    writeln!(out, "{:indent$}{}{rest}", "", Painted(style, lead))?;
    for line in lines {
        writeln!(out, "{:hanging$}{line}", "")?;
    }
    match &edit.policy {
        Some(policy) => self::policy(indent + 4, policy, out),
        None => Ok(()),
    }
}

fn policy(indent: usize, policy: &EditedPolicy, out: &mut dyn Write) -> io::Result<()> {
    let Some(diff) = &policy.diff else {
        return policy.document.lines().try_for_each(|line| writeln!(out, "{:indent$}{line}", ""));
    };
    writeln!(out, "{:indent$}{}", "", Painted(FAINT, format!("--- {}", diff.file)))?;
    writeln!(out, "{:indent$}{}", "", Painted(FAINT, format!("+++ {}", diff.file)))?;
    writeln!(out, "{:indent$}{}", "", Painted(FAINT, diff.range()))?;
    diff.lines.iter().try_for_each(|line| {
        let style = match line {
            Line::Same(_) => Style::new(),
            Line::Removed(_) => BAD,
            Line::Added(_) => GOOD,
        };
        writeln!(out, "{:indent$}{}", "", Painted(style, line.to_string().trim_end()))
    })
}

/// The statements without which it would be denied.
pub(super) fn hinges(check: &ExplainedCheck, layout: Layout, out: &mut dyn Write) -> io::Result<()> {
    let hinges: Vec<_> = check.statements.iter().filter(|statement| statement.is_indispensable).collect();
    if hinges.is_empty() {
        return Ok(());
    }
    writeln!(out)?;
    let words = match hinges.len() {
        1 => "It hangs on one statement: without it the request is denied.",
        _ => "It hangs on these statements: without any one of them the request is denied.",
    };
    paragraph(0, HEADING, words, layout, out)?;
    hinges.into_iter().try_for_each(|hinge| {
        let place = Painted(FAINT, statement::place(hinge));
        writeln!(out, "  {}  {place}", statement::name(hinge))
    })
}
