//! `Resource` and `NotResource`: which policies have them, and which ARNs AWS takes.
//!
//! Sources: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html>,
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html>

use super::element::{Nulls, Pair};
use super::{Reading, aws};
use crate::json::flat::MemberRef;
use crate::variable::{self, Piece};
use crate::{Diagnostic, PolicyType, ResourceElement, Sense, Span, Spanned, Text, Version, code};

/// The partitions AWS has.
pub(super) const PARTITIONS: [&str; 8] =
    ["aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f", "aws-eusc"];

/// What an IAM resource begins with.
const IAM_RESOURCES: [&str; 14] = [
    "user/",
    "federated-user/",
    "role/",
    "group/",
    "instance-profile/",
    "mfa/",
    "server-certificate/",
    "policy/",
    "sms-mfa/",
    "saml-provider/",
    "oidc-provider/",
    "report/",
    "access-report/",
    "role-template/",
];

/// The resource of `sts:AssumeRoot`, which has nothing after it.
///
/// Source: <https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html>
const ROOT_USER: &[u8] = b"root";

/// The S3 resources that live in a Region; buckets and objects do not.
///
/// Source: <https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html>
const REGIONAL_S3_RESOURCES: [&str; 6] =
    ["accesspoint/", "access-grants/", "async-request/", "job/", "storage-lens/", "storage-lens-group/"];

impl Reading {
    pub(super) fn resource(
        &mut self,
        statement: Span,
        elements: Pair<'_>,
        misspelt: &[&str],
    ) -> Option<ResourceElement> {
        let names = ["Resource", "NotResource"];
        let Some((sense, member)) = self.pair(elements, names) else {
            if self.needs_resource() {
                let message = "the statement has neither `Resource` nor `NotResource`";
                let diagnostic = Diagnostic::error(code::MISSING_RESOURCE, statement, message)
                    .with_help("add `\"Resource\": \"arn:…\"`, or `\"*\"` for every resource")
                    .with_aws_message(aws::NO_RESOURCES);
                self.missing(statement, misspelt, &names, diagnostic);
            }
            return None;
        };
        if self.policy_type == PolicyType::RoleTrust {
            self.prohibited_resource(sense, member);
            return None;
        }
        let before = self.diagnostics.len();
        let patterns = self.texts(member, Nulls::Skipped);
        if patterns.is_empty() && self.diagnostics.len() == before {
            let message = format!("`{}` lists no resource", member.key.value);
            let diagnostic = Diagnostic::error(code::EMPTY_ARRAY_RESOURCE, member.value.span(), message)
                .with_help("list at least one, or delete the statement")
                .with_aws_message(aws::NO_RESOURCES);
            self.report(diagnostic);
        }
        for pattern in &patterns {
            if let Some(fault) = fault(&pattern.value, self.policy_type, self.version) {
                self.report(fault.diagnostic(pattern));
            }
        }
        Some(ResourceElement { sense, patterns, span: member.value.span() })
    }

    /// Some services' policies leave `Resource` out, as those of Amazon ECR do.
    fn needs_resource(&self) -> bool {
        match self.policy_type {
            PolicyType::IdentityBased
            | PolicyType::PermissionsBoundary
            | PolicyType::Session
            | PolicyType::ServiceControl
            | PolicyType::ResourceControl
            | PolicyType::VpcEndpoint => true,
            PolicyType::ResourceBased | PolicyType::RoleTrust => false,
        }
    }

    fn prohibited_resource(&mut self, sense: Sense, member: MemberRef<'_>) {
        let message = format!("a role trust policy cannot have a `{}`", member.key.value);
        let diagnostic =
            Diagnostic::error(code::ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE, member.key.span, message)
                .with_help("delete it: the resource is the role the policy is attached to");
        self.report(match sense {
            Sense::Listed => diagnostic.with_aws_message(aws::PROHIBITED_RESOURCE),
            Sense::NotListed => diagnostic,
        });
    }
}

/// Why AWS does not take a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    NoArn,
    /// Fewer than six fields, one of them empty.
    EmptyField,
    /// Fewer than six fields, in a policy type that does not fill up the others.
    FewFields,
    Partition,
    Service,
    IamRegion,
    S3Region,
    IamResource,
}

