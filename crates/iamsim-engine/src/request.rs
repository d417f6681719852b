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
    asked: RequestBuilder,
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
    principal: Principal,
    target: Target,
    context: Context,
    absent: Vec<String>,
    credentials: Credentials,
    canonical_user_id: Option<Text>,
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
    pub fn with_resource_account(mut self, account: AccountId) -> Self {
        self.target.set_resource_account(account);
        self
    }

    /// Sets the request context; what it says is used as it is.
    #[must_use]
    pub fn with_context(mut self, context: Context) -> Self {
        self.context = context;
        self
    }

    /// Keeps context keys out, also those that would be filled in.
    #[must_use]
    pub fn without(mut self, names: Vec<String>) -> Self {
        self.absent = names;
        self
    }

    /// Sets how the credentials were got.
    #[must_use]
    pub fn with_credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = credentials;
        self
    }

    /// Sets the canonical user id of the caller's account, which S3 policies may name.
    #[must_use]
    pub fn with_canonical_user_id(mut self, id: &str) -> Self {
        self.canonical_user_id = Some(id.into());
        self
    }

    /// Ends it. Context keys that follow from the principal and the resource are there from now on, and the path of a
    /// role is learnt from `aws:PrincipalArn` where only its session's ARN was given.
    #[must_use]
    pub fn complete(mut self) -> Request {
        let mut has_service_linked_role = false;
        match &mut self.principal {
            Principal::RoleSession(session) => {
                learn_path(session, &self.context);
                has_service_linked_role = session.is_service_linked();
            }
            Principal::FederatedUser { arn, account, .. } => {
                let name = arn.rsplit('/').next().unwrap_or_default();
                self.context.fill(KnownKey::USER_ID, format!("{account}:{name}"));
            }
            _ => {}
        }
        for name in &self.absent {
            self.context.remove(name);
        }
        let withheld = Withheld::named(&self.absent);
        let caller_is_in_usual_partition = self.principal.partition() == Some(target::USUAL_PARTITION);
        let mut request = Request {
            asked: self,
            rules: Rules::default(),
            withheld,
            caller_is_in_usual_partition,
            has_service_linked_role,
        };
        request.learn_rules();
        request
    }
}

impl Request {
    /// A request with what is always there. The rest is added with the `with_` methods, in any order;
    /// [`RequestBuilder::complete`] ends it.
    #[must_use]
    pub fn of(principal: Principal, action: &str, resource: &str) -> RequestBuilder {
        RequestBuilder {
            principal,
            target: Target::new(action, resource),
            context: Context::new(),
            absent: Vec::new(),
            credentials: Credentials::Usual,
            canonical_user_id: None,
        }
    }

    /// Who asks.
    #[must_use]
    pub fn principal(&self) -> &Principal {
        &self.asked.principal
    }

    /// What for.
    #[must_use]
    pub fn action(&self) -> &Action {
        self.asked.target.action()
    }

    /// On what: an ARN, or `*` for an action that takes no resource.
    #[must_use]
    pub fn resource(&self) -> &str {
        self.asked.target.resource()
    }

    /// Whose resource it is.
    #[must_use]
    pub fn owner(&self) -> Owner {
        *self.asked.target.owner()
    }

    /// The account whose resource it is, the caller's where nobody else's is known.
    #[must_use]
    pub fn resource_account(&self) -> Option<AccountId> {
        match *self.asked.target.owner() {
            Owner::Account(account) => Some(account),
            Owner::Caller => self.asked.principal.account(),
            Owner::Aws => None,
        }
    }

    /// Under what circumstances: the context it was made with, and what follows from caller and target.
    #[must_use]
    pub fn context(&self) -> RequestContext<'_> {
        let RequestBuilder { principal, target, context, .. } = &self.asked;
        RequestContext::new(context, Asked { principal, target, withheld: self.withheld })
    }

    /// The context it was made with.
    pub(crate) fn told(&self) -> &Context {
        &self.asked.context
    }

    /// The same request with this context, which is used as it is: nothing follows any more.
    #[must_use]
    pub fn with_circumstances(&self, context: Context) -> Self {
        let asked = self.asked.clone().with_context(context);
        let mut request = Self { asked, withheld: Withheld::ALL, ..*self };
        request.learn_rules();
        request
    }

    /// How the credentials were got.
    #[must_use]
    pub fn credentials(&self) -> Credentials {
        self.asked.credentials
    }

    /// The canonical user id of the caller's account, when known.
    #[must_use]
    pub fn canonical_user_id(&self) -> Option<&str> {
        match &self.asked.principal {
            Principal::CanonicalUser { id } => Some(id),
            _ => self.asked.canonical_user_id.as_deref(),
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
        self.asked.target.clone_from(target);
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
        self.asked.target.traits()
    }

    /// Whether caller and resource have ARNs and the partition of both is `aws`. Told apart from others because it is
    /// the case of most requests, and asked for each.
    pub(crate) fn is_within_usual_partition(&self) -> bool {
        self.caller_is_in_usual_partition && self.asked.target.is_in_usual_partition()
    }

    /// The partition of the resource's ARN, when it has one.
    pub(crate) fn resource_partition(&self) -> Option<&str> {
        self.asked.target.partition()
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
