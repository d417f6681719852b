//! `Version`.

use iamsim_syntax::{Diagnostic, PolicyType, Version};

use crate::checks::{MISSING_VERSION, OLD_VERSION};
use crate::document::{Document, a_policy, beginning};

pub(crate) fn check(document: &Document<'_>, findings: &mut Vec<Diagnostic>) {
    let policy = document.policy;
    let Some(span) = policy.version_span else {
        findings.push(
            MISSING_VERSION
                .at(beginning(policy.span), "the policy has no `Version`")
                .with_help("add `\"Version\": \"2012-10-17\"`; without it AWS reads the policy as `2008-10-17`, where `${…}` is plain text"),
        );
        return;
    };
    let organizations =
        matches!(policy.policy_type, PolicyType::ServiceControl | PolicyType::ResourceControl);
    if organizations && policy.version == Version::V2008 {
        let message =
            format!("AWS Organizations documents only `2012-10-17` for {}", a_policy(policy.policy_type));
        findings.push(OLD_VERSION.at(span, message).with_help("write `\"Version\": \"2012-10-17\"`"));
    }
}
