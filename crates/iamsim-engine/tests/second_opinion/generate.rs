//! Random cases from a small alphabet: who calls, what for, on what, under what circumstances.

use iamsim_engine::VpcEndpointType;

use crate::case::{Caller, Case, Facts, Policies, Value, account_of};
use crate::documents;
use crate::tape::Tape;

pub(crate) const ACCOUNTS: [&str; 3] = ["111111111111", "222222222222", "333333333333"];
pub(crate) const CANONICAL: &str = "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be";

const USERS: [&str; 2] = ["alice", "team/bob"];
const ROLES: [&str; 2] = ["Dev", "team/Ops"];
const SESSIONS: [&str; 2] = ["monday", "tuesday"];
const SERVICE_LINKED: &str = "aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling";

/// An action and what it is about.
#[derive(Clone, Copy)]
struct Deed {
    action: &'static str,
    /// `ACCOUNT` stands for the owner's.
    resource: &'static str,
    has_policy: bool,
    /// Whether resource control policies reach the service.
    controlled: bool,
}

const fn deed(action: &'static str, resource: &'static str, has_policy: bool, controlled: bool) -> Deed {
    Deed { action, resource, has_policy, controlled }
}

const OBJECT: &str = "arn:aws:s3:::example-bucket/alice/report:v1.txt";
const BUCKET: &str = "arn:aws:s3:::example-bucket";
const KEY: &str = "arn:aws:kms:us-east-1:ACCOUNT:key/1234abcd";
const QUEUE: &str = "arn:aws:sqs:us-east-1:ACCOUNT:orders";
const ROLE: &str = "arn:aws:iam::ACCOUNT:role/team/Target";
const LINKED_ROLE: &str =
    "arn:aws:iam::ACCOUNT:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling";
const SECRET: &str = "arn:aws:secretsmanager:us-east-1:ACCOUNT:secret:db-a1b2c3";
const FUNCTION: &str = "arn:aws:lambda:us-east-1:ACCOUNT:function:resize:PROD";
const REPOSITORY: &str = "arn:aws:ecr:us-east-1:ACCOUNT:repository/web";

const DEEDS: [Deed; 40] = [
    deed("s3:GetObject", OBJECT, true, true),
    deed("s3:GetObject", OBJECT, true, true),
    deed("s3:GetObject", OBJECT, true, true),
    deed("s3:PutObject", OBJECT, true, true),
    deed("s3:ListBucket", BUCKET, true, true),
    deed("s3:GetBucketPolicy", BUCKET, true, true),
    deed("s3:DeleteBucketPolicy", BUCKET, true, true),
    deed("s3:PutBucketPolicy", BUCKET, true, true),
    deed("s3:ListAllMyBuckets", "*", false, true),
    deed("kms:Decrypt", KEY, true, true),
    deed("kms:Decrypt", KEY, true, true),
    deed("kms:ScheduleKeyDeletion", KEY, true, true),
    deed("kms:RetireGrant", KEY, true, true),
    deed("kms:ListKeys", "*", false, true),
    deed("sqs:SendMessage", QUEUE, true, true),
    deed("sqs:SendMessage", QUEUE, true, true),
    deed("sqs:DeleteQueue", QUEUE, true, true),
    deed("sqs:SetQueueAttributes", QUEUE, true, true),
    deed("sqs:GetQueueAttributes", QUEUE, true, true),
    deed("sqs:ListQueues", "*", false, true),
    deed("secretsmanager:GetSecretValue", SECRET, true, true),
    deed("lambda:InvokeFunction", FUNCTION, true, false),
    deed("ecr:BatchGetImage", REPOSITORY, true, true),
    deed("ecr:GetAuthorizationToken", "*", true, true),
    deed("sts:AssumeRole", ROLE, true, true),
    deed("sts:AssumeRole", ROLE, true, true),
    deed("sts:AssumeRole", ROLE, true, true),
    deed("sts:AssumeRole", LINKED_ROLE, true, true),
    deed("sts:TagSession", ROLE, true, true),
    deed("sts:SetSourceIdentity", ROLE, true, true),
    deed("sts:GetCallerIdentity", "*", false, true),
    deed("sts:GetSessionToken", "*", false, true),
    deed("sts:GetFederationToken", "*", false, true),
    deed("iam:GetUser", "arn:aws:iam::ACCOUNT:user/alice", false, false),
    deed("iam:GetRole", ROLE, false, false),
    deed("iam:GetPolicy", "arn:aws:iam::aws:policy/ReadOnlyAccess", false, false),
    deed("iam:DeletePolicy", "arn:aws:iam::aws:policy/ReadOnlyAccess", false, false),
    deed("organizations:DescribeOrganization", "*", false, false),
    deed("organizations:ListAccounts", "*", true, false),
    deed("organizations:DescribePolicy", "*", true, false),
];

