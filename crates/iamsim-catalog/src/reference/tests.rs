//! Known facts of the reference, and that nothing of it is lost on the way.

use std::collections::BTreeSet;

use super::*;
use crate::{about, managed_policies};

#[test]
fn nothing_of_the_reference_is_lost() {
    let counts = about().counts;
    let actions = || services().iter().flat_map(Service::actions);
    let keys: BTreeSet<String> = services()
        .iter()
        .flat_map(Service::condition_keys)
        .map(|key| key.name.to_ascii_lowercase())
        .collect();
    assert_eq!(services().len(), counts.services);
    assert_eq!(actions().count(), counts.actions);
    assert_eq!(
        services().iter().map(|service| service.resource_types().len()).sum::<usize>(),
        counts.resource_types
    );
    assert_eq!(keys.len(), counts.condition_keys);
    assert_eq!(
        actions().map(|action| action.dependent_actions.len()).sum::<usize>(),
        counts.dependent_actions
    );
    let supporting = services().iter().filter(|service| service.supports_resource_control_policies());
    assert_eq!(supporting.count(), counts.services_with_resource_control_policies);
    assert!(counts.services >= 450 && counts.actions >= 22_000);
}

#[test]
fn every_resource_type_of_an_action_is_defined() {
    for service in services() {
        for action in service.actions() {
            for used in &action.resource_types {
                assert!(
                    service.resource_type(used.resource_type).is_some(),
                    "{action} {}",
                    used.resource_type
                );
            }
            for dependent in &action.dependent_actions {
                assert!(super::action(dependent).is_some(), "{action} {dependent}");
            }
        }
    }
}

#[test]
fn an_action_is_found_in_any_case() {
    let check = |asked: &str, expected: Option<&str>| {
        assert_eq!(action(asked).map(ToString::to_string).as_deref(), expected);
    };
    check("s3:GetObject", Some("s3:GetObject"));
    check("S3:GETOBJECT", Some("s3:GetObject"));
    check("s3:GetObjekt", None);
    check("s4:GetObject", None);
    check("GetObject", None);
    check("s3:", None);
    check("", None);
    for service in services() {
        for action in service.actions() {
            assert_eq!(service.action(action.name), Some(action));
        }
    }
}

#[test]
fn actions_work_on_these_resource_types() {
    #[track_caller]
    fn check(name: &str, level: AccessLevel, expected: &[&str]) {
        let action = action(name).unwrap();
        let types: Vec<String> = action
            .resource_types
            .iter()
            .map(|used| format!("{}{}", used.resource_type, if used.required { "*" } else { "" }))
            .collect();
        assert_eq!((action.access_level, types), (level, expected.iter().map(ToString::to_string).collect()));
    }
    check("s3:GetObject", AccessLevel::Read, &["accesspointobject", "object"]);
    check("s3:ListBucket", AccessLevel::List, &["accesspoint", "bucket"]);
    check("s3:ListAllMyBuckets", AccessLevel::List, &[]);
    check("sts:AssumeRole", AccessLevel::Write, &["role*"]);
    check("sts:GetCallerIdentity", AccessLevel::Read, &[]);
    check("kms:Decrypt", AccessLevel::Write, &["key*"]);
    check("iam:PassRole", AccessLevel::Write, &["role*"]);
    check("ec2:DescribeInstances", AccessLevel::List, &[]);
    check("iam:TagRole", AccessLevel::Tagging, &["role*"]);
    check("ecr:GetAuthorizationToken", AccessLevel::Read, &[]);
    check("s3:PutBucketPolicy", AccessLevel::PermissionsManagement, &["bucket*"]);
}

#[test]
fn running_instances_requires_these_types() {
    let action = action("ec2:RunInstances").unwrap();
    let required: Vec<&str> =
        action.resource_types.iter().filter(|used| used.required).map(|used| used.resource_type).collect();
    assert_eq!(required, ["image", "instance", "network-interface", "security-group", "subnet"]);
    assert!(action.dependent_actions.contains(&"iam:PassRole"));
}

#[test]
fn optional_types_alone_do_not_make_an_action_wildcard_only() {
    let check =
        |name: &str, expected: bool| assert_eq!(action(name).unwrap().is_wildcard_only(), expected, "{name}");
    check("s3:GetObject", false);
    check("sts:AssumeRole", false);
    check("s3:ListAllMyBuckets", true);
    check("ec2:DescribeInstances", true);
    let all = || services().iter().flat_map(Service::actions);
    assert_eq!(all().filter(|action| action.is_wildcard_only()).count(), 6762);
}

#[test]
fn a_resource_type_may_have_two_forms_and_a_foreign_service() {
    #[track_caller]
    fn check(prefix: &str, name: &str, expected: &[&str]) {
        let service = service(prefix).unwrap();
        assert_eq!(service.resource_type(name).unwrap().arns, expected);
    }
    check("s3", "bucket", &["arn:${Partition}:s3:::${BucketName}"]);
    check("sts", "role", &["arn:${Partition}:iam::${Account}:role/${RoleNameWithPath}"]);
    check(
        "apigateway",
        "Stage",
        &[
            "arn:${Partition}:apigateway:${Region}::/apis/${ApiId}/stages/${StageName}",
            "arn:${Partition}:apigateway:${Region}::/restapis/${RestApiId}/stages/${StageName}",
        ],
    );
}

