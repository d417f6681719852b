//! A JSON tree to a [`Policy`]: the elements of the document, and what all elements share.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html>

mod action;
mod aws;
mod condition;
mod condition_value;
mod element;
mod principal;
mod principal_id;
mod resource;
mod statement;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use crate::json::Node;
use crate::json::flat::{Flat, Members, NodeRef, ValueRef};
use crate::{Diagnostic, Policy, PolicyType, Span, Spanned, Statement, Text, Version, code};

/// What AWS says of everything that does not follow the grammar.
pub(crate) use aws::SYNTAX_ERRORS;

/// After this many errors nobody reads on.
pub(crate) const MOST_ERRORS: usize = 100;

/// Reads a policy document that is already a tree, such as one written in place in a YAML file. Answers
/// every error found; the policy only when there is none.
#[must_use]
pub fn parse_node(node: &Node, policy_type: PolicyType) -> (Option<Policy>, Vec<Diagnostic>) {
    parse_flat(&Flat::of(node), policy_type)
}

/// Reads a policy document whose JSON has been read.
pub(crate) fn parse_flat(document: &Flat<'_>, policy_type: PolicyType) -> (Option<Policy>, Vec<Diagnostic>) {
    let Some(root) = document.root() else { return (None, Vec::new()) };
    let mut reading = Reading { policy_type, version: Version::V2008, diagnostics: Vec::new() };
    let policy = reading.document(root).filter(|_| reading.diagnostics.is_empty());
    (policy, reading.diagnostics)
}

/// One reading of a document. Every finding here is an error, so that what is read of a faulty document
/// does not matter.
struct Reading {
    policy_type: PolicyType,
    version: Version,
    diagnostics: Vec<Diagnostic>,
}

impl Reading {
    fn report(&mut self, diagnostic: Diagnostic) {
        let span = diagnostic.span;
        match self.diagnostics.len() {
            0..MOST_ERRORS => self.diagnostics.push(diagnostic),
            MOST_ERRORS => {
                let message = "there are more errors than are shown here";
                self.diagnostics.push(Diagnostic::error(code::TOO_MANY_ERRORS, span, message));
            }
            _ => {}
        }
    }

    fn document(&mut self, node: NodeRef<'_>) -> Option<Policy> {
        let ValueRef::Object(members) = node.value() else {
            self.wrong_type(node, "a policy", "an object");
            return None;
        };
        let misspelt = self.unknown_elements(members, &["Version", "Id", "Statement"]);
        let version_span = self.version(node.span(), members);
        let id = self.text_element(members.named("Id"), "Id").map(|id| id.map(Text::from));
        let statements = match members.named("Statement") {
            Some(member) => self.statements(member.value),
            None => {
                if !misspelt.contains(&"Statement") {
                    let message = "the policy has no `Statement`";
                    let diagnostic =
                        Diagnostic::error(code::MISSING_STATEMENT, opening(node.span()), message)
                            .with_help("add `\"Statement\": [{…}]` with at least one statement")
                            .with_aws_message(SYNTAX_ERRORS);
                    self.report(diagnostic);
                }
                Vec::new()
            }
        };
        self.unique_sids(&statements);
        let Self { policy_type, version, .. } = *self;
        Some(Policy { policy_type, version, version_span, id, statements, span: node.span() })
    }

    /// Reads `Version`; answers where it stands.
    fn version(&mut self, document: Span, members: Members<'_>) -> Option<Span> {
        let element = members.named("Version");
        let written = self.text_element(element, "Version");
        match written.map(|version| version.value) {
            Some("2012-10-17") => self.version = Version::V2012,
            Some("2008-10-17") | None => {}
            Some(other) => {
                let message =
                    format!("there is no version `{}` of the policy language", other.escape_debug());
                let diagnostic = Diagnostic::error(code::INVALID_VERSION, span_of(&written), message)
                    .with_help(
                        "write \"2012-10-17\", whatever today's date; it names the language, not the policy",
                    )
                    .with_aws_message(SYNTAX_ERRORS);
                self.report(diagnostic);
                return None;
            }
        }
        let malformed = written.is_none() && element.is_some();
        if self.policy_type == PolicyType::PermissionsBoundary && self.version == Version::V2008 && !malformed
        {
            let span = if written.is_some() { span_of(&written) } else { opening(document) };
            let message = "a permissions boundary is a managed policy, which needs version 2012-10-17";
            let diagnostic = Diagnostic::error(code::MANAGED_POLICY_VERSION, span, message)
                .with_help("begin the policy with `\"Version\": \"2012-10-17\"`")
                .with_aws_message(aws::VERSION_2012);
            self.report(diagnostic);
        }
        written.map(|version| version.span)
    }

    fn statements(&mut self, node: NodeRef<'_>) -> Vec<Statement> {
        match node.value() {
            ValueRef::Object(_) => self.statement(node).into_iter().collect(),
            ValueRef::Array(items) if items.is_empty() => {
                let message = "the policy has no statements";
                let diagnostic = Diagnostic::error(code::EMPTY_ARRAY_STATEMENT, node.span(), message)
                    .with_help("a policy that grants nothing is better deleted or detached")
                    .with_aws_message(SYNTAX_ERRORS);
                self.report(diagnostic);
                Vec::new()
            }
            ValueRef::Array(items) => {
                let mut statements = Vec::with_capacity(items.count());
                statements.extend(items.filter_map(|item| self.statement(item)));
                statements
            }
            _ => {
                self.wrong_type(node, "`Statement`", "an object or an array of objects");
                Vec::new()
            }
        }
    }

    /// IAM and AWS Organizations want every `Sid` once; other services only recommend it.
    fn unique_sids(&mut self, statements: &[Statement]) {
        if self.policy_type.has_service_grammar() {
            return;
        }
        let sids = statements.iter().filter_map(|statement| statement.sid.as_ref());
        let sids = sids.filter(|sid| !sid.value.is_empty());
        if are_few_and_differ(sids.clone().map(|sid| &*sid.value)) {
            return;
        }
        let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
        for sid in sids {
            let Some(first) = seen.insert(&sid.value, sid.span) else { continue };
            let message = format!("two statements have the `Sid` `{}`", sid.value.escape_debug());
            let diagnostic = Diagnostic::error(code::UNIQUE_SIDS_REQUIRED, sid.span, message)
                .with_related(first, "written here before")
                .with_help("rename or delete one of them")
                .with_aws_message(aws::UNIQUE_SIDS);
            self.report(diagnostic);
        }
    }
}

/// Whether no text is among `texts` twice, as far as that is quickly said.
fn are_few_and_differ<'t>(texts: impl Iterator<Item = &'t str>) -> bool {
    /// Up to this many, comparing each with each is faster than sorting.
    const FEW: usize = 8;
    let mut seen = [""; FEW];
    for (count, text) in texts.enumerate() {
        if count == FEW || seen[..count].contains(&text) {
            return false;
        }
        seen[count] = text;
    }
    true
}

/// The first character of an object: where to point at what it lacks.
fn opening(span: Span) -> Span {
    Span::new(span.start, span.end.min(span.start.saturating_add(1)))
}

fn span_of<T>(written: &Option<Spanned<T>>) -> Span {
    written.as_ref().map(|written| written.span).unwrap_or_default()
}
