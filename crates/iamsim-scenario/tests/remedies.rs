//! What would have allowed the denials of the guides and of the scenarios.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test stops at what cannot be")]

use std::fmt::Write as _;
use std::path::Path;

use iamsim_engine::ContextValue;
use iamsim_scenario::ask::remedy::{Edit, EditReport, Hindrance};
use iamsim_scenario::ask::{Against, Answer, LoosePolicies, Question, What, ask};
use iamsim_scenario::{Denial, Library, Scenario, denials, find};

/// The denials of every scenario below a folder of fixtures, with the name of its file.
fn denials_below(folder: &str) -> Vec<(String, Denial)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures").canonicalize().unwrap();
    let library = Library::new();
    let paths = find(&root.join(folder).display().to_string(), &[".scenario.yaml"]).unwrap();
    let mut found = Vec::new();
    for path in paths {
        let scenario = Scenario::load(&library, &path).unwrap_or_else(|_| panic!("{}", path.display()));
        let file = path.strip_prefix(&root).unwrap_or(&path).display().to_string();
        let file = file.replace(".scenario.yaml", "");
        found.extend(denials(&library, &scenario).into_iter().map(|denial| (file.clone(), denial)));
    }
    found
}

#[test]
fn every_denial_of_the_guides_has_a_remedy_where_there_can_be_one() {
    let found = denials_below("guides");
    assert!(found.len() > 50, "{} denials", found.len());
    for (file, denial) in found {
        match denial.hindrance {
            None => assert!(!denial.remedies.is_empty(), "{file}: {denial:#?}"),
            Some(hindrance) => assert!(
                matches!(
                    hindrance,
                    Hindrance::ServiceRule(_)
                        | Hindrance::CredentialLimit(_)
                        | Hindrance::NotAcrossAccounts
                        | Hindrance::Unsigned
                        | Hindrance::Denied(_)
                ),
                "{file}: {denial:#?}"
            ),
        }
    }
}

#[test]
fn no_denial_of_the_scenarios_is_left_without_a_word() {
    for (file, denial) in denials_below("scenarios") {
        assert!(!denial.remedies.is_empty() || denial.hindrance.is_some(), "{file}: {denial:#?}");
        assert!(denial.hindrance != Some(Hindrance::NotFound), "{file}: {denial:#?}");
    }
}

#[test]
fn the_first_remedy_is_what_the_guide_does() {
    let found = denials_below("guides");
    // A step's first remedy begins with the expected words, edit by edit.
    let check = |file: &str, step: &str, expected: &[&str]| {
        let is_it = |(at, denial): &&(String, Denial)| {
            at.strip_prefix("guides/") == Some(file) && denial.step.as_deref() == Some(step)
        };
        let (_, denial) = found.iter().find(is_it).unwrap_or_else(|| panic!("no denial `{step}` in {file}"));
        let first: Vec<String> = denial.remedies[0].edits.iter().map(words).collect();
        assert_eq!(first.len(), expected.len(), "{file}, {step}: {first:#?}");
        for (found, expected) in first.iter().zip(expected) {
            assert!(found.starts_with(expected), "{file}, {step}: {found}");
        }
    };
    let external_id = &["pass --external-id XX9812DDF2V"];
    check("5-anne-s3/external-id", "with a wrong one", external_id);
    check("5-anne-s3/external-id", "in small letters", external_id);
    check("5-anne-s3/external-id", "without one", external_id);
    let external_id = &["pass --external-id unique-external-id-12345"];
    check("1-cross-account-access/external-id", "none at all", external_id);
    check("1-cross-account-access/external-id", "a wrong one", external_id);
    let external_id = &["pass --external-id unique-external-id"];
    check(
        "2-cross-account-iam-role/trouble-service-cannot-assume",
        "the external ID does not match",
        external_id,
    );
    check(
        "2-cross-account-iam-role/combined-conditions",
        "a wrong address",
        &["bring aws:SourceIp = 203.0.113.1"],
    );
    check(
        "1-cross-account-access/caller-needs-permission-too",
        "before step 2 Account A has not said yes",
        &["add a statement to identity-based of arn:aws:iam::111111111111:user/imran.shaikh"],
    );
    let trouble = "2-cross-account-iam-role/trouble-access-denied";
    check(
        trouble,
        "the trust policy does not name the user",
        &["add a statement to role-trust of arn:aws:iam::222222222222:role/TrustsAServiceOnly"],
    );
    check(
        trouble,
        "the trust policy has a wrong account id",
        &["widen role-trust of arn:aws:iam::222222222222:role/TrustsNobodyThere"],
    );
    check(
        trouble,
        "the user lacks sts:AssumeRole",
        &[
            "add a statement to identity-based of arn:aws:iam::111111111111:user/careless",
            "widen role-trust of arn:aws:iam::222222222222:role/CrossAccountAccessRole",
        ],
    );
    check(
        "2-cross-account-iam-role/trouble-service-cannot-assume",
        "the service is not in it",
        &["add a statement to role-trust of arn:aws:iam::111111111111:role/NoServiceInTrust"],
    );
    check(
        "2-cross-account-iam-role/function-reads-a-bucket",
        "list_objects_v2, the last line of the guide's code, is denied",
        &[
            "add a statement to identity-based of arn:aws:iam::222222222222:role/CrossAccountServiceAccessRole",
        ],
    );
    check(
        "1-cross-account-access/role-with-mfa",
        "the command as printed carries no MFA, and the trust policy asks for it",
        &["pass --serial-number arn:aws:iam::111111111111:mfa/imran.shaikh --token-code 123456"],
    );
    check(
        "1-cross-account-access/snapshot-restored-in-account-a",
        "a snapshot that was not shared stays with its owner",
        &["share it with the caller's account"],
    );
    check(
        "4-alex-switch-role/switch-to-account-b",
        "without the policy the user cannot even connect to the role",
        &["add a statement to identity-based of arn:aws:iam::111111111111:user/Alexa"],
    );
    check(
        "4-alex-switch-role/s3-read-only-in-account-b",
        "he opens EC2 and gets API errors, for want of an identity-based policy",
        &["add a statement to identity-based of arn:aws:iam::222222222222:role/CrossAccount-B"],
    );
}

