//! The resource's side of a request that the caller's own policies do not allow.

use std::io::{self, Write};

use iamsim_scenario::ask::{ExplainedCheck, ExplainedStatement, Relation};
use iamsim_syntax::{Effect, PolicyType};

use super::NEAR_MISSES;
use crate::render::explain::statement;
use crate::render::layout::{Layout, paragraph};
use crate::render::style::FAINT;

/// What came near to allowing the request in the resource's policy. Within one account it could have done so alone;
/// across accounts it has to as well.
pub(super) fn near_misses(
    indent: usize,
    check: &ExplainedCheck,
    layout: Layout,
    out: &mut dyn Write,
) -> io::Result<()> {
    let words = match check.accounts.relation {
        Relation::SameAccount => "The policy of the resource could allow it too, and nearly does:",
        Relation::OtherAccount => "Nor does the resource's side allow it, though nearly:",
        Relation::OwnedByAws | Relation::NoAccount => return Ok(()),
    };
    if statements(check).any(|statement| statement.matches) {
        return Ok(());
    }
    let near = statements(check).filter_map(|statement| {
        let miss = statement.near_miss()?;
        (!matches!(miss.element, "Action" | "NotAction")).then_some((statement, miss))
    });
    for (number, (statement, miss)) in near.take(NEAR_MISSES).enumerate() {
        writeln!(out)?;
        if number == 0 {
            paragraph(indent, FAINT, words, layout, out)?;
        }
        statement::near_miss(indent, check, statement, miss, layout, out)?;
    }
    Ok(())
}

/// The statements of the resource's policy that allow something.
fn statements(check: &ExplainedCheck) -> impl Iterator<Item = &ExplainedStatement> {
    check.statements.iter().filter(|statement| {
        statement.policy_type == PolicyType::ResourceBased && statement.effect == Effect::Allow
    })
}
