//! Amazon Resource Names: six parts, split at the first five colons.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html>

/// The parts of an ARN, or of a pattern for one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arn<'a> {
    /// `aws`, `aws-cn`, `aws-us-gov`
    pub partition: &'a str,
    /// `s3`
    pub service: &'a str,
    /// `us-east-1`, often empty
    pub region: &'a str,
    /// `111122223333`, often empty
    pub account: &'a str,
    /// Everything after the fifth colon, further colons included.
    pub resource: &'a str,
}

impl<'a> Arn<'a> {
    /// Splits `arn:partition:service:region:account:resource`; `None` with fewer parts or another prefix.
    #[must_use]
    #[inline]
    pub fn parse(text: &'a str) -> Option<Self> {
        let (partition, mut rest) = split_partition(text)?;
        let mut part = || {
            let (part, after) = split_at(rest, b':')?;
            rest = after;
            Some(part)
        };
        let (service, region, account) = (part()?, part()?, part()?);
        Some(Self { partition, service, region, account, resource: rest })
    }
}

/// The partition of an ARN, and what stands behind it. Nearly every ARN is of the same.
#[must_use]
#[inline]
pub fn split_partition(text: &str) -> Option<(&str, &str)> {
    match text.strip_prefix("arn:aws:") {
        Some(rest) => Some(("aws", rest)),
        None => split_at(text.strip_prefix("arn:")?, b':'),
    }
}

/// What stands before and after the first `separator`, which is ASCII. A plain scan: the parts are short, and this
/// is on the way of every decision.
#[must_use]
#[inline]
pub fn split_at(text: &str, separator: u8) -> Option<(&str, &str)> {
    let at = text.bytes().position(|byte| byte == separator)?;
    Some((text.get(..at)?, text.get(at + 1..)?))
}

/// Whether `text` is an account id: twelve ASCII digits.
#[must_use]
#[inline]
pub fn is_account_id(text: &str) -> bool {
    // Looking at all of them alike takes the processor far less than stopping at the first that is no digit.
    let are_digits = |all: &[u8; 12]| all.iter().fold(true, |so_far, byte| so_far & byte.is_ascii_digit());
    <&[u8; 12]>::try_from(text.as_bytes()).is_ok_and(are_digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colons_after_the_fifth_belong_to_the_resource() {
        let arn = Arn::parse("arn:aws:lambda:us-east-1:111122223333:function:f:PROD").unwrap();
        assert_eq!((arn.service, arn.account, arn.resource), ("lambda", "111122223333", "function:f:PROD"));
        assert_eq!(Arn::parse("arn:aws:s3:::b").unwrap().resource, "b");
        assert_eq!(Arn::parse("arn:aws:s3::b"), None);
    }
}
