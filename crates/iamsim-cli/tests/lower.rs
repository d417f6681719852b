//! `iamsim lower`: the calls and checks of commands.

use std::process::Command;

use insta_cmd::{assert_cmd_snapshot, get_cargo_bin};

/// `iamsim lower COMMAND` and more words.
fn lower(command: &str, words: &[&str]) -> Command {
    let mut iamsim = Command::new(get_cargo_bin("iamsim"));
    iamsim.env_remove("COLUMNS").args(["lower", command]).args(words);
    iamsim
}

macro_rules! check {
    ($name:literal, $command:expr $(, $word:expr)*) => {
        assert_cmd_snapshot!($name, lower($command, &[$($word),*]))
    };
}

#[test]
fn every_call_has_its_checks() {
    check!("sync", "aws s3 sync ./site s3://amzn-s3-demo-bucket --delete");
    check!(
        "pipe",
        "aws s3 cp s3://amzn-s3-demo-bucket/a.txt - | aws sqs send-message --message-body x --queue-url https://sqs.us-east-1.amazonaws.com/111122223333/q"
    );
    check!("account_left_open", "aws dynamodb get-item --table-name Music --key '{}'");
    check!(
        "account_of_caller",
        "aws dynamodb get-item --table-name Music --key '{}'",
        "--as",
        "arn:aws:iam::111122223333:user/alice",
        "--region",
        "eu-west-1"
    );
    check!(
        "assume_role",
        "aws sts assume-role --role-arn arn:aws:iam::222222222222:role/R --role-session-name s --tags Key=team,Value=a"
    );
    check!("json", "aws sts get-caller-identity", "--format", "json");
}

#[test]
fn a_command_that_cannot_be_read_is_marked() {
    check!("misspelt", "aws s3 snyc ./site s3://amzn-s3-demo-bucket");
    check!("few_operations", "aws s3 copy a s3://amzn-s3-demo-bucket");
    check!("open_quote", "aws s3 ls 's3://amzn-s3-demo-bucket");
    check!("no_call", "ls -l");
    check!("no_caller", "aws s3 ls", "--as", "alice");
}
