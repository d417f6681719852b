//! What worlds mean, asked through scenarios.
#![expect(clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

use iamsim_scenario::report::StepResult;
use iamsim_scenario::{Library, Scenario, Source, replay};

const ALICE: &str = "arn:aws:iam::111122223333:user/alice";
const BUCKET: &str = "arn:aws:s3:::amzn-s3-demo-bucket";

/// Asks whether Alice may list a bucket; answers the decision and, after a slash, the policy that bears it out.
#[track_caller]
fn check(world: &str, expected: &str) {
    let text =
        format!("{world}\nsteps:\n  - {{as: '{ALICE}', action: s3:ListBucket, resource: '{BUCKET}'}}\n");
    let library = Library::new();
    let scenario = Scenario::read(&library, Source::new("a.scenario.yaml", text)).unwrap();
    let report = replay(&library, &scenario);
    let StepResult::Decided(decided) = &report.steps[0].result else { panic!("{:?}", report.steps) };
    let policy = decided.matched_statements.first().map_or("-", |statement| &statement.policy);
    assert_eq!(format!("{} / {policy}", decided.decision), expected);
}

#[test]
fn managed_policies_go_by_name_and_by_arn() {
    for name in ["AmazonS3ReadOnlyAccess", "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"] {
        let world = format!(
            "world: {{accounts: {{'111122223333': {{users: {{alice: {{policies: ['{name}']}}}}}}}}}}"
        );
        check(&world, "allowed / AmazonS3ReadOnlyAccess");
    }
    for name in ["Lister", "arn:aws:iam::111122223333:policy/Lister"] {
        let world = format!(
            "world:\n  accounts:\n    '111122223333':\n      \
             policies: {{Lister: {{Version: '2012-10-17', Statement: {{Effect: Allow, Action: '*', Resource: '*'}}}}}}\n      \
             users: {{alice: {{policies: ['{name}']}}}}"
        );
        check(&world, "allowed / Lister");
    }
}

#[test]
fn a_policy_in_place_may_have_a_name() {
    let policy = "{name: Mine, document: {Statement: {Effect: Allow, Action: 's3:*', Resource: '*'}}}";
    check(
        &format!("world: {{accounts: {{'111122223333': {{users: {{alice: {{policies: {policy}}}}}}}}}}}"),
        "allowed / Mine",
    );
}

#[test]
fn later_worlds_replace_what_earlier_ones_have() {
    let world = "world:\n  \
        - {accounts: {'111122223333': {users: {alice: {policies: AdministratorAccess}}}}}\n  \
        - {accounts: {'111122223333': {users: {alice: {policies: ViewOnlyAccess}}}}}";
    check(world, "allowed / ViewOnlyAccess");
}

#[test]
fn units_have_full_access_attached_unless_they_say_otherwise() {
    let world = |unit: &str| {
        format!(
            "world:\n  organizations:\n    - id: o-exampleorgid\n      managementAccount: '999999999999'\n      \
             root: {{id: r-ab12, units: [{{id: ou-ab12-work, {unit} accounts: ['111122223333']}}]}}\n  \
             accounts: {{'111122223333': {{users: {{alice: {{policies: AdministratorAccess}}}}}}}}"
        )
    };
    check(&world(""), "allowed / AdministratorAccess");
    check(&world("serviceControlPolicies: [FullAWSAccess],"), "allowed / AdministratorAccess");
    check(&world("serviceControlPolicies: [],"), "implicitDeny / AdministratorAccess");
    let deny = "serviceControlPolicies: [FullAWSAccess, {name: NoS3, document: \
                {Statement: {Effect: Deny, Action: 's3:*', Resource: '*'}}}],";
    check(&world(deny), "explicitDeny / NoS3");
}

#[test]
fn a_bucket_belongs_to_the_account_that_lists_it() {
    let world = "world:\n  accounts:\n    '111122223333': {users: {alice: {policies: AdministratorAccess}}}\n    \
                 '444455556666': {resources: {'arn:aws:s3:::amzn-s3-demo-bucket': {}}}";
    check(world, "implicitDeny / AdministratorAccess");
}

#[test]
fn a_caller_in_a_mistyped_account_is_warned_of() {
    let text = "world: {accounts: {\"111122223333\": {users: {alice: {}}}}}\nsteps:\n  \
                - {as: 'arn:aws:iam::111122223334:user/alice', action: s3:ListAllMyBuckets, expect: denied}\n  \
                - {as: 'arn:aws:iam::444455556666:user/alice', action: s3:ListAllMyBuckets, expect: denied}\n";
    let library = Library::new();
    let scenario = Scenario::read(&library, Source::new("a.scenario.yaml", text)).unwrap();
    let report = replay(&library, &scenario);
    let helps = |step: usize| -> Vec<String> {
        let warnings = report.steps[step].warnings.iter();
        warnings.filter_map(|warning| warning.diagnostic.help.as_deref().map(str::to_owned)).collect()
    };
    assert_eq!(helps(0), ["did you mean 111122223333?"]);
    assert!(helps(1).is_empty(), "a stranger's account is none of the world's");
}
