//! The code of every error this crate reports: Access Analyzer's issue code in kebab-case where it has one.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html>

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)*) => {
        $($(#[$doc])* pub const $name: &str = $text;)*

        /// Every code, in alphabetical order.
        pub const ALL: &[&str] = &[$($text),*];
    };
}

codes! {
    /// An ARN of a global service names a Region.
    ARN_REGION_NOT_ALLOWED = "arn-region-not-allowed";
    /// A JSON value has another type than its element takes.
    DATA_TYPE_MISMATCH = "data-type-mismatch";
    /// A key is written twice in one object. No Access Analyzer code.
    DUPLICATE_KEY = "duplicate-key";
    /// A condition key is written twice under one operator, in different case.
    DUPLICATE_KEYS_WITH_DIFFERENT_CASE = "duplicate-keys-with-different-case";
    /// `Action` or `NotAction` lists nothing.
    EMPTY_ARRAY_ACTION = "empty-array-action";
    /// `Resource` or `NotResource` lists nothing.
    EMPTY_ARRAY_RESOURCE = "empty-array-resource";
    /// `Statement` lists nothing. No Access Analyzer code.
    EMPTY_ARRAY_STATEMENT = "empty-array-statement";
    /// A `Federated` principal outside a role trust policy.
    FEDERATED_PRINCIPAL_NOT_SUPPORTED = "federated-principal-not-supported";
    /// An action is not `service:Name`. No Access Analyzer code.
    INVALID_ACTION_FORMAT = "invalid-action-format";
    /// A resource is no ARN at all.
    INVALID_ARN_PREFIX = "invalid-arn-prefix";
    /// The resource part of an ARN fits no resource of its service.
    INVALID_ARN_RESOURCE = "invalid-arn-resource";
    /// The service of an ARN is missing or has a wildcard. No Access Analyzer code.
    INVALID_ARN_SERVICE = "invalid-arn-service";
    /// A condition key is not `service:name`.
    INVALID_CONDITION_KEY_FORMAT = "invalid-condition-key-format";
    /// There is no such condition operator.
    INVALID_CONDITION_OPERATOR = "invalid-condition-operator";
    /// `Effect` is neither `Allow` nor `Deny`.
    INVALID_EFFECT = "invalid-effect";
    /// A federated principal is neither a domain nor a provider's ARN.
    INVALID_FEDERATED_PRINCIPAL = "invalid-federated-principal-syntax-in-role-trust-policy";
    /// There is no such partition.
    INVALID_PARTITION = "invalid-partition";
    /// There is no such element.
    INVALID_POLICY_ELEMENT = "invalid-policy-element";
    /// A principal names nobody AWS could know. No Access Analyzer code.
    INVALID_PRINCIPAL = "invalid-principal";
    /// `Principal` is neither `"*"` nor an object.
    INVALID_PRINCIPAL_FORMAT = "invalid-principal-format";
    /// There is no such kind of principal.
    INVALID_PRINCIPAL_KEY = "invalid-principal-key";
    /// A service principal is no domain name.
    INVALID_SERVICE_PRINCIPAL_FORMAT = "invalid-service-principal-format";
    /// `Version` is neither of the two versions.
    INVALID_VERSION = "invalid-version";
    /// The text is not JSON.
    JSON_SYNTAX_ERROR = "json-syntax-error";
    /// A managed policy needs `Version` `2012-10-17`. No Access Analyzer code.
    MANAGED_POLICY_VERSION = "managed-policy-version";
    /// A statement has neither `Action` nor `NotAction`.
    MISSING_ACTION = "missing-action";
    /// An ARN has too few fields.
    MISSING_ARN_FIELD = "missing-arn-field";
    /// A statement has no `Effect`.
    MISSING_EFFECT = "missing-effect";
    /// A statement has neither `Principal` nor `NotPrincipal`.
    MISSING_PRINCIPAL = "missing-principal";
    /// A statement has neither `Resource` nor `NotResource`.
    MISSING_RESOURCE = "missing-resource";
    /// The policy has no `Statement`.
    MISSING_STATEMENT = "missing-statement";
    /// `IfExists` is appended to `Null`.
    NULL_WITH_IF_EXISTS = "null-with-if-exists";
    /// A resource control policy names an action beyond one service.
    RCP_SYNTAX_ERROR_ACTION = "rcp-syntax-error-action";
    /// A resource control policy allows something.
    RCP_SYNTAX_ERROR_ALLOW = "rcp-syntax-error-allow";
    /// A resource control policy has `NotAction`.
    RCP_SYNTAX_ERROR_NOTACTION = "rcp-syntax-error-notaction";
    /// A resource control policy's principal is not everyone.
    RCP_SYNTAX_ERROR_PRINCIPAL = "rcp-syntax-error-principal";
    /// A role trust policy has an action other than assuming the role. No Access Analyzer code.
    ROLE_TRUST_POLICY_SYNTAX_ERROR_ACTION = "role-trust-policy-syntax-error-action";
    /// A role trust policy has `NotPrincipal`.
    ROLE_TRUST_POLICY_SYNTAX_ERROR_NOTPRINCIPAL = "role-trust-policy-syntax-error-notprincipal";
    /// A role trust policy has `Resource`.
    ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE = "role-trust-policy-syntax-error-resource";
    /// A role trust policy has `"Principal": "*"`.
    ROLE_TRUST_POLICY_UNSUPPORTED_WILDCARD = "role-trust-policy-unsupported-wildcard-in-principal";
    /// A service control policy has `Principal`.
    SCP_SYNTAX_ERROR_PRINCIPAL = "scp-syntax-error-principal";
    /// There are more errors than anyone would read. No Access Analyzer code.
    TOO_MANY_ERRORS = "too-many-errors";
    /// An `Arn…` operator compares with something that is no ARN. No Access Analyzer code.
    TYPE_MISMATCH_ARN = "type-mismatch-arn";
    /// A `Date…` operator compares with something that is no date.
    TYPE_MISMATCH_DATE = "type-mismatch-date";
    /// An IP address operator compares with something that is no address range.
    TYPE_MISMATCH_IP_RANGE = "type-mismatch-ip-range";
    /// A `Numeric…` operator compares with something that is no number.
    TYPE_MISMATCH_NUMBER = "type-mismatch-number";
    /// `BinaryEquals` compares with something that is no base64.
    TYPE_MISMATCH_STRING = "type-mismatch-string";
    /// Two statements have one `Sid`.
    UNIQUE_SIDS_REQUIRED = "unique-sids-required";
    /// An element stands beside its negation.
    UNSUPPORTED_ELEMENT_COMBINATION = "unsupported-element-combination";
    /// The policy type has no principals.
    UNSUPPORTED_PRINCIPAL = "unsupported-principal";
    /// A `Sid` has characters other than letters and digits.
    UNSUPPORTED_SID = "unsupported-sid";
    /// A wildcard inside the name of a principal.
    UNSUPPORTED_WILDCARD_IN_PRINCIPAL = "unsupported-wildcard-in-principal";
    /// A policy variable where none is expanded.
    VARIABLE_UNSUPPORTED_IN_ELEMENT = "variable-unsupported-in-element";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_in_order_and_differ() {
        assert!(ALL.is_sorted_by(|a, b| a < b));
    }
}
