//! What would turn a denial into an allow, with the places in files where it is to be written.

mod diff;
mod flag;
mod patch;

use std::sync::Arc;

use iamsim_engine::{CredentialLimit, Place, PolicySet, Principal, Request, ServiceRule};
use iamsim_remedy::{Case, Remedies, remedies};
use iamsim_syntax::{Arn, Policy, PolicyType, Position, Span, Statement, Version, print, print_statement};
use iamsim_world::CheckOutcome;
use serde::Serialize;

pub use iamsim_remedy::{Addition, Edit, Hindrance, Means};

pub use crate::ask::remedy::diff::{Diff, Line};

use super::What;
use crate::library::Library;
use crate::source::Source;
use crate::written::Texts;

/// Edits that together turn the denial into an allow; each is needed.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RemedyReport {
    /// Whether a statement that denies would deny less.
    pub weakens_deny: bool,
    /// The edits.
    pub edits: Vec<EditReport>,
}

/// One edit and where it is made.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EditReport {
    /// The edit.
    #[serde(flatten, serialize_with = "serialize_edit")]
    pub edit: Edit,
    /// What to write in the command that was asked about: `--external-id A`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameter: Option<String>,
    /// What to write in a question to us: `--context aws:SourceIp=203.0.113.1`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flag: Option<String>,
    /// The policy that is changed.
    #[serde(flatten)]
    pub policy: Option<EditedPolicy>,
}

/// A policy that is changed, or is new.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EditedPolicy {
    /// Its type.
    #[serde(serialize_with = "serialize_type")]
    pub policy_type: PolicyType,
    /// What people call it; `None` for a new one.
    pub policy: Option<String>,
    /// The account it is in, where it is in one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// What it is attached to: a user, a role, a resource, the root or a unit of an organization.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attached_to: Option<String>,
    /// The `Sid` of the statement that changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sid: Option<String>,
    /// Which of its statements changes, from 1, or what number the new one has.
    pub number: usize,
    /// The file it stands in; `None` where it stands in none that can be edited.
    pub file: Option<String>,
    /// The line of the statement that changes, or of the last one before the new one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// The statement as it is to be; for a new policy, the whole policy.
    #[serde(serialize_with = "serialize_json")]
    pub document: String,
    /// The change to the file.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "serialize_diff")]
    pub diff: Option<Diff>,
}

/// What is known of a check's way to an allow.
#[derive(Default)]
pub(crate) struct Found {
    pub(crate) remedies: Vec<RemedyReport>,
    pub(crate) hindrance: Option<Hindrance>,
}

/// What would have allowed a check that denied what a step of a scenario does.
pub(crate) fn of_step(library: &Library, check: &CheckOutcome, what: &What) -> Found {
    let mut texts = Texts::new(library);
    let case = Case::new(check.request.clone(), check.policies.clone(), |policy| texts.document(policy));
    find(&case, check, what, &mut texts)
}

/// Looks for the smallest changes that allow what a check denied.
pub(super) fn find(case: &Case, check: &CheckOutcome, what: &What, texts: &mut Texts<'_>) -> Found {
    let Remedies { remedies, hindrance } = remedies(case);
    let mut reporting = Reporting { case, check, what, texts };
    let remedies = remedies
        .iter()
        .map(|remedy| RemedyReport {
            weakens_deny: remedy.weakens_a_deny(),
            edits: remedy.edits.iter().map(|edit| reporting.edit(edit)).collect(),
        })
        .collect();
    Found { remedies, hindrance }
}

struct Reporting<'r, 't> {
    case: &'r Case,
    check: &'r CheckOutcome,
    what: &'r What,
    texts: &'r mut Texts<'t>,
}

impl Reporting<'_, '_> {
    fn edit(&mut self, edit: &Edit) -> EditReport {
        let request = &self.check.request;
        let policy = match edit {
            Edit::Bring { .. } | Edit::LeaveOut { .. } | Edit::UseMultiFactor | Edit::Share => None,
            Edit::AddStatement { to, .. } => self.policy(edit, *to, None),
            Edit::Widen { at, .. } | Edit::Spare { at, .. } => {
                self.policy(edit, at.place, Some(at.statement))
            }
        };
        EditReport {
            parameter: flag::of_command(edit, request, self.what),
            flag: flag::of_question(edit),
            edit: edit.clone(),
            policy,
        }
    }

