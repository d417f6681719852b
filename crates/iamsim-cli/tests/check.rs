//! `iamsim check`: each gate's denial, each way to be allowed, and what cannot be answered.

use std::path::Path;
use std::process::Command;

use insta_cmd::{assert_cmd_snapshot, get_cargo_bin};

const ALICE: &str = "arn:aws:iam::111111111111:user/alice";
const DEV: &str = "arn:aws:sts::111111111111:assumed-role/Dev/alice";
const OTHER: &str = "arn:aws:iam::222222222222:user/bob";
const OBJECT: &str = "arn:aws:s3:::amzn-s3-demo-bucket/report.csv";
const ROLE: &str = "arn:aws:iam::222222222222:role/Auditor";
const KEY: &str = "arn:aws:kms:us-east-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab";

/// `iamsim check --as PRINCIPAL` with these words, run among the test policies.
fn ask(principal: &str, words: &str) -> Command {
    let mut command = Command::new(get_cargo_bin("iamsim"));
    command.current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/policies"));
    command.env_remove("COLUMNS").args(["check", "--as", principal]).args(words.split_whitespace());
    command
}

/// Asks, and compares what is printed with the snapshot of this name.
macro_rules! check {
    ($name:literal, $principal:expr, $words:expr) => {
        assert_cmd_snapshot!($name, ask($principal, &format!($words)))
    };
    ($name:literal, $principal:expr, $words:expr, $last:expr) => {
        assert_cmd_snapshot!($name, ask($principal, &format!($words)).arg($last))
    };
}

#[test]
fn an_explicit_deny_of_each_policy_type_shows_the_statement() {
    let get = format!("--action s3:GetObject --resource {OBJECT}");
    let office = "deny-outside-office.json";
    check!("deny_identity_based", ALICE, "{get} --identity-policy {office}");
    check!(
        "deny_permissions_boundary",
        ALICE,
        "{get} --identity-policy read-bucket.json --permissions-boundary {office}"
    );
    check!("deny_session", DEV, "{get} --identity-policy read-bucket.json --session-policy {office}");
    check!("deny_service_control", ALICE, "{get} --identity-policy read-bucket.json --scp {office}");
    check!(
        "deny_resource_based",
        ALICE,
        "{get} --identity-policy read-bucket.json --resource-policy only-through-endpoint.json"
    );
    check!(
        "deny_resource_control",
        OTHER,
        "{get} --resource-account 111111111111 --identity-policy read-bucket.json --rcp rcp-org-only.json"
    );
    check!(
        "deny_vpc_endpoint",
        ALICE,
        "--action s3:DeleteObject --resource {OBJECT} --identity-policy AdministratorAccess \
         --vpc-endpoint-policy endpoint-one-bucket.json"
    );
    check!(
        "deny_role_trust",
        ALICE,
        "--action sts:AssumeRole --resource {ROLE} --identity-policy AdministratorAccess \
         --trust-policy trust-account.json --context aws:MultiFactorAuthPresent=false"
    );
}

