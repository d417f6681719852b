//! Amazon EC2.
//!
//! Source: <https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html>

use iamsim_world::{Call, Check};
use serde_json::Value;

use crate::aws::Invocation;
use crate::checks::{check, pass_role};
use crate::scope::Scope;
use crate::shorthand;

/// Resource types by what their ids begin with. Images and snapshots have no account in their ARNs.
///
/// Source: <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html>
const ID_PREFIXES: [(&str, &str); 26] = [
    ("acl", "network-acl"),
    ("ami", "image"),
    ("cgw", "customer-gateway"),
    ("dopt", "dhcp-options"),
    ("eigw", "egress-only-internet-gateway"),
    ("eipalloc", "elastic-ip"),
    ("eni", "network-interface"),
    ("fl", "vpc-flow-log"),
    ("h", "dedicated-host"),
    ("i", "instance"),
    ("igw", "internet-gateway"),
    ("key", "key-pair"),
    ("lt", "launch-template"),
    ("nat", "natgateway"),
    ("pcx", "vpc-peering-connection"),
    ("pl", "prefix-list"),
    ("rtb", "route-table"),
    ("sg", "security-group"),
    ("sgr", "security-group-rule"),
    ("snap", "snapshot"),
    ("subnet", "subnet"),
    ("tgw", "transit-gateway"),
    ("vgw", "vpn-gateway"),
    ("vol", "volume"),
    ("vpc", "vpc"),
    ("vpce", "vpc-endpoint"),
];

/// Adds what the flags alone do not tell.
pub(super) fn complete(call: &mut Call, invocation: &Invocation, scope: &Scope<'_>) {
    match invocation.operation.api {
        "CreateTags" | "DeleteTags" => tag(call, invocation, scope),
        "CreateVpcPeeringConnection" => peer(call, invocation, scope),
        "RunInstances" => run(call, invocation, scope),
        "AssociateIamInstanceProfile" | "ReplaceIamInstanceProfileAssociation" => {
            profile(call, invocation, scope)
        }
        _ => {}
    }
}

fn tag(call: &mut Call, invocation: &Invocation, scope: &Scope<'_>) {
    let arns = invocation.list("resources").into_iter().map(|id| resource(&id, scope));
    call.checks = arns.map(|arn| check(&call.operation, arn)).collect();
}

/// The ARN of what an id names.
fn resource(id: &str, scope: &Scope<'_>) -> String {
    let prefix = id.split('-').next().unwrap_or_default();
    match ID_PREFIXES.iter().find(|(known, _)| *known == prefix) {
        Some((_, kind @ ("image" | "snapshot"))) => {
            format!("arn:{}:ec2:{}::{kind}/{id}", scope.partition(), scope.region())
        }
        Some((_, kind)) => scope.regional("ec2", &format!("{kind}/{id}")),
        None => scope.regional("ec2", &format!("*/{id}")),
    }
}

/// Both VPCs of a peering connection are condition keys of it; both checks are in the requester's account.
///
/// Source: <https://docs.aws.amazon.com/vpc/latest/peering/security-iam.html>
fn peer(call: &mut Call, invocation: &Invocation, scope: &Scope<'_>) {
    let requester = scope.regional("ec2", &format!("vpc/{}", invocation.text("vpc-id").unwrap_or("*")));
    let accepter = format!(
        "arn:{}:ec2:{}:{}:vpc/{}",
        scope.partition(),
        invocation.text("peer-region").unwrap_or(scope.region()),
        invocation.text("peer-owner-id").unwrap_or(scope.account()),
        invocation.text("peer-vpc-id").unwrap_or("*"),
    );
    for check in call.checks.iter_mut().filter(|check| check.resource.contains(":vpc-peering-connection/")) {
        check.context.insert("ec2:RequesterVpc", &*requester);
        check.context.insert("ec2:AccepterVpc", &*accepter);
    }
}

/// Source: <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/iam-policies-ec2-console.html>
fn run(call: &mut Call, invocation: &Invocation, scope: &Scope<'_>) {
    // What an instance always gets, although AWS's tables do not say that it must be allowed.
    for kind in ["subnet", "volume"] {
        if !call.checks.iter().any(|check| check.resource.contains(&format!(":{kind}/"))) {
            call.checks.push(check("ec2:RunInstances", scope.regional("ec2", &format!("{kind}/*"))));
        }
    }
    let instance_type = invocation.text("instance-type");
    let on = |check: &Check, kind: &str| check.resource.contains(kind);
    for check in &mut call.checks {
        if let (true, Some(kind)) = (on(check, ":instance/"), instance_type) {
            check.context.insert("ec2:InstanceType", kind);
        }
        if let (true, Some(subnet)) = (on(check, ":network-interface/"), invocation.text("subnet-id")) {
            check.context.insert("ec2:Subnet", scope.regional("ec2", &format!("subnet/{subnet}")));
        }
    }
    profile(call, invocation, scope);
}

/// The role of an instance profile is passed to Amazon EC2. The request names the profile only; the console gives
/// profile and role one name, which is taken here.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_switch-role-ec2_instance-profiles.html>
fn profile(call: &mut Call, invocation: &Invocation, scope: &Scope<'_>) {
    let Some(word) = invocation.word("iam-instance-profile") else { return };
    let value = shorthand::value(&word.text);
    let named = value.get("Arn").or_else(|| value.get("Name")).and_then(Value::as_str);
    let Some(name) = named.and_then(|name| name.rsplit("instance-profile/").next()) else { return };
    call.checks.push(pass_role(scope.role(name), "ec2.amazonaws.com"));
}
