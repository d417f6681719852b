//! The calls of a command and their checks.

use std::borrow::Cow;
use std::io::{self, Write};

use iamsim_commands::Lowered;
use iamsim_engine::ValueRef;
use iamsim_syntax::Arn;
use iamsim_world::{Call, Caller, Check, Effect};
use serde_json::{Map, Value, json};

use crate::render::layout::Layout;
use crate::render::style::{FAINT, HEADING, Painted};

pub(crate) fn human(
    lowered: &Lowered,
    caller: &Caller,
    layout: Layout,
    out: &mut dyn Write,
) -> io::Result<()> {
    let checks: Vec<_> = lowered.calls.iter().map(|call| (call, checks(call, caller))).collect();
    let lengths = checks.iter().flat_map(|(_, checks)| checks.iter()).map(|check| check.action.len());
    let width = lengths.max().unwrap_or_default();
    for (call, checks) in &checks {
        writeln!(out, "{}", Painted(HEADING, &call.operation))?;
        if checks.is_empty() {
            writeln!(out, "  {}", Painted(FAINT, "needs no permission"))?;
        }
        for check in checks.iter() {
            self::check(check, width, layout, out)?;
        }
    }
    Ok(())
}

fn check(check: &Check, width: usize, layout: Layout, out: &mut dyn Write) -> io::Result<()> {
    // Side by side where both find room, or else one under the other.
    let fits = layout.table.is_none_or(|room| width + check.resource.len() + 4 <= room);
    if fits {
        writeln!(out, "  {:width$}  {}", check.action, check.resource)?;
    } else {
        writeln!(out, "  {}\n      {}", check.action, check.resource)?;
    }
    for (key, value) in check.context.iter() {
        writeln!(out, "      {}", Painted(FAINT, format!("{key} = {}", text(value))))?;
    }
    Ok(())
}

fn text(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::One("") => "\"\"".to_owned(),
        ValueRef::One(value) => value.to_string(),
        ValueRef::Many(values) => format!("[{}]", values.join(", ")),
    }
}

/// The checks of a call; those of AWS STS follow from its parameters.
fn checks<'c>(call: &'c Call, caller: &Caller) -> Cow<'c, [Check]> {
    match &call.effect {
        Effect::Sts(sts) if call.checks.is_empty() => Cow::Owned(sts.checks(caller)),
        _ => Cow::Borrowed(&call.checks),
    }
}

/// Whether an ARN has `*` in the place of its account.
pub(crate) fn leaves_account_open(lowered: &Lowered, caller: &Caller) -> bool {
    lowered.calls.iter().any(|call| {
        let checks = checks(call, caller);
        checks.iter().any(|check| Arn::parse(&check.resource).is_some_and(|arn| arn.account == "*"))
    })
}

pub(crate) fn json(lowered: &Lowered, caller: &Caller, out: &mut dyn Write) -> io::Result<()> {
    let calls = lowered.calls.iter().map(|call| {
        let checks: Vec<_> = checks(call, caller).iter().map(check_json).collect();
        json!({"operation": call.operation, "checks": checks})
    });
    let calls: Vec<_> = calls.collect();
    let document = json!({
        "version": 1, "calls": calls, "profile": lowered.profile, "region": lowered.region,
    });
    super::json::document(&document, out)
}

fn check_json(check: &Check) -> Value {
    let value = |value: ValueRef<'_>| match value {
        ValueRef::One(value) => json!(value),
        ValueRef::Many(values) => json!(values.iter().map(|value| &**value).collect::<Vec<_>>()),
    };
    let context: Map<_, _> =
        check.context.iter().map(|(key, given)| (key.to_owned(), value(given))).collect();
    json!({
        "action": check.action,
        "resource": check.resource,
        "resourceAccount": check.resource_account.map(|account| account.to_string()),
        "context": context,
    })
}
