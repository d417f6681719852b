//! Any command line is read or refused, and what it calls is named as AWS names it.

#![no_main]

use iamsim_commands::{Environment, lower};
use iamsim_engine::AccountId;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|command: &str| {
    let environment = Environment {
        account: AccountId::parse("111122223333"),
        caller_arn: "arn:aws:iam::111122223333:user/alice",
        partition: "aws",
        region: "us-east-1",
    };
    let Ok(lowered) = lower(command, &environment) else { return };
    for check in lowered.calls.iter().flat_map(|call| &call.checks) {
        let (service, operation) = check.action.split_once(':').unwrap_or_default();
        assert!(!service.is_empty() && !operation.is_empty(), "{check:?}");
        assert!(check.resource == "*" || check.resource.starts_with("arn:"), "{check:?}");
    }
});
