//! OIDC identity providers: which of their users may assume a role.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html>

use iamsim_syntax::{Arn, Condition, Diagnostic, PolicyType, Principal, Qualifier, Sense, Statement};

use crate::checks::{
    CONFIRM_AUDIENCE_CLAIM_TYPE, FORANYVALUE_WITH_AUDIENCE_CLAIM_TYPE,
    MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL, MISSING_GITHUB_REPO_CONDITION_KEY,
    SPECIFIC_GITHUB_REPO_AND_BRANCH_RECOMMENDED,
};
use crate::document::{Document, has_key, is_key};

const GITHUB: &str = "token.actions.githubusercontent.com";
const GITHUB_SUB: &str = "token.actions.githubusercontent.com:sub";
const GITHUB_JOB_WORKFLOW_REF: &str = "token.actions.githubusercontent.com:job_workflow_ref";
const GITHUB_REF: &str = "token.actions.githubusercontent.com:ref";

pub(crate) fn check(document: &Document<'_>, findings: &mut Vec<Diagnostic>) {
    if document.policy.policy_type != PolicyType::RoleTrust {
        return;
    }
    for statement in document.allows() {
        check_providers(statement, findings);
        check_github_subject(document, statement, findings);
    }
    for (_, named) in document.conditions() {
        check_audience(named.condition, findings);
    }
}

/// The provider's name as its condition keys have it: the domain and path, without `oidc-provider/`.
fn oidc_provider(principal: &Principal) -> Option<&str> {
    let Principal::Federated(provider) = principal else { return None };
    match Arn::parse(provider) {
        Some(arn) => arn.resource.strip_prefix("oidc-provider/"),
        None => Some(provider),
    }
}

fn check_providers(statement: &Statement, findings: &mut Vec<Diagnostic>) {
    let elements = statement.principal.iter().filter(|element| element.sense == Sense::Listed);
    for principal in elements.flat_map(|element| &element.principals) {
        let Some(provider) = oidc_provider(&principal.value) else { continue };
        if provider.eq_ignore_ascii_case(GITHUB) {
            if !has_key(statement, &[GITHUB_SUB, GITHUB_JOB_WORKFLOW_REF]) {
                findings.push(
                    MISSING_GITHUB_REPO_CONDITION_KEY
                        .at(principal.span, "every GitHub repository in the world may assume the role")
                        .with_help(format!("add a condition on `{GITHUB_SUB}`, such as `repo:my-organization/my-repository:ref:refs/heads/main`")),
                );
            }
        } else if !statement.conditions.iter().any(|condition| has_prefix(condition, provider)) {
            findings.push(
                MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL
                    .at(
                        principal.span,
                        format!("every user of `{provider}` may assume the role, whatever the application"),
                    )
                    .with_help(format!("add a condition on the provider's keys, at least `{provider}:aud`")),
            );
        }
    }
}

fn has_prefix(condition: &Condition, provider: &str) -> bool {
    let key = &condition.key.value;
    key.get(..provider.len()).is_some_and(|prefix| prefix.eq_ignore_ascii_case(provider))
        && key.as_bytes().get(provider.len()) == Some(&b':')
}

/// A wildcard in the subject reaches further than most think: `repo:my-org*` also takes in `my-organization`.
fn check_github_subject(document: &Document<'_>, statement: &Statement, findings: &mut Vec<Diagnostic>) {
    for condition in statement.conditions.iter().filter(|condition| is_key(condition, GITHUB_SUB)) {
        for value in &condition.values {
            let Some(at) = value.value.find(['*', '?']) else { continue };
            let inside_repository = value.value.bytes().take(at).filter(|byte| *byte == b':').count() < 2;
            if !inside_repository && has_key(statement, &[GITHUB_REF]) {
                continue;
            }
            findings.push(
                SPECIFIC_GITHUB_REPO_AND_BRANCH_RECOMMENDED
                    .at(document.part(value, at..at + 1), "the wildcard lets in more repositories or branches than one")
                    .with_help("name the repository and the branch: `repo:my-organization/my-repository:ref:refs/heads/main`"),
            );
        }
    }
}

/// `aud` has one value in nearly every token.
fn check_audience(condition: &Condition, findings: &mut Vec<Diagnostic>) {
    let key = &condition.key.value;
    let is_audience = key.to_ascii_lowercase().ends_with(":aud");
    let Some(qualifier) = condition.operator.value.qualifier.filter(|_| is_audience) else { return };
    findings.push(match qualifier {
        Qualifier::ForAnyValue => FORANYVALUE_WITH_AUDIENCE_CLAIM_TYPE
            .at(condition.operator.span, format!("`ForAnyValue` on `{key}`, which has one value"))
            .with_help("remove `ForAnyValue:`"),
        Qualifier::ForAllValues => CONFIRM_AUDIENCE_CLAIM_TYPE
            .at(
                condition.operator.span,
                format!("`ForAllValues` on `{key}` also holds for a token without audience"),
            )
            .with_help("remove `ForAllValues:`, unless the provider sends several audiences"),
    });
}
