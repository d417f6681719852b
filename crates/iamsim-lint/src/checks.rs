//! Every check with its code and severity, in one list.

use iamsim_syntax::{Diagnostic, Severity, Span};

/// What is looked for: a unique code and how much a finding of it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Check {
    /// The code in kebab-case, Access Analyzer's where it has one.
    pub code: &'static str,
    /// How much it matters; never [`Severity::Error`].
    pub severity: Severity,
}

impl Check {
    /// A finding of this check.
    pub(crate) fn at(self, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(self.severity, self.code, span, message)
    }
}

macro_rules! checks {
    ($($severity:ident { $($name:ident = $code:literal,)* })*) => {
        $($(pub(crate) const $name: Check = Check { code: $code, severity: Severity::$severity };)*)*

        /// Every check, by severity and then by code.
        pub const ALL: &[Check] = &[$($($name,)*)*];
    };
}

checks! {
    SecurityWarning {
        ALLOW_WITH_NOT_PRINCIPAL = "allow-with-not-principal",
        DENY_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE =
            "deny-notaction-with-unsupported-tag-condition-key-for-service",
        DENY_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE =
            "deny-with-unsupported-tag-condition-key-for-service",
        DYNAMODB_ATTRIBUTES_WITHOUT_SELECT = "dynamodb-attributes-without-select",
        FORALLVALUES_WITH_SINGLE_VALUED_KEY = "forallvalues-with-single-valued-key",
        FORANYVALUE_WITH_AUDIENCE_CLAIM_TYPE = "foranyvalue-with-audience-claim-type",
        MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL = "missing-condition-key-for-oidc-principal",
        MISSING_GITHUB_REPO_CONDITION_KEY = "missing-github-repo-condition-key",
        MISSING_PAIRED_CONDITION_KEYS = "missing-paired-condition-keys",
        PASS_ROLE_WITH_NOT_ACTION_AND_NOT_RESOURCE = "pass-role-with-not-action-and-not-resource",
        PASS_ROLE_WITH_NOT_RESOURCE = "pass-role-with-not-resource",
        PASS_ROLE_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE = "pass-role-with-star-in-action-and-not-resource",
        PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE = "pass-role-with-star-in-action-and-resource",
        PASS_ROLE_WITH_STAR_IN_RESOURCE = "pass-role-with-star-in-resource",
        PASS_ROLE_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION = "pass-role-with-star-in-resource-and-not-action",
        RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL = "restrict-access-to-service-principal",
        S3_PREFIX_IN_NEGATIVE_CONTEXT = "s3-prefix-in-negative-context",
        STRING_LIKE_OPERATOR_WITH_ARN_CONDITION_KEYS = "string-like-operator-with-arn-condition-keys",
        UNTRUSTWORTHY_CONDITION_KEY = "untrustworthy-condition-key",
    }
    Warning {
        ACTION_RESOURCE_MISMATCH = "action-resource-mismatch",
        ARN_ACCOUNT_NOT_ALLOWED = "arn-account-not-allowed",
        ARN_REGION_NOT_ALLOWED = "arn-region-not-allowed",
        CREATE_SLR_WITH_NOT_ACTION_AND_NOT_RESOURCE = "create-slr-with-not-action-and-not-resource",
        CREATE_SLR_WITH_NOT_RESOURCE = "create-slr-with-not-resource",
        CREATE_SLR_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE = "create-slr-with-star-in-action-and-not-resource",
        CREATE_SLR_WITH_STAR_IN_ACTION_AND_RESOURCE = "create-slr-with-star-in-action-and-resource",
        CREATE_SLR_WITH_STAR_IN_RESOURCE = "create-slr-with-star-in-resource",
        CREATE_SLR_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION = "create-slr-with-star-in-resource-and-not-action",
        EMPTY_VARIABLE = "empty-variable",
        INVALID_ACTION = "invalid-action",
        INVALID_ARN_ACCOUNT = "invalid-arn-account",
        INVALID_ARN_PREFIX = "invalid-arn-prefix",
        INVALID_ARN_REGION = "invalid-arn-region",
        INVALID_ARN_RESOURCE = "invalid-arn-resource",
        INVALID_ARN_SERVICE_CASE = "invalid-arn-service-case",
        INVALID_CONDITION_DATA_TYPE = "invalid-condition-data-type",
        INVALID_CONDITION_MULTIPLE_BOOLEAN = "invalid-condition-multiple-boolean",
        INVALID_CONDITION_OPERATOR = "invalid-condition-operator",
        INVALID_DATE_VALUE = "invalid-date-value",
        INVALID_GLOBAL_CONDITION_KEY = "invalid-global-condition-key",
        INVALID_KMS_KEY_VALUE = "invalid-kms-key-value",
        INVALID_REGION = "invalid-region",
        INVALID_ROLE_REFERENCE = "invalid-role-reference",
        INVALID_SERVICE = "invalid-service",
        INVALID_SERVICE_CONDITION_KEY = "invalid-service-condition-key",
        INVALID_SERVICE_IN_ACTION = "invalid-service-in-action",
        INVALID_SERVICE_PRINCIPAL_FORMAT = "invalid-service-principal-format",
        INVALID_USER_REFERENCE = "invalid-user-reference",
        INVALID_VARIABLE_FOR_OPERATOR = "invalid-variable-for-operator",
        INVALID_VPC_FORMAT = "invalid-vpc-format",
        INVALID_VPCE_FORMAT = "invalid-vpce-format",
        MISMATCHED_ACTION_FOR_PRINCIPAL = "mismatched-action-for-principal",
        MISSING_ACTION_FOR_CONDITION_KEY = "missing-action-for-condition-key",
        MISSING_ACTION_FOR_ROLES_ANYWHERE_TRUST_POLICY = "missing-action-for-roles-anywhere-trust-policy",
        MISSING_ARN_ACCOUNT = "missing-arn-account",
        MISSING_ARN_FIELD = "missing-arn-field",
        MISSING_ARN_REGION = "missing-arn-region",
        MISSING_BRACE_IN_VARIABLE = "missing-brace-in-variable",
        MISSING_QUALIFIER = "missing-qualifier",
        MISSING_QUOTE_IN_VARIABLE = "missing-quote-in-variable",
        MISSING_TAG_KEY_IN_CONDITION = "missing-tag-key-in-condition",
        MISSING_VERSION = "missing-version",
        OLD_VERSION = "old-version",
        POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA = "policy-size-exceeds-identity-policy-quota",
        POLICY_SIZE_EXCEEDS_RCP_QUOTA = "policy-size-exceeds-rcp-quota",
        POLICY_SIZE_EXCEEDS_RESOURCE_POLICY_QUOTA = "policy-size-exceeds-resource-policy-quota",
        POLICY_SIZE_EXCEEDS_ROLE_TRUST_POLICY_QUOTA = "policy-size-exceeds-role-trust-policy-quota",
        POLICY_SIZE_EXCEEDS_SCP_QUOTA = "policy-size-exceeds-scp-quota",
        POLICY_SIZE_EXCEEDS_SESSION_POLICY_QUOTA = "policy-size-exceeds-session-policy-quota",
        POLICY_SIZE_EXCEEDS_VPC_ENDPOINT_POLICY_QUOTA = "policy-size-exceeds-vpc-endpoint-policy-quota",
        PRIVATE_IP_ADDRESS = "private-ip-address",
        PRIVATE_NOT_IP_ADDRESS = "private-not-ip-address",
        RCP_MISSING_RELATED_PRINCIPAL_CONDITION_KEY = "rcp-missing-related-principal-condition-key",
        RCP_MISSING_RELATED_SERVICE_PRINCIPAL_CONDITION_KEY =
            "rcp-missing-related-service-principal-condition-key",
        RCP_MISSING_SERVICE_CONDITION_KEY_NULL_CHECK = "rcp-missing-service-condition-key-null-check",
        RCP_SYNTAX_ERROR_ACTION = "rcp-syntax-error-action",
        SPECIFIC_GITHUB_REPO_AND_BRANCH_RECOMMENDED = "specific-github-repo-and-branch-recommended",
        TYPE_MISMATCH = "type-mismatch",
        TYPE_MISMATCH_ARN = "type-mismatch-arn",
        TYPE_MISMATCH_BOOLEAN = "type-mismatch-boolean",
        TYPE_MISMATCH_DATE = "type-mismatch-date",
        TYPE_MISMATCH_IP_RANGE = "type-mismatch-ip-range",
        TYPE_MISMATCH_NUMBER = "type-mismatch-number",
        TYPE_MISMATCH_STRING = "type-mismatch-string",
        UNIQUE_SIDS_RECOMMENDED = "unique-sids-recommended",
        UNSUPPORTED_ACTION_FOR_CONDITION_KEY = "unsupported-action-for-condition-key",
        UNSUPPORTED_GLOBAL_CONDITION_KEY = "unsupported-global-condition-key",
        UNSUPPORTED_ID = "unsupported-id",
        UNSUPPORTED_SPACE_IN_VARIABLE = "unsupported-space-in-variable",
        VARIABLE_BEFORE_ARN_RESOURCE = "variable-before-arn-resource",
        VARIABLE_UNSUPPORTED_IN_ELEMENT = "variable-unsupported-in-element",
        VARIABLE_UNSUPPORTED_IN_VERSION = "variable-unsupported-in-version",
        VARIABLE_USAGE_TOO_PERMISSIVE = "variable-usage-too-permissive",
        WILDCARD_IN_PARTITION = "wildcard-in-partition",
        WILDCARD_USAGE_TOO_PERMISSIVE = "wildcard-usage-too-permissive",
        WILDCARD_WITHOUT_LIKE_OPERATOR = "wildcard-without-like-operator",
    }
    Suggestion {
        ALLOW_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE =
            "allow-notaction-with-unsupported-tag-condition-key-for-service",
        ALLOW_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE =
            "allow-with-unsupported-tag-condition-key-for-service",
        CONFIRM_AUDIENCE_CLAIM_TYPE = "confirm-audience-claim-type",
        EMPTY_ARRAY_CONDITION = "empty-array-condition",
        EMPTY_ARRAY_CONDITION_FORALLVALUES = "empty-array-condition-forallvalues",
        EMPTY_ARRAY_CONDITION_FORANYVALUE = "empty-array-condition-foranyvalue",
        EMPTY_ARRAY_CONDITION_IFEXISTS = "empty-array-condition-ifexists",
        EMPTY_ARRAY_PRINCIPAL = "empty-array-principal",
        EMPTY_OBJECT_CONDITION = "empty-object-condition",
        EMPTY_OBJECT_PRINCIPAL = "empty-object-principal",
        EMPTY_SID_VALUE = "empty-sid-value",
        EQUIVALENT_TO_NULL_FALSE = "equivalent-to-null-false",
        EQUIVALENT_TO_NULL_TRUE = "equivalent-to-null-true",
        IMPROVE_IP_RANGE = "improve-ip-range",
        IRRELEVANT_CONDITION_KEY_IN_POLICY = "irrelevant-condition-key-in-policy",
        NULL_WITH_QUALIFIER = "null-with-qualifier",
        POLICY_SIZE_NEAR_QUOTA = "policy-size-near-quota",
        PRIVATE_IP_ADDRESS_SUBSET = "private-ip-address-subset",
        PRIVATE_NOT_IP_ADDRESS_SUBSET = "private-not-ip-address-subset",
        RECOMMENDED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL = "recommended-condition-key-for-service-principal",
        REDUNDANT_ACTION = "redundant-action",
        REDUNDANT_CONDITION_VALUE_NUM = "redundant-condition-value-num",
        REDUNDANT_KEY_DUE_TO_WILDCARD_IN_CONDITION = "redundant-key-due-to-wildcard-in-condition",
        REDUNDANT_PRINCIPAL_IN_ROLE_TRUST_POLICY = "redundant-principal-in-role-trust-policy",
        REDUNDANT_RESOURCE = "redundant-resource",
        REDUNDANT_STATEMENT = "redundant-statement",
        REDUNDANT_STATEMENT_DUE_TO_WILDCARD_IN_CONDITION = "redundant-statement-due-to-wildcard-in-condition",
        UNSUPPORTED_SID = "unsupported-sid",
        WILDCARD_IN_SERVICE_NAME = "wildcard-in-service-name",
    }
}
