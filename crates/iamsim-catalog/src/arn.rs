//! Which resource types an ARN can be of.

use crate::reference::{ResourceType, Service, services_with_arns_of};
use crate::template;

/// A resource type whose ARN form an ARN has.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct ArnMatch {
    /// The service that lists the type. It may differ from the service the ARN names.
    pub service: &'static Service,
    /// The type.
    pub resource_type: &'static ResourceType,
}

/// The resource types an ARN can be of: first those that the service named in the ARN lists, then those of
/// other services that list the same form, by prefix. Empty for what is no ARN.
///
/// Where one form is more specific than another, only it counts: an ARN that reads as an object is not also a
/// bucket with a slash in its name.
///
/// ```
/// let matches = iamsim_catalog::arn_resource_types("arn:aws:s3:::amzn-s3-demo-bucket/folder/key");
/// let names: Vec<&str> = matches.iter().map(|found| found.resource_type.name).collect();
/// assert_eq!(names, ["object"]);
/// ```
#[must_use]
pub fn arn_resource_types(arn: &str) -> Vec<ArnMatch> {
    let Some(arn) = Segments::new(arn) else { return Vec::new() };
    let mut best = 0;
    let mut matches: Vec<ArnMatch> = Vec::new();
    for service in services_with_arns_of(arn.service) {
        for resource_type in service.resource_types() {
            let fits = resource_type.arns.iter().filter_map(|form| arn.specificity(form)).max();
            let Some(specificity) = fits.filter(|specificity| *specificity >= best) else { continue };
            if specificity > best {
                matches.clear();
                best = specificity;
            }
            matches.push(ArnMatch { service, resource_type });
        }
    }
    matches.sort_by_key(|found| found.service.prefix() != arn.service);
    matches
}

/// An ARN or a form of one, cut at its first five colons.
struct Segments<'a> {
    partition: &'a str,
    service: &'a str,
    region: &'a str,
    account: &'a str,
    resource: &'a str,
}

impl<'a> Segments<'a> {
    fn new(arn: &'a str) -> Option<Segments<'a>> {
        let mut segments = arn.strip_prefix("arn:")?.splitn(5, ':');
        Some(Segments {
            partition: segments.next()?,
            service: segments.next()?,
            region: segments.next()?,
            account: segments.next()?,
            resource: segments.next()?,
        })
    }

    /// How much of a form this ARN spells out, at least 1; `None` if it does not have that form.
    fn specificity(&self, form: &str) -> Option<usize> {
        let form = Segments::new(form)?;
        let pairs = [
            (form.partition, self.partition),
            (form.service, self.service),
            (form.region, self.region),
            (form.account, self.account),
            (form.resource, self.resource),
        ];
        let fits = pairs.iter().all(|(form, segment)| template::matches_exactly(form, segment));
        fits.then(|| pairs.iter().map(|(form, _)| template::literal_length(form)).sum::<usize>() + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arn_is_of_the_most_specific_type() {
        #[track_caller]
        fn check(arn: &str, expected: &str) {
            let found = arn_resource_types(arn);
            let first =
                found.first().map(|first| format!("{} {}", first.service.prefix(), first.resource_type.name));
            assert_eq!(first.as_deref(), Some(expected), "{arn}");
        }
        check("arn:aws:s3:::amzn-s3-demo-bucket", "s3 bucket");
        check("arn:aws:s3:::amzn-s3-demo-bucket/a/b", "s3 object");
        check("arn:aws-cn:s3:::amzn-s3-demo-bucket", "s3 bucket");
        check("arn:aws:s3:us-east-1:123456789012:accesspoint/ap", "s3 accesspoint");
        check("arn:aws:dynamodb:us-east-1:123456789012:table/T", "dynamodb table");
        check("arn:aws:dynamodb:us-east-1:123456789012:table/T/index/I", "dynamodb index");
        check("arn:aws:ec2:us-east-1:123456789012:instance/i-0abc", "ec2 instance");
        check("arn:aws:ec2:us-east-1::image/ami-0abc", "ec2 image");
        check("arn:aws:iam::aws:policy/ReadOnlyAccess", "iam policy");
        check("arn:aws:lambda:us-east-1:123456789012:function:f", "lambda function");
        check("arn:aws:sqs:us-east-1:123456789012:queue", "sqs queue");
    }

    #[test]
    fn what_is_no_arn_has_no_type() {
        let check = |arn: &str| assert!(arn_resource_types(arn).is_empty(), "{arn}");
        check("");
        check("*");
        check("arn:aws:s3");
        check("arn:aws:nothing:us-east-1:123456789012:thing/1");
        check("arn:aws:s3:::");
    }

    #[test]
    fn the_service_in_the_arn_comes_first_and_others_follow() {
        let found = arn_resource_types("arn:aws:iam::123456789012:role/service/Deploy");
        let prefixes: Vec<&str> = found.iter().map(|found| found.service.prefix()).collect();
        assert_eq!(prefixes.first(), Some(&"iam"));
        assert!(prefixes.contains(&"sts"), "{prefixes:?}");
    }
}
