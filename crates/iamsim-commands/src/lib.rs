//! Shell commands to the AWS API calls they make, and the authorization checks of each call.
//!
//! Nothing is run and no file is read: what a command does is known from its words. Commands of other programs
//! make no calls.
//!
//! ```
//! use iamsim_commands::{Environment, lower};
//! use iamsim_engine::AccountId;
//!
//! let environment = Environment {
//!     account: AccountId::parse("111122223333"),
//!     caller_arn: "arn:aws:iam::111122223333:user/alice",
//!     partition: "aws",
//!     region: "us-east-1",
//! };
//! let lowered = lower("aws s3 cp s3://amzn-s3-demo-bucket/a.txt . | cat", &environment)?;
//! let get = &lowered.calls[1].checks[0];
//! assert_eq!((&*get.action, &*get.resource), ("s3:GetObject", "arn:aws:s3:::amzn-s3-demo-bucket/a.txt"));
//! # Ok::<(), iamsim_commands::CommandError>(())
//! ```

use iamsim_engine::AccountId;
use iamsim_world::Call;

mod aws;
mod checks;
mod cli;
mod docker;
mod error;
mod generic;
mod program;
mod request_keys;
mod scope;
mod services;
mod shell;
mod shorthand;
mod tags;

pub use error::CommandError;

/// Who runs a command, and where; it fills what the command leaves open.
#[derive(Debug, Clone, Copy)]
pub struct Environment<'a> {
    /// The caller's account; `None` for a caller without one. An ARN that needs it then has `*` in its place.
    pub account: Option<AccountId>,
    /// The caller's ARN; IAM operations without a user name are about this user.
    pub caller_arn: &'a str,
    /// `aws`, `aws-cn`, `aws-us-gov`
    pub partition: &'a str,
    /// The Region that is configured.
    pub region: &'a str,
}

/// What a command does.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Lowered {
    /// The API calls, in the order they are made.
    pub calls: Vec<Call>,
    /// The profile the command asks for: `--profile`, or `AWS_PROFILE`.
    pub profile: Option<String>,
    /// The Region the command asks for: `--region`, `AWS_REGION` or `AWS_DEFAULT_REGION`. The checks of calls to
    /// services that have Regions then hold it as `aws:RequestedRegion`.
    pub region: Option<String>,
}

/// Reads a shell command line, or a script, and tells the API calls it makes.
///
/// # Errors
///
/// When a quote or substitution is left open, when the AWS CLI would refuse the command before calling AWS, and
/// when its commands ask for different profiles.
pub fn lower(command: &str, environment: &Environment<'_>) -> Result<Lowered, CommandError> {
    let mut lowered = Lowered::default();
    for simple in shell::read(command)? {
        program::lower(&simple, environment, &mut lowered)?;
    }
    Ok(lowered)
}
