//! Amazon Bedrock's models.
//!
//! Source: <https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-prereq.html>

use iamsim_world::Call;

use crate::aws::Invocation;
use crate::checks::check;
use crate::scope::{Scope, is_arn};

/// What ids of inference profiles that span Regions begin with.
const GEOGRAPHIES: [&str; 7] = ["apac.", "au.", "ca.", "eu.", "global.", "jp.", "us."];

/// Settles which model is invoked: AWS's tables list every kind of model for it, of which a request names one. An
/// inference profile is checked together with the model behind it.
pub(super) fn complete(call: &mut Call, invocation: &Invocation, scope: &Scope<'_>) {
    let (Some(model), Some(first)) = (invocation.text("model-id"), call.checks.first()) else { return };
    let action = first.action.clone();
    let foundation =
        |id: &str| format!("arn:{}:bedrock:{}::foundation-model/{id}", scope.partition(), scope.region());
    let behind = GEOGRAPHIES.iter().find_map(|geography| model.strip_prefix(geography));
    let resources = match behind {
        _ if is_arn(model) => vec![model.to_owned()],
        Some(id) => vec![scope.regional("bedrock", &format!("inference-profile/{model}")), foundation(id)],
        None => vec![foundation(model)],
    };
    call.checks = resources.into_iter().map(|arn| check(&action, arn)).collect();
}
