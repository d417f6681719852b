//! `iamsim catalog`: what it finds, and what it suggests when there is nothing.
//!
//! Asks about things that AWS hardly changes, as the data is brought up to date often.

use std::process::Command;

use insta_cmd::{assert_cmd_snapshot, get_cargo_bin};

/// `iamsim catalog` with these words.
fn catalog(words: &str) -> Command {
    let mut iamsim = Command::new(get_cargo_bin("iamsim"));
    iamsim.env_remove("COLUMNS").arg("catalog").args(words.split_whitespace());
    iamsim
}

macro_rules! check {
    ($name:literal, $words:expr) => {
        assert_cmd_snapshot!($name, catalog($words))
    };
}

#[test]
fn what_is_there_is_shown_in_columns() {
    check!("services", "services aws?security?token*");
    check!("actions", "actions sts:AssumeRole*");
    check!("action", "action sts:AssumeRole");
    check!("action_without_resource", "action ecr:GetAuthorizationToken");
    check!("keys", "keys aws:SourceVpc*");
    check!("policies", "policies awsdeny*");
    check!("policy", "policy AWSDenyAll");
    check!("expand", "expand sts:AssumeRole*");
    check!("arn", "arn arn:aws:sqs:us-east-1:111122223333:q");
    check!("json", "expand sts:AssumeRole* --format json");
}

#[test]
fn what_is_not_there_has_a_suggestion() {
    check!("unknown_service", "services lamdba");
    check!("unknown_action", "action s3:GetObjct");
    check!("action_of_one_service", "action runinstances");
    check!("action_of_several_services", "action GetObject");
    check!("unknown_pattern", "actions s4:Get*");
    check!("unknown_expansion", "expand s3:Gte*");
    check!("unknown_key", "keys aws:SuorceIp");
    check!("unknown_policy", "policy AmazonS3ReadonlyAccess");
    check!("unknown_arn", "arn arn:aws:s4:::amzn-s3-demo-bucket");
    check!("no_arn", "arn amzn-s3-demo-bucket");
}

#[test]
fn the_sources_are_named_with_versions_dates_and_checksums() {
    let output = catalog("about").output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let about = iamsim_catalog::about();
    for source in about.sources {
        for part in [source.package, source.version, source.dated, source.sha256] {
            assert!(text.contains(part), "{part}");
        }
    }
    assert!(about.files.iter().all(|file| text.contains(file.sha256)));
    assert!(text.contains(&about.counts.actions.to_string()));
}
