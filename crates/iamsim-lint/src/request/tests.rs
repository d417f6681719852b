use super::*;

const OBJECT: &str = "arn:aws:s3:::amzn-s3-demo-bucket/report.csv";
const BUCKET: &str = "arn:aws:s3:::amzn-s3-demo-bucket";
const USER: &str = "arn:aws:iam::111122223333:user/alice";
const VPC: &str = "arn:aws:ec2:us-east-1:111122223333:vpc/vpc-1a2b3c4d";
const PEERING: &str = "arn:aws:ec2:us-east-1:111122223333:vpc-peering-connection/pcx-1a2b3c4d";

fn one<'r>(name: &'r str, value: &'r str) -> GivenKey<'r> {
    GivenKey { name, value: GivenValue::One(value) }
}

fn many<'r>(name: &'r str, values: &[&'r str]) -> GivenKey<'r> {
    GivenKey { name, value: GivenValue::Many(values.to_vec()) }
}

#[track_caller]
fn check(action: &str, resources: &[&str], context: &[GivenKey<'_>], expected: &[(&str, &str)]) {
    let found = lint_request(action, resources, context);
    let codes: Vec<&str> = found.iter().map(|finding| finding.code).collect();
    let expected_codes: Vec<&str> = expected.iter().map(|(code, _)| *code).collect();
    assert_eq!(codes, expected_codes, "{found:#?}");
    for (finding, (_, words)) in found.iter().zip(expected) {
        assert!(format!("{}; {}", finding.message, finding.help).contains(words), "{finding:#?}");
        assert!(REQUEST_CODES.contains(&finding.code));
    }
}

#[test]
fn a_request_such_as_aws_makes_has_no_findings() {
    check("s3:GetObject", &[OBJECT], &[one("aws:SourceIp", "203.0.113.10")], &[]);
    check("S3:getobject", &[OBJECT], &[one("AWS:sourceip", "2001:db8::1")], &[]);
    check("s3:ListBucket", &[BUCKET], &[one("s3:prefix", "home/")], &[]);
    check("s3:ListAllMyBuckets", &["*"], &[], &[]);
    check("sts:GetCallerIdentity", &["*"], &[], &[]);
    check("iam:GetUser", &[USER], &[], &[]);
    check("s3:GetObject", &[OBJECT, "arn:aws:s3:::amzn-s3-demo-bucket/other.csv"], &[], &[]);
    check("s3:GetObject", &["arn:aws:s3:us-east-1:111122223333:accesspoint/ap/object/o"], &[], &[]);
    check(
        "dynamodb:GetItem",
        &["arn:aws:dynamodb:us-east-1:111122223333:table/T"],
        &[many("dynamodb:LeadingKeys", &["alice"])],
        &[],
    );
}

#[test]
fn unknown_services_and_actions_have_the_nearest_suggested() {
    check("s3:GetObjct", &["*"], &[], &[("unknown-action", "did you mean `s3:GetObject`?")]);
    check("s3:getobjct", &["*"], &[], &[("unknown-action", "did you mean `s3:GetObject`?")]);
    check("s33:GetObject", &["*"], &[], &[("unknown-service", "did you mean `s3:GetObject`?")]);
    check("GetObject", &["*"], &[], &[("unknown-action", "`service:Name`")]);
    check("RunInstances", &["*"], &[], &[("unknown-action", "did you mean `ec2:RunInstances`?")]);
    check("s3:Get*", &["*"], &[], &[("unknown-action", "one action")]);
    check("s3:FlyToTheMoonAndBack", &["*"], &[], &[("unknown-action", "may be newer than our list")]);
    check("zzzzzzzz:FlyToTheMoon", &["*"], &[], &[("unknown-service", "may be newer than our list")]);
    check("", &["*"], &[], &[("unknown-action", "`service:Name`")]);
}

#[test]
fn a_request_goes_to_a_region_that_there_is() {
    let key = "aws:RequestedRegion";
    check("s3:ListAllMyBuckets", &["*"], &[one(key, "eu-west-1")], &[]);
    check("s3:ListAllMyBuckets", &["*"], &[one(key, "aws-global")], &[]);
    check(
        "s3:ListAllMyBuckets",
        &["*"],
        &[one("AWS:requestedregion", "eu-wets-1")],
        &[("unknown-region", "there is no Region `eu-wets-1`; did you mean `eu-west-1`?")],
    );
    check("s3:ListAllMyBuckets", &["*"], &[one(key, "eu-*")], &[("unknown-region", "such as `us-east-1`")]);
}

#[test]
fn a_resource_must_be_of_a_type_the_action_works_on() {
    check("s3:GetObject", &[BUCKET], &[], &[("resource-mismatch", "of type `bucket`")]);
    check("s3:ListBucket", &[OBJECT], &[], &[("resource-mismatch", "${BucketName}`")]);
    check("s3:GetObject", &["amzn-s3-demo-bucket"], &[], &[("resource-mismatch", "does not work on")]);
    check("s3:GetObject", &[OBJECT, BUCKET], &[], &[("resource-mismatch", "amzn-s3-demo-bucket`")]);
    check("s3:GetObject", &["*"], &[], &[("resource-mismatch", "`*` is none")]);
    check("kms:Decrypt", &["*"], &[], &[("resource-mismatch", "key/${KeyId}")]);
    // Its only resource type is optional.
    check("sts:GetFederationToken", &["*"], &[], &[]);
}

#[test]
fn an_action_on_no_resource_in_particular_takes_a_star() {
    check("s3:ListAllMyBuckets", &[BUCKET], &[], &[("wildcard-only-action", "give `*`")]);
    check("ec2:DescribeInstances", &[VPC], &[], &[("wildcard-only-action", "in particular")]);
}

#[test]
fn each_resource_that_ec2_checks_must_be_named() {
    check("ec2:CreateVpcPeeringConnection", &[VPC, PEERING], &[], &[]);
    check(
        "ec2:CreateVpcPeeringConnection",
        &[VPC],
        &[],
        &[("missing-resource-type", "`vpc-peering-connection`")],
    );
    check("ec2:StopInstances", &["arn:aws:ec2:us-east-1:111122223333:instance/i-0abc"], &[], &[]);
    // Here the required types are alternatives.
    check("dynamodb:TagResource", &["arn:aws:dynamodb:us-east-1:111122223333:table/T"], &[], &[]);
}

#[test]
fn a_context_key_must_exist() {
    let keys =
        |name, expected: &[(&str, &str)]| check("s3:GetObject", &[OBJECT], &[one(name, "x")], expected);
    keys("aws:SuorceIp", &[("unknown-context-key", "did you mean `aws:SourceIp`?")]);
    keys("s3:nothinglikeit", &[("unknown-context-key", "may be newer")]);
    keys("SourceIp", &[("unknown-context-key", "")]);
    keys("token.actions.githubusercontent.com:whatever", &[]);
    keys("oidc.eks.us-east-1.amazonaws.com/id/EXAMPLE:sub", &[]);
    keys("saml:whatever", &[]);
    keys("aws:RequestTag/team", &[]);
    keys("aws:PrincipalTag/", &[]);
    let absent = [GivenKey { name: "aws:SuorceIp", value: GivenValue::Absent }];
    check("s3:GetObject", &[OBJECT], &absent, &[("unknown-context-key", "aws:SourceIp")]);
}

#[test]
fn a_context_key_must_come_with_the_action() {
    let prefix = [one("s3:prefix", "home/")];
    check("s3:GetObject", &[OBJECT], &prefix, &[("unpopulated-context-key", "`s3:ListBucket`")]);
    check("iam:PassRole", &["arn:aws:iam::111122223333:role/R"], &[one("iam:PassedToService", "x")], &[]);
    check("s3:GetObject", &[OBJECT], &[one("s3:ExistingObjectTag/env", "prod")], &[]);
    check("kms:Decrypt", &["arn:aws:kms:us-east-1:111122223333:key/k"], &[one("kms:ViaService", "x")], &[]);
    let absent = [GivenKey { name: "s3:prefix", value: GivenValue::Absent }];
    check("s3:GetObject", &[OBJECT], &absent, &[]);
    // Without a known action nothing is known of its keys.
    check("s3:FlyToTheMoonAndBack", &["*"], &prefix, &[("unknown-action", "")]);
    assert_eq!(lint_context(&prefix), []);
}

#[test]
fn a_value_must_be_of_the_keys_type() {
    let keys = |name, value, expected: &[(&str, &str)]| {
        check("s3:GetObject", &[OBJECT], &[one(name, value)], expected);
    };
    let mismatch = "context-type-mismatch";
    keys("aws:SourceIp", "203.0.113.0/24", &[(mismatch, "one address")]);
    keys("aws:SecureTransport", "yes", &[(mismatch, "`true` or `false`")]);
    keys("aws:SecureTransport", "True", &[]);
    keys("aws:MultiFactorAuthAge", "an hour", &[(mismatch, "a number")]);
    keys("aws:CurrentTime", "noon", &[(mismatch, "a date")]);
    keys("aws:CurrentTime", "2024-06-01T12:00:00Z", &[]);
    keys("aws:EpochTime", "1717243200", &[]);
    keys("aws:SourceArn", "my-topic", &[(mismatch, "an ARN")]);
    keys("aws:PrincipalArn", USER, &[]);
    keys("aws:UserAgent", "anything", &[]);
}

#[test]
fn a_list_is_for_a_multivalued_key() {
    let mismatch = "context-cardinality-mismatch";
    check("s3:ListBucket", &[BUCKET], &[many("s3:prefix", &["a"])], &[(mismatch, "value alone")]);
    check("s3:GetObject", &[OBJECT], &[many("aws:SourceIp", &[])], &[(mismatch, "one value")]);
    let table = "arn:aws:dynamodb:us-east-1:111122223333:table/T";
    check("dynamodb:GetItem", &[table], &[one("dynamodb:LeadingKeys", "a")], &[(mismatch, "a list")]);
    check("s3:GetObject", &[OBJECT], &[many("aws:CalledVia", &["athena.amazonaws.com"])], &[]);
}

#[test]
fn findings_name_their_part() {
    let found =
        lint_request("s3:GetObject", &[OBJECT, BUCKET], &[one("aws:UserAgent", "x"), one("s3:nil", "x")]);
    let parts: Vec<RequestPart> = found.iter().map(|finding| finding.part).collect();
    assert_eq!(parts, [RequestPart::Resource(1), RequestPart::ContextKey(1)]);
}
