//! What AWS says when it refuses a policy.

use std::fmt::Write as _;

pub(crate) const SYNTAX_ERRORS: &str = "Syntax errors in policy.";
pub(super) const LEGACY_PARSING: &str = "The policy failed legacy parsing";
pub(super) const VERSION_2012: &str = "Policy document must be version 2012-10-17 or greater.";
pub(super) const UNIQUE_SIDS: &str = "Statement IDs (SID) in a single policy must be unique.";
pub(super) const NO_ACTIONS: &str = "Policy statement must contain actions.";
pub(super) const NO_RESOURCES: &str = "Policy statement must contain resources.";
pub(super) const RESOURCE_VENDOR: &str =
    "Resource vendor must be fully qualified and cannot contain regexes.";
pub(super) const IAM_PATH: &str = "IAM resource path must either be \"*\" or start with user/, \
    federated-user/, role/, group/, instance-profile/, mfa/, server-certificate/, policy/, sms-mfa/, \
    saml-provider/, oidc-provider/, report/, access-report/.";
pub(super) const NO_VENDOR: &str =
    "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.";
pub(super) const ONE_COLON: &str = "Actions/Condition can contain only one colon.";
pub(super) const PROHIBITED_RESOURCE: &str = "Has prohibited field Resource";
pub(super) const NO_PRINCIPAL_ALLOWED: &str = "Policy document should not specify a principal.";
pub(super) const PRINCIPAL_REQUIRED: &str = "Missing required field Principal";
pub(super) const TRUST_ACTIONS: &str = "AssumeRole policy may only specify STS AssumeRole actions";
pub(super) const TRUST_STAR: &str = "AssumeRolepolicy contained an invalid principal: \"STAR\":\"*\".";

pub(super) fn not_an_arn(resource: &str) -> String {
    format!("Resource {resource} must be in ARN format or \"*\".")
}

/// The ARN is printed with its missing fields as `*`.
pub(super) fn partition(resource: &str) -> String {
    let mut fields = resource.splitn(6, ':').skip(1);
    let partition = fields.next().unwrap_or_default();
    let mut arn = format!("arn:{partition}");
    for _ in 0..4 {
        let _ = write!(arn, ":{}", fields.next().unwrap_or("*"));
    }
    format!("Partition \"{partition}\" is not valid for resource \"{arn}\".")
}

pub(super) fn iam_region(resource: &str) -> String {
    format!("IAM resource {resource} cannot contain region information.")
}

pub(super) fn s3_region(resource: &str) -> String {
    format!("Resource {resource} can not contain region information.")
}

pub(super) fn vendor(vendor: &str) -> String {
    format!("Vendor {vendor} is not valid")
}

pub(super) fn invalid_principal(key: &str, principal: &str) -> String {
    format!("Invalid principal in policy: \"{key}\":\"{principal}\"")
}
