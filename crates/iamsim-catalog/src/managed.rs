//! AWS managed policies, with their documents.

use std::cmp::Ordering;

use crate::embedded;
use crate::nearest;

/// An AWS managed policy at its default version.
///
/// <https://docs.aws.amazon.com/aws-managed-policy/latest/reference/about-managed-policy-reference.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct ManagedPolicy {
    /// The name, such as `AmazonS3ReadOnlyAccess`.
    pub name: &'static str,
    /// The ARN in the `aws` partition, such as `arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess`.
    pub arn: &'static str,
    /// The path with both slashes: `/`, `/job-function/`, `/service-role/`, `/aws-service-role/`, `/root-task/`.
    pub path: &'static str,
    /// The default version, such as `v3`.
    pub default_version: &'static str,
    /// The day of the policy's last update, `YYYY-MM-DD`.
    pub updated: &'static str,
    /// The policy document as JSON, on one line.
    pub document: &'static str,
}

/// Finds an AWS managed policy by its exact name or by its ARN in any partition.
///
/// The document is always that of the `aws` partition; other partitions have fewer policies, and theirs name
/// ARNs of their own partition.
///
/// ```
/// let policy = iamsim_catalog::managed_policy("ViewOnlyAccess").unwrap();
/// assert_eq!(policy.arn, "arn:aws:iam::aws:policy/job-function/ViewOnlyAccess");
/// assert_eq!(iamsim_catalog::managed_policy(policy.arn), Some(policy));
/// ```
#[must_use]
pub fn managed_policy(name_or_arn: &str) -> Option<ManagedPolicy> {
    let Some(after_arn) = name_or_arn.strip_prefix("arn:") else {
        return by_name(name_or_arn);
    };
    let (partition, rest) = after_arn.split_once(':')?;
    let (_, name) = rest.rsplit_once('/')?;
    let policy = by_name(name)?;
    (!partition.is_empty() && policy.arn.strip_prefix("arn:aws:") == Some(rest)).then_some(policy)
}

/// Every AWS managed policy, by name.
pub fn managed_policies() -> impl ExactSizeIterator<Item = ManagedPolicy> {
    (0..embedded::managed_policies()).map(|number| parse(embedded::managed_policy(number)))
}

/// The AWS managed policy whose name is most like a misspelt one, or `None` if none is alike.
///
/// ```
/// let policy = iamsim_catalog::nearest_managed_policy("AmazonS3ReadonlyAcess").unwrap();
/// assert_eq!(policy.name, "AmazonS3ReadOnlyAccess");
/// ```
#[must_use]
pub fn nearest_managed_policy(name_or_arn: &str) -> Option<ManagedPolicy> {
    let name = name_or_arn.rsplit('/').next().unwrap_or(name_or_arn);
    nearest::nearest(name, managed_policies().map(|policy| policy.name)).and_then(by_name)
}

/// Looks at the names alone: most of the text is documents, and what is not looked at is never paged in.
fn by_name(name: &str) -> Option<ManagedPolicy> {
    let (mut low, mut high) = (0, embedded::managed_policies());
    while low < high {
        let middle = low.midpoint(high);
        let line = embedded::managed_policy(middle);
        match line.split('\t').next().unwrap_or_default().cmp(name) {
            Ordering::Equal => return Some(parse(line)),
            Ordering::Less => low = middle + 1,
            Ordering::Greater => high = middle,
        }
    }
    None
}

/// A test reads every line, so no field is ever absent.
fn parse(line: &'static str) -> ManagedPolicy {
    let mut fields = line.split('\t');
    let mut field = || fields.next().unwrap_or_default();
    let (name, arn, default_version, updated, document) = (field(), field(), field(), field(), field());
    let path = arn.strip_prefix("arn:aws:iam::aws:policy").and_then(|path| path.strip_suffix(name));
    ManagedPolicy { name, arn, path: path.unwrap_or_default(), default_version, updated, document }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::about;

    #[test]
    fn every_listed_policy_is_there_in_order() {
        assert_eq!(managed_policies().len(), about().counts.managed_policies);
        assert!(managed_policies().len() >= 1580);
        assert!(managed_policies().is_sorted_by(|one, other| one.name < other.name));
        assert!(managed_policies().all(|policy| policy.path.starts_with('/')));
        let newest = managed_policies().map(|policy| policy.updated).max();
        assert_eq!(newest, Some(about().counts.newest_managed_policy));
    }

    #[test]
    fn every_document_is_a_json_object_with_statements() {
        for policy in managed_policies() {
            let document: serde_json::Value = serde_json::from_str(policy.document).unwrap();
            let statements = &document["Statement"];
            assert!(statements.is_array() || statements.is_object(), "{}", policy.name);
            assert_eq!(document["Version"], "2012-10-17", "{}", policy.name);
        }
    }

    #[test]
    fn a_policy_is_found_by_name_or_arn() {
        #[track_caller]
        fn check(asked: &str, expected: Option<(&str, &str)>) {
            assert_eq!(managed_policy(asked).map(|policy| (policy.name, policy.path)), expected);
        }
        check("AmazonS3ReadOnlyAccess", Some(("AmazonS3ReadOnlyAccess", "/")));
        check("arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess", Some(("AmazonS3ReadOnlyAccess", "/")));
        check("arn:aws-cn:iam::aws:policy/AmazonS3ReadOnlyAccess", Some(("AmazonS3ReadOnlyAccess", "/")));
        check("ViewOnlyAccess", Some(("ViewOnlyAccess", "/job-function/")));
        check(
            "arn:aws:iam::aws:policy/job-function/ViewOnlyAccess",
            Some(("ViewOnlyAccess", "/job-function/")),
        );
        check(
            "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
            Some(("AWSLambdaBasicExecutionRole", "/service-role/")),
        );
        check("arn:aws:iam::aws:policy/ViewOnlyAccess", None);
        check("arn:aws:iam::123456789012:policy/AmazonS3ReadOnlyAccess", None);
        check("arn::iam::aws:policy/AmazonS3ReadOnlyAccess", None);
        check("arn:aws", None);
        check("amazons3readonlyaccess", None);
        check("", None);
    }

    #[test]
    fn versions_are_those_of_the_data() {
        let check = |name: &str, version: &str| {
            assert_eq!(managed_policy(name).map(|policy| policy.default_version), Some(version));
        };
        check("AdministratorAccess", "v1");
        check("AmazonS3ReadOnlyAccess", "v3");
        check("AmazonEC2ContainerRegistryReadOnly", "v3");
        check("AWSLambda_FullAccess", "v7");
    }

    #[test]
    fn a_misspelt_name_has_a_suggestion() {
        let check = |asked: &str, expected: Option<&str>| {
            assert_eq!(nearest_managed_policy(asked).map(|policy| policy.name), expected);
        };
        check("amazons3readonlyaccess", Some("AmazonS3ReadOnlyAccess"));
        check("ReadOnlyAcces", Some("ReadOnlyAccess"));
        check("arn:aws:iam::aws:policy/AdminstratorAccess", Some("AdministratorAccess"));
        check("Zzzzzzzz", None);
    }
}
