//! The policy under judgement together with the text it was read from.

use std::cell::{Cell, OnceCell};
use std::ops::Range;

use iamsim_syntax::json::{self, Node};
use iamsim_syntax::variable::{self, Piece};
use iamsim_syntax::{
    Comparison, Condition, ConditionOperator, Effect, Polarity, Policy, PolicyType, Qualifier, Span, Spanned,
    Statement, Text, Version,
};

use crate::named::{self, NamedCondition, NamedStatement};

/// A policy and its text.
pub(crate) struct Document<'a> {
    pub(crate) policy: &'a Policy,
    /// The text of the policy alone, without what stands around it.
    pub(crate) text: &'a str,
    pub(crate) variables: Variables,
    /// The statements and what they name.
    pub(crate) statements: Vec<NamedStatement<'a>>,
    /// The text as a JSON tree, for what the typed policy no longer shows; `None` when the text is YAML. Its
    /// spans count from the start of the policy. Made when first asked for.
    tree: OnceCell<Option<Node>>,
    /// How many more names may be looked for that are like a misspelt one, which takes its time.
    suggestions: Cell<u32>,
}

/// Where a policy has variables.
#[derive(Clone, Copy)]
pub(crate) struct Variables {
    version: Version,
    /// Whether its text has the sign that begins one, or an escape that may stand for it, or does not have all that
    /// the policy says. Most have neither, and do.
    may_begin: bool,
}

/// As many as anyone would read.
const MOST_SUGGESTIONS: u32 = 100;

impl<'a> Document<'a> {
    pub(crate) fn new(policy: &'a Policy, whole_text: &'a str) -> Self {
        let text = whole_text.get(policy.span.range()).unwrap_or_default();
        let variables = Variables {
            version: policy.version,
            may_begin: memchr::memchr2(b'$', b'\\', text.as_bytes()).is_some() || reaches_out(policy),
        };
        Self {
            policy,
            text,
            variables,
            statements: named::statements(policy, variables),
            tree: OnceCell::new(),
            suggestions: Cell::new(MOST_SUGGESTIONS),
        }
    }

    pub(crate) fn allows(&self) -> impl Iterator<Item = &'a Statement> {
        self.policy.statements.iter().filter(|statement| statement.effect.value == Effect::Allow)
    }

    /// Every condition with its statement.
    pub(crate) fn conditions(&self) -> impl Iterator<Item = (&'a Statement, &NamedCondition<'a>)> {
        self.statements.iter().flat_map(|named| named.conditions.iter().map(|one| (named.statement, one)))
    }

    /// The `Condition` objects as written.
    pub(crate) fn condition_nodes(&self) -> Vec<&Node> {
        let tree = self.tree.get_or_init(|| json::parse(self.text).0);
        let statement = tree.as_ref().and_then(|tree| tree.member("Statement")).map(|found| &found.value);
        let statements = match statement {
            Some(Node { value: json::Value::Array(items), .. }) => items.iter().collect(),
            Some(single) => vec![single],
            None => Vec::new(),
        };
        statements.into_iter().filter_map(|item| Some(&item.member("Condition")?.value)).collect()
    }

    /// The place of a node of the tree in the whole text.
    pub(crate) fn span_of(&self, node: &Node) -> Span {
        let offset = self.policy.span.start;
        Span::new(node.span.start + offset, node.span.end + offset)
    }

    /// The name that `nearest` finds, unless so many were looked for already that nobody will read them all.
    pub(crate) fn suggestion<T>(&self, nearest: impl FnOnce() -> Option<T>) -> Option<T> {
        let left = self.suggestions.get().checked_sub(1)?;
        self.suggestions.set(left);
        nearest()
    }

    /// What is written at `span`.
    pub(crate) fn written(&self, span: Span) -> &'a str {
        let offset = self.policy.span.start as usize;
        let range = span.range();
        range
            .start
            .checked_sub(offset)
            .zip(range.end.checked_sub(offset))
            .map_or("", |(start, end)| self.text.get(start..end).unwrap_or_default())
    }

    /// The place of a part of a string. All of the string when escapes make its text differ from its value.
    pub(crate) fn part(&self, string: &Spanned<Text>, part: Range<usize>) -> Span {
        let written = self.written(string.span);
        let before = match written.find(&*string.value) {
            Some(before) if written.len() <= string.value.len() + 2 => before,
            _ => return string.span,
        };
        let shift = |at: usize| string.span.start + u32::try_from(before + at).unwrap_or(u32::MAX);
        Span::new(shift(part.start), shift(part.end))
    }
}

/// Whether something of a policy is written outside its text, as what an alias of YAML stands for.
fn reaches_out(policy: &Policy) -> bool {
    let is_outside =
        |text: &Spanned<Text>| text.span.start < policy.span.start || text.span.end > policy.span.end;
    policy.statements.iter().any(|statement| {
        let resources = statement.resource.as_ref().map_or(&[][..], |element| &element.patterns);
        let conditions = || statement.conditions.iter();
        statement.action.patterns.iter().any(is_outside)
            || resources.iter().any(is_outside)
            || conditions().any(|one| is_outside(&one.key) || one.values.iter().any(is_outside))
    })
}

impl Variables {
    /// Whether the policy certainly has none.
    pub(crate) fn are_absent(self) -> bool {
        !self.may_begin
    }

    /// Whether something in a text of the policy begins like a variable.
    pub(crate) fn begin_in(self, text: &str) -> bool {
        self.may_begin && variable::begins_in(text)
    }

    /// The pieces of a string in an element where policy variables work: one piece of plain text in a policy
    /// whose version has none.
    pub(crate) fn pieces(self, text: &str) -> Vec<(Range<usize>, Piece<'_>)> {
        match self.version {
            Version::V2012 if self.begin_in(text) => variable::pieces(text),
            Version::V2012 | Version::V2008 => vec![(0..text.len(), Piece::Text(text))],
        }
    }
}

/// Whether a condition key as written is the key `name`; AWS compares them without case.
pub(crate) fn is_key(condition: &Condition, name: &str) -> bool {
    condition.key.value.eq_ignore_ascii_case(name)
}

/// Whether a condition with this operator holds for a request without the key.
pub(crate) fn holds_when_missing(operator: ConditionOperator) -> bool {
    match operator.qualifier {
        Some(Qualifier::ForAllValues) => true,
        Some(Qualifier::ForAnyValue) => false,
        None if operator.comparison == Comparison::Null => false,
        None => operator.if_exists || operator.comparison.polarity() == Polarity::Negated,
    }
}

/// Whether a statement has a condition on any of these keys.
pub(crate) fn has_key(statement: &Statement, names: &[&str]) -> bool {
    statement.conditions.iter().any(|condition| names.iter().any(|name| is_key(condition, name)))
}

/// The first character of a span: where a finding about the whole of something long points.
pub(crate) fn beginning(span: Span) -> Span {
    Span::new(span.start, span.start.saturating_add(1).min(span.end))
}

/// A policy type in running text: `an identity-based policy`.
pub(crate) fn a_policy(policy_type: PolicyType) -> String {
    let article = if policy_type == PolicyType::IdentityBased { "an" } else { "a" };
    format!("{article} {}", policy_type.phrase())
}
