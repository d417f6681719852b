//! What STS takes as parameters, whatever policies say.
//!
//! Sources: <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html>,
//! <https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html>

use iamsim_engine::Principal;
use iamsim_syntax::Arn;

use crate::call::{AssumeRole, SessionParameters};
use crate::session::Session;
use crate::simulation::{ApiError, Failure};

const MOST_TAGS: usize = 50;
const LONGEST_TAG_KEY: usize = 128;
const LONGEST_TAG_VALUE: usize = 256;
const LONGEST_POLICY: usize = 2048;
const MOST_MANAGED_POLICIES: usize = 10;

pub(super) fn check_assume_role(asked: &AssumeRole) -> Result<(), Failure> {
    let is_role = Arn::parse(&asked.role_arn)
        .is_some_and(|arn| arn.service == "iam" && arn.resource.starts_with("role/"));
    if !is_role {
        return Err(invalid_role_arn(asked));
    }
    // AWS asks for two characters; one is let through, as examples abbreviate and nothing hangs on it.
    if let Some(fault) = name_fault(&asked.role_session_name, 1..=64, false) {
        return invalid("roleSessionName", &asked.role_session_name, fault);
    }
    if let Some(id) = &asked.external_id
        && let Some(fault) = name_fault(id, 2..=1224, true)
    {
        return invalid("externalId", id, fault);
    }
    if let Some(identity) = &asked.source_identity {
        if let Some(fault) = name_fault(identity, 2..=64, false) {
            return invalid("sourceIdentity", identity, fault);
        }
        if identity.starts_with("aws:") {
            return invalid("sourceIdentity", identity, "Member must not begin with aws:");
        }
    }
    check_duration(asked.duration_seconds, 900..=43_200)?;
    check_session(&asked.session)
}

pub(super) fn check_federated_name(name: &str) -> Result<(), Failure> {
    match name_fault(name, 2..=32, false) {
        Some(fault) => invalid("name", name, fault),
        None => Ok(()),
    }
}

/// The duration of `GetSessionToken` and `GetFederationToken`: 15 minutes to 36 hours, 12 hours by default; for a
/// root user an hour at most.
pub(super) fn long_lived(asked: Option<u32>, principal: &Principal) -> Result<u32, Failure> {
    check_duration(asked, 900..=129_600)?;
    Ok(match principal {
        Principal::Root { .. } => asked.unwrap_or(3600).min(3600),
        _ => asked.unwrap_or(43_200),
    })
}

/// A tag that the calling session hands on cannot be passed again.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_role-chaining>
pub(super) fn check_inherited_tags(asked: &AssumeRole, inherited: &[String]) -> Result<(), Failure> {
    let again = |key: &str| inherited.contains(&key.to_lowercase());
    if asked.session.tags.iter().any(|(key, _)| again(key)) {
        return refuse(
            "ValidationError",
            "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key \
             from the calling session."
                .to_owned(),
        );
    }
    Ok(())
}

/// A source identity stays once it is set.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html>
pub(super) fn source_identity(
    asked: &AssumeRole,
    before: Option<&Session>,
) -> Result<Option<String>, Failure> {
    let set = before.and_then(|session| session.source_identity.clone());
    match (set, &asked.source_identity) {
        (Some(set), Some(wanted)) if set != *wanted => {
            refuse("ValidationError", "The source identity cannot be changed once it is set.".to_owned())
        }
        (set, wanted) => Ok(set.or_else(|| wanted.clone())),
    }
}

pub(super) fn invalid_role_arn(asked: &AssumeRole) -> Failure {
    Failure::Refused(ApiError { code: "ValidationError", message: format!("{} is invalid", asked.role_arn) })
}

fn check_session(asked: &SessionParameters) -> Result<(), Failure> {
    if asked.tags.len() > MOST_TAGS {
        return refuse("ValidationError", format!("At most {MOST_TAGS} session tags can be passed."));
    }
    for (at, (key, _)) in asked.tags.iter().enumerate() {
        if asked.tags.iter().take(at).any(|(other, _)| other.to_lowercase() == key.to_lowercase()) {
            return invalid("tags", key, "Duplicate tag keys found; tag keys are case insensitive");
        }
    }
    for (key, value) in &asked.tags {
        if key.is_empty()
            || key.chars().count() > LONGEST_TAG_KEY
            || value.chars().count() > LONGEST_TAG_VALUE
        {
            return invalid(
                "tags",
                key,
                "Member must have a key of 1 to 128 and a value of at most 256 characters",
            );
        }
    }
    if asked.policy_arns.len() > MOST_MANAGED_POLICIES {
        return refuse(
            "ValidationError",
            format!("At most {MOST_MANAGED_POLICIES} policy ARNs can be passed."),
        );
    }
    let length = asked.policy.as_ref().map_or(0, |policy| policy.chars().count());
    if length > LONGEST_POLICY {
        return refuse(
            "PackedPolicyTooLarge",
            format!("The session policy has {length} characters, {LONGEST_POLICY} are allowed."),
        );
    }
    Ok(())
}

fn check_duration(seconds: Option<u32>, range: std::ops::RangeInclusive<u32>) -> Result<(), Failure> {
    match seconds {
        Some(seconds) if seconds < *range.start() => invalid(
            "durationSeconds",
            &seconds.to_string(),
            &format!("Member must have value greater than or equal to {}", range.start()),
        ),
        Some(seconds) if seconds > *range.end() => invalid(
            "durationSeconds",
            &seconds.to_string(),
            &format!("Member must have value less than or equal to {}", range.end()),
        ),
        _ => Ok(()),
    }
}

/// Letters, digits and `_+=,.@-`; an external id may also hold `:` and `/`.
fn name_fault(
    name: &str,
    length: std::ops::RangeInclusive<usize>,
    of_external_id: bool,
) -> Option<&'static str> {
    let fits = |c: char| {
        c.is_ascii_alphanumeric() || "_+=,.@-".contains(c) || (of_external_id && matches!(c, ':' | '/'))
    };
    if !name.chars().all(fits) {
        return Some("Member must satisfy regular expression pattern: [\\w+=,.@-]*");
    }
    let count = name.chars().count();
    if count < *length.start() {
        return Some("Member is too short");
    }
    (count > *length.end()).then_some("Member is too long")
}

fn invalid<T>(member: &str, value: &str, fault: &str) -> Result<T, Failure> {
    refuse(
        "ValidationError",
        format!(
            "1 validation error detected: Value '{value}' at '{member}' failed to satisfy constraint: {fault}"
        ),
    )
}

fn refuse<T>(code: &'static str, message: String) -> Result<T, Failure> {
    Err(Failure::Refused(ApiError { code, message }))
}
