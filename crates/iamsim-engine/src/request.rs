//! One question to AWS: may this principal do this action on this resource, under these circumstances?

use crate::context::{Context, KnownKey, Text};
use crate::principal::{AccountId, Principal, RoleSession};
use crate::request_context::{Asked, RequestContext, Withheld};
use crate::services::{Rules, Traits};

mod target;

pub use target::{Action, Owner, Target};

/// A request, with everything that follows from its principal and resource filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    principal: Principal,
    target: Target,
    context: Context,
    credentials: Credentials,
    canonical_user_id: Option<Text>,
    rules: Rules,
    withheld: Withheld,
    /// Whether the partition of the caller's ARN is `aws`.
    caller_is_in_usual_partition: bool,
    /// Whether the caller is a session of a service-linked role.
    has_service_linked_role: bool,
}

/// A request in the making.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestBuilder {
    /// With what was said so far, and nothing that follows from it.
    request: Request,
    absent: Vec<String>,
}

/// How the principal got its credentials, where that limits what they may call.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_sts-comparison.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Credentials {
    /// The usual ones of the principal's kind.
    #[default]
    Usual,
    /// Those of `GetSessionToken`.
    SessionToken {
        /// Whether a one-time code was given for them.
        mfa: bool,
    },
}

impl RequestBuilder {
    /// Sets the account that owns the resource. An ARN that names Amazon itself keeps its owner.
    #[must_use]
    #[inline]
    pub fn with_resource_account(mut self, account: AccountId) -> Self {
        self.request.target.set_resource_account(account);
        self
    }

    /// Sets the request context; what it says is used as it is.
    #[must_use]
    #[inline]
    pub fn with_context(mut self, context: Context) -> Self {
        self.request.context = context;
        self
    }

    /// Keeps context keys out, also those that would be filled in.
    #[must_use]
    #[inline]
    pub fn without(mut self, names: Vec<String>) -> Self {
        self.absent = names;
        self
    }

    /// Sets how the credentials were got.
    #[must_use]
    #[inline]
    pub fn with_credentials(mut self, credentials: Credentials) -> Self {
        self.request.credentials = credentials;
        self
    }

    /// Sets the canonical user id of the caller's account, which S3 policies may name.
    #[must_use]
    pub fn with_canonical_user_id(mut self, id: &str) -> Self {
        self.request.canonical_user_id = Some(id.into());
        self
    }

    /// Ends it. Context keys that follow from the principal and the resource are there from now on, and the path of a
    /// role is learnt from `aws:PrincipalArn` where only its session's ARN was given.
    #[must_use]
    pub fn complete(mut self) -> Request {
        let Self { request, absent } = &mut self;
        match &mut request.principal {
            Principal::RoleSession(session) => {
                learn_path(session, &request.context);
                request.has_service_linked_role = session.is_service_linked();
            }
            Principal::FederatedUser { arn, account, .. } => {
                let name = arn.rsplit('/').next().unwrap_or_default();
                request.context.fill(KnownKey::USER_ID, format!("{account}:{name}"));
            }
            _ => {}
        }
        for name in &*absent {
            request.context.remove(name);
        }
        request.withheld = Withheld::named(absent);
        request.caller_is_in_usual_partition = request.principal.partition() == Some(target::USUAL_PARTITION);
        request.learn_rules();
        self.request
    }
}

impl Request {
    /// A request with what is always there. The rest is added with the `with_` methods, in any order;
    /// [`RequestBuilder::complete`] ends it.
    #[must_use]
    #[inline]
    pub fn of(principal: Principal, action: &str, resource: &str) -> RequestBuilder {
        Self::about(principal, Target::new(action, resource))
    }

    /// As [`Request::of`], for a target that is at hand.
    #[must_use]
    #[inline]
    pub fn about(principal: Principal, target: Target) -> RequestBuilder {
        let request = Self {
            principal,
            target,
            context: Context::new(),
            credentials: Credentials::Usual,
            canonical_user_id: None,
            rules: Rules::default(),
            withheld: Withheld::default(),
            caller_is_in_usual_partition: false,
            has_service_linked_role: false,
        };
        RequestBuilder { request, absent: Vec::new() }
    }

    /// Who asks.
    #[must_use]
    pub fn principal(&self) -> &Principal {
        &self.principal
    }

    /// What for.
    #[must_use]
    pub fn action(&self) -> &Action {
        self.target.action()
    }

    /// On what: an ARN, or `*` for an action that takes no resource.
    #[must_use]
    pub fn resource(&self) -> &str {
        self.target.resource()
    }

    /// Whose resource it is.
    #[must_use]
    pub fn owner(&self) -> Owner {
        *self.target.owner()
    }

    /// The account whose resource it is, the caller's where nobody else's is known.
    #[must_use]
    pub fn resource_account(&self) -> Option<AccountId> {
        match *self.target.owner() {
            Owner::Account(account) => Some(account),
            Owner::Caller => self.principal.account(),
            Owner::Aws => None,
        }
    }

