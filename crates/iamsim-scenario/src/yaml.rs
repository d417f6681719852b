//! YAML text to the tree that JSON text gives, every value and key with its span.
//!
//! The core schema of YAML 1.2: dates, `yes` and `on` are strings, numbers keep their text. Anchors and aliases
//! work; merge keys (`<<`) and further documents do not.

mod fault;
mod place;
mod scalar;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use iamsim_syntax::json::{Member, Node, Value};
use iamsim_syntax::{Diagnostic, Span, Spanned, Text, code};
use saphyr_parser::{Event, Parser, ScalarStyle, StrInput, Tag};

use crate::yaml::place::Places;

/// The code of what is no YAML, or YAML that is not taken here.
pub(crate) const SYNTAX: &str = "yaml-syntax-error";

/// As deep as JSON may be nested.
const DEPTH: usize = 128;

/// How many values aliases may add to a document: enough for anyone, too few to fill the memory with.
const ALIASED: usize = 100_000;

/// Reads one YAML document.
///
/// Returns the tree, unless an error leaves none, and every error found, in the order of the text. An empty
/// document is `null`.
#[must_use]
pub fn parse(text: &str) -> (Option<Node>, Vec<Diagnostic>) {
    let (body, skipped) = match text.strip_prefix('\u{FEFF}') {
        Some(body) => (body, '\u{FEFF}'.len_utf8()),
        None => (text, 0),
    };
    let mut builder = Builder {
        parser: Parser::new_from_str(body),
        places: Places::new(body, skipped),
        anchors: BTreeMap::new(),
        aliased: 0,
        diagnostics: Vec::new(),
    };
    let node = builder.document().ok();
    (node, builder.diagnostics)
}

/// Reading cannot go on; why has been reported.
struct Stop;

struct Builder<'t> {
    parser: Parser<'t, StrInput<'t>>,
    places: Places<'t>,
    anchors: BTreeMap<usize, Anchored>,
    aliased: usize,
    diagnostics: Vec<Diagnostic>,
}

/// A value that an alias may repeat.
struct Anchored {
    node: Node,
    size: usize,
    depth: usize,
}

/// A value, how many values it holds, itself included, and how deep they are nested.
struct Built {
    node: Node,
    size: usize,
    depth: usize,
}

impl Built {
    fn leaf(value: Value, span: Span) -> Self {
        Self { node: Node { value, span }, size: 1, depth: 0 }
    }
}

/// An event that begins a value.
struct Opening<'t> {
    event: Event<'t>,
    span: saphyr_parser::Span,
}

impl<'t> Builder<'t> {
    fn document(&mut self) -> Result<Node, Stop> {
        let mut document = None;
        loop {
            let Opening { event, span } = self.next()?;
            match event {
                Event::StreamEnd => break,
                Event::DocumentStart(_) if document.is_some() => {
                    let diagnostic =
                        Diagnostic::error(SYNTAX, self.places.span(span), "a second document begins here");
                    self.diagnostics
                        .push(diagnostic.with_help("keep one document in a file; delete this `---`"));
                    return Err(Stop);
                }
                Event::DocumentStart(_) => {
                    let first = self.next()?;
                    document = Some(self.value(first, 0)?.node);
                }
                _ => {}
            }
        }
        Ok(document.unwrap_or(Node { value: Value::Null, span: self.places.end() }))
    }

