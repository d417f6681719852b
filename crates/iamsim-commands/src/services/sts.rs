//! AWS STS.
//!
//! Source: <https://docs.aws.amazon.com/STS/latest/APIReference/API_Operations.html>

use iamsim_world::{AssumeRole, Call, Effect, SessionParameters, StsCall};

use crate::CommandError;
use crate::aws::Invocation;
use crate::checks::{call, check, with};
use crate::scope::{Scope, is_arn};
use crate::{generic, shorthand, tags};

/// The call; one that opens a session has no checks of its own, as they follow from it.
pub(super) fn lower(invocation: &Invocation, scope: &Scope<'_>) -> Result<Call, CommandError> {
    let sts = match invocation.operation.api {
        "AssumeRole" => StsCall::AssumeRole(assume_role(invocation)?),
        "AssumeRoleWithWebIdentity" => StsCall::AssumeRoleWithWebIdentity(assume_role(invocation)?),
        "AssumeRoleWithSAML" => StsCall::AssumeRoleWithSaml(assume_role(invocation)?),
        "GetSessionToken" => StsCall::GetSessionToken {
            duration_seconds: invocation.number("duration-seconds")?,
            mfa: mfa(invocation),
        },
        "GetFederationToken" => StsCall::GetFederationToken {
            name: text(invocation, "name"),
            duration_seconds: invocation.number("duration-seconds")?,
            session: session(invocation),
        },
        "GetCallerIdentity" => StsCall::GetCallerIdentity,
        "AssumeRoot" => return Ok(assume_root(invocation, scope)),
        _ => return Ok(generic::lower(invocation, scope)),
    };
    let operation = format!("sts:{}", invocation.operation.api);
    Ok(Call { operation, checks: Vec::new(), effect: Effect::Sts(sts) })
}

/// The root user of a member account, with a policy that limits it to one task.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user-privileged-task.html>
fn assume_root(invocation: &Invocation, scope: &Scope<'_>) -> Call {
    let target = text(invocation, "target-principal");
    let root = if is_arn(&target) { target } else { format!("arn:{}:iam::{target}:root", scope.partition()) };
    let policy = shorthand::values(invocation.words("task-policy-arn"));
    let policy = policy.first().and_then(|value| value.get("arn").unwrap_or(value).as_str());
    call("sts:AssumeRoot", vec![with(check("sts:AssumeRoot", root), "sts:TaskPolicyArn", policy)])
}

fn assume_role(invocation: &Invocation) -> Result<AssumeRole, CommandError> {
    Ok(AssumeRole {
        role_arn: text(invocation, "role-arn"),
        role_session_name: session_name(invocation),
        duration_seconds: invocation.number("duration-seconds")?,
        external_id: invocation.text("external-id").map(str::to_owned),
        source_identity: invocation.text("source-identity").map(str::to_owned),
        mfa: mfa(invocation),
        session: session(invocation),
    })
}

fn session(invocation: &Invocation) -> SessionParameters {
    let arns = shorthand::values(invocation.words("policy-arns"));
    let arn = |value: &serde_json::Value| {
        let named = value.get("arn").or_else(|| value.get("Arn")).unwrap_or(value);
        named.as_str().map(str::to_owned)
    };
    SessionParameters {
        policy: invocation.text("policy").map(str::to_owned),
        policy_arns: arns.iter().filter_map(arn).collect(),
        tags: tags::read(invocation),
        transitive_tag_keys: invocation.list("transitive-tag-keys"),
    }
}

/// The name as far as it is known: scripts often end it with `$(date +%s)`, which no name may hold.
fn session_name(invocation: &Invocation) -> String {
    let name = invocation.text("role-session-name").unwrap_or_default();
    match name.split_once(['$', '`']) {
        Some((known, _)) if known.len() >= 2 => known.to_owned(),
        Some(_) => "session".to_owned(),
        None => name.to_owned(),
    }
}

/// A device counts only with its code.
fn mfa(invocation: &Invocation) -> bool {
    invocation.has("serial-number") && invocation.has("token-code")
}

fn text(invocation: &Invocation, flag: &str) -> String {
    invocation.text(flag).unwrap_or_default().to_owned()
}
