//! Edits, and why none helps, in words.

use iamsim_engine::{ContextValue, CredentialLimit, ServiceRule};
use iamsim_scenario::ask::ExplainedCheck;
use iamsim_scenario::ask::remedy::{Addition, Edit, EditReport, EditedPolicy, Hindrance, Means};
use iamsim_syntax::{Effect, PolicyType, Principal, Statement};

use crate::render::explain::statement::name;

/// What to do.
pub(super) fn edit(report: &EditReport, check: &ExplainedCheck) -> String {
    match &report.edit {
        Edit::UseMultiFactor => match &report.parameter {
            Some(parameter) => format!("use MFA: pass `{parameter}`"),
            None => "use MFA (here: `--mfa`; with the AWS CLI, by `--serial-number` and `--token-code` of \
                     `aws sts assume-role` or `get-session-token`)"
                .to_owned(),
        },
        Edit::Bring { key, value, means } => bring(report, key, &text(value), *means),
        Edit::LeaveOut { key, means } => leave_out(report, key, *means),
        Edit::Share => "have the owner share the resource with the caller's account".to_owned(),
        Edit::AddStatement { statement, .. } => {
            let what = match &report.policy {
                Some(policy) if policy.policy.is_none() => new_policy(policy),
                Some(policy) => format!("add a statement to {}", named(policy)),
                None => "add a statement".to_owned(),
            };
            match reach(statement, report)
                .map(str::to_owned)
                .or_else(|| goes_around(statement, report, check))
            {
                Some(caution) => format!("{what} ({caution})"),
                None => what,
            }
        }
        Edit::Widen { by, .. } => widen(by, &report.policy.as_ref().map(statement).unwrap_or_default()),
        Edit::Spare { by, .. } => spare(by, &report.policy.as_ref().map(statement).unwrap_or_default()),
    }
}

/// Who else gets in by a statement, where that is more than the caller.
///
/// Sources: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html>,
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html>,
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html>
fn reach(statement: &Statement, report: &EditReport) -> Option<&'static str> {
    if !statement.conditions.is_empty() {
        return None;
    }
    let is_of_s3 = statement.action.patterns.iter().any(|pattern| pattern.value.starts_with("s3:"));
    let is_of_role = report.policy.as_ref().is_some_and(|policy| policy.policy_type == PolicyType::RoleTrust);
    let mut principals = statement.principal.iter().flat_map(|element| &element.principals);
    principals.find_map(|principal| match principal.value {
        Principal::Everyone if is_of_s3 => Some(
            "which lets everyone in, and which S3 refuses while Block Public Access is on, as it is for new buckets",
        ),
        Principal::Everyone => Some("which lets everyone in"),
        // Many services ask for a role without saying on whose behalf.
        Principal::Service(_) if !is_of_role => Some(
            "which lets the service in on anybody's behalf: a condition on aws:SourceArn or aws:SourceAccount \
             keeps it to yours",
        ),
        Principal::Federated(_) => Some(
            "which lets in whoever has a token or assertion of that provider: a condition on its audience, and on \
             its subject, keeps it to yours",
        ),
        _ => None,
    })
}

/// The condition that somebody wants met before this is allowed, which a statement without it takes no notice of.
fn goes_around(statement: &Statement, report: &EditReport, check: &ExplainedCheck) -> Option<String> {
    let policy_type = report.policy.as_ref()?.policy_type;
    if !statement.conditions.is_empty() {
        return None;
    }
    let mut allows = check
        .statements
        .iter()
        .filter(|other| other.policy_type == policy_type && other.effect == Effect::Allow && !other.matches);
    let (key, other) = allows.find_map(|other| {
        let mut misses = other.elements.iter().filter(|element| !element.matches);
        let key = misses.next()?.key.as_deref()?;
        misses.all(|miss| miss.key.is_some()).then_some((key, other))
    })?;
    Some(format!("which goes around the condition on {key} in {}", name(other)))
}

fn text(value: &ContextValue) -> String {
    match value {
        ContextValue::One(text) => text.to_string(),
        ContextValue::Many(texts) => texts.join(", "),
    }
}

