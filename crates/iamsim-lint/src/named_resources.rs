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
    pub(crate) fitting: Vec<Fitting>,
}

/// A form whose last part may be that of a pattern.
pub(crate) struct Fitting {
    pub(crate) form: &'static Form,
    /// Whether the Region may be that of the pattern too.
    pub(crate) takes_region: bool,
    /// Whether the account may.
    pub(crate) takes_account: bool,
}

impl<'a> NamedResource<'a> {
    pub(crate) fn look_up(pattern: &'a Spanned<Text>, variables: Variables) -> Self {
        let fields = if pattern.value == "*" { Vec::new() } else { fields(&pattern.value, variables) };
        let (forms, fitting) = match &fields[..] {
            [_, _, service, region, account, resource] => {
                let forms = of_service(&service.text);
                (forms, fitting(forms, region, account, resource))
            }
            _ => (&[][..], Vec::new()),
        };
        Self { pattern, fields, forms, fitting }
    }
}

/// Those of some forms whose last part may be that of a pattern with these parts.
pub(crate) fn fitting(
    forms: impl IntoIterator<Item = &'static Form>,
    region: &Field<'_>,
    account: &Field<'_>,
    resource: &Field<'_>,
) -> Vec<Fitting> {
    let (region, account, resource) = (region.pattern(), account.pattern(), resource.pattern());
    let beginning = Beginning::new(&resource);
    let fits = |form: &&Form| form.may_begin(beginning) && form.takes_resource(&resource);
    let fitting = forms.into_iter().filter(fits).map(|form| Fitting {
        form,
        takes_region: form.takes_region(&region),
        takes_account: form.takes_account(&account),
    });
    fitting.collect()
}