    fn policy(&mut self, edit: &Edit, place: Place, statement: Option<usize>) -> Option<EditedPolicy> {
        let after = self.case.with(std::slice::from_ref(edit));
        let document = after.documents.get(&place)?;
        let number = statement.unwrap_or(document.statements.len().saturating_sub(1));
        let changed = document.statements.get(number)?;
        let before = self.case.documents.get(&place).map(|before| &**before);
        let compiled = self.case.policy(place);
        let source = compiled.map(|policy| self.texts.source(policy)).filter(is_file);
        let line = |document: &Policy, source: &Source| {
            let there = document.statements.get(number).or(document.statements.last())?;
            let Position { line, .. } = source.position(there.span.start);
            Some(line)
        };
        let request = &self.check.request;
        Some(EditedPolicy {
            policy_type: place.policy_type,
            policy: compiled.map(|policy| policy.name().to_owned()),
            account: account(place.policy_type, request),
            attached_to: attached_to(place, request, &self.check.policies),
            sid: changed.sid.as_ref().map(|sid| sid.value.to_string()).filter(|sid| !sid.is_empty()),
            number: number + 1,
            file: source.as_ref().map(|source| source.path().to_owned()),
            line: before.zip(source.as_deref()).and_then(|(before, source)| line(before, source)),
            document: match before {
                Some(_) => print_statement(changed, place.policy_type),
                None => new_policy(changed, place.policy_type),
            },
            diff: before.zip(source.as_deref()).and_then(|(before, source)| {
                let patch = patch::of(source.text(), before, edit)?;
                diff::of(source, before, document, &patch)
            }),
        })
    }
}

/// Whether a text is a file's, not that of a flag or of AWS.
fn is_file(source: &Arc<Source>) -> bool {
    let path = source.path();
    !path.is_empty() && !path.starts_with("--") && !path.starts_with("arn:")
}

fn new_policy(statement: &Statement, policy_type: PolicyType) -> String {
    let policy = Policy {
        policy_type,
        version: Version::V2012,
        version_span: None,
        id: None,
        statements: vec![statement.clone()],
        span: Span::default(),
    };
    print(&policy).trim_end().to_owned()
}

fn account(policy_type: PolicyType, request: &Request) -> Option<String> {
    let account = match policy_type {
        PolicyType::IdentityBased | PolicyType::PermissionsBoundary | PolicyType::Session => {
            request.principal().account()
        }
        PolicyType::ResourceBased | PolicyType::RoleTrust => request.resource_account(),
        PolicyType::ServiceControl | PolicyType::ResourceControl | PolicyType::VpcEndpoint => None,
    };
    account.map(|account| account.to_string())
}

/// What a policy at this place is attached to.
fn attached_to(place: Place, request: &Request, policies: &PolicySet) -> Option<String> {
    match place.policy_type {
        PolicyType::IdentityBased | PolicyType::PermissionsBoundary | PolicyType::Session => {
            Some(match request.principal() {
                Principal::RoleSession(session) => session.role_arn.to_string(),
                Principal::FederatedUser { issuer: Some(issuer), .. } => issuer.to_string(),
                other => other.arn().to_owned(),
            })
        }
        PolicyType::RoleTrust => Some(request.resource().to_owned()),
        PolicyType::ResourceBased => Some(match Arn::parse(request.resource()) {
            Some(arn) if arn.service == "s3" && arn.account.is_empty() => {
                let bucket = arn.resource.split('/').next().unwrap_or_default();
                format!("arn:{}:s3:::{bucket}", arn.partition)
            }
            _ => request.resource().to_owned(),
        }),
        PolicyType::ServiceControl => {
            policies.service_control.as_ref()?.get(place.level).map(|level| level.target.to_string())
        }
        PolicyType::ResourceControl => {
            policies.resource_control.as_ref()?.get(place.level).map(|level| level.target.to_string())
        }
        PolicyType::VpcEndpoint => request.context().text("aws:SourceVpce").map(str::to_owned),
    }
}

