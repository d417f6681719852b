//! Actions and resources compared with patterns, by three lines of recursion on short strings.
//!
//! Sources: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html>,
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html>

use std::collections::BTreeMap;

use iamsim_syntax::{Policy, PolicyType, Sense, Statement, Version};

use crate::case::{Caller, Case, Value, account_of};
use crate::condition::holds;

/// What statements are compared with: action and context keys in lower case.
pub(crate) struct Circumstances {
    action: String,
    resource: String,
    context: BTreeMap<String, Value>,
}

/// A character of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Token {
    Is(char),
    AnyOne,
    AnyRun,
}

pub(crate) fn matches_but_for_principal(
    policy: &Policy,
    statement: &Statement,
    request: &Circumstances,
) -> bool {
    let listed =
        statement.action.patterns.iter().any(|pattern| {
            matches(&tokens_without_variables(&pattern.value.to_lowercase()), &request.action)
        });
    let action = listed == (statement.action.sense == Sense::Listed);
    let resource = statement.resource.as_ref().is_none_or(|element| {
        let listed = element.patterns.iter().any(|pattern| resource_matches(policy, &pattern.value, request));
        listed == (element.sense == Sense::Listed)
    });
    action && resource && statement.conditions.iter().all(|clause| holds(policy.version, clause, request))
}

fn resource_matches(policy: &Policy, pattern: &str, request: &Circumstances) -> bool {
    if pattern == "*" {
        return true;
    }
    let fields = pattern.split(':').count();
    let plain = policy.version == Version::V2008 || !pattern.contains("${");
    let pads = match policy.policy_type {
        PolicyType::IdentityBased | PolicyType::PermissionsBoundary => true,
        _ => pattern.contains(['*', '?']),
    };
    let padded = if plain && pads && fields < 6 {
        format!("{pattern}{}", ":*".repeat(6 - fields))
    } else {
        pattern.to_owned()
    };
    let Some(tokens) = expand(policy.version, &padded, request) else { return false };
    let every_bucket = request.action == "s3:listallmybuckets" && pattern == "arn:aws:s3:::*";
    every_bucket || arn_matches(&tokens, &request.resource, 0)
}

/// As [`matches`], but before the fifth colon a wildcard stays inside its part, unless it ends the part.
fn arn_matches(tokens: &[Token], text: &str, colons: usize) -> bool {
    let Some((token, rest)) = tokens.split_first() else { return text.is_empty() };
    let first = text.chars().next();
    let after = first.map_or("", |first| &text[first.len_utf8()..]);
    let next = colons + usize::from(first == Some(':'));
    let free = first != Some(':') || colons >= 5;
    let ends_part = rest.is_empty() || rest.first() == Some(&Token::Is(':'));
    match token {
        Token::Is(wanted) => first == Some(*wanted) && arn_matches(rest, after, next),
        Token::AnyOne => first.is_some() && free && arn_matches(rest, after, next),
        Token::AnyRun => {
            arn_matches(rest, text, colons)
                || first.is_some() && (free || ends_part) && arn_matches(tokens, after, next)
        }
    }
}

/// Whether a pattern covers the whole text.
pub(crate) fn matches(tokens: &[Token], text: &str) -> bool {
    let Some((token, rest)) = tokens.split_first() else { return text.is_empty() };
    let first = text.chars().next();
    let after = first.map_or("", |first| &text[first.len_utf8()..]);
    match token {
        Token::Is(wanted) => first == Some(*wanted) && matches(rest, after),
        Token::AnyOne => first.is_some() && matches(rest, after),
        Token::AnyRun => matches(rest, text) || first.is_some() && matches(tokens, after),
    }
}

pub(crate) fn tokens_without_variables(pattern: &str) -> Vec<Token> {
    let token = |letter| match letter {
        '*' => Token::AnyRun,
        '?' => Token::AnyOne,
        other => Token::Is(other),
    };
    pattern.chars().map(token).collect()
}

