//! `Statement`: which elements it must and must not have, `Sid` and `Effect`.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_statement.html>

use super::element::{Elements, Pair};
use super::{Reading, SYNTAX_ERRORS, aws, element, opening};
use crate::json::flat::{MemberRef, NodeRef, ValueRef};
use crate::{
    ActionElement, Condition, Diagnostic, Effect, PolicyType, PrincipalElement, ResourceElement, Sense, Span,
    Spanned, Statement, Text, code,
};

impl Reading {
    pub(super) fn statement(&mut self, node: NodeRef<'_>) -> Option<Statement> {
        let ValueRef::Object(members) = node.value() else {
            self.wrong_type(node, "a statement", "an object");
            return None;
        };
        let found = Elements::of(members);
        let misspelt = match found.others {
            true => self.unknown_elements(members, &element::STATEMENT),
            false => Vec::new(),
        };
        let sid = self.sid(found.sid);
        let effect = self.effect(node.span(), found.effect, &misspelt);
        let principal = self.principal(node.span(), found.principal, &misspelt);
        let action = self.action(node.span(), found.action, &misspelt);
        let resource = self.resource(node.span(), found.resource, &misspelt);
        let conditions = found.condition.map_or_else(Vec::new, |member| self.conditions(member));
        let (effect, action) = (effect?, action?);
        if self.policy_type == PolicyType::ResourceControl {
            self.resource_control(effect, &action, resource.as_ref(), &conditions);
        }
        Some(Statement { sid, effect, principal, action, resource, conditions, span: node.span() })
    }

    /// Reports that a required element is missing, unless a misspelt one was meant to be it.
    pub(super) fn missing(&mut self, statement: Span, misspelt: &[&str], names: &[&str], report: Diagnostic) {
        if names.iter().any(|name| misspelt.contains(name)) {
            return;
        }
        self.report(Diagnostic { span: opening(statement), ..report });
    }

    fn sid(&mut self, element: Option<MemberRef<'_>>) -> Option<Spanned<Text>> {
        let sid = self.text_element(element, "Sid")?;
        let plain = sid.value.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !plain && !self.policy_type.has_service_grammar() {
            let message = format!(
                "the `Sid` `{}` has characters other than letters and digits",
                sid.value.escape_debug()
            );
            let plain: String = sid.value.chars().filter(char::is_ascii_alphanumeric).collect();
            let diagnostic = Diagnostic::error(code::UNSUPPORTED_SID, sid.span, message);
            self.report(diagnostic.with_help(format!("write `{plain}`")));
        }
        Some(sid.map(Text::from))
    }

    fn effect(
        &mut self,
        statement: Span,
        element: Option<MemberRef<'_>>,
        misspelt: &[&str],
    ) -> Option<Spanned<Effect>> {
        if element.is_none() {
            let diagnostic =
                Diagnostic::error(code::MISSING_EFFECT, statement, "the statement has no `Effect`")
                    .with_help("add `\"Effect\": \"Allow\"` or `\"Effect\": \"Deny\"`")
                    .with_aws_message(SYNTAX_ERRORS);
            self.missing(statement, misspelt, &["Effect"], diagnostic);
            return None;
        }
        let text = self.text_element(element, "Effect")?;
        let effect = match text.value {
            "Allow" => Effect::Allow,
            "Deny" => Effect::Deny,
            other => {
                let message = format!("`Effect` is `Allow` or `Deny`, not `{}`", other.escape_debug());
                let cased = ["Allow", "Deny"].into_iter().find(|known| known.eq_ignore_ascii_case(other));
                let diagnostic = Diagnostic::error(code::INVALID_EFFECT, text.span, message);
                self.report(match cased {
                    Some(known) => diagnostic
                        .with_help(format!("write `{known}`: upper and lower case matter"))
                        .with_aws_message(aws::LEGACY_PARSING),
                    None => diagnostic.with_aws_message(SYNTAX_ERRORS),
                });
                return None;
            }
        };
        Some(Spanned::new(effect, text.span))
    }

    /// A customer's resource control policies only deny. The one that allows is AWS's own, which allows
    /// everything: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html>
    fn resource_control(
        &mut self,
        effect: Spanned<Effect>,
        action: &ActionElement,
        resource: Option<&ResourceElement>,
        conditions: &[Condition],
    ) {
        if effect.value == Effect::Deny {
            self.resource_control_actions(action);
            return;
        }
        let all = |patterns: &[Spanned<Text>]| matches!(patterns, [only] if &*only.value == "*");
        let all_actions = action.sense == Sense::Listed && all(&action.patterns);
        let all_resources =
            resource.is_some_and(|resource| resource.sense == Sense::Listed && all(&resource.patterns));
        if all_actions && all_resources && conditions.is_empty() {
            return;
        }
        let message = "a resource control policy cannot allow anything but everything";
        let diagnostic = Diagnostic::error(code::RCP_SYNTAX_ERROR_ALLOW, effect.span, message);
        self.report(diagnostic.with_help(
            "write `Deny`; `RCPFullAWSAccess`, which is always attached, allows what no statement denies",
        ));
    }
}

/// The statement has no principal where its type needs one, and has one where its type forbids it.
impl Reading {
    pub(super) fn principal(
        &mut self,
        statement: Span,
        elements: Pair<'_>,
        misspelt: &[&str],
    ) -> Option<PrincipalElement> {
        let element = self.pair(elements, ["Principal", "NotPrincipal"]);
        let phrase = || element::article(self.policy_type.phrase());
        let Some((sense, member)) = element else {
            if self.has_principals() {
                let message = format!("a statement of {} needs a `Principal`", phrase());
                let diagnostic = Diagnostic::error(code::MISSING_PRINCIPAL, statement, message).with_help(
                    match self.policy_type {
                        PolicyType::ResourceControl | PolicyType::VpcEndpoint => {
                            "write `\"Principal\": \"*\"` for everyone"
                        }
                        _ => "say who: `\"Principal\": {\"AWS\": \"111122223333\"}` for an account",
                    },
                );
                let diagnostic = match self.policy_type {
                    PolicyType::ResourceBased => diagnostic.with_aws_message(aws::PRINCIPAL_REQUIRED),
                    _ => diagnostic,
                };
                self.missing(statement, misspelt, &["Principal", "NotPrincipal"], diagnostic);
            }
            return None;
        };
        if self.has_principals() {
            return self.principal_element(sense, member);
        }
        let name = &member.key.value;
        let diagnostic = match self.policy_type {
            PolicyType::ServiceControl => {
                let message = format!("a service control policy cannot have a `{name}`");
                Diagnostic::error(code::SCP_SYNTAX_ERROR_PRINCIPAL, member.key.span, message)
                    .with_help("delete it; test `aws:PrincipalArn` in a `Condition` instead")
            }
            _ => {
                let message = format!("a statement of {} cannot have a `{name}`", phrase());
                Diagnostic::error(code::UNSUPPORTED_PRINCIPAL, member.key.span, message)
                    .with_help("delete it: the policy speaks for whom it is attached to")
                    .with_aws_message(aws::NO_PRINCIPAL_ALLOWED)
            }
        };
        self.report(diagnostic);
        None
    }

    /// Whether statements of the policy type say whom they are about.
    fn has_principals(&self) -> bool {
        match self.policy_type {
            PolicyType::ResourceBased
            | PolicyType::RoleTrust
            | PolicyType::ResourceControl
            | PolicyType::VpcEndpoint => true,
            PolicyType::IdentityBased
            | PolicyType::PermissionsBoundary
            | PolicyType::Session
            | PolicyType::ServiceControl => false,
        }
    }
}
