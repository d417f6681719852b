//! What the generated policies speak of: services, actions, names. All actions are real.

use crate::draw::Draw;

pub(crate) const ACCOUNT_A: &str = "111111111111";
pub(crate) const ACCOUNT_B: &str = "222222222222";
pub(crate) const ORGANIZATION: &str = "o-a1b2c3d4e5";
pub(crate) const ENVIRONMENTS: [&str; 4] = ["prod", "dev", "stage", "test"];
pub(crate) const REGIONS: [&str; 3] = ["us-east-1", "eu-west-1", "ap-southeast-2"];
pub(crate) const TEAMS: [&str; 5] = ["payments", "platform", "search", "risk", "growth"];
pub(crate) const WORDS: [&str; 10] =
    ["app", "data", "logs", "billing", "audit", "etl", "web", "api", "ml", "ops"];

/// The services whose resources requests are about.
pub(crate) const ASKED: [&str; 5] = ["dynamodb", "s3", "secretsmanager", "sns", "sqs"];

/// The services that occur in statements only.
pub(crate) const OTHER: [&str; 10] =
    ["cloudwatch", "ec2", "ecr", "ecs", "iam", "kms", "lambda", "logs", "ssm", "sts"];

/// A kind of resource that requests are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Bucket,
    Object,
    Queue,
    Table,
    Secret,
    Topic,
}

impl Kind {
    pub(crate) const ALL: [Self; 6] =
        [Self::Bucket, Self::Object, Self::Queue, Self::Table, Self::Secret, Self::Topic];

    pub(crate) fn service(self) -> &'static str {
        match self {
            Self::Bucket | Self::Object => "s3",
            Self::Queue => "sqs",
            Self::Table => "dynamodb",
            Self::Secret => "secretsmanager",
            Self::Topic => "sns",
        }
    }

    pub(crate) fn operations(self) -> &'static [&'static str] {
        match self {
            Self::Bucket => &BUCKET_OPERATIONS,
            Self::Object => &OBJECT_OPERATIONS,
            _ => operations(self.service()),
        }
    }

    /// The ARN of a resource of this kind, with a drawn name.
    pub(crate) fn resource(self, draw: &mut Draw, account: &str) -> String {
        let (name, region) = (name(draw), draw.one(&REGIONS));
        match self {
            Self::Bucket => format!("arn:aws:s3:::{name}"),
            Self::Object => format!("arn:aws:s3:::{name}/{}", object_key(draw)),
            Self::Queue => format!("arn:aws:sqs:{region}:{account}:{name}"),
            Self::Table => format!("arn:aws:dynamodb:{region}:{account}:table/{name}"),
            Self::Secret => format!("arn:aws:secretsmanager:{region}:{account}:secret:{name}-AbCdEf"),
            Self::Topic => format!("arn:aws:sns:{region}:{account}:{name}"),
        }
    }
}

/// `app-prod-007`
pub(crate) fn name(draw: &mut Draw) -> String {
    format!("{}-{}-{:03}", draw.one(&WORDS), draw.one(&ENVIRONMENTS), draw.below(1_000))
}

/// `logs/dev/2026/03/07/part-00042.json`
pub(crate) fn object_key(draw: &mut Draw) -> String {
    let (word, environment) = (draw.one(&WORDS), draw.one(&ENVIRONMENTS));
    let (month, day, part) = (1 + draw.below(12), 1 + draw.below(28), draw.below(100_000));
    format!("{word}/{environment}/2026/{month:02}/{day:02}/part-{part:05}.json")
}

/// The pattern of a service's resource ARNs around a region, account and name.
pub(crate) fn arn(service: &str, region: &str, account: &str, name: &str) -> String {
    match service {
        "dynamodb" => format!("arn:aws:dynamodb:{region}:{account}:table/{name}"),
        "secretsmanager" => format!("arn:aws:secretsmanager:{region}:{account}:secret:{name}"),
        "ec2" => format!("arn:aws:ec2:{region}:{account}:instance/{name}"),
        "iam" | "sts" => format!("arn:aws:iam::{account}:role/{name}"),
        "lambda" => format!("arn:aws:lambda:{region}:{account}:function:{name}"),
        "logs" => format!("arn:aws:logs:{region}:{account}:log-group:{name}"),
        "kms" => format!("arn:aws:kms:{region}:{account}:key/{name}"),
        "cloudwatch" => format!("arn:aws:cloudwatch:{region}:{account}:alarm:{name}"),
        "ecr" => format!("arn:aws:ecr:{region}:{account}:repository/{name}"),
        "ssm" => format!("arn:aws:ssm:{region}:{account}:parameter/{name}"),
        "ecs" => format!("arn:aws:ecs:{region}:{account}:service/{name}"),
        service => format!("arn:aws:{service}:{region}:{account}:{name}"),
    }
}

