//! Amazon SQS and Amazon SNS.
//!
//! Sources: <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-api-permissions-reference.html>,
//! <https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-language-api-permissions-reference.html>

use iamsim_world::Call;

use crate::aws::Invocation;
use crate::scope::Scope;

/// A queue is named by its URL.
pub(super) fn complete_sqs(call: &mut Call, invocation: &Invocation, scope: &Scope<'_>) {
    let by_url = invocation.text("queue-url").and_then(|url| queue_arn(url, scope));
    let by_owner = || {
        let (owner, name) = (invocation.text("queue-owner-aws-account-id")?, invocation.text("queue-name")?);
        Some(format!("arn:{}:sqs:{}:{owner}:{name}", scope.partition(), scope.region()))
    };
    let Some(arn) = by_url.or_else(by_owner) else { return };
    for check in &mut call.checks {
        check.resource.clone_from(&arn);
    }
}

/// `https://sqs.us-east-1.amazonaws.com/111122223333/queue`, or `https://us-east-1.queue.amazonaws.com/…` of old.
fn queue_arn(url: &str, scope: &Scope<'_>) -> Option<String> {
    let (_, rest) = url.split_once("://")?;
    let (host, path) = rest.split_once('/')?;
    let (account, name) = path.trim_end_matches('/').rsplit_once('/').unwrap_or((scope.account(), path));
    let account = account.rsplit('/').next().unwrap_or(account);
    let mut labels = host.split('.');
    let region = match (labels.next()?, labels.next()?) {
        ("sqs" | "sqs-fips", region) if region != "amazonaws" => region,
        (region, "queue") => region,
        _ => scope.region(),
    };
    Some(format!("arn:{}:sqs:{region}:{account}:{name}", scope.partition()))
}

/// A message to a telephone is about no topic; a subscription says what is subscribed.
pub(super) fn complete_sns(call: &mut Call, invocation: &Invocation) {
    let keys = [("protocol", "sns:Protocol"), ("notification-endpoint", "sns:Endpoint")];
    for check in &mut call.checks {
        if invocation.has("phone-number") {
            "*".clone_into(&mut check.resource);
        }
        for (flag, key) in keys {
            if let Some(value) = invocation.text(flag) {
                check.context.insert(key, value);
            }
        }
    }
}
