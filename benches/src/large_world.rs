//! A large world and questions about it, written to a folder.
//!
//! | File | Holds |
//! |---|---|
//! | `large.world.json` | an organization of three levels, 100 principals and 20 buckets an account |
//! | `policies/*.json` | the 400 policies that principals share |
//! | `requests.eval.jsonl` | the requests, to be answered from the world |
//! | `cases.eval.jsonl` | a tenth as many cases that bring their policies along |

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use serde_json::{Map, Value, json};

/// How many policies principals share.
const POLICIES: usize = 400;
/// How many principals an account has.
const PRINCIPALS: usize = 100;
/// How many buckets an account has.
const BUCKETS: usize = 20;
/// How many organizational units there are.
const UNITS: usize = 8;

/// The file that holds the world.
pub const WORLD: &str = "large.world.json";

/// The file that holds the requests.
pub const REQUESTS: &str = "requests.eval.jsonl";

/// Writes them, for about so many principals, and so many requests.
///
/// # Errors
/// When the folder cannot be written to.
pub fn write(folder: &Path, principals: usize, requests: usize) -> io::Result<()> {
    let accounts = principals.div_ceil(PRINCIPALS).max(1);
    fs::create_dir_all(folder.join("policies"))?;
    for at in 0..POLICIES {
        fs::write(folder.join(policy_path(at)), policy(at).to_string())?;
    }
    fs::write(folder.join("policies/trust.json"), trust().to_string())?;
    fs::write(folder.join("policies/regions.json"), regions().to_string())?;
    fs::write(folder.join("policies/boundary.json"), boundary().to_string())?;
    let world = json!({"organizations": [organization(accounts)], "accounts": all_accounts(accounts)});
    fs::write(folder.join(WORLD), format!("{world:#}\n"))?;
    let mut lines = BufWriter::new(File::create(folder.join(REQUESTS))?);
    for at in 0..requests {
        writeln!(lines, "{}", json!({"id": format!("r-{at}"), "request": request(at, accounts)}))?;
    }
    lines.flush()?;
    let mut lines = BufWriter::new(File::create(folder.join("cases.eval.jsonl"))?);
    for at in 0..requests / 10 {
        writeln!(lines, "{}", case(at, accounts))?;
    }
    lines.flush()
}

fn account(at: usize) -> String {
    format!("{:012}", 111_111_111_111_u64 + at as u64)
}

fn unit(at: usize) -> String {
    format!("ou-ab12-{at:08}")
}

fn bucket(account: usize, at: usize) -> String {
    format!("arn:aws:s3:::amzn-s3-demo-bucket-{account}-{at}")
}

fn policy_path(at: usize) -> String {
    format!("policies/shared-{at}.json")
}

/// Half of the policies are about S3, half about one of a few other services.
fn policy(at: usize) -> Value {
    const SERVICES: [(&str, &str); 4] = [
        ("sqs", "arn:aws:sqs:*:*:jobs-*"),
        ("dynamodb", "arn:aws:dynamodb:*:*:table/orders-*"),
        ("sns", "arn:aws:sns:*:*:news-*"),
        ("lambda", "arn:aws:lambda:*:*:function:thumbnails-*"),
    ];
    let (service, resource) = SERVICES[at % SERVICES.len()];
    let verbs = if at.is_multiple_of(3) { "Get*" } else { "*" };
    let buckets = format!("arn:aws:s3:::amzn-s3-demo-bucket-*{}", at % 10);
    json!({"Version": "2012-10-17", "Statement": [
        {"Sid": format!("Objects{at}"), "Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
            "Resource": format!("{buckets}/*")},
        {"Sid": "List", "Effect": "Allow", "Action": ["s3:ListBucket", "s3:GetBucketLocation"], "Resource": buckets},
        {"Sid": "Service", "Effect": "Allow", "Action": format!("{service}:{verbs}"), "Resource": resource,
            "Condition": {"StringEquals": {"aws:PrincipalTag/team": ["payments", "search"]}}},
        {"Sid": "Team", "Effect": "Allow", "Action": ["s3:Get*", "s3:List*"],
            "Resource": "arn:aws:s3:::amzn-s3-demo-bucket-*/${aws:PrincipalTag/team}/*"},
        {"Sid": "Encrypted", "Effect": "Deny", "Action": "s3:PutObject", "Resource": "*",
            "Condition": {"Bool": {"aws:SecureTransport": "false"}}},
    ]})
}

fn trust() -> Value {
    json!({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sts:AssumeRole",
        "Principal": {"AWS": account(0)}}})
}

fn regions() -> Value {
    json!({"Version": "2012-10-17", "Statement": {"Sid": "Regions", "Effect": "Deny", "NotAction": ["iam:*", "sts:*"],
        "Resource": "*", "Condition": {"StringNotEquals": {"aws:RequestedRegion": ["us-east-1", "eu-west-1"]}}}})
}

fn boundary() -> Value {
    json!({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "NotAction": ["iam:*", "organizations:*"],
        "Resource": "*"}})
}

fn protect() -> Value {
    json!({"Version": "2012-10-17", "Statement": [
        {"Sid": "Trails", "Effect": "Deny", "Action": ["cloudtrail:StopLogging", "cloudtrail:DeleteTrail"], "Resource": "*"},
        {"Sid": "Leave", "Effect": "Deny", "Action": "organizations:LeaveOrganization", "Resource": "*"},
    ]})
}

