//! The schemas of the file formats: they take every fixture, refuse slips, and know the keys the decoder knows.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use iamsim_scenario::evaluate::{Answers, CaseAnswer, CaseResult, Evaluator, Part, RequestWarnings};
use iamsim_scenario::{Finding, Library, Scenario, Source, read_tree, schema};
use iamsim_syntax::json::{self, Node};
use serde_json::{Map, Value};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

fn value(node: &Node) -> Value {
    match &node.value {
        json::Value::Null => Value::Null,
        json::Value::Bool(value) => Value::Bool(*value),
        json::Value::Number(text) => text.parse().map(Value::Number).unwrap(),
        json::Value::String(text) => Value::String(text.to_string()),
        json::Value::Array(items) => items.iter().map(value).collect(),
        json::Value::Object(members) => {
            let members = members.iter().map(|member| (member.key.value.to_string(), value(&member.value)));
            Value::Object(members.collect::<Map<_, _>>())
        }
    }
}

fn read(path: &str, text: &str) -> Value {
    let (node, faults) = read_tree(&Source::new(path, text));
    assert!(faults.is_empty(), "{path}: {faults:?}");
    value(&node.unwrap())
}

/// Every file below the folders that people read which ends so.
fn files(ending: &str) -> Vec<PathBuf> {
    let mut folders = ["fixtures", "docs/examples"].map(|folder| Path::new(ROOT).join(folder)).to_vec();
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => folders.push(path),
                false if path.to_string_lossy().ends_with(ending) => found.push(path),
                false => {}
            }
        }
    }
    assert!(!found.is_empty(), "there are no {ending}");
    found
}

#[track_caller]
fn check_takes(validator: &jsonschema::Validator, path: &Path, value: &Value) {
    let faults: Vec<_> =
        validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(faults.is_empty(), "{}: {}", path.display(), faults.join("\n"));
}

fn check_files(ending: &str, schema: &Value) {
    let validator = jsonschema::validator_for(schema).unwrap();
    for path in files(ending) {
        let text = std::fs::read_to_string(&path).unwrap();
        check_takes(&validator, &path, &read(&path.to_string_lossy(), &text));
    }
}

#[test]
fn every_world_is_taken() {
    check_files(".world.yaml", &schema::world());
}

#[test]
fn every_scenario_is_taken() {
    check_files(".scenario.yaml", &schema::scenario());
}

/// Errors that are about the shape of a policy, which is what a schema can see.
const SHAPES: [&str; 5] = [
    "invalid-policy-element",
    "invalid-effect",
    "missing-effect",
    "missing-statement",
    "invalid-principal-key",
];

#[test]
fn every_case_that_can_be_read_is_taken() {
    let validator = jsonschema::validator_for(&schema::evaluation_case()).unwrap();
    let mut shapeless = 0;
    let mut check = |path: &Path, case: &Value| match case.pointer("/expect/error").and_then(Value::as_str) {
        None => check_takes(&validator, path, case),
        Some(error) if SHAPES.contains(&error) => {
            shapeless += 1;
            assert!(!validator.is_valid(case), "{}: {case}", path.display());
        }
        Some(_) => {}
    };
    for path in files(".eval.yaml") {
        let cases = read(&path.to_string_lossy(), &std::fs::read_to_string(&path).unwrap());
        cases.as_array().unwrap().iter().for_each(|case| check(&path, case));
    }
    for path in files(".eval.jsonl") {
        for line in std::fs::read_to_string(&path).unwrap().lines() {
            // Some lines are there for not being JSON.
            if let Ok(case) = serde_json::from_str(line) {
                check(&path, &case);
            }
        }
    }
    assert!(shapeless > 10, "{shapeless}");
}

