//! Every format of every command, and that reports are as their schemas say.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;
use std::process::Command;
use std::{env, fs};

use insta::assert_snapshot;
use insta_cmd::{assert_cmd_snapshot, get_cargo_bin};
use serde_json::Value;

/// `iamsim` in the folder of the test files.
fn iamsim(words: &str) -> Command {
    let mut command = Command::new(get_cargo_bin("iamsim"));
    command.current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/files"));
    command.env_remove("COLUMNS").args(words.split_whitespace());
    command
}

fn stdout(words: &str) -> String {
    String::from_utf8(iamsim(words).output().unwrap().stdout).unwrap()
}

const SCENARIOS: &str =
    "pass.scenario.yaml fail.scenario.yaml broken.scenario.yaml command.scenario.yaml careless.scenario.yaml";

const CHECK: &str = "check --as arn:aws:iam::111122223333:user/alice --identity-policy policies/read.json \
     --action s3:GetObject --resource arn:aws:s3:::amzn-s3-demo-logging-bucket/report.csv";

/// The same, made fit to be read: a page without its style, each element on a line.
fn readable(format: &str, words: &str) -> String {
    let text = stdout(words);
    if format != "html" {
        return text;
    }
    let (before, rest) = text.split_once("<style>").unwrap();
    let (_, after) = rest.split_once("</style>").unwrap();
    format!("{before}{after}").replace("><", ">\n<")
}

#[test]
fn replay_in_every_format() {
    for format in ["junit", "tap", "github", "sarif", "markdown", "html"] {
        let words = format!("replay --format {format} {SCENARIOS}");
        assert_snapshot!(format!("replay_{format}"), readable(format, &words));
    }
    assert_snapshot!("replay_mermaid", stdout("replay --format mermaid fail.scenario.yaml"));
}

#[test]
fn explained_steps_in_every_format_that_shows_them() {
    for format in ["human", "markdown", "html", "json"] {
        let words = format!("replay --explain --format {format} fail.scenario.yaml");
        assert_snapshot!(format!("replay_explained_{format}"), readable(format, &words));
    }
}

#[test]
fn with_verbose_every_step_is_explained() {
    assert_cmd_snapshot!(iamsim("replay --explain --verbose pass.scenario.yaml"));
}

#[test]
fn evaluate_in_every_format() {
    for format in ["junit", "tap", "github", "sarif", "markdown", "html"] {
        let words = format!("evaluate --format {format} cases.eval.jsonl careless.eval.jsonl");
        assert_snapshot!(format!("evaluate_{format}"), readable(format, &words));
    }
}

#[test]
fn validate_in_every_format() {
    for format in ["junit", "tap", "markdown", "html"] {
        let words = format!("validate --quiet --format {format} validate policies");
        assert_snapshot!(format!("validate_{format}"), readable(format, &words));
    }
}

#[test]
fn check_in_every_format() {
    for format in ["markdown", "html", "mermaid"] {
        assert_snapshot!(format!("check_{format}"), readable(format, &format!("{CHECK} --format {format}")));
    }
}

#[test]
fn a_report_of_a_check_has_what_would_allow_it_and_what_it_depends_on() {
    let ask = "check --as arn:aws:iam::111111111111:user/alice --action s3:GetObject \
               --resource arn:aws:s3:::amzn-s3-demo-bucket/report.csv";
    let denied = format!(
        "{ask} --identity-policy ../policies/deny-outside-office.json --context aws:SourceIp=192.0.2.1"
    );
    let unknown =
        format!("{ask} --identity-policy ../policies/read-with-unknowns.json --mfa --unknown aws:SourceIp");
    for format in ["markdown", "html"] {
        assert_snapshot!(
            format!("check_denied_{format}"),
            readable(format, &format!("{denied} --format {format}"))
        );
        assert_snapshot!(
            format!("check_unknown_{format}"),
            readable(format, &format!("{unknown} --format {format}"))
        );
    }
}

#[test]
fn several_formats_at_once_one_of_them_to_standard_output() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let (junit, human) = (folder.join("several.xml"), folder.join("several.txt"));
    let formats = format!("--format=junit={},tap,human={}", junit.display(), human.display());
    let output = iamsim("replay --color always fail.scenario.yaml").arg(formats).output().unwrap();
    assert!(output.stdout.starts_with(b"TAP version 14"));
    assert!(fs::read_to_string(junit).unwrap().starts_with("<?xml"));
    let human = fs::read_to_string(human).unwrap();
    assert!(human.contains("deleting is denied") && !human.contains('\u{1b}'), "{human}");
}

