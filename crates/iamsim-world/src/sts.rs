//! AWS STS: opening sessions.
//!
//! Sources: <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html>,
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html>

use std::collections::BTreeMap;
use std::sync::Arc;

use iamsim_engine::{
    AccountId, Context, ContextValue, Credentials, Policies, Policy, Principal, RoleSession,
};
use iamsim_syntax::{Arn, PolicyType};

use crate::call::{AssumeRole, Check, SessionParameters, StsCall};
use crate::context::Circumstances;
use crate::identity::{of_role, user_id};
use crate::session::{Caller, Session};
use crate::simulation::{ApiError, CheckOutcome, Failure, Simulation, Success};

mod parameters;

/// How a role is assumed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Plain,
    WebIdentity,
    Saml,
}

impl Way {
    fn action(self) -> &'static str {
        match self {
            Self::Plain => "sts:AssumeRole",
            Self::WebIdentity => "sts:AssumeRoleWithWebIdentity",
            Self::Saml => "sts:AssumeRoleWithSAML",
        }
    }
}

/// Makes a call to STS.
pub(crate) fn call(
    simulation: &Simulation,
    caller: &Caller,
    call: &StsCall,
    circumstances: &Circumstances,
    checks: &mut Vec<CheckOutcome>,
) -> Result<Success, Failure> {
    let desk = Desk { simulation, caller, circumstances };
    match call {
        StsCall::AssumeRole(parameters) => desk.assume_role(Way::Plain, parameters, checks),
        StsCall::AssumeRoleWithWebIdentity(parameters) => {
            desk.assume_role(Way::WebIdentity, parameters, checks)
        }
        StsCall::AssumeRoleWithSaml(parameters) => desk.assume_role(Way::Saml, parameters, checks),
        StsCall::GetSessionToken { duration_seconds, mfa } => {
            desk.session_token(*duration_seconds, *mfa, checks)
        }
        StsCall::GetFederationToken { name, duration_seconds, session } => {
            desk.federation_token(name, *duration_seconds, session, checks)
        }
        StsCall::GetCallerIdentity => desk.caller_identity(checks),
    }
}

impl StsCall {
    /// The checks AWS makes when `caller` makes this call, unless it refuses a parameter before.
    #[must_use]
    pub fn checks(&self, caller: &Caller) -> Vec<Check> {
        let of_role = |way, asked: &AssumeRole| {
            let before = caller.session.as_deref();
            let inherited = before.map_or(&[][..], |session| &session.transitive_tag_keys);
            let asked = with_session_name(way, asked);
            let source_identity = parameters::source_identity(&asked, before).ok().flatten();
            role_checks(way, &asked, source_identity.as_deref(), inherited).collect()
        };
        match self {
            Self::AssumeRole(asked) => of_role(Way::Plain, asked),
            Self::AssumeRoleWithWebIdentity(asked) => of_role(Way::WebIdentity, asked),
            Self::AssumeRoleWithSaml(asked) => of_role(Way::Saml, asked),
            Self::GetSessionToken { .. } => vec![Check::new("sts:GetSessionToken", "*")],
            Self::GetFederationToken { name, session, .. } => {
                federation_checks(&federated_user(caller, name), session).collect()
            }
            Self::GetCallerIdentity => vec![Check::new("sts:GetCallerIdentity", "*")],
        }
    }
}

/// Where a caller asks for credentials.
struct Desk<'d> {
    simulation: &'d Simulation,
    caller: &'d Caller,
    circumstances: &'d Circumstances,
}

