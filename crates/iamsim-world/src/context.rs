//! The request context AWS would have: every key exactly when AWS has it.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>

use std::borrow::Cow;
use std::collections::BTreeMap;

use iamsim_catalog::ConditionKey;
use iamsim_engine::{AccountId, Context, KnownKey, Principal, hides_the_owner};
use iamsim_syntax::literal::boolean;

use crate::call::CheckRef;
use crate::identity::user_id;
use crate::index::{Index, Membership, Subject};
use crate::lookup::bucket_of;
use crate::residents::Resident;
use crate::session::Caller;
use crate::time::Moment;
use crate::world::{VpcEndpoint, World};

/// Where and how a call is made, as far as whoever asks has said so.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Circumstances {
    /// Context keys that are given; they are used as they are.
    pub context: Context,
    /// Context keys that are to be absent.
    pub absent: Vec<String>,
    /// Whether the caller has just used a multi-factor device.
    pub mfa: bool,
    /// The id of the VPC endpoint the call goes through.
    pub vpc_endpoint: Option<String>,
    /// The Region whose endpoint is called.
    pub region: Option<String>,
    /// Context keys of which nobody knows what they hold.
    pub unknown: UnknownKeys,
}

/// Context keys of which nobody knows what they hold, nor whether they are there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UnknownKeys {
    /// Their names.
    pub names: Vec<String>,
    /// Whether every key that policies ask for and the request does not have is unknown, too.
    pub every_missing: bool,
}

impl UnknownKeys {
    /// Whether everything is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.names.is_empty() && !self.every_missing
    }
}

/// The address calls come from when nothing is said: one that documentation reserves.
const SOURCE_IP: &str = "192.0.2.1";

/// The Region of calls when nothing is said.
pub const DEFAULT_REGION: &str = "us-east-1";

/// What there is when a check is made.
#[derive(Clone, Copy)]
pub(crate) struct Scene<'w> {
    pub(crate) world: &'w World,
    pub(crate) index: &'w Index,
    pub(crate) now: &'w Moment,
    pub(crate) caller: &'w Caller,
    pub(crate) resident: Option<&'w Resident>,
    /// Where the caller's account stands.
    pub(crate) membership: Option<&'w Membership>,
    /// The VPC endpoint the call goes through.
    pub(crate) endpoint: Option<Endpoint<'w>>,
}

/// A VPC endpoint by its id, and what the world knows of it.
#[derive(Clone, Copy)]
pub(crate) struct Endpoint<'w> {
    id: &'w str,
    pub(crate) known: Option<&'w VpcEndpoint>,
}

/// The id of the endpoint a call goes through: said outright, or by `aws:SourceVpce`.
pub(crate) fn endpoint(circumstances: &Circumstances) -> Option<&str> {
    let Circumstances { vpc_endpoint, context, .. } = circumstances;
    let in_context = || context.has(KnownKey::SOURCE_VPCE).then(|| context.text("aws:SourceVpce")).flatten();
    vpc_endpoint.as_deref().or_else(in_context)
}

impl<'w> Scene<'w> {
    pub(crate) fn through(self, endpoint: Option<&'w str>) -> Self {
        let endpoint = endpoint.map(|id| Endpoint { id, known: self.index.vpc_endpoint(self.world, id) });
        Self { endpoint, ..self }
    }
}

/// Builds the context of one check on top of what is `given`.
pub(crate) fn build(
    scene: Scene<'_>,
    subject: Subject<'_>,
    check: CheckRef<'_>,
    circumstances: &Circumstances,
    given: Context,
) -> Context {
    let mut context = given;
    if !check.context.is_empty() {
        check.context.iter().for_each(|(name, value)| _ = context.insert_if_absent(name, value));
    }
    let service = service(check.action);
    of_request(&mut context, &service, circumstances, scene.now);
    of_network(&mut context, scene);
    of_principal(&mut context, scene);
    of_session(&mut context, scene);
    of_mfa(&mut context, scene.caller, circumstances);
    of_resource(&mut context, scene, subject, &service, check.action);
    context
}

