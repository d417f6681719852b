//! Amazon SQS.

/// Administrative actions cannot be granted to other accounts.
///
/// Source: <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-limitations-of-custom-policies.html>
pub(super) fn works_across_accounts(operation: &str) -> bool {
    !matches!(
        operation,
        "addpermission"
            | "cancelmessagemovetask"
            | "createqueue"
            | "deletequeue"
            | "listmessagemovetasks"
            | "listqueues"
            | "listqueuetags"
            | "removepermission"
            | "setqueueattributes"
            | "startmessagemovetask"
            | "tagqueue"
            | "untagqueue"
    )
}

/// The root user may undo a queue policy that denies everybody. AWS does not list the actions; these are what
/// reading and replacing the policy takes.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user-privileged-task.html>
pub(super) fn root_may_repair(operation: &str) -> bool {
    matches!(operation, "getqueueattributes" | "setqueueattributes")
}