#[test]
fn an_action_supports_its_own_keys_and_those_of_its_types() {
    let check = |name: &str, key: &str, expected: bool| {
        assert_eq!(action(name).unwrap().condition_key(key).is_some(), expected, "{name} {key}");
    };
    check("s3:ListBucket", "s3:prefix", true);
    check("s3:GetObject", "s3:prefix", false);
    check("s3:GetObject", "s3:ExistingObjectTag/env", true);
    check("ec2:RunInstances", "ec2:InstanceType", true);
    check("sts:AssumeRole", "sts:ExternalId", true);
}

#[test]
fn patterns_expand_to_actions() {
    #[track_caller]
    fn check(pattern: &str, expected: &[&str]) {
        let names: Vec<String> = expand(pattern).map(ToString::to_string).collect();
        assert_eq!(names, expected, "{pattern}");
    }
    check("s3:GetObject", &["s3:GetObject"]);
    check("S3:getobject?cl", &["s3:GetObjectAcl"]);
    check("sts:AssumeRoleWith*", &["sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity"]);
    check("ec2-instance-c*:SendSSH*Key", &["ec2-instance-connect:SendSSHPublicKey"]);
    check("s3:Nothing*", &[]);
    check("", &[]);
    check("s3", &[]);
    assert_eq!(expand("*").count(), about().counts.actions);
    assert_eq!(expand("*:*").count(), about().counts.actions);
    assert!(expand("s3:Get*").count() > 40);
}

#[test]
fn resource_control_policies_apply_to_these() {
    let check = |prefix: &str, expected: bool| {
        assert_eq!(service(prefix).unwrap().supports_resource_control_policies(), expected, "{prefix}");
    };
    for prefix in ["s3", "sts", "kms", "sqs", "secretsmanager", "ecr", "dynamodb", "logs"] {
        check(prefix, true);
    }
    for prefix in ["iam", "ec2", "lambda", "organizations"] {
        check(prefix, false);
    }
}

#[test]
fn a_misspelt_service_or_action_has_a_suggestion() {
    let check = |asked: &str, expected: Option<&str>| {
        assert_eq!(nearest_action(asked).map(ToString::to_string).as_deref(), expected);
    };
    check("s3:GetObjct", Some("s3:GetObject"));
    check("dynamoddb:GetItm", Some("dynamodb:GetItem"));
    check("s3:Zzzzzzzzzz", None);
    check("monitoring:GetMetricStatistics", Some("cloudwatch:GetMetricStatistics"));
    check("elsewhere:TagResource", None);
    check("nothing", None);
    assert_eq!(nearest_service("dinamodb").map(Service::prefix), Some("dynamodb"));
    assert_eq!(nearest_service("!").map(Service::prefix), None);
}

#[test]
fn odd_names_are_simply_not_found() {
    for odd in
        ["é:é", "s3:é", "\u{1f600}", ":", "::", "s3:${", "<", "s3:<é>", "arn:é:é:é:é:é:${é", "\0", "**:?*"]
    {
        assert!(action(odd).is_none());
        assert!(crate::condition_key(odd).is_none());
        assert!(crate::managed_policy(odd).is_none());
        assert!(crate::arn_resource_types(odd).is_empty());
        assert!(crate::nearest_action(odd).is_none());
        assert!(crate::nearest_managed_policy(odd).is_none());
        assert!(crate::nearest_condition_key(odd).is_none_or(|key| !key.is_empty()));
        assert!(expand(odd).count() <= about().counts.actions);
    }
}

/// AWS's own policies name what AWS has; the few patterns without an action are of retired services.
#[test]
fn aws_own_policies_name_known_actions() {
    let mut patterns = BTreeSet::new();
    for policy in managed_policies() {
        let document: serde_json::Value = serde_json::from_str(policy.document).unwrap();
        let statements = &document["Statement"];
        let single = std::slice::from_ref(statements);
        for statement in statements.as_array().map_or(single, Vec::as_slice) {
            for element in ["Action", "NotAction"] {
                match &statement[element] {
                    serde_json::Value::String(one) => drop(patterns.insert(one.to_ascii_lowercase())),
                    serde_json::Value::Array(many) => {
                        patterns
                            .extend(many.iter().filter_map(|one| Some(one.as_str()?.to_ascii_lowercase())));
                    }
                    _ => {}
                }
            }
        }
    }
    let unknown = patterns.iter().filter(|pattern| expand(pattern).next().is_none()).count();
    assert!(patterns.len() > 13_000, "{}", patterns.len());
    assert!(unknown * 100 < patterns.len() * 2, "{unknown} of {}", patterns.len());
}
