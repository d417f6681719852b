//! What is wrong with a file is said where it is wrong, all of it at once, with what to do.
#![expect(clippy::panic, reason = "a test fails by panicking")]

use iamsim_scenario::{Library, Scenario, Source};

/// Every finding as `text under the caret: message (help)`.
#[track_caller]
fn check(text: &str, expected: &[&str]) {
    let Err(findings) = Scenario::read(&Library::new(), Source::new("a.scenario.yaml", text)) else {
        panic!("read without a word");
    };
    let found: Vec<_> = findings
        .iter()
        .map(|finding| {
            let diagnostic = &finding.diagnostic;
            let under = finding.source.text().get(diagnostic.span.range()).unwrap_or("?");
            let help = diagnostic.help.as_deref().unwrap_or("-");
            format!("{under}: {} ({help})", diagnostic.message)
        })
        .collect();
    assert_eq!(found, expected);
}

/// A scenario with one step, about a world with one user.
fn step(step: &str) -> String {
    format!(
        "world: {{accounts: {{\"111122223333\": {{users: {{alice: {{}}}}, vpcEndpoints: {{vpce-0abc: {{}}}}}}}}}}\n\
         steps:\n  - {step}\n"
    )
}

/// A scenario whose world has this account.
fn account(account: &str) -> String {
    format!("world:\n  accounts:\n    \"111122223333\": {account}\nsteps: [{{wait: 1h}}]\n")
}

#[test]
fn a_misspelt_key_has_a_suggestion() {
    check(
        &step("{as: anonymous, run: aws s3 ls, expct: allowed}"),
        &["expct: a step has no key `expct` (did you mean `expect`?)"],
    );
    check(
        &account("{users: {alice: {polices: []}}}"),
        &["polices: a user has no key `polices` (did you mean `policies`?)"],
    );
}

#[test]
fn a_word_that_is_not_whole_has_a_suggestion() {
    check(
        &step("{as: anonymous, run: aws s3 ls, expect: allow}"),
        &["allow: the expected decision cannot be `allow` (did you mean `allowed`?)"],
    );
    check(
        &step("{as: anonymous, run: aws s3 ls, expect: {by: identity}}"),
        &["identity: the policy type cannot be `identity` (did you mean `identity-based`?)"],
    );
    check(
        &account("{users: {alice: {policy: []}}}"),
        &["policy: a user has no key `policy` (did you mean `policies`?)"],
    );
    check("step: [{wait: 1h}]\n", &["step: a scenario has no key `step` (did you mean `steps`?)"]);
}

#[test]
fn every_fault_is_found_at_once() {
    check(
        "steps:\n  - {as: nobody, action: s3:GetObjct}\n  - {as: anonymous, expect: alowed}\n",
        &[
            "nobody: no step before this one saves credentials as `nobody` \
             (give an ARN, `anonymous`, or a name that `saveAs` has given)",
            "s3:GetObjct: there is no action `s3:GetObjct` (did you mean `s3:GetObject`?)",
            "as: a step needs `run`, `action` or `wait` (-)",
            "alowed: the expected decision cannot be `alowed` (did you mean `allowed`?)",
        ],
    );
}

#[test]
fn callers_must_exist() {
    check(
        &step("{as: 'arn:aws:iam::111122223333:user/alise', run: aws s3 ls}"),
        &["'arn:aws:iam::111122223333:user/alise': there is no user named `alise` in account 111122223333 \
           (did you mean `alice`?)"],
    );
    check(
        &step("{as: 'arn:aws:iam::111122223333:group/Developers', run: aws s3 ls}"),
        &[
            "'arn:aws:iam::111122223333:group/Developers': `arn:aws:iam::111122223333:group/Developers` cannot \
           make a request (a group cannot call; name one of its users)",
        ],
    );
    check(
        &step("{as: lambda.amazonaws.com, run: aws s3 ls}"),
        &["lambda.amazonaws.com: `lambda.amazonaws.com` cannot make a request \
           (write `{service: lambda.amazonaws.com}`)"],
    );
}

#[test]
fn a_caller_that_cannot_be_is_nearly_one_that_can() {
    let check = |arn: &str, help: &str| {
        check(
            &step(&format!("{{as: \"{arn}\", run: aws s3 ls}}")),
            &[&format!("\"{arn}\": `{arn}` cannot make a request ({help})")],
        );
    };
    check(
        "arn:aws:iam::11112222333:user/alice",
        "an account id has twelve digits, and `11112222333` has not",
    );
    check("arn:aws:iam::111122223333:usr/alice", "did you mean `arn:aws:iam::111122223333:user/alice`?");
    check("arn:aws:iam::111122223333:group/g", "a group cannot call; name one of its users");
    check(
        "arn:aws:sts::111122223333:assumed-role/Dev",
        "a session's ARN ends in `assumed-role/role-name/session-name`",
    );
}

