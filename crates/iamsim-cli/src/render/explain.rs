//! Why a question was answered as it was: plain data to text for people and to JSON.

mod compared;
pub(crate) mod gates;
mod lesson;
pub(super) mod statement;

use std::io::{self, Write};

use iamsim_engine::{ContextValue, DecidedBy, Outcome, Verdict};
use iamsim_scenario::ask::{Answer, ExplainedCheck, Origin, Relation};
use iamsim_scenario::report::StepError;
use iamsim_scenario::{Finding, warnings};
use iamsim_syntax::PolicyType;
use schemars::JsonSchema;
use serde::Serialize;

pub(crate) use crate::render::explain::lesson::lesson;

use crate::render::dependence;
use crate::render::layout::{Layout, Table, paragraph};
use crate::render::style::{BAD, FAINT, GOOD, HEADING, Painted, UNSURE};

/// How much is told.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Detail {
    /// The way through the gates.
    pub(crate) walk: bool,
    /// Whose principal and resource are, and the request context with what was assumed.
    pub(crate) facts: bool,
    /// Every way to allow it, not only that which asks for least.
    pub(crate) fixes: bool,
}

pub(crate) fn human(answer: &Answer, detail: Detail, layout: Layout, out: &mut dyn Write) -> io::Result<()> {
    self::answer(answer, detail, layout, out)?;
    if answer.warnings.is_empty() {
        return Ok(());
    }
    writeln!(out)?;
    super::human::warnings(0, &answer.warnings, out)
}

fn answer(answer: &Answer, detail: Detail, layout: Layout, out: &mut dyn Write) -> io::Result<()> {
    if let Some(error) = &answer.refused {
        writeln!(out, "{}", Painted(BAD, format!("✗ {}", error.code)))?;
        writeln!(out, "{}", error.message)?;
        let when = match answer.checks.as_slice() {
            [] => "AWS refuses the call before it looks at permissions.",
            _ => "The permissions are there; AWS refuses the call itself.",
        };
        return paragraph(0, FAINT, when, layout, out);
    }
    let Some(check) = answer.decisive() else {
        writeln!(out, "{}", Painted(GOOD, "✓ allowed"))?;
        return writeln!(out, "AWS checks no permission for this.");
    };
    headline(check, out)?;
    if answer.checks.len() > 1 {
        checks(answer, out)?;
    }
    // When several checks were made and all allowed, each has a way of its own.
    let is_allowed = check.verdict.is_allowed();
    let shown = answer.checks.iter().filter(|shown| match check.verdict {
        Verdict::Undetermined => shown.verdict == Verdict::Undetermined,
        Verdict::Determined(_) | Verdict::Denied => is_allowed || shown.verdict.is_denied(),
    });
    let several = is_allowed && answer.checks.len() > 1;
    if check.dependence.is_some() {
        return each_once(shown, |check, out| depending(check, detail, layout, out), out);
    }
    for check in shown {
        if several && (detail.walk || detail.facts) {
            writeln!(out, "\n{}", Painted(HEADING, format!("{} on {}", check.action, check.resource)))?;
        }
        self::check(check, detail, several, layout, out)?;
    }
    Ok(())
}

fn check(
    check: &ExplainedCheck,
    detail: Detail,
    several: bool,
    layout: Layout,
    out: &mut dyn Write,
) -> io::Result<()> {
    if detail.walk {
        writeln!(out)?;
        gates::walk(check, layout, out)?;
    } else if !several {
        gates::reasons(check, detail.facts, layout, out)?;
    }
    match (check.decision.is_allowed(), detail.walk || detail.fixes) {
        (false, is_all) => super::fix::ways(check, is_all, layout, out)?,
        (true, true) => super::fix::hinges(check, layout, out)?,
        (true, false) => {}
    }
    if detail.facts {
        facts(check, layout, out)?;
    }
    Ok(())
}

/// A command may make the same check for several calls: what is said of one is not said again.
fn each_once<'a>(
    checks: impl Iterator<Item = &'a ExplainedCheck>,
    print: impl Fn(&ExplainedCheck, &mut dyn Write) -> io::Result<()>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut said = Vec::new();
    for check in checks {
        let mut text = Vec::new();
        print(check, &mut text)?;
        if !said.contains(&text) {
            out.write_all(&text)?;
            said.push(text);
        }
    }
    Ok(())
}

