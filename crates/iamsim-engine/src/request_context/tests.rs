use super::*;
use crate::request::Request;

fn check(principal: &str, expected: &[(&str, &str)]) {
    let principal = match principal {
        "anonymous" => Principal::Anonymous,
        arn => Principal::from_arn(arn).unwrap(),
    };
    let request = Request::of(principal, "s3:GetObject", "arn:aws:s3:::b").complete();
    let found: Vec<_> = request.context().iter().map(|(name, value)| (name, value.text().unwrap())).collect();
    assert_eq!(found, expected);
}

#[test]
fn a_user_has_a_name_without_path() {
    check(
        "arn:aws:iam::111122223333:user/team/alice",
        &[
            ("aws:PrincipalAccount", "111122223333"),
            ("aws:PrincipalArn", "arn:aws:iam::111122223333:user/team/alice"),
            ("aws:PrincipalIsAWSService", "false"),
            ("aws:PrincipalType", "User"),
            ("aws:ResourceAccount", "111122223333"),
            ("aws:ViaAWSService", "false"),
            ("aws:username", "alice"),
        ],
    );
}

#[test]
fn a_session_shows_its_role() {
    check(
        "arn:aws:sts::111122223333:assumed-role/Dev/s",
        &[
            ("aws:PrincipalAccount", "111122223333"),
            ("aws:PrincipalArn", "arn:aws:iam::111122223333:role/Dev"),
            ("aws:PrincipalIsAWSService", "false"),
            ("aws:PrincipalType", "AssumedRole"),
            ("aws:ResourceAccount", "111122223333"),
            ("aws:ViaAWSService", "false"),
        ],
    );
}

#[test]
fn a_federated_user_has_an_id_of_account_and_name() {
    check(
        "arn:aws:sts::111122223333:federated-user/bob",
        &[
            ("aws:PrincipalAccount", "111122223333"),
            ("aws:PrincipalArn", "arn:aws:sts::111122223333:federated-user/bob"),
            ("aws:PrincipalIsAWSService", "false"),
            ("aws:PrincipalType", "FederatedUser"),
            ("aws:ResourceAccount", "111122223333"),
            ("aws:ViaAWSService", "false"),
            ("aws:userid", "111122223333:bob"),
        ],
    );
}

#[test]
fn the_unsigned_have_no_arn() {
    check(
        "anonymous",
        &[
            ("aws:PrincipalAccount", "anonymous"),
            ("aws:PrincipalType", "Anonymous"),
            ("aws:ViaAWSService", "false"),
            ("aws:userid", "anonymous"),
        ],
    );
}

#[test]
fn what_is_told_or_withheld_does_not_follow() {
    let caller = Principal::from_arn("arn:aws:iam::111122223333:user/alice").unwrap();
    let told = [("aws:username", "somebody")].into_iter().collect();
    let request = Request::of(caller, "s3:GetObject", "arn:aws:s3:::b").with_context(told);
    let request = request.without(vec!["AWS:ResourceAccount".to_owned()]).complete();
    assert_eq!(request.context().text("aws:UserName"), Some("somebody"));
    assert!(!request.context().contains("aws:ResourceAccount"));
    assert!(request.context().contains("aws:PrincipalArn"));
    let bare = request.with_circumstances(Context::new());
    assert_eq!(bare.context().iter().count(), 0);
}

#[test]
fn a_copy_holds_all_that_follows() {
    let callers = [
        "arn:aws:iam::111122223333:user/alice",
        "arn:aws:sts::111122223333:assumed-role/Dev/s",
        "arn:aws:sts::111122223333:federated-user/bob",
        "arn:aws:iam::111122223333:root",
    ];
    let provider = |provider: &str| Principal::Federated { provider: provider.into() };
    let others = [
        Principal::Service { name: "lambda.amazonaws.com".into() },
        provider("accounts.google.com"),
        provider("arn:aws:iam::111122223333:saml-provider/Corp"),
        Principal::Anonymous,
    ];
    for caller in callers.into_iter().map(|arn| Principal::from_arn(arn).unwrap()).chain(others) {
        let request = Request::of(caller, "s3:GetObject", "arn:aws:s3:::b").complete();
        let copy = request.context().to_context();
        for key in KnownKey::all().map(|known| Key::new(known.name)) {
            let copied = copy.lookup(&key);
            assert_eq!(
                copied,
                request.context().lookup(&key),
                "{} of {:?}",
                key.as_str(),
                request.principal()
            );
        }
        let again = request.with_circumstances(copy);
        assert!(request.context().iter().eq(again.context().iter()));
    }
}
