//! No text makes reading a command panic, and errors stand inside the text.

use iamsim_commands::{Environment, lower};
use iamsim_engine::AccountId;
use proptest::prelude::*;

fn check(command: &str) -> Result<(), TestCaseError> {
    let environment = Environment {
        account: AccountId::parse("111122223333"),
        caller_arn: "arn:aws:iam::111122223333:user/alice",
        partition: "aws",
        region: "us-east-1",
    };
    if let Err(error) = lower(command, &environment) {
        prop_assert!(command.get(error.range.clone()).is_some(), "{:?} in {command:?}", error.range);
    }
    Ok(())
}

/// Pieces of commands, glued in any order.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "aws",
        "s3",
        "cp",
        "ls",
        "sync",
        "s3api",
        "get-object",
        "sts",
        "assume-role",
        "kms",
        "encrypt",
        "lambda",
        "invoke",
        "sqs",
        "send-message",
        "--queue-url",
        "https://",
        "s3://",
        "s3://b/k",
        "arn:aws:s3:::b",
        "accesspoint",
        "alias/",
        "--key-id",
        "--tags",
        "Key=a,Value=b",
        "k=[{a=",
        "{",
        "[",
        "}",
        "]",
        "--role-arn",
        "--bucket",
        "--key",
        "-",
        "--",
        "--x=",
        "=",
        ",",
        "'",
        "\"",
        "\\",
        "\n",
        "\\\n",
        "$",
        "${",
        "$(",
        "`",
        ")",
        "(",
        "<",
        ">",
        "<<",
        "<<EOF",
        "EOF",
        "|",
        "&",
        ";",
        "#",
        " ",
        " ",
        " ",
        "docker",
        "pull",
        ".dkr.ecr.",
        "amazonaws.com/",
        ":",
        "é",
        "\u{0}",
        "X=",
        "$X",
    ]);
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn no_text_panics(command in "\\PC*") {
        check(&command)?;
    }

    #[test]
    fn no_mixture_of_pieces_panics(command in pieces()) {
        check(&command)?;
    }
}
