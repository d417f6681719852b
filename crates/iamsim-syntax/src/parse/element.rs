//! What elements share: their names, their pairs, and lists of text.

use super::{Reading, SYNTAX_ERRORS};
use crate::arn::is_account_id;
use crate::json::flat::{MemberRef, Members, NodeRef, ValueRef};
use crate::{Diagnostic, List, Sense, Span, Spanned, Text, code};

/// Names longer than this are not worth a suggestion.
const LONGEST_NAME: usize = 64;

/// The elements of a statement.
pub(super) const STATEMENT: [&str; 9] = [
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
];

/// The members of a statement, each by what it is: those with a negation beside it.
pub(super) struct Elements<'n> {
    pub(super) sid: Option<MemberRef<'n>>,
    pub(super) effect: Option<MemberRef<'n>>,
    pub(super) principal: Pair<'n>,
    pub(super) action: Pair<'n>,
    pub(super) resource: Pair<'n>,
    pub(super) condition: Option<MemberRef<'n>>,
    /// Whether there are others, too.
    pub(super) others: bool,
}

/// An element and its negation, such as `Action` and `NotAction`.
pub(super) type Pair<'n> = [Option<MemberRef<'n>>; 2];

impl<'n> Elements<'n> {
    /// Finds them all in one pass.
    pub(super) fn of(members: Members<'n>) -> Self {
        let (principal, action, resource) = ([None; 2], [None; 2], [None; 2]);
        let mut found =
            Self { sid: None, effect: None, principal, action, resource, condition: None, others: false };
        for member in members {
            let place = match member.key.value {
                "Sid" => &mut found.sid,
                "Effect" => &mut found.effect,
                "Principal" => &mut found.principal[0],
                "NotPrincipal" => &mut found.principal[1],
                "Action" => &mut found.action[0],
                "NotAction" => &mut found.action[1],
                "Resource" => &mut found.resource[0],
                "NotResource" => &mut found.resource[1],
                "Condition" => &mut found.condition,
                _ => {
                    found.others = true;
                    continue;
                }
            };
            *place = Some(member);
        }
        found
    }
}

impl Reading {
    /// Reports every member that is none of `known`; answers what the misspelt ones were meant to be.
    pub(super) fn unknown_elements(
        &mut self,
        members: Members<'_>,
        known: &'static [&'static str],
    ) -> Vec<&'static str> {
        let mut misspelt = Vec::new();
        for member in members {
            let name = member.key.value;
            if known.contains(&name) {
                continue;
            }
            let place = if known.contains(&"Effect") { "a statement" } else { "a policy" };
            let message = format!("{place} has no element `{}`", name.escape_debug());
            let diagnostic = Diagnostic::error(code::INVALID_POLICY_ELEMENT, member.key.span, message)
                .with_aws_message(SYNTAX_ERRORS);
            let meant = nearest(name, known.iter().copied());
            self.report(match meant {
                Some(meant) => diagnostic.with_help(format!("did you mean `{meant}`?")),
                None if STATEMENT.contains(&name) => {
                    diagnostic.with_help(format!("`{name}` belongs in a statement"))
                }
                None => diagnostic.with_help(format!("its elements are {}", listed(known))),
            });
            misspelt.extend(meant);
        }
        misspelt
    }

    /// Reads an element that is one text, if it is there.
    pub(super) fn text_element<'n>(
        &mut self,
        element: Option<MemberRef<'n>>,
        name: &str,
    ) -> Option<Spanned<&'n str>> {
        let node = element?.value;
        let text = node.as_str();
        if text.is_none() {
            self.wrong_type(node, &format!("`{name}`"), "a string");
        }
        Some(Spanned::new(text?, node.span()))
    }

    /// An element or its negation, such as `Action` or `NotAction`. Only one of them may be there.
    pub(super) fn pair<'n>(
        &mut self,
        [listed, not_listed]: Pair<'n>,
        names: [&str; 2],
    ) -> Option<(Sense, MemberRef<'n>)> {
        if let (Some(listed), Some(not_listed)) = (listed, not_listed) {
            let (first, second) = if listed.key.span < not_listed.key.span {
                (listed, not_listed)
            } else {
                (not_listed, listed)
            };
            let message = format!("a statement cannot have both `{}` and `{}`", names[0], names[1]);
            let diagnostic =
                Diagnostic::error(code::UNSUPPORTED_ELEMENT_COMBINATION, second.key.span, message)
                    .with_related(first.key.span, "written here")
                    .with_help("delete one, or make two statements of it")
                    .with_aws_message(SYNTAX_ERRORS);
            self.report(diagnostic);
        }
        let listed = listed.map(|member| (Sense::Listed, member));
        listed.or(not_listed.map(|member| (Sense::NotListed, member)))
    }

    /// A text, or an array of texts. `null`s in the array are passed over where `nulls` says so.
    pub(super) fn texts(&mut self, element: MemberRef<'_>, nulls: Nulls) -> List<Spanned<Text>> {
        match element.value.value() {
            ValueRef::String(text) => List::one(own(text, element.value.span())),
            ValueRef::Array(items) => {
                let mut texts = Vec::with_capacity(items.most());
                for item in items {
                    if let Some(text) = item.as_str() {
                        texts.push(own(text, item.span()));
                    } else if nulls == Nulls::Refused || !matches!(item.value(), ValueRef::Null) {
                        self.wrong_type(item, &format!("an item of `{}`", element.key.value), "a string");
                    }
                }
                texts.into()
            }
            _ => {
                let name = format!("`{}`", element.key.value);
                self.wrong_type(element.value, &name, "a string or an array of strings");
                List::default()
            }
        }
    }

    /// Reports that `what` should be `wanted`.
    pub(super) fn wrong_type(&mut self, node: NodeRef<'_>, what: &str, wanted: &str) {
        let message = format!("{what} must be {wanted}, not {}", node.kind());
        let diagnostic =
            Diagnostic::error(code::DATA_TYPE_MISMATCH, node.span(), message).with_aws_message(SYNTAX_ERRORS);
        self.report(match node.value() {
            ValueRef::Number(digits) if is_account_id(digits) => {
                diagnostic.with_help(format!("an account id is text: write `\"{digits}\"`"))
            }
            _ => diagnostic,
        });
    }
}

/// A copy of a text for the policy.
pub(super) fn own(text: &str, span: Span) -> Spanned<Text> {
    Spanned::new(text.into(), span)
}

/// What `null` means in an array of texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Nulls {
    Refused,
    Skipped,
}

/// The candidate that `text` was probably meant to be.
pub(super) fn nearest<'c>(text: &str, candidates: impl Iterator<Item = &'c str>) -> Option<&'c str> {
    if text.len() > LONGEST_NAME {
        return None;
    }
    let lower = text.to_lowercase();
    let distance = |candidate: &str| strsim::damerau_levenshtein(&lower, &candidate.to_lowercase());
    let (candidate, distance) =
        candidates.map(|candidate| (candidate, distance(candidate))).min_by_key(|near| near.1)?;
    let close = distance <= 2.min(candidate.len() / 3).max(candidate.len() / 5);
    close.then_some(candidate)
}

/// `` `A`, `B` and `C` ``
pub(super) fn listed(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => String::new(),
    }
}

/// The phrase with its indefinite article.
pub(super) fn article(phrase: &str) -> String {
    let article = if phrase.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {phrase}")
}
