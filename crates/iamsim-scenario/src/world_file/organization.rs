//! Organizations: the tree of units, and the policies attached to it.

use iamsim_engine::Policies;
use iamsim_syntax::PolicyType;
use iamsim_syntax::json::{Node, Value};
use iamsim_world::{MemberAccount, Organization, Unit};

use crate::decode::{Decoder, Fields};
use crate::policy_file::PolicyReader;
use crate::world_file::INLINE;

pub(super) fn decode(decoder: &mut Decoder<'_>, node: &Node) -> Option<Organization> {
    let mut fields = decoder.object(node, "an organization")?;
    let id = fields.require(decoder, "id").and_then(|node| decoder.string(node, "an organization's id"));
    let management_account = fields.require(decoder, "managementAccount");
    let management_account = management_account.and_then(|node| decoder.account(node));
    let root = fields.require(decoder, "root").and_then(|node| unit(decoder, node, "a root"));
    fields.finish(decoder);
    Some(Organization { id: id?.to_owned(), management_account: management_account?, root: root? })
}

fn unit(decoder: &mut Decoder<'_>, node: &Node, what: &'static str) -> Option<Unit> {
    let mut fields = decoder.object(node, what)?;
    let id = fields.require(decoder, "id").and_then(|node| decoder.string(node, "a unit's id"));
    let name = fields.take("name").and_then(|node| decoder.text(node, "a unit's name"));
    let service_control = service_control(decoder, &mut fields);
    let resource_control = resource_control(decoder, &mut fields);
    let mut units = Vec::new();
    if let Some(node) = fields.take("units") {
        for item in decoder.items(node) {
            units.extend(unit(decoder, item, "an organizational unit"));
        }
    }
    let mut accounts = Vec::new();
    if let Some(node) = fields.take("accounts") {
        for item in decoder.items(node) {
            accounts.extend(member(decoder, item));
        }
    }
    fields.finish(decoder);
    Some(Unit {
        id: id?.to_owned(),
        name,
        service_control_policies: service_control.unwrap_or_else(|| full_access(decoder)),
        resource_control_policies: resource_control,
        units,
        accounts,
    })
}

/// An account's id, or an object that also attaches policies to it.
fn member(decoder: &mut Decoder<'_>, node: &Node) -> Option<MemberAccount> {
    if !matches!(node.value, Value::Object(_)) {
        let id = decoder.account(node)?;
        return Some(MemberAccount {
            id,
            service_control_policies: None,
            resource_control_policies: Policies::default(),
        });
    }
    let mut fields = decoder.object(node, "a member account")?;
    let id = fields.require(decoder, "id").and_then(|node| decoder.account(node));
    let service_control_policies = service_control(decoder, &mut fields);
    let resource_control_policies = resource_control(decoder, &mut fields);
    fields.finish(decoder);
    Some(MemberAccount { id: id?, service_control_policies, resource_control_policies })
}

/// `None` when nothing is said; AWS then has `FullAWSAccess` attached.
fn service_control(decoder: &mut Decoder<'_>, fields: &mut Fields<'_>) -> Option<Policies> {
    let node = fields.take("serviceControlPolicies")?;
    Some(PolicyReader::new(PolicyType::ServiceControl, INLINE).list(decoder, node))
}

fn resource_control(decoder: &mut Decoder<'_>, fields: &mut Fields<'_>) -> Policies {
    let reader = PolicyReader::new(PolicyType::ResourceControl, INLINE);
    fields.take("resourceControlPolicies").map(|node| reader.list(decoder, node)).unwrap_or_default()
}

/// What AWS attaches to every root and unit.
///
/// Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html>
fn full_access(decoder: &mut Decoder<'_>) -> Policies {
    PolicyReader::new(PolicyType::ServiceControl, INLINE).full_aws_access(decoder).into_iter().collect()
}