/// The service prefix of an action, in lower case.
pub(crate) fn service(action: &str) -> Cow<'_, str> {
    // Prefixes are short: stepping to the colon is quicker than a search for it.
    let colon = action.bytes().position(|byte| byte == b':');
    let prefix = colon.and_then(|colon| action.get(..colon)).unwrap_or_default();
    match prefix.bytes().any(|byte| byte.is_ascii_uppercase()) {
        true => prefix.to_ascii_lowercase().into(),
        false => prefix.into(),
    }
}

/// The Region from which a global service, given by its prefix in lower case, answers whichever is asked for; `None`
/// for the others.
///
/// Sources: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-requestedregion>,
/// <https://docs.aws.amazon.com/general/latest/gr/aws-service-information.html>
#[must_use]
pub fn only_region(service: &str) -> Option<&'static str> {
    match service {
        "account" | "budgets" | "ce" | "chime" | "cloudfront" | "cur" | "health" | "iam"
        | "organizations" | "route53" | "route53domains" | "savingsplans" | "shield" | "support" | "waf" => {
            Some("us-east-1")
        }
        "globalaccelerator" | "networkmanager" => Some("us-west-2"),
        _ => None,
    }
}

fn of_request(context: &mut Context, service: &str, circumstances: &Circumstances, now: &Moment) {
    let called = || circumstances.region.as_deref().unwrap_or(DEFAULT_REGION);
    let region = only_region(service).unwrap_or_else(called);
    context.fill(KnownKey::REQUESTED_REGION, region);
    context.fill(KnownKey::CURRENT_TIME, now.iso());
    context.fill(KnownKey::EPOCH_TIME, now.epoch());
    context.fill(KnownKey::SECURE_TRANSPORT, true);
    context.fill(KnownKey::USER_AGENT, "aws-cli/2");
}

/// Through an endpoint the public address is not known, the endpoint is; when a service forwards the call, neither.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/access_forward_access_sessions.html>
fn of_network(context: &mut Context, scene: Scene<'_>) {
    let Scene { caller, endpoint, .. } = scene;
    if let Some(Endpoint { id, known }) = endpoint {
        if is_forwarded(context) {
            return;
        }
        context.fill(KnownKey::SOURCE_VPCE, id);
        if let Some(vpc) = known.and_then(|endpoint| endpoint.vpc.as_deref()) {
            context.fill(KnownKey::SOURCE_VPC, vpc);
        }
        return;
    }
    let by_service = matches!(caller.principal, Principal::Service { .. });
    if !by_service && !context.has(KnownKey::SOURCE_VPC) {
        context.fill(KnownKey::SOURCE_IP, SOURCE_IP);
    }
}

/// Whether a service forwards the call for its caller.
fn is_forwarded(context: &Context) -> bool {
    match context.text("aws:ViaAWSService") {
        Some(told) => boolean(told),
        None => context.contains("aws:CalledVia"),
    }
}

fn of_principal(context: &mut Context, scene: Scene<'_>) {
    let Scene { caller, resident, membership, .. } = scene;
    if let Some(id) = user_id(caller, resident) {
        context.fill(KnownKey::USER_ID, id);
    }
    if let Some(membership) = membership {
        context.fill(KnownKey::PRINCIPAL_ORG_ID, &membership.organization);
        context.fill(KnownKey::PRINCIPAL_ORG_PATHS, &membership.paths);
    }
    // Session tags come before those of the user or role.
    for (key, value) in caller.session.iter().flat_map(|session| &session.tags) {
        context.insert_if_absent(&format!("aws:PrincipalTag/{key}"), value.as_str());
    }
    for (key, value) in resident.into_iter().flat_map(|resident| &resident.tags) {
        context.insert_key_if_absent(key, value);
    }
}

fn of_session(context: &mut Context, scene: Scene<'_>) {
    let Scene { caller, now, .. } = scene;
    if let Some(session) = &caller.session {
        context.fill(KnownKey::TOKEN_ISSUE_TIME, Moment::new(session.issued_ms).iso());
        if let Some(identity) = &session.source_identity {
            context.fill(KnownKey::SOURCE_IDENTITY, identity.as_str());
        }
        if let Some(provider) = &session.federated_provider {
            context.fill(KnownKey::FEDERATED_PROVIDER, provider.as_str());
        }
    } else if matches!(caller.principal, Principal::RoleSession(_) | Principal::FederatedUser { .. }) {
        context.fill(KnownKey::TOKEN_ISSUE_TIME, now.iso());
    }
}

