//! Requests about a world are answered as `check` answers them, and cases alike however they are read.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::path::{Path, PathBuf};

use iamsim_scenario::ask::{Against, Question, What, ask};
use iamsim_scenario::evaluate::{Answers, CaseAnswer, CaseResult, Evaluator, RequestWarnings};
use iamsim_scenario::{Library, Source, find, load_world, read_tree};
use iamsim_syntax::json::{Node, Value};
use serde_json::json;

fn evaluate(evaluator: &Evaluator<'_>, name: &str, text: impl Into<Vec<u8>>) -> Vec<CaseAnswer> {
    let mut all = Vec::new();
    let collect = |answers: Answers<'_>| answers.collect::<Vec<_>>();
    let input = std::io::Cursor::new(text.into());
    let take = &mut |part: iamsim_scenario::evaluate::Part<Vec<CaseAnswer>>| {
        all.extend(part.made);
        Ok(())
    };
    evaluator.input(name, input, &collect, take).unwrap();
    all
}

fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    find(&format!("{}/../../{folder}", env!("CARGO_MANIFEST_DIR")), &[ending]).unwrap()
}

/// Asks the same through `check` and through `evaluate --world`.
#[track_caller]
fn check(library: &Library, evaluator: &Evaluator<'_>, world: &Path, by: &str, action: &str, resource: &str) {
    let question = Question {
        by: by.to_owned(),
        what: What::Action {
            action: action.to_owned(),
            resources: vec![resource.to_owned()],
            resource_account: None,
        },
        against: Against::World(vec![world.to_owned()]),
        ..Question::default()
    };
    let case = json!({"request": {"principal": by, "action": action, "resource": resource}});
    let answers = evaluate(evaluator, "<test>", case.to_string());
    let found = match &answers[..] {
        [CaseAnswer { result: CaseResult::Decided(found), .. }] => {
            let found =
                json!([found.decision, found.decided_by, found.message, found.missing_context_values]);
            found.to_string()
        }
        [CaseAnswer { result: CaseResult::Unreadable { error, .. }, .. }] => error.message.clone(),
        other => panic!("{other:?}"),
    };
    let expected = match ask(library, &question) {
        Ok(answer) => {
            let check = answer.decisive().unwrap();
            let outcome = check.decision.outcome.as_str();
            json!([outcome, check.decided_by, check.message, check.missing_context_values]).to_string()
        }
        Err(findings) => findings[0].diagnostic.message.clone(),
    };
    assert_eq!(found, expected, "{by} {action} {resource} in {}", world.display());
}

#[test]
fn a_world_gives_the_answers_of_check() {
    let worlds = files("fixtures/guides", ".world.yaml");
    assert!(worlds.len() > 5);
    for path in worlds {
        let library = Library::new();
        let world = load_world(&library, &path).unwrap();
        let evaluator = Evaluator::new(&library, RequestWarnings::Off);
        let evaluator = evaluator.in_worlds(std::slice::from_ref(&path)).unwrap();
        let mut callers = vec![
            "arn:aws:iam::123456789012:user/nobody-mentions".to_owned(),
            "anonymous".to_owned(),
            "nobody".to_owned(),
        ];
        let mut asked = vec![("ec2:DescribeInstances".to_owned(), "*".to_owned())];
        for (id, account) in &world.accounts {
            callers.push(format!("arn:aws:iam::{id}:root"));
            callers.push(format!("arn:aws:iam::{id}:user/not-there"));
            callers.extend(account.users.keys().map(|name| format!("arn:aws:iam::{id}:user/{name}")));
            for name in account.roles.keys() {
                callers.push(format!("arn:aws:sts::{id}:assumed-role/{name}/session"));
                asked.push(("sts:AssumeRole".to_owned(), format!("arn:aws:iam::{id}:role/{name}")));
            }
            for arn in account.resources.keys().filter(|arn| arn.starts_with("arn:aws:s3:")) {
                asked.push(("s3:ListBucket".to_owned(), arn.clone()));
                asked.push(("s3:GetObject".to_owned(), format!("{arn}/report.csv")));
            }
        }
        for by in &callers {
            for (action, resource) in &asked {
                check(&library, &evaluator, &path, by, action, resource);
            }
        }
        check(&library, &evaluator, &path, &callers[3], "s3:GetObjct", "*");
        check(&library, &evaluator, &path, &callers[3], "s3:GetObject", "amzn-s3-demo-bucket");
    }
}

