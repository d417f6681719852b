//! A text with policy variables in it: what stands around them is read once, their values are put in for each request.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html>

use crate::context::Key;
use crate::glob::{Colons, Unit, begins_with, matches_units, text_of};
use crate::request_context::{RequestContext, ValueRef};

/// A text with policy variables in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Template {
    /// Texts and variables by turns, a text first and last.
    parts: Box<[Part]>,
    colons: Colons,
    /// Everything up to the first wildcard or variable.
    beginning: Box<str>,
    /// The texts alone, when they have no wildcard in them but perhaps a star at the end.
    plain: Option<Plain>,
    /// As many units as there are mostly once the variables have their values.
    usual_length: usize,
}

/// Texts to be found with the values of variables between them.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Plain {
    texts: Box<[Box<str>]>,
    /// Whether anything may follow.
    is_open: bool,
}

/// Room for values that are longer than the variables they stand for.
const USUAL_VALUE: usize = 16;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    Units(Box<[Unit]>),
    Variable(Variable),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Variable {
    pub(super) key: Key,
    pub(super) default: Option<Box<str>>,
}

impl Template {
    /// The parts of a text of so many bytes.
    pub(super) fn new(parts: Vec<Part>, colons: Colons, length: usize) -> Self {
        let texts = || {
            parts.iter().filter_map(|part| match part {
                Part::Units(units) => Some(&**units),
                Part::Variable(_) => None,
            })
        };
        let beginning = texts().next().map(|units| text_of(literal_beginning(units)));
        let plain = Plain::of(texts());
        Self {
            beginning: beginning.unwrap_or_default().into(),
            plain,
            parts: parts.into(),
            colons,
            usual_length: length + USUAL_VALUE,
        }
    }

    pub(super) fn variables(&self) -> impl Iterator<Item = &Variable> {
        self.parts.iter().filter_map(|part| match part {
            Part::Variable(variable) => Some(variable),
            Part::Units(_) => None,
        })
    }

    /// Whether the whole of `text` is covered.
    pub(super) fn matches(&self, text: &str, context: &RequestContext<'_>) -> bool {
        if !begins_with(text.as_bytes(), self.beginning.as_bytes()) {
            return false;
        }
        match &self.plain {
            Some(plain) => {
                self.rest_of(plain, text, context).is_some_and(|rest| plain.is_open || rest.is_empty())
            }
            None => self.expand(context).is_some_and(|units| matches_units(&units, text, self.colons)),
        }
    }

    /// What stands in `text` after all the texts and values.
    fn rest_of<'t>(&self, plain: &Plain, text: &'t str, context: &RequestContext<'_>) -> Option<&'t str> {
        let mut texts = plain.texts.iter();
        let mut rest = text.strip_prefix(&**texts.next()?)?;
        for (variable, text) in self.variables().zip(texts) {
            rest = rest.strip_prefix(variable.value(context)?)?.strip_prefix(&**text)?;
        }
        Some(rest)
    }

    /// Puts the values in.
    pub(super) fn expand(&self, context: &RequestContext<'_>) -> Option<Vec<Unit>> {
        let mut expanded = Vec::with_capacity(self.usual_length);
        for part in &self.parts {
            match part {
                Part::Units(units) => expanded.extend_from_slice(units),
                Part::Variable(variable) => {
                    expanded.extend(variable.value(context)?.encode_utf16().map(Unit::Is));
                }
            }
        }
        Some(expanded)
    }
}

impl Plain {
    fn of<'u>(texts: impl Iterator<Item = &'u [Unit]>) -> Option<Self> {
        let mut texts: Vec<&[Unit]> = texts.collect();
        let mut is_open = false;
        if let Some(last) = texts.last_mut()
            && let Some((Unit::Run, before)) = last.split_last()
        {
            (*last, is_open) = (before, true);
        }
        let is_literal = |units: &&[Unit]| literal_beginning(units).len() == units.len();
        let texts = texts.iter().all(is_literal).then_some(texts)?;
        Some(Self { texts: texts.into_iter().map(|units| text_of(units).into()).collect(), is_open })
    }
}

impl Variable {
    /// What is substituted: literal, wildcards and dollar signs included, and not looked at again. A multivalued key
    /// has no single value to put in, and its default is not used.
    fn value<'v>(&'v self, context: &RequestContext<'v>) -> Option<&'v str> {
        match context.lookup(&self.key) {
            Some(ValueRef::One(value)) => Some(value),
            Some(ValueRef::Many(_)) => None,
            None => self.default.as_deref(),
        }
    }
}

/// The units up to the first wildcard.
fn literal_beginning(units: &[Unit]) -> &[Unit] {
    let end = units.iter().position(|unit| matches!(unit, Unit::One | Unit::Run));
    units.get(..end.unwrap_or(units.len())).unwrap_or_default()
}
