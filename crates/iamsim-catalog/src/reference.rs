//! The service authorization reference: services, their actions, resource types and condition keys.

use std::fmt;
use std::iter;
use std::sync::OnceLock;

use crate::by_name::ByName;
use crate::condition_key::{self, ConditionKey, Keys};
use crate::{embedded, nearest, template};

mod names;
mod parse;

use names::Names;

/// An AWS service as policies name it.
///
/// <https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html>
#[derive(Debug)]
pub struct Service {
    prefix: &'static str,
    name: &'static str,
    resource_control_policies: bool,
    arn_services: &'static str,
    lines: &'static str,
    contents: OnceLock<Contents>,
}

/// What a service's lines say, read when first asked for.
#[derive(Debug)]
struct Contents {
    /// By lower-case name.
    actions: Vec<Action>,
    actions_by_name: ByName,
    action_names: Names,
    resource_types: Vec<ResourceType>,
    condition_keys: Keys,
}

/// An action and what can be said about it in a policy. Displays as a policy names it: `s3:GetObject`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Action {
    /// The prefix of its service, such as `s3`.
    pub service: &'static str,
    /// The name without the prefix, such as `GetObject`.
    pub name: &'static str,
    /// What kind of access it gives.
    pub access_level: AccessLevel,
    /// The resource types it works on. An action without any is *wildcard-only*: a statement for it needs
    /// `"Resource": "*"`. Optional types only do not make an action wildcard-only.
    pub resource_types: Vec<ActionResource>,
    /// The condition keys it supports whatever the resource, in addition to the global ones.
    pub condition_keys: Vec<ConditionKey>,
    /// Actions that a caller may need as well, such as `iam:PassRole`.
    pub dependent_actions: Vec<&'static str>,
}

/// A resource type as one action uses it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ActionResource {
    /// The name of the type; [`Service::resource_type`] has its ARNs.
    pub resource_type: &'static str,
    /// Whether a statement that names resources must name one of this type (an asterisk in AWS's tables).
    pub required: bool,
    /// The condition keys that the action supports for this type only.
    pub condition_keys: Vec<ConditionKey>,
}

/// What kind of access an action gives.
///
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_understand-policy-summary-access-level-summaries.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AccessLevel {
    /// Lists resources.
    List,
    /// Reads the contents or attributes of resources.
    Read,
    /// Creates, deletes or changes resources.
    Write,
    /// Changes nothing but tags.
    Tagging,
    /// Changes permissions.
    PermissionsManagement,
}

/// A type of resource that a service defines.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ResourceType {
    /// The name, such as `object`; it may have spaces.
    pub name: &'static str,
    /// The forms of its ARN, such as `arn:${Partition}:s3:::${BucketName}/${ObjectName}`. Mostly one, sometimes two.
    /// The ARN's service may differ from the prefix of the service that lists the type.
    pub arns: Vec<&'static str>,
    /// The condition keys of the resource, such as `aws:ResourceTag/${TagKey}`.
    pub condition_keys: Vec<ConditionKey>,
}

impl Service {
    pub(crate) const fn new(
        prefix: &'static str,
        name: &'static str,
        resource_control_policies: bool,
        arn_services: &'static str,
        lines: &'static str,
    ) -> Self {
        Self { prefix, name, resource_control_policies, arn_services, lines, contents: OnceLock::new() }
    }