/// The way a key comes to hold a value. What a question to us would say is in brackets.
fn bring(report: &EditReport, key: &str, value: &str, means: Means) -> String {
    let here = match (&report.flag, &report.parameter) {
        (Some(flag), None) => format!(" (here: `{flag}`)"),
        _ => String::new(),
    };
    let tag = key.split_once('/').map_or(key, |(_, tag)| tag);
    match (&*key.to_lowercase(), means) {
        ("aws:sourceip" | "aws:vpcsourceip", _) => format!("call from an address like {value}{here}"),
        ("aws:sourcevpce", _) => format!("call through the VPC endpoint {value}{here}"),
        ("aws:sourcevpc", _) => format!("call from the VPC {value}{here}"),
        ("aws:securetransport", _) if value == "true" => format!("call with TLS{here}"),
        ("aws:securetransport", _) => {
            format!("call without TLS{here}; a deny like this is mostly meant for such calls")
        }
        (_, Means::Parameter) => match &report.parameter {
            Some(parameter) => format!("pass `{parameter}`"),
            None => format!("pass what makes {key} \"{value}\"{here}"),
        },
        (_, Means::Network) => format!("call so that {key} is \"{value}\"{here}"),
        (_, Means::Time) => format!("call at another time, such as {value}{here}"),
        (_, Means::Region) => match &report.parameter {
            Some(parameter) => format!("call another Region: `{parameter}`"),
            None => format!("call the Region {value}{here}"),
        },
        (_, Means::NewCredentials) => format!("get new credentials, issued at {value}{here}"),
        (_, Means::Claim) => format!("come with a token or assertion that says {key} is \"{value}\"{here}"),
        (_, Means::Origin) => format!("have the service act for something whose {key} is \"{value}\"{here}"),
        (_, Means::PrincipalTag) => format!("tag the caller {tag} = {value}{here}"),
        (_, Means::ResourceTag) => format!("tag the resource {tag} = {value}{here}"),
    }
}

fn leave_out(report: &EditReport, key: &str, means: Means) -> String {
    let tag = key.split_once('/').map_or(key, |(_, tag)| tag);
    match (means, &report.parameter, &report.flag) {
        (Means::PrincipalTag, ..) => format!("take the tag {tag} off the caller"),
        (Means::ResourceTag, ..) => format!("take the tag {tag} off the resource"),
        (_, Some(parameter), _) => format!("leave out `{parameter}`"),
        (_, None, Some(flag)) => format!("leave out what sets {key} (here: `{flag}`)"),
        (_, None, None) => format!("leave out what sets {key}"),
    }
}

/// A policy by its type, what people call it, and where it is.
fn named(policy: &EditedPolicy) -> String {
    let phrase = policy.policy_type.phrase();
    let name = policy.policy.as_deref().unwrap_or_default();
    let known = match policy.file.as_deref() {
        Some(file) if file == name || name.is_empty() || name == phrase => String::new(),
        _ if name.starts_with("--") => String::new(),
        _ if name == "inline" => return format!("the inline {phrase}{}", whose(policy)),
        _ => format!(" {name}"),
    };
    format!("the {phrase}{known}{}", whose(policy))
}

fn whose(policy: &EditedPolicy) -> String {
    match (policy.policy_type, &policy.attached_to) {
        (PolicyType::VpcEndpoint, Some(endpoint)) => format!(" of {endpoint}"),
        (PolicyType::ServiceControl | PolicyType::ResourceControl, Some(target)) => {
            format!(" attached to {target}")
        }
        (_, Some(owner)) => format!(" of {owner}"),
        (_, None) => String::new(),
    }
}

fn new_policy(policy: &EditedPolicy) -> String {
    let to = policy.attached_to.as_deref().unwrap_or("the endpoint");
    match policy.policy_type {
        PolicyType::IdentityBased => format!("give {to} this policy"),
        PolicyType::PermissionsBoundary => format!("give {to} this permissions boundary"),
        PolicyType::Session => "pass this session policy when the session is opened".to_owned(),
        // <https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html>
        PolicyType::ResourceBased if is_key(to) => {
            format!(
                "add this statement to the key policy of {to} (every key has one, though none is known here; in \
                 its place this one would leave nobody to manage the key)"
            )
        }
        PolicyType::ResourceBased => format!("give {to} this resource-based policy"),
        PolicyType::RoleTrust => {
            format!(
                "give {to} this role trust policy; none is known here, so look at its name and account first"
            )
        }
        PolicyType::ServiceControl => format!("attach this service control policy to {to}"),
        PolicyType::ResourceControl => format!("attach this resource control policy to {to}"),
        PolicyType::VpcEndpoint => format!("give {to} this policy"),
    }
}

