//! What becomes of a document that is taken: its elements, their spans, and nothing lost in printing.

use crate::*;
use proptest::prelude::*;

fn taken(text: &str, policy_type: PolicyType) -> Policy {
    let (policy, diagnostics) = parse(text, policy_type);
    assert_eq!(diagnostics, [], "{text}");
    policy.unwrap()
}

const TEXT: &str = r#"{
  "Version": "2012-10-17",
  "Statement": {
    "Sid": "Read",
    "Effect": "Deny",
    "NotPrincipal": {"AWS": ["111122223333", "*"], "Service": "ec2.amazonaws.com"},
    "Action": "s3:Get*",
    "NotResource": ["arn:aws:s3:::b", null],
    "Condition": {
      "StringEquals": {"aws:username": ["a", 1e3], "aws:PrincipalTag/t": true},
      "Nonsense": {},
      "NullIfExists": {}
    }
  }
}"#;

#[test]
fn every_element_has_the_span_of_what_was_written() {
    let policy = taken(TEXT, PolicyType::ResourceBased);
    let written = |span: Span| &TEXT[span.range()];
    let [statement] = &policy.statements[..] else { panic!("one statement") };
    assert_eq!(written(policy.version_span.unwrap()), r#""2012-10-17""#);
    assert_eq!(written(statement.sid.as_ref().unwrap().span), r#""Read""#);
    assert_eq!(written(statement.effect.span), r#""Deny""#);
    let principal = statement.principal.as_ref().unwrap();
    let principals: Vec<&str> =
        principal.principals.iter().map(|principal| written(principal.span)).collect();
    assert_eq!(principals, [r#""111122223333""#, r#""*""#, r#""ec2.amazonaws.com""#]);
    assert_eq!(written(statement.action.span), r#""s3:Get*""#);
    let resource = statement.resource.as_ref().unwrap();
    assert_eq!(written(resource.span), r#"["arn:aws:s3:::b", null]"#);
    let conditions: Vec<&str> =
        statement.conditions.iter().map(|condition| written(condition.span)).collect();
    assert_eq!(conditions, [r#""aws:username": ["a", 1e3]"#, r#""aws:PrincipalTag/t": true"#]);
    assert_eq!(written(statement.span), &TEXT[TEXT.find("{\n    ").unwrap()..TEXT.rfind("\n}").unwrap()]);
}

#[test]
fn elements_mean_what_was_written() {
    let policy = taken(TEXT, PolicyType::ResourceBased);
    let statement = &policy.statements[0];
    assert_eq!(policy.version, Version::V2012);
    assert_eq!(statement.effect.value, Effect::Deny);
    let principal = statement.principal.as_ref().unwrap();
    assert_eq!(principal.sense, Sense::NotListed);
    assert_eq!(principal.principals[1].value, Principal::Everyone);
    assert_eq!(statement.resource.as_ref().unwrap().patterns.len(), 1);
    let texts: Vec<&str> = statement
        .conditions
        .iter()
        .flat_map(|condition| &condition.values)
        .map(|value| &*value.value)
        .collect();
    assert_eq!(texts, ["a", "1e3", "true"]);
}

#[test]
fn a_policy_is_read_only_when_nothing_is_wrong() {
    let (policy, diagnostics) = parse("{\"Statement\": [], \"Statment\": []}", PolicyType::Session);
    assert_eq!(policy, None);
    let codes: Vec<&str> = diagnostics.iter().map(|diagnostic| diagnostic.code).collect();
    assert_eq!(codes, [code::INVALID_POLICY_ELEMENT, code::EMPTY_ARRAY_STATEMENT]);
}

/// The policy with every span at zero.
fn without_spans(mut policy: Policy) -> Policy {
    let texts = |texts: &mut [Spanned<Text>]| texts.iter_mut().for_each(|text| text.span = Span::default());
    policy.span = Span::default();
    policy.version_span = policy.version_span.map(|_| Span::default());
    policy.id.iter_mut().for_each(|id| id.span = Span::default());
    for statement in &mut policy.statements {
        statement.span = Span::default();
        statement.sid.iter_mut().for_each(|sid| sid.span = Span::default());
        statement.effect.span = Span::default();
        if let Some(principal) = &mut statement.principal {
            principal.span = Span::default();
            principal.principals.iter_mut().for_each(|principal| principal.span = Span::default());
        }
        statement.action.span = Span::default();
        texts(&mut statement.action.patterns);
        if let Some(resource) = &mut statement.resource {
            resource.span = Span::default();
            texts(&mut resource.patterns);
        }
        for condition in &mut statement.conditions {
            condition.span = Span::default();
            condition.operator.span = Span::default();
            condition.key.span = Span::default();
            texts(&mut condition.values);
        }
    }
    policy
}

/// Printing `policy` and reading that gives `policy` again.
fn check_print(policy: &Policy) {
    let printed = print(policy);
    let again = taken(&printed, policy.policy_type);
    assert_eq!(without_spans(again), without_spans(policy.clone()), "{printed}");
}

#[test]
fn printing_loses_nothing() {
    check_print(&taken(TEXT, PolicyType::ResourceBased));
    let odd = r#"{"Id": "a\"\\\n\u0001é😀", "Statement": [{"Effect": "Allow", "Principal": {"AWS": []}, "Action": "*"}]}"#;
    check_print(&taken(odd, PolicyType::ResourceBased));
    let trust =
        r#"{"Statement": {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}}"#;
    check_print(&taken(trust, PolicyType::RoleTrust));
}

fn spanned<T>(value: T) -> Spanned<T> {
    Spanned::new(value, Span::default())
}

fn text(pattern: &'static str) -> impl Strategy<Value = Spanned<Text>> {
    pattern.prop_map(|text| spanned(text.into()))
}

fn principal() -> impl Strategy<Value = PrincipalElement> {
    let aws = prop_oneof![
        Just(Principal::Everyone),
        "[0-9]{12}".prop_map(|id| Principal::Account { partition: None, account: id.into() }),
        "[0-9]{12}"
            .prop_map(|id| Principal::Account { partition: Some("aws-cn".into()), account: id.into() }),
        "arn:aws:iam::[0-9]{12}:user/([a-z]{1,3}/)?[a-z@=]{1,4}"
            .prop_map(|text| Principal::User(text.into())),
        "arn:aws:iam::[0-9]{12}:role/[a-z]{1,4}".prop_map(|text| Principal::Role(text.into())),
        "arn:aws:sts::[0-9]{12}:assumed-role/[a-z]{1,4}/[a-z@]{1,4}"
            .prop_map(|text| Principal::AssumedRoleSession(text.into())),
        "A(IDA|ROA)[A-Z0-9]{1,16}".prop_map(|text| Principal::UniqueId(text.into())),
    ];
    let service = "[a-z0-9-]{1,5}\\.amazonaws\\.com".prop_map(|text| Principal::Service(text.into()));
    let user = "[0-9a-f]{8}".prop_map(|text| Principal::CanonicalUser(text.into()));
    let lists = (
        prop::collection::vec(aws, 0..4),
        prop::collection::vec(service, 0..3),
        prop::collection::vec(user, 0..3),
        prop::sample::select(&[Sense::Listed, Sense::NotListed][..]),
    );
    lists.prop_map(|(aws, services, users, sense)| {
        let principals = aws.into_iter().chain(services).chain(users).map(spanned).collect();
        PrincipalElement { sense, principals, span: Span::default() }
    })
}

fn conditions() -> impl Strategy<Value = Vec<Condition>> {
    let operators: Vec<ConditionOperator> = ConditionOperator::all().collect();
    let keys = prop::collection::btree_map(
        "[a-z]{1,3}:[a-z/]{1,4}",
        prop::collection::vec(text("\\PC{0,6}"), 0..3),
        1..3,
    );
    let blocks = prop::collection::vec((0..operators.len(), keys), 0..3);
    blocks.prop_map(move |mut blocks| {
        blocks.sort_by_key(|(operator, _)| *operator);
        blocks.dedup_by_key(|(operator, _)| *operator);
        let conditions = blocks.into_iter().flat_map(|(operator, keys)| {
            let operator = spanned(operators[operator]);
            keys.into_iter().map(move |(key, values)| Condition {
                operator,
                key: spanned(key.into()),
                values: values.into(),
                span: Span::default(),
            })
        });
        conditions.collect()
    })
}

fn statement() -> impl Strategy<Value = Statement> {
    let senses = &[Sense::Listed, Sense::NotListed][..];
    let action = (
        prop::sample::select(senses),
        prop::collection::vec(text("\\*|[a-z0-9-]{1,4}:[ -9;-~é]{0,5}"), 1..4),
    )
        .prop_map(|(sense, patterns)| ActionElement {
            sense,
            patterns: patterns.into(),
            span: Span::default(),
        });
    let arn = "\\*|arn:(aws|\\*):[a-h]{1,3}:[a-z]{0,2}:[0-9*]{0,3}:\\PC{0,8}";
    let resource = (prop::sample::select(senses), prop::collection::vec(text(arn), 1..4)).prop_map(
        |(sense, patterns)| ResourceElement { sense, patterns: patterns.into(), span: Span::default() },
    );
    let sid = prop::option::of(text("\\PC{0,6}"));
    let effect = prop::sample::select(&[Effect::Allow, Effect::Deny][..]);
    (sid, effect, principal(), action, prop::option::of(resource), conditions()).prop_map(
        |(sid, effect, principal, action, resource, conditions)| Statement {
            sid,
            effect: spanned(effect),
            principal: Some(principal),
            action,
            resource,
            conditions,
            span: Span::default(),
        },
    )
}

proptest! {
    #[test]
    fn what_is_printed_reads_back_as_the_same_policy(
        statements in prop::collection::vec(statement(), 1..4),
        version in prop::sample::select(&[None, Some(Version::V2008), Some(Version::V2012)][..]),
        id in prop::option::of(text("\\PC{0,6}")),
    ) {
        check_print(&Policy {
            policy_type: PolicyType::ResourceBased,
            version: version.unwrap_or(Version::V2008),
            version_span: version.map(|_| Span::default()),
            id,
            statements,
            span: Span::default(),
        });
    }

    #[test]
    fn a_damaged_document_has_errors_or_a_policy(at in 0..TEXT.len(), length in 0..12_usize, patch in "[\\[\\]{}\",:a*]{0,3}") {
        let end = (at + length).min(TEXT.len());
        let text = format!("{}{patch}{}", &TEXT[..at], &TEXT[end..]);
        for policy_type in PolicyType::ALL {
            let (policy, diagnostics) = parse(&text, policy_type);
            assert_eq!(policy.is_some(), diagnostics.is_empty());
            for diagnostic in diagnostics {
                assert!(text.get(diagnostic.span.range()).is_some());
                assert!(code::ALL.contains(&diagnostic.code));
            }
        }
    }
}
