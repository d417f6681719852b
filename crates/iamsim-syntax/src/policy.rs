//! The policy document as a typed tree, every element with its span.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html>

use crate::{ConditionOperator, List, PolicyType, Span, Spanned};

/// Text of a policy or a request: short ones are stored in place, longer ones shared, so that it is cheap to copy.
pub type Text = smol_str::SmolStr;

/// A policy document without a structural error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// What the document was read as.
    pub policy_type: PolicyType,
    /// `Version`; [`Version::V2008`] when absent.
    pub version: Version,
    /// Where `Version` was written, if it was.
    pub version_span: Option<Span>,
    /// `Id`.
    pub id: Option<Spanned<Text>>,
    /// `Statement`, in the order written; a single object is a list of one.
    pub statements: Vec<Statement>,
    /// The whole document.
    pub span: Span,
}

/// The version of the policy language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Version {
    /// `2008-10-17`, also when the element is absent: `${…}` is plain text.
    V2008,
    /// `2012-10-17`: policy variables work.
    V2012,
}

/// One statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// `Sid`.
    pub sid: Option<Spanned<Text>>,
    /// `Effect`.
    pub effect: Spanned<Effect>,
    /// `Principal` or `NotPrincipal`; `None` in the policy types that have no principal.
    pub principal: Option<PrincipalElement>,
    /// `Action` or `NotAction`.
    pub action: ActionElement,
    /// `Resource` or `NotResource`; `None` where the type has none (trust) or leaves it out (ECR), which
    /// then means the resource the policy is attached to.
    pub resource: Option<ResourceElement>,
    /// `Condition`: all clauses must hold.
    pub conditions: Vec<Condition>,
    /// The whole statement object.
    pub span: Span,
}

/// `Effect`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Effect {
    /// `Allow`
    Allow,
    /// `Deny`
    Deny,
}

/// Whether an element lists what it covers or what it leaves out (`Action` or `NotAction`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sense {
    /// `Action`, `Resource`, `Principal`: covers what is listed.
    Listed,
    /// `NotAction`, `NotResource`, `NotPrincipal`: covers everything but what is listed.
    NotListed,
}

/// `Principal` or `NotPrincipal`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrincipalElement {
    /// Which of the two.
    pub sense: Sense,
    /// The principals, over all keys, in the order written.
    pub principals: Vec<Spanned<Principal>>,
    /// The element's value.
    pub span: Span,
}

/// One value of a `Principal` element.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html>
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Principal {
    /// `"*"` or `{"AWS": "*"}`: everyone.
    Everyone,
    /// `"111122223333"` or `arn:aws:iam::111122223333:root`: the account, which may delegate further.
    Account {
        /// The partition, when written as an ARN.
        partition: Option<Box<str>>,
        /// Twelve digits.
        account: Box<str>,
    },
    /// `arn:aws:iam::111122223333:user/path/name`.
    User(Box<str>),
    /// `arn:aws:iam::111122223333:role/path/name`: every session of the role.
    Role(Box<str>),
    /// `arn:aws:sts::111122223333:assumed-role/name/session`: one session.
    AssumedRoleSession(Box<str>),
    /// `arn:aws:sts::111122223333:federated-user/name`.
    FederatedUser(Box<str>),
    /// `AIDA…` or `AROA…`: what AWS shows once the user or role is deleted.
    UniqueId(Box<str>),
    /// `{"Service": "lambda.amazonaws.com"}`.
    Service(Box<str>),
    /// `{"Federated": …}`: a SAML or OIDC provider's ARN, or a built-in provider's domain.
    Federated(Box<str>),
    /// `{"CanonicalUser": …}`: an account by its canonical user id.
    CanonicalUser(Box<str>),
}

/// `Action` or `NotAction`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActionElement {
    /// Which of the two.
    pub sense: Sense,
    /// The patterns as written: `*`, or `service:Name` with wildcards.
    pub patterns: List<Spanned<Text>>,
    /// The element's value.
    pub span: Span,
}

/// `Resource` or `NotResource`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourceElement {
    /// Which of the two.
    pub sense: Sense,
    /// The patterns as written: `*`, or an ARN with wildcards and policy variables.
    pub patterns: List<Spanned<Text>>,
    /// The element's value.
    pub span: Span,
}

/// One operator and key of a `Condition` block, with the values it is compared to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// The operator with its qualifier and suffix.
    pub operator: Spanned<ConditionOperator>,
    /// The condition key as written, `aws:SourceIp`; compared without case.
    pub key: Spanned<Text>,
    /// The values' text, numbers and booleans as written; any one may match.
    pub values: List<Spanned<Text>>,
    /// From the key to the last value.
    pub span: Span,
}
