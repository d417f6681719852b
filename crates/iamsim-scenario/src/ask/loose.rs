//! Policies given one by one, each by its file, its text or the name of an AWS managed policy.

use std::path::Path;
use std::sync::Arc;

use iamsim_engine::{
    AccountId, Level, Policies, Policy, PolicySet, Principal, Request, denial_message, evaluate_fully,
    is_about_a_role,
};
use iamsim_syntax::literal::Instant;
use iamsim_syntax::{Arn, Diagnostic, PolicyType};
use iamsim_world::{
    Call, Caller, CheckOutcome, Effect, Failure, Role, Simulation, StsCall, UnknownKeys, User, World,
    evaluate_partially,
};

use super::context::Given;
use super::{Asking, Outcome};
use crate::library;
use crate::policy_file::PolicyReader;
use crate::report::StepError;
use crate::source::Source;

/// The policies that meet a request, each a path, the text of a policy, or the name or ARN of an AWS managed
/// policy.
#[derive(Debug, Clone, Default)]
pub struct LoosePolicies {
    /// The caller's identity-based policies.
    pub identity: Vec<String>,
    /// The caller's permissions boundary.
    pub permissions_boundary: Option<String>,
    /// The session policies passed.
    pub session: Vec<String>,
    /// The policy of the resource.
    pub resource: Option<String>,
    /// The trust policy of the role that is assumed.
    pub trust: Option<String>,
    /// The service control policies at the only level of the caller's organization; none means no organization.
    pub service_control: Vec<String>,
    /// The resource control policies that reach the resource; none means no organization.
    pub resource_control: Vec<String>,
    /// The policies of the VPC endpoint the request comes through; none means no endpoint.
    pub vpc_endpoint: Vec<String>,
}

/// The same, compiled.
pub(super) struct CompiledPolicies {
    identity: Policies,
    permissions_boundary: Policies,
    session: Policies,
    resource: Policies,
    trust: Policies,
    service_control: Option<Policies>,
    resource_control: Option<Policies>,
    vpc_endpoint: Option<Policies>,
}

