//! Which policies meet a request.

use std::sync::LazyLock;

use iamsim_engine::{Policies, PolicySet, Principal, Request, S3, Settings, is_about_a_role};
use rustc_hash::FxHashSet;

use crate::context::Scene;
use crate::holdings::Listed;
use crate::index::Subject;
use crate::residents::Resident;
use crate::world::{SharedWith, VpcEndpoint};

/// The policies that meet `request`, with the facts about its resource.
pub(crate) fn policies(scene: Scene<'_>, request: &Request, subject: Subject<'_>) -> PolicySet {
    let Scene { caller, resident, membership, .. } = scene;
    let endpoint = scene.endpoint.and_then(|endpoint| endpoint.known);
    let governing = subject.governing;
    let of_resident = |policies: fn(&Resident) -> &Policies| {
        resident.map_or_else(Policies::default, |resident| policies(resident).clone())
    };
    PolicySet {
        identity: of_resident(|resident| &resident.policies),
        permissions_boundary: of_resident(|resident| &resident.permissions_boundary),
        session: caller.session.as_ref().map_or_else(Policies::default, |session| session.policies.clone()),
        resource: resource_policy(scene, request, governing),
        service_control: membership.and_then(|membership| membership.service_control.clone()),
        resource_control: subject
            .membership
            .filter(|_| has_resource_control_policies(request.action().service()))
            .and_then(|membership| membership.resource_control.clone()),
        vpc_endpoint: endpoint
            .map(|endpoint| endpoint.policy.clone())
            .filter(|policies| !policies.is_empty()),
        settings: settings(request, subject, governing, endpoint),
    }
}

fn resource_policy(scene: Scene<'_>, request: &Request, governing: Option<&Listed>) -> Policies {
    let policy = match is_about_a_role(request) {
        true => scene.world.role_at(request.resource()).map(|role| &role.trust),
        false => governing.map(|resource| &resource.policy),
    };
    policy.cloned().unwrap_or_default()
}

fn settings(
    request: &Request,
    subject: Subject<'_>,
    governing: Option<&Listed>,
    endpoint: Option<&VpcEndpoint>,
) -> Settings {
    let caller = request.principal().account();
    let with_caller = |with: &SharedWith| match with {
        SharedWith::All => true,
        SharedWith::Account(account) => Some(*account) == caller,
    };
    let usual = governing
        .map(|resource| &resource.settings)
        .or_else(|| subject.holdings.map(|holdings| &holdings.unlisted));
    let usual = usual.cloned().unwrap_or_default();
    // An object has an owner and an ACL of its own.
    let own = subject.itself.map(|itself| &itself.settings.s3);
    let s3 = S3 {
        object_owner: own.and_then(|own| own.object_owner).or(usual.s3.object_owner),
        public_acl: usual.s3.public_acl || own.is_some_and(|own| own.public_acl),
        ..usual.s3
    };
    Settings {
        s3,
        vpc_endpoint: endpoint.and_then(|endpoint| endpoint.endpoint_type),
        shared_with_caller: governing.is_some_and(|resource| resource.shared_with.iter().any(with_caller))
            || manages_member(request, subject),
        ..usual
    }
}

/// Whether a member account is opened to the management account of its organization: with `sts:AssumeRoot`, which no
/// root user can call. No policy of the member is asked.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user-privileged-task.html>
fn manages_member(request: &Request, subject: Subject<'_>) -> bool {
    request.action().folded() == "sts:assumeroot"
        && !matches!(request.principal(), Principal::Root { .. })
        && subject.arn.is_some_and(|arn| arn.service == "iam" && arn.resource == "root")
        && subject.membership.map(|membership| membership.management_account) == request.principal().account()
}

/// Whether resource control policies reach the service. AWS's list has `opensearch`, whose actions begin `es`.
///
/// Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html>
#[must_use]
pub fn has_resource_control_policies(service: &str) -> bool {
    static REACHED: LazyLock<FxHashSet<&str>> = LazyLock::new(|| {
        let services = iamsim_catalog::services().iter();
        let reached = services.filter(|service| service.supports_resource_control_policies());
        let mut reached: FxHashSet<_> = reached.map(iamsim_catalog::Service::prefix).collect();
        if reached.contains("opensearch") {
            reached.insert("es");
        }
        reached
    });
    REACHED.contains(service)
}
