//! ARNs against the forms that the ARNs of their service have.

use std::ops::Range;

use iamsim_catalog::{nearest_service, service};
use iamsim_syntax::{Diagnostic, Spanned, Text};

use super::Field;
use crate::actions::newer;
use crate::arn_forms::{Form, of_any_service};
use crate::checks::{
    ARN_ACCOUNT_NOT_ALLOWED, ARN_REGION_NOT_ALLOWED, Check, INVALID_ARN_REGION, INVALID_ARN_RESOURCE,
    INVALID_SERVICE, MISSING_ARN_ACCOUNT, MISSING_ARN_REGION,
};
use crate::document::Document;
use crate::effort::Effort;
use crate::named_resources::{self, Fitting, NamedResource};
use crate::regions;

/// How many forms patterns are compared to.
pub(super) const EFFORT: usize = 300_000;

/// The resources that AWS shares with every account under ARNs without one.
///
/// Sources: <https://docs.aws.amazon.com/systems-manager/latest/userguide/security-iam-awsmanpol.html> and
/// <https://docs.aws.amazon.com/resource-explorer/latest/userguide/security_iam_service-with-iam.html>
const OWNED_BY_AWS: [(&str, &str); 4] = [
    ("resource-explorer-2", "view"),
    ("ssm", "automation-definition"),
    ("ssm", "document"),
    ("ssm", "parameter"),
];

pub(super) fn check(
    document: &Document<'_>,
    resources: &NamedResource<'_>,
    effort: &mut Effort,
    findings: &mut Vec<Diagnostic>,
) {
    let NamedResource { pattern, fields, forms, fitting } = resources;
    let [_, _, named, region, account, resource] = &fields[..] else { return };
    // Other checks have said what they think of these.
    let is_odd = |byte: u8| !(byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    if named.text.is_empty() || named.text.bytes().any(is_odd) {
        return;
    }
    if forms.is_empty() {
        findings.extend(service(&named.text).is_none().then(|| no_service(document, pattern, named)));
        return;
    }
    if !effort.spend(forms.len()) {
        return;
    }
    let of_any = named_resources::fitting(of_any_service(&named.text), region, account, resource);
    let fitting = || fitting.iter().chain(&of_any);
    let Some(Fitting { form: first, .. }) = fitting().next() else {
        findings.push(no_form(document, pattern, named, resource, forms));
        return;
    };
    let report = |check: Check, field: &Field<'_>, message: String| {
        // Of an empty part the colons around it are shown.
        let Range { start, end } = field.range.clone();
        let range = if start == end { start.saturating_sub(1)..end + 1 } else { start..end };
        check
            .at(document.part(pattern, range), message)
            .with_help(written(fitting().map(|fitting| fitting.form.text)))
    };
    let some_take_region = fitting().any(|fitting| fitting.takes_region);
    let what = first.resource_type;
    if !some_take_region {
        findings.push(match &*region.text {
            "" => report(MISSING_ARN_REGION, region, format!("the ARN of {} names its Region", a(what))),
            text => report(
                ARN_REGION_NOT_ALLOWED,
                region,
                format!("the ARN of {} has no Region such as `{text}`", a(what)),
            ),
        });
    } else if !region.is_variable() && !region.text.is_empty() && !regions::may_be_region(&region.text) {
        findings.push(
            INVALID_ARN_REGION
                .at(
                    document.part(pattern, region.range.clone()),
                    format!("there is no Region `{}`", region.text),
                )
                .with_help(regions::help(&region.text)),
        );
    }
    let takes_account =
        |fitting: &Fitting| fitting.takes_account && (fitting.takes_region || !some_take_region);
    // What AWS itself owns.
    let owned_by_aws = account.text.is_empty() && OWNED_BY_AWS.contains(&(first.service, what));
    if !owned_by_aws && !fitting().any(takes_account) {
        findings.push(match &*account.text {
            "" => report(MISSING_ARN_ACCOUNT, account, format!("the ARN of {} names its account", a(what))),
            text => report(
                ARN_ACCOUNT_NOT_ALLOWED,
                account,
                format!("the ARN of {} has no account such as `{text}`", a(what)),
            ),
        });
    }
}

fn no_service(document: &Document<'_>, pattern: &Spanned<Text>, named: &Field<'_>) -> Diagnostic {
    let help = match document.suggestion(|| nearest_service(&named.text)) {
        Some(near) => format!("did you mean `{}`?", near.prefix()),
        None => format!("see the ARN formats in AWS's documentation of the service; {}", newer("service")),
    };
    INVALID_SERVICE
        .at(document.part(pattern, named.range.clone()), format!("no service has ARNs of `{}`", named.text))
        .with_help(help)
}

fn no_form(
    document: &Document<'_>,
    pattern: &Spanned<Text>,
    named: &Field<'_>,
    resource: &Field<'_>,
    forms: &[Form],
) -> Diagnostic {
    let message = format!("no ARN of `{}` ends like this", named.text);
    // The form that begins alike is the likeliest.
    let common = |form: &Form| {
        let tail = form.text.splitn(6, ':').nth(5).unwrap_or_default();
        let pairs = tail.bytes().zip(resource.text.bytes());
        pairs.take_while(|(one, other)| one.eq_ignore_ascii_case(other)).count()
    };
    let likeliest = forms.iter().max_by_key(|form| (common(form), std::cmp::Reverse(form.text.len())));
    let help = match likeliest.filter(|form| common(form) > 1) {
        Some(form) => format!("the likeliest form is {}", quoted(form.text)),
        None => format!("see the ARN formats AWS lists; {}", newer("kind of resource")),
    };
    INVALID_ARN_RESOURCE.at(document.part(pattern, resource.range.clone()), message).with_help(help)
}

fn quoted(form: &str) -> String {
    match form.strip_prefix("arn:${Partition}:") {
        Some(rest) => ["`arn:aws:", rest, "`"].concat(),
        None => ["`", form, "`"].concat(),
    }
}

/// What the ARNs look like, three of them at most.
pub(crate) fn written<'f>(forms: impl IntoIterator<Item = &'f str>) -> String {
    let mut texts: Vec<String> = Vec::new();
    for form in forms {
        if texts.len() == 3 {
            break;
        }
        let text = quoted(form);
        if !texts.contains(&text) {
            texts.push(text);
        }
    }
    format!("it is written {}", texts.join(" or "))
}

fn a(what: &str) -> String {
    let article =
        if what.starts_with(['a', 'e', 'i', 'o', 'u', 'A', 'E', 'I', 'O', 'U']) { "an" } else { "a" };
    format!("{article} {what}")
}
