//! AWS CloudTrail.
//!
//! Source: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateTrail.html>

use iamsim_world::{Call, Effect};

use crate::aws::Invocation;
use crate::scope::{Scope, is_arn};

/// Adds what creating a trail does.
pub(super) fn complete(call: &mut Call, invocation: &Invocation, scope: &Scope<'_>) {
    let (Some(name), Some(bucket)) = (invocation.text("name"), invocation.text("s3-bucket-name")) else {
        return;
    };
    if !matches!(invocation.operation.api, "CreateTrail" | "UpdateTrail") {
        return;
    }
    let trail =
        if is_arn(name) { name.to_owned() } else { scope.regional("cloudtrail", &format!("trail/{name}")) };
    let prefix = invocation.text("s3-key-prefix").map(str::to_owned);
    call.effect = Effect::CreateTrail { trail, bucket: bucket.to_owned(), prefix };
}
