//! A request, the policies it meets and their documents: what edits are made to.

use std::collections::BTreeMap;
use std::sync::Arc;

use iamsim_engine::{
    Context, Explanation, Level, Place, Policies, Policy, PolicySet, Request, explain, is_about_a_role,
};
use iamsim_syntax::literal::Instant;
use iamsim_syntax::{self as syntax, PolicyType, Span, Version};

use crate::edit::Edit;

/// The documents of policies, by where they stand.
pub type Documents = BTreeMap<Place, Arc<syntax::Policy>>;

/// What was decided, and may be changed.
#[derive(Debug, Clone)]
pub struct Case {
    /// The request.
    pub request: Request,
    /// The policies it meets.
    pub policies: PolicySet,
    /// The documents those policies were compiled from. What is missing here is never changed.
    pub documents: Documents,
}

impl Case {
    /// A case whose documents are those that `document` knows.
    #[must_use]
    pub fn new(
        request: Request,
        policies: PolicySet,
        mut document: impl FnMut(&Policy) -> Option<syntax::Policy>,
    ) -> Self {
        let mut case = Self { request, policies, documents: Documents::new() };
        let resource = case.resource_policy_type();
        for policy_type in PolicyType::ALL {
            let is_other_resource = matches!(policy_type, PolicyType::ResourceBased | PolicyType::RoleTrust)
                && policy_type != resource;
            let levels = if is_other_resource { 0 } else { case.levels(policy_type) };
            for level in 0..levels {
                let policies = case.at(policy_type, level).iter().enumerate();
                let known: Vec<_> = policies
                    .filter_map(|(policy, found)| {
                        let place = Place { policy_type, level, policy };
                        Some((place, Arc::new(document(found)?)))
                    })
                    .collect();
                case.documents.extend(known);
            }
        }
        case
    }

    /// The decision and everything that led to it.
    pub(crate) fn explain(&self) -> Explanation {
        explain(&self.request, &self.policies)
    }

    /// The case after edits.
    #[must_use]
    pub fn with(&self, edits: &[Edit]) -> Self {
        let mut changed = self.clone();
        for edit in edits {
            changed.make(edit);
        }
        changed
    }

    fn make(&mut self, edit: &Edit) {
        match edit {
            Edit::Bring { .. } | Edit::LeaveOut { .. } | Edit::UseMultiFactor => {
                let mut context = self.request.context().to_context();
                change_context(&mut context, edit);
                self.request = self.request.with_circumstances(context);
            }
            Edit::Share => self.policies.settings.shared_with_caller = true,
            Edit::AddStatement { to, statement } => {
                let document = self.documents.get(to).map(|document| (**document).clone());
                let mut document = document.unwrap_or_else(|| empty(to.policy_type));
                document.statements.push(statement.clone());
                self.put(*to, document);
            }
            Edit::Widen { at, by } | Edit::Spare { at, by } => {
                let Some(document) = self.documents.get(&at.place) else { return };
                let mut document = (**document).clone();
                if let Some(statement) = document.statements.get_mut(at.statement) {
                    by.add_to(statement);
                }
                self.put(at.place, document);
            }
        }
    }

    /// Puts a document in a policy's place.
    pub(crate) fn put(&mut self, place: Place, document: syntax::Policy) {
        let compiled = match self.policy(place) {
            Some(before) => {
                let compiled = Policy::compile(&document, before.name()).with_source(before.source());
                match before.arn() {
                    Some(arn) => compiled.with_arn(arn),
                    None => compiled,
                }
            }
            None => Policy::compile(&document, ""),
        };
        let compiled = Arc::new(compiled);
        self.documents.insert(place, Arc::new(document));
        let policies = &mut self.policies;
        match place.policy_type {
            PolicyType::IdentityBased => put(&mut policies.identity, place.policy, compiled),
            PolicyType::PermissionsBoundary => policies.permissions_boundary = compiled.into(),
            PolicyType::Session => put(&mut policies.session, place.policy, compiled),
            PolicyType::ResourceBased | PolicyType::RoleTrust => policies.resource = compiled.into(),
            PolicyType::VpcEndpoint => {
                put(policies.vpc_endpoint.get_or_insert_default(), place.policy, compiled);
            }
            PolicyType::ServiceControl => put_at(&mut policies.service_control, place, compiled),
            PolicyType::ResourceControl => put_at(&mut policies.resource_control, place, compiled),
        }
    }

    /// The policy that stands at a place.
    #[must_use]
    pub fn policy(&self, place: Place) -> Option<&Policy> {
        self.policies.policy(place).map(|policy| &**policy)
    }

