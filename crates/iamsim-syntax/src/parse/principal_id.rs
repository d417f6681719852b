//! The text that names one principal, under each kind.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html>

use super::resource::PARTITIONS;
use crate::{Arn, Diagnostic, Principal, Spanned, Text, arn, code};

/// Why a text names no principal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    Variable,
    /// Under `AWS`.
    Wildcard,
    /// Under any other kind.
    OtherWildcard,
    Group,
    /// The account field of an ARN.
    Account,
    /// An ARN with fewer than six fields, or of something that cannot act.
    Arn,
    /// `arn:aws:iam::…:assumed-role/…`, which is an ARN of `sts`.
    Session,
    /// An identity provider outside `Federated`.
    Provider,
    /// A service principal outside `Service`.
    MisplacedService,
    /// No ARN, account id or unique id.
    Unknown,
    /// `Service`: no domain name.
    Service,
    /// `Federated`: neither a domain name nor a provider's ARN.
    Federated,
    /// `CanonicalUser`: empty.
    CanonicalUser,
}

/// A value under `AWS`.
pub(super) fn aws(text: &str) -> Result<Principal, Fault> {
    if text == "*" {
        return Ok(Principal::Everyone);
    }
    no_pattern(text, Fault::Wildcard)?;
    if arn::is_account_id(text) {
        return Ok(Principal::Account { partition: None, account: text.into() });
    }
    if text.starts_with("arn:") {
        return aws_arn(text);
    }
    let unique = text.strip_prefix("AIDA").or(text.strip_prefix("AROA"));
    match unique {
        Some(rest) if is_upper_alphanumeric(rest) => Ok(Principal::UniqueId(text.into())),
        _ if text.ends_with(".amazonaws.com") && service(text).is_ok() => Err(Fault::MisplacedService),
        _ => Err(Fault::Unknown),
    }
}

fn aws_arn(text: &str) -> Result<Principal, Fault> {
    let arn = Arn::parse(text).ok_or(Fault::Arn)?;
    if !PARTITIONS.contains(&arn.partition) || !matches!(arn.service, "iam" | "sts") || !arn.region.is_empty()
    {
        return Err(Fault::Arn);
    }
    // An origin access identity of CloudFront: its ARN has a word for the account and spaces in the name.
    let identity = arn.account == "cloudfront" && arn.service == "iam" && arn.resource.starts_with("user/");
    if !arn::is_account_id(arn.account) && !identity {
        return Err(Fault::Account);
    }
    let (kind, name) = arn.resource.split_once('/').unwrap_or((arn.resource, ""));
    let named = !name.is_empty() && !name.ends_with('/') && (identity || !name.contains(char::is_whitespace));
    match (arn.service, kind) {
        ("iam", "root") if arn.resource == "root" => {
            Ok(Principal::Account { partition: Some(arn.partition.into()), account: arn.account.into() })
        }
        ("iam", "user") if named => Ok(Principal::User(text.into())),
        ("iam", "role") if named => Ok(Principal::Role(text.into())),
        ("iam", "group") => Err(Fault::Group),
        ("iam", "assumed-role" | "federated-user") => Err(Fault::Session),
        ("iam", "saml-provider" | "oidc-provider") => Err(Fault::Provider),
        ("sts", "assumed-role") if named && is_role_and_session(name) => {
            Ok(Principal::AssumedRoleSession(text.into()))
        }
        ("sts", "federated-user") if named && !name.contains('/') => {
            Ok(Principal::FederatedUser(text.into()))
        }
        _ => Err(Fault::Arn),
    }
}

/// A value under `Service`.
pub(super) fn service(text: &str) -> Result<Principal, Fault> {
    no_pattern(text, Fault::OtherWildcard)?;
    if is_domain(text) { Ok(Principal::Service(text.into())) } else { Err(Fault::Service) }
}

