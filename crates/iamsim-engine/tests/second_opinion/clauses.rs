//! Random conditions, from a list with every operator and rule that the naive evaluator knows.

use crate::case::Case;
use crate::documents::list;
use crate::tape::Tape;

const CLAUSES: [(&str, &str, &[&str]); 52] = [
    ("StringEquals", "aws:PrincipalTag/team", &["red"]),
    ("StringEquals", "aws:principaltag/TEAM", &["blue", "red"]),
    ("StringEquals", "aws:PrincipalTag/team", &["r*d"]),
    ("StringEquals", "aws:PrincipalTag/team", &["r${*}d"]),
    ("StringEquals", "aws:ResourceTag/team", &["${aws:PrincipalTag/team}"]),
    ("StringEquals", "aws:ResourceTag/team", &["${aws:PrincipalTag/team, 'blue'}"]),
    ("StringEquals", "aws:ResourceTag/team", &["${aws:TagKeys, 'blue'}", "green"]),
    ("StringEquals", "aws:TagKeys", &["team"]),
    ("StringEquals", "aws:PrincipalAccount", &["111111111111"]),
    ("StringEquals", "aws:PrincipalType", &["User", "AssumedRole", "FederatedUser"]),
    ("StringEquals", "aws:ResourceAccount", &["${aws:PrincipalAccount}"]),
    ("StringEquals", "aws:username", &["alice"]),
    ("StringEqualsIfExists", "aws:PrincipalTag/team", &["red"]),
    ("StringEqualsIfExists", "aws:TagKeys", &["team"]),
    ("StringEqualsIfExists", "aws:SourceAccount", &["111111111111"]),
    ("StringNotEquals", "aws:PrincipalTag/team", &["red"]),
    ("StringNotEquals", "aws:PrincipalTag/team", &["red", "blue"]),
    ("StringNotEquals", "aws:ResourceTag/team", &["${aws:PrincipalTag/team}"]),
    ("StringNotEquals", "aws:TagKeys", &["team"]),
    ("StringNotEquals", "aws:PrincipalAccount", &["222222222222"]),
    ("StringNotEqualsIfExists", "aws:PrincipalOrgID", &["o-exampleorgid"]),
    ("StringLike", "aws:PrincipalTag/team", &["r*"]),
    ("StringLike", "aws:PrincipalTag/team", &["?${*}?"]),
    ("StringLike", "aws:userid", &["AROAEXAMPLEROLE:*", "AIDA*"]),
    ("StringLike", "s3:prefix", &["${aws:username}/*", ""]),
    ("StringLikeIfExists", "s3:prefix", &["${aws:username}/*"]),
    ("StringNotLike", "aws:PrincipalTag/team", &["*e*"]),
    ("Null", "aws:PrincipalTag/team", &["true"]),
    ("Null", "aws:TagKeys", &["false"]),
    ("Null", "aws:username", &["false"]),
    ("Bool", "aws:MultiFactorAuthPresent", &["true"]),
    ("Bool", "aws:MultiFactorAuthPresent", &["false"]),
    ("Bool", "aws:PrincipalIsAWSService", &["false"]),
    ("BoolIfExists", "aws:MultiFactorAuthPresent", &["false"]),
    ("ForAllValues:StringEquals", "aws:TagKeys", &["team", "env"]),
    ("ForAllValues:StringNotEquals", "aws:TagKeys", &["team"]),
    ("ForAnyValue:StringEquals", "aws:TagKeys", &["team"]),
    ("ForAnyValue:StringNotEquals", "aws:TagKeys", &["team", "other"]),
    ("ForAnyValue:StringEqualsIfExists", "aws:TagKeys", &["team"]),
    ("ForAllValues:StringEquals", "aws:PrincipalTag/team", &["red"]),
    ("ForAnyValue:StringLike", "aws:PrincipalTag/team", &["b*"]),
    ("ArnLike", "aws:PrincipalArn", &["arn:aws:iam::*:role/*"]),
    ("ArnLike", "aws:PrincipalArn", &["*"]),
    ("ArnEquals", "aws:PrincipalArn", &["arn:aws:iam::111111111111:*/team/*", "arn:aws:sts::*:*"]),
    ("ArnNotLike", "aws:PrincipalArn", &["arn:aws:iam::111111111111:user/${aws:username}"]),
    ("ArnLikeIfExists", "aws:SourceArn", &["arn:aws:s3:::example-*"]),
    ("ArnNotEquals", "aws:PrincipalTag/team", &["arn:aws:s3:::*"]),
    ("IpAddress", "aws:SourceIp", &["203.0.113.0/24", "192.0.2.1"]),
    ("NotIpAddress", "aws:SourceIp", &["203.0.113.0/24"]),
    ("NumericLessThan", "aws:MultiFactorAuthAge", &["3600"]),
    ("NumericLessThanIfExists", "aws:MultiFactorAuthAge", &["300.5"]),
    ("DateGreaterThan", "aws:CurrentTime", &["2025-01-01T00:00:00Z"]),
];

/// One clause or two, of different operators, among them some that are sure to hold.
pub(crate) fn condition(tape: &mut Tape<'_>, case: &Case) -> String {
    let mut chosen = vec![tape.pick(&CLAUSES)];
    if tape.chance(25) {
        chosen.push(tape.pick(&CLAUSES));
    }
    chosen.dedup_by_key(|(operator, ..)| *operator);
    let mut members: Vec<String> = chosen
        .iter()
        .map(|(operator, key, values)| {
            let values: Vec<String> = values.iter().map(|value| (*value).to_owned()).collect();
            format!("{operator:?}: {{{key:?}: {}}}", list(&values))
        })
        .collect();
    if let Some(arn) = case.caller.arn()
        && tape.chance(15)
    {
        members = vec![format!(r#""ArnEquals": {{"aws:PrincipalArn": {arn:?}}}"#)];
    }
    format!(r#""Condition": {{{}}}"#, members.join(", "))
}
