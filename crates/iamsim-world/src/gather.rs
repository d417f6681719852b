//! Which policies meet a request.

use iamsim_engine::{AccountId, Policies, PolicySet, Request, S3, Settings, is_about_a_role};

use crate::context::Scene;
use crate::residents::Resident;
use crate::world::{Resource, SharedWith, World};

/// The policies that meet `request`, with the facts about its resource.
pub(crate) fn policies(scene: Scene<'_>, request: &Request, endpoint: Option<&str>) -> PolicySet {
    let Scene { world, index, caller, resident, .. } = scene;
    let owner = request.resource_account();
    let resource = owner.and_then(|owner| world.resource(owner, request.resource()));
    let of_resident = |policies: fn(&Resident) -> &Policies| {
        resident.map_or_else(Policies::default, |resident| policies(resident).clone())
    };
    let endpoint = endpoint.and_then(|id| index.vpc_endpoint(world, id));
    let membership = |account: Option<AccountId>| account.and_then(|account| index.membership(account));
    PolicySet {
        identity: of_resident(|resident| &resident.policies),
        permissions_boundary: of_resident(|resident| &resident.permissions_boundary),
        session: caller.session.as_ref().map_or_else(Policies::default, |session| session.policies.clone()),
        resource: resource_policy(world, request, resource),
        service_control: membership(request.principal().account())
            .and_then(|membership| membership.service_control.clone()),
        resource_control: membership(owner)
            .filter(|_| has_resource_control_policies(request.action().service()))
            .and_then(|membership| membership.resource_control.clone()),
        vpc_endpoint: endpoint
            .map(|endpoint| endpoint.policy.clone())
            .filter(|policies| !policies.is_empty()),
        settings: settings(world, request, resource, endpoint.and_then(|endpoint| endpoint.endpoint_type)),
    }
}

fn resource_policy(world: &World, request: &Request, resource: Option<&Resource>) -> Policies {
    let policy = match is_about_a_role(request) {
        true => world.role_at(request.resource()).map(|role| &role.trust),
        false => resource.map(|resource| &resource.policy),
    };
    policy.cloned().unwrap_or_default()
}

fn settings(
    world: &World,
    request: &Request,
    resource: Option<&Resource>,
    vpc_endpoint: Option<iamsim_engine::VpcEndpointType>,
) -> Settings {
    let caller = request.principal().account();
    let account =
        request.resource_account().and_then(|account| world.account(account)).map(|account| &account.s3);
    let shared = resource.is_some_and(|resource| {
        let with_caller = |with: &SharedWith| match with {
            SharedWith::All => true,
            SharedWith::Account(account) => Some(*account) == caller,
        };
        resource.shared_with.iter().any(with_caller)
    });
    Settings {
        s3: strictest(account, resource.map(|resource| &resource.s3)),
        kms_grants: resource.map_or_else(Vec::new, |resource| resource.grants.clone()),
        vpc_endpoint,
        shared_with_caller: shared,
        encrypted: resource.is_some_and(|resource| resource.encrypted),
        ..Settings::default()
    }
}

/// Block Public Access takes the strictest of what the account and the bucket say.
///
/// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html>
fn strictest(account: Option<&S3>, bucket: Option<&S3>) -> S3 {
    let any = |switch: fn(&S3) -> bool| account.is_some_and(switch) || bucket.is_some_and(switch);
    S3 {
        block_public_acls: any(|s3| s3.block_public_acls),
        ignore_public_acls: any(|s3| s3.ignore_public_acls),
        block_public_policy: any(|s3| s3.block_public_policy),
        restrict_public_buckets: any(|s3| s3.restrict_public_buckets),
        object_owner: bucket.and_then(|s3| s3.object_owner),
        public_acl: bucket.is_some_and(|s3| s3.public_acl),
    }
}

/// Whether resource control policies reach the service. AWS's list has `opensearch`, whose actions begin `es`.
///
/// Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html>
#[must_use]
pub fn has_resource_control_policies(service: &str) -> bool {
    let listed = |prefix| {
        iamsim_catalog::service(prefix).is_some_and(|service| service.supports_resource_control_policies())
    };
    listed(service) || (service == "es" && listed("opensearch"))
}