/// What a service can be asked to do.
pub(crate) fn operations(service: &str) -> &'static [&'static str] {
    match service {
        "s3" => &S3_OPERATIONS,
        "sqs" => &[
            "SendMessage",
            "ReceiveMessage",
            "DeleteMessage",
            "GetQueueAttributes",
            "SetQueueAttributes",
            "PurgeQueue",
            "ChangeMessageVisibility",
            "GetQueueUrl",
            "ListQueueTags",
            "TagQueue",
        ],
        "dynamodb" => &[
            "GetItem",
            "PutItem",
            "UpdateItem",
            "DeleteItem",
            "DescribeTable",
            "BatchWriteItem",
            "DescribeTimeToLive",
            "UpdateTable",
            "DeleteTable",
            "ListTagsOfResource",
        ],
        "secretsmanager" => &[
            "GetSecretValue",
            "DescribeSecret",
            "PutSecretValue",
            "UpdateSecret",
            "DeleteSecret",
            "ListSecretVersionIds",
            "RotateSecret",
            "TagResource",
            "GetResourcePolicy",
            "RestoreSecret",
        ],
        "sns" => &[
            "Publish",
            "Subscribe",
            "GetTopicAttributes",
            "SetTopicAttributes",
            "DeleteTopic",
            "ListSubscriptionsByTopic",
            "AddPermission",
            "RemovePermission",
        ],
        "ec2" => &[
            "RunInstances",
            "StartInstances",
            "StopInstances",
            "TerminateInstances",
            "DescribeInstances",
            "DescribeVpcs",
            "CreateTags",
            "CreateVolume",
            "AttachVolume",
            "DescribeImages",
            "CreateSecurityGroup",
            "AuthorizeSecurityGroupIngress",
        ],
        "iam" => &[
            "GetRole",
            "PassRole",
            "CreateRole",
            "ListRoles",
            "AttachRolePolicy",
            "GetUser",
            "CreateAccessKey",
            "ListUsers",
            "PutRolePolicy",
            "GetPolicy",
        ],
        "lambda" => &[
            "InvokeFunction",
            "GetFunction",
            "CreateFunction",
            "UpdateFunctionCode",
            "ListFunctions",
            "DeleteFunction",
            "AddPermission",
        ],
        "logs" => &[
            "CreateLogGroup",
            "CreateLogStream",
            "PutLogEvents",
            "DescribeLogGroups",
            "GetLogEvents",
            "FilterLogEvents",
        ],
        "kms" => &["Decrypt", "Encrypt", "GenerateDataKey", "DescribeKey", "CreateGrant", "ListKeys"],
        "cloudwatch" => {
            &["PutMetricData", "GetMetricData", "ListMetrics", "DescribeAlarms", "PutMetricAlarm"]
        }
        "ecr" => &[
            "GetAuthorizationToken",
            "BatchGetImage",
            "PutImage",
            "DescribeRepositories",
            "InitiateLayerUpload",
        ],
        "ssm" => &[
            "GetParameter",
            "GetParameters",
            "PutParameter",
            "DescribeParameters",
            "SendCommand",
            "StartSession",
        ],
        "sts" => &["AssumeRole", "GetCallerIdentity", "TagSession"],
        _ => &["RunTask", "DescribeTasks", "ListClusters", "UpdateService", "RegisterTaskDefinition"],
    }
}

const BUCKET_OPERATIONS: [&str; 12] = [
    "ListBucket",
    "GetBucketPolicy",
    "PutBucketPolicy",
    "GetBucketLocation",
    "ListBucketVersions",
    "DeleteBucket",
    "GetBucketAcl",
    "GetBucketVersioning",
    "GetBucketLogging",
    "ListBucketMultipartUploads",
    "GetBucketCORS",
    "PutBucketCORS",
];

const OBJECT_OPERATIONS: [&str; 12] = [
    "GetObject",
    "PutObject",
    "DeleteObject",
    "GetObjectTagging",
    "PutObjectTagging",
    "GetObjectAcl",
    "PutObjectAcl",
    "GetObjectVersion",
    "DeleteObjectVersion",
    "AbortMultipartUpload",
    "ListMultipartUploadParts",
    "RestoreObject",
];

const S3_OPERATIONS: [&str; 24] = {
    let mut all = [""; 24];
    let mut at = 0;
    while at < 12 {
        all[at] = BUCKET_OPERATIONS[at];
        all[at + 12] = OBJECT_OPERATIONS[at];
        at += 1;
    }
    all
};
