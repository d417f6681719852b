//! The way through AWS's flow chart: what each gate did, and the statements that moved it.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html>

use std::io::{self, Write};

use anstyle::Style;
use iamsim_engine::{CredentialLimit, DecidedBy, Gate, Grant, Passage, ServiceRule};
use iamsim_scenario::ask::{ElementReport, ExplainedCheck, ExplainedStatement, GateReport, Relation};
use iamsim_syntax::{Effect, PolicyType};

use super::statement;
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

/// The gates in order, those never reached at the end.
pub(super) fn walk(check: &ExplainedCheck, layout: Layout, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}", Painted(HEADING, "The way through AWS's gates"))?;
    for report in &check.gates {
        gate(check, *report, layout, out)?;
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
    // Every call but two or three comes to this gate and is not concerned.
    if gate == Gate::NoPermissionNeeded && passage == Passage::NotApplicable {
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

fn title(check: &ExplainedCheck, gate: Gate) -> &'static str {
    match gate {
        Gate::NoPermissionNeeded => "No permission needed",
        Gate::ExplicitDeny => "Explicit deny",
        Gate::CredentialLimits => "Kind of credentials",
        Gate::ServiceRules => "Rules of the service",
        Gate::ResourceControl => "Resource control policies",
        Gate::ServiceControl => "Service control policies",
        Gate::VpcEndpoint => "VPC endpoint policy",
        Gate::ResourceBased if is_about_a_role(check) => "Role trust policy",
        Gate::ResourceBased => "Resource-based policy",
        Gate::IdentityBased => "Identity-based policies",
        Gate::PermissionsBoundary => "Permissions boundary",
        Gate::Session => "Session policies",
    }
}

fn sentence(check: &ExplainedCheck, report: GateReport) -> String {
    let GateReport { gate, passage } = report;
    let shut = passage == Passage::Shut;
    match gate {
        Gate::NoPermissionNeeded => "AWS lets anyone make this call".to_owned(),
        Gate::ExplicitDeny => explicit_deny(check, shut),
        Gate::CredentialLimits => match check.decision.decided_by {
            DecidedBy::CredentialLimit(limit) => credential_limit(limit).to_owned(),
            _ => "credentials of this kind may make the call".to_owned(),
        },
        Gate::ServiceRules => match check.decision.decided_by {
            DecidedBy::ServiceRule(rule) => service_rule(rule).to_owned(),
            _ => "none forbids the call".to_owned(),
        },
        Gate::ResourceControl => match passage {
            Passage::NotApplicable if has_key(check, "aws:ResourceOrgID") => {
                "they do not reach this service, or this caller".to_owned()
            }
            Passage::NotApplicable => "the resource's account is in no organization".to_owned(),
            _ => "they only deny, and none did".to_owned(),
        },
        Gate::ServiceControl => service_control(check, passage),
        Gate::VpcEndpoint => match passage {
            Passage::NotApplicable => "the request comes through no endpoint".to_owned(),
            Passage::Shut => {
                "the endpoint's policy must allow what passes through it, and it does not".to_owned()
            }
            Passage::Open | Passage::Allowed => "it lets the request through".to_owned(),
        },
        Gate::ResourceBased => resource_based(check, passage),
        Gate::IdentityBased => match passage {
            Passage::NotApplicable => "not needed; the caller is let in already".to_owned(),
            Passage::Shut => identity_shut(check),
            Passage::Open | Passage::Allowed => "they allow it".to_owned(),
        },
        Gate::PermissionsBoundary => match passage {
            Passage::NotApplicable => "the caller has none".to_owned(),
            Passage::Shut => "it is the most the caller can be granted, and it leaves this out".to_owned(),
            Passage::Open | Passage::Allowed => "this is within it".to_owned(),
        },
        Gate::Session => match passage {
            Passage::NotApplicable => "none were passed".to_owned(),
            Passage::Shut if !has_policies(check, gate) => {
                "a federated user has only what its session policies allow, and none were passed".to_owned()
            }
            Passage::Shut => {
                "the session has only what its session policies allow too, and they leave this out".to_owned()
            }
            Passage::Open | Passage::Allowed => "they allow it, too".to_owned(),
        },
    }
}

fn has_key(check: &ExplainedCheck, key: &str) -> bool {
    check.context.iter().any(|entry| entry.key.eq_ignore_ascii_case(key))
}

fn explicit_deny(check: &ExplainedCheck, shut: bool) -> String {
    if shut {
        return "one statement that denies outweighs every allow".to_owned();
    }
    match check.statements.iter().filter(|statement| statement.effect == Effect::Deny).count() {
        0 => "there is no statement that denies anything".to_owned(),
        1 => "the one statement that denies does not match".to_owned(),
        count => format!("{count} statements deny, but none of them this"),
    }
}

fn service_control(check: &ExplainedCheck, passage: Passage) -> String {
    match passage {
        Passage::NotApplicable => match &check.accounts.caller {
            None => "the caller has no account that they could bind".to_owned(),
            Some(_) if has_key(check, "aws:PrincipalOrgID") => {
                "they bind neither the management account nor service-linked roles".to_owned()
            }
            Some(account) => format!("{account} is in no organization"),
        },
        Passage::Shut => {
            let silent: Vec<_> = silent_levels(check).into_iter().map(|level| format!("`{level}`")).collect();
            let levels = silent.join(" and at ");
            format!("every level from the root to the account must allow, and at {levels} nothing does")
        }
        Passage::Open | Passage::Allowed => {
            let levels: Vec<_> = levels(check).collect();
            format!("every level allows it: {}", levels.join(", "))
        }
    }
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

fn identity_shut(check: &ExplainedCheck) -> String {
    let other = check.accounts.relation == Relation::OtherAccount;
    let granted = check
        .gates
        .iter()
        .any(|report| report.gate == Gate::ResourceBased && report.passage == Passage::Open);
    match (other, granted) {
        (true, true) => "the resource's side allows it, but across accounts the caller's own policies must too".to_owned(),
        (true, false) => "across accounts both sides must allow, and neither does".to_owned(),
        (false, true) => "the resource trusts the caller's account, which must allow it by policies of its own, and does not".to_owned(),
        (false, false) => "what no policy allows is denied".to_owned(),
    }
}

fn resource_based(check: &ExplainedCheck, passage: Passage) -> String {
    let none = !has_policies(check, Gate::ResourceBased);
    let relation = check.accounts.relation;
    let strongest = allows(check, Gate::ResourceBased).filter_map(|statement| statement.names_caller).max();
    let text = match (passage, relation) {
        (Passage::NotApplicable, Relation::OwnedByAws) => "what is AWS's own has none",
        (Passage::NotApplicable, Relation::OtherAccount) if none => {
            "there is none, and across accounts it must allow"
        }
        (Passage::NotApplicable, Relation::OtherAccount) => {
            "it does not allow this, and across accounts it must"
        }
        (Passage::NotApplicable, _) if none => "there is none; within one account none is needed",
        (Passage::NotApplicable, _) => {
            "it does not allow this; within one account the caller's own policies may"
        }
        (Passage::Allowed, Relation::SameAccount) if strongest == Some(Grant::Direct) => {
            "it names the caller itself, or everyone; within one account that is enough"
        }
        (Passage::Allowed, _) if strongest.is_none() => "a grant or an ACL lets the caller in",
        (Passage::Allowed, _) => "it allows the caller, who needs nothing else",
        (Passage::Open, Relation::OtherAccount) => "it allows the caller; the caller's own account must, too",
        (Passage::Open, _) => match strongest {
            Some(Grant::Role) => {
                "it names the caller's role; a boundary and session policies still limit that"
            }
            Some(Grant::FederatedUsersParent) => {
                "it names the user whose session this is; a boundary and session policies still limit that"
            }
            Some(Grant::Account) => {
                "it names the caller's account, which must then allow it by policies of its own"
            }
            Some(Grant::Direct) => "it names the caller itself",
            None => "something other than a policy shares the resource with the caller's account",
        },
        (Passage::Shut, _) if is_about_a_role(check) && none => {
            "only its trust policy says who may assume a role, and there is none"
        }
        (Passage::Shut, _) if is_about_a_role(check) => {
            "only its trust policy says who may assume a role, and it does not allow this"
        }
        (Passage::Shut, Relation::NoAccount) => {
            "nothing else can allow a caller without an account, and it does not"
        }
        (Passage::Shut, Relation::OtherAccount) if none => {
            "across accounts the resource's own side must allow, and there is no such policy"
        }
        (Passage::Shut, Relation::OtherAccount) => {
            "across accounts the resource's own side must allow, and it does not"
        }
        (Passage::Shut, _) => {
            "nobody may use a KMS key whom its key policy does not let in, not even its own account"
        }
    };
    text.to_owned()
}

fn credential_limit(limit: CredentialLimit) -> &'static str {
    match limit {
        CredentialLimit::RootAssumesRole => "A root user cannot assume roles, whatever policies say.",
        CredentialLimit::FederatedUser => {
            "A federated user cannot call IAM, nor STS but for GetCallerIdentity, whatever policies say."
        }
        CredentialLimit::SessionTokenWithoutMfa => {
            "Credentials of GetSessionToken cannot call IAM unless they were got with MFA."
        }
        CredentialLimit::SessionTokenSts => {
            "Credentials of GetSessionToken can call only AssumeRole and GetCallerIdentity of STS."
        }
        CredentialLimit::NeedsLongTermCredentials => {
            "Only a user's or root user's own long-term credentials can make this call."
        }
    }
}

fn service_rule(rule: ServiceRule) -> &'static str {
    match rule {
        ServiceRule::ProtectedResource => "This belongs to AWS, and nobody else can change it.",
        ServiceRule::BucketPolicyOfAnotherAccount => {
            "Only the account that owns a bucket may read or change its bucket policy."
        }
        ServiceRule::BlockPublicPolicy => "S3 Block Public Access refuses bucket policies that are public.",
        ServiceRule::BlockPublicAcls => "S3 Block Public Access refuses ACLs that are public.",
        ServiceRule::SharedEncryptedSnapshot => {
            "A shared encrypted snapshot must be copied first, and the copy restored."
        }
    }
}

fn has_policies(check: &ExplainedCheck, gate: Gate) -> bool {
    check.policies.iter().any(|attached| types_of(gate).contains(&attached.policy_type))
}

fn allows(check: &ExplainedCheck, gate: Gate) -> impl Iterator<Item = &ExplainedStatement> {
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
    let silent = silent_levels(check);
    let concerned: Vec<&ExplainedStatement> = check
        .statements
        .iter()
        .filter(|statement| {
            let counts = types_of(gate).contains(&statement.policy_type);
            let level = statement.target.as_deref();
            let is_silent =
                gate != Gate::ServiceControl || level.is_some_and(|level| silent.contains(&level));
            counts && is_silent && statement.effect == Effect::Allow
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
    for statement in statements.iter().take(NEAR_MISSES) {
        statement::elsewhere(indent, statement, layout, out)?;
    }
    match statements.len().saturating_sub(NEAR_MISSES) {
        0 => Ok(()),
        more => paragraph(indent, FAINT, &format!("and {more} more about something else"), layout, out),
    }
}
