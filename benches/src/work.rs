//! A caller, the policies that meet its requests, and the requests: as data, and ready to be decided.

use std::collections::BTreeMap;
use std::sync::Arc;

use iamsim_engine::{AccountId, Context, Given, Level, Policies, PolicySet, Request, Text};
use iamsim_syntax::PolicyType;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{compile, principal};

/// One caller's work, as data that can be written down and given to another program.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Work {
    /// The caller's ARN.
    pub principal: String,
    /// The caller's account.
    pub account: String,
    /// The documents of the identity-based policies.
    pub identity: Vec<Value>,
    /// The document of the permissions boundary, or none.
    pub boundary: Vec<Value>,
    /// The documents of the service control policies, level by level from the root down; no level, no organization.
    pub scps: Vec<Vec<Value>>,
    /// The resource-based policies, by the ARN of what they are attached to.
    pub resource_policies: BTreeMap<String, Attached>,
    /// What is asked.
    pub requests: Vec<Asked>,
    /// A request for a service that no policy names.
    #[serde(rename = "nomatch", default, skip_serializing_if = "Option::is_none")]
    pub no_match: Option<Asked>,
}

/// A resource-based policy and whose resource it is attached to.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Attached {
    /// The owner of the resource.
    pub account: String,
    /// The document.
    pub policy: Value,
}

/// A request as text.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Asked {
    /// `s3:GetObject`
    pub action: String,
    /// An ARN.
    pub resource: String,
    /// Which resource-based policy meets the request, by its key in [`Work::resource_policies`].
    pub rp: Option<String>,
    /// The owner of the resource.
    pub resource_account: String,
    /// The context keys and their values.
    pub context: Vars,
}

/// Context keys and their values.
pub type Vars = BTreeMap<String, Var>;

/// The value of a context key.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Var {
    /// One.
    One(String),
    /// Several.
    Many(Vec<String>),
}

/// A request and the policies it meets.
#[derive(Debug, Clone)]
pub struct Question {
    /// Who asks: an ARN.
    pub caller: Arc<str>,
    /// What is asked, as text.
    pub asked: Asked,
    /// The same, prepared.
    pub request: Request,
    /// The policies, shared with other questions.
    pub policies: Arc<PolicySet>,
}

impl Question {
    /// Makes the request from its text, as a program does that is asked one.
    #[must_use]
    pub fn prepare(&self) -> Request {
        self.asked.prepare(&self.caller)
    }
}

impl Asked {
    /// The request, by this caller.
    #[must_use]
    pub fn prepare(&self, caller: &str) -> Request {
        let request =
            Request::of(principal(caller), &self.action, &self.resource).with_context(context(&self.context));
        let request = match AccountId::parse(&self.resource_account) {
            Some(account) => request.with_resource_account(account),
            None => request,
        };
        request.complete()
    }
}

impl Work {
    /// Compiles the policies and prepares the requests, in their order.
    #[must_use]
    pub fn questions(&self) -> Vec<Question> {
        let sets = self.sets();
        self.requests.iter().map(|asked| self.question(asked, &sets)).collect()
    }

    /// The request that no policy speaks of, if there is one.
    #[must_use]
    pub fn stray(&self) -> Option<Question> {
        let sets = self.sets();
        self.no_match.as_ref().map(|asked| self.question(asked, &sets))
    }

    fn question(&self, asked: &Asked, sets: &BTreeMap<Option<&str>, Arc<PolicySet>>) -> Question {
        let Some(policies) = sets.get(&asked.rp.as_deref()) else {
            crate::fault(&format!("nothing is attached to {:?}", asked.rp));
        };
        Question {
            caller: self.principal.as_str().into(),
            asked: asked.clone(),
            request: asked.prepare(&self.principal),
            policies: Arc::clone(policies),
        }
    }

    /// The policies that meet a request, by the resource-based one among them.
    fn sets(&self) -> BTreeMap<Option<&str>, Arc<PolicySet>> {
        let all = |documents: &[Value], policy_type| -> Policies {
            documents.iter().map(|document| compile(&document.to_string(), policy_type)).collect()
        };
        let level = |(depth, documents): (usize, &Vec<Value>)| Level {
            target: format!("level-{depth}").into(),
            policies: all(documents, PolicyType::ServiceControl),
        };
        let bare = PolicySet {
            identity: all(&self.identity, PolicyType::IdentityBased),
            permissions_boundary: all(&self.boundary, PolicyType::PermissionsBoundary),
            service_control: (!self.scps.is_empty())
                .then(|| self.scps.iter().enumerate().map(level).collect()),
            ..PolicySet::default()
        };
        let with = |attached: &Attached| {
            let resource = compile(&attached.policy.to_string(), PolicyType::ResourceBased).into();
            Arc::new(PolicySet { resource, ..bare.clone() })
        };
        let attached = self.resource_policies.iter();
        let mut sets: BTreeMap<_, _> =
            attached.map(|(arn, attached)| (Some(arn.as_str()), with(attached))).collect();
        sets.insert(None, Arc::new(bare.clone()));
        sets
    }
}

pub(crate) fn context(vars: &Vars) -> Context {
    vars.iter().map(|(key, var)| (key.as_str(), var)).collect()
}

impl<'v> From<&'v Var> for Given<'v> {
    #[inline]
    fn from(var: &'v Var) -> Self {
        match var {
            Var::One(value) => value.as_str().into(),
            Var::Many(values) => Self::Many(values.iter().map(Text::from).collect()),
        }
    }
}
