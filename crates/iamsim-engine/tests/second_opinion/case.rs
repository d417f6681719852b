//! One generated question, as plain text: the engine and the naive evaluator each read it in their own way.

use std::sync::Arc;

use iamsim_engine::{
    AccountId, Context, ContextValue, Credentials, KmsGrant, Level, Policy, PolicySet, Principal, Request,
    RoleSession, S3, Settings, Target, VpcEndpointType,
};
use iamsim_syntax::{self as syntax, PolicyType};

#[derive(Debug, Clone)]
pub(crate) struct Case {
    pub(crate) caller: Caller,
    pub(crate) action: String,
    pub(crate) resource: String,
    /// The account of a resource whose ARN does not say it.
    pub(crate) owner: Option<String>,
    pub(crate) context: Vec<(String, Value)>,
    /// Set for the credentials of `GetSessionToken`: whether a one-time code was given for them.
    pub(crate) session_token: Option<bool>,
    pub(crate) canonical_user_id: Option<String>,
    pub(crate) settings: Facts,
    pub(crate) policies: Policies<String>,
}

#[derive(Debug, Clone)]
pub(crate) enum Caller {
    User { arn: String },
    Role { role: String, session: Option<String>, path_known: bool },
    FederatedUser { arn: String, issuer: Option<String> },
    Root { arn: String },
    Service { name: String },
    Federated { provider: String },
    Anonymous,
}

#[derive(Debug, Clone)]
pub(crate) enum Value {
    One(String),
    Many(Vec<String>),
}

/// What is not a policy.
#[derive(Debug, Clone, Default)]
pub(crate) struct Facts {
    pub(crate) endpoint: Option<VpcEndpointType>,
    pub(crate) public_acl: bool,
    pub(crate) ignore_public_acls: bool,
    /// Who may decrypt with the key by a grant.
    pub(crate) decrypt_grantee: Option<String>,
}

/// Every policy of a case: as text, parsed, or compiled.
#[derive(Debug, Clone)]
pub(crate) struct Policies<P> {
    pub(crate) identity: Vec<P>,
    pub(crate) boundary: Option<P>,
    pub(crate) session: Vec<P>,
    pub(crate) resource: Option<P>,
    pub(crate) service_control: Option<Vec<Vec<P>>>,
    pub(crate) resource_control: Option<Vec<Vec<P>>>,
    pub(crate) endpoint: Option<Vec<P>>,
}

/// The account an ARN names.
pub(crate) fn account_of(arn: &str) -> Option<&str> {
    arn.split(':').nth(4).filter(|account| !account.is_empty())
}

impl Caller {
    pub(crate) fn account(&self) -> Option<&str> {
        self.arn().and_then(account_of)
    }

    pub(crate) fn arn(&self) -> Option<&str> {
        match self {
            Self::User { arn } | Self::FederatedUser { arn, .. } | Self::Root { arn } => Some(arn),
            Self::Role { role, .. } => Some(role),
            Self::Service { .. } | Self::Federated { .. } | Self::Anonymous => None,
        }
    }

    fn principal(&self) -> Principal {
        let read = |arn: &str| Principal::from_arn(arn).unwrap();
        match self {
            Self::User { arn } | Self::Root { arn } => read(arn),
            Self::Role { role, session: None, .. } => read(role),
            Self::Role { session: Some(session), path_known: false, .. } => read(session),
            Self::Role { role, session: Some(session), path_known: true } => {
                Principal::RoleSession(RoleSession {
                    arn: session.as_str().into(),
                    role_arn: role.as_str().into(),
                    path_known: true,
                    account: account_id(account_of(role).unwrap()),
                })
            }
            Self::FederatedUser { arn, issuer } => Principal::FederatedUser {
                arn: arn.as_str().into(),
                account: account_id(account_of(arn).unwrap()),
                issuer: issuer.as_deref().map(Into::into),
            },
            Self::Service { name } => Principal::Service { name: name.as_str().into() },
            Self::Federated { provider } => Principal::Federated { provider: provider.as_str().into() },
            Self::Anonymous => Principal::Anonymous,
        }
    }

    fn rewrite(&self, text: &impl Fn(&str) -> String) -> Self {
        match self {
            Self::User { arn } => Self::User { arn: text(arn) },
            Self::Role { role, session, path_known } => Self::Role {
                role: text(role),
                session: session.as_deref().map(text),
                path_known: *path_known,
            },
            Self::FederatedUser { arn, issuer } => {
                Self::FederatedUser { arn: text(arn), issuer: issuer.as_deref().map(text) }
            }
            Self::Root { arn } => Self::Root { arn: text(arn) },
            Self::Service { name } => Self::Service { name: text(name) },
            Self::Federated { provider } => Self::Federated { provider: text(provider) },
            Self::Anonymous => Self::Anonymous,
        }
    }
}

fn account_id(text: &str) -> AccountId {
    AccountId::parse(text).unwrap()
}

impl Case {
    /// Whether a role is to be assumed, whose policy is a trust policy.
    pub(crate) fn is_trust(&self) -> bool {
        self.resource.contains(":role/") && self.action.to_lowercase().starts_with("sts:")
    }

    /// The type of the resource's policy.
    pub(crate) fn resource_policy_type(&self) -> PolicyType {
        if self.is_trust() { PolicyType::RoleTrust } else { PolicyType::ResourceBased }
    }

