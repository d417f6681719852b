//! Amazon RDS: snapshots are shared by an attribute, not by a policy.

use crate::decision::ServiceRule;
use crate::request::Request;
use crate::settings::Settings;

/// A shared snapshot that is encrypted cannot be restored directly: the account it is shared with copies it first.
///
/// Source: <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/share-encrypted-snapshot.html>
#[inline]
pub(super) fn refusal(request: &Request, settings: &Settings) -> Option<ServiceRule> {
    let encrypted_and_shared = settings.encrypted && settings.shared_with_caller;
    (encrypted_and_shared && restores_snapshot_of_another_account(request))
        .then_some(ServiceRule::SharedEncryptedSnapshot)
}

fn restores_snapshot_of_another_account(request: &Request) -> bool {
    let restores = matches!(
        request.action().folded(),
        "rds:restoredbinstancefromdbsnapshot" | "rds:restoredbclusterfromsnapshot"
    );
    restores && request.resource_account() != request.principal().account()
}