/// What is wrong with a request about a world, as `message (help)`.
#[track_caller]
fn refused(case: &str, expected: &str) {
    let library = Library::new();
    let world = files("fixtures/guides/3-house-key", ".world.yaml");
    let evaluator = Evaluator::new(&library, RequestWarnings::Off).in_worlds(&world).unwrap();
    let answers = evaluate(&evaluator, "<test>", case.to_owned());
    let CaseResult::Unreadable { error, .. } = &answers[0].result else { panic!("{answers:?}") };
    assert_eq!(format!("{} ({})", error.message, error.help.as_deref().unwrap_or("-")), expected);
}

#[test]
fn a_world_says_itself_which_policies_there_are() {
    let request = r#""request": {"principal": "anonymous", "action": "s3:GetObject", "resource": "*"}"#;
    refused(
        &format!(r#"{{{request}, "policies": {{}}}}"#),
        "`policies` cannot be given beside a world, which says what they are \
         (delete `policies`, or leave `--world` out)",
    );
    refused(
        &format!(r#"{{{request}, "settings": {{"encrypted": true}}}}"#),
        "`settings` cannot be given beside a world, which says what they are \
         (delete `settings`, or leave `--world` out)",
    );
}

#[test]
fn an_action_nobody_knows_is_refused_in_a_world() {
    refused(
        r#"{"request": {"principal": "anonymous", "action": "s3:GetObjct", "resource": "*"}}"#,
        "there is no action `s3:GetObjct` (did you mean `s3:GetObject`?)",
    );
}

fn data(node: &Node) -> serde_json::Value {
    match &node.value {
        Value::Null => serde_json::Value::Null,
        Value::Bool(value) => json!(value),
        Value::Number(digits) => serde_json::from_str(digits).unwrap(),
        Value::String(text) => json!(text.as_str()),
        Value::Array(items) => items.iter().map(data).collect(),
        Value::Object(members) => {
            members.iter().map(|member| (member.key.value.to_string(), data(&member.value))).collect()
        }
    }
}

/// Cases of the fixtures as lines. A `name` at its end takes a line off the short way through.
fn lines(path: &Path) -> (String, String) {
    let source = Source::new(path.display().to_string(), std::fs::read_to_string(path).unwrap());
    let (tree, _) = read_tree(&source);
    let Some(Node { value: Value::Array(cases), .. }) = tree else { return Default::default() };
    let mut lines = (String::new(), String::new());
    for case in &cases {
        let case = data(case).to_string();
        let named = format!("{},\"name\":\"named\"}}", case.strip_suffix('}').unwrap());
        lines.0.push_str(&format!("{case}\n"));
        lines.1.push_str(&format!("{named}\n"));
    }
    lines
}

#[test]
fn the_short_way_through_a_line_gives_the_same_answer() {
    let mut compared = 0;
    for path in files("fixtures/conformance", ".eval.yaml") {
        let (short, long) = lines(&path);
        let library = Library::new();
        let evaluator = Evaluator::new(&library, RequestWarnings::Off);
        let name = path.display().to_string();
        let answers = |text| -> Vec<_> {
            let answers = evaluate(&evaluator, &name, text);
            answers.iter().map(|answer| serde_json::to_string(answer).unwrap()).collect()
        };
        // Twice, so that policies are remembered.
        let (first, again, long) = (answers(short.clone()), answers(short.clone() + &short), answers(long));
        assert_eq!(first, long, "{name}");
        compared += first.len();
        assert_eq!(again.len(), 2 * first.len());
    }
    assert!(compared > 100, "{compared}");
}

#[test]
fn a_policy_remembered_from_another_line_stands_where_this_line_has_it() {
    let policy = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}"#;
    let case = |id: &str| {
        format!(
            r#"{{"id":"{id}","request":{{"principal":"arn:aws:iam::111122223333:user/alice","action":"s3:GetObject","resource":"*"}},"policies":{{"identity":[{policy}]}}}}"#
        )
    };
    let library = Library::new();
    let evaluator = Evaluator::new(&library, RequestWarnings::Off);
    let texts = [case("a"), case("longer"), case("é")];
    let answers = evaluate(&evaluator, "<test>", texts.join("\n"));
    for (number, (answer, text)) in answers.iter().zip(&texts).enumerate() {
        let CaseResult::Decided(decided) = &answer.result else { panic!("{answer:?}") };
        let statement = &decided.matched_statements[0];
        let column = text.split("{\"Effect\"").next().unwrap().chars().count() + 1;
        assert_eq!((statement.line as usize, statement.column as usize), (number + 1, column));
    }
}

#[test]
fn answers_come_in_the_order_of_the_lines() {
    let line = |at: usize| {
        let principal = if at.is_multiple_of(7) { "nobody" } else { "anonymous" };
        format!(
            r#"{{"id":"{at}","request":{{"principal":"{principal}","action":"s3:GetObject","resource":"*"}}}}"#
        ) + "\n"
    };
    let text: String = (0..20_000).map(line).collect();
    let library = Library::new();
    let answers = evaluate(&Evaluator::new(&library, RequestWarnings::Off), "<test>", text);
    assert_eq!(answers.len(), 20_000);
    for (at, answer) in answers.iter().enumerate() {
        assert_eq!(answer.id.as_deref(), Some(at.to_string().as_str()));
        match &answer.result {
            CaseResult::Decided(_) => assert!(!at.is_multiple_of(7)),
            CaseResult::Unreadable { error, .. } => assert_eq!(error.line as usize, at + 1),
        }
    }
}

/// The ids of the cases of a text, each with its decision or error.
fn found(name: &str, text: &str) -> Vec<(String, String)> {
    let library = Library::new();
    let evaluator = Evaluator::new(&library, RequestWarnings::Off);
    let answers = evaluate(&evaluator, name, text.to_owned());
    let found = |answer: CaseAnswer| {
        let what = match answer.result {
            CaseResult::Decided(found) => found.decision.to_owned(),
            CaseResult::Unreadable { error, .. } => format!("{}:{}", error.line, error.column),
        };
        (answer.id.unwrap_or_default(), what)
    };
    answers.into_iter().map(found).collect()
}

#[track_caller]
fn check_found(name: &str, text: &str, expected: &[(&str, &str)]) {
    let found = found(name, text);
    let found: Vec<_> = found.iter().map(|(id, what)| (&**id, &**what)).collect();
    assert_eq!(found, expected);
}

#[test]
fn one_broken_item_of_a_list_leaves_the_others() {
    let case = |id: &str| {
        format!("- id: {id}\n  request: {{principal: anonymous, action: s3:GetObject, resource: \"*\"}}\n")
    };
    let text = format!("# three\n{}- id: \"b\n  request: {{\n{}", case("a"), case("c"));
    check_found("a.eval.yaml", &text, &[("a", "implicitDeny"), ("", "4:7"), ("c", "implicitDeny")]);
    check_found("<stdin>", &text, &[("a", "implicitDeny"), ("", "4:7"), ("c", "implicitDeny")]);
}

#[test]
fn an_object_over_several_lines_is_one_case() {
    let text = "{\n  \"id\": \"a\",\n  \"request\": {\"principal\": \"anonymous\", \"action\": \"s3:GetObject\",\n \
                \"resource\": \"*\"}\n}\n";
    check_found("a.eval.jsonl", text, &[("a", "implicitDeny")]);
    check_found("a.eval.jsonl", " \n\t\n", &[]);
    check_found("a.eval.jsonl", &text.replace("\"a\",", "\"a\""), &[("a", "2:12")]);
}

#[test]
fn a_text_in_utf_16_is_one_fault() {
    let library = Library::new();
    let evaluator = Evaluator::new(&library, RequestWarnings::Off);
    let text = "\u{FEFF}{\"id\": \"a\"}\n{\"id\": \"b\"}\n";
    let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let [CaseAnswer { result: CaseResult::Unreadable { error, .. }, .. }] =
        &evaluate(&evaluator, "a", bytes)[..]
    else {
        panic!("not one fault");
    };
    assert_eq!(error.message, "the text is UTF-16; save it as UTF-8");
}
