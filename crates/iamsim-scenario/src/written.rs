//! Statements as they are written: the text of each element and its place.

use std::collections::BTreeMap;
use std::sync::Arc;

use iamsim_engine::{Key, Policy, RequestContext, Statement, ValueRef};
use iamsim_syntax::json::{Member, Node, Value};
use iamsim_syntax::variable::{Piece, pieces};
use iamsim_syntax::{Span, parse_node};

use crate::library::{IN_PLACE, Library, read_tree};
use crate::source::Source;

/// The texts that policies were read from, each read once more.
pub(crate) struct Texts<'l> {
    library: &'l Library,
    /// The text that policies in place stand in; empty when that is not known.
    here: Arc<Source>,
    read: BTreeMap<u32, Text>,
}

struct Text {
    source: Arc<Source>,
    tree: Option<Node>,
}

/// A statement as it is written.
pub(crate) struct Written<'t> {
    statement: &'t Node,
    /// Whether the policy's version knows policy variables.
    has_variables: bool,
}

/// An element as it is written.
pub(crate) struct WrittenElement {
    /// `Action` or `NotAction`, …
    pub(crate) name: &'static str,
    /// Its values.
    pub(crate) values: Vec<String>,
    /// The values with policy variables replaced by what they stand for; empty when there are none.
    pub(crate) resolved: Vec<String>,
    /// Where the values stand.
    pub(crate) span: Span,
}

impl<'l> Texts<'l> {
    pub(crate) fn new(library: &'l Library) -> Self {
        Self::with(library, Arc::new(Source::new("", "")))
    }

    /// `here` is the text that policies in place stand in.
    pub(crate) fn with(library: &'l Library, here: Arc<Source>) -> Self {
        Self { library, here, read: BTreeMap::new() }
    }

    /// The text of a policy; an empty one when it came from nowhere that is known, as an inline session policy does.
    pub(crate) fn source(&mut self, policy: &Policy) -> Arc<Source> {
        Arc::clone(&self.text(policy).source)
    }

    pub(crate) fn statement(&mut self, policy: &Policy, statement: &Statement) -> Option<Written<'_>> {
        let tree = self.text(policy).tree.as_ref()?;
        find_statement(tree, statement.span())
    }

    /// The document a policy was compiled from; `None` when its text is not at hand.
    pub(crate) fn document(&mut self, policy: &Policy) -> Option<iamsim_syntax::Policy> {
        let within = policy.statements().first()?.span();
        let tree = self.text(policy).tree.as_ref()?;
        parse_node(find_document(tree, within)?, policy.policy_type()).0
    }

    fn text(&mut self, policy: &Policy) -> &Text {
        let number = policy.source();
        let (library, here) = (self.library, &self.here);
        self.read.entry(number).or_insert_with(|| match number {
            IN_PLACE if here.text().is_empty() => Text { source: Arc::clone(here), tree: None },
            _ => {
                let source = library.source(number, here);
                let (tree, _) = read_tree(&source);
                Text { source, tree }
            }
        })
    }
}

/// The innermost object with statements around a place.
fn find_document(tree: &Node, within: Span) -> Option<&Node> {
    let mut node = tree;
    let mut found = None;
    loop {
        if node.member("Statement").is_some() {
            found = Some(node);
        }
        let holds = |child: &&Node| child.span.start <= within.start && within.end <= child.span.end;
        let inner = match &node.value {
            Value::Array(items) => items.iter().find(holds),
            Value::Object(members) => members.iter().map(|member| &member.value).find(holds),
            _ => None,
        };
        match inner {
            Some(inner) => node = inner,
            None => return found,
        }
    }
}

fn find_statement(tree: &Node, span: Span) -> Option<Written<'_>> {
    let mut node = tree;
    let mut has_variables = false;
    loop {
        if node.span == span && node.member("Effect").is_some() {
            return Some(Written { statement: node, has_variables });
        }
        if node.member("Statement").is_some() {
            let version = node.member("Version").and_then(|version| version.value.as_str());
            has_variables = version == Some("2012-10-17");
        }
        let holds = |child: &&Node| child.span.start <= span.start && span.end <= child.span.end;
        node = match &node.value {
            Value::Array(items) => items.iter().find(holds)?,
            Value::Object(members) => members.iter().map(|member| &member.value).find(holds)?,
            _ => return None,
        };
    }
}

impl Written<'_> {
    /// `Action`, `Resource` or `Principal`, or the same with `Not` before.
    pub(crate) fn element(
        &self,
        name: &'static str,
        negated: &'static str,
        context: &RequestContext<'_>,
    ) -> Option<WrittenElement> {
        let listed = self.statement.member(name).map(|member| (name, member));
        let (name, member) =
            listed.or_else(|| self.statement.member(negated).map(|member| (negated, member)))?;
        Some(self.written(name, &member.value, context))
    }

    /// The clause of `Condition` that stands at `span`.
    pub(crate) fn condition(&self, span: Span, context: &RequestContext<'_>) -> Option<WrittenElement> {
        let Value::Object(operators) = &self.statement.member("Condition")?.value.value else { return None };
        let clauses = operators.iter().flat_map(|operator| match &operator.value.value {
            Value::Object(keys) => keys.as_slice(),
            _ => &[],
        });
        let clause = clauses.into_iter().find(|clause: &&Member| clause.key.span.start == span.start)?;
        let written = self.written("Condition", &clause.value, context);
        Some(WrittenElement { span: clause.key.span.to(clause.value.span), ..written })
    }

    fn written(&self, name: &'static str, node: &Node, context: &RequestContext<'_>) -> WrittenElement {
        let mut values = Vec::new();
        collect(node, &mut values);
        let is_replaced = self.has_variables && values.iter().any(|value| value.contains("${"));
        let resolved = if is_replaced {
            values.iter().map(|value| resolve(value, context)).collect()
        } else {
            Vec::new()
        };
        WrittenElement { name, values, resolved, span: node.span }
    }
}

/// The texts in a value: itself, the items of a list, and under `Principal` the lists of each kind.
fn collect(node: &Node, values: &mut Vec<String>) {
    match &node.value {
        Value::String(text) | Value::Number(text) => values.push(text.to_string()),
        Value::Bool(value) => values.push(value.to_string()),
        Value::Null => {}
        Value::Array(items) => items.iter().for_each(|item| collect(item, values)),
        Value::Object(members) => members.iter().for_each(|member| collect(&member.value, values)),
    }
}

/// A text with its policy variables replaced. One that has no value stays as it is: it matches nothing.
fn resolve(text: &str, context: &RequestContext<'_>) -> String {
    let mut resolved = String::with_capacity(text.len());
    for (range, piece) in pieces(text) {
        let written = text.get(range).unwrap_or_default();
        match piece {
            Piece::Text(text) => resolved.push_str(text),
            Piece::Variable { key, default } => match context.lookup(&Key::new(key)) {
                Some(ValueRef::One(value)) => resolved.push_str(value),
                Some(ValueRef::Many(_)) => resolved.push_str(written),
                None => resolved.push_str(default.unwrap_or(written)),
            },
            // `${*}` is a plain character, which must not be taken for a wildcard.
            Piece::Literal(_) | Piece::Malformed(..) => resolved.push_str(written),
        }
    }
    resolved
}