/// A check whose answer depends on unknown keys, and how.
fn depending(check: &ExplainedCheck, detail: Detail, layout: Layout, out: &mut dyn Write) -> io::Result<()> {
    let Some(dependence) = &check.dependence else { return Ok(()) };
    writeln!(out, "\n{}", Painted(HEADING, format!("{} on {}", check.action, check.resource)))?;
    dependence::conditions(2, dependence, layout, out)?;
    if detail.walk {
        writeln!(out, "\nIf the request has none of the unknown keys:")?;
        gates::walk(check, layout, out)?;
    }
    if detail.facts {
        facts(check, layout, out)?;
    }
    Ok(())
}

/// The way through the gates alone.
pub(crate) fn walk(check: &ExplainedCheck, layout: Layout, out: &mut dyn Write) -> io::Result<()> {
    gates::walk(check, layout, out)
}

/// The same as text without colours.
pub(crate) fn walk_text(check: &ExplainedCheck) -> String {
    let mut out = anstream::StripStream::new(Vec::new());
    // Writing to memory cannot fail.
    let _ = walk(check, Layout::of_files(), &mut out);
    String::from_utf8_lossy(&out.into_inner()).into_owned()
}

fn headline(check: &ExplainedCheck, out: &mut dyn Write) -> io::Result<()> {
    if let Some(dependence) = &check.dependence {
        let (style, mark) = if check.verdict.is_denied() { (BAD, "✗") } else { (UNSURE, "?") };
        writeln!(out, "{}", Painted(style, format!("{mark} {}", check.verdict.as_str())))?;
        let keys = dependence.unknown_context_keys.join(", ");
        let words = match check.verdict {
            Verdict::Undetermined => "Whether it is allowed depends on what is unknown",
            Verdict::Determined(_) | Verdict::Denied => "How it is denied depends on what is unknown",
        };
        return writeln!(out, "{words}: {keys}");
    }
    let (style, mark) = if check.decision.is_allowed() { (GOOD, "✓") } else { (BAD, "✗") };
    let outcome = check.decision.outcome.as_str();
    let by = check.decision.decided_by.policy_type();
    let by = by.map(|policy_type| format!(" ({policy_type})")).unwrap_or_default();
    writeln!(out, "{}", Painted(style, format!("{mark} {outcome}{by}")))?;
    writeln!(out, "{}", check.message.clone().unwrap_or_else(|| allowed_because(check)))?;
    match check.is_certain_anyway {
        true => writeln!(out, "{}", Painted(FAINT, "That is certain, whatever the unknown keys hold.")),
        false => Ok(()),
    }
}

/// AWS gives no reason when it allows.
fn allowed_because(check: &ExplainedCheck) -> String {
    let action = &check.action;
    match check.decision.decided_by {
        DecidedBy::Allow(PolicyType::IdentityBased) if check.accounts.relation == Relation::OtherAccount => {
            format!(
                "Both accounts allow {action}: the caller's identity-based policies, and the resource's side"
            )
        }
        DecidedBy::Allow(PolicyType::IdentityBased) => {
            format!("The caller's identity-based policies allow {action}")
        }
        DecidedBy::Allow(policy_type) => {
            format!("The {} allows {action}, and nothing else has to", policy_type.phrase())
        }
        DecidedBy::RootUser => "The root user may do everything its account may".to_owned(),
        DecidedBy::NoPermissionNeeded => format!("{action} needs no permission"),
        DecidedBy::Shared => {
            "Something other than a policy lets the caller in: a grant, an ACL or a share".to_owned()
        }
        DecidedBy::Deny(_)
        | DecidedBy::MissingAllow(_)
        | DecidedBy::CredentialLimit(_)
        | DecidedBy::ServiceRule(_) => String::new(),
    }
}

fn checks(answer: &Answer, out: &mut dyn Write) -> io::Result<()> {
    let lengths = answer.checks.iter().map(|check| check.action.chars().count());
    let width = lengths.max().unwrap_or_default();
    writeln!(out)?;
    for check in &answer.checks {
        let mark = match check.verdict {
            Verdict::Determined(Outcome::Allowed) => Painted(GOOD, "✓"),
            Verdict::Undetermined => Painted(UNSURE, "?"),
            Verdict::Determined(_) | Verdict::Denied => Painted(BAD, "✗"),
        };
        writeln!(out, "  {mark} {:width$}  {}", check.action, check.resource)?;
    }
    Ok(())
}