#[test]
fn slips_are_refused() {
    let scenario = jsonschema::validator_for(&schema::scenario()).unwrap();
    let check = |text: &str| assert!(!scenario.is_valid(&read("x.yaml", text)), "{text}");
    let world = |world: &str| format!("world: {world}\nsteps: [{{wait: 1h}}]");
    assert!(scenario.is_valid(&read("x.yaml", &world("{}"))));
    check("name: without steps");
    check("steps: [{run: aws s3 ls}]");
    check("steps: [{as: anonymous}]");
    check("steps: [{as: anonymous, run: aws s3 ls, action: s3:GetObject}]");
    check("steps: [{wait: soon}]");
    check("steps: [{as: anonymous, run: aws s3 ls, expect: alowed}]");
    check("steps: [{as: anonymous, run: aws s3 ls, expect: {}}]");
    check("steps: [{as: anonymous, run: aws s3 ls, expect: {by: nobody}}]");
    check("steps: [{as: {sevice: lambda.amazonaws.com}, run: aws s3 ls}]");
    check("steps: [{as: anonymous, run: aws s3 ls, mfa: perhaps}]");
    check(&world("{acounts: {}}"));
    check(&world("{accounts: {'1234': {}}}"));
    check(&world("{accounts: {'111122223333': {users: {alice: {polices: []}}}}}"));
    check(&world("{accounts: {'111122223333': {users: {alice: {path: here}}}}}"));
    check(&world(
        "{accounts: {'111122223333': {users: {alice: {policies: [{Statement: {Efect: Allow}}]}}}}}",
    ));
}

/// A key that no object has and that is like no other.
const STRANGE: &str = "zzzzzzzzzzzzzzzzzzzz";

/// Objects of worlds and scenarios, each with a strange key.
const IN_SCENARIOS: [(&str, &str); 17] = [
    ("Scenario", "ZZ: 1\nsteps: []"),
    ("World", "world: {ZZ: 1}"),
    ("Organization", "world: {organizations: [{ZZ: 1}]}"),
    ("Unit", "world: {organizations: [{root: {ZZ: 1}}]}"),
    ("MemberAccount", "world: {organizations: [{root: {accounts: [{ZZ: 1}]}}]}"),
    ("Account", "world: {accounts: {'111122223333': {ZZ: 1}}}"),
    ("Group", "world: {accounts: {'111122223333': {groups: {a: {ZZ: 1}}}}}"),
    ("User", "world: {accounts: {'111122223333': {users: {a: {ZZ: 1}}}}}"),
    ("Role", "world: {accounts: {'111122223333': {roles: {a: {ZZ: 1}}}}}"),
    ("Resource", "world: {accounts: {'111122223333': {resources: {'arn:aws:s3:::b': {ZZ: 1}}}}}"),
    ("KmsGrant", "world: {accounts: {'111122223333': {resources: {'arn:aws:s3:::b': {grants: [{ZZ: 1}]}}}}}"),
    ("BlockPublicAccess", "world: {accounts: {'111122223333': {blockPublicAccess: {ZZ: 1}}}}"),
    ("VpcEndpoint", "world: {accounts: {'111122223333': {vpcEndpoints: {v: {ZZ: 1}}}}}"),
    ("NamedPolicy", "world: {accounts: {'111122223333': {groups: {a: {policies: [{name: a, ZZ: 1}]}}}}}"),
    ("Step", "steps: [{ZZ: 1}]"),
    ("PrincipalByKind", "steps: [{as: {ZZ: 1}, run: aws s3 ls}]"),
    ("Expectation", "steps: [{as: anonymous, run: aws s3 ls, expect: {ZZ: 1}}]"),
];

/// Objects of evaluation cases, each with a strange key.
const IN_CASES: [(&str, &str); 12] = [
    ("Case", "{ZZ: 1}"),
    ("Request", "{request: {ZZ: 1}}"),
    ("PrincipalByKind", "{request: {principal: {ZZ: 1}}}"),
    ("Policies", "{policies: {ZZ: 1}}"),
    ("NamedPolicy", "{policies: {identity: {name: a, ZZ: 1}}}"),
    ("Level", "{policies: {serviceControl: [{ZZ: 1}]}}"),
    ("Settings", "{settings: {ZZ: 1}}"),
    ("S3Settings", "{settings: {s3: {ZZ: 1}}}"),
    ("KmsSettings", "{settings: {kms: {ZZ: 1}}}"),
    ("KmsGrant", "{settings: {kms: {grants: [{ZZ: 1}]}}}"),
    ("VpcEndpointSettings", "{settings: {vpcEndpoint: {ZZ: 1}}}"),
    ("OrganizationSettings", "{settings: {organization: {ZZ: 1}}}"),
];

