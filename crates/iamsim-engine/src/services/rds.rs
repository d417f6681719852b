//! Amazon RDS: snapshots are shared by an attribute, not by a policy.

use crate::decision::ServiceRule;
use crate::request::Request;
use crate::settings::Settings;

/// A shared snapshot that is encrypted cannot be restored directly: the account it is shared with copies it first.
///
/// Source: <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/share-encrypted-snapshot.html>
pub(super) fn refusal(request: &Request, settings: &Settings) -> Option<ServiceRule> {
    if !(settings.encrypted && settings.shared_with_caller) {
        return None;
    }
    let restores = matches!(
        request.action().folded(),
        "rds:restoredbinstancefromdbsnapshot" | "rds:restoredbclusterfromsnapshot"
    );
    let foreign = request.resource_account() != request.principal().account();
    (restores && foreign).then_some(ServiceRule::SharedEncryptedSnapshot)
}