    fn next(&mut self) -> Result<Opening<'t>, Stop> {
        match self.parser.next_event() {
            Some(Ok((event, span))) => Ok(Opening { event, span }),
            Some(Err(error)) => {
                let diagnostic = fault::diagnostic(&error, &self.places);
                self.diagnostics.push(diagnostic);
                Err(Stop)
            }
            None => Err(Stop),
        }
    }

    fn value(&mut self, opening: Opening<'t>, depth: usize) -> Result<Built, Stop> {
        let span = self.places.span(opening.span);
        if depth > DEPTH {
            self.diagnostics.push(Diagnostic::error(SYNTAX, span, "the values are nested too deeply"));
            return Err(Stop);
        }
        let (anchor, built) = match opening.event {
            Event::Scalar(text, style, anchor, tag) => {
                let span = self.places.scalar(opening.span, style);
                (anchor, Built::leaf(self.scalar(text, style, tag.as_deref(), span), span))
            }
            Event::SequenceStart(anchor, tag) => {
                self.refuse_tag(tag.as_deref(), span);
                (anchor, self.sequence(span, depth)?)
            }
            Event::MappingStart(anchor, tag) => {
                self.refuse_tag(tag.as_deref(), span);
                (anchor, self.mapping(span, depth)?)
            }
            Event::Alias(anchor) => return self.alias(anchor, span, depth),
            _ => return Err(Stop),
        };
        if anchor != 0 {
            let Built { node, size, depth } = &built;
            self.anchors.insert(anchor, Anchored { node: node.clone(), size: *size, depth: *depth });
        }
        Ok(built)
    }

    fn sequence(&mut self, start: Span, depth: usize) -> Result<Built, Stop> {
        let mut items = Vec::new();
        let mut total = Total::new(start);
        loop {
            let opening = self.next()?;
            if opening.event == Event::SequenceEnd {
                let span = total.close(self.places.span(opening.span));
                return Ok(total.built(Value::Array(items), span));
            }
            let item = self.value(opening, depth + 1)?;
            total.add(&item);
            items.push(item.node);
        }
    }

    fn mapping(&mut self, start: Span, depth: usize) -> Result<Built, Stop> {
        let mut members: Vec<Member> = Vec::new();
        let mut first: HashMap<Text, Span> = HashMap::new();
        let mut total = Total::new(start);
        loop {
            let opening = self.next()?;
            if opening.event == Event::MappingEnd {
                let span = total.close(self.places.span(opening.span));
                return Ok(total.built(Value::Object(members), span));
            }
            let key = self.key(opening, depth + 1)?;
            let opening = self.next()?;
            let value = self.value(opening, depth + 1)?;
            total.add(&value);
            let Some(key) = key else { continue };
            match first.get(&key.value) {
                Some(earlier) => self.duplicate(&key, *earlier),
                None => {
                    first.insert(key.value.clone(), key.span);
                    members.push(Member { key, value: value.node });
                }
            }
        }
    }

    /// A key is text, however it is written: `404: …` has the key `404`.
    fn key(&mut self, opening: Opening<'t>, depth: usize) -> Result<Option<Spanned<Text>>, Stop> {
        if let Event::Scalar(text, style, 0, None) = &opening.event {
            let span = self.places.scalar(opening.span, *style);
            return Ok(Some(Spanned::new(text.as_ref().into(), span)));
        }
        let node = self.value(opening, depth)?.node;
        if let Some(text) = node.as_str() {
            return Ok(Some(Spanned::new(text.into(), node.span)));
        }
        let message = format!("{} cannot be a key", node.kind());
        self.diagnostics.push(Diagnostic::error(SYNTAX, node.span, message).with_help("keys are plain text"));
        Ok(None)
    }

    fn duplicate(&mut self, key: &Spanned<Text>, first: Span) {
        let message = format!("`{}` is written twice in one object", key.value);
        let diagnostic = Diagnostic::error(code::DUPLICATE_KEY, key.span, message);
        let diagnostic = diagnostic.with_related(first, "first written here");
        self.diagnostics.push(diagnostic.with_help("merge the two, or delete one"));
    }

    fn scalar(&mut self, text: Cow<'t, str>, style: ScalarStyle, tag: Option<&Tag>, span: Span) -> Value {
        let is_string_tag = |tag: &Tag| {
            (tag.is_yaml_core_schema() && tag.suffix == "str") || (tag.handle.is_empty() && tag.suffix == "!")
        };
        if tag.is_some_and(is_string_tag) {
            return Value::String(text.as_ref().into());
        }
        self.refuse_tag(tag, span);
        match style {
            ScalarStyle::Plain => scalar::plain(&text),
            _ => Value::String(text.as_ref().into()),
        }
    }

    fn refuse_tag(&mut self, tag: Option<&Tag>, span: Span) {
        let Some(tag) = tag else { return };
        let message = format!("the tag `{tag}` means nothing here");
        self.diagnostics.push(Diagnostic::error(SYNTAX, span, message).with_help("delete it"));
    }

    fn alias(&mut self, anchor: usize, span: Span, depth: usize) -> Result<Built, Stop> {
        let Some(anchored) = self.anchors.get(&anchor) else {
            let message = "this alias stands inside the value it names";
            self.diagnostics.push(Diagnostic::error(SYNTAX, span, message));
            return Err(Stop);
        };
        self.aliased = self.aliased.saturating_add(anchored.size);
        if self.aliased > ALIASED || depth + anchored.depth > DEPTH {
            let message = "aliases make this document too large";
            self.diagnostics.push(Diagnostic::error(SYNTAX, span, message));
            return Err(Stop);
        }
        let Anchored { node, size, depth } = anchored;
        Ok(Built { node: node.clone(), size: *size, depth: *depth })
    }
}

/// What the items of a sequence or mapping add up to.
struct Total {
    start: Span,
    /// Where the last item ends.
    end: u32,
    size: usize,
    depth: usize,
}

impl Total {
    fn new(start: Span) -> Self {
        Self { start, end: start.end, size: 1, depth: 0 }
    }

    fn add(&mut self, item: &Built) {
        self.end = self.end.max(item.node.span.end);
        self.size = self.size.saturating_add(item.size);
        self.depth = self.depth.max(item.depth + 1);
    }

    /// A bracket closes what is written in brackets; what is written in lines ends with its last item.
    fn close(&self, end: Span) -> Span {
        let end = if end.start == end.end { self.end } else { end.end };
        Span::new(self.start.start, end.max(self.start.start))
    }

    fn built(self, value: Value, span: Span) -> Built {
        Built { node: Node { value, span }, size: self.size, depth: self.depth }
    }
}
