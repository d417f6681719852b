//! A check made into a request and the policies that meet it.

use iamsim_engine::{AccountId, Context, PolicySet, Request, Target};
use iamsim_syntax::Arn;

use crate::call::{Check, CheckRef};
use crate::context::{self, Circumstances, Scene};
use crate::full_name::full_name;
use crate::gather;
use crate::residents::Resident;
use crate::session::Caller;
use crate::simulation::Simulation;

impl Simulation {
    /// The request of a check, and the policies it meets.
    pub(crate) fn prepare(
        &self,
        caller: &Caller,
        check: &Check,
        circumstances: &Circumstances,
    ) -> (Request, PolicySet) {
        let scene = self.scene(caller, self.resident(caller)).through(context::endpoint(circumstances));
        self.prepare_in(scene, check.into(), circumstances, circumstances.context.clone())
    }

    /// What there is when a caller makes a check.
    pub(crate) fn scene<'s>(&'s self, caller: &'s Caller, resident: Option<&'s Resident>) -> Scene<'s> {
        let (world, index, now) = (self.world(), &self.index, &self.now);
        let membership = caller.principal.account().and_then(|account| index.membership(account));
        Scene { world, index, now, caller, resident, membership, endpoint: None }
    }

    /// `given` is the context of the circumstances, whatever these still have of it.
    pub(crate) fn prepare_in(
        &self,
        scene: Scene<'_>,
        check: CheckRef<'_>,
        circumstances: &Circumstances,
        given: Context,
    ) -> (Request, PolicySet) {
        let full_name = full_name(scene.world, &check);
        let check = match &full_name {
            Some(name) => CheckRef { resource: name, arn: Arn::parse(name), ..check },
            None => check,
        };
        let found = self.index.find(check.resource, check.arn);
        let named = check.resource_account.or_else(|| found.owner());
        let own = scene.caller.principal.account();
        let subject = self.index.subject(found, named.or(own));
        let context = context::build(scene, subject, check, circumstances, given);
        let request = self.request(scene, check, circumstances, named, context);
        let subject = match request.resource_account() {
            owner if owner == subject.owner => subject,
            owner => self.index.subject(found, owner),
        };
        let policies = gather::policies(scene, &request, subject);
        (request, policies)
    }

    fn request(
        &self,
        scene: Scene<'_>,
        check: CheckRef<'_>,
        circumstances: &Circumstances,
        named: Option<AccountId>,
        context: Context,
    ) -> Request {
        let caller = scene.caller;
        let target = Target::of(check.action, check.resource, check.arn);
        let mut request = Request::about(caller.principal.clone(), target)
            .with_credentials(caller.credentials())
            .with_context(context)
            .without([&*circumstances.absent, &circumstances.unknown.names].concat());
        if let Some(owner) = owner(scene, check, named) {
            request = request.with_resource_account(owner);
        }
        let holdings = caller.principal.account().and_then(|account| self.index.holdings(account));
        if let Some(id) = holdings.and_then(|holdings| holdings.canonical_user_id.as_deref()) {
            request = request.with_canonical_user_id(id);
        }
        request.complete()
    }
}

/// Whose resource a check is about, where that is not the caller. What Organizations answers belongs to the management
/// account, also where no resource is named, but for what every account may ask of it.
fn owner(scene: Scene<'_>, check: CheckRef<'_>, named: Option<AccountId>) -> Option<AccountId> {
    let own = scene.caller.principal.account();
    let is_open = check.resource_account.is_none() && (named.is_none() || named == own);
    if is_open && of_the_management_account(check.action) {
        return Some(scene.membership?.management_account);
    }
    named
}

/// Whether an action is one of Organizations that only its management account, and whom that lets, can call.
///
/// Source: <https://docs.aws.amazon.com/organizations/latest/APIReference/action-reference.html>
fn of_the_management_account(action: &str) -> bool {
    const OF_EVERY_ACCOUNT: [&str; 7] = [
        "AcceptHandshake",
        "DeclineHandshake",
        "DescribeEffectivePolicy",
        "DescribeHandshake",
        "DescribeOrganization",
        "LeaveOrganization",
        "ListHandshakesForAccount",
    ];
    let Some((service, operation)) = action.split_once(':') else { return false };
    service.eq_ignore_ascii_case("organizations")
        && !OF_EVERY_ACCOUNT.iter().any(|open| open.eq_ignore_ascii_case(operation))
}