impl Desk<'_> {
    fn assume_role(
        &self,
        way: Way,
        asked: &AssumeRole,
        checks: &mut Vec<CheckOutcome>,
    ) -> Result<Success, Failure> {
        let asked = &with_session_name(way, asked);
        parameters::check_assume_role(asked)?;
        let before = self.caller.session.as_deref();
        let inherited = before.map_or(&[][..], |session| &session.transitive_tag_keys);
        parameters::check_inherited_tags(asked, inherited)?;
        let source_identity = parameters::source_identity(asked, before)?;

        self.require_role(way, asked, source_identity.as_deref(), inherited, checks)?;

        let duration = self.role_duration(asked)?;
        let session_policies = self.session_policies(&asked.session, &asked.role_arn)?;
        let principal = session_principal(asked)?;
        let role_id = of_role(self.simulation.world().role(&asked.role_arn), &asked.role_arn);
        let mut tags: BTreeMap<String, String> = asked.session.tags.iter().cloned().collect();
        let handed_on = before.into_iter().flat_map(|session| &session.tags);
        tags.extend(
            handed_on
                .filter(|(key, _)| inherited.contains(&key.to_lowercase()))
                .map(|(k, v)| (k.clone(), v.clone())),
        );
        let passed_on = asked.session.transitive_tag_keys.iter().map(|key| key.to_lowercase());
        let federated_provider = match &self.caller.principal {
            Principal::Federated { provider } if way == Way::WebIdentity => Some(provider.to_string()),
            _ => None,
        };
        Ok(self.open(Session {
            user_id: format!("{role_id}:{}", asked.role_session_name),
            principal,
            issued_ms: self.simulation.now_ms(),
            expires_ms: self.expiry(duration),
            credentials: Credentials::Usual,
            policies: session_policies,
            tags,
            transitive_tag_keys: inherited.iter().cloned().chain(passed_on).collect(),
            source_identity,
            mfa: (way == Way::Plain).then_some(false),
            federated_provider,
        }))
    }

    /// Passing tags or a source identity, or having inherited them, takes further permissions; every one must
    /// be given or none of it happens.
    fn require_role(
        &self,
        way: Way,
        asked: &AssumeRole,
        source_identity: Option<&str>,
        inherited: &[String],
        checks: &mut Vec<CheckOutcome>,
    ) -> Result<(), Failure> {
        let circumstances =
            Circumstances { mfa: self.circumstances.mfa || asked.mfa, ..self.circumstances.clone() };
        for check in role_checks(way, asked, source_identity, inherited) {
            self.simulation.require(self.caller, &check, &circumstances, checks)?;
        }
        Ok(())
    }

    /// A role session may open the next for an hour at most; everybody else, but for AWS services, for as long as
    /// the role says.
    fn role_duration(&self, asked: &AssumeRole) -> Result<u32, Failure> {
        let duration = asked.duration_seconds.unwrap_or(3600);
        let role = self.simulation.world().role(&asked.role_arn);
        let longest = role.and_then(|role| role.max_session_duration).unwrap_or(3600);
        let error = |message: &str| {
            Err(Failure::Refused(ApiError { code: "ValidationError", message: message.to_owned() }))
        };
        match &self.caller.principal {
            Principal::RoleSession(_) if duration > 3600 => error(
                "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining",
            ),
            Principal::Service { .. } => Ok(duration),
            _ if duration > longest => {
                error("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")
            }
            _ => Ok(duration),
        }
    }

    fn session_token(
        &self,
        duration_seconds: Option<u32>,
        mfa: bool,
        checks: &mut Vec<CheckOutcome>,
    ) -> Result<Success, Failure> {
        let mfa = mfa || self.circumstances.mfa;
        let duration = parameters::long_lived(duration_seconds, &self.caller.principal)?;
        self.simulation.require(
            self.caller,
            &Check::new("sts:GetSessionToken", "*"),
            self.circumstances,
            checks,
        )?;
        Ok(self.open(Session {
            principal: self.caller.principal.clone(),
            user_id: user_id(self.caller, self.simulation.resident(self.caller)).unwrap_or_default().into(),
            issued_ms: self.simulation.now_ms(),
            expires_ms: self.expiry(duration),
            credentials: Credentials::SessionToken { mfa },
            policies: Policies::default(),
            tags: BTreeMap::new(),
            transitive_tag_keys: Vec::new(),
            source_identity: None,
            mfa: Some(mfa),
            federated_provider: None,
        }))
    }

    fn federation_token(
        &self,
        name: &str,
        duration_seconds: Option<u32>,
        asked: &SessionParameters,
        checks: &mut Vec<CheckOutcome>,
    ) -> Result<Success, Failure> {
        parameters::check_federated_name(name)?;
        let duration = parameters::long_lived(duration_seconds, &self.caller.principal)?;
        let account = self.caller.principal.account();
        let resource = federated_user(self.caller, name);
        for check in federation_checks(&resource, asked) {
            self.simulation.require(self.caller, &check, self.circumstances, checks)?;
        }
        let Some(account) = account else { return Err(Failure::Denied) };
        let issuer = match &self.caller.principal {
            Principal::User { arn, .. } | Principal::Root { arn, .. } => Some(arn.clone()),
            _ => None,
        };
        let policies = self.session_policies(asked, self.caller.principal.arn())?;
        Ok(self.open(Session {
            principal: Principal::FederatedUser { arn: resource.into(), account, issuer },
            user_id: format!("{account}:{name}"),
            issued_ms: self.simulation.now_ms(),
            expires_ms: self.expiry(duration),
            credentials: Credentials::Usual,
            policies,
            tags: asked.tags.iter().cloned().collect(),
            transitive_tag_keys: Vec::new(),
            source_identity: None,
            mfa: None,
            federated_provider: None,
        }))
    }

    fn caller_identity(&self, checks: &mut Vec<CheckOutcome>) -> Result<Success, Failure> {
        self.simulation.require(
            self.caller,
            &Check::new("sts:GetCallerIdentity", "*"),
            self.circumstances,
            checks,
        )?;
        Ok(match self.caller.principal.account() {
            Some(account) => Success::Identity { account, arn: self.caller.principal.arn().to_owned() },
            None => Success::Done,
        })
    }

    fn session_policies(&self, asked: &SessionParameters, near: &str) -> Result<Policies, Failure> {
        let account = Arn::parse(near).and_then(|arn| AccountId::parse(arn.account));
        let inline = asked.policy.as_deref().map(inline_policy);
        let managed = asked.policy_arns.iter().map(|arn| self.managed_policy(arn, account));
        inline.into_iter().chain(managed).collect()
    }

    /// A managed session policy must be AWS's or in the role's account.
    fn managed_policy(&self, arn: &str, account: Option<AccountId>) -> Result<Arc<Policy>, Failure> {
        let unknown = || {
            Failure::Refused(ApiError {
                code: "NoSuchEntity",
                message: format!("Policy {arn} does not exist."),
            })
        };
        if let Some(managed) = iamsim_catalog::managed_policy(arn) {
            let (policy, _) = iamsim_syntax::parse(managed.document, PolicyType::IdentityBased);
            let policy = Policy::compile(&policy.ok_or_else(unknown)?, managed.name).with_arn(arn);
            return Ok(Arc::new(policy));
        }
        let parts = Arn::parse(arn).ok_or_else(unknown)?;
        let own = AccountId::parse(parts.account).filter(|own| Some(*own) == account).ok_or_else(unknown)?;
        let name = parts.resource.rsplit('/').next().unwrap_or_default();
        let account = self.simulation.world().account(own).ok_or_else(unknown)?;
        account.policies.get(name).cloned().ok_or_else(unknown)
    }

    fn expiry(&self, seconds: u32) -> i64 {
        self.simulation.now_ms().saturating_add(i64::from(seconds) * 1000)
    }

    fn open(&self, session: Session) -> Success {
        Success::Session(Arc::new(session))
    }
}