#[test]
fn credentials_are_known_from_the_step_that_saves_them_on() {
    check(
        "steps:\n  - {as: sesion, run: aws s3 ls, saveAs: session}\n  - {as: sesion, run: aws s3 ls}\n",
        &[
            "sesion: no step before this one saves credentials as `sesion` \
             (give an ARN, `anonymous`, or a name that `saveAs` has given)",
            "sesion: no step before this one saves credentials as `sesion` (did you mean `session`?)",
        ],
    );
}

#[test]
fn account_ids_are_quoted() {
    check(
        &step(
            "{as: anonymous, action: s3:ListBucket, resource: 'arn:aws:s3:::b', resourceAccount: 012345678901}",
        ),
        &["012345678901: an account id must be in quotes \
           (write `\"012345678901\"`: as a number it may lose leading zeros)"],
    );
    check(
        "world: {accounts: {\"1111\": {}}}\nsteps: [{wait: 1h}]\n",
        &["\"1111\": `1111` is not an account id (an account id is a string of twelve digits)"],
    );
}

#[test]
fn a_policy_is_refused_where_it_is_written() {
    check(
        &account("{users: {alice: {policies: [{Statement: {Efect: Allow, Action: '*', Resource: '*'}}]}}}"),
        &["Efect: a statement has no element `Efect` (did you mean `Effect`?)"],
    );
}

#[test]
fn policies_are_found_by_name_or_path() {
    check(
        &account("{users: {alice: {policies: [ReadOnlyAcess]}}}"),
        &["ReadOnlyAcess: there is no policy called `ReadOnlyAcess` (did you mean `ReadOnlyAccess`?)"],
    );
    check(
        &account(
            "{policies: {Team: {Statement: {Effect: Deny, Action: '*', Resource: '*'}}}, \
             users: {alice: {policies: [Taem]}}}",
        ),
        &["Taem: there is no policy called `Taem` (did you mean `Team`?)"],
    );
    check(
        &account("{users: {alice: {policies: [nowhere.json]}}}"),
        &["nowhere.json: the policy `nowhere.json` cannot be read: there is no such file (-)"],
    );
}

#[test]
fn groups_and_endpoints_must_exist() {
    check(
        &account("{groups: {Developers: {}}, users: {alice: {groups: [Develpers]}}}"),
        &["Develpers: there is no group `Develpers` in this account (did you mean `Developers`?)"],
    );
    check(
        &step("{as: anonymous, run: aws s3 ls, via: vpce-0abd}"),
        &["vpce-0abd: there is no VPC endpoint `vpce-0abd` in this world (did you mean `vpce-0abc`?)"],
    );
}

#[test]
fn times_have_units() {
    check(
        "now: yesterday\nsteps:\n  - wait: 2 hours\n",
        &[
            "yesterday: `yesterday` is not a point in time (write it like `2024-06-01T12:00:00Z`)",
            "2 hours: `2 hours` is not a duration (write a number and a unit: `900s`, `15m`, `1h`, `2d`)",
        ],
    );
    check(
        &account("{roles: {Reader: {maxSessionDuration: 13h}}}"),
        &["13h: the longest session of a role is between one and twelve hours (-)"],
    );
}

#[test]
fn a_scenario_has_steps() {
    check("name: empty\n", &["name: a scenario needs `steps` (-)"]);
    check("steps: []\n", &[": a scenario needs at least one step (-)"]);
}

#[test]
fn a_question_is_about_one_action_on_a_resource_and_expects_something() {
    check(
        &step("{as: anonymous, action: 's3:Get*', resource: 'arn:aws:s3:::b/k', expect: allowed}"),
        &["'s3:Get*': `s3:Get*` is a pattern, and a question is about one action \
           (`iamsim catalog expand 's3:Get*'` lists the actions it covers)"],
    );
    check(
        &step("{as: anonymous, action: s3:GetObject, resource: s3://b/k, expect: allowed}"),
        &["s3://b/k: the resource `s3://b/k` is no ARN (did you mean `arn:aws:s3:::b/k`?)"],
    );
    check(
        &step("{as: anonymous, action: s3:GetObject, resource: 'arn:aws:s3:::b/k', expect: {}}"),
        &["{}: nothing is expected here \
           (write `expect: allowed` or `expect: denied`, or leave `expect` out)"],
    );
}