/// What the unsigned can call.
const PUBLIC: [Deed; 4] = [
    deed("s3:GetObject", OBJECT, true, true),
    deed("s3:ListBucket", BUCKET, true, true),
    deed("s3:GetBucketPolicy", BUCKET, true, true),
    deed("sqs:SendMessage", QUEUE, true, true),
];

const WITH_SAML: Deed = deed("sts:AssumeRoleWithSAML", ROLE, true, true);

const WEB_IDENTITY: [Deed; 2] =
    [deed("sts:AssumeRoleWithWebIdentity", ROLE, true, true), deed("sts:TagSession", ROLE, true, true)];

pub(crate) fn case(bytes: &[u8]) -> Case {
    let tape = &mut Tape::new(bytes);
    let caller = caller(tape);
    let deed = match &caller {
        Caller::Anonymous => tape.pick(&PUBLIC),
        Caller::Federated { provider } if provider.contains("saml") => WITH_SAML,
        Caller::Federated { .. } => tape.pick(&WEB_IDENTITY),
        _ => tape.pick(&DEEDS),
    };
    let at_home = caller.account().unwrap_or(ACCOUNTS[0]).to_owned();
    let owner = if tape.chance(40) { tape.pick(&ACCOUNTS[..2]).to_owned() } else { at_home };
    let (resource, owner) = match deed.resource {
        "*" if deed.has_policy && deed.action.starts_with("organizations:") => ("*".to_owned(), Some(owner)),
        "*" => ("*".to_owned(), None),
        text if text.contains("ACCOUNT") => (text.replace("ACCOUNT", &owner), None),
        text if text.contains("aws:policy") => (text.to_owned(), None),
        text => (text.to_owned(), tape.chance(90).then_some(owner)),
    };
    let resource = if caller.account().is_some() && tape.chance(3) {
        resource.replace("arn:aws:", "arn:aws-us-gov:")
    } else {
        resource
    };
    let user_or_root = matches!(caller, Caller::User { .. } | Caller::Root { .. });
    let mut case = Case {
        context: context(tape, &caller),
        session_token: (user_or_root && tape.chance(15)).then(|| tape.chance(50)),
        canonical_user_id: (caller.account().is_some() && tape.chance(30)).then(|| CANONICAL.to_owned()),
        caller,
        action: if tape.chance(5) { deed.action.to_uppercase() } else { deed.action.to_owned() },
        resource,
        owner,
        settings: Facts::default(),
        policies: Policies {
            identity: Vec::new(),
            boundary: None,
            session: Vec::new(),
            resource: None,
            service_control: None,
            resource_control: None,
            endpoint: None,
        },
    };
    case.policies = documents::policies(tape, &case, deed.has_policy, deed.controlled);
    case.settings = facts(tape, &case);
    case
}

