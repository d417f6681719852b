//! A text with policy variables in it: what stands around them is read once, their values are put in for each request.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html>

use memchr::memmem;

use crate::context::Key;
use crate::glob::begins_with;
use crate::request_context::{RequestContext, ValueRef};
use crate::units::{Colons, Unit, ignores_colons, matches_units, text_of};

/// A text with policy variables in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Template {
    /// Everything up to the first wildcard or variable.
    beginning: Box<str>,
    /// Everything after it.
    parts: Box<[Part]>,
    reading: Reading,
    /// As many units as there are mostly once the variables have their values.
    usual_length: usize,
}

/// How a template is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reading {
    /// By the pieces between its stars, its only wildcards, which cross every colon.
    Pieces,
    /// Unit by unit.
    Units(Colons),
}

/// Room for values that are longer than the variables they stand for.
const USUAL_VALUE: usize = 16;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    Text(Box<str>),
    /// `?`
    One,
    /// `*`
    Run,
    Variable(Variable),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Variable {
    pub(super) key: Key,
    pub(super) default: Option<Box<str>>,
}

impl Part {
    /// The parts of a text without variables.
    pub(super) fn of(units: &[Unit]) -> impl Iterator<Item = Self> {
        let is_literal = |unit: &Unit| matches!(unit, Unit::Is(_));
        units.chunk_by(move |a, b| is_literal(a) && is_literal(b)).map(|chunk| match chunk {
            [Unit::One] => Self::One,
            [Unit::Run] => Self::Run,
            literal => Self::Text(text_of(literal).into()),
        })
    }
}

impl Template {
    /// The parts of a text of so many bytes.
    pub(super) fn new(mut parts: Vec<Part>, colons: Colons, length: usize) -> Self {
        let reading = Reading::of(&parts, colons);
        let beginning = match parts.first_mut() {
            Some(Part::Text(text)) => std::mem::take(text),
            _ => Box::default(),
        };
        parts.retain(|part| !matches!(part, Part::Text(text) if text.is_empty()));
        Self { beginning, parts: parts.into(), reading, usual_length: length + USUAL_VALUE }
    }

    pub(super) fn variables(&self) -> impl Iterator<Item = &Variable> {
        self.parts.iter().filter_map(|part| match part {
            Part::Variable(variable) => Some(variable),
            Part::Text(_) | Part::One | Part::Run => None,
        })
    }

    /// Whether the whole of `text` is covered.
    pub(super) fn matches(&self, text: &str, context: &RequestContext<'_>) -> bool {
        if !begins_with(text.as_bytes(), self.beginning.as_bytes()) {
            return false;
        }
        match self.reading {
            Reading::Pieces => {
                let rest = text.as_bytes().get(self.beginning.len()..);
                rest.and_then(|rest| self.covers(rest, context)).unwrap_or_default()
            }
            Reading::Units(colons) => {
                self.expand(context).is_some_and(|units| matches_units(&units, text, colons))
            }
        }
    }

    /// Whether the pieces cover `rest`, what stands behind the beginning; `None` when one of them is not found or a
    /// variable has no value. Each piece but the first and the last is looked for at the leftmost place, which leaves
    /// the most room for those after it.
    fn covers(&self, mut rest: &[u8], context: &RequestContext<'_>) -> Option<bool> {
        let mut pieces = self.parts.split(|part| matches!(part, Part::Run));
        for part in pieces.next()? {
            rest = rest.strip_prefix(part.text(context)?.as_bytes())?;
        }
        let Some(last) = pieces.next_back() else { return Some(rest.is_empty()) };
        for part in last.iter().rev() {
            rest = rest.strip_suffix(part.text(context)?.as_bytes())?;
        }
        for piece in pieces {
            let mut filled = String::with_capacity(self.usual_length);
            for part in piece {
                filled.push_str(part.text(context)?);
            }
            rest = rest.get(memmem::find(rest, filled.as_bytes())? + filled.len()..)?;
        }
        Some(true)
    }

    /// Puts the values in.
    pub(super) fn expand(&self, context: &RequestContext<'_>) -> Option<Vec<Unit>> {
        let mut expanded = Vec::with_capacity(self.usual_length);
        expanded.extend(self.beginning.encode_utf16().map(Unit::Is));
        for part in &self.parts {
            match part {
                Part::One => expanded.push(Unit::One),
                Part::Run => expanded.push(Unit::Run),
                literal => expanded.extend(literal.text(context)?.encode_utf16().map(Unit::Is)),
            }
        }
        Some(expanded)
    }
}

impl Reading {
    fn of(parts: &[Part], colons: Colons) -> Self {
        // A value may hold any character, so nothing may depend on it.
        const ANY: Unit = Unit::Is(0);
        let mut units = Vec::new();
        for part in parts {
            match part {
                Part::Text(text) => units.extend(text.encode_utf16().map(Unit::Is)),
                Part::One => units.push(Unit::One),
                Part::Run => units.push(Unit::Run),
                Part::Variable(_) => units.push(ANY),
            }
        }
        let is_free = colons == Colons::Plain || ignores_colons(&units, |unit| unit);
        match is_free && !units.contains(&Unit::One) {
            true => Self::Pieces,
            false => Self::Units(colons),
        }
    }
}

impl Part {
    /// What it stands for, unless it is a wildcard or a variable without a value.
    fn text<'p>(&'p self, context: &RequestContext<'p>) -> Option<&'p str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Variable(variable) => variable.value(context),
            Self::One | Self::Run => None,
        }
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