#[test]
fn an_implicit_deny_of_each_policy_type_shows_what_came_near() {
    let get = format!("--action s3:GetObject --resource {OBJECT}");
    let read = "--identity-policy read-bucket.json";
    check!("missing_identity_based", ALICE, "{get} --identity-policy alice.json");
    check!("missing_permissions_boundary", ALICE, "{get} {read} --permissions-boundary only-ec2.json");
    check!("missing_session", DEV, "{get} {read} --session-policy only-ec2.json");
    check!("missing_session_of_federated_user", "arn:aws:sts::111111111111:federated-user/f", "{get} {read}");
    check!("missing_service_control", ALICE, "{get} {read} --scp only-ec2.json");
    check!("missing_vpc_endpoint", ALICE, "{get} {read} --vpc-endpoint-policy endpoint-one-bucket.json");
    check!(
        "missing_resource_based_across_accounts",
        OTHER,
        "{get} {read} --resource-account 111111111111 --resource-policy bucket-grants.json"
    );
    check!(
        "missing_identity_based_across_accounts",
        ALICE,
        "{get} --resource-account 222222222222 --resource-policy bucket-grants.json"
    );
    check!("missing_both_across_accounts", OTHER, "{get} --resource-account 111111111111");
    check!(
        "missing_key_policy",
        ALICE,
        "--action kms:Decrypt --resource {KEY} --identity-policy AdministratorAccess \
         --resource-policy key-for-dev.json"
    );
    check!(
        "missing_role_trust",
        ALICE,
        "--action sts:AssumeRole --resource {ROLE} --identity-policy AdministratorAccess"
    );
    check!(
        "missing_signature",
        "anonymous",
        "--action sts:AssumeRole --resource {ROLE} --trust-policy trust-plain.json"
    );
    check!("missing_for_anonymous", "anonymous", "{get} --resource-policy bucket-grants.json");
    check!(
        "missing_for_service",
        "service:logging.s3.amazonaws.com",
        "{get} --resource-policy bucket-grants.json"
    );
    check!(
        "missing_for_anyone_with_a_token",
        "federated:accounts.google.com",
        "--action sts:AssumeRoleWithWebIdentity --resource {ROLE} --trust-policy trust-plain.json"
    );
    check!("missing_key_policy_altogether", ALICE, "--action kms:Decrypt --resource {KEY}");
}

#[test]
fn what_no_policy_can_allow_is_said_to_be_so() {
    let all = "--identity-policy AdministratorAccess";
    check!(
        "limit_root_assumes_role",
        "arn:aws:iam::111111111111:root",
        "--action sts:AssumeRole --resource {ROLE} --trust-policy trust-plain.json"
    );
    check!(
        "limit_federated_user",
        "arn:aws:sts::111111111111:federated-user/f",
        "--action iam:GetUser --resource {ALICE} {all} --session-policy AdministratorAccess"
    );
    check!(
        "protected_resource",
        ALICE,
        "--action iam:DeletePolicy --resource arn:aws:iam::aws:policy/ReadOnlyAccess {all}"
    );
    check!(
        "bucket_policy_of_another_account",
        ALICE,
        "--action s3:GetBucketPolicy --resource arn:aws:s3:::amzn-s3-demo-bucket \
         --resource-account 222222222222 {all} --resource-policy bucket-open.json --explain"
    );
}

#[test]
fn each_way_to_be_allowed_is_told() {
    let get = format!("--action s3:GetObject --resource {OBJECT}");
    let grants = "--resource-policy bucket-grants.json";
    check!("allowed_identity_based", ALICE, "{get} --identity-policy read-bucket.json");
    check!(
        "allowed_managed_policy",
        ALICE,
        "{get} --identity-policy AmazonS3ReadOnlyAccess --scp FullAWSAccess"
    );
    check!("allowed_resource_based", ALICE, "{get} {grants} --explain");
    check!("allowed_through_role", DEV, "{get} {grants} --explain");
    check!(
        "allowed_both_accounts",
        ALICE,
        "{get} {grants} --resource-account 222222222222 --identity-policy read-bucket.json"
    );
    check!("allowed_root", "arn:aws:iam::111111111111:root", "{get}");
    check!("allowed_no_permission_needed", ALICE, "--action sts:GetCallerIdentity");
    check!(
        "allowed_service",
        "service:cloudtrail.amazonaws.com",
        "--action s3:PutObject --resource arn:aws:s3:::amzn-s3-demo-bucket/AWSLogs/111111111111/log.gz {grants}"
    );
}