impl Asking<'_> {
    pub(super) fn under_loose_policies(
        &mut self,
        named: &LoosePolicies,
        compiled: &CompiledPolicies,
        caller: &Caller,
        calls: &[Call],
        given: &Given,
        now: Instant,
    ) -> Option<Outcome> {
        let mut simulation = Simulation::new(world(compiled, caller, calls), now.0);
        let mut requests = Vec::new();
        let mut refused = None;
        for call in calls {
            match &call.effect {
                // The checks of these follow from the call.
                Effect::Sts(_) => {
                    let outcome = simulation.call(caller, call, &given.circumstances);
                    requests.extend(outcome.checks.into_iter().map(|check| check.request));
                    if let Err(Failure::Refused(error)) = outcome.result {
                        refused = Some(StepError { code: error.code.to_owned(), message: error.message });
                    }
                }
                _ => {
                    let request = |check| simulation.check(caller, check, &given.circumstances).request;
                    requests.extend(call.checks.iter().map(request));
                }
            }
        }
        self.find_misplaced(named, &requests);
        if !self.findings.is_empty() {
            return None;
        }
        let mut checks = Vec::new();
        for request in requests {
            let check = compiled.check(request, &given.circumstances.unknown);
            let may_be_allowed = check.may_be_allowed();
            checks.push(check);
            if !may_be_allowed {
                return Some((checks, None));
            }
        }
        Some((checks, refused))
    }

    pub(super) fn compile(&mut self, given: &LoosePolicies) -> CompiledPolicies {
        let mut list = |flag, policy_type, names: &[String]| {
            Policies::from(self.policies(flag, policy_type, names.iter().map(|n| &**n)))
        };
        let some = |given: &[String], policies: Policies| (!given.is_empty()).then_some(policies);
        let identity = list("--identity-policy", PolicyType::IdentityBased, &given.identity);
        let session = list("--session-policy", PolicyType::Session, &given.session);
        let service_control = list("--scp", PolicyType::ServiceControl, &given.service_control);
        let resource_control = list("--rcp", PolicyType::ResourceControl, &given.resource_control);
        let vpc_endpoint = list("--vpc-endpoint-policy", PolicyType::VpcEndpoint, &given.vpc_endpoint);
        let mut one = |flag, policy_type, name: &Option<String>| {
            self.policies(flag, policy_type, name.as_deref().into_iter()).into()
        };
        CompiledPolicies {
            identity,
            session,
            permissions_boundary: one(
                "--permissions-boundary",
                PolicyType::PermissionsBoundary,
                &given.permissions_boundary,
            ),
            resource: one("--resource-policy", PolicyType::ResourceBased, &given.resource),
            trust: one("--trust-policy", PolicyType::RoleTrust, &given.trust),
            service_control: some(&given.service_control, service_control),
            resource_control: some(&given.resource_control, resource_control),
            vpc_endpoint: some(&given.vpc_endpoint, vpc_endpoint),
        }
    }

    fn policies<'n>(
        &mut self,
        flag: &str,
        policy_type: PolicyType,
        names: impl Iterator<Item = &'n str>,
    ) -> Vec<Arc<Policy>> {
        names.filter_map(|name| self.policy(flag, policy_type, name)).collect()
    }

    fn policy(&mut self, flag: &str, policy_type: PolicyType, name: &str) -> Option<Arc<Policy>> {
        if name.trim_start().starts_with('{') || name.contains('\n') {
            let numbered = self.library.keep(Source::new(flag, name));
            return match library::compile(&numbered, policy_type, flag, None) {
                Ok(policy) => Some(policy),
                Err(findings) => {
                    self.findings.extend(findings);
                    None
                }
            };
        }
        // As the AWS CLI has it.
        let name = name.strip_prefix("file://").unwrap_or(name);
        // A file needs no `.json` at its end when it is there.
        let is_bare_file = !name.contains('/') && Path::new(name).is_file();
        let path = if is_bare_file { format!("./{name}") } else { name.to_owned() };
        self.flag(flag, &path, |decoder, node| PolicyReader::new(policy_type, flag).one(decoder, node))
    }

    /// A policy that could not matter was meant for something else.
    fn find_misplaced(&mut self, given: &LoosePolicies, requests: &[Request]) {
        // A call that AWS refuses beforehand comes to no check.
        if requests.is_empty() {
            return;
        }
        let principal = requests.first().map(Request::principal);
        let is_session = matches!(
            principal,
            Some(Principal::RoleSession(_) | Principal::FederatedUser { .. } | Principal::Root { .. })
        );
        let is_identity = matches!(
            principal,
            Some(Principal::User { .. } | Principal::RoleSession(_) | Principal::FederatedUser { .. })
        );
        let about_a_role = requests.iter().any(is_about_a_role);
        let only_identities = (
            "only users, roles and federated users have such a policy",
            "ask as one of them with `--as`, or leave it out",
        );
        let misplaced = [
            (!is_identity, "--identity-policy", given.identity.first(), only_identities),
            (!is_identity, "--permissions-boundary", given.permissions_boundary.as_ref(), only_identities),
            (
                !is_session,
                "--session-policy",
                given.session.first(),
                (
                    "the caller has opened no session, for which a policy could be passed",
                    "ask as a role session, `arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION`",
                ),
            ),
            (
                about_a_role,
                "--resource-policy",
                given.resource.as_ref(),
                ("the policy of a role that is assumed is its trust policy", "give it with `--trust-policy`"),
            ),
            (
                !about_a_role,
                "--trust-policy",
                given.trust.as_ref(),
                (
                    "no role is assumed here, so no trust policy matters",
                    "give the policy of a bucket, key or queue with `--resource-policy`",
                ),
            ),
            (
                governed(requests).len() > 1,
                "--resource-policy",
                given.resource.as_ref(),
                (
                    "this is about several resources, and only one can have the policy",
                    "describe them in a world, and give it with `--world`",
                ),
            ),
        ];
        let found = misplaced.into_iter().find_map(|(is_misplaced, flag, text, words)| {
            text.filter(|_| is_misplaced).map(|text| (flag, text, words))
        });
        let Some((flag, text, (message, help))) = found else { return };
        self.flag::<()>(flag, text, |decoder, node| {
            let diagnostic = Diagnostic::error("misplaced-policy", node.span, message);
            decoder.report(diagnostic.with_help(help));
            None
        });
    }
}

