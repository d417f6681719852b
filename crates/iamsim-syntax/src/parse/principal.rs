//! `Principal` and `NotPrincipal`: `"*"`, or lists of principals under the kind they are of.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html>

use super::element::{Nulls, article, listed, nearest};
use super::{Reading, SYNTAX_ERRORS, aws, principal_id};
use crate::json::flat::{MemberRef, ValueRef};
use crate::{Diagnostic, PolicyType, Principal, PrincipalElement, Sense, Span, Spanned, Text, code};

const KEYS: [&str; 4] = ["AWS", "Federated", "Service", "CanonicalUser"];

impl Reading {
    pub(super) fn principal_element(
        &mut self,
        sense: Sense,
        member: MemberRef<'_>,
    ) -> Option<PrincipalElement> {
        match (self.policy_type, sense) {
            (PolicyType::ResourceControl, _) => return self.resource_control_principal(sense, member),
            (PolicyType::RoleTrust, Sense::NotListed) => {
                let message = "a role trust policy cannot have `NotPrincipal`";
                let diagnostic = Diagnostic::error(
                    code::ROLE_TRUST_POLICY_SYNTAX_ERROR_NOTPRINCIPAL,
                    member.key.span,
                    message,
                );
                self.report(diagnostic.with_help("list who may assume the role in `Principal`"));
                return None;
            }
            _ => {}
        }
        let span = member.value.span();
        let principals = match member.value.value() {
            ValueRef::String("*") => {
                if self.policy_type == PolicyType::RoleTrust {
                    self.report(trust_wildcard(span).with_aws_message(aws::TRUST_STAR));
                }
                vec![Spanned::new(Principal::Everyone, span)]
            }
            ValueRef::Object(kinds) => kinds.flat_map(|kind| self.principals(kind)).collect(),
            _ => {
                self.report(format(member));
                return None;
            }
        };
        Some(PrincipalElement { sense, principals, span })
    }

    /// A resource control policy is about everyone: `"*"` or `{"AWS": "*"}`, and no list.
    fn resource_control_principal(
        &mut self,
        sense: Sense,
        member: MemberRef<'_>,
    ) -> Option<PrincipalElement> {
        let text = match member.value.value() {
            ValueRef::Object(mut kinds) => match (kinds.next(), kinds.next()) {
                (Some(kind), None) if kind.key.value == "AWS" => kind.value.as_str(),
                _ => None,
            },
            _ => member.value.as_str(),
        };
        let span = member.value.span();
        if text == Some("*") && sense == Sense::Listed {
            let principals = vec![Spanned::new(Principal::Everyone, span)];
            return Some(PrincipalElement { sense, principals, span });
        }
        let message = "the principal of a resource control policy is everyone";
        let diagnostic =
            Diagnostic::error(code::RCP_SYNTAX_ERROR_PRINCIPAL, member.key.span.to(span), message);
        self.report(diagnostic.with_help(
            "write `\"Principal\": \"*\"`, and spare some with a `Condition` on `aws:PrincipalArn` or the like",
        ));
        None
    }

    /// The principals of one kind.
    fn principals(&mut self, kind: MemberRef<'_>) -> Vec<Spanned<Principal>> {
        let key = kind.key.value;
        if !KEYS.contains(&key) {
            let message = format!("there is no kind of principal `{}`", key.escape_debug());
            let help = match nearest(key, KEYS.into_iter()) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => format!("the kinds are {}", listed(&KEYS)),
            };
            let diagnostic = Diagnostic::error(code::INVALID_PRINCIPAL_KEY, kind.key.span, message);
            self.report(diagnostic.with_help(help).with_aws_message(SYNTAX_ERRORS));
            return Vec::new();
        }
        if key == "Federated" && self.policy_type != PolicyType::RoleTrust {
            let message = format!("{} cannot name a federated principal", article(self.policy_type.phrase()));
            let diagnostic =
                Diagnostic::error(code::FEDERATED_PRINCIPAL_NOT_SUPPORTED, kind.key.span, message);
            self.report(diagnostic.with_help(
                "name the role that federated users assume; only its trust policy names the identity provider",
            ));
            return Vec::new();
        }
        let texts = self.texts(kind, Nulls::Refused);
        texts.iter().filter_map(|text| self.one_principal(key, text)).collect()
    }

    fn one_principal(&mut self, key: &str, text: &Spanned<Text>) -> Option<Spanned<Principal>> {
        let read = match key {
            "AWS" => principal_id::aws(&text.value),
            "Service" => principal_id::service(&text.value),
            "Federated" if &*text.value == "*" => {
                self.report(trust_wildcard(text.span));
                return None;
            }
            "Federated" => principal_id::federated(&text.value),
            _ => principal_id::canonical_user(&text.value),
        };
        match read {
            Ok(principal) => Some(Spanned::new(principal, text.span)),
            Err(fault) => {
                self.report(
                    fault.diagnostic(text).with_aws_message(aws::invalid_principal(key, &text.value)),
                );
                None
            }
        }
    }
}

fn trust_wildcard(span: Span) -> Diagnostic {
    let message = "a role trust policy cannot trust everyone like this";
    Diagnostic::error(code::ROLE_TRUST_POLICY_UNSUPPORTED_WILDCARD, span, message).with_help(
        "name the accounts, roles, services or identity providers to trust; everyone with an AWS account is \
         `{\"AWS\": \"*\"}`",
    )
}

/// The element is neither `"*"` nor an object.
fn format(member: MemberRef<'_>) -> Diagnostic {
    let name = &member.key.value;
    let message = format!(
        "`{name}` must be `\"*\"` or an object such as `{{\"AWS\": …}}`, not {}",
        member.value.kind()
    );
    let help = match member.value.as_str() {
        Some(text) if principal_id::service(text).is_ok() => format!("write `{{\"Service\": \"{text}\"}}`"),
        Some(text) => format!("write `{{\"AWS\": \"{}\"}}`", text.escape_debug()),
        None => format!("put the list under its kind: `\"{name}\": {{\"AWS\": […]}}`"),
    };
    Diagnostic::error(code::INVALID_PRINCIPAL_FORMAT, member.value.span(), message)
        .with_help(help)
        .with_aws_message(SYNTAX_ERRORS)
}