/// A value under `Federated`.
pub(super) fn federated(text: &str) -> Result<Principal, Fault> {
    no_pattern(text, Fault::OtherWildcard)?;
    let provider = Arn::parse(text).is_some_and(|arn| {
        let name =
            arn.resource.strip_prefix("saml-provider/").or(arn.resource.strip_prefix("oidc-provider/"));
        arn.service == "iam" && arn::is_account_id(arn.account) && name.is_some_and(|name| !name.is_empty())
    });
    if provider || is_domain(text) { Ok(Principal::Federated(text.into())) } else { Err(Fault::Federated) }
}

/// A value under `CanonicalUser`.
pub(super) fn canonical_user(text: &str) -> Result<Principal, Fault> {
    no_pattern(text, Fault::OtherWildcard)?;
    if text.is_empty() { Err(Fault::CanonicalUser) } else { Ok(Principal::CanonicalUser(text.into())) }
}

/// Principals are compared as they are: wildcards and variables mean nothing in them.
fn no_pattern(text: &str, wildcard: Fault) -> Result<(), Fault> {
    match text {
        _ if text.contains("${") => Err(Fault::Variable),
        _ if text.contains(['*', '?']) => Err(wildcard),
        _ => Ok(()),
    }
}

/// The role's name without its path, and the session's.
fn is_role_and_session(name: &str) -> bool {
    name.split_once('/').is_some_and(|(role, session)| !role.is_empty() && !session.contains('/'))
}

