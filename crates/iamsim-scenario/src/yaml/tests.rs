use iamsim_syntax::json::{Node, Value};
use proptest::prelude::*;

use super::parse;

/// The tree as JSON, and the text under the span of every scalar, so that both are checked at once.
fn show(text: &str, node: &Node) -> String {
    let under = |span: iamsim_syntax::Span| text.get(span.range()).unwrap_or("?");
    match &node.value {
        Value::Null => format!("null<{}>", under(node.span)),
        Value::Bool(value) => format!("{value}<{}>", under(node.span)),
        Value::Number(number) => format!("{number}<{}>", under(node.span)),
        Value::String(string) => format!("{string:?}<{}>", under(node.span)),
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(|item| show(text, item)).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(members) => {
            let member = |member: &iamsim_syntax::json::Member| {
                format!("{}: {}", under(member.key.span), show(text, &member.value))
            };
            let members: Vec<_> = members.iter().map(member).collect();
            format!("{{{}}}", members.join(", "))
        }
    }
}

#[track_caller]
fn check(text: &str, expected: &str) {
    let (node, diagnostics) = parse(text);
    assert_eq!(diagnostics, []);
    assert_eq!(show(text, &node.unwrap()), expected);
}

#[track_caller]
fn check_fault(text: &str, message: &str, under: &str) {
    let (_, diagnostics) = parse(text);
    let found: Vec<_> = diagnostics
        .iter()
        .map(|found| (found.message.as_str(), text.get(found.span.range()).unwrap_or("?")))
        .collect();
    assert_eq!(found, [(message, under)]);
}

