//! Values that are not of the operator's type. IAM refuses to store most of them; STS, AWS Organizations and
//! many services do not look.

use iamsim_syntax::literal::{Instant, IpNetwork, Number, binary};
use iamsim_syntax::variable::{self, Piece};
use iamsim_syntax::{Arn, Comparison, Condition, Diagnostic, Spanned, Text};

use crate::checks::{
    INVALID_CONDITION_MULTIPLE_BOOLEAN, INVALID_DATE_VALUE, INVALID_KMS_KEY_VALUE, INVALID_VPC_FORMAT,
    INVALID_VPCE_FORMAT, TYPE_MISMATCH_ARN, TYPE_MISMATCH_BOOLEAN, TYPE_MISMATCH_DATE,
    TYPE_MISMATCH_IP_RANGE, TYPE_MISMATCH_NUMBER, TYPE_MISMATCH_STRING,
};
use crate::document::{Document, is_key};
use crate::named::NamedCondition;
use crate::pattern::has_wildcard;

pub(super) fn check(document: &Document<'_>, findings: &mut Vec<Diagnostic>) {
    for (_, NamedCondition { condition, .. }) in document.conditions() {
        if condition.operator.value.comparison == Comparison::Bool && condition.values.len() > 1 {
            findings.push(
                INVALID_CONDITION_MULTIPLE_BOOLEAN
                    .at(
                        condition.span,
                        format!(
                            "`{}` is compared to {} booleans",
                            condition.key.value,
                            condition.values.len()
                        ),
                    )
                    .with_help("keep one; both together say nothing"),
            );
        }
        for value in &condition.values {
            findings.extend(check_type(condition, value));
            findings.extend(check_identifier(condition, value));
        }
    }
}

fn check_type(condition: &Condition, value: &Spanned<Text>) -> Option<Diagnostic> {
    let text = &*value.value;
    // Any text is a string.
    if matches!(condition.operator.value.comparison, Comparison::String(..)) {
        return None;
    }
    // What a variable does under these operators is said elsewhere.
    if variable::begins_in(text)
        && variable::pieces(text).iter().any(|(_, piece)| !matches!(piece, Piece::Text(_)))
    {
        return None;
    }
    let (check, what, help) = match condition.operator.value.comparison {
        Comparison::Numeric(..) if Number::parse(text).is_none() => {
            (TYPE_MISMATCH_NUMBER, "a number", "write digits, as in `3600` or `-1.5`".into())
        }
        Comparison::Date(..) if Instant::parse(text).is_none() => {
            (TYPE_MISMATCH_DATE, "a date", "write `2030-01-31` or `2030-01-31T12:00:00Z`".into())
        }
        Comparison::Date(..) => return check_epoch(value),
        Comparison::Bool | Comparison::Null if !is_boolean(text) => (
            TYPE_MISMATCH_BOOLEAN,
            "a boolean",
            "write `true` or `false`; AWS reads everything but `true` as false".into(),
        ),
        Comparison::BinaryEquals if binary(text).is_none() => {
            (TYPE_MISMATCH_STRING, "base64", "encode the bytes with padding, as in `YQ==`".into())
        }
        Comparison::Arn(..) if !is_arn_pattern(text) => {
            (TYPE_MISMATCH_ARN, "an ARN", "write all six parts: `arn:aws:s3:::example-bucket`".into())
        }
        Comparison::IpAddress(_) => match IpNetwork::parse(text) {
            None => {
                (TYPE_MISMATCH_IP_RANGE, "an IP range", "write `203.0.113.0/24` or `2001:db8::/32`".into())
            }
            Some(network) if network.never_matches() => {
                let help = format!(
                    "clear the bits beyond the first {}; as it is, no address matches",
                    network.prefix()
                );
                (TYPE_MISMATCH_IP_RANGE, "the start of an IPv6 range", help)
            }
            Some(_) => return None,
        },
        _ => return None,
    };
    let message = format!("`{text}` is not {what}, which `{}` compares", condition.operator.value);
    Some(check.at(value.span, message).with_help(help))
}

fn is_boolean(text: &str) -> bool {
    text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false")
}

fn is_arn_pattern(text: &str) -> bool {
    text == "*" || Arn::parse(text).is_some()
}

fn check_epoch(value: &Spanned<Text>) -> Option<Diagnostic> {
    let text = &*value.value;
    if text.contains(['-', 't', 'T']) {
        return None;
    }
    let message = format!("`{text}` counts seconds since 1970");
    Some(INVALID_DATE_VALUE.at(value.span, message).with_help("write the date out: `2030-01-31`"))
}

/// Values of keys that have a form of their own.
fn check_identifier(condition: &Condition, value: &Spanned<Text>) -> Option<Diagnostic> {
    let text = &*value.value;
    let is_string = matches!(condition.operator.value.comparison, Comparison::String(..));
    if !is_string || has_wildcard(text) || variable::begins_in(text) {
        return None;
    }
    let (check, is_well_formed, what) = if is_key(condition, "aws:SourceVpc") {
        (INVALID_VPC_FORMAT, is_vpc_id("vpc-", text), "a VPC id: `vpc-` and 8 or 17 letters and digits")
    } else if is_key(condition, "aws:SourceVpce") {
        (
            INVALID_VPCE_FORMAT,
            is_vpc_id("vpce-", text),
            "a VPC endpoint id: `vpce-` and 8 or 17 letters and digits",
        )
    } else if is_key(condition, "s3:x-amz-server-side-encryption-aws-kms-key-id") {
        (INVALID_KMS_KEY_VALUE, is_kms_key(text), "the ARN of a KMS key")
    } else {
        return None;
    };
    let message = format!("`{text}` is not {what}");
    (!is_well_formed)
        .then(|| check.at(value.span, message).with_help("correct it; as it is, the condition never matches"))
}

fn is_vpc_id(prefix: &str, text: &str) -> bool {
    text.strip_prefix(prefix)
        .is_some_and(|id| matches!(id.len(), 8 | 17) && id.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

fn is_kms_key(text: &str) -> bool {
    Arn::parse(text).is_some_and(|arn| {
        arn.service == "kms"
            && !arn.region.is_empty()
            && !arn.account.is_empty()
            && arn.resource.starts_with("key/")
    })
}
