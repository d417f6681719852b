//! How AWS combines the policy types, for evaluators that know one set of policies and no types.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html>

use std::collections::BTreeMap;

use iamsim_benches::organization::Organization;
use iamsim_benches::work::{Vars, Work};
use serde_json::Value;

use crate::Outcome;

/// What one set of policies says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Says {
    /// Some statement allows and none denies.
    Allow,
    /// Some statement denies.
    Deny,
    /// Neither.
    Nothing,
}

/// An evaluator of one set of policies.
pub trait Evaluator {
    /// Policies, ready for it.
    type Set;
    /// A request, ready for it.
    type Request;

    /// Reads policies.
    fn load(documents: &[&Value]) -> Self::Set;
    /// Makes a request ready.
    fn request(caller: &str, account: &str, action: &str, resource: &str, context: &Vars) -> Self::Request;
    /// Evaluates a request.
    fn evaluate(&self, set: &Self::Set, request: &Self::Request) -> Says;
}

/// The policies that meet a request, by what they are for.
pub struct Layers<'s, S> {
    identity: &'s S,
    boundary: Option<&'s S>,
    levels: &'s [S],
    resource: Option<&'s S>,
    /// Whether caller and resource are in one account.
    same_account: bool,
}

impl<S> Layers<'_, S> {
    /// Decides as AWS does: a deny anywhere, then every level of service control policies, then the boundary, then
    /// either of the two policies inside of an account, both across.
    fn decide<E: Evaluator<Set = S>>(&self, evaluator: &E, request: &E::Request) -> Outcome {
        let mut all_allow = true;
        for limit in self.levels.iter().chain(self.boundary) {
            match evaluator.evaluate(limit, request) {
                Says::Deny => return Outcome::ExplicitDeny,
                Says::Nothing => all_allow = false,
                Says::Allow => {}
            }
        }
        let identity = evaluator.evaluate(self.identity, request);
        let resource = self.resource.map_or(Says::Nothing, |set| evaluator.evaluate(set, request));
        if identity == Says::Deny || resource == Says::Deny {
            return Outcome::ExplicitDeny;
        }
        let (identity, resource) = (identity == Says::Allow, resource == Says::Allow);
        let granted = if self.same_account { identity || resource } else { identity && resource };
        if all_allow && granted { Outcome::Allowed } else { Outcome::ImplicitDeny }
    }
}

/// One caller's work, ready for an evaluator, requests prepared.
pub struct Ready<E: Evaluator> {
    identity: E::Set,
    boundary: Option<E::Set>,
    levels: Vec<E::Set>,
    attached: BTreeMap<String, E::Set>,
    requests: Vec<(E::Request, Option<String>, bool)>,
}

impl<E: Evaluator> Ready<E> {
    /// Loads it.
    pub fn new(work: &Work) -> Self {
        let all = |documents: &[Value]| E::load(&documents.iter().collect::<Vec<_>>());
        let attached = work.resource_policies.iter();
        let request = |asked: &iamsim_benches::work::Asked| {
            let request =
                E::request(&work.principal, &work.account, &asked.action, &asked.resource, &asked.context);
            (request, asked.rp.clone(), asked.resource_account == work.account)
        };
        Self {
            identity: all(&work.identity),
            boundary: (!work.boundary.is_empty()).then(|| all(&work.boundary)),
            levels: work.scps.iter().map(|level| all(level)).collect(),
            attached: attached.map(|(arn, one)| (arn.clone(), E::load(&[&one.policy]))).collect(),
            requests: work.requests.iter().map(request).collect(),
        }
    }

    /// How many requests there are.
    pub fn len(&self) -> usize {
        self.requests.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.requests.is_empty()
    }

    /// Decides one.
    pub fn decide(&self, evaluator: &E, number: usize) -> Outcome {
        let (request, attached, same_account) = &self.requests[number];
        let layers = Layers {
            identity: &self.identity,
            boundary: self.boundary.as_ref(),
            levels: &self.levels,
            resource: attached.as_ref().and_then(|arn| self.attached.get(arn)),
            same_account: *same_account,
        };
        layers.decide(evaluator, request)
    }
}

/// An organization ready for an evaluator; requests are made when they are asked.
pub struct ReadyOrganization<'o, E: Evaluator> {
    organization: &'o Organization,
    identity: Vec<E::Set>,
    attached: Vec<E::Set>,
}

impl<'o, E: Evaluator> ReadyOrganization<'o, E> {
    /// Loads it.
    pub fn new(organization: &'o Organization) -> Self {
        let identity = organization.principals.iter().map(|role| {
            let own: Vec<&Value> = role.policies.iter().map(|at| &organization.policies[*at]).collect();
            E::load(&own)
        });
        let attached = organization.resources.iter().map(|resource| E::load(&[&resource.policy]));
        Self { organization, identity: identity.collect(), attached: attached.collect() }
    }

    /// How many decisions there are.
    pub fn len(&self) -> usize {
        self.organization.queries.len() * self.organization.principals.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Decides one: query by query, role by role.
    pub fn decide(&self, evaluator: &E, number: usize) -> Outcome {
        let roles = self.organization.principals.len();
        let (query, role) = (&self.organization.queries[number / roles], number % roles);
        let caller = &self.organization.principals[role];
        let request = E::request(&caller.arn, &caller.account, &query.action, &query.resource, &caller.context);
        let layers = Layers {
            identity: &self.identity[role],
            boundary: None,
            levels: &[],
            resource: Some(&self.attached[query.rp]),
            same_account: query.resource_account == caller.account,
        };
        layers.decide(evaluator, &request)
    }
}

/// Reads the command line, and reports on what it names.
///
/// # Errors
/// When the command line or the file cannot be read.
pub fn main<E: Evaluator>(evaluator: &E) -> Result<(), Box<dyn std::error::Error>> {
    let task = crate::Task::from_arguments()?;
    match &task.workload {
        crate::Workload::Work(work) => {
            let ready = Ready::<E>::new(work);
            crate::report(ready.len(), task.time, |number| ready.decide(evaluator, number), |_| String::new());
        }
        crate::Workload::Organization(organization) => {
            let ready = ReadyOrganization::<E>::new(organization);
            crate::report(ready.len(), task.time, |number| ready.decide(evaluator, number), |_| String::new());
        }
    }
    Ok(())
}