/// What the decoder says are the keys of the object that has a strange one.
fn known_keys(name: &str, findings: &[Finding]) -> BTreeSet<String> {
    let unknown = findings.iter().find(|finding| {
        finding.diagnostic.code == "unknown-key" && finding.diagnostic.message.contains(STRANGE)
    });
    let help = unknown.unwrap_or_else(|| panic!("{name}: {findings:?}")).diagnostic.help.clone().unwrap();
    let keys = help.strip_prefix("its keys are ").unwrap_or_else(|| panic!("{name}: {help}"));
    keys.split(", ").map(str::to_owned).collect()
}

/// The keys of each object that a schema describes, but for those inside of policies.
fn described_keys(schema: &Value) -> BTreeMap<String, BTreeSet<String>> {
    let definitions = schema["definitions"].as_object().unwrap().iter();
    let root = schema["title"].as_str().unwrap().to_owned();
    let all = definitions.map(|(name, definition)| (name.clone(), definition)).chain([(root, schema)]);
    let keys = |definition: &Value| {
        let properties = definition.get("properties")?.as_object()?;
        Some(properties.keys().cloned().collect::<BTreeSet<_>>())
    };
    all.filter(|(name, _)| !["Document", "Statement"].contains(&&**name))
        .filter_map(|(name, definition)| Some((name, keys(definition)?)))
        .collect()
}

fn check_keys(schema: &Value, known: &BTreeMap<String, BTreeSet<String>>) {
    let described = described_keys(schema);
    assert_eq!(described.keys().collect::<Vec<_>>(), known.keys().collect::<Vec<_>>());
    for (name, keys) in described {
        assert_eq!(&keys, &known[&name], "{name}: in the schema, and in the decoder");
    }
}

fn known(
    table: &[(&str, &str)],
    findings: impl Fn(&str) -> Vec<Finding>,
) -> BTreeMap<String, BTreeSet<String>> {
    let texts = table.iter().map(|(name, text)| (name, text.replace("ZZ", STRANGE)));
    texts.map(|(name, text)| ((*name).to_owned(), known_keys(name, &findings(&text)))).collect()
}

#[test]
fn the_schema_of_scenarios_has_the_keys_of_the_decoder() {
    let findings = |text: &str| {
        let source = Source::new("x.scenario.yaml", text);
        Scenario::read(&Library::new(), source).map(|_| ()).unwrap_err()
    };
    let mut known = known(&IN_SCENARIOS, findings);
    // A step in which time passes is asked for nothing else.
    known.get_mut("Step").unwrap().extend(["wait".to_owned()]);
    check_keys(&schema::scenario(), &known);
    for of_scenario in ["Scenario", "Step", "PrincipalByKind", "Expectation"] {
        known.remove(of_scenario);
    }
    check_keys(&schema::world(), &known);
}

#[test]
fn the_schema_of_cases_has_the_keys_of_the_decoder() {
    let findings = |text: &str| {
        let mut found = Vec::new();
        let (node, _) = read_tree(&Source::new("x.yaml", text));
        let line = value(&node.unwrap()).to_string();
        let library = Library::new();
        let evaluator = Evaluator::new(&library, RequestWarnings::Off);
        let answers = |answers: Answers<'_>| answers.collect::<Vec<_>>();
        let mut take = |part: Part<Vec<CaseAnswer>>| {
            for answer in part.made {
                if let CaseResult::Unreadable { findings, .. } = answer.result {
                    found.extend(findings);
                }
            }
            Ok(())
        };
        evaluator.input("x.jsonl", std::io::Cursor::new(line), &answers, &mut take).unwrap();
        found
    };
    let mut known = known(&IN_CASES, findings);
    let mut described = schema::evaluation_case();
    // What is expected is described once, with scenarios.
    let expectation = described["definitions"].as_object_mut().unwrap().remove("Expectation");
    assert_eq!(expectation.as_ref(), schema::scenario()["definitions"].get("Expectation"));
    known.retain(|name, _| name != "Expectation");
    check_keys(&described, &known);
}
