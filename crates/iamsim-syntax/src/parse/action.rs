//! `Action` and `NotAction`.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html>

use super::element::{Nulls, Pair};
use super::{Reading, aws};
use crate::arn::split_at;
use crate::scan::first_of;
use crate::{ActionElement, Diagnostic, PolicyType, Sense, Span, Spanned, Text, code};

/// What a role trust policy can allow beside `sts:AssumeRole…`.
const ASSUMING: [&str; 6] = [
    "AssumeRole",
    "AssumeRoleWithSAML",
    "AssumeRoleWithWebIdentity",
    "SetSourceIdentity",
    "TagSession",
    "SetContext",
];

impl Reading {
    pub(super) fn action(
        &mut self,
        statement: Span,
        elements: Pair<'_>,
        misspelt: &[&str],
    ) -> Option<ActionElement> {
        let names = ["Action", "NotAction"];
        let Some((sense, member)) = self.pair(elements, names) else {
            let message = "the statement has neither `Action` nor `NotAction`";
            let diagnostic = Diagnostic::error(code::MISSING_ACTION, statement, message)
                .with_help("add `\"Action\": \"service:Name\"`, or `\"*\"` for every action")
                .with_aws_message(aws::NO_ACTIONS);
            self.missing(statement, misspelt, &names, diagnostic);
            return None;
        };
        let before = self.diagnostics.len();
        let patterns = self.texts(member, Nulls::Refused);
        if patterns.is_empty() && self.diagnostics.len() == before {
            let message = format!("`{}` lists no action", member.key.value);
            let diagnostic = Diagnostic::error(code::EMPTY_ARRAY_ACTION, member.value.span(), message)
                .with_help("list at least one, or delete the statement")
                .with_aws_message(aws::NO_ACTIONS);
            self.report(diagnostic);
        }
        for pattern in &patterns {
            if let Some(fault) = fault(&pattern.value) {
                self.report(fault.diagnostic(pattern));
            } else if self.policy_type == PolicyType::RoleTrust && sense == Sense::Listed {
                self.trust_action(pattern);
            }
        }
        if self.policy_type == PolicyType::ResourceControl && sense == Sense::NotListed {
            let message = "a resource control policy cannot have `NotAction`";
            let diagnostic = Diagnostic::error(code::RCP_SYNTAX_ERROR_NOTACTION, member.key.span, message);
            self.report(diagnostic.with_help("list the actions to deny in `Action`"));
        }
        Some(ActionElement { sense, patterns, span: member.value.span() })
    }

    /// Every action of a resource control policy is of one service.
    pub(super) fn resource_control_actions(&mut self, action: &ActionElement) {
        for pattern in &action.patterns {
            let service = pattern.value.split(':').next().unwrap_or_default();
            if service.contains('*') {
                let message = format!("a resource control policy cannot deny `{}`", pattern.value);
                let diagnostic = Diagnostic::error(code::RCP_SYNTAX_ERROR_ACTION, pattern.span, message);
                self.report(diagnostic.with_help("name the service, as in `s3:*`"));
            }
        }
    }

    fn trust_action(&mut self, pattern: &Spanned<Text>) {
        let name = match pattern.value.split_once(':') {
            Some((service, name)) if service.eq_ignore_ascii_case("sts") => name,
            _ => "",
        };
        if ASSUMING.iter().any(|action| matches_ignoring_case(name.as_bytes(), action.as_bytes())) {
            return;
        }
        let message =
            format!("a role trust policy cannot have the action `{}`", pattern.value.escape_debug());
        let diagnostic = Diagnostic::error(
            code::ROLE_TRUST_POLICY_SYNTAX_ERROR_ACTION,
            pattern.span,
            message,
        )
        .with_help(
            "it can have `sts:AssumeRole`, `sts:AssumeRoleWithSAML`, `sts:AssumeRoleWithWebIdentity`, \
                 `sts:SetSourceIdentity`, `sts:TagSession` and `sts:SetContext`; what the role may do is \
                 for its permissions policies to say",
        )
        .with_aws_message(aws::TRUST_ACTIONS);
        self.report(diagnostic);
    }
}

/// Why a text is no action.
enum Fault<'p> {
    NoService,
    ManyColons,
    Service(&'p str),
}

impl Fault<'_> {
    fn diagnostic(&self, pattern: &Spanned<Text>) -> Diagnostic {
        let text = pattern.value.escape_debug();
        let (message, help, aws) = match self {
            Self::NoService => (
                format!("the action `{text}` names no service"),
                "an action is `service:Name`, or `*` alone",
                aws::NO_VENDOR.to_owned(),
            ),
            Self::ManyColons => (
                format!("the action `{text}` has more than one colon"),
                "write one action in each string of the list",
                aws::ONE_COLON.to_owned(),
            ),
            Self::Service("") => (
                format!("the action `{text}` names no service"),
                "an action is `service:Name`, or `*` alone",
                aws::vendor(""),
            ),
            Self::Service(service) => (
                format!("`{}` in `{text}` cannot be the prefix of a service", service.escape_debug()),
                "a prefix has letters, digits, `-` and `.`, and may have the wildcard `*`",
                aws::vendor(service),
            ),
        };
        Diagnostic::error(code::INVALID_ACTION_FORMAT, pattern.span, message)
            .with_help(help)
            .with_aws_message(aws)
    }
}

fn fault(pattern: &str) -> Option<Fault<'_>> {
    if pattern == "*" || has_form_of_action(pattern.as_bytes()) {
        return None;
    }
    let Some((service, name)) = split_at(pattern, b':') else { return Some(Fault::NoService) };
    Some(if name.contains(':') { Fault::ManyColons } else { Fault::Service(service) })
}

/// AWS stores whatever has it: a prefix, in which any `*` may be, one colon and a name, spaces included.
fn has_form_of_action(pattern: &[u8]) -> bool {
    let prefix = pattern.iter().take_while(|byte| IN_PREFIX[usize::from(**byte)]).count();
    let Some((b':', name)) = pattern.get(prefix..).and_then(<[u8]>::split_first) else { return false };
    prefix > 0 && first_of([b':'], name).is_none()
}

/// Which bytes the prefix of a service may have.
const IN_PREFIX: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < table.len() {
        let character = byte as u8;
        table[byte] = character.is_ascii_alphanumeric() || matches!(character, b'-' | b'.' | b'*');
        byte += 1;
    }
    table
};

/// Whether `pattern`, with `*` and `?`, matches all of `text`. Only the last `*` is ever tried again.
fn matches_ignoring_case(pattern: &[u8], text: &[u8]) -> bool {
    let (mut p, mut t) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    loop {
        match (pattern.get(p), text.get(t)) {
            (None, None) => return true,
            (Some(b'*'), _) => {
                retry = Some((p + 1, t));
                p += 1;
                continue;
            }
            (Some(b'?'), Some(_)) => {
                (p, t) = (p + 1, t + 1);
                continue;
            }
            (Some(wanted), Some(found)) if wanted.eq_ignore_ascii_case(found) => {
                (p, t) = (p + 1, t + 1);
                continue;
            }
            _ => {}
        }
        match retry {
            Some((after_star, from)) if from < text.len() => {
                retry = Some((after_star, from + 1));
                (p, t) = (after_star, from + 1);
            }
            _ => return false,
        }
    }
}
