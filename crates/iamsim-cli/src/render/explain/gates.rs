//! The way through AWS's flow chart: what each gate did, and the statements that moved it.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html>

mod other_side;
mod sentences;

use std::io::{self, Write};

use anstyle::Style;
use iamsim_engine::{DecidedBy, Gate, Passage};
use iamsim_scenario::ask::{ElementReport, ExplainedCheck, ExplainedStatement, GateReport};
use iamsim_syntax::{Effect, PolicyType};

use super::statement;
use crate::render::explain::gates::sentences::{credential_limit, sentence, service_rule, title};
use crate::render::layout::{Layout, paragraph};
use crate::render::style::{BAD, FAINT, GOOD, HEADING, Painted};

/// How many near misses are worth reading.
const NEAR_MISSES: usize = 3;

/// Every gate in AWS's order.
const GATES: [Gate; 11] = [
    Gate::NoPermissionNeeded,
    Gate::ExplicitDeny,
    Gate::CredentialLimits,
    Gate::ServiceRules,
    Gate::ResourceControl,
    Gate::ServiceControl,
    Gate::VpcEndpoint,
    Gate::ResourceBased,
    Gate::IdentityBased,
    Gate::PermissionsBoundary,
    Gate::Session,
];

/// A gate as the request met it.
#[derive(Debug)]
pub(crate) struct Stop {
    pub(crate) gate: Gate,
    /// What it did; `None` when the request never came to it.
    pub(crate) passage: Option<Passage>,
    pub(crate) title: &'static str,
    /// Why, in a sentence; empty when the request never came to it.
    pub(crate) sentence: String,
}

/// Every gate: those that the request came to in order, then the others.
pub(crate) fn stops(check: &ExplainedCheck) -> Vec<Stop> {
    let refusal = refusal(check);
    let is_replaced = |report: &GateReport| refusal.is_some_and(|refusal| refusal.gate == report.gate);
    let shown = |report: &&GateReport| !is_idle(report) && !is_replaced(report);
    let reached: Vec<_> = check.gates.iter().filter(shown).chain(&refusal).collect();
    let mut stops: Vec<_> = reached
        .iter()
        .map(|report| Stop {
            gate: report.gate,
            passage: Some(report.passage),
            title: title(check, report.gate),
            sentence: sentence(check, **report),
        })
        .collect();
    let is_unreached = |gate: &Gate| check.gates.iter().chain(&refusal).all(|report| report.gate != *gate);
    let unreached = GATES.into_iter().filter(is_unreached);
    stops.extend(unreached.map(|gate| Stop {
        gate,
        passage: None,
        title: title(check, gate),
        sentence: String::new(),
    }));
    stops
}

/// Every call but two or three comes to this gate and is not concerned.
fn is_idle(report: &GateReport) -> bool {
    *report == GateReport { gate: Gate::NoPermissionNeeded, passage: Passage::NotApplicable }
}

/// Some calls a service refuses only to those who would have been allowed to make them.
fn refusal(check: &ExplainedCheck) -> Option<GateReport> {
    let is_shut = check.gates.iter().any(|report| report.passage == Passage::Shut);
    let is_refused = matches!(check.decision.decided_by, DecidedBy::ServiceRule(_)) && !is_shut;
    is_refused.then_some(GateReport { gate: Gate::ServiceRules, passage: Passage::Shut })
}

/// The gates in order, those never reached at the end.
pub(super) fn walk(check: &ExplainedCheck, layout: Layout, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}", Painted(HEADING, "The way through AWS's gates"))?;
    for report in &check.gates {
        gate(check, *report, layout, out)?;
    }
    if let Some(refusal) = refusal(check) {
        gate(check, refusal, layout, out)?;
    }
    let unreached = GATES.into_iter().filter(|gate| check.gates.iter().all(|report| report.gate != *gate));
    let titles: Vec<_> = unreached.map(|gate| title(check, gate)).collect();
    if titles.is_empty() {
        return Ok(());
    }
    let why = match check.gates.last().map(|last| last.passage) {
        Some(Passage::Allowed) => "Not asked any more",
        _ => "Not reached",
    };
    hanging(FAINT, &format!("· {why}: {}", titles.join(", ")), layout, out)
}

fn gate(check: &ExplainedCheck, report: GateReport, layout: Layout, out: &mut dyn Write) -> io::Result<()> {
    let GateReport { gate, passage } = report;
    if is_idle(&report) {
        return Ok(());
    }
    let (style, mark) = match passage {
        Passage::Open | Passage::Allowed => (GOOD, "✓"),
        Passage::NotApplicable => (FAINT, "–"),
        Passage::Shut => (BAD, "✗"),
    };
    let title = title(check, gate);
    let text = format!("{mark} {title}: {}", sentence(check, report));
    let style = if passage == Passage::Open { Style::new() } else { style };
    hanging(style, &text, layout, out)?;
    match (gate, passage) {
        (_, Passage::NotApplicable) => Ok(()),
        (Gate::ExplicitDeny, Passage::Shut) => denials(4, check, layout, out),
        (Gate::ExplicitDeny, _) => near_denials(check, layout, out),
        (_, Passage::Open | Passage::Allowed) => {
            for allow in allows(check, gate) {
                statement::allowed(4, allow, out)?;
            }
            Ok(())
        }
        (Gate::CredentialLimits | Gate::ServiceRules, Passage::Shut) => Ok(()),
        (_, Passage::Shut) => misses(4, check, gate, layout, out),
    }
}