/// The name of a hindrance in answers.
pub(super) fn hindrance_name(hindrance: Hindrance) -> &'static str {
    match hindrance {
        Hindrance::CredentialLimit(limit) => match limit {
            CredentialLimit::RootAssumesRole => "rootAssumesRole",
            CredentialLimit::FederatedUser => "federatedUser",
            CredentialLimit::SessionTokenWithoutMfa => "sessionTokenWithoutMfa",
            CredentialLimit::SessionTokenSts => "sessionTokenSts",
            CredentialLimit::NeedsLongTermCredentials => "needsLongTermCredentials",
        },
        Hindrance::ServiceRule(rule) => match rule {
            ServiceRule::ProtectedResource => "protectedResource",
            ServiceRule::BucketPolicyOfAnotherAccount => "bucketPolicyOfAnotherAccount",
            ServiceRule::BlockPublicPolicy => "blockPublicPolicy",
            ServiceRule::BlockPublicAcls => "blockPublicAcls",
            ServiceRule::SharedEncryptedSnapshot => "sharedEncryptedSnapshot",
        },
        Hindrance::Unsigned => "unsigned",
        Hindrance::PublicAccessBlocked => "publicAccessBlocked",
        Hindrance::NotAcrossAccounts => "notAcrossAccounts",
        Hindrance::OwnedByAws(_) => "ownedByAws",
        Hindrance::Denied(_) => "denied",
        Hindrance::NotFound => "notFound",
    }
}

fn serialize_edit<S: serde::Serializer>(edit: &Edit, serializer: S) -> Result<S::Ok, S::Error> {
    use iamsim_engine::ContextValue;

    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Written<'e> {
        change: &'static str,
        #[serde(skip_serializing_if = "Option::is_none")]
        key: Option<&'e str>,
        #[serde(skip_serializing_if = "Option::is_none", serialize_with = "values")]
        value: Option<&'e ContextValue>,
        #[serde(skip_serializing_if = "Option::is_none")]
        means: Option<&'static str>,
    }
    fn values<S: serde::Serializer>(value: &Option<&ContextValue>, serializer: S) -> Result<S::Ok, S::Error> {
        match value {
            Some(ContextValue::One(text)) => serializer.serialize_str(text),
            Some(ContextValue::Many(texts)) => serializer.collect_seq(texts.iter().map(|text| &**text)),
            None => serializer.serialize_none(),
        }
    }
    let written = |change| Written { change, key: None, value: None, means: None };
    match edit {
        Edit::Bring { key, value, means } => Written {
            change: "bringContextKey",
            key: Some(key),
            value: Some(value),
            means: Some(means_name(*means)),
        },
        Edit::LeaveOut { key, means } => {
            Written { key: Some(key), means: Some(means_name(*means)), ..written("leaveOutContextKey") }
        }
        Edit::UseMultiFactor => written("useMultiFactor"),
        Edit::Share => written("shareResource"),
        Edit::AddStatement { .. } => written("addStatement"),
        Edit::Widen { .. } => written("widenStatement"),
        Edit::Spare { .. } => written("makeExceptionToDeny"),
    }
    .serialize(serializer)
}

fn means_name(means: Means) -> &'static str {
    match means {
        Means::Parameter => "parameter",
        Means::Network => "network",
        Means::Time => "time",
        Means::Region => "region",
        Means::NewCredentials => "newCredentials",
        Means::Claim => "claim",
        Means::Origin => "origin",
        Means::PrincipalTag => "principalTag",
        Means::ResourceTag => "resourceTag",
    }
}

fn serialize_type<S: serde::Serializer>(policy_type: &PolicyType, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(policy_type.as_str())
}

/// A policy's text as the JSON it is.
fn serialize_json<S: serde::Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
    match serde_json::from_str::<serde_json::Value>(text) {
        Ok(value) => value.serialize(serializer),
        Err(_) => serializer.serialize_str(text),
    }
}

fn serialize_diff<S: serde::Serializer>(diff: &Option<Diff>, serializer: S) -> Result<S::Ok, S::Error> {
    match diff {
        Some(diff) => serializer.collect_str(diff),
        None => serializer.serialize_none(),
    }
}
