//! Why something was decided as it was, for learners: nothing is said of how to mend it.

use std::io::{self, Write};

use iamsim_engine::Gate;
use iamsim_scenario::ask::{ExplainedCheck, ExplainedStatement};
use iamsim_syntax::Effect;

use super::{allowed_because, gates, headline, statement};
use crate::render::layout::Layout;
use crate::render::style::{BAD, Painted};

/// How many statements are worth reading.
const SHOWN: usize = 3;

/// A decision that should have been another one. `walk` shows the whole way through the gates.
pub(crate) fn lesson(
    check: &ExplainedCheck,
    walk: bool,
    layout: Layout,
    out: &mut dyn Write,
) -> io::Result<()> {
    if !check.decision.is_allowed() {
        headline(check, out)?;
    } else {
        let by = check.decision.decided_by.policy_type();
        let by = by.map(|policy_type| format!(" ({policy_type})")).unwrap_or_default();
        writeln!(out, "{}", Painted(BAD, format!("{}{by}", check.decision.outcome.as_str())))?;
        writeln!(out, "{}", allowed_because(check))?;
    }
    if walk {
        writeln!(out)?;
        return gates::walk(check, layout, out);
    }
    match check.decision.is_allowed() {
        true => unwelcome(check, layout, out),
        false => gates::reasons(check, false, layout, out),
    }
}

/// The statements that nearly denied what was allowed, and those that allowed it.
fn unwelcome(check: &ExplainedCheck, layout: Layout, out: &mut dyn Write) -> io::Result<()> {
    for deny in near_denials(check).take(SHOWN) {
        let Some(miss) = deny.near_miss() else { continue };
        writeln!(out)?;
        statement::near_miss(0, check, deny, miss, layout, out)?;
    }
    for gate in [Gate::ResourceBased, Gate::IdentityBased] {
        for allow in gates::allows(check, gate).take(SHOWN) {
            writeln!(out)?;
            statement::granted(0, check, allow, layout, out)?;
        }
    }
    Ok(())
}

/// Statements that would have denied it but for one condition.
fn near_denials(check: &ExplainedCheck) -> impl Iterator<Item = &ExplainedStatement> {
    check.statements.iter().filter(|statement| {
        let miss = statement.near_miss();
        statement.effect == Effect::Deny && miss.is_some_and(|miss| miss.operator.is_some())
    })
}
