//! The request context as our files give it.

use iamsim_catalog::Cardinality;
use iamsim_engine::{Context, ContextValue, Given, Request, RequestBuilder, Text, is_multivalued};
use iamsim_syntax::json::{Node, Value};

use crate::decode::Decoder;
use iamsim_syntax::Diagnostic;
use iamsim_world::UnknownKeys;

/// Context keys that are set, and keys that must stay absent whatever follows from the rest of the request.
#[derive(Debug, Clone, Default)]
pub(crate) struct GivenContext {
    pub(crate) set: Context,
    pub(crate) absent: Vec<String>,
}

impl GivenContext {
    /// Reads an object from keys to values, lists of values, or `null`.
    pub(crate) fn decode(decoder: &mut Decoder<'_>, node: &Node) -> Self {
        let mut given = Self::default();
        for member in decoder.entries(node, "the context").unwrap_or_default() {
            let name = &*member.key.value;
            if member.value.value == Value::Null {
                given.absent.push(name.to_owned());
            } else if let Some(value) = value(decoder, name, &member.value) {
                given.set.insert(name, value);
            }
        }
        given
    }

    /// Gives the context to a request and fills in what follows from the rest of it.
    pub(crate) fn complete(&self, request: RequestBuilder) -> Request {
        request.with_context(self.set.clone()).without(self.absent.clone()).complete()
    }
}

/// Reads a list of keys of which nobody knows what they hold; `*` is every key that policies ask for and the request
/// does not have. None of them may be `given`, too.
pub(crate) fn unknown_keys(decoder: &mut Decoder<'_>, node: &Node, given: &GivenContext) -> UnknownKeys {
    let mut unknown = UnknownKeys::default();
    for item in decoder.items(node) {
        let Some(key) = decoder.string(item, "an unknown context key") else { continue };
        let is_absent = given.absent.iter().any(|absent| absent.eq_ignore_ascii_case(key));
        if key == "*" {
            unknown.every_missing = true;
        } else if is_absent || given.set.contains(key) {
            let message = format!("`{key}` is both known and unknown");
            let diagnostic = Diagnostic::error("conflicting-keys", item.span, message);
            decoder.report(diagnostic.with_help("delete it here or in `context`"));
        } else {
            unknown.names.push(key.to_owned());
        }
    }
    unknown
}

/// A key is single- or multivalued by its definition, however many values are written; one nobody knows, by how it is
/// written.
fn value(decoder: &mut Decoder<'_>, name: &str, node: &Node) -> Option<ContextValue> {
    let is_list = matches!(node.value, Value::Array(_));
    let items = decoder.items(node);
    let mut values: Vec<Text> = Vec::with_capacity(items.len());
    for item in items {
        values.push(decoder.text(item, "a context value")?.into());
    }
    of_texts(name, values, is_list)
}

/// The value of a key that is written as this text.
pub(crate) fn of_text<'t>(name: &str, text: &'t str) -> Given<'t> {
    match is_multivalued_by_definition(name) {
        Some(true) => Given::Many([Text::from(text)].into()),
        Some(false) | None => text.into(),
    }
}

/// The value of a key that is written as these texts.
pub(crate) fn of_texts(name: &str, mut values: Vec<Text>, is_list: bool) -> Option<ContextValue> {
    let is_many = is_multivalued_by_definition(name).unwrap_or(is_list) || values.len() != 1;
    if is_many {
        return Some(ContextValue::Many(values.into()));
    }
    values.pop().map(ContextValue::One)
}

/// Whether the key is multivalued; `None` when neither AWS's list of global keys nor the catalog has it.
pub(crate) fn is_multivalued_by_definition(name: &str) -> Option<bool> {
    let by_catalog = || Some(iamsim_catalog::condition_key(name)?.cardinality == Cardinality::Multivalued);
    is_multivalued(name).or_else(by_catalog)
}