/// A pattern with its variables filled in; none when one has no value.
pub(crate) fn expand(version: Version, pattern: &str, request: &Circumstances) -> Option<Vec<Token>> {
    if version == Version::V2008 {
        return Some(tokens_without_variables(pattern));
    }
    let Some((before, rest)) = pattern.split_once("${") else {
        return Some(tokens_without_variables(pattern));
    };
    let (body, after) = rest.split_once('}').expect("generated variables are closed");
    let value = match body {
        "*" | "?" | "$" => body.to_owned(),
        _ => variable(body, request)?,
    };
    let mut tokens = tokens_without_variables(before);
    tokens.extend(value.chars().map(Token::Is));
    tokens.extend(expand(version, after, request)?);
    Some(tokens)
}

fn variable(body: &str, request: &Circumstances) -> Option<String> {
    let (key, default) = match body.split_once(", ") {
        Some((key, quoted)) => (key, Some(quoted.trim_matches('\'').to_owned())),
        None => (body, None),
    };
    match request.value(key) {
        Some(Value::One(text)) => Some(text.clone()),
        Some(Value::Many(_)) => None,
        None => default,
    }
}

impl Circumstances {
    /// What the request says, with what follows from its caller and resource.
    ///
    /// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable>
    pub(crate) fn of(case: &Case) -> Self {
        let mut context = derived(case);
        context.extend(case.context.iter().map(|(name, value)| (name.to_lowercase(), value.clone())));
        Self { action: case.action.to_lowercase(), resource: case.resource.clone(), context }
    }

    pub(crate) fn value(&self, key: &str) -> Option<&Value> {
        self.context.get(&key.to_lowercase())
    }
}

fn derived(case: &Case) -> BTreeMap<String, Value> {
    let name = |arn: &str| arn.rsplit('/').next().unwrap_or_default().to_owned();
    let account = |arn: &str| account_of(arn).unwrap_or_default().to_owned();
    let mut found: Vec<(&str, String)> = Vec::new();
    match &case.caller {
        Caller::User { arn } => {
            found.extend([("principaltype", "User".to_owned()), ("username", name(arn))]);
        }
        Caller::Role { .. } => found.push(("principaltype", "AssumedRole".to_owned())),
        Caller::FederatedUser { arn, .. } => found.extend([
            ("principaltype", "FederatedUser".to_owned()),
            ("userid", format!("{}:{}", account(arn), name(arn))),
        ]),
        Caller::Root { arn } => {
            found.extend([("principaltype", "Account".to_owned()), ("userid", account(arn))]);
        }
        Caller::Service { .. } => {}
        Caller::Federated { provider } => {
            found.extend([("principaltype", "User".to_owned()), ("userid", provider.clone())]);
            found.extend(account_of(provider).map(|account| ("principalaccount", account.to_owned())));
        }
        Caller::Anonymous => found.extend(
            [("principaltype", "Anonymous"), ("userid", "anonymous"), ("principalaccount", "anonymous")]
                .map(|(key, value)| (key, value.to_owned())),
        ),
    }
    if let Some(arn) = case.caller.arn() {
        let shown = match &case.caller {
            Caller::Role { session: Some(session), path_known: false, .. } => role_without_path(session),
            _ => arn.to_owned(),
        };
        found.extend([("principalarn", shown), ("principalaccount", account(arn))]);
    }
    if !matches!(case.caller, Caller::Anonymous | Caller::Federated { .. }) {
        let service = matches!(case.caller, Caller::Service { .. });
        found.push(("principalisawsservice", service.to_string()));
    }
    let owner = case.owner.as_deref().or(account_of(&case.resource)).or(case.caller.account());
    found.extend(owner.filter(|owner| *owner != "aws").map(|owner| ("resourceaccount", owner.to_owned())));
    found.into_iter().map(|(key, value)| (format!("aws:{key}"), Value::One(value))).collect()
}

fn role_without_path(session: &str) -> String {
    let parts: Vec<&str> = session.split([':', '/']).collect();
    format!("arn:{}:iam::{}:role/{}", parts[1], parts[4], parts[6])
}
