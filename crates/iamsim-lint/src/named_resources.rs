//! The resources that a statement names, as the catalog has them.

use iamsim_syntax::{Spanned, Text};

use crate::arn_forms::{Beginning, Form, of_service};
use crate::document::Variables;
use crate::resources::{Field, fields};

/// A pattern of a `Resource` or `NotResource` element, as the catalog sees it.
pub(crate) struct NamedResource<'a> {
    pub(crate) pattern: &'a Spanned<Text>,
    /// The parts of the ARN; none where the pattern is `*`.
    pub(crate) fields: Vec<Field<'a>>,
    /// The forms of the ARNs of its service.
    pub(crate) forms: &'static [Form],
    /// Those whose last part may be that of the pattern.
    pub(crate) fitting: Vec<&'static Form>,
}

impl<'a> NamedResource<'a> {
    pub(crate) fn look_up(pattern: &'a Spanned<Text>, variables: Variables) -> Self {
        let fields = if pattern.value == "*" { Vec::new() } else { fields(&pattern.value, variables) };
        let (forms, fitting) = match &fields[..] {
            [_, _, service, _, _, resource] => {
                let forms = of_service(&service.text);
                let resource = resource.pattern();
                let beginning = Beginning::new(&resource);
                let fits = |form: &&Form| form.may_begin(beginning) && form.takes_resource(&resource);
                (forms, forms.iter().filter(fits).collect())
            }
            _ => (&[][..], Vec::new()),
        };
        Self { pattern, fields, forms, fitting }
    }
}