fn caller(tape: &mut Tape<'_>) -> Caller {
    let account = tape.pick(&ACCOUNTS[..2]);
    match tape.below(20) {
        0..=5 => user(account, tape.pick(&USERS)),
        6..=11 => {
            let name = tape.pick(&ROLES);
            let session = session(account, name, tape.pick(&SESSIONS));
            let role = format!("arn:aws:iam::{account}:role/{name}");
            match tape.below(6) {
                0..=3 => Caller::Role { role, session: Some(session), path_known: true },
                4 => Caller::Role { role, session: Some(session), path_known: false },
                _ => Caller::Role { role, session: None, path_known: true },
            }
        }
        12 | 13 => {
            let arn = format!("arn:aws:sts::{account}:federated-user/guest");
            let issuer = format!("arn:aws:iam::{account}:user/alice");
            Caller::FederatedUser { arn, issuer: tape.chance(75).then_some(issuer) }
        }
        14 => Caller::Root { arn: format!("arn:aws:iam::{account}:root") },
        15 => Caller::Service {
            name: tape.pick(&["lambda.amazonaws.com", "cloudtrail.amazonaws.com"]).to_owned(),
        },
        16 => Caller::Role {
            role: format!("arn:aws:iam::{account}:role/{SERVICE_LINKED}"),
            session: Some(session(account, SERVICE_LINKED, "s")),
            path_known: true,
        },
        17 => Caller::Anonymous,
        18 => Caller::Federated {
            provider: match tape.below(3) {
                0 => format!("arn:aws:iam::{account}:oidc-provider/token.actions.githubusercontent.com"),
                1 => format!("arn:aws:iam::{account}:saml-provider/Corp"),
                _ => "cognito-identity.amazonaws.com".to_owned(),
            },
        },
        _ => user(account, USERS[0]),
    }
}

fn user(account: &str, name: &str) -> Caller {
    Caller::User { arn: format!("arn:aws:iam::{account}:user/{name}") }
}

pub(crate) fn session(account: &str, role: &str, session: &str) -> String {
    let name = role.rsplit('/').next().unwrap_or_default();
    format!("arn:aws:sts::{account}:assumed-role/{name}/{session}")
}

fn context(tape: &mut Tape<'_>, caller: &Caller) -> Vec<(String, Value)> {
    let mut context = Vec::new();
    let mut set = |name: &str, value: &str| context.push((name.to_owned(), Value::One(value.to_owned())));
    match caller {
        Caller::User { .. } if tape.chance(50) => set("aws:userid", "AIDAEXAMPLEUSER"),
        Caller::Role { .. } if tape.chance(50) => set("aws:userid", "AROAEXAMPLEROLE:monday"),
        Caller::Service { .. } if tape.chance(50) => set("aws:SourceArn", "arn:aws:s3:::example-source"),
        _ => {}
    }
    let choices: [(&str, &[&str]); 8] = [
        ("aws:SourceIp", &["203.0.113.7", "198.51.100.9", "nowhere"]),
        ("aws:PrincipalTag/team", &["red", "blue", "", "r*d"]),
        ("AWS:resourceTag/Team", &["red", "blue"]),
        ("aws:MultiFactorAuthPresent", &["true", "false", "True"]),
        ("aws:MultiFactorAuthAge", &["300", "3600", "soon"]),
        ("aws:CurrentTime", &["2024-06-01T12:00:00Z", "2030-01-01T00:00:00Z"]),
        ("s3:prefix", &["alice/", "bob/", "*"]),
        ("aws:PrincipalOrgID", &["o-exampleorgid", "o-other"]),
    ];
    for (name, values) in choices {
        if tape.chance(50) {
            set(name, tape.pick(values));
        }
    }
    if tape.chance(50) {
        let keys: &[&[&str]] = &[&["team"], &["env"], &["team", "env"], &[], &[""]];
        let keys = tape.pick(keys).iter().map(|key| (*key).to_owned()).collect();
        context.push(("aws:TagKeys".to_owned(), Value::Many(keys)));
    }
    context
}

fn facts(tape: &mut Tape<'_>, case: &Case) -> Facts {
    let kinds = [None, None, Some(VpcEndpointType::Gateway), Some(VpcEndpointType::Interface)];
    let unlimited = case.policies.boundary.is_none() && case.policies.session.is_empty();
    let grantee = match &case.caller {
        Caller::User { arn } => Some(arn.clone()),
        Caller::Role { role, session, .. } => {
            if tape.chance(50) {
                session.clone()
            } else {
                Some(role.clone())
            }
        }
        _ => None,
    };
    Facts {
        endpoint: tape.pick(&kinds),
        public_acl: case.action.starts_with("s3:") && account_of(&case.resource).is_none() && tape.chance(20),
        ignore_public_acls: tape.chance(30),
        decrypt_grantee: grantee.filter(|_| unlimited && tape.chance(15)),
    }
}
