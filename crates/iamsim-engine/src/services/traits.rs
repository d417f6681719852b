//! What single services make of a target, whoever asks for it: service by service.

use iamsim_syntax::Arn;

use crate::request::Action;
use crate::services::{iam, kms, s3, secrets_manager, sqs, sts};

/// What bears on the rules in a target, worked out once for all who ask for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Traits {
    /// What the call has to do with credentials.
    pub(crate) call: sts::Call,
    /// The target is to assume a role, or says something about its session.
    pub(crate) is_about_a_role: bool,
    /// The role is one that only an AWS service may assume.
    pub(crate) is_about_a_service_linked_role: bool,
    /// Resource control policies do not reach it, though they reach the service.
    pub(crate) is_beyond_resource_control: bool,
    /// The resource is a KMS key.
    pub(crate) is_about_a_key: bool,
    /// What only AWS may change would be changed.
    pub(crate) is_protected: bool,
    /// Whether the service takes the call without a signature.
    pub(crate) unsigned: Unsigned,
    /// The resource can have a policy that counts for the action.
    pub(crate) takes_resource_policy: bool,
    /// The action can be granted to other accounts.
    pub(crate) works_across_accounts: bool,
    /// The root user of the owner's account may do it whatever the resource's policy says.
    pub(crate) root_may_repair: bool,
    /// The resource is `*`, and policies may name any bucket for it.
    pub(crate) is_every_bucket: bool,
    /// What it is to S3.
    pub(crate) s3: s3::Traits,
    /// AWS leaves `aws:ResourceAccount` and its relatives out.
    pub(crate) hides_the_owner: bool,
}

/// Whether a service takes a call without a signature.
///
/// Sources: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable>,
/// <https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unsigned {
    Never,
    Always,
    /// AWS Lambda does, through the URL of a function.
    ByFunctionUrl,
}

impl Traits {
    /// Those of most services, for which the common logic is all there is.
    const COMMON: Self = Self {
        call: sts::Call::Usual,
        is_about_a_role: false,
        is_about_a_service_linked_role: false,
        is_beyond_resource_control: false,
        is_about_a_key: false,
        is_protected: false,
        unsigned: Unsigned::Never,
        takes_resource_policy: true,
        works_across_accounts: true,
        root_may_repair: false,
        is_every_bucket: false,
        s3: s3::Traits::NONE,
        hides_the_owner: false,
    };

    /// The traits of an action on a resource, given as text and, when it is one, as an ARN.
    pub(crate) fn of(action: &Action, resource: &str, arn: Option<&Arn<'_>>) -> Self {
        let (service, operation) = (action.service(), action.operation());
        let usual = Self { hides_the_owner: hides_the_owner(service, operation), ..Self::COMMON };
        match service {
            // No resource of theirs has a policy; a role's trust policy is about actions of STS.
            "ec2" | "rds" => Self { takes_resource_policy: false, ..usual },
            "iam" => Self {
                call: sts::Call::Iam,
                is_protected: iam::is_protected(operation, arn),
                takes_resource_policy: false,
                ..usual
            },
            "sts" => {
                let call = sts::Call::of(operation);
                let is_about_a_role = sts::is_about_a_role(call, arn);
                Self {
                    call,
                    is_about_a_role,
                    is_about_a_service_linked_role: is_about_a_role && sts::is_service_linked_role(arn),
                    ..usual
                }
            }
            "kms" => {
                let is_about_a_key = kms::is_about_a_key(arn);
                Self {
                    is_beyond_resource_control: operation == "retiregrant" || kms::is_alias_of_aws(arn),
                    is_about_a_key,
                    is_protected: kms::is_protected(operation, arn),
                    takes_resource_policy: is_about_a_key,
                    works_across_accounts: kms::works_across_accounts(operation),
                    ..usual
                }
            }
            "s3" => Self {
                unsigned: Unsigned::Always,
                takes_resource_policy: operation != "listallmybuckets",
                is_every_bucket: operation == "listallmybuckets" && resource == "*",
                root_may_repair: s3::root_may_repair(operation),
                s3: s3::Traits::of(operation),
                ..usual
            },
            // No queue is asked to list queues.
            //
            // Source: <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-basic-examples-of-iam-policies.html>
            "sqs" => Self {
                unsigned: Unsigned::Always,
                takes_resource_policy: operation != "listqueues",
                works_across_accounts: sqs::works_across_accounts(operation),
                root_may_repair: sqs::root_may_repair(operation),
                ..usual
            },
            "sns" | "es" | "execute-api" | "mediastore" => Self { unsigned: Unsigned::Always, ..usual },
            "lambda" => {
                let unsigned = match operation {
                    "invokefunctionurl" => Unsigned::Always,
                    "invokefunction" => Unsigned::ByFunctionUrl,
                    _ => Unsigned::Never,
                };
                Self { unsigned, ..usual }
            }
            // Source: <https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html>
            "ecr" => Self { takes_resource_policy: operation != "getauthorizationtoken", ..usual },
            "secretsmanager" => {
                Self { works_across_accounts: secrets_manager::works_across_accounts(operation), ..usual }
            }
            _ => usual,
        }
    }
}

/// Whether AWS leaves `aws:ResourceAccount`, `aws:ResourceOrgID` and `aws:ResourceOrgPaths` out of the requests for an
/// operation in whatever case, of a service given by its prefix in lower case.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-resourceaccount>
#[must_use]
pub fn hides_the_owner(service: &str, operation: &str) -> bool {
    let is_one_of = |names: &[&str]| names.iter().any(|name| name.eq_ignore_ascii_case(operation));
    match service {
        "auditmanager" => is_one_of(&["UpdateAssessmentFrameworkShare"]),
        "detective" | "macie2" => is_one_of(&["AcceptInvitation"]),
        "ds" => is_one_of(&["AcceptSharedDirectory"]),
        "ebs" => true,
        "ec2" => is_one_of(&[
            "AcceptTransitGatewayPeeringAttachment",
            "AcceptVpcEndpointConnections",
            "AcceptVpcPeeringConnection",
            "CreateTransitGatewayPeeringAttachment",
            "CreateVpcEndpoint",
            "CreateVpcPeeringConnection",
        ]),
        "es" => is_one_of(&["AcceptInboundConnection"]),
        "guardduty" | "securityhub" => is_one_of(&["AcceptAdministratorInvitation"]),
        "route53" => is_one_of(&["AssociateVPCWithHostedZone", "CreateVPCAssociationAuthorization"]),
        _ => false,
    }
}