#[test]
fn near_misses_say_what_stands_on_either_side() {
    let bucket = "arn:aws:s3:::amzn-s3-demo-bucket";
    check!(
        "near_bucket_is_not_its_objects",
        ALICE,
        "--action s3:GetObject --resource {OBJECT} --identity-policy bucket-without-objects.json"
    );
    check!("near_mfa", ALICE, "--action s3:ListBucket --resource {bucket} --identity-policy alice.json");
    check!(
        "near_variable",
        ALICE,
        "--action s3:PutObject --resource {bucket}/home/bob/x --identity-policy alice.json"
    );
    check!(
        "near_variable_among_others",
        ALICE,
        "--action s3:GetObject --resource arn:aws:s3:::amzn-s3-demo-bucket/home/bob/x --identity-policy",
        r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource":
            ["arn:aws:s3:::amzn-s3-demo-bucket", "arn:aws:s3:::amzn-s3-demo-bucket/home/${aws:username}/*"]}}"#
    );
    check!(
        "near_action",
        ALICE,
        "--action s3:DeleteObject --resource {OBJECT} --identity-policy AmazonS3ReadOnlyAccess"
    );
    check!(
        "near_multivalued",
        ALICE,
        "--action ec2:CreateTags --resource arn:aws:ec2:us-east-1:111111111111:instance/i-0abc \
         --identity-policy tag-keys-without-qualifier.json --context aws:TagKeys=team --context aws:TagKeys=env"
    );
    check!(
        "near_nothing_in_a_managed_policy",
        ALICE,
        "--action iam:PassRole --resource arn:aws:iam::111111111111:role/Dev --identity-policy AmazonEC2FullAccess"
    );
    check!(
        "near_malformed_variable",
        ALICE,
        "--action s3:GetObject --resource {OBJECT} --identity-policy",
        r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:GetObject",
            "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/${aws:PrincipalTag/${aws:username}}"}}"#
    );
    check!(
        "near_external_id",
        ALICE,
        "--identity-policy AdministratorAccess --trust-policy trust-external-id.json --run",
        "aws sts assume-role --role-arn arn:aws:iam::222222222222:role/Auditor --role-session-name s --external-id BB"
    );
    check!(
        "near_in_yaml",
        "arn:aws:iam::111111111111:user/carol",
        "--world organization.world.yaml --action ec2:StartInstances \
         --resource arn:aws:ec2:us-east-1:111111111111:instance/i-0abc"
    );
}

#[test]
fn the_walk_shows_every_gate_and_what_was_assumed() {
    check!(
        "explain_identity_based",
        ALICE,
        "--action s3:ListBucket --resource arn:aws:s3:::amzn-s3-demo-bucket --identity-policy alice.json \
         --identity-policy deny-outside-office.json --context aws:SourceIp=203.0.113.7 --explain --scp only-ec2.json"
    );
    let words = format!(
        "--action s3:GetObject --resource {OBJECT} --identity-policy deny-outside-office.json --explain"
    );
    assert_cmd_snapshot!("explain_narrow", ask(ALICE, &words).env("COLUMNS", "60"));
}

#[test]
fn a_world_says_which_policies_matter() {
    let world = "--world organization.world.yaml";
    check!("world_service_control", ALICE, "{world} --explain --action s3:GetObject --resource {OBJECT}");
    check!("world_allowed", ALICE, "{world} --action ec2:DescribeInstances -v");
    check!(
        "world_unknown_principal",
        "arn:aws:iam::111111111111:user/alcie",
        "{world} --action ec2:DescribeInstances"
    );
}

#[test]
fn a_scenario_stands_for_its_world() {
    check!(
        "world_of_a_scenario",
        "arn:aws:iam::111122223333:user/alice",
        "--action s3:GetObject --resource {OBJECT} --world ../files/pass.scenario.yaml"
    );
}

#[test]
fn a_policy_is_named_as_the_aws_cli_names_files_or_comes_from_standard_input() {
    let get = format!("--action s3:GetObject --resource {OBJECT} --identity-policy");
    check!("policy_by_address", ALICE, "{get} file://read-bucket.json");
    let policy = include_str!("policies/read-bucket.json");
    assert_cmd_snapshot!("policy_from_stdin", ask(ALICE, &format!("{get} -")).pass_stdin(policy));
    assert_cmd_snapshot!("policy_from_stdin_is_none", ask(ALICE, &format!("{get} -")).pass_stdin("oops\n"));
}