    /// Under what circumstances: the context it was made with, and what follows from caller and target.
    #[must_use]
    pub fn context(&self) -> RequestContext<'_> {
        let Self { principal, target, context, .. } = self;
        RequestContext::new(context, Asked { principal, target, withheld: self.withheld })
    }

    /// The context it was made with.
    pub(crate) fn told(&self) -> &Context {
        &self.context
    }

    /// The same request with this context, which is used as it is: nothing follows any more.
    #[must_use]
    pub fn with_circumstances(&self, context: Context) -> Self {
        let mut request = Self { context, withheld: Withheld::ALL, ..self.clone() };
        request.learn_rules();
        request
    }

    /// How the credentials were got.
    #[must_use]
    pub fn credentials(&self) -> Credentials {
        self.credentials
    }

    /// The canonical user id of the caller's account, when known.
    #[must_use]
    pub fn canonical_user_id(&self) -> Option<&str> {
        match &self.principal {
            Principal::CanonicalUser { id } => Some(id),
            _ => self.canonical_user_id.as_deref(),
        }
    }

    /// The unique id of the user, or of the session's role, when the context tells.
    pub(crate) fn unique_id(&self) -> Option<&str> {
        let id = self.context().known_text(KnownKey::USER_ID)?;
        Some(id.split_once(':').map_or(id, |(role_id, _)| role_id))
    }

    /// Lets the same caller ask for something else under the same circumstances. Cheaper than a new request; the
    /// context keys that follow from the resource follow the new one.
    pub fn aim_at(&mut self, target: &Target) {
        self.target.clone_from(target);
        self.learn_rules();
    }

    fn learn_rules(&mut self) {
        self.rules = Rules::of(self);
    }

    /// Whether the caller is a session of a service-linked role.
    pub(crate) fn has_service_linked_role(&self) -> bool {
        self.has_service_linked_role
    }

    /// Whether a service forwards the call for its caller. Such a call comes through no VPC endpoint.
    ///
    /// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/access_forward_access_sessions.html>
    pub(crate) fn is_forwarded(&self) -> bool {
        self.context().is_forwarded()
    }

    /// What single services make of the target.
    pub(crate) fn traits(&self) -> &Traits {
        self.target.traits()
    }

    /// Whether caller and resource have ARNs and the partition of both is `aws`. Told apart from others because it is
    /// the case of most requests, and asked for each.
    pub(crate) fn is_within_usual_partition(&self) -> bool {
        self.caller_is_in_usual_partition && self.target.is_in_usual_partition()
    }

    /// The partition of the resource's ARN, when it has one.
    pub(crate) fn resource_partition(&self) -> Option<&str> {
        self.target.partition()
    }

    /// Which rules of single services concern the request.
    pub(crate) fn rules(&self) -> &Rules {
        &self.rules
    }
}

fn learn_path(session: &mut RoleSession, context: &Context) {
    if session.path_known {
        return;
    }
    let Some(text) = context.known_text(KnownKey::PRINCIPAL_ARN).filter(|text| text.contains(":role/"))
    else {
        return;
    };
    let Some(Principal::RoleSession(role)) = Principal::from_arn(text) else { return };
    if role.account == session.account && role.role_name() == session.role_name() {
        session.role_arn = role.role_arn;
        session.path_known = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(resource: &str) -> RequestBuilder {
        let caller = Principal::from_arn("arn:aws:iam::111122223333:user/alice").unwrap();
        Request::of(caller, "s3:GetObject", resource)
    }

    #[test]
    fn a_bucket_belongs_to_the_caller_unless_said_otherwise() {
        let account = |text| AccountId::parse(text);
        assert_eq!(request("arn:aws:s3:::b").complete().resource_account(), account("111122223333"));
        let other = account("444455556666").unwrap();
        assert_eq!(
            request("arn:aws:s3:::b").with_resource_account(other).complete().resource_account(),
            Some(other)
        );
    }

    #[test]
    fn aws_managed_policies_belong_to_aws() {
        let arn = "arn:aws:iam::aws:policy/ReadOnlyAccess";
        let other = AccountId::parse("444455556666").unwrap();
        assert_eq!(request(arn).with_resource_account(other).complete().owner(), Owner::Aws);
    }

    #[test]
    fn the_context_tells_the_path_of_a_role() {
        let caller = Principal::from_arn("arn:aws:sts::111122223333:assumed-role/Dev/s").unwrap();
        let context = [("aws:PrincipalArn", "arn:aws:iam::111122223333:role/team/Dev")].into_iter().collect();
        let request = Request::of(caller, "s3:GetObject", "*").with_context(context).complete();
        let Principal::RoleSession(session) = request.principal() else { panic!() };
        assert_eq!(&*session.role_arn, "arn:aws:iam::111122223333:role/team/Dev");
    }
}