/// Text continued under the words after its mark.
fn hanging(style: Style, text: &str, layout: Layout, out: &mut dyn Write) -> io::Result<()> {
    let mut lines = crate::render::layout::wrap(text, layout.text.saturating_sub(4)).into_iter();
    writeln!(out, "  {}", Painted(style, lines.next().unwrap_or_default()))?;
    lines.try_for_each(|line| writeln!(out, "    {}", Painted(style, line)))
}

/// What decided, without the way there: the statements that denied or allowed, or what came near.
pub(super) fn reasons(
    check: &ExplainedCheck,
    verbose: bool,
    layout: Layout,
    out: &mut dyn Write,
) -> io::Result<()> {
    match check.decision.decided_by {
        DecidedBy::Deny(_) => {
            writeln!(out)?;
            denials(0, check, layout, out)
        }
        DecidedBy::MissingAllow(policy_type) => {
            writeln!(out)?;
            let gate = gate_of(policy_type);
            let report = GateReport { gate, passage: Passage::Shut };
            let sentence = format!("{}: {}.", title(check, gate), sentence(check, report));
            paragraph(0, Style::new(), &sentence, layout, out)?;
            misses(0, check, gate, layout, out)
        }
        DecidedBy::CredentialLimit(limit) => paragraph(0, FAINT, credential_limit(limit), layout, out),
        DecidedBy::ServiceRule(rule) => paragraph(0, FAINT, service_rule(rule), layout, out),
        DecidedBy::Allow(_) | DecidedBy::RootUser | DecidedBy::NoPermissionNeeded | DecidedBy::Shared => {
            let grants = [Gate::ResourceBased, Gate::IdentityBased];
            let is_open = |gate: &Gate| {
                check.gates.iter().any(|report| {
                    report.gate == *gate && matches!(report.passage, Passage::Open | Passage::Allowed)
                })
            };
            for gate in grants.into_iter().filter(is_open) {
                let shown = if verbose { usize::MAX } else { 2 };
                for allow in allows(check, gate).take(shown) {
                    statement::allowed(2, allow, out)?;
                }
            }
            Ok(())
        }
    }
}

fn gate_of(policy_type: PolicyType) -> Gate {
    match policy_type {
        PolicyType::IdentityBased => Gate::IdentityBased,
        PolicyType::PermissionsBoundary => Gate::PermissionsBoundary,
        PolicyType::Session => Gate::Session,
        PolicyType::ResourceBased | PolicyType::RoleTrust => Gate::ResourceBased,
        PolicyType::ServiceControl => Gate::ServiceControl,
        PolicyType::ResourceControl => Gate::ResourceControl,
        PolicyType::VpcEndpoint => Gate::VpcEndpoint,
    }
}

fn types_of(gate: Gate) -> &'static [PolicyType] {
    match gate {
        Gate::ResourceControl => &[PolicyType::ResourceControl],
        Gate::ServiceControl => &[PolicyType::ServiceControl],
        Gate::VpcEndpoint => &[PolicyType::VpcEndpoint],
        Gate::ResourceBased => &[PolicyType::ResourceBased, PolicyType::RoleTrust],
        Gate::IdentityBased => &[PolicyType::IdentityBased],
        Gate::PermissionsBoundary => &[PolicyType::PermissionsBoundary],
        Gate::Session => &[PolicyType::Session],
        Gate::NoPermissionNeeded | Gate::ExplicitDeny | Gate::CredentialLimits | Gate::ServiceRules => &[],
    }
}

fn is_about_a_role(check: &ExplainedCheck) -> bool {
    let decided = check.decision.decided_by.policy_type() == Some(PolicyType::RoleTrust);
    decided || check.policies.iter().any(|attached| attached.policy_type == PolicyType::RoleTrust)
}

fn levels(check: &ExplainedCheck) -> impl Iterator<Item = &str> {
    let attached = check.policies.iter();
    attached
        .filter(|attached| attached.policy_type == PolicyType::ServiceControl)
        .filter_map(|attached| attached.target.as_deref())
}

/// The levels at which no service control policy allows the request.
fn silent_levels(check: &ExplainedCheck) -> Vec<&str> {
    let allows_at = |level: &str| {
        allows(check, Gate::ServiceControl).any(|statement| statement.target.as_deref() == Some(level))
    };
    levels(check).filter(|level| !allows_at(level)).collect()
}

fn has_policies(check: &ExplainedCheck, gate: Gate) -> bool {
    check.policies.iter().any(|attached| types_of(gate).contains(&attached.policy_type))
}

pub(super) fn allows(check: &ExplainedCheck, gate: Gate) -> impl Iterator<Item = &ExplainedStatement> {
    check.statements.iter().filter(move |statement| {
        statement.effect == Effect::Allow
            && statement.matches
            && types_of(gate).contains(&statement.policy_type)
    })
}