/// What could have a policy: resources, and buckets for their objects.
fn governed(requests: &[Request]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for request in requests {
        let name = match Arn::parse(request.resource()) {
            Some(arn) if arn.service == "s3" && arn.account.is_empty() => {
                arn.resource.split('/').next().unwrap_or_default()
            }
            Some(_) => request.resource(),
            None => continue,
        };
        if !found.iter().any(|known| known == name) {
            found.push(name.to_owned());
        }
    }
    found
}

impl CompiledPolicies {
    fn check(&self, request: Request, unknown: &UnknownKeys) -> CheckOutcome {
        let policies = self.meeting(&request);
        let evaluation = evaluate_fully(&request, &policies);
        let message = denial_message(&request, &policies, &evaluation);
        let partial = evaluate_partially(&request, &policies, unknown);
        CheckOutcome { request, policies, evaluation, message, partial }
    }

    fn meeting(&self, request: &Request) -> PolicySet {
        let level = |policies: &Option<Policies>, account: Option<AccountId>| {
            let target = account.map_or_else(|| "organization".into(), |account| account.as_str().into());
            let policies = policies.clone()?;
            Some(Arc::from([Level { target, policies }]))
        };
        let reached = iamsim_world::has_resource_control_policies(request.action().service());
        PolicySet {
            identity: self.identity.clone(),
            permissions_boundary: self.permissions_boundary.clone(),
            session: self.session.clone(),
            resource: if is_about_a_role(request) { self.trust.clone() } else { self.resource.clone() },
            service_control: level(&self.service_control, request.principal().account()),
            resource_control: level(&self.resource_control, request.resource_account()).filter(|_| reached),
            vpc_endpoint: self.vpc_endpoint.clone(),
            ..PolicySet::default()
        }
    }
}

/// The caller and the roles to be assumed, as calls to STS need to find them.
fn world(compiled: &CompiledPolicies, caller: &Caller, calls: &[Call]) -> World {
    let mut world = World::default();
    let mut assumed: Vec<(&str, u32)> = Vec::new();
    for call in calls {
        if let Effect::Sts(
            StsCall::AssumeRole(asked)
            | StsCall::AssumeRoleWithWebIdentity(asked)
            | StsCall::AssumeRoleWithSaml(asked),
        ) = &call.effect
        {
            assumed.push((&asked.role_arn, asked.duration_seconds.unwrap_or_default()));
        }
    }
    for (arn, seconds) in assumed {
        // Nobody says how long the role's sessions may be, so they may be as long as is asked.
        let role = Role {
            trust: compiled.trust.clone(),
            max_session_duration: Some(seconds.clamp(3600, 43_200)),
            ..Role::default()
        };
        add_role(&mut world, arn, role);
    }
    let identity = || compiled.identity.clone();
    match &caller.principal {
        Principal::User { arn, account } => {
            let (path, name) = path_and_name(arn, "user");
            let user = User {
                path: path.to_owned(),
                policies: identity(),
                permissions_boundary: compiled.permissions_boundary.clone(),
                ..User::default()
            };
            world.accounts.entry(*account).or_default().users.insert(name.to_owned(), user);
        }
        Principal::RoleSession(session) => {
            let account = world.accounts.entry(session.account).or_default();
            let role = account.roles.entry(session.role_name().to_owned()).or_default();
            role.policies = identity();
            role.permissions_boundary = compiled.permissions_boundary.clone();
        }
        _ => {}
    }
    world
}

fn add_role(world: &mut World, arn: &str, role: Role) {
    let Some(account) = Arn::parse(arn).and_then(|arn| AccountId::parse(arn.account)) else { return };
    let (path, name) = path_and_name(arn, "role");
    let role = Role { path: path.to_owned(), ..role };
    world.accounts.entry(account).or_default().roles.insert(name.to_owned(), role);
}

/// `/team/` and `alice` of `arn:aws:iam::111122223333:user/team/alice`.
fn path_and_name<'a>(arn: &'a str, kind: &str) -> (&'a str, &'a str) {
    let resource = Arn::parse(arn).map_or("", |arn| arn.resource);
    let rest = resource.strip_prefix(kind).unwrap_or(resource);
    let slash = rest.rfind('/').map_or(0, |at| at + 1);
    rest.split_at_checked(slash).unwrap_or(("/", rest))
}