fn bucket_policy(account_at: usize, at: usize) -> Value {
    let arn = bucket(account_at, at);
    let partner = format!("arn:aws:iam::{}:root", account(account_at + 1));
    json!({"Version": "2012-10-17", "Statement": [
        {"Sid": "Partner", "Effect": "Allow", "Principal": {"AWS": partner}, "Action": "s3:Get*",
            "Resource": format!("{arn}/*")},
        {"Sid": "Organization", "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": [arn, format!("{arn}/*")],
            "Condition": {"StringNotEquals": {"aws:PrincipalOrgID": "o-exampleorgid"}}},
    ]})
}

fn organization(accounts: usize) -> Value {
    let members = |at: usize| (0..accounts).filter(move |account| account % UNITS == at).map(account);
    let units = (0..UNITS).map(|at| {
        json!({"id": unit(at), "accounts": members(at).collect::<Vec<_>>(),
            "serviceControlPolicies": ["FullAWSAccess", {"name": "Protect", "document": protect()}]})
    });
    json!({"id": "o-exampleorgid", "managementAccount": "999999999999", "root": {"id": "r-ab12",
        "serviceControlPolicies": ["FullAWSAccess", "policies/regions.json"], "units": units.collect::<Vec<_>>()}})
}

fn all_accounts(accounts: usize) -> Map<String, Value> {
    (0..accounts).map(|at| (account(at), one_account(at))).collect()
}

/// Six roles of ten principals, four users in a group.
fn one_account(account_at: usize) -> Value {
    let (mut users, mut roles) = (Map::new(), Map::new());
    for at in 0..PRINCIPALS {
        let policies: Vec<String> = shares(account_at, at).map(policy_path).collect();
        let tags = json!({"team": team(at), "project": format!("project-{}", at % 7)});
        if is_user(at) {
            users.insert(
                format!("user-{at}"),
                json!({"policies": policies, "groups": ["Everyone"], "tags": tags}),
            );
        } else {
            roles.insert(
                format!("role-{at}"),
                json!({"trust": "policies/trust.json", "policies": policies, "tags": tags,
                    "permissionsBoundary": "policies/boundary.json"}),
            );
        }
    }
    let resources = (0..BUCKETS)
        .map(|at| (bucket(account_at, at), json!({"policy": bucket_policy(account_at, at)})))
        .collect::<Map<_, _>>();
    json!({"users": users, "roles": roles, "groups": {"Everyone": {"policies": [policy_path(0)]}},
        "resources": resources})
}

fn is_user(principal: usize) -> bool {
    principal % 10 >= 6
}

fn team(principal: usize) -> &'static str {
    ["payments", "platform", "search", "risk"][principal % 4]
}

/// Which of the shared policies a principal has.
fn shares(account: usize, principal: usize) -> impl Iterator<Item = usize> {
    [3, 7, 11].into_iter().map(move |step| (account * 31 + (principal + 1) * step) % POLICIES)
}

/// Mostly about the caller's own account, every third time about its neighbour.
fn request(at: usize, accounts: usize) -> Value {
    const ACTIONS: [&str; 6] = [
        "s3:GetObject",
        "s3:PutObject",
        "s3:ListBucket",
        "s3:DeleteObject",
        "sqs:SendMessage",
        "dynamodb:GetItem",
    ];
    let mixed = at.wrapping_mul(0x9e37_79b9) >> 7;
    let (account_at, principal) = (mixed % accounts, (mixed / accounts) % PRINCIPALS);
    let owner = if at.is_multiple_of(3) { (account_at + accounts - 1) % accounts } else { account_at };
    let (number, action) = (account(account_at), ACTIONS[at % ACTIONS.len()]);
    let bucket = bucket(owner, mixed % BUCKETS);
    let resource = match action {
        "s3:ListBucket" => bucket,
        "sqs:SendMessage" => format!("arn:aws:sqs:us-east-1:{}:jobs-{}", account(owner), at % 9),
        "dynamodb:GetItem" => {
            format!("arn:aws:dynamodb:us-east-1:{}:table/orders-{}", account(owner), at % 9)
        }
        _ => format!("{bucket}/{}/2024/06/{:02}/part-{at}.json", team(mixed), 1 + at % 28),
    };
    let caller = if is_user(principal) {
        format!("arn:aws:iam::{number}:user/user-{principal}")
    } else {
        format!("arn:aws:sts::{number}:assumed-role/role-{principal}/session-{}", at % 1_000)
    };
    json!({"principal": caller, "action": action, "resource": resource,
        "context": {"aws:SourceIp": format!("203.0.113.{}", at % 254)}})
}

/// The same with the policies that the world would find.
fn case(at: usize, accounts: usize) -> Value {
    let request = request(at, accounts);
    let named = |at| json!({"name": format!("shared-{at}"), "document": policy(at)});
    let identity: Vec<Value> = shares(at % accounts, at % PRINCIPALS).map(named).collect();
    let levels = json!([
        {"target": "r-ab12", "policies": ["FullAWSAccess", {"name": "Regions", "document": regions()}]},
        {"target": unit(at % UNITS), "policies": ["FullAWSAccess", {"name": "Protect", "document": protect()}]},
    ]);
    json!({"id": format!("c-{at}"), "request": request, "policies": {"identity": identity,
        "permissionsBoundary": boundary(), "resource": bucket_policy(at % accounts, at % BUCKETS), "serviceControl": levels}})
}