/// Checks the fields in AWS's order. Those from the first policy variable on are only known once a request
/// comes, and are left to it.
fn fault(resource: &str, policy_type: PolicyType, version: Version) -> Option<Fault> {
    if resource == "*" {
        return None;
    }
    if !resource.bytes().any(|byte| byte == b':') {
        return Some(Fault::NoArn);
    }
    let fixed = fixed_part(resource, version);
    let whole = fixed.len() == resource.len();
    let (fields, count) = split(fixed.as_bytes());
    if !whole && count == 1 && !fixed.is_empty() {
        return Some(Fault::NoArn);
    }
    // A variable may add to the last of them.
    let known = if whole { count } else { count - 1 };
    let field = |index: usize| fields.get(..known)?.get(index).copied();
    if whole && count < 6 && resource.contains("::") || field(2) == Some(b"") {
        return Some(Fault::EmptyField);
    }
    if field(1).is_some_and(|partition| !is_partition(partition) && !has_wildcard(partition)) {
        return Some(Fault::Partition);
    }
    if whole && count < 3 || field(2).is_some_and(has_wildcard) {
        return Some(Fault::Service);
    }
    let region = field(3).is_some_and(|region| !region.is_empty() && !has_wildcard(region));
    let begins_with_none = |known: &[&str]| {
        field(5).is_some_and(|part| !known.iter().any(|beginning| part.starts_with(beginning.as_bytes())))
    };
    match field(2) {
        Some(b"iam") if region => return Some(Fault::IamRegion),
        Some(b"s3") if region && begins_with_none(&REGIONAL_S3_RESOURCES) => return Some(Fault::S3Region),
        Some(b"iam") if !matches!(field(5), Some(b"*" | ROOT_USER)) && begins_with_none(&IAM_RESOURCES) => {
            return Some(Fault::IamResource);
        }
        _ => {}
    }
    let filled_up = match policy_type {
        PolicyType::IdentityBased
        | PolicyType::PermissionsBoundary
        | PolicyType::ResourceBased
        | PolicyType::RoleTrust
        | PolicyType::VpcEndpoint => true,
        PolicyType::ServiceControl => resource.ends_with('*'),
        PolicyType::Session | PolicyType::ResourceControl => false,
    };
    (whole && count < 6 && !filled_up).then_some(Fault::FewFields)
}

/// The bytes up to each of the first five colons and after the last of them, and how many fields that makes.
fn split(text: &[u8]) -> ([&[u8]; 6], usize) {
    let (mut fields, mut count): ([&[u8]; 6], _) = ([b""; 6], 0);
    for (field, part) in fields.iter_mut().zip(text.splitn(6, |byte| *byte == b':')) {
        *field = part;
        count += 1;
    }
    (fields, count)
}

/// The text before the first policy variable: all of it in a version without variables.
fn fixed_part(resource: &str, version: Version) -> &str {
    if version == Version::V2008 || !variable::begins_in(resource) {
        return resource;
    }
    let pieces = variable::pieces(resource);
    let variable = pieces.iter().find(|(_, piece)| matches!(piece, Piece::Variable { .. }));
    variable.and_then(|(range, _)| resource.get(..range.start)).unwrap_or(resource)
}

fn is_partition(text: &[u8]) -> bool {
    PARTITIONS.iter().any(|partition| partition.as_bytes() == text)
}

fn has_wildcard(text: &[u8]) -> bool {
    text.iter().any(|byte| matches!(byte, b'*' | b'?'))
}

impl Fault {
    fn diagnostic(self, pattern: &Spanned<Text>) -> Diagnostic {
        let resource = &*pattern.value;
        let text = resource.escape_debug();
        let mut fields = resource.splitn(6, ':').skip(1);
        let field = |text: Option<&str>| text.unwrap_or_default().escape_debug().to_string();
        let partition = field(fields.next());
        let service = field(fields.next());
        let region = field(fields.next());
        let (code, message, help) = match self {
            Self::NoArn => (
                code::INVALID_ARN_PREFIX,
                format!("the resource `{text}` is not an ARN"),
                "write `arn:partition:service:region:account:resource`, or `*` for every resource".to_owned(),
            ),
            Self::EmptyField if service.is_empty() => (
                code::MISSING_ARN_FIELD,
                format!("the ARN `{text}` names no service"),
                "an ARN is `arn:partition:service:region:account:resource`".to_owned(),
            ),
            Self::EmptyField | Self::FewFields => (
                code::MISSING_ARN_FIELD,
                format!("the ARN `{text}` has {} fields, not six", resource.split(':').count()),
                "an ARN is `arn:partition:service:region:account:resource`; a field may be empty, its colon not"
                    .to_owned(),
            ),
            Self::Partition => (
                code::INVALID_PARTITION,
                format!("there is no partition `{partition}`"),
                match super::element::nearest(&partition, PARTITIONS.into_iter()) {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None => "partitions are `aws`, `aws-cn`, `aws-us-gov` and a few others".to_owned(),
                },
            ),
            Self::Service if service.is_empty() => (
                code::INVALID_ARN_SERVICE,
                format!("the ARN `{text}` names no service"),
                "an ARN is `arn:partition:service:region:account:resource`".to_owned(),
            ),
            Self::Service => (
                code::INVALID_ARN_SERVICE,
                format!("the service of an ARN cannot have a wildcard: `{service}`"),
                "list the services one by one, or write `*` for every resource".to_owned(),
            ),
            Self::IamRegion => (
                code::ARN_REGION_NOT_ALLOWED,
                format!("IAM is a global service: its ARNs have no Region such as `{region}`"),
                "leave the field empty, as in `arn:aws:iam::111122223333:role/name`".to_owned(),
            ),
            Self::S3Region => (
                code::ARN_REGION_NOT_ALLOWED,
                format!("the ARN of a bucket or object has no Region such as `{region}`"),
                "leave the field empty, as in `arn:aws:s3:::amzn-s3-demo-bucket`".to_owned(),
            ),
            Self::IamResource => (
                code::INVALID_ARN_RESOURCE,
                format!("IAM has no resource of the kind `{text}` names"),
                format!("the last field is `*` or begins with one of {}", super::element::listed(&IAM_RESOURCES)),
            ),
        };
        let diagnostic = Diagnostic::error(code, pattern.span, message).with_help(help);
        match self.aws_message(resource) {
            Some(words) => diagnostic.with_aws_message(words),
            None => diagnostic,
        }
    }