/// Long-term credentials say nothing about MFA, those of `AssumeRole` say no, those of SAML and web identity say
/// nothing, those of `GetSessionToken` say what was given for them.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html>
fn of_mfa(context: &mut Context, caller: &Caller, circumstances: &Circumstances) {
    let can_use_device = matches!(caller.principal, Principal::User { .. } | Principal::Root { .. });
    let from_session = match (&caller.session, &caller.principal) {
        (Some(session), _) => session.mfa,
        (None, Principal::RoleSession(_)) => Some(false),
        (None, _) => None,
    };
    let mfa = if circumstances.mfa && can_use_device { Some(true) } else { from_session };
    let Some(mfa) = mfa else { return };
    context.fill(KnownKey::MULTI_FACTOR_AUTH_PRESENT, mfa);
    if mfa {
        let issued = caller.session.as_ref().filter(|_| !circumstances.mfa).map(|session| session.issued_ms);
        let now = context.text("aws:EpochTime").and_then(|text| text.parse::<i64>().ok());
        let age = issued.zip(now).map_or(0, |(issued, now)| now - issued.div_euclid(1000));
        context.fill(KnownKey::MULTI_FACTOR_AUTH_AGE, age.max(0).to_string());
    }
}

fn of_resource(context: &mut Context, scene: Scene<'_>, subject: Subject<'_>, service: &str, action: &str) {
    let Some(owner) = subject.owner else { return };
    let operation = action.get(service.len() + 1..).unwrap_or_default();
    if let Some(membership) = subject.membership.filter(|_| !hides_the_owner(service, operation)) {
        context.fill(KnownKey::RESOURCE_ORG_ID, &membership.organization);
        context.fill(KnownKey::RESOURCE_ORG_PATHS, &membership.paths);
    }
    match service {
        "s3" => context.fill(KnownKey::S3_RESOURCE_ACCOUNT, owner.as_str()),
        "kms" => {
            if let Some(account) = scene.caller.principal.account() {
                context.insert_if_absent("kms:CallerAccount", account.as_str());
            }
        }
        _ => {}
    }
    let Some(tags) = tags_of(scene.world, owner, subject) else { return };
    if subject.arn.is_some_and(|arn| bucket_of(subject.name, &arn).is_some()) {
        if tells_object_tags(action) {
            for (key, value) in tags {
                context.insert_if_absent(&format!("s3:ExistingObjectTag/{key}"), value.as_str());
            }
        }
        return;
    }
    for (key, value) in tags {
        context.insert_if_absent(&format!("aws:ResourceTag/{key}"), value.as_str());
        context.insert_if_absent(&format!("{service}:ResourceTag/{key}"), value.as_str());
        if service == "sts" {
            context.insert_if_absent(&format!("iam:ResourceTag/{key}"), value.as_str());
        }
    }
}

/// Whether an action of Amazon S3 compares the tags that the object has.
///
/// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/tagging-and-policies.html>
fn tells_object_tags(action: &str) -> bool {
    let is_tag = |key: &ConditionKey| key.name.starts_with("s3:ExistingObjectTag");
    iamsim_catalog::action(action).is_some_and(|action| action.condition_keys.iter().any(is_tag))
}

/// The tags of exactly this resource: an object does not have its bucket's.
fn tags_of<'w>(
    world: &'w World,
    owner: AccountId,
    subject: Subject<'_>,
) -> Option<&'w BTreeMap<String, String>> {
    let parts = subject.arn?;
    if parts.service != "iam" {
        subject.itself.filter(|listed| listed.has_tags)?;
    }
    let account = world.account(owner)?;
    let name = parts.resource.rsplit('/').next()?;
    match (parts.service, parts.resource.split('/').next()?) {
        ("iam", "role") => account.roles.get(name).map(|role| &role.tags),
        ("iam", "user") => account.users.get(name).map(|user| &user.tags),
        _ => account.resources.get(subject.name).map(|resource| &resource.tags),
    }
}