    /// The prefix in actions, such as `s3`; in lower case.
    #[must_use]
    pub fn prefix(&self) -> &'static str {
        self.prefix
    }

    /// The service's name, such as `Amazon S3`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Whether resource control policies apply to the service, as of the day of the data
    /// ([`about`](crate::about())).
    ///
    /// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html>
    #[must_use]
    pub fn supports_resource_control_policies(&self) -> bool {
        self.resource_control_policies
    }

    /// The actions, by lower-case name.
    #[must_use]
    pub fn actions(&self) -> &[Action] {
        &self.contents().actions
    }

    /// Finds an action by its name without prefix, in any case.
    #[must_use]
    pub fn action(&self, name: &str) -> Option<&Action> {
        let Contents { actions, actions_by_name, .. } = self.contents();
        actions_by_name.find(actions, name, |action| action.name)
    }

    /// The actions whose names begin like this, in any case.
    #[must_use]
    pub fn actions_beginning(&self, beginning: &str) -> &[Action] {
        let Contents { actions, action_names, .. } = self.contents();
        actions.get(action_names.beginning(beginning)).unwrap_or_default()
    }

    /// The actions whose names match a pattern with the wildcards `*` and `?`, in any case.
    ///
    /// ```
    /// let s3 = iamsim_catalog::service("s3").unwrap();
    /// let names: Vec<&str> = s3.actions_matching("get*lockconfiguration").map(|action| action.name).collect();
    /// assert_eq!(names, ["GetBucketObjectLockConfiguration"]);
    /// ```
    pub fn actions_matching(&self, pattern: &str) -> impl Iterator<Item = &Action> + use<'_> {
        let Contents { actions, action_names, .. } = self.contents();
        action_names.matching(pattern).into_iter().filter_map(|place| actions.get(place))
    }

    /// The resource types, by lower-case name. Some are used by no action.
    #[must_use]
    pub fn resource_types(&self) -> &[ResourceType] {
        &self.contents().resource_types
    }

    /// Finds a resource type by its exact name.
    #[must_use]
    pub fn resource_type(&self, name: &str) -> Option<&ResourceType> {
        self.resource_types().iter().find(|resource_type| resource_type.name == name)
    }

    /// The condition keys the service's actions and resource types use, by lower-case name. Global ones are
    /// among them only where AWS's table for the service lists them.
    #[must_use]
    pub fn condition_keys(&self) -> &[ConditionKey] {
        self.contents().condition_keys.all()
    }

    /// Finds one of the service's condition keys, as [`condition_key`](crate::condition_key()) does.
    #[must_use]
    pub fn condition_key(&self, name: &str) -> Option<ConditionKey> {
        self.contents().condition_keys.find(name)
    }

    /// The services that the ARNs of its resource types may name: its own prefix and, for some, others. AWS Backup's
    /// recovery points, which may be of any service, are not thought of: they would turn up for every ARN nobody
    /// knows.
    pub fn arn_services(&self) -> impl Iterator<Item = &'static str> + use<> {
        let others = self.arn_services.split(',').filter(|other| !other.is_empty());
        iter::once(self.prefix).chain(others)
    }

    fn contents(&self) -> &Contents {
        self.contents.get_or_init(|| parse::contents(self.prefix, self.lines))
    }
}

impl ResourceType {
    /// Whether some ARN of this type could match an element of `Resource`, with its wildcards and policy variables.
    ///
    /// ```
    /// let bucket = iamsim_catalog::service("s3").unwrap().resource_type("bucket").unwrap();
    /// assert!(bucket.can_match("arn:aws:s3:::amzn-s3-demo-bucket"));
    /// assert!(!bucket.can_match("arn:aws:s3:::amzn-s3-demo-bucket/*"));
    /// ```
    #[must_use]
    pub fn can_match(&self, resource: &str) -> bool {
        self.arns.iter().any(|arn| template::overlaps(arn, resource))
    }
}

impl Action {
    /// Whether a statement for the action must have `"Resource": "*"`: it works on no resource type.
    #[must_use]
    pub fn is_wildcard_only(&self) -> bool {
        self.resource_types.is_empty()
    }

    /// Finds a condition key that the action supports, with some resource type or without. Global keys count only
    /// where AWS's table lists them.
    #[must_use]
    pub fn condition_key(&self, name: &str) -> Option<ConditionKey> {
        let of_types =
            || self.resource_types.iter().find_map(|used| condition_key::find(&used.condition_keys, name));
        condition_key::find(&self.condition_keys, name).or_else(of_types)
    }
}

impl fmt::Display for Action {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.service, self.name)
    }
}

