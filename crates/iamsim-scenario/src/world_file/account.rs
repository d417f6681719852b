//! Accounts: users, groups, roles, policies, resources and VPC endpoints.

use std::collections::BTreeMap;

use iamsim_engine::S3;
use iamsim_syntax::json::{Node, Value};
use iamsim_syntax::{Arn, Diagnostic, PolicyType};
use iamsim_world::{Account, Group, Resource, Role, SharedWith, User, VpcEndpoint};

use crate::decode::{Decoder, Fields, did_you_mean};
use crate::policy_file::{CustomerManaged, PolicyReader};
use crate::settings::{block_public_access, endpoint_type, flag, grants};
use crate::world_file::INLINE;

/// The longest session a role may give, and the shortest that longest may be, in seconds.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html>
const SESSION_SECONDS: std::ops::RangeInclusive<i64> = 3600..=43_200;

pub(super) fn decode(decoder: &mut Decoder<'_>, node: &Node, id: &str) -> Option<Account> {
    let mut fields = decoder.object(node, "an account")?;
    let name = fields.take("name").and_then(|node| decoder.text(node, "an account's name"));
    let canonical_user_id = fields.take("canonicalUserId");
    let canonical_user_id = canonical_user_id.and_then(|node| decoder.text(node, "a canonical user id"));
    let managed = fields.take("policies").map(|node| customer_managed(decoder, node, id)).unwrap_or_default();
    let reader = AccountReader { managed: &managed };
    let mut account = Account { name, canonical_user_id, ..Account::default() };
    // Sessions may be limited by customer managed policies, the only use they have for the simulation itself.
    let session = PolicyReader::new(PolicyType::Session, INLINE).with_managed(&managed);
    for (name, (_, document)) in &managed {
        let named = Node { value: Value::String((*name).into()), span: document.span };
        if let Some(policy) = session.one(decoder, &named) {
            account.policies.insert((*name).to_owned(), policy);
        }
    }
    account.groups = named(decoder, &mut fields, "groups", |decoder, node| reader.group(decoder, node));
    account.users =
        named(decoder, &mut fields, "users", |decoder, node| reader.user(decoder, node, &account.groups));
    account.roles = named(decoder, &mut fields, "roles", |decoder, node| reader.role(decoder, node));
    account.resources = resources(decoder, &mut fields);
    account.vpc_endpoints = named(decoder, &mut fields, "vpcEndpoints", vpc_endpoint);
    account.s3 =
        fields.take("blockPublicAccess").map(|node| block_public_access(decoder, node)).unwrap_or_default();
    fields.finish(decoder);
    Some(account)
}

/// Customer managed policies: their documents are compiled where they are attached, as what they are attached as.
fn customer_managed<'n>(decoder: &mut Decoder<'_>, node: &'n Node, account: &str) -> CustomerManaged<'n> {
    let mut managed = CustomerManaged::new();
    for member in decoder.entries(node, "`policies`").unwrap_or_default() {
        let name = &*member.key.value;
        managed.insert(name, (format!("arn:aws:iam::{account}:policy/{name}"), &member.value));
    }
    managed
}

/// The members of an object by name.
fn named<T>(
    decoder: &mut Decoder<'_>,
    fields: &mut Fields<'_>,
    key: &'static str,
    mut read: impl FnMut(&mut Decoder<'_>, &Node) -> Option<T>,
) -> BTreeMap<String, T> {
    let Some(node) = fields.take(key) else { return BTreeMap::new() };
    let members = decoder.entries(node, format_args!("`{key}`")).unwrap_or_default().iter();
    members
        .filter_map(|member| Some((String::from(&*member.key.value), read(decoder, &member.value)?)))
        .collect()
}

/// Reads what may name the account's own policies.
struct AccountReader<'n> {
    managed: &'n CustomerManaged<'n>,
}

impl AccountReader<'_> {
    fn policies(&self, policy_type: PolicyType) -> PolicyReader<'_> {
        PolicyReader::new(policy_type, INLINE).with_managed(self.managed)
    }

    fn group(&self, decoder: &mut Decoder<'_>, node: &Node) -> Option<Group> {
        let mut fields = decoder.object(node, "a group")?;
        let reader = self.policies(PolicyType::IdentityBased);
        let policies = fields.take("policies").map(|node| reader.list(decoder, node)).unwrap_or_default();
        fields.finish(decoder);
        Some(Group { policies })
    }

    fn user(&self, decoder: &mut Decoder<'_>, node: &Node, groups: &BTreeMap<String, Group>) -> Option<User> {
        let mut fields = decoder.object(node, "a user")?;
        let identity = self.policies(PolicyType::IdentityBased);
        let boundary = self.policies(PolicyType::PermissionsBoundary);
        let user = User {
            path: path(decoder, &mut fields),
            id: fields.take("id").and_then(|node| decoder.text(node, "a user's id")),
            policies: fields.take("policies").map(|node| identity.list(decoder, node)).unwrap_or_default(),
            groups: fields.take("groups").map(|node| memberships(decoder, node, groups)).unwrap_or_default(),
            permissions_boundary: fields
                .take("permissionsBoundary")
                .map(|node| boundary.only(decoder, node))
                .unwrap_or_default(),
            tags: tags(decoder, &mut fields),
        };
        fields.finish(decoder);
        Some(user)
    }

    fn role(&self, decoder: &mut Decoder<'_>, node: &Node) -> Option<Role> {
        let mut fields = decoder.object(node, "a role")?;
        let identity = self.policies(PolicyType::IdentityBased);
        let boundary = self.policies(PolicyType::PermissionsBoundary);
        let trust = PolicyReader::new(PolicyType::RoleTrust, INLINE);
        let role = Role {
            path: path(decoder, &mut fields),
            id: fields.take("id").and_then(|node| decoder.text(node, "a role's id")),
            trust: fields.take("trust").map(|node| trust.only(decoder, node)).unwrap_or_default(),
            policies: fields.take("policies").map(|node| identity.list(decoder, node)).unwrap_or_default(),
            permissions_boundary: fields
                .take("permissionsBoundary")
                .map(|node| boundary.only(decoder, node))
                .unwrap_or_default(),
            tags: tags(decoder, &mut fields),
            max_session_duration: fields
                .take("maxSessionDuration")
                .and_then(|node| session_duration(decoder, node)),
        };
        fields.finish(decoder);
        Some(role)
    }
}