#[test]
fn a_command_shows_each_check() {
    let read = "--identity-policy AmazonS3ReadOnlyAccess --run";
    check!("run_denied", ALICE, "{read}", "aws s3 mv s3://amzn-s3-demo-bucket/a s3://amzn-s3-demo-bucket/b");
    check!("run_allowed", ALICE, "{read}", "aws s3 ls s3://amzn-s3-demo-bucket");
    check!(
        "run_refused",
        ALICE,
        "--identity-policy AdministratorAccess --trust-policy trust-plain.json --run",
        "aws sts assume-role --role-arn arn:aws:iam::222222222222:role/R --role-session-name s --external-id B"
    );
    check!("run_unreadable", ALICE, "{read}", "aws s3 sl");
    check!(
        "run_too_long_a_session",
        DEV,
        "--identity-policy AdministratorAccess --trust-policy trust-plain.json --run",
        "aws sts assume-role --role-arn arn:aws:iam::111111111111:role/R --role-session-name s --duration-seconds 7200"
    );
}

#[test]
fn json_has_the_gates_the_statements_and_the_context() {
    check!(
        "json",
        ALICE,
        "--action s3:GetObject --resource {OBJECT} --identity-policy alice.json --format json"
    );
}

#[test]
fn what_cannot_be_answered_says_how_to_put_it_right() {
    let get = format!("--action s3:GetObject --resource {OBJECT}");
    check!(
        "bad_everything",
        "arn:aws:iam::111111111111:group/g",
        "--action s3:GetObjct --context a --context aws:SuorceIp=1 --now noon"
    );
    check!("bad_policy_name", ALICE, "{get} --identity-policy AmazonS3ReadonlyAccess");
    check!("bad_policy_file", ALICE, "{get} --identity-policy missing.json --scp broken.json");
    check!("bad_name_of_a_policy_file", ALICE, "{get} --identity-policy raed-bucket.json");
    check!("bad_trust_policy", ALICE, "{get} --trust-policy trust-account.json");
    check!("bad_session_policy", ALICE, "{get} --session-policy AmazonS3ReadOnlyAccess");
    check!("bad_format", ALICE, "{get} --format github");
    check!("bad_world_and_policy", ALICE, "{get} --world organization.world.yaml --scp only-ec2.json");
    check!("bad_nothing_asked", ALICE, "--identity-policy alice.json");
    check!("bad_service", "service:lambda", "{get}");
    check!("bad_endpoint", ALICE, "{get} --identity-policy alice.json --via vpce-0abc");
}

#[test]
fn what_no_real_request_would_be_is_said_beside_the_answer() {
    let bucket = "arn:aws:s3:::amzn-s3-demo-bucket";
    let careless = "--action s3:GetObject --identity-policy read-bucket.json --context s3:prefix=home/";
    check!("warnings", ALICE, "{careless} --resource {bucket}");
    check!("warnings_json", ALICE, "{careless} --resource {OBJECT} --format json");
    check!("warnings_strict", ALICE, "{careless} --resource {bucket} --strict");
    check!("warnings_region", ALICE, "{careless} --resource {OBJECT} --region eu-wets-1");
    check!("warnings_no_resource", ALICE, "--action s3:GetObject --identity-policy read-bucket.json");
    check!(
        "warnings_one_of_two_resources",
        ALICE,
        "--action ec2:CreateVpcPeeringConnection --resource arn:aws:ec2:us-east-1:111111111111:vpc/vpc-1a2b3c4d \
         --identity-policy only-ec2.json"
    );
    check!(
        "warnings_of_a_command",
        ALICE,
        "--identity-policy AmazonS3ReadOnlyAccess --context aws:MultiFactorAuthAge=long --run",
        "aws s3 ls s3://amzn-s3-demo-bucket"
    );
}

