//! The words in which AWS denies a request.
//!
//! Sources: <https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html>,
//! <https://docs.aws.amazon.com/AmazonS3/latest/userguide/troubleshoot-403-errors.html>

use iamsim_syntax::{Arn, PolicyType};

use crate::context::KnownKey;
use crate::decision::{CredentialLimit, DecidedBy, ServiceRule};
use crate::explain::Evaluation;
use crate::policy_set::PolicySet;
use crate::principal::Principal;
use crate::record::Place;
use crate::request::Request;

/// What AWS answers a denied caller; `None` when the request is allowed.
#[must_use]
pub fn denial_message(request: &Request, policies: &PolicySet, evaluation: &Evaluation) -> Option<String> {
    let message = match evaluation.decision.decided_by {
        DecidedBy::Allow(_) | DecidedBy::RootUser | DecidedBy::NoPermissionNeeded | DecidedBy::Shared => {
            return None;
        }
        DecidedBy::MissingAllow(policy_type) => {
            let (phrase, action) = (policy_type.phrase(), action_as_printed(request));
            sentence(request, &["because no ", phrase, " allows the ", action, " action"])
        }
        DecidedBy::Deny(policy_type) => {
            let (article, phrase) = (article(policy_type), policy_type.phrase());
            let (before_arn, arn) = match denying_policy(policies, evaluation, policy_type) {
                Some(arn) if request.action().service() == "s3" => (", with policy ARN: ", arn),
                Some(arn) => (": ", arn),
                None => ("", ""),
            };
            sentence(request, &["with an explicit deny in ", article, " ", phrase, before_arn, arn])
        }
        DecidedBy::CredentialLimit(limit) => refused_by_credentials(request, limit),
        DecidedBy::ServiceRule(rule) => refused_by_service(request, rule),
    };
    Some(message)
}

/// Room for the ARNs of a user, a resource and a policy with the words around them.
const USUAL_LENGTH: usize = 384;

/// What most denials begin with, and how this one ends.
fn sentence(request: &Request, reason: &[&str]) -> String {
    let action = action_as_printed(request);
    if let Principal::Federated { .. } = request.principal() {
        return format!("Not authorized to perform {action}");
    }
    let introduction = match request.action().service() {
        "ec2" => "You are not authorized to perform this operation. ",
        "organizations" => "You don't have permissions to access this resource. ",
        "s3" if !shares_organization(request) => {
            "Access Denied. To callers outside the owner's organization S3 does not say why: "
        }
        _ => "",
    };
    let user = request.principal().arn();
    let mut message = String::with_capacity(USUAL_LENGTH);
    message.extend([introduction, "User: ", user, " is not authorized to perform: ", action]);
    message.extend(resource_as_printed(request));
    message.push(' ');
    message.extend(reason.iter().copied());
    message
}

/// Whether S3 tells the caller why: only within the bucket owner's account or organization. To others it says
/// `Access Denied`; we add what it knows.
fn shares_organization(request: &Request) -> bool {
    let caller = request.principal().account();
    if caller.is_some() && caller == request.resource_account() {
        return true;
    }
    let organization = request.context().known_text(KnownKey::PRINCIPAL_ORG_ID);
    organization.is_some() && organization == request.context().known_text(KnownKey::RESOURCE_ORG_ID)
}

/// Amazon SQS prints its actions in lower case.
fn action_as_printed(request: &Request) -> &str {
    match request.action().service() {
        "sqs" => request.action().folded(),
        _ => request.action().as_str(),
    }
}

/// Amazon S3 puts the resource in quotes; S3 and EC2 leave out what is no resource.
fn resource_as_printed(request: &Request) -> [&str; 3] {
    match (request.action().service(), request.resource()) {
        ("s3" | "ec2", "*") => [""; 3],
        ("s3", resource) => [" on resource: \"", resource, "\""],
        (_, resource) => [" on resource: ", resource, ""],
    }
}

fn article(policy_type: PolicyType) -> &'static str {
    match policy_type {
        PolicyType::RoleTrust => "the",
        PolicyType::IdentityBased => "an",
        _ => "a",
    }
}

/// The ARN of the first policy that denies, where AWS gives it: never that of a resource's or endpoint's policy,
/// and inline policies have none.
fn denying_policy<'p>(
    policies: &'p PolicySet,
    evaluation: &Evaluation,
    policy_type: PolicyType,
) -> Option<&'p str> {
    let mut places = evaluation.matched.iter().map(|matched| matched.place);
    policy_arn(policies, places.find(|place| place.policy_type == policy_type)?)
}

fn policy_arn(policies: &PolicySet, place: Place) -> Option<&str> {
    match place.policy_type {
        PolicyType::ResourceBased | PolicyType::RoleTrust | PolicyType::VpcEndpoint => None,
        PolicyType::IdentityBased
        | PolicyType::PermissionsBoundary
        | PolicyType::Session
        | PolicyType::ServiceControl
        | PolicyType::ResourceControl => policies.policy(place)?.arn(),
    }
}

fn refused_by_credentials(request: &Request, limit: CredentialLimit) -> String {
    let operation = request.action().as_str().split_once(':').map_or("", |(_, operation)| operation);
    match limit {
        CredentialLimit::RootAssumesRole => "Roles may not be assumed by root accounts.".to_owned(),
        CredentialLimit::NeedsLongTermCredentials => {
            format!("Cannot call {operation} with session credentials")
        }
        CredentialLimit::FederatedUser
        | CredentialLimit::SessionTokenWithoutMfa
        | CredentialLimit::SessionTokenSts => {
            "The security token included in the request is invalid".to_owned()
        }
    }
}

fn refused_by_service(request: &Request, rule: ServiceRule) -> String {
    match rule {
        ServiceRule::ProtectedResource => {
            let resource = Arn::parse(request.resource()).map_or(request.resource(), |arn| arn.resource);
            let (kind, name) = resource.split_once('/').unwrap_or(("resource", resource));
            let name = name.rsplit('/').next().unwrap_or(name);
            format!(
                "Cannot perform the operation on the protected {kind} '{name}' - this {kind} is only modifiable by AWS"
            )
        }
        ServiceRule::BucketPolicyOfAnotherAccount => {
            "The specified method is not allowed against this resource.".to_owned()
        }
        ServiceRule::SharedEncryptedSnapshot => {
            "A shared encrypted DB snapshot cannot be restored directly; copy the snapshot and restore the copy."
                .to_owned()
        }
        ServiceRule::BlockPublicPolicy => sentence(
            request,
            &["because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access."],
        ),
        ServiceRule::BlockPublicAcls => sentence(
            request,
            &["because public ACLs are prevented by the BlockPublicAcls setting in S3 Block Public Access."],
        ),
    }
}