/// Asks, and asks again with what the first remedy would have one pass.
fn check_passing(question: &Question) {
    let library = Library::new();
    let answer = ask(&library, question).unwrap();
    let remedy = answer.decisive().unwrap().remedies[0].clone();
    let mut in_circumstances = question.clone();
    let mut in_command = question.clone();
    for EditReport { edit, parameter, .. } in &remedy.edits {
        match edit {
            Edit::Bring { key, value: ContextValue::One(value), .. } => {
                in_circumstances.context.push(format!("{key}={value}"));
            }
            Edit::LeaveOut { key, .. } => in_circumstances.absent.push(key.to_string()),
            Edit::UseMultiFactor => in_circumstances.mfa = true,
            other => panic!("changes more than the request: {other:?}"),
        }
        if let (What::Run(text), Some(parameter)) = (&mut in_command.what, parameter) {
            *text = format!("{text} {parameter}");
        }
    }
    let answers = [ask(&library, &in_circumstances).unwrap(), ask(&library, &in_command).unwrap()];
    assert!(answers.iter().all(Answer::is_allowed), "{remedy:#?}");
}

#[test]
fn what_is_to_be_passed_is_enough() {
    let question = |trust: &str, run: &str| Question {
        by: "arn:aws:iam::111122223333:user/alice".to_owned(),
        what: What::Run(run.to_owned()),
        against: Against::Loose(LoosePolicies {
            identity: vec!["AdministratorAccess".to_owned()],
            trust: Some(format!(
                r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Allow", "Principal": {{"AWS": "111122223333"}},
                    "Action": ["sts:AssumeRole", "sts:SetSourceIdentity"], "Condition": {trust}}}}}"#
            )),
            ..LoosePolicies::default()
        }),
        ..Question::default()
    };
    let assume = "aws sts assume-role --role-arn arn:aws:iam::444455556666:role/Audit --role-session-name s";
    check_passing(&question(r#"{"StringEquals": {"sts:ExternalId": "12345"}}"#, assume));
    check_passing(&question(r#"{"Bool": {"aws:MultiFactorAuthPresent": "true"}}"#, assume));
    check_passing(&question(r#"{"NumericLessThan": {"aws:MultiFactorAuthAge": "3600"}}"#, assume));
    check_passing(&question(
        r#"{"StringEquals": {"sts:ExternalId": "12345"}, "Bool": {"aws:MultiFactorAuthPresent": "true"}}"#,
        assume,
    ));
}

#[test]
fn the_guides_denials_and_what_would_allow_them() {
    insta::assert_snapshot!(listing("guides"));
}

fn listing(folder: &str) -> String {
    let mut out = String::new();
    let mut last = String::new();
    for (file, denial) in denials_below(folder) {
        if file != last {
            writeln!(out, "\n{file}").unwrap();
            last = file;
        }
        writeln!(out, "  {}", denial.step.as_deref().unwrap_or("(no name)")).unwrap();
        writeln!(out, "    denied: {} on {}", denial.action, denial.resource).unwrap();
        if let Some(hindrance) = denial.hindrance {
            writeln!(out, "    nothing helps: {hindrance:?}").unwrap();
        }
        for (number, remedy) in denial.remedies.iter().enumerate() {
            let edits: Vec<String> = remedy.edits.iter().map(words).collect();
            let weakens = if remedy.weakens_deny { " (weakens a deny)" } else { "" };
            writeln!(out, "    {}.{weakens} {}", number + 1, edits.join("\n       and ")).unwrap();
        }
    }
    out
}

fn words(report: &EditReport) -> String {
    let policy = report.policy.as_ref().map(|policy| {
        let name = policy.policy.as_deref().unwrap_or("a new one");
        let owner = policy.attached_to.as_deref().unwrap_or("nothing");
        let compact: String = policy.document.lines().map(str::trim).collect::<Vec<_>>().join(" ");
        let diff = if policy.diff.is_some() { "" } else { " (no diff)" };
        let name = Path::new(name).file_name().map_or_else(|| name.into(), |name| name.to_string_lossy());
        format!("{} of {owner}, {name}{diff}: {compact}", policy.policy_type)
    });
    let policy = policy.unwrap_or_default();
    match (&report.edit, &report.parameter) {
        (_, Some(parameter)) => format!("pass {parameter}"),
        (Edit::Bring { key, value, means }, None) => {
            let value = match value {
                ContextValue::One(text) => text.to_string(),
                ContextValue::Many(texts) => texts.join(", "),
            };
            format!("bring {key} = {value} ({means:?})")
        }
        (Edit::LeaveOut { key, .. }, None) => format!("leave out {key}"),
        (Edit::UseMultiFactor, None) => "use MFA".to_owned(),
        (Edit::Share, None) => "share it with the caller's account".to_owned(),
        (Edit::AddStatement { .. }, None) => format!("add a statement to {policy}"),
        (Edit::Widen { .. }, None) => format!("widen {policy}"),
        (Edit::Spare { .. }, None) => format!("make an exception in {policy}"),
    }
}