fn is_key(arn: &str) -> bool {
    iamsim_syntax::Arn::parse(arn).is_some_and(|arn| arn.service == "kms")
}

/// The statement that changes and where it stands.
fn statement(policy: &EditedPolicy) -> String {
    let name = policy.sid.clone().unwrap_or_else(|| format!("statement {}", policy.number));
    let place = match (&policy.file, policy.line) {
        (Some(file), Some(line)) => format!(" ({file}:{line})"),
        _ => String::new(),
    };
    format!("{name} of {}{place}", named(policy))
}

/// A statement that allows covers more.
fn widen(by: &Addition, statement: &str) -> String {
    match by {
        Addition::Action(action) => format!("add {action} to {statement}"),
        Addition::Resource(resource) => format!("add {resource} to {statement}"),
        Addition::Principals(_) => format!("add the caller to the principals of {statement}"),
        Addition::Value { value, .. } => format!("take \"{value}\", too, in a condition of {statement}"),
        Addition::Condition(_) => format!("add a condition to {statement}"),
    }
}

/// A statement that denies spares something.
fn spare(by: &Addition, statement: &str) -> String {
    match by {
        Addition::Action(action) => format!("spare {action} in {statement}"),
        Addition::Resource(resource) => format!("spare {resource} in {statement}"),
        Addition::Principals(_) => format!("spare the caller and its account in {statement}"),
        Addition::Value { value, .. } => format!("spare \"{value}\", too, in a condition of {statement}"),
        Addition::Condition(_) => format!("spare this caller, by a condition in {statement}"),
    }
}

/// Why nothing helps, as far as it was not said already, and what might be done instead.
pub(super) fn hindrance(hindrance: Hindrance, check: &ExplainedCheck) -> String {
    let owner = check.accounts.resource.as_deref().unwrap_or("the owner's account");
    match hindrance {
        Hindrance::CredentialLimit(limit) => match limit {
            CredentialLimit::RootAssumesRole => "Ask as a user or role of the account.",
            CredentialLimit::FederatedUser => "Assume a role in place of GetFederationToken.",
            CredentialLimit::SessionTokenWithoutMfa => {
                "Get the credentials again with `--serial-number` and `--token-code`, or use the user's own."
            }
            CredentialLimit::SessionTokenSts | CredentialLimit::NeedsLongTermCredentials => {
                "Use the user's own credentials."
            }
        }
        .to_owned(),
        Hindrance::ServiceRule(rule) => match rule {
            ServiceRule::ProtectedResource => "Make one of your own, and change that.".to_owned(),
            ServiceRule::BucketPolicyOfAnotherAccount => format!("Assume a role in {owner}."),
            ServiceRule::BlockPublicPolicy | ServiceRule::BlockPublicAcls => {
                "S3 Block Public Access has to be turned off first.".to_owned()
            }
            ServiceRule::SharedEncryptedSnapshot => {
                "Copy the snapshot first, and restore the copy.".to_owned()
            }
        },
        Hindrance::Unsigned => "The service takes signed calls only.".to_owned(),
        Hindrance::PublicAccessBlocked => {
            "S3 Block Public Access (RestrictPublicBuckets) keeps strangers out while the bucket's policy is \
             public: name in the policy who may come in."
                .to_owned()
        }
        Hindrance::NotAcrossAccounts => {
            format!("It cannot be granted to a caller of another account: assume a role in {owner} that may.")
        }
        Hindrance::OwnedByAws(policy_type) => {
            let phrase = policy_type.phrase();
            format!("The {phrase} that is in the way is AWS's own: put one of your own in its place.")
        }
        Hindrance::Denied(policy_type) => {
            format!("A {} denies it, with no exception for a caller like this.", policy_type.phrase())
        }
        Hindrance::NotFound => "More than a few changes would be needed.".to_owned(),
    }
}