    /// The policies of a type; for those of an organization, at one level.
    pub(crate) fn at(&self, policy_type: PolicyType, level: usize) -> &[Arc<Policy>] {
        let policies = &self.policies;
        match policy_type {
            PolicyType::IdentityBased => &policies.identity,
            PolicyType::PermissionsBoundary => &policies.permissions_boundary,
            PolicyType::Session => &policies.session,
            PolicyType::ResourceBased | PolicyType::RoleTrust => &policies.resource,
            PolicyType::VpcEndpoint => policies.vpc_endpoint.as_deref().unwrap_or_default(),
            PolicyType::ServiceControl => at_level(policies.service_control.as_deref(), level),
            PolicyType::ResourceControl => at_level(policies.resource_control.as_deref(), level),
        }
    }

    /// How many levels the policies of a type stand at: one, but for those of an organization.
    fn levels(&self, policy_type: PolicyType) -> usize {
        match policy_type {
            PolicyType::ServiceControl => {
                self.policies.service_control.as_ref().map_or(0, |levels| levels.len())
            }
            PolicyType::ResourceControl => {
                self.policies.resource_control.as_ref().map_or(0, |levels| levels.len())
            }
            _ => 1,
        }
    }

    /// Whether the policy's owner is not AWS, and what it says is known.
    pub(crate) fn may_edit(&self, place: Place) -> bool {
        let of_aws = |arn: &str| syntax::Arn::parse(arn).is_some_and(|arn| arn.account == "aws");
        self.documents.contains_key(&place)
            && self.policy(place).is_some_and(|policy| !policy.arn().is_some_and(of_aws))
    }

    /// The first level at which no service control policy allows the request.
    pub(crate) fn silent_level(&self, explanation: &Explanation) -> Option<usize> {
        let allows = |level: usize| {
            explanation.evaluation.matched.iter().any(|matched| {
                matched.place.policy_type == PolicyType::ServiceControl && matched.place.level == level
            })
        };
        let levels = self.levels(PolicyType::ServiceControl);
        (0..levels).find(|level| !allows(*level))
    }

    /// What the policy of the resource is called.
    pub(crate) fn resource_policy_type(&self) -> PolicyType {
        if is_about_a_role(&self.request) { PolicyType::RoleTrust } else { PolicyType::ResourceBased }
    }
}

fn at_level(levels: Option<&[Level]>, number: usize) -> &[Arc<Policy>] {
    levels.and_then(|levels| levels.get(number)).map_or(&[], |level| &level.policies)
}

fn put(policies: &mut Policies, at: usize, policy: Arc<Policy>) {
    let mut all = policies.to_vec();
    match all.get_mut(at) {
        Some(there) => *there = policy,
        None => all.push(policy),
    }
    *policies = all.into();
}

fn put_at(levels: &mut Option<Arc<[Level]>>, place: Place, policy: Arc<Policy>) {
    let Some(levels) = levels else { return };
    let mut all = levels.to_vec();
    if let Some(level) = all.get_mut(place.level) {
        put(&mut level.policies, place.policy, policy);
    }
    *levels = all.into();
}

/// A policy that says nothing yet.
pub(crate) fn empty(policy_type: PolicyType) -> syntax::Policy {
    syntax::Policy {
        policy_type,
        version: Version::V2012,
        version_span: None,
        id: None,
        statements: Vec::new(),
        span: Span::default(),
    }
}

/// Changes what the edit names and what cannot be told apart from it.
pub(crate) fn change_context(context: &mut Context, edit: &Edit) {
    match edit {
        Edit::UseMultiFactor => {
            context.insert("aws:MultiFactorAuthPresent", true);
            context.insert("aws:MultiFactorAuthAge", "0");
        }
        Edit::LeaveOut { key, .. } => {
            context.remove(key);
        }
        Edit::Bring { key, value, .. } => {
            context.insert(key, value.clone());
            let instant = context.text(key).and_then(Instant::parse);
            match (&*key.to_lowercase(), instant) {
                ("aws:sourcevpce" | "aws:sourcevpc", _) => {
                    context.remove("aws:SourceIp");
                }
                ("aws:currenttime", Some(instant)) => {
                    context.insert("aws:EpochTime", instant.0.div_euclid(1000).to_string());
                }
                ("aws:epochtime", Some(instant)) => {
                    context.insert("aws:CurrentTime", instant.to_string());
                }
                _ => {}
            }
        }
        Edit::Share | Edit::AddStatement { .. } | Edit::Widen { .. } | Edit::Spare { .. } => {}
    }
}
