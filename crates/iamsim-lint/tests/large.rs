//! Large policies: in full as long as AWS would take them, and in part beyond.

use iamsim_lint::lint;
use iamsim_syntax::{PolicyType, parse};

/// How many findings there are of a code in a policy of one statement, with this list of actions.
fn count(code: &str, actions: &[String]) -> usize {
    let actions = actions.join(r#"",""#);
    let text = format!(
        r#"{{"Version":"2012-10-17","Statement":{{"Effect":"Allow","Resource":"*","Action":["{actions}"]}}}}"#
    );
    let (policy, errors) = parse(&text, PolicyType::IdentityBased);
    assert_eq!(errors, []);
    policy.iter().flat_map(|policy| lint(policy, &text)).filter(|finding| finding.code == code).count()
}

/// Patterns none of which covers another.
fn wildcards(how_many: usize) -> Vec<String> {
    (0..how_many).map(|number| format!("s3:*{number:05}")).collect()
}

/// The largest policies AWS takes have 20,480 characters.
#[test]
fn what_aws_takes_is_judged_in_full() {
    let mut actions = wildcards(1_600);
    assert_eq!(count("redundant-action", &actions), 0);
    assert_eq!(count("invalid-action", &actions), 1_600);
    actions.push("s3:*".to_owned());
    assert_eq!(count("redundant-action", &actions), 1_600);
}

#[test]
fn what_is_far_larger_is_judged_in_part() {
    let mut actions = wildcards(20_000);
    actions.push("s3:*".to_owned());
    assert!(count("redundant-action", &actions) < 20_000);
    assert!(count("invalid-action", &actions) > 1_600);
}
