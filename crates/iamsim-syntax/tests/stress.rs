//! Texts made to hurt: deep, long, repetitive. Each gets a clear answer.

use iamsim_syntax::{PolicyType, code, parse};

/// The codes of all errors of `text`, repeated ones once.
fn check(text: &str, expected: &[&str]) {
    let (policy, diagnostics) = parse(text, PolicyType::IdentityBased);
    assert_eq!(policy.is_some(), diagnostics.is_empty());
    assert!(diagnostics.len() <= 202);
    let mut codes: Vec<&str> = diagnostics.iter().map(|diagnostic| diagnostic.code).collect();
    codes.dedup();
    assert_eq!(codes, expected);
}

const STATEMENT: &str = r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}"#;

#[test]
fn nesting_does_not_exhaust_the_stack() {
    check(&"[".repeat(1_000_000), &[code::JSON_SYNTAX_ERROR]);
    check(&"{\"a\":".repeat(1_000_000), &[code::JSON_SYNTAX_ERROR]);
    let inside = format!("{{\"Statement\": {}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    check(&inside, &[code::JSON_SYNTAX_ERROR]);
    let deep = format!("{{\"Statement\": {}{}}}", "[".repeat(126), "]".repeat(126));
    check(&deep, &[code::DATA_TYPE_MISMATCH]);
}

#[test]
fn many_statements_are_a_policy() {
    check(&format!("{{\"Statement\": [{STATEMENT}{}]}}", format!(",{STATEMENT}").repeat(20_000)), &[]);
}

#[test]
fn many_members_are_compared_in_good_time() {
    let keys: String = (0..20_000).map(|index| format!("\"aws:PrincipalTag/{index}\": \"x\",")).collect();
    let condition = format!("{{\"StringEquals\": {{{keys} \"aws:username\": \"y\"}}}}");
    check(
        &format!(
            "{{\"Statement\": {{\"Effect\": \"Deny\", \"Action\": \"*\", \"Resource\": \"*\", \"Condition\": {condition}}}}}"
        ),
        &[],
    );
    let same = "\"a\": 1,".repeat(100_000);
    check(&format!("{{{same} \"a\": 1}}"), &[code::DUPLICATE_KEY, code::TOO_MANY_ERRORS]);
    let unknown: String = (0..20_000).map(|index| format!("\"Efect{index}\": 1,")).collect();
    let expected = [code::INVALID_POLICY_ELEMENT, code::TOO_MANY_ERRORS];
    check(&format!("{{{unknown} \"Statement\": {STATEMENT}}}"), &expected);
}

#[test]
fn one_long_string_is_read_once() {
    let resources = "*".repeat(2_000_000);
    let text = format!(
        "{{\"Statement\": {{\"Effect\": \"Deny\", \"Action\": \"s3:{resources}\", \"Resource\": \"*\"}}}}"
    );
    check(&text, &[]);
    check(&format!("\"{}", "\\\"".repeat(1_000_000)), &[code::JSON_SYNTAX_ERROR]);
    check(&"/**/".repeat(1_000_000), &[code::JSON_SYNTAX_ERROR, code::TOO_MANY_ERRORS]);
}