#[test]
fn scalars_follow_the_core_schema() {
    check("[~, null, True, false]", "[null<~>, null<null>, true<True>, false<false>]");
    check("[1, -1.50e3, 0x1F, +2, .5]", "[1<1>, -1.50e3<-1.50e3>, 0x1F<0x1F>, +2<+2>, .5<.5>]");
    check(
        "[yes, 2012-10-17, 1h, e1, '1', .]",
        r#"["yes"<yes>, "2012-10-17"<2012-10-17>, "1h"<1h>, "e1"<e1>, "1"<'1'>, "."<.>]"#,
    );
    check("2024-06-01T12:00:00Z", r#""2024-06-01T12:00:00Z"<2024-06-01T12:00:00Z>"#);
    check("!!str 1", r#""1"<!!str 1>"#);
    check("", "null<>");
}

#[test]
fn spans_are_bytes_in_any_script() {
    check("é: ü # ß\nà: [日本, \"\\u00e9\"]\n", r#"{é: "ü"<ü>, à: ["日本"<日本>, "é"<"\u00e9">]}"#);
    check("\u{FEFF}a: b\r\nc: d\r\n", r#"{a: "b"<b>, c: "d"<d>}"#);
}

#[test]
fn block_scalars_end_with_their_text() {
    check("a: |\n  x\n  y\n\nb: 1\n", "{a: \"x\\ny\\n\"<x\n  y>, b: 1<1>}");
    check("a: >-\n  x\n  y\nb: 1\n", "{a: \"x y\"<x\n  y>, b: 1<1>}");
}

#[test]
fn json_is_yaml() {
    check(r#"{"a": [1, {"b": null}]}"#, r#"{"a": [1<1>, {"b": null<null>}]}"#);
}

#[test]
fn aliases_repeat_what_they_name() {
    check("a: &x {k: 1}\nb: *x\n", "{a: {k: 1<1>}, b: {k: 1<1>}}");
}

#[test]
fn collections_span_from_their_first_to_their_last_character() {
    let text = "a:\n  - x\n  - y # end\n\nb: [1, 2]\n";
    let (node, _) = parse(text);
    let node = node.unwrap();
    let under = |key: &str| text.get(node.member(key).unwrap().value.span.range()).unwrap();
    assert_eq!((under("a"), under("b")), ("- x\n  - y", "[1, 2]"));
}

#[test]
fn what_is_no_yaml_is_said_in_words() {
    check_fault("- a: \"x\n- b\n", "this quote is not closed where its text ends", "\"");
    check_fault("- a: x\n\tb: y\n", "the line after this begins with a tab", "x");
    check_fault("a: [", "a value is missing here", "");
    check_fault("a: x\0y\n", "YAML takes no control characters", "\0");
    check_fault("a:\n\tb: 1\n", "a tab cannot indent YAML", "\t");
    check_fault("a: 1\n b: 2\n", "a `key: value` cannot begin here", ":");
    check_fault("a:\n  b: 1\n c: 1\n", "this line is indented like none above", "c");
    check_fault("a: \"x\n", "this quote is never closed", "\"");
    check_fault("a: @x\n", "a value cannot begin with this character", "@");
    check_fault("a: *x\n", "no anchor of this name stands before", "*");
    check_fault("[1]]", "this bracket closes none", "]");
    check_fault("a: \"\\q\"\n", "there is no such escape in double quotes", "\"");
}

#[test]
fn what_yaml_allows_and_we_do_not() {
    check_fault("a: 1\n---\nb: 1\n", "a second document begins here", "---");
    check_fault("a: 1\nb: 2\na: 3\n", "`a` is written twice in one object", "a");
    check_fault("? [a]\n: 1\n", "an array cannot be a key", "[a]");
    check_fault("a: !secret x\n", "the tag `!secret` means nothing here", "!secret x");
}

#[test]
fn aliases_cannot_fill_the_memory() {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..20 {
        let alias = format!("*a{}", level - 1);
        text += &format!("a{level}: &a{level} [{}]\n", [alias.as_str(); 10].join(", "));
    }
    let (node, diagnostics) = parse(&text);
    assert!(node.is_none());
    assert_eq!(diagnostics[0].message, "aliases make this document too large");
}

#[test]
fn depth_is_limited() {
    for text in ["[".repeat(100_000), "- ".repeat(100_000), "? ".repeat(10_000), "a: &a [*a]".to_owned()] {
        let (node, diagnostics) = parse(&text);
        assert!(node.is_none() && diagnostics.len() == 1, "{diagnostics:?}");
    }
}

/// Every span in a tree.
fn spans(node: &Node, found: &mut Vec<iamsim_syntax::Span>) {
    found.push(node.span);
    match &node.value {
        Value::Array(items) => items.iter().for_each(|item| spans(item, found)),
        Value::Object(members) => {
            for member in members {
                found.push(member.key.span);
                spans(&member.value, found);
            }
        }
        _ => {}
    }
}

/// The tree with nothing but values.
fn bare(node: &Node) -> String {
    match &node.value {
        Value::Array(items) => format!("{:?}", items.iter().map(bare).collect::<Vec<_>>()),
        Value::Object(members) => {
            let member =
                |member: &iamsim_syntax::json::Member| (member.key.value.clone(), bare(&member.value));
            format!("{:?}", members.iter().map(member).collect::<Vec<_>>())
        }
        value => format!("{value:?}"),
    }
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "[ -~\\n\\t\\ré日\u{feff}&*!|>'\"%@`{}\\[\\],:?#-]{0,60}") {
        let (node, diagnostics) = parse(&text);
        let mut found: Vec<_> = diagnostics.iter().map(|diagnostic| diagnostic.span).collect();
        if let Some(node) = &node {
            spans(node, &mut found);
        }
        prop_assert!(node.is_some() || !diagnostics.is_empty());
        for span in found {
            prop_assert!(text.get(span.range()).is_some(), "{span:?} of {text:?}");
        }
    }

    #[test]
    fn json_means_the_same_as_yaml(value in json()) {
        let text = value.to_string();
        let (as_json, _) = iamsim_syntax::json::parse(&text);
        let (as_yaml, diagnostics) = parse(&text);
        prop_assert_eq!(diagnostics, []);
        prop_assert_eq!(bare(&as_yaml.unwrap()), bare(&as_json.unwrap()));
    }
}

fn json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        "[ -~é日\\n]{0,12}".prop_map(Into::into),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Into::into),
            prop::collection::btree_map("[ -~é]{1,8}", inner, 0..6)
                .prop_map(|members| serde_json::Value::Object(members.into_iter().collect())),
        ]
    })
}