/// Whose principal and resource are, and what the request is taken to hold.
fn facts(check: &ExplainedCheck, layout: Layout, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n{}", Painted(HEADING, "Accounts"))?;
    paragraph(2, anstyle::Style::new(), &relation(check), layout, out)?;
    writeln!(out, "\n{}", Painted(HEADING, "Request context"))?;
    let mut table = Table::new(&["key", "from", "value"]);
    for (key, origin, value) in context(check) {
        table.row([key.to_owned(), origin.to_owned(), value]);
    }
    table.print(layout, out)?;
    if check.context.iter().any(|entry| entry.origin == Origin::Assumed) {
        writeln!(out)?;
        let words =
            "What is assumed can be set with --context, --now and --region, or taken away with --without.";
        paragraph(0, FAINT, words, layout, out)?;
    }
    Ok(())
}

/// The request context, what was given first and what was assumed last: key, where from, value.
pub(crate) fn context(check: &ExplainedCheck) -> Vec<(&str, &'static str, String)> {
    let mut entries: Vec<_> = check.context.iter().collect();
    entries.sort_by_key(|entry| (entry.origin, entry.key.to_lowercase()));
    entries.iter().map(|entry| (&*entry.key, origin(entry.origin), value_text(&entry.value))).collect()
}

fn relation(check: &ExplainedCheck) -> String {
    let name = |account: &Option<String>| account.clone().unwrap_or_else(|| "no account".to_owned());
    let (caller, resource) = (name(&check.accounts.caller), name(&check.accounts.resource));
    match check.accounts.relation {
        Relation::SameAccount => {
            format!("Caller and resource are in one account, {caller}: either side may allow.")
        }
        Relation::OtherAccount => {
            format!("The caller is in {caller}, the resource in {resource}: both sides must allow.")
        }
        Relation::OwnedByAws => format!("The resource is AWS's own: the policies of {caller} alone decide."),
        Relation::NoAccount => {
            "The caller has no account: nothing but the resource's policy can allow it.".to_owned()
        }
    }
}

fn origin(origin: Origin) -> &'static str {
    match origin {
        Origin::Given => "given",
        Origin::Command => "command",
        Origin::Derived => "follows",
        Origin::Assumed => "assumed",
    }
}

fn value_text(value: &ContextValue) -> String {
    match value {
        ContextValue::One(value) => value.to_string(),
        ContextValue::Many(values) => format!("[{}]", values.join(", ")),
    }
}

/// The answer as one document: the decisive check with all that led to it, and every check with its decision.
#[derive(Serialize, JsonSchema)]
pub(crate) struct CheckReport<'a> {
    /// The version of this format.
    version: u32,
    #[serde(flatten)]
    decisive: Option<&'a ExplainedCheck>,
    /// Why AWS refuses what the checks allow.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a StepError>,
    /// The checks AWS makes, in order, up to the first that is denied.
    checks: Vec<Made<'a>>,
    /// What no real request would be.
    #[serde(skip_serializing_if = "<[_]>::is_empty", serialize_with = "serialize")]
    #[schemars(with = "Vec<warnings::Warning<'static>>")]
    warnings: &'a [Finding],
}

/// A check and its decision.
#[derive(Serialize, JsonSchema)]
struct Made<'a> {
    /// What for.
    action: &'a str,
    /// On what.
    resource: &'a str,
    /// `allowed`, `implicitDeny` or `explicitDeny`.
    decision: &'static str,
}

fn serialize<S: serde::Serializer>(found: &&[Finding], serializer: S) -> Result<S::Ok, S::Error> {
    warnings::serialize(found, serializer)
}

pub(crate) fn json(answer: &Answer, out: &mut dyn Write) -> io::Result<()> {
    fn made(check: &ExplainedCheck) -> Made<'_> {
        Made { action: &check.action, resource: &check.resource, decision: check.verdict.as_str() }
    }
    let document = CheckReport {
        version: 1,
        decisive: answer.decisive(),
        error: answer.refused.as_ref(),
        checks: answer.checks.iter().map(made).collect(),
        warnings: &answer.warnings,
    };
    super::json::document(&document, out)
}