    fn aws_message(self, resource: &str) -> Option<String> {
        Some(match self {
            Self::NoArn => aws::not_an_arn(resource),
            Self::EmptyField => aws::LEGACY_PARSING.to_owned(),
            Self::FewFields => return None,
            Self::Partition => aws::partition(resource),
            Self::Service => aws::RESOURCE_VENDOR.to_owned(),
            Self::IamRegion => aws::iam_region(resource),
            Self::S3Region => aws::s3_region(resource),
            Self::IamResource => aws::IAM_PATH.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use PolicyType::{IdentityBased, ResourceBased, ResourceControl, ServiceControl, Session};

    fn check(resource: &str, policy_type: PolicyType, expected: Option<Fault>) {
        assert_eq!(fault(resource, policy_type, Version::V2012), expected, "{resource}");
    }

    #[test]
    fn whole_arns_are_checked_field_by_field() {
        for resource in [
            "*",
            "arn:aws:s3:::bucket/*",
            "arn:*:s3:::b",
            "arn:aws:s3:*:*:x",
            "arn:aws:s3:us-east-1:111122223333:accesspoint/p",
            "arn:aws:iam::111122223333:*",
            "arn:aws:iam::111122223333:root",
            "arn:aws:iam::111122223333:role-template/x",
            "ARN:aws:s3:::b",
            "arn:aws:fdsasf",
        ] {
            check(resource, IdentityBased, None);
        }
        check("bucket", IdentityBased, Some(Fault::NoArn));
        check("arn:aws:s3::b", IdentityBased, Some(Fault::EmptyField));
        check("arn:aws::::b", IdentityBased, Some(Fault::EmptyField));
        check("a:b:s3:::c", IdentityBased, Some(Fault::Partition));
        check("arn:", IdentityBased, Some(Fault::Partition));
        check("arn:aws", IdentityBased, Some(Fault::Service));
        check("arn:aws:s*:::b", IdentityBased, Some(Fault::Service));
        check("arn:aws:iam:us-east-1:111122223333:role/x", IdentityBased, Some(Fault::IamRegion));
        check("arn:aws:s3:us-east-1::bucket", IdentityBased, Some(Fault::S3Region));
        check("arn:aws:iam::111122223333:root/x", IdentityBased, Some(Fault::IamResource));
    }

    #[test]
    fn short_arns_are_filled_up_in_some_policy_types_only() {
        for policy_type in [IdentityBased, ResourceBased] {
            check("arn:aws:sqs", policy_type, None);
        }
        check("arn:aws:sqs:*", ServiceControl, None);
        check("arn:aws:sqs", ServiceControl, Some(Fault::FewFields));
        check("arn:aws:sqs:*", ResourceControl, Some(Fault::FewFields));
        check("arn:aws:sqs:*", Session, Some(Fault::FewFields));
    }

    #[test]
    fn what_a_variable_will_be_is_not_judged() {
        for resource in [
            "${aws:PrincipalTag/arn}",
            "arn:${aws:PrincipalTag/partition}:s3:::b",
            "arn:aws:s3:::${aws:username}/*",
            "arn:aws:iam::111122223333:${aws:PrincipalTag/kind}/x",
            "arn:aws:sqs:${aws:RequestedRegion}",
        ] {
            check(resource, Session, None);
            assert_eq!(fault(resource, IdentityBased, Version::V2012), None, "{resource}");
        }
        check("arn:cloud:s3:::${aws:username}", Session, Some(Fault::Partition));
        assert_eq!(fault("${aws:username}", Session, Version::V2008), Some(Fault::Partition));
    }
}