/// Every service, by prefix. What each one defines is read when first asked for.
#[must_use]
pub fn services() -> &'static [Service] {
    embedded::services()
}

/// The services that list resource types with ARNs of a service, by prefix: `iam` and `sts` list roles, whose ARNs are
/// of `iam`. [`Service::arn_services`] is the other way about.
pub fn services_with_arns_of(arn_service: &str) -> impl Iterator<Item = &'static Service> {
    services().iter().filter(move |service| service.arn_services().any(|other| other == arn_service))
}

/// Finds a service by its prefix, in any case.
///
/// ```
/// assert_eq!(iamsim_catalog::service("s3").unwrap().name(), "Amazon S3");
/// ```
#[must_use]
pub fn service(prefix: &str) -> Option<&'static Service> {
    static BY_PREFIX: OnceLock<ByName> = OnceLock::new();
    let by_prefix = BY_PREFIX.get_or_init(|| ByName::new(services().iter().map(Service::prefix)));
    by_prefix.find(services(), prefix, |service| service.prefix)
}

/// Finds an action by the name policies use, in any case.
///
/// Absence is no proof that AWS does not know an action: retired services are not listed, new ones not yet.
///
/// ```
/// let action = iamsim_catalog::action("S3:getobject").unwrap();
/// assert_eq!(action.to_string(), "s3:GetObject");
/// ```
#[must_use]
pub fn action(name: &str) -> Option<&'static Action> {
    let (prefix, name) = name.split_once(':')?;
    service(prefix)?.action(name)
}

/// The actions that a pattern matches: `s3:Get*`, `ec2:*`, `*`. Case is ignored; `*` and `?` are wildcards on
/// both sides of the colon.
///
/// ```
/// let names: Vec<String> = iamsim_catalog::expand("sts:*Root").map(|action| action.to_string()).collect();
/// assert_eq!(names, ["sts:AssumeRoot"]);
/// ```
pub fn expand(pattern: &str) -> impl Iterator<Item = &'static Action> {
    let (prefix, name) = match pattern.split_once(':') {
        Some(parts) => parts,
        None if pattern == "*" => ("*", "*"),
        None => ("", ""),
    };
    let (prefix, name) = (prefix.to_ascii_lowercase(), name.to_owned());
    services()
        .iter()
        .filter(move |service| names::matches(&prefix, service.prefix))
        .flat_map(move |service| service.actions_matching(&name))
}

/// The service whose prefix is most like a misspelt one, or `None` if none is alike.
#[must_use]
pub fn nearest_service(prefix: &str) -> Option<&'static Service> {
    nearest_to(prefix)
}

/// The action most like a misspelt one, or `None` if none is alike. For an unknown prefix, or
/// none, it is the action of that very name if only one service has it, else one of the service whose prefix is most
/// alike.
///
/// ```
/// let nearest = |name| iamsim_catalog::nearest_action(name).unwrap().to_string();
/// assert_eq!(nearest("s3:GetObjct"), "s3:GetObject");
/// assert_eq!(nearest("monitoring:GetMetricStatistics"), "cloudwatch:GetMetricStatistics");
/// assert_eq!(nearest("RunInstances"), "ec2:RunInstances");
/// ```
#[must_use]
pub fn nearest_action(name: &str) -> Option<&'static Action> {
    let Some((prefix, name)) = name.split_once(':') else { return only_action(name) };
    let alike = |service: &'static Service| {
        nearest::nearest(name, service.actions().iter().map(|action| action.name))
            .and_then(|nearest| service.action(nearest))
    };
    if let Some(service) = service(prefix) {
        return alike(service);
    }
    only_action(name).or_else(|| nearest_to(prefix).and_then(alike))
}

fn only_action(name: &str) -> Option<&'static Action> {
    let mut found = services().iter().filter_map(|service| service.action(name));
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

pub(crate) fn nearest_to(prefix: &str) -> Option<&'static Service> {
    nearest::nearest(prefix, services().iter().map(Service::prefix)).and_then(service)
}

#[cfg(test)]
mod tests;