    /// Reads every policy; a text that is refused is a mistake of the generator.
    pub(crate) fn parsed(&self) -> Policies<syntax::Policy> {
        self.policies.map(self.resource_policy_type(), |policy_type, text| {
            match syntax::parse(text, policy_type) {
                (Some(policy), _) => policy,
                (None, diagnostics) => {
                    let reasons: Vec<_> = diagnostics.iter().map(|diagnostic| &diagnostic.message).collect();
                    panic!("{policy_type} refused: {text}\n{reasons:?}")
                }
            }
        })
    }

    /// What the question is about.
    pub(crate) fn target(&self) -> Target {
        let target = Target::new(&self.action, &self.resource);
        match &self.owner {
            Some(owner) => target.with_resource_account(account_id(owner)),
            None => target,
        }
    }

    /// The question as the engine is asked.
    pub(crate) fn request(&self) -> Request {
        let context: Context = self.context.iter().map(|(name, value)| (name, value.for_engine())).collect();
        let mut request =
            Request::of(self.caller.principal(), &self.action, &self.resource).with_context(context);
        if let Some(owner) = &self.owner {
            request = request.with_resource_account(account_id(owner));
        }
        if let Some(mfa) = self.session_token {
            request = request.with_credentials(Credentials::SessionToken { mfa });
        }
        if let Some(id) = &self.canonical_user_id {
            request = request.with_canonical_user_id(id);
        }
        request.complete()
    }

    /// Every text of the case, changed alike.
    pub(crate) fn rewrite(&self, text: impl Fn(&str) -> String) -> Self {
        let value = |value: &Value| match value {
            Value::One(one) => Value::One(text(one)),
            Value::Many(many) => Value::Many(many.iter().map(|one| text(one)).collect()),
        };
        let grantee = self.settings.decrypt_grantee.as_deref().map(&text);
        Self {
            caller: self.caller.rewrite(&text),
            action: self.action.clone(),
            resource: text(&self.resource),
            owner: self.owner.as_deref().map(&text),
            context: self.context.iter().map(|(name, held)| (name.clone(), value(held))).collect(),
            session_token: self.session_token,
            canonical_user_id: self.canonical_user_id.clone(),
            settings: Facts { decrypt_grantee: grantee, ..self.settings.clone() },
            policies: self.policies.map(self.resource_policy_type(), |_, policy| text(policy)),
        }
    }
}

impl Value {
    fn for_engine(&self) -> ContextValue {
        match self {
            Self::One(text) => text.as_str().into(),
            Self::Many(texts) => texts.iter().cloned().collect(),
        }
    }
}

impl Facts {
    fn for_engine(&self) -> Settings {
        let grant = |grantee: &String| KmsGrant {
            grantee: grantee.as_str().into(),
            operations: vec!["Decrypt".into()],
        };
        Settings {
            s3: S3 {
                public_acl: self.public_acl,
                ignore_public_acls: self.ignore_public_acls,
                ..S3::default()
            },
            kms_grants: self.decrypt_grantee.iter().map(grant).collect(),
            vpc_endpoint: self.endpoint,
            ..Settings::default()
        }
    }
}

impl<P> Policies<P> {
    /// The same arrangement of something made from each policy and its type.
    pub(crate) fn map<Q>(&self, resource: PolicyType, make: impl Fn(PolicyType, &P) -> Q) -> Policies<Q> {
        let all = |policies: &[P], kind| policies.iter().map(|policy| make(kind, policy)).collect::<Vec<_>>();
        let levels =
            |levels: &Vec<Vec<P>>, kind| levels.iter().map(|level| all(level, kind)).collect::<Vec<_>>();
        Policies {
            identity: all(&self.identity, PolicyType::IdentityBased),
            boundary: self.boundary.as_ref().map(|policy| make(PolicyType::PermissionsBoundary, policy)),
            session: all(&self.session, PolicyType::Session),
            resource: self.resource.as_ref().map(|policy| make(resource, policy)),
            service_control: self.service_control.as_ref().map(|it| levels(it, PolicyType::ServiceControl)),
            resource_control: self
                .resource_control
                .as_ref()
                .map(|it| levels(it, PolicyType::ResourceControl)),
            endpoint: self.endpoint.as_ref().map(|policies| all(policies, PolicyType::VpcEndpoint)),
        }
    }
}

impl Policies<syntax::Policy> {
    /// The policies as the engine is given them.
    pub(crate) fn compiled(&self, facts: &Facts) -> PolicySet {
        let compile = |policy: &syntax::Policy| Arc::new(Policy::compile(policy, "generated"));
        let all = |policies: &Vec<syntax::Policy>| {
            policies.iter().map(compile).collect::<iamsim_engine::Policies>()
        };
        let levels = |levels: &Vec<Vec<syntax::Policy>>| {
            let level =
                |(at, policies)| Level { target: format!("level-{at}").into(), policies: all(policies) };
            levels.iter().enumerate().map(level).collect::<Arc<[_]>>()
        };
        PolicySet {
            identity: all(&self.identity),
            permissions_boundary: self.boundary.iter().map(compile).collect(),
            session: all(&self.session),
            resource: self.resource.iter().map(compile).collect(),
            service_control: self.service_control.as_ref().map(levels),
            resource_control: self.resource_control.as_ref().map(levels),
            vpc_endpoint: self.endpoint.as_ref().map(all),
            settings: facts.for_engine(),
        }
    }
}
