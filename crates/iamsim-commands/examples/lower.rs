//! Prints the checks that a command takes: `cargo run --example lower -- 'aws s3 ls s3://amzn-s3-demo-bucket'`.

use iamsim_commands::{CommandError, Environment, lower};
use iamsim_engine::AccountId;

fn main() -> Result<(), CommandError> {
    let environment = Environment {
        account: AccountId::parse("111122223333"),
        caller_arn: "arn:aws:iam::111122223333:user/alice",
        partition: "aws",
        region: "us-east-1",
    };
    let command = std::env::args().nth(1).unwrap_or_else(|| "aws s3 ls".to_owned());
    for call in lower(&command, &environment)?.calls {
        println!("{}", call.operation);
        for check in call.checks {
            println!("  {} on {}", check.action, check.resource);
        }
    }
    Ok(())
}
