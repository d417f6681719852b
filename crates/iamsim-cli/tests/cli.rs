//! The `iamsim` command as people run it: what it prints where, and how it ends.

use std::process::Command;

use insta_cmd::{assert_cmd_snapshot, get_cargo_bin};

/// `iamsim` in the folder of the test files.
fn iamsim(arguments: &[&str]) -> Command {
    let mut command = Command::new(get_cargo_bin("iamsim"));
    command.current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/files")).args(arguments);
    command
}

#[test]
fn steps_as_expected() {
    assert_cmd_snapshot!(iamsim(&["replay", "pass.scenario.yaml"]));
}

#[test]
fn failed_steps_say_what_decided() {
    assert_cmd_snapshot!(iamsim(&["replay", "fail.scenario.yaml"]));
}

#[test]
fn quiet_prints_failures_only() {
    assert_cmd_snapshot!(iamsim(&["replay", "--quiet", "pass.scenario.yaml", "fail.scenario.yaml"]));
}

#[test]
fn verbose_prints_reasons_of_every_step() {
    assert_cmd_snapshot!(iamsim(&["replay", "--verbose", "pass.scenario.yaml"]));
}

#[test]
fn slips_are_shown_in_their_files() {
    assert_cmd_snapshot!(iamsim(&["replay", "broken.scenario.yaml", "pass.scenario.yaml"]));
}

#[test]
fn an_unknown_command_leaves_the_other_steps() {
    assert_cmd_snapshot!(iamsim(&["replay", "command.scenario.yaml"]));
}

#[test]
fn replay_for_programs() {
    assert_cmd_snapshot!(iamsim(&[
        "replay",
        "--format",
        "json",
        "pass.scenario.yaml",
        "command.scenario.yaml"
    ]));
}

#[test]
fn replay_for_github() {
    assert_cmd_snapshot!(iamsim(&[
        "replay",
        "--format=github",
        "fail.scenario.yaml",
        "broken.scenario.yaml"
    ]));
}

#[test]
fn a_file_that_is_not_there() {
    assert_cmd_snapshot!(iamsim(&["replay", "nowhere.scenario.yaml"]));
}

#[test]
fn a_glob_that_matches_nothing() {
    assert_cmd_snapshot!(iamsim(&["replay", "nowhere/*.yaml"]));
}

#[test]
fn cases_answer_line_by_line() {
    assert_cmd_snapshot!(iamsim(&["evaluate", "cases.eval.jsonl"]));
}

#[test]
fn cases_for_people() {
    assert_cmd_snapshot!(iamsim(&["evaluate", "--format", "human", "cases.eval.jsonl"]));
}

#[test]
fn cases_from_standard_input() {
    let cases = include_str!("files/cases.eval.jsonl").lines().next().unwrap();
    assert_cmd_snapshot!(iamsim(&["evaluate"]).pass_stdin(cases));
}

#[test]
fn policies_are_validated() {
    assert_cmd_snapshot!(iamsim(&["validate", "policies"]));
}

#[test]
fn the_type_of_a_policy_can_be_said() {
    assert_cmd_snapshot!(iamsim(&["validate", "--type", "role-trust", "policies/read.json"]));
}

#[test]
fn colours_when_asked_for() {
    assert_cmd_snapshot!(iamsim(&["replay", "--color", "always", "pass.scenario.yaml"]));
}
