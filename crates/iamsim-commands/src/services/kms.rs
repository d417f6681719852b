//! AWS KMS.
//!
//! Sources: <https://docs.aws.amazon.com/kms/latest/developerguide/kms-api-permissions-reference.html>,
//! <https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html>

use iamsim_engine::ContextValue;
use iamsim_world::{Call, Check};
use serde_json::Value;

use crate::aws::Invocation;
use crate::checks::check;
use crate::scope::{Scope, is_arn};
use crate::shorthand;

/// Settles the keys that a call is about and what it says about their use.
pub(super) fn complete(call: &mut Call, invocation: &Invocation, scope: &Scope<'_>) {
    if invocation.operation.api == "ReEncrypt" {
        call.checks = re_encrypt(invocation, scope);
        return;
    }
    // The catalog does not take the ARN of an alias for a key.
    let unread = |check: &Check| check.resource == "*" && invocation.has("key-id");
    for check in call.checks.iter_mut().filter(|check| unread(check) || check.resource.contains(":key/")) {
        if let Some(key) = invocation.text("key-id") {
            on_key(check, key, scope);
        }
        encryption_context(check, invocation, "encryption-context");
        if let Some(algorithm) = invocation.text("encryption-algorithm") {
            check.context.insert("kms:EncryptionAlgorithm", algorithm);
        }
    }
    if invocation.operation.api == "CreateGrant" {
        grant(call, invocation);
    }
}

/// Both keys must allow it, each its own action.
fn re_encrypt(invocation: &Invocation, scope: &Scope<'_>) -> Vec<Check> {
    let mut from = check("kms:ReEncryptFrom", "*");
    on_key(&mut from, invocation.text("source-key-id").unwrap_or("*"), scope);
    encryption_context(&mut from, invocation, "source-encryption-context");
    let mut to = check("kms:ReEncryptTo", "*");
    on_key(&mut to, invocation.text("destination-key-id").unwrap_or("*"), scope);
    encryption_context(&mut to, invocation, "destination-encryption-context");
    vec![from, to]
}

/// A key is named by its id, its ARN, an alias or an alias's ARN. Whatever the name, the key is what is checked; an
/// alias does not tell its id.
fn on_key(check: &mut Check, key: &str, scope: &Scope<'_>) {
    let alias = key.find("alias/").and_then(|at| key.get(at..));
    check.resource = match alias {
        Some(alias) if is_arn(key) => format!("{}key/*", key.strip_suffix(alias).unwrap_or_default()),
        Some(_) => scope.regional("kms", "key/*"),
        None if is_arn(key) => key.to_owned(),
        None => scope.regional("kms", &format!("key/{key}")),
    };
    if let Some(alias) = alias {
        check.context.insert("kms:RequestAlias", alias);
    }
}

fn encryption_context(check: &mut Check, invocation: &Invocation, flag: &str) {
    let values = shorthand::values(invocation.words(flag));
    let pairs: Vec<_> = values.iter().filter_map(Value::as_object).flatten().collect();
    for (key, value) in &pairs {
        check.context.insert(&format!("kms:EncryptionContext:{key}"), value.as_str().unwrap_or_default());
    }
    if !pairs.is_empty() {
        let keys: ContextValue = pairs.iter().map(|(key, _)| (*key).clone()).collect();
        check.context.insert("kms:EncryptionContextKeys", keys);
    }
}

fn grant(call: &mut Call, invocation: &Invocation) {
    for check in &mut call.checks {
        for (flag, key) in
            [("grantee-principal", "kms:GranteePrincipal"), ("retiring-principal", "kms:RetiringPrincipal")]
        {
            if let Some(principal) = invocation.text(flag) {
                check.context.insert(key, principal);
            }
        }
        let operations: ContextValue = invocation.list("operations").into_iter().collect();
        check.context.insert("kms:GrantOperations", operations);
    }
}