#[test]
fn what_cannot_be_written_is_said() {
    let check = |name: &str, words: &str| assert_cmd_snapshot!(format!("refused_{name}"), iamsim(words));
    check("two_to_stdout", "replay --format human,json pass.scenario.yaml");
    check("two_to_one_file", "replay --format tap=x,json=x pass.scenario.yaml");
    check("unknown", "replay --format xml pass.scenario.yaml");
    check("no_file", "replay --format junit= pass.scenario.yaml");
    check("not_of_this_command", "check --format sarif --as anonymous --action s3:GetObject");
    check("not_of_the_catalog", "catalog services --format html");
    check("no_such_folder", "replay --format tap=nowhere/report.tap pass.scenario.yaml");
    check("diagram_of_several", "replay --format mermaid pass.scenario.yaml fail.scenario.yaml");
    check("diagram_of_nothing", "replay --format mermaid broken.scenario.yaml");
}

#[test]
fn reports_are_as_their_schemas_say() {
    let check = |schema: &str, report: &str| {
        let schema: Value = serde_json::from_str(&stdout(&format!("schema {schema}"))).unwrap();
        let validator = jsonschema::validator_for(&schema).unwrap();
        let texts = stdout(report);
        for text in serde_json::Deserializer::from_str(&texts).into_iter::<Value>() {
            let text = text.unwrap();
            let faults: Vec<_> = validator
                .iter_errors(&text)
                .map(|fault| format!("{}: {fault}", fault.instance_path()))
                .collect();
            assert!(faults.is_empty(), "{report}: {}", faults.join("\n"));
        }
        assert!(!validator.is_valid(&serde_json::json!({"version": "one"})));
    };
    check("replay-report", &format!("replay --format json {SCENARIOS}"));
    check("replay-report", "replay --explain --verbose --format json ../../../../fixtures/guides");
    check("evaluate-answer", "evaluate --warnings cases.eval.jsonl careless.eval.jsonl");
    check("evaluate-answer", "evaluate ../../../../fixtures/conformance/evaluation");
    check("check-report", &format!("{CHECK} --format json"));
    let unknown = CHECK.replace("policies/", "../policies/").replace("read.json", "read-with-unknowns.json");
    check("check-report", &format!("{unknown} --unknown * --format json"));
    check("validate-report", "validate --quiet --format json validate policies ../../../../fixtures/guides");
}

#[test]
fn pages_need_nothing_from_elsewhere() {
    let page = stdout(&format!("replay --explain --format html {SCENARIOS}"));
    for fetched in ["<script", "<link", "<img", "@import", "url(", "src="] {
        assert!(!page.contains(fetched), "{fetched}");
    }
}

#[test]
fn what_is_written_in_scenarios_cannot_break_a_report() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let path = folder.join("hostile.scenario.yaml");
    let name = "</script><b>\\u0026 ]]> ``` | \\\" # SKIP\\n--> <!--\\u0007";
    let step =
        "as: anonymous\n    action: s3:GetObject\n    resource: 'arn:aws:s3:::amzn-s3-demo-bucket/<i>;#'";
    fs::write(
        &path,
        format!("name: \"{name}\"\nsteps:\n  - name: \"{name}\"\n    {step}\n    expect: allowed\n"),
    )
    .unwrap();
    let replay = |format: &str| {
        let output = iamsim(&format!("replay --format {format}")).arg(&path).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(!replay("html").contains("<b>\\u0026") && !replay("html").contains("</script>"));
    assert!(!replay("junit").contains("<b>") && !replay("junit").contains('\u{7}'));
    assert!(!replay("markdown").contains("\n--> <!--"));
    assert!(!replay("mermaid").contains('<') || !replay("mermaid").contains("<i>"));
    assert_eq!(replay("tap").lines().filter(|line| line.contains("ok 1 - ")).count(), 2);
    assert!(!replay("tap").contains(" # SKIP"));
    assert_eq!(replay("github").lines().count(), 1);
    assert!(serde_json::from_str::<Value>(&replay("sarif")).is_ok());
}
