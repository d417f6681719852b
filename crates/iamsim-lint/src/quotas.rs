//! The size quotas.
//!
//! Sources: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html>,
//! <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html> and
//! <https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html>

use iamsim_syntax::{Diagnostic, PolicyType};

use crate::checks::{
    Check, POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA, POLICY_SIZE_EXCEEDS_RCP_QUOTA,
    POLICY_SIZE_EXCEEDS_RESOURCE_POLICY_QUOTA, POLICY_SIZE_EXCEEDS_ROLE_TRUST_POLICY_QUOTA,
    POLICY_SIZE_EXCEEDS_SCP_QUOTA, POLICY_SIZE_EXCEEDS_SESSION_POLICY_QUOTA,
    POLICY_SIZE_EXCEEDS_VPC_ENDPOINT_POLICY_QUOTA, POLICY_SIZE_NEAR_QUOTA,
};
use crate::document::{Document, a_policy, beginning};

/// How large the documents of a policy type may be.
struct Quota {
    check: Check,
    characters: usize,
    whitespace: Whitespace,
    /// What to know before acting on it.
    help: &'static str,
}

/// Whether white space between the tokens of the document counts. Inside strings it always does.
#[derive(PartialEq, Eq)]
enum Whitespace {
    Counted,
    NotCounted,
}

const IDENTITY: Quota = Quota {
    check: POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA,
    characters: 6_144,
    whitespace: Whitespace::NotCounted,
    help: "split it into several policies; the inline policies of a user share 2,048 characters, of a group 5,120, of a role 10,240",
};
const SESSION: Quota = Quota {
    check: POLICY_SIZE_EXCEEDS_SESSION_POLICY_QUOTA,
    characters: 2_048,
    whitespace: Whitespace::Counted,
    help: "shorten it, or pass the ARNs of managed policies instead",
};
const RESOURCE: Quota = Quota {
    check: POLICY_SIZE_EXCEEDS_RESOURCE_POLICY_QUOTA,
    characters: 20_480,
    whitespace: Whitespace::Counted,
    help: "20 KB is the quota of a bucket policy; see what the service of this resource allows",
};
const ROLE_TRUST: Quota = Quota {
    check: POLICY_SIZE_EXCEEDS_ROLE_TRUST_POLICY_QUOTA,
    characters: 2_048,
    whitespace: Whitespace::NotCounted,
    help: "shorten it, or ask AWS for a higher quota: it can be raised to 8,192",
};
const SERVICE_CONTROL: Quota = Quota {
    check: POLICY_SIZE_EXCEEDS_SCP_QUOTA,
    characters: 10_240,
    whitespace: Whitespace::Counted,
    help: "split it into several policies, or remove white space: it counts when the policy is sent with the CLI or an SDK",
};
const RESOURCE_CONTROL: Quota =
    Quota { check: POLICY_SIZE_EXCEEDS_RCP_QUOTA, characters: 5_120, ..SERVICE_CONTROL };
const VPC_ENDPOINT: Quota = Quota {
    check: POLICY_SIZE_EXCEEDS_VPC_ENDPOINT_POLICY_QUOTA,
    characters: 20_480,
    whitespace: Whitespace::Counted,
    help: "shorten it; white space counts",
};

pub(crate) fn check(document: &Document<'_>, findings: &mut Vec<Diagnostic>) {
    let policy = document.policy;
    let quota = match policy.policy_type {
        PolicyType::IdentityBased | PolicyType::PermissionsBoundary => IDENTITY,
        PolicyType::Session => SESSION,
        PolicyType::ResourceBased => RESOURCE,
        PolicyType::RoleTrust => ROLE_TRUST,
        PolicyType::ServiceControl => SERVICE_CONTROL,
        PolicyType::ResourceControl => RESOURCE_CONTROL,
        PolicyType::VpcEndpoint => VPC_ENDPOINT,
    };
    // Characters are no more than bytes.
    if !is_near(document.text.len(), &quota) {
        return;
    }
    let (size, counted) = match quota.whitespace {
        Whitespace::Counted => (document.text.chars().count(), ""),
        Whitespace::NotCounted => (without_whitespace(document.text), ", white space not counted"),
    };
    let (check, verb) = if size > quota.characters {
        (quota.check, "exceeds")
    } else if is_near(size, &quota) {
        (POLICY_SIZE_NEAR_QUOTA, "is within 5 % of")
    } else {
        return;
    };
    let of = a_policy(policy.policy_type);
    let message = format!(
        "the policy has {size} characters{counted}; it {verb} the quota of {} for {of}",
        quota.characters
    );
    findings.push(check.at(beginning(policy.span), message).with_help(quota.help));
}

/// Whether a size is within 5 % of the quota, or more.
fn is_near(size: usize, quota: &Quota) -> bool {
    size * 20 > quota.characters * 19
}

/// The characters of a JSON text, without the white space outside its strings.
fn without_whitespace(text: &str) -> usize {
    let (mut count, mut quoted, mut escaped) = (0, false, false);
    for character in text.chars() {
        if quoted || !character.is_ascii_whitespace() {
            count += 1;
        }
        if character == '"' && !escaped {
            quoted = !quoted;
        }
        escaped = quoted && character == '\\' && !escaped;
    }
    count
}

#[cfg(test)]
mod tests {
    use super::without_whitespace;

    #[test]
    fn white_space_counts_inside_strings_only() {
        assert_eq!(without_whitespace("{ \"a\" :\n\t\"b c\" }"), r#"{"a":"b c"}"#.len());
        assert_eq!(without_whitespace(r#"{"a\" b": " \\" }"#), r#"{"a\" b":" \\"}"#.len());
        assert_eq!(without_whitespace("\"é\""), 3);
    }
}