/// The statements that deny, of the type that is named.
fn denials(indent: usize, check: &ExplainedCheck, layout: Layout, out: &mut dyn Write) -> io::Result<()> {
    let policy_type = check.decision.decided_by.policy_type();
    let denying = |statement: &&ExplainedStatement| {
        statement.effect == Effect::Deny && statement.matches && Some(statement.policy_type) == policy_type
    };
    let mut found = check.statements.iter().filter(denying).peekable();
    if found.peek().is_none() {
        let words = "S3 Block Public Access (RestrictPublicBuckets) keeps everyone but AWS services and the \
                     owner's account out of a bucket whose policy is public.";
        return paragraph(indent, Style::new(), words, layout, out);
    }
    found.take(NEAR_MISSES).try_for_each(|deny| statement::denied(indent, check, deny, layout, out))
}

/// Denials that a single condition kept from matching: good to know, as they are one change away.
fn near_denials(check: &ExplainedCheck, layout: Layout, out: &mut dyn Write) -> io::Result<()> {
    let near = check.statements.iter().filter_map(|deny| {
        let miss = deny.near_miss().filter(|miss| miss.operator.is_some())?;
        (deny.effect == Effect::Deny).then_some((deny, miss))
    });
    for (deny, miss) in near.take(NEAR_MISSES) {
        let key = miss.key.as_deref().unwrap_or_default();
        let (name, place) = (statement::name(deny), statement::place(deny));
        let words = format!("{name} ({place}) would deny it but for its condition on {key}");
        paragraph(4, FAINT, &words, layout, out)?;
    }
    Ok(())
}

/// What came near to letting the request through a gate, or that nothing did.
fn misses(
    indent: usize,
    check: &ExplainedCheck,
    gate: Gate,
    layout: Layout,
    out: &mut dyn Write,
) -> io::Result<()> {
    misses_at(indent, check, gate, layout, out)?;
    match gate {
        Gate::IdentityBased => other_side::near_misses(indent, check, layout, out),
        _ => Ok(()),
    }
}

fn misses_at(
    indent: usize,
    check: &ExplainedCheck,
    gate: Gate,
    layout: Layout,
    out: &mut dyn Write,
) -> io::Result<()> {
    let silent = silent_levels(check);
    let concerned: Vec<&ExplainedStatement> = check
        .statements
        .iter()
        .filter(|statement| {
            let counts = types_of(gate).contains(&statement.policy_type);
            let level = statement.target.as_deref();
            let is_silent =
                gate != Gate::ServiceControl || level.is_some_and(|level| silent.contains(&level));
            counts && is_silent && !statement.matches && statement.effect == Effect::Allow
        })
        .collect();
    let near = |about_action: bool| {
        let concerned = concerned.iter();
        concerned.filter_map(move |statement| {
            let miss = statement.near_miss()?;
            let is_action = matches!(miss.element, "Action" | "NotAction");
            let is_near = !is_action || speaks_of_service(miss, &check.action);
            (is_action == about_action && is_near).then_some((*statement, miss))
        })
    };
    let mut found: Vec<_> = near(false).collect();
    if found.is_empty() {
        found = near(true).collect();
    }
    if found.is_empty() {
        return nothing_near(indent, check, gate, &concerned, layout, out);
    }
    for (number, (statement, miss)) in found.into_iter().take(NEAR_MISSES).enumerate() {
        if number > 0 {
            writeln!(out)?;
        }
        statement::near_miss(indent, check, statement, miss, layout, out)?;
    }
    Ok(())
}

/// Whether a statement about other actions is at least about the same service, by name.
fn speaks_of_service(miss: &ElementReport, action: &str) -> bool {
    let Some((service, _)) = action.split_once(':') else { return false };
    let prefix = format!("{}:", service.to_ascii_lowercase());
    // A long list is one of a policy for everything.
    let is_short = miss.policy_values.len() <= 20;
    is_short && miss.policy_values.iter().any(|value| value.to_ascii_lowercase().starts_with(&prefix))
}

fn nothing_near(
    indent: usize,
    check: &ExplainedCheck,
    gate: Gate,
    statements: &[&ExplainedStatement],
    layout: Layout,
    out: &mut dyn Write,
) -> io::Result<()> {
    let none = match gate {
        Gate::IdentityBased => "The caller has no identity-based policy.",
        // The sentence of the gate has said it.
        _ => "",
    };
    if !has_policies(check, gate) {
        return paragraph(indent, FAINT, none, layout, out);
    }
    if statements.is_empty() {
        return paragraph(indent, FAINT, "No statement there allows anything.", layout, out);
    }
    let places = || statements.chunk_by(|one, next| statement::are_in_one_place(one, next));
    for statements in places().take(NEAR_MISSES) {
        statement::elsewhere(indent, statements, layout, out)?;
    }
    match places().skip(NEAR_MISSES).flatten().count() {
        0 => Ok(()),
        more => paragraph(indent, FAINT, &format!("and {more} more about something else"), layout, out),
    }
}
