//! The `settings` of cases and scenarios: facts that are no policies, and readings where AWS's pages differ.

use iamsim_engine::{KmsGrant, S3, Settings, VpcEndpointType};
use iamsim_syntax::json::Node;

use crate::decode::{Decoder, Fields};

/// What `settings` says.
#[derive(Debug, Clone, Default)]
pub(crate) struct GivenSettings {
    pub(crate) settings: Settings,
    /// The caller's account manages its organization, so that service control policies do not bind it.
    pub(crate) caller_in_management_account: bool,
    /// The resource's account manages its organization, so that resource control policies do not reach it.
    pub(crate) resource_in_management_account: bool,
}

impl GivenSettings {
    pub(crate) fn decode(decoder: &mut Decoder<'_>, node: &Node) -> Self {
        let mut given = Self::default();
        let Some(mut fields) = decoder.object(node, "`settings`") else { return given };
        if let Some(node) = fields.take("s3") {
            given.settings.s3 = s3(decoder, node);
        }
        if let Some(mut kms) = object(decoder, &mut fields, "kms", "`settings.kms`") {
            given.settings.kms_grants =
                kms.take("grants").map(|node| grants(decoder, node)).unwrap_or_default();
            kms.finish(decoder);
        }
        if let Some(mut endpoint) = object(decoder, &mut fields, "vpcEndpoint", "`settings.vpcEndpoint`") {
            given.settings.vpc_endpoint = endpoint.take("type").and_then(|node| endpoint_type(decoder, node));
            endpoint.finish(decoder);
        }
        if let Some(mut organization) =
            object(decoder, &mut fields, "organization", "`settings.organization`")
        {
            given.caller_in_management_account = flag(decoder, &mut organization, "managementAccount");
            given.resource_in_management_account =
                flag(decoder, &mut organization, "resourceInManagementAccount");
            organization.finish(decoder);
        }
        given.settings.boundary_limits_trusted_user = flag(decoder, &mut fields, "boundaryLimitsTrustedUser");
        given.settings.shared_with_caller = flag(decoder, &mut fields, "sharedWithCaller");
        given.settings.encrypted = flag(decoder, &mut fields, "encrypted");
        fields.finish(decoder);
        given
    }
}

/// The settings of a bucket and its account, with who owns the object and whether its ACL is public.
fn s3(decoder: &mut Decoder<'_>, node: &Node) -> S3 {
    let Some(mut fields) = decoder.object(node, "`settings.s3`") else { return S3::default() };
    let mut settings = block_public_access_fields(decoder, &mut fields);
    settings.object_owner = fields.take("objectOwner").and_then(|node| decoder.account(node));
    settings.public_acl = flag(decoder, &mut fields, "publicAcl");
    fields.finish(decoder);
    settings
}

/// The four settings of S3 Block Public Access.
pub(crate) fn block_public_access(decoder: &mut Decoder<'_>, node: &Node) -> S3 {
    let Some(mut fields) = decoder.object(node, "`blockPublicAccess`") else { return S3::default() };
    let settings = block_public_access_fields(decoder, &mut fields);
    fields.finish(decoder);
    settings
}

fn block_public_access_fields(decoder: &mut Decoder<'_>, fields: &mut Fields<'_>) -> S3 {
    S3 {
        block_public_acls: flag(decoder, fields, "blockPublicAcls"),
        ignore_public_acls: flag(decoder, fields, "ignorePublicAcls"),
        block_public_policy: flag(decoder, fields, "blockPublicPolicy"),
        restrict_public_buckets: flag(decoder, fields, "restrictPublicBuckets"),
        ..S3::default()
    }
}

/// Grants on a KMS key.
pub(crate) fn grants(decoder: &mut Decoder<'_>, node: &Node) -> Vec<KmsGrant> {
    let mut grants = Vec::new();
    for item in decoder.items(node) {
        let Some(mut fields) = decoder.object(item, "a grant") else { continue };
        let grantee = fields.require(decoder, "grantee").and_then(|node| decoder.string(node, "a grantee"));
        let operations =
            fields.require(decoder, "operations").map(|node| decoder.strings(node, "an operation"));
        fields.finish(decoder);
        if let (Some(grantee), Some(operations)) = (grantee, operations) {
            let operations = operations.iter().map(|operation| of_kms(operation).into()).collect();
            grants.push(KmsGrant { grantee: grantee.into(), operations });
        }
    }
    grants
}

/// `Decrypt`, also when it is written as the action.
fn of_kms(operation: &str) -> &str {
    match operation.split_once(':') {
        Some((service, operation)) if service.eq_ignore_ascii_case("kms") => operation,
        _ => operation,
    }
}

/// `gateway` or `interface`.
pub(crate) fn endpoint_type(decoder: &mut Decoder<'_>, node: &Node) -> Option<VpcEndpointType> {
    let types = [("gateway", VpcEndpointType::Gateway), ("interface", VpcEndpointType::Interface)];
    decoder.word(node, "the type of a VPC endpoint", &types)
}

/// A boolean that is false when absent.
pub(crate) fn flag(decoder: &mut Decoder<'_>, fields: &mut Fields<'_>, key: &'static str) -> bool {
    fields.take(key).and_then(|node| decoder.boolean(node, &format!("`{key}`"))).unwrap_or_default()
}

fn object<'n>(
    decoder: &mut Decoder<'_>,
    fields: &mut Fields<'n>,
    key: &'static str,
    what: &'static str,
) -> Option<Fields<'n>> {
    fields.take(key).and_then(|node| decoder.object(node, what))
}
