//! On what an undetermined decision depends: each decision and when it is.

use std::io::{self, Write};

use iamsim_engine::ContextValue;
use iamsim_scenario::{Certainty, DecisionConditions, Dependence, MatchedStatement, TermReport};

use crate::render::layout::{Layout, wrap};
use crate::render::style::{BAD, FAINT, GOOD, Painted};

/// So many conditions for one decision are worth reading.
const MOST_TERMS: usize = 12;

/// Writes the conditions, one decision after the other, after `indent`.
pub(crate) fn conditions(
    indent: usize,
    dependence: &Dependence,
    layout: Layout,
    out: &mut dyn Write,
) -> io::Result<()> {
    let last = dependence.conditions.len().saturating_sub(1);
    for (number, decision) in dependence.conditions.iter().enumerate() {
        // What is left over is not worth spelling out, unless something may be missing.
        let is_rest = number == last
            && number > 0
            && dependence.certainty != Certainty::CutShort
            && !names_statements(decision);
        self::decision(indent, decision, is_rest, layout, out)?;
    }
    let caveat = match dependence.certainty {
        Certainty::Proven => return Ok(()),
        Certainty::Unproven => {
            "No values were found that meet the conditions of every decision above: one of them may be impossible."
        }
        Certainty::CutShort => {
            "There are too many combinations to look at all. The conditions hold as far as they reach."
        }
    };
    text(indent, FAINT, caveat, layout, out)
}

/// The same as text without colours.
pub(crate) fn conditions_text(dependence: &Dependence) -> String {
    let mut out = anstream::StripStream::new(Vec::new());
    // Writing to memory cannot fail.
    let _ = conditions(0, dependence, Layout::of_files(), &mut out);
    String::from_utf8_lossy(&out.into_inner()).into_owned()
}

fn names_statements(decision: &DecisionConditions) -> bool {
    decision.any_of.iter().any(|term| !term.statements.is_empty())
}

fn decision(
    indent: usize,
    decision: &DecisionConditions,
    is_rest: bool,
    layout: Layout,
    out: &mut dyn Write,
) -> io::Result<()> {
    let style = if decision.decision == "allowed" { GOOD } else { BAD };
    let name = Painted(style, decision.decision);
    if is_rest {
        writeln!(out, "{:indent$}{name} otherwise", "")?;
        return match decision.any_of.iter().find_map(|term| term.example.as_ref()) {
            Some(example) => text(indent + 4, FAINT, &for_example(example), layout, out),
            None => Ok(()),
        };
    }
    for (number, term) in decision.any_of.iter().take(MOST_TERMS).enumerate() {
        if number == 0 {
            writeln!(out, "{:indent$}{name} if", "")?;
        } else {
            writeln!(out, "{:indent$}{name} also if", "")?;
        }
        self::term(indent + 4, term, layout, out)?;
    }
    match decision.any_of.len().checked_sub(MOST_TERMS) {
        Some(more @ 1..) => {
            let more = format!("… and in {more} more cases; `--format json` lists them all");
            text(indent, FAINT, &more, layout, out)
        }
        _ => Ok(()),
    }
}

fn term(indent: usize, term: &TermReport, layout: Layout, out: &mut dyn Write) -> io::Result<()> {
    for (number, fact) in term.all_of.iter().enumerate() {
        let and = if number + 1 < term.all_of.len() { ", and" } else { "" };
        text(indent, anstyle::Style::new(), &format!("{}{and}", fact.text), layout, out)?;
    }
    for statement in &term.statements {
        text(indent, FAINT, &format!("by {}", place(statement)), layout, out)?;
    }
    match &term.example {
        Some(example) => text(indent, FAINT, &for_example(example), layout, out),
        None => Ok(()),
    }
}

fn for_example(example: &[(String, Option<ContextValue>)]) -> String {
    let value = |(key, value): &(String, Option<ContextValue>)| match value {
        None => format!("no {key}"),
        Some(ContextValue::One(text)) => format!("{key}={text}"),
        Some(ContextValue::Many(texts)) => format!("{key}=[{}]", texts.join(", ")),
    };
    let values: Vec<String> = example.iter().map(value).collect();
    format!("for example {}", values.join(", "))
}

fn place(statement: &MatchedStatement) -> String {
    let MatchedStatement { policy_type, policy, sid, line, column, source, .. } = statement;
    let sid = sid.as_ref().map_or_else(|| "a statement".to_owned(), Clone::clone);
    match source.path() {
        "" => format!("{sid} of {policy} ({policy_type})"),
        // The documents of AWS managed policies are one line.
        arn if arn.starts_with("arn:") => format!("{sid} of {policy} ({policy_type})"),
        path => format!("{sid} ({policy_type}, {path}:{line}:{column})"),
    }
}

/// Text after `indent`, continued a little further in.
fn text(
    indent: usize,
    style: anstyle::Style,
    text: &str,
    layout: Layout,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut lines = wrap(text, layout.text.saturating_sub(indent + 2)).into_iter();
    let first = lines.next().unwrap_or_default();
    writeln!(out, "{:indent$}{}", "", Painted(style, first))?;
    lines.try_for_each(|line| writeln!(out, "{:indent$}  {}", "", Painted(style, line)))
}