fn role_checks(
    way: Way,
    asked: &AssumeRole,
    source_identity: Option<&str>,
    inherited: &[String],
) -> impl Iterator<Item = Check> {
    let tags = !asked.session.tags.is_empty() || !inherited.is_empty();
    let actions = [
        Some(way.action()),
        tags.then_some("sts:TagSession"),
        source_identity.map(|_| "sts:SetSourceIdentity"),
    ];
    actions.into_iter().flatten().map(move |action| {
        let context = role_context(asked, source_identity);
        Check { context, ..Check::new(action, &asked.role_arn) }
    })
}

/// The ARN of the federated user whom `caller` would make; `*` for a caller without an account.
fn federated_user(caller: &Caller, name: &str) -> String {
    let partition = caller.principal.partition().unwrap_or("aws");
    match caller.principal.account() {
        Some(account) => format!("arn:{partition}:sts::{account}:federated-user/{name}"),
        None => "*".to_owned(),
    }
}

fn federation_checks(resource: &str, asked: &SessionParameters) -> impl Iterator<Item = Check> {
    let mut context = Context::new();
    tag_context(&mut context, asked);
    let actions = [Some("sts:GetFederationToken"), (!asked.tags.is_empty()).then_some("sts:TagSession")];
    actions
        .into_iter()
        .flatten()
        .map(move |action| Check { context: context.clone(), ..Check::new(action, resource) })
}