/// The names of groups, which must be there.
fn memberships(decoder: &mut Decoder<'_>, node: &Node, groups: &BTreeMap<String, Group>) -> Vec<String> {
    let mut names = Vec::new();
    for item in decoder.items(node) {
        let Some(name) = decoder.string(item, "a group's name") else { continue };
        if !groups.contains_key(name) {
            let message = format!("there is no group `{name}` in this account");
            let diagnostic = Diagnostic::error("unknown-group", item.span, message);
            decoder.report(match did_you_mean(name, groups.keys().map(String::as_str)) {
                Some(help) => diagnostic.with_help(help),
                None => diagnostic.with_help("add it under `groups`"),
            });
        }
        names.push(name.to_owned());
    }
    names
}

fn path(decoder: &mut Decoder<'_>, fields: &mut Fields<'_>) -> String {
    let Some(node) = fields.take("path") else { return "/".to_owned() };
    let Some(path) = decoder.string(node, "a path") else { return "/".to_owned() };
    if !(path.starts_with('/') && path.ends_with('/')) {
        let message = format!("the path `{path}` must begin and end with `/`");
        let diagnostic = Diagnostic::error("invalid-path", node.span, message);
        decoder.report(diagnostic.with_help(format!("write `/{}/`", path.trim_matches('/'))));
    }
    path.to_owned()
}

fn tags(decoder: &mut Decoder<'_>, fields: &mut Fields<'_>) -> BTreeMap<String, String> {
    named(decoder, fields, "tags", |decoder, node| decoder.text(node, "a tag's value"))
}

fn session_duration(decoder: &mut Decoder<'_>, node: &Node) -> Option<u32> {
    let seconds = decoder.duration(node)?.div_euclid(1000);
    if !SESSION_SECONDS.contains(&seconds) {
        let message = "the longest session of a role is between one and twelve hours";
        decoder.error("invalid-duration", node.span, message);
        return None;
    }
    u32::try_from(seconds).ok()
}

fn resources(decoder: &mut Decoder<'_>, fields: &mut Fields<'_>) -> BTreeMap<String, Resource> {
    let Some(node) = fields.take("resources") else { return BTreeMap::new() };
    let mut resources = BTreeMap::new();
    for member in decoder.entries(node, "`resources`").unwrap_or_default() {
        let arn = &*member.key.value;
        if Arn::parse(arn).is_none() {
            let message = format!("`{arn}` is not an ARN");
            let diagnostic = Diagnostic::error("invalid-arn", member.key.span, message);
            decoder.report(
                diagnostic.with_help("resources are named by their ARN, as in `arn:aws:s3:::bucket`"),
            );
        }
        if let Some(resource) = resource(decoder, &member.value) {
            resources.insert(arn.to_owned(), resource);
        }
    }
    resources
}

fn resource(decoder: &mut Decoder<'_>, node: &Node) -> Option<Resource> {
    let mut fields = decoder.object(node, "a resource")?;
    let reader = PolicyReader::new(PolicyType::ResourceBased, INLINE);
    let resource = Resource {
        policy: fields.take("policy").map(|node| reader.only(decoder, node)).unwrap_or_default(),
        tags: tags(decoder, &mut fields),
        shared_with: fields.take("sharedWith").map(|node| shared_with(decoder, node)).unwrap_or_default(),
        encrypted: flag(decoder, &mut fields, "encrypted"),
        s3: bucket(decoder, &mut fields),
        grants: fields.take("grants").map(|node| grants(decoder, node)).unwrap_or_default(),
    };
    fields.finish(decoder);
    Some(resource)
}

/// What only buckets have.
fn bucket(decoder: &mut Decoder<'_>, fields: &mut Fields<'_>) -> S3 {
    let settings = fields.take("blockPublicAccess").map(|node| block_public_access(decoder, node));
    let object_owner = fields.take("objectOwner").and_then(|node| decoder.account(node));
    let public_acl = flag(decoder, fields, "publicAcl");
    S3 { object_owner, public_acl, ..settings.unwrap_or_default() }
}

/// Account ids, or `all`.
fn shared_with(decoder: &mut Decoder<'_>, node: &Node) -> Vec<SharedWith> {
    let mut shared = Vec::new();
    for item in decoder.items(node) {
        match item.as_str() {
            Some("all") => shared.push(SharedWith::All),
            _ => shared.extend(decoder.account(item).map(SharedWith::Account)),
        }
    }
    shared
}

fn vpc_endpoint(decoder: &mut Decoder<'_>, node: &Node) -> Option<VpcEndpoint> {
    let mut fields = decoder.object(node, "a VPC endpoint")?;
    let reader = PolicyReader::new(PolicyType::VpcEndpoint, INLINE);
    let endpoint = VpcEndpoint {
        policy: fields.take("policy").map(|node| reader.only(decoder, node)).unwrap_or_default(),
        vpc: fields.take("vpc").and_then(|node| decoder.text(node, "a VPC's id")),
        endpoint_type: fields.take("type").and_then(|node| endpoint_type(decoder, node)),
    };
    fields.finish(decoder);
    Some(endpoint)
}
