//! A remedy for each way to be denied, and a reason where there is none.

#![expect(clippy::unwrap_used, reason = "a test stops at what cannot be")]

use std::sync::Arc;

use iamsim_engine::{
    AccountId, CredentialLimit, Level, Policy, PolicySet, Principal, Request, S3, ServiceRule, Settings,
};
use iamsim_remedy::{Addition, Case, Edit, Hindrance, Remedies, remedies};
use iamsim_syntax::{PolicyType, parse, print_statement};

const ALICE: &str = "arn:aws:iam::111111111111:user/alice";
const DEV: &str = "arn:aws:sts::111111111111:assumed-role/Dev/alice";
const ROOT: &str = "arn:aws:iam::111111111111:root";
const OBJECT: &str = "arn:aws:s3:::amzn-s3-demo-bucket/report.csv";
const ROLE: &str = "arn:aws:iam::222222222222:role/Audit";
const ALL: &str = r#"{"Effect": "Allow", "Action": "*", "Resource": "*"}"#;

/// A question, and the one statement of each policy it meets.
#[derive(Default, Clone)]
struct Asked<'a> {
    by: &'a str,
    action: &'a str,
    resource: &'a str,
    owner: &'a str,
    context: &'a [(&'a str, &'a str)],
    identity: &'a str,
    boundary: &'a str,
    session: &'a str,
    policy: &'a str,
    scp: &'a str,
    endpoint: &'a str,
    settings: Settings,
}

/// Alice gets an object of her own account.
fn get<'a>() -> Asked<'a> {
    Asked { by: ALICE, action: "s3:GetObject", resource: OBJECT, ..Asked::default() }
}

/// Alice assumes a role of another account.
fn assume<'a>(trust: &'a str) -> Asked<'a> {
    Asked {
        by: ALICE,
        action: "sts:AssumeRole",
        resource: ROLE,
        identity: ALL,
        policy: trust,
        ..Asked::default()
    }
}

