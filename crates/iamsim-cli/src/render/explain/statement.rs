//! Statements with their lines: those that matched, and those that nearly did.

use std::io::{self, Write};

use iamsim_scenario::ask::{ElementReport, ExplainedCheck, ExplainedStatement};

use super::compared;
use crate::render::layout::{Layout, paragraph};
use crate::render::snippet::{self, Excerpt};
use crate::render::style::{FAINT, Painted, UNSURE};

/// What a statement is called: its `Sid`, or its number.
pub(in crate::render) fn name(statement: &ExplainedStatement) -> String {
    match &statement.sid {
        Some(sid) => sid.clone(),
        None => format!("statement {}", statement.number),
    }
}

/// Where it stands: `alice.json:4:5`; an AWS managed policy by its name, as its document is one line.
pub(in crate::render) fn place(statement: &ExplainedStatement) -> String {
    if is_excerptible(statement) {
        format!("{}:{}:{}", statement.file.path(), statement.line, statement.column)
    } else {
        statement.policy.clone()
    }
}

/// Whether there are lines to show.
fn is_excerptible(statement: &ExplainedStatement) -> bool {
    !statement.file.text().is_empty() && !statement.file.path().starts_with("arn:")
}

/// One line for a statement that allowed.
pub(super) fn allowed(indent: usize, statement: &ExplainedStatement, out: &mut dyn Write) -> io::Result<()> {
    let mut place = place(statement);
    if let Some(target) = &statement.target {
        place.push_str(&format!(", attached to {target}"));
    }
    writeln!(out, "{:indent$}allowed by {}  {}", "", name(statement), Painted(FAINT, place))
}

/// Whether statements stand in one policy that has no lines to show.
pub(super) fn are_in_one_place(one: &ExplainedStatement, other: &ExplainedStatement) -> bool {
    !is_excerptible(one) && !is_excerptible(other) && one.policy == other.policy
}

/// One line for statements of one place that are about something else.
pub(super) fn elsewhere(
    indent: usize,
    statements: &[&ExplainedStatement],
    layout: Layout,
    out: &mut dyn Write,
) -> io::Result<()> {
    let statement = match statements {
        [] => return Ok(()),
        [only] => only,
        [first, ..] => {
            let text =
                format!("{} statements of {} are about something else", statements.len(), first.policy);
            return paragraph(indent, FAINT, &text, layout, out);
        }
    };
    let misses = statement.elements.iter().filter(|element| !element.matches);
    let mut parts: Vec<_> = misses
        .map(|element| match element.element {
            "Condition" => "conditions",
            "Principal" | "NotPrincipal" => "principals",
            "Resource" | "NotResource" => "resources",
            _ => "actions",
        })
        .collect();
    parts.dedup();
    let text = format!("{} ({}) is about other {}", name(statement), place(statement), enumerated(&parts));
    paragraph(indent, FAINT, &text, layout, out)
}

/// `one`, `one and two`, `one, two and three`.
fn enumerated(parts: &[&str]) -> String {
    match parts {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [before @ .., last] => format!("{} and {last}", before.join(", ")),
    }
}

/// A statement that denied, with what it says and why it matched.
pub(super) fn denied(
    indent: usize,
    check: &ExplainedCheck,
    statement: &ExplainedStatement,
    layout: Layout,
    out: &mut dyn Write,
) -> io::Result<()> {
    let title = match &statement.target {
        Some(target) => format!("{}, attached to {target}", name(statement)),
        None => name(statement),
    };
    let of_conditions = statement.elements.iter().filter(|element| element.operator.is_some());
    let mut reasons: Vec<_> = of_conditions.map(|element| (element, why_held(check, element))).collect();
    if reasons.is_empty() {
        // Nothing limits it; show what it is about.
        let about =
            statement.elements.iter().filter(|element| matches!(element.element, "Action" | "NotAction"));
        reasons = about.map(|element| (element, format!("this covers {}", asked(element)))).collect();
    }
    show(indent, "denied by", &title, statement, &reasons, None, layout, out)
}

/// A statement that allowed, with what it says and why it matched.
pub(super) fn granted(
    indent: usize,
    check: &ExplainedCheck,
    statement: &ExplainedStatement,
    layout: Layout,
    out: &mut dyn Write,
) -> io::Result<()> {
    let reason = |element: &ElementReport| match (element.operator, element.element) {
        (Some(_), _) => why_held(check, element),
        (None, "NotPrincipal" | "NotAction" | "NotResource") => {
            format!("{} is not among these", asked(element))
        }
        (None, _) => format!("this covers {}", asked(element)),
    };
    let reasons: Vec<_> = statement.elements.iter().map(|element| (element, reason(element))).collect();
    show(indent, "allowed by", &name(statement), statement, &reasons, None, layout, out)
}

fn asked(element: &ElementReport) -> String {
    element.request_value.as_ref().map(super::value_text).unwrap_or_default()
}

fn why_held(check: &ExplainedCheck, element: &ElementReport) -> String {
    compared::holds_of_absent_key(element).unwrap_or_else(|| compared::at_caret(check, element))
}

/// A statement that would have allowed the request but for one element.
pub(super) fn near_miss(
    indent: usize,
    check: &ExplainedCheck,
    statement: &ExplainedStatement,
    miss: &ElementReport,
    layout: Layout,
    out: &mut dyn Write,
) -> io::Result<()> {
    let title = format!("{}: everything matches but {}", name(statement), compared::miss(miss));
    let advice = compared::advice(check, miss);
    show(
        indent,
        "near miss",
        &title,
        statement,
        &[(miss, compared::at_caret(check, miss))],
        advice.as_deref(),
        layout,
        out,
    )
}

#[expect(clippy::too_many_arguments, reason = "one place prints every kind of statement")]
fn show(
    indent: usize,
    kind: &'static str,
    title: &str,
    statement: &ExplainedStatement,
    marks: &[(&ElementReport, String)],
    advice: Option<&str>,
    layout: Layout,
    out: &mut dyn Write,
) -> io::Result<()> {
    let places: Vec<_> =
        marks.iter().filter_map(|(element, words)| Some((element.span?, words.as_str()))).collect();
    if is_excerptible(statement) {
        let marks = if places.is_empty() { vec![(statement.span, "")] } else { places };
        let excerpt = Excerpt { kind, title, source: &statement.file, marks: &marks, advice };
        let text = snippet::excerpt(&excerpt, layout.text.saturating_sub(indent));
        return text.lines().try_for_each(|line| {
            let line = line.trim_end();
            if line.is_empty() { writeln!(out) } else { writeln!(out, "{:indent$}{line}", "") }
        });
    }
    writeln!(out, "{:indent$}{}: {}, {title}", "", Painted(UNSURE, kind), statement.policy)?;
    let within = indent + 2;
    for (element, words) in marks {
        let says = match element.operator {
            None => format!("it says {}; {words}", compared::says(element)),
            // The title has said it.
            Some(_) => continue,
        };
        paragraph(within, anstyle::Style::new(), &says, layout, out)?;
    }
    match advice {
        Some(advice) => paragraph(within, FAINT, advice, layout, out),
        None => Ok(()),
    }
}
