//! AWS STS.
//!
//! Source: <https://docs.aws.amazon.com/STS/latest/APIReference/API_Operations.html>

use iamsim_world::{AssumeRole, Call, Effect, SessionParameters, StsCall};

use crate::CommandError;
use crate::aws::Invocation;
use crate::scope::Scope;
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
        _ => return Ok(generic::lower(invocation, scope)),
    };
    let operation = format!("sts:{}", invocation.operation.api);
    Ok(Call { operation, checks: Vec::new(), effect: Effect::Sts(sts) })
}

fn assume_role(invocation: &Invocation) -> Result<AssumeRole, CommandError> {
    Ok(AssumeRole {
        role_arn: text(invocation, "role-arn"),
        role_session_name: text(invocation, "role-session-name"),
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

/// A device counts only with its code.
fn mfa(invocation: &Invocation) -> bool {
    invocation.has("serial-number") && invocation.has("token-code")
}

fn text(invocation: &Invocation, flag: &str) -> String {
    invocation.text(flag).unwrap_or_default().to_owned()
}
