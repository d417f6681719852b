//! The resources that a statement names, as the catalog has them.

use std::cell::OnceCell;

use iamsim_syntax::{Spanned, Statement, Text};

use crate::arn_forms::{Form, of_service};
use crate::document::Document;
use crate::resources::{Field, fields};

/// A pattern of a `Resource` or `NotResource` element, as the catalog sees it.
pub(crate) struct NamedResource<'a> {
    pub(crate) pattern: &'a Spanned<Text>,
    /// The parts of the ARN; none where the pattern is `*`.
    pub(crate) fields: Vec<Field<'a>>,
    /// The forms of the ARNs of its service.
    pub(crate) forms: &'static [Form],
    fitting: OnceCell<Vec<&'static Form>>,
}

/// The patterns of one statement.
pub(crate) fn of_statement<'a>(document: &Document<'_>, statement: &'a Statement) -> Vec<NamedResource<'a>> {
    let patterns = statement.resource.as_ref().map_or(&[][..], |element| &element.patterns);
    patterns.iter().map(|pattern| NamedResource::new(document, pattern)).collect()
}

impl<'a> NamedResource<'a> {
    fn new(document: &Document<'_>, pattern: &'a Spanned<Text>) -> Self {
        let fields = if pattern.value == "*" { Vec::new() } else { fields(document, &pattern.value) };
        let forms = match &fields[..] {
            [_, _, service, _, _, _] => of_service(&service.text),
            _ => &[],
        };
        Self { pattern, fields, forms, fitting: OnceCell::new() }
    }

    /// The forms whose last part may be that of the pattern.
    pub(crate) fn fitting(&self) -> &[&'static Form] {
        self.fitting.get_or_init(|| {
            let Some(resource) = self.fields.get(5).map(Field::pattern) else { return Vec::new() };
            self.forms.iter().filter(|form| form.takes_resource(&resource)).collect()
        })
    }
}
