//! The `iamsim` command as people run it: what it prints where, and how it ends.

use std::fs;
use std::path::Path;
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
fn a_statement_of_a_resource_may_be_an_action_away() {
    assert_cmd_snapshot!(iamsim(&["replay", "near-action.scenario.yaml"]));
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
fn a_file_of_cases_that_is_not_there() {
    assert_cmd_snapshot!(iamsim(&["evaluate", "nowhere.eval.jsonl"]));
}

#[test]
fn a_session_policy_that_is_not_there() {
    assert_cmd_snapshot!(iamsim(&["replay", "session-policy.scenario.yaml"]));
}

#[test]
fn a_glob_that_matches_nothing() {
    assert_cmd_snapshot!(iamsim(&["replay", "nowhere/*.yaml"]));
}

#[test]
fn what_is_not_there_leaves_the_rest() {
    assert_cmd_snapshot!(iamsim(&["replay", "nowhere/*.yaml", "validate", "pass.scenario.yaml"]));
}

#[test]
fn policies_that_are_not_there_leave_the_rest() {
    assert_cmd_snapshot!(iamsim(&["validate", "--quiet", "nowhere/*.json", "nowhere.json", "policies"]));
}

#[test]
fn cases_that_are_not_there_leave_the_rest() {
    assert_cmd_snapshot!(iamsim(&["evaluate", "nowhere/*.jsonl", "validate", "cases.eval.jsonl"]));
}

#[test]
fn a_scenario_from_standard_input() {
    let scenario = include_str!("files/pass.scenario.yaml");
    assert_cmd_snapshot!(iamsim(&["replay", "-", "nowhere.scenario.yaml"]).pass_stdin(scenario));
    assert_cmd_snapshot!(iamsim(&["replay", "-"]).pass_stdin("steps: ["));
}

#[test]
fn many_guesses_are_counted() {
    let output = iamsim(&["validate", "../../../../fixtures/policies/valid"]).output().unwrap();
    let notes = String::from_utf8(output.stderr).unwrap();
    assert_eq!(notes.lines().count(), 1, "{notes}");
    assert!(notes.contains("`--verbose` says which"), "{notes}");
    let output = iamsim(&["validate", "--verbose", "../../../../fixtures/policies/valid"]).output().unwrap();
    assert!(String::from_utf8(output.stderr).unwrap().lines().count() > 5);
}

#[test]
fn formats_are_completed() {
    let output = iamsim(&["completions", "bash"]).output().unwrap();
    assert!(String::from_utf8(output.stdout).unwrap().contains("\"human json junit"));
}

#[test]
fn no_cases_are_worth_a_note() {
    assert_cmd_snapshot!(iamsim(&["evaluate"]).pass_stdin("\n"));
    assert_cmd_snapshot!(iamsim(&["evaluate", "--format", "human"]).pass_stdin("# nothing yet\n"));
}

#[test]
fn findings_are_as_wide_as_the_terminal() {
    assert_cmd_snapshot!(iamsim(&["validate", TYPO]).env("COLUMNS", "60"));
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
fn cases_in_a_world() {
    assert_cmd_snapshot!(iamsim(&["evaluate", "--world", "reader.world.yaml", "world.eval.jsonl"]));
}

#[test]
fn cases_in_a_world_for_people() {
    let arguments = ["evaluate", "--warnings", "--format=human", "--world", "reader.world.yaml"];
    assert_cmd_snapshot!(iamsim(&arguments).arg("world.eval.jsonl"));
}

#[test]
fn cases_in_a_world_that_cannot_be_read() {
    assert_cmd_snapshot!(iamsim(&["evaluate", "--world", "nowhere.world.yaml", "world.eval.jsonl"]));
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

const TYPO: &str = "validate/typo.json";

#[test]
fn policies_are_validated_for_programs() {
    assert_cmd_snapshot!(iamsim(&["validate", "--format", "json", TYPO, "validate/trust.json"]));
}

#[test]
fn policies_are_validated_for_code_scanning() {
    assert_cmd_snapshot!(iamsim(&["validate", "--quiet", "--format", "sarif", TYPO]));
}

#[test]
fn sarif_has_the_shape_its_readers_expect() {
    let output = iamsim(&["validate", "--format", "sarif", "validate", "policies"]).output().unwrap();
    let log: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let results = run["results"].as_array().unwrap();
    assert!(!results.is_empty());
    for rule in rules {
        assert!(rule["helpUri"].as_str().unwrap().starts_with("https://docs.aws.amazon.com/"), "{rule}");
        assert!(!rule["help"]["text"].as_str().unwrap().is_empty(), "{rule}");
        assert!(!rule["shortDescription"]["text"].as_str().unwrap().is_empty(), "{rule}");
    }
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
        assert!(["error", "warning", "note"].contains(&result["level"].as_str().unwrap()), "{result}");
        assert!(!result["message"]["text"].as_str().unwrap().is_empty(), "{result}");
        let place = &result["locations"][0]["physicalLocation"];
        assert!(!place["artifactLocation"]["uri"].as_str().unwrap().contains(' '), "{place}");
        let region = &place["region"];
        let at =
            |line: &str, column: &str| (region[line].as_u64().unwrap(), region[column].as_u64().unwrap());
        let (start, end) = (at("startLine", "startColumn"), at("endLine", "endColumn"));
        assert!(start.0 > 0 && start.1 > 0 && start < end, "{region}");
    }
}

#[test]
fn policies_are_validated_for_github() {
    assert_cmd_snapshot!(iamsim(&["validate", "--quiet", "--format", "github", TYPO, "validate/trust.json"]));
}

#[test]
fn policies_in_a_world_are_validated() {
    assert_cmd_snapshot!(iamsim(&["validate", "validate/team.world.yaml"]));
}

#[test]
fn what_an_alias_stands_for_is_judged_like_what_is_written_out() {
    assert_cmd_snapshot!(iamsim(&["validate", "validate/aliases.world.yaml"]));
}

#[test]
fn the_folder_tells_the_type_and_quiet_says_nothing_of_it() {
    assert_cmd_snapshot!(iamsim(&["validate", "validate/scp"]));
    assert_cmd_snapshot!(iamsim(&["validate", "--quiet", "validate/scp"]));
}

#[test]
fn a_policy_from_standard_input() {
    let policy = r#"{"Statement": {"Effect": "Allow", "Action": "s3:GetObject"}}"#;
    assert_cmd_snapshot!(iamsim(&["validate", "-"]).pass_stdin(policy));
}

#[test]
fn what_is_not_json_is_an_error_and_what_is_not_there_no_answer() {
    assert_cmd_snapshot!(iamsim(&["validate", "--quiet", "-"]).pass_stdin("{\"Version\": 2012-10-17}"));
    assert_cmd_snapshot!(iamsim(&["validate", "--quiet", "--format", "json", "validate/missing.json"]));
}

#[test]
fn careless_steps_are_warned_of() {
    assert_cmd_snapshot!(iamsim(&["replay", "careless.scenario.yaml"]));
}

#[test]
fn careless_steps_are_warned_of_for_programs() {
    assert_cmd_snapshot!(iamsim(&["replay", "--format=json", "careless.scenario.yaml"]));
}

#[test]
fn careless_steps_are_warned_of_for_github() {
    assert_cmd_snapshot!(iamsim(&["replay", "--format=github", "careless.scenario.yaml"]));
}

#[test]
fn a_careless_scenario_is_refused_when_strict() {
    assert_cmd_snapshot!(iamsim(&["replay", "--strict", "careless.scenario.yaml", "pass.scenario.yaml"]));
}

#[test]
fn careless_cases_are_answered_without_a_word() {
    assert_cmd_snapshot!(iamsim(&["evaluate", "careless.eval.jsonl"]));
}

#[test]
fn careless_cases_are_warned_of_when_asked() {
    assert_cmd_snapshot!(iamsim(&["evaluate", "--warnings", "careless.eval.jsonl"]));
}

#[test]
fn careless_cases_are_warned_of_for_people() {
    assert_cmd_snapshot!(iamsim(&["evaluate", "--warnings", "--format=human", "careless.eval.jsonl"]));
}

#[test]
fn careless_cases_are_refused_when_strict() {
    assert_cmd_snapshot!(iamsim(&["evaluate", "--strict", "careless.eval.jsonl"]));
}

#[test]
fn a_code_has_a_page_as_wide_as_the_terminal() {
    assert_cmd_snapshot!(iamsim(&["explain-code", "UNIQUE_SIDS_REQUIRED"]).env("COLUMNS", "60"));
    assert_cmd_snapshot!(iamsim(&["explain-code", "invalid-actoin"]));
    assert_cmd_snapshot!(iamsim(&["explain-code", "unknown-principal"]));
    assert_cmd_snapshot!(iamsim(&["explain-code", "invalid-action", "--format", "json"]));
}

#[test]
fn every_command_has_a_manual_page() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("man/man1");
    let _ = fs::remove_dir_all(&folder);
    let status = iamsim(&["man", folder.to_str().unwrap()]).status().unwrap();
    assert!(status.success());
    let check = |name: &str, words: &str| {
        let page = fs::read_to_string(folder.join(name)).unwrap();
        assert!(page.starts_with(".ie") && page.contains(words), "{page}");
    };
    check("iamsim.1", "check");
    check("iamsim-check.1", "identity\\-policy");
    check("iamsim-catalog-action.1", "action");
}

#[test]
fn manual_pages_need_a_folder() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    assert_eq!(iamsim(&["man", file]).status().unwrap().code(), Some(2));
}

#[test]
fn completions_are_for_a_shell() {
    let script = iamsim(&["completions", "bash"]).output().unwrap();
    assert!(script.status.success() && script.stdout.starts_with(b"_iamsim() {"));
    assert_eq!(iamsim(&["completions", "tcsh"]).output().unwrap().status.code(), Some(2));
}