#[test]
fn what_is_unknown_is_never_guessed() {
    let get = "--action s3:GetObject --resource arn:aws:s3:::amzn-s3-demo-bucket/red/report.csv \
               --identity-policy read-with-unknowns.json";
    let mfa = "aws:MultiFactorAuthPresent";
    check!(
        "unknown_undetermined",
        ALICE,
        "{get} --unknown {mfa} --unknown aws:SourceIp --unknown aws:PrincipalTag/team"
    );
    check!("unknown_everything_missing", ALICE, "{get} --unknown *");
    check!("unknown_denied_either_way", ALICE, "{get} --unknown {mfa}");
    check!("unknown_certain", ALICE, "{get} --unknown aws:SourceIp");
    check!(
        "unknown_twice",
        ALICE,
        "--identity-policy read-with-unknowns.json --unknown aws:SourceIp --context {mfa}=true --run",
        "aws s3 cp s3://amzn-s3-demo-bucket/report.csv ."
    );
    check!("unknown_json", ALICE, "{get} --context {mfa}=true --unknown aws:SourceIp --format json");
    check!("unknown_explain", ALICE, "{get} --context {mfa}=true --unknown aws:SourceIp --explain");
    check!(
        "unknown_trust",
        ALICE,
        "--trust-policy trust-external-id.json --identity-policy AdministratorAccess --unknown * --run",
        "aws sts assume-role --role-arn arn:aws:iam::222222222222:role/Auditor --role-session-name s"
    );
    check!(
        "unknown_and_known",
        ALICE,
        "{get} --context aws:SourceIp=203.0.113.7 --unknown aws:SourceIp --unknown aws:SourceIpp"
    );
}

#[test]
fn a_denial_comes_with_what_would_allow_it() {
    let get = format!("--action s3:GetObject --resource {OBJECT}");
    check!(
        "fix_external_id",
        ALICE,
        "--identity-policy AdministratorAccess --trust-policy trust-external-id.json --fix --run",
        "aws sts assume-role --role-arn arn:aws:iam::222222222222:role/Auditor --role-session-name s --external-id BB"
    );
    check!(
        "fix_mfa",
        ALICE,
        "--identity-policy AdministratorAccess --trust-policy trust-account.json --fix --run",
        "aws sts assume-role --role-arn arn:aws:iam::222222222222:role/Auditor --role-session-name s"
    );
    check!("fix_identity_based", ALICE, "{get} --identity-policy alice.json --fix");
    check!(
        "fix_resource_based",
        ALICE,
        "{get} --identity-policy read-bucket.json --resource-policy only-through-endpoint.json --fix"
    );
    check!(
        "fix_role_trust",
        OTHER,
        "--action sts:AssumeRole --resource {ROLE} --trust-policy trust-external-id.json --fix"
    );
    check!(
        "fix_both_accounts",
        OTHER,
        "{get} --resource-account 111111111111 --resource-policy bucket-grants.json --fix"
    );
    check!(
        "fix_service_control",
        ALICE,
        "{get} --identity-policy read-bucket.json --scp only-ec2.json --fix"
    );
    check!(
        "fix_permissions_boundary",
        ALICE,
        "{get} --identity-policy read-bucket.json --permissions-boundary only-ec2.json --fix"
    );
    check!(
        "fix_session",
        DEV,
        "{get} --identity-policy read-bucket.json --session-policy only-ec2.json --fix"
    );
    check!(
        "fix_vpc_endpoint",
        ALICE,
        "{get} --identity-policy read-bucket.json --vpc-endpoint-policy endpoint-one-bucket.json --fix"
    );
    check!(
        "fix_resource_control",
        OTHER,
        "{get} --resource-account 111111111111 --identity-policy read-bucket.json --rcp rcp-org-only.json --fix"
    );
    check!(
        "fix_in_yaml",
        "arn:aws:iam::111111111111:user/carol",
        "--world organization.world.yaml --action ec2:StartInstances \
         --resource arn:aws:ec2:us-east-1:111111111111:instance/i-0abc --fix"
    );
    check!("fix_json", ALICE, "{get} --identity-policy alice.json --scp only-ec2.json --format json");
}

#[test]
fn an_allow_shows_what_it_hangs_on() {
    let get = format!("--action s3:GetObject --resource {OBJECT}");
    let both = "--resource-account 222222222222 --identity-policy read-bucket.json";
    check!("hinges_of_both_accounts", ALICE, "{get} {both} --resource-policy bucket-grants.json --fix");
    check!(
        "hinges_of_either",
        ALICE,
        "{get} --identity-policy read-bucket.json --identity-policy AmazonS3ReadOnlyAccess --fix"
    );
}