fn is_upper_alphanumeric(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

/// Labels joined by dots, two or more.
fn is_domain(text: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty()
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    text.contains('.') && text.split('.').all(is_label)
}

impl Fault {
    pub(super) fn diagnostic(self, text: &Spanned<Text>) -> Diagnostic {
        let name = text.value.escape_debug();
        let (code, message, help) = match self {
            Self::Variable => (
                code::VARIABLE_UNSUPPORTED_IN_ELEMENT,
                format!("a principal cannot have a policy variable: `{name}`"),
                "name the account, and test `aws:PrincipalArn` in a `Condition`, where variables work",
            ),
            Self::Wildcard => (
                code::UNSUPPORTED_WILDCARD_IN_PRINCIPAL,
                format!("a principal cannot have a wildcard: `{name}`"),
                "name each principal, or the account, and narrow it with an `ArnLike` condition on `aws:PrincipalArn`",
            ),
            Self::OtherWildcard => (
                code::UNSUPPORTED_WILDCARD_IN_PRINCIPAL,
                format!("a principal cannot have a wildcard: `{name}`"),
                "name each one in full",
            ),
            Self::Group => (
                code::INVALID_PRINCIPAL,
                format!("a group cannot be a principal: `{name}`"),
                "name its users, or a role that they may assume",
            ),
            Self::Account => (
                code::INVALID_PRINCIPAL,
                format!("the account of `{name}` is not twelve digits"),
                "a principal's ARN is like `arn:aws:iam::111122223333:role/name`",
            ),
            Self::Arn => (
                code::INVALID_PRINCIPAL,
                format!("`{name}` is not the ARN of a principal"),
                "principals are `arn:aws:iam::ACCOUNT:root`, `:user/…` and `:role/…`, and \
                 `arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION` and `:federated-user/…`",
            ),
            Self::Session => (
                code::INVALID_PRINCIPAL,
                format!("`{name}` is not the ARN of a principal"),
                "ARNs of sessions begin with `arn:aws:sts::`",
            ),
            Self::Provider => (
                code::INVALID_PRINCIPAL,
                format!("an identity provider is no AWS principal: `{name}`"),
                "put it under `Federated`, in a role trust policy",
            ),
            Self::MisplacedService => (
                code::INVALID_PRINCIPAL,
                format!("a service is no AWS principal: `{name}`"),
                "put it under `Service`",
            ),
            Self::Unknown => (
                code::INVALID_PRINCIPAL,
                format!("`{name}` is no principal"),
                "write an account id of twelve digits, or the ARN of a user or role; `\"*\"` alone is everyone",
            ),
            Self::Service => (
                code::INVALID_SERVICE_PRINCIPAL_FORMAT,
                format!("`{name}` is not a service principal"),
                "a service principal is a domain name such as `lambda.amazonaws.com`",
            ),
            Self::Federated => (
                code::INVALID_FEDERATED_PRINCIPAL,
                format!("`{name}` is not a federated principal"),
                "write a domain such as `accounts.google.com`, or the ARN of a SAML or OIDC provider",
            ),
            Self::CanonicalUser => (
                code::INVALID_PRINCIPAL,
                "a canonical user id cannot be empty".to_owned(),
                "it is a string of 64 hexadecimal digits, which S3 shows in the bucket's access control list",
            ),
        };
        Diagnostic::error(code, text.span, message).with_help(help)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(read: Result<Principal, Fault>, expected: Result<Principal, Fault>) {
        assert_eq!(read, expected);
    }

    #[test]
    fn aws_principals_are_accounts_users_roles_and_sessions() {
        let account = |partition: Option<&str>| Principal::Account {
            partition: partition.map(Into::into),
            account: "111122223333".into(),
        };
        check(aws("*"), Ok(Principal::Everyone));
        check(aws("111122223333"), Ok(account(None)));
        check(aws("arn:aws-cn:iam::111122223333:root"), Ok(account(Some("aws-cn"))));
        for (text, principal) in [
            ("arn:aws:iam::111122223333:user/a/b", Principal::User as fn(Box<str>) -> Principal),
            ("arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity EAF5XXAMPLE", Principal::User),
            ("arn:aws:iam::111122223333:role/service-role/r", Principal::Role),
            ("arn:aws:sts::111122223333:assumed-role/r/s@example.com", Principal::AssumedRoleSession),
            ("arn:aws:sts::111122223333:federated-user/Bob", Principal::FederatedUser),
            ("AIDACKCEVSQ6C2EXAMPLE", Principal::UniqueId),
            ("AROACKCEVSQ6C2EXAMPLE", Principal::UniqueId),
        ] {
            check(aws(text), Ok(principal(text.into())));
        }
    }

    #[test]
    fn what_cannot_act_is_no_aws_principal() {
        for (text, fault) in [
            ("arn:aws:iam::111122223333:user/*", Fault::Wildcard),
            ("1234*", Fault::Wildcard),
            ("arn:aws:iam::111122223333:user/${aws:username}", Fault::Variable),
            ("arn:aws:iam::111122223333:group/g", Fault::Group),
            ("arn:aws:iam::12345:root", Fault::Account),
            ("arn:aws:iam::111122223333:role/", Fault::Arn),
            ("arn:cloud:iam::111122223333:root", Fault::Arn),
            ("arn:aws:iam::111122223333:role", Fault::Arn),
            ("arn:aws:iam::111122223333:root/x", Fault::Arn),
            ("arn:aws:iam:us-east-1:111122223333:root", Fault::Arn),
            ("arn:aws:sts::111122223333:assumed-role/r", Fault::Arn),
            ("arn:aws:sts::111122223333:assumed-role/path/r/s", Fault::Arn),
            ("arn:aws:iam::111122223333:assumed-role/r/s", Fault::Session),
            ("arn:aws:iam::111122223333:saml-provider/p", Fault::Provider),
            ("arn:aws:s3:::bucket", Fault::Arn),
            ("lambda.amazonaws.com", Fault::MisplacedService),
            ("aidackcevsq6c2example", Fault::Unknown),
            ("AIDA", Fault::Unknown),
            ("", Fault::Unknown),
        ] {
            check(aws(text), Err(fault));
        }
    }

    #[test]
    fn other_kinds_have_their_own_form() {
        check(service("s3.amazonaws.com.cn"), Ok(Principal::Service("s3.amazonaws.com.cn".into())));
        check(service("lambda"), Err(Fault::Service));
        check(service("*"), Err(Fault::OtherWildcard));
        for text in ["accounts.google.com", "arn:aws:iam::111122223333:oidc-provider/token.example.com/id"] {
            check(federated(text), Ok(Principal::Federated(text.into())));
        }
        check(federated("google"), Err(Fault::Federated));
        check(federated("arn:aws:iam::111122223333:role/r"), Err(Fault::Federated));
        check(canonical_user(""), Err(Fault::CanonicalUser));
    }
}