/// A SAML assertion carries the session's name; nobody shows us the assertion.
fn with_session_name(way: Way, asked: &AssumeRole) -> AssumeRole {
    let mut named = asked.clone();
    if way == Way::Saml && named.role_session_name.is_empty() {
        named.role_session_name = "saml-session".to_owned();
    }
    named
}

fn inline_policy(text: &str) -> Result<Arc<Policy>, Failure> {
    let (policy, diagnostics) = iamsim_syntax::parse(text, PolicyType::Session);
    match policy {
        Some(policy) => Ok(Arc::new(Policy::compile(&policy, "inline session policy"))),
        None => {
            let message =
                diagnostics.first().map_or_else(String::new, |diagnostic| diagnostic.message.clone());
            Err(Failure::Refused(ApiError { code: "MalformedPolicyDocument", message }))
        }
    }
}

fn session_principal(asked: &AssumeRole) -> Result<Principal, Failure> {
    let parts = Arn::parse(&asked.role_arn);
    let account = parts.and_then(|arn| AccountId::parse(arn.account));
    let (Some(parts), Some(account)) = (parts, account) else {
        return Err(parameters::invalid_role_arn(asked));
    };
    let name = parts.resource.rsplit('/').next().unwrap_or_default();
    let partition = parts.partition;
    Ok(Principal::RoleSession(RoleSession {
        arn: format!("arn:{partition}:sts::{account}:assumed-role/{name}/{}", asked.role_session_name).into(),
        role_arn: asked.role_arn.as_str().into(),
        path_known: true,
        account,
    }))
}

/// The keys that only these calls have.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html>
fn role_context(asked: &AssumeRole, source_identity: Option<&str>) -> Context {
    let mut context = Context::new();
    context.insert("sts:RoleSessionName", asked.role_session_name.as_str());
    if let Some(id) = &asked.external_id {
        context.insert("sts:ExternalId", id.as_str());
    }
    if let Some(identity) = source_identity {
        context.insert("sts:SourceIdentity", identity);
    }
    tag_context(&mut context, &asked.session);
    context
}

fn tag_context(context: &mut Context, asked: &SessionParameters) {
    if asked.tags.is_empty() {
        return;
    }
    for (key, value) in &asked.tags {
        context.insert(&format!("aws:RequestTag/{key}"), value.as_str());
    }
    let keys: ContextValue = asked.tags.iter().map(|(key, _)| key.clone()).collect();
    context.insert("aws:TagKeys", keys);
    if !asked.transitive_tag_keys.is_empty() {
        let keys: ContextValue = asked.transitive_tag_keys.iter().cloned().collect();
        context.insert("sts:TransitiveTagKeys", keys);
    }
}