fn ask(asked: &Asked<'_>) -> Remedies {
    let is_role = asked.action == "sts:AssumeRole";
    let mut documents = Vec::new();
    let mut compile = |statement: &str, policy_type| {
        let text = format!(r#"{{"Version": "2012-10-17", "Statement": [{statement}]}}"#);
        let (policy, diagnostics) = parse(&text, policy_type);
        assert_eq!(diagnostics, [], "{text}");
        let policy = policy.unwrap();
        documents.push((policy_type, policy.clone()));
        Arc::new(Policy::compile(&policy, "p"))
    };
    let mut all = |statement: &str, policy_type| {
        let given = (!statement.is_empty()).then_some(statement);
        given.map(|statement| compile(statement, policy_type)).into_iter().collect::<Vec<_>>()
    };
    let resource_type = if is_role { PolicyType::RoleTrust } else { PolicyType::ResourceBased };
    let level = |policies: Vec<Arc<Policy>>| Level { target: "r-root".into(), policies: policies.into() };
    let policies = PolicySet {
        identity: all(asked.identity, PolicyType::IdentityBased).into(),
        permissions_boundary: all(asked.boundary, PolicyType::PermissionsBoundary).into(),
        session: all(asked.session, PolicyType::Session).into(),
        resource: all(asked.policy, resource_type).into(),
        service_control: Some(all(asked.scp, PolicyType::ServiceControl))
            .filter(|policies| !policies.is_empty())
            .map(|policies| Arc::new([level(policies)]) as Arc<[Level]>),
        vpc_endpoint: Some(all(asked.endpoint, PolicyType::VpcEndpoint))
            .filter(|policies| !policies.is_empty())
            .map(Into::into),
        settings: asked.settings.clone(),
        ..PolicySet::default()
    };
    let principal = Principal::from_arn(asked.by).unwrap_or(Principal::Anonymous);
    let mut request = Request::of(principal, asked.action, asked.resource)
        .with_context(asked.context.iter().copied().collect());
    if let Some(owner) = AccountId::parse(asked.owner) {
        request = request.with_resource_account(owner);
    }
    let document = |policy: &Policy| {
        let found = documents.iter().find(|(policy_type, _)| *policy_type == policy.policy_type());
        found.map(|(_, document)| document.clone())
    };
    remedies(&Case::new(request.complete(), policies, document))
}

/// Asks, and compares the first remedy, edit by edit.
fn check(asked: &Asked<'_>, expected: &[&str]) {
    let found = ask(asked);
    let first = found.remedies.first().map(|remedy| remedy.edits.iter().map(words).collect::<Vec<_>>());
    assert_eq!(first.unwrap_or_default(), expected, "{found:#?}");
}

fn check_hopeless(asked: &Asked<'_>, expected: Hindrance) {
    let found = ask(asked);
    assert_eq!((found.remedies.len(), found.hindrance), (0, Some(expected)));
}

fn words(edit: &Edit) -> String {
    let by = |by: &Addition| match by {
        Addition::Action(text) | Addition::Resource(text) | Addition::Value { value: text, .. } => {
            text.to_string()
        }
        Addition::Principals(_) => "the caller".to_owned(),
        Addition::Condition(clause) => format!("{} {}", clause.operator.value, clause.key.value),
    };
    match edit {
        Edit::Bring { key, value: iamsim_engine::ContextValue::One(value), .. } => format!("{key} = {value}"),
        Edit::Bring { key, .. } | Edit::LeaveOut { key, .. } => format!("no {key}"),
        Edit::UseMultiFactor => "MFA".to_owned(),
        Edit::Share => "share".to_owned(),
        Edit::AddStatement { to, statement } => {
            let text = print_statement(statement, to.policy_type);
            let compact: String = text.lines().map(str::trim).collect::<Vec<_>>().join(" ");
            format!("{}: {compact}", to.policy_type)
        }
        Edit::Widen { at, by: addition } => format!("{} also {}", at.place.policy_type, by(addition)),
        Edit::Spare { at, by: addition } => format!("{} spares {}", at.place.policy_type, by(addition)),
    }
}

const GET: &str = r#"{ "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/report.csv" }"#;

#[test]
fn who_has_no_permission_is_given_the_narrowest() {
    check(&get(), &[&format!("identity-based: {GET}")]);
}

#[test]
fn a_list_grows_where_nothing_else_comes_with_it() {
    let one = r#"{"Effect": "Allow", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/report.csv"}"#;
    check(&Asked { identity: one, ..get() }, &["identity-based also s3:GetObject"]);
    let many =
        r#"{"Effect": "Allow", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}"#;
    check(&Asked { identity: many, ..get() }, &[&format!("identity-based: {GET}")]);
}

#[test]
fn across_accounts_both_sides_say_yes() {
    let bucket = r#"{ "Effect": "Allow", "Principal": { "AWS": "arn:aws:iam::111111111111:user/alice" }, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/report.csv" }"#;
    check(
        &Asked { owner: "222222222222", ..get() },
        &[&format!("identity-based: {GET}"), &format!("resource-based: {bucket}")],
    );
}

#[test]
fn what_a_trust_policy_asks_for_is_passed() {
    let trust = |condition: &str| {
        format!(
            r#"{{"Effect": "Allow", "Principal": {{"AWS": "111111111111"}}, "Action": "sts:AssumeRole", "Condition": {condition}}}"#
        )
    };
    check(
        &assume(&trust(r#"{"StringEquals": {"sts:ExternalId": ["12345", "6"]}}"#)),
        &["sts:ExternalId = 12345"],
    );
    check(&assume(&trust(r#"{"Bool": {"aws:MultiFactorAuthPresent": "true"}}"#)), &["MFA"]);
    check(&assume(&trust(r#"{"NumericLessThan": {"aws:MultiFactorAuthAge": "3600"}}"#)), &["MFA"]);
    check(
        &assume(&trust(r#"{"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}"#)),
        &["aws:SourceIp = 203.0.113.1"],
    );
    check(
        &assume(&trust(
            r#"{"Bool": {"aws:MultiFactorAuthPresent": "true"}, "StringEquals": {"sts:ExternalId": "12345"}}"#,
        )),
        &["MFA", "sts:ExternalId = 12345"],
    );
    check(
        &assume(&trust(r#"{"StringEquals": {"sts:RoleSessionName": "${aws:username}"}}"#)),
        &["sts:RoleSessionName = alice"],
    );
}

#[test]
fn a_date_that_has_gone_by_does_not_come_back() {
    let trust = r#"{"Effect": "Allow", "Principal": {"AWS": "111111111111"}, "Action": "sts:AssumeRole",
        "Condition": {"DateGreaterThan": {"aws:CurrentTime": "2024-01-01T00:00:00Z"},
                      "DateLessThan": {"aws:CurrentTime": "2024-12-31T00:00:00Z"}}}"#;
    let early = [("aws:CurrentTime", "2023-06-01T00:00:00Z")];
    check(&Asked { context: &early, ..assume(trust) }, &["aws:CurrentTime = 2024-01-01T00:00:01Z"]);
    let late = [("aws:CurrentTime", "2025-06-01T00:00:00Z")];
    check(
        &Asked { context: &late, ..assume(trust) },
        &[
            r#"role-trust: { "Effect": "Allow", "Principal": { "AWS": "arn:aws:iam::111111111111:user/alice" }, "Action": "sts:AssumeRole" }"#,
        ],
    );
}

#[test]
fn a_trust_policy_names_one_more() {
    let trust = r#"{"Effect": "Allow", "Principal": {"AWS": "333333333333"}, "Action": "sts:AssumeRole"}"#;
    check(&assume(trust), &["role-trust also the caller"]);
}

#[test]
fn a_session_cannot_use_mfa() {
    let trust = r#"{"Effect": "Allow", "Principal": {"AWS": "111111111111"}, "Action": "sts:AssumeRole",
        "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}"#;
    let context = [("aws:MultiFactorAuthPresent", "false")];
    check(
        &Asked { by: DEV, context: &context, ..assume(trust) },
        &[
            r#"role-trust: { "Effect": "Allow", "Principal": { "AWS": "arn:aws:iam::111111111111:role/Dev" }, "Action": "sts:AssumeRole" }"#,
        ],
    );
}

#[test]
fn each_limit_lets_in_what_it_left_out() {
    let ec2 = r#"{"Effect": "Allow", "Action": "ec2:*", "Resource": "*"}"#;
    check(&Asked { identity: ALL, boundary: ec2, ..get() }, &[&format!("permissions-boundary: {GET}")]);
    check(&Asked { by: DEV, identity: ALL, session: ec2, ..get() }, &[&format!("session: {GET}")]);
    check(
        &Asked { identity: ALL, scp: ec2, ..get() },
        &[r#"service-control: { "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*" }"#],
    );
    let endpoint = r#"{"Effect": "Allow", "Principal": "*", "Action": "ec2:*", "Resource": "*"}"#;
    check(
        &Asked { identity: ALL, endpoint, ..get() },
        &[
            r#"vpc-endpoint: { "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/report.csv", "Condition": { "ArnEquals": { "aws:PrincipalArn": "arn:aws:iam::111111111111:user/alice" } } }"#,
        ],
    );
}

#[test]
fn a_role_is_passed_to_one_service() {
    let pass = |context| Asked {
        action: "iam:PassRole",
        resource: "arn:aws:iam::111111111111:role/Web",
        context,
        ..get()
    };
    let statement =
        r#""Effect": "Allow", "Action": "iam:PassRole", "Resource": "arn:aws:iam::111111111111:role/Web""#;
    check(
        &pass(&[("iam:PassedToService", "ec2.amazonaws.com")]),
        &[&format!(
            r#"identity-based: {{ {statement}, "Condition": {{ "StringEquals": {{ "iam:PassedToService": "ec2.amazonaws.com" }} }} }}"#
        )],
    );
    check(&pass(&[]), &[&format!("identity-based: {{ {statement} }}")]);
}

#[test]
fn the_exception_of_a_deny_comes_before_a_new_one() {
    let deny = |condition: &str| {
        format!(r#"{{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"{condition}}}"#)
    };
    let mfa = deny(r#", "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}"#);
    check(&Asked { identity: ALL, policy: &mfa, ..get() }, &["MFA"]);
    let endpoint = deny(r#", "Condition": {"StringNotEquals": {"aws:SourceVpce": "vpce-1a2b3c4d"}}"#);
    check(&Asked { identity: ALL, policy: &endpoint, ..get() }, &["aws:SourceVpce = vpce-1a2b3c4d"]);
    let insecure = deny(r#", "Condition": {"Bool": {"aws:SecureTransport": "false"}}"#);
    let context = [("aws:SecureTransport", "false")];
    check(
        &Asked { identity: ALL, policy: &insecure, context: &context, ..get() },
        &["aws:SecureTransport = true"],
    );
    let plain = deny("");
    check(
        &Asked { identity: ALL, policy: &plain, ..get() },
        &["resource-based spares ArnNotEquals aws:PrincipalArn"],
    );
    let found = ask(&Asked { identity: ALL, policy: &plain, ..get() });
    assert!(found.remedies.iter().all(iamsim_remedy::Remedy::weakens_a_deny));
}

#[test]
fn a_deny_and_a_missing_allow_are_both_met() {
    let deny = r#"{"Effect": "Deny", "Action": "s3:*", "Resource": "*",
        "Condition": {"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}}}"#;
    let context = [("aws:SourceIp", "192.0.2.1")];
    check(
        &Asked { identity: deny, context: &context, ..get() },
        &["aws:SourceIp = 203.0.113.1", &format!("identity-based: {GET}")],
    );
}

#[test]
fn an_acl_that_is_refused_is_left_out() {
    let settings = Settings { s3: S3 { block_public_acls: true, ..S3::default() }, ..Settings::default() };
    let context = [("s3:x-amz-acl", "public-read")];
    check(
        &Asked { action: "s3:PutObject", identity: ALL, settings, context: &context, ..get() },
        &["no s3:x-amz-acl"],
    );
}

#[test]
fn a_snapshot_is_shared_by_its_owner() {
    let snapshot = "arn:aws:rds:us-east-1:222222222222:snapshot:s";
    check(&Asked { action: "rds:CopyDBSnapshot", resource: snapshot, identity: ALL, ..get() }, &["share"]);
    let settings = Settings { encrypted: true, ..Settings::default() };
    let restore = Asked { action: "rds:RestoreDBInstanceFromDBSnapshot", resource: snapshot, ..get() };
    check_hopeless(
        &Asked { identity: ALL, settings, ..restore },
        Hindrance::ServiceRule(ServiceRule::SharedEncryptedSnapshot),
    );
}

#[test]
fn where_nothing_helps_it_is_said_why() {
    let trust = r#"{"Effect": "Allow", "Principal": {"AWS": "111111111111"}, "Action": "sts:AssumeRole"}"#;
    check_hopeless(
        &Asked { by: ROOT, ..assume(trust) },
        Hindrance::CredentialLimit(CredentialLimit::RootAssumesRole),
    );
    check_hopeless(&Asked { by: "anonymous", ..assume(trust) }, Hindrance::Unsigned);
    let managed = "arn:aws:iam::aws:policy/ReadOnlyAccess";
    check_hopeless(
        &Asked { action: "iam:DeletePolicy", resource: managed, identity: ALL, ..get() },
        Hindrance::ServiceRule(ServiceRule::ProtectedResource),
    );
    check_hopeless(
        &Asked {
            action: "ec2:StartInstances",
            resource: "arn:aws:ec2:us-east-1:222222222222:instance/i-0abc",
            identity: ALL,
            ..get()
        },
        Hindrance::NotAcrossAccounts,
    );
    let settings =
        Settings { s3: S3 { restrict_public_buckets: true, ..S3::default() }, ..Settings::default() };
    let public = r#"{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}"#;
    check_hopeless(
        &Asked { by: "anonymous", policy: public, settings, ..get() },
        Hindrance::PublicAccessBlocked,
    );
}

#[test]
fn what_is_allowed_needs_no_remedy() {
    assert_eq!(ask(&Asked { identity: ALL, ..get() }), Remedies::default());
}
