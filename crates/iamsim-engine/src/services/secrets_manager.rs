//! AWS Secrets Manager.

/// The actions a secret's policy can grant to other accounts.
///
/// Source: <https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_examples_cross.html>
pub(super) fn works_across_accounts(operation: &str) -> bool {
    matches!(
        operation,
        "cancelrotatesecret"
            | "deleteresourcepolicy"
            | "deletesecret"
            | "describesecret"
            | "getresourcepolicy"
            | "getsecretvalue"
            | "listsecretversionids"
            | "putresourcepolicy"
            | "putsecretvalue"
            | "removeregionsfromreplication"
            | "replicatesecrettoregions"
            | "restoresecret"
            | "rotatesecret"
            | "stopreplicationtoreplica"
            | "tagresource"
            | "untagresource"
            | "updatesecret"
            | "updatesecretversionstage"
            | "validateresourcepolicy"
    )
}
