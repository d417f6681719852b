//! The reader against `serde_json`, and the words of its errors.

use super::*;
use proptest::prelude::*;

/// The tree as `serde_json` would have it.
fn value(node: &Node) -> serde_json::Value {
    match &node.value {
        Value::Null => serde_json::Value::Null,
        Value::Bool(value) => (*value).into(),
        Value::Number(lexeme) => serde_json::from_str(lexeme).unwrap(),
        Value::String(text) => (**text).into(),
        Value::Array(items) => items.iter().map(value).collect(),
        Value::Object(members) => {
            members.iter().map(|member| (member.key.value.to_string(), value(&member.value))).collect()
        }
    }
}

/// `text` is accepted or refused as `serde_json` does, but for duplicate keys, and means the same.
fn check_like_serde(text: &str) {
    let (node, diagnostics) = parse(text);
    let theirs = serde_json::from_str::<serde_json::Value>(text);
    if diagnostics.iter().any(|diagnostic| diagnostic.code == "duplicate-key") {
        return;
    }
    assert_eq!(diagnostics.is_empty(), theirs.is_ok(), "{text:?}: {diagnostics:?}, {theirs:?}");
    if let Ok(theirs) = theirs {
        assert_eq!(value(&node.unwrap()), theirs, "{text:?}");
    }
    for diagnostic in &diagnostics {
        assert!(text.get(diagnostic.span.range()).is_some(), "{text:?}: {diagnostic:?}");
    }
}

/// `text` gives these errors: the part of the text each points at, and its message.
fn check_errors(text: &str, expected: &[(&str, &str)]) {
    let (_, diagnostics) = parse(text);
    let found: Vec<_> = diagnostics
        .iter()
        .map(|diagnostic| (&text[diagnostic.span.range()], diagnostic.message.as_str()))
        .collect();
    assert_eq!(found, expected, "{text}");
}

fn nested(depth: usize) -> String {
    "[".repeat(depth) + &"]".repeat(depth)
}

#[test]
fn depth_is_limited_as_in_serde_json() {
    check_like_serde(&nested(127));
    check_like_serde(&nested(128));
    check_like_serde(&"{\"a\":".repeat(128));
    assert!(parse(&nested(127)).0.is_some());
    assert!(parse(&nested(128)).0.is_none());
    assert!(parse(&nested(1_000_000)).0.is_none());
}

#[test]
fn escapes_are_resolved() {
    for text in [
        r#""\"\\\/\b\f\n\r\t\u0041\u00e9\ud83d\ude00""#,
        r#""\ud800""#,
        r#""\udc00""#,
        r#""\ud800\u0041""#,
        r#""\ud800\ud800\udc00""#,
        r#""\u12""#,
        r#""\u+123""#,
        r#""\x""#,
        r#""\é""#,
        r#""\"#,
        "\"a\u{7f}\u{0}\"",
        "\"\u{2028}\"",
    ] {
        check_like_serde(text);
    }
}

#[test]
fn a_key_written_twice_is_refused_however_it_is_spelt() {
    check_errors(
        r#"{"Effect": "Allow", "\u0045ffect": "Deny"}"#,
        &[(r#""\u0045ffect""#, "`Effect` is written twice in one object")],
    );
    let many: String = (0..20).map(|index| format!("\"k{}\":0,", index % 18)).collect();
    let text = format!("{{{many}\"last\":0}}");
    check_errors(
        &text,
        &[
            ("\"k0\"", "`k0` is written twice in one object"),
            ("\"k1\"", "`k1` is written twice in one object"),
        ],
    );
    let (node, diagnostics) = parse(&text);
    assert_eq!(diagnostics[0].related[0].0, Span::new(1, 5));
    assert!(matches!(node.unwrap().value, Value::Object(members) if members.len() == 19));
}

#[test]
fn slips_are_named_and_read_past() {
    check_errors(
        "{'a': True, // yes\n b: [1, 2,], \"c\" \"d\" \"e\": None,}",
        &[
            ("'a'", "JSON strings take double quotes"),
            ("True", "`True` is not a JSON word"),
            ("// yes", "JSON has no comments"),
            ("b", "the key `b` is not quoted"),
            (",", "a comma follows the last item"),
            ("\"", "expected `:` after the key `c`"),
            ("", "a comma is missing between two items"),
            ("None", "`None` is not a JSON word"),
            (",", "a comma follows the last item"),
        ],
    );
    check_errors("[s3:GetObject]", &[("s3:GetObject", "this text is not quoted")]);
    check_errors(
        "[01, 1e999]",
        &[
            ("01", "a number does not begin with a zero: `01`"),
            ("1e999", "`1e999` is too large: a number must be below 1.8e308"),
        ],
    );
    check_errors("\u{feff}{}", &[("\u{feff}", "the text begins with a byte order mark (U+FEFF)")]);
    check_errors("{} {}", &[("{", "there is more text after the JSON value")]);
    check_errors("[\u{a0}1]", &[("\u{a0}", "the space U+00A0 is not one JSON knows")]);
    check_errors("[\"a\tb\"]", &[("\t", "a string cannot hold the control character U+0009 as it is")]);
    check_errors(r#"["a\db"]"#, &[(r"\d", r"JSON has no escape `\d`")]);
}

#[test]
fn what_cannot_be_read_past_ends_the_reading() {
    check_errors("", &[("", "the text is empty")]);
    check_errors("{\"a\": \"b\n}", &[("\"b", "the string is not closed on its line")]);
    check_errors("[\"b", &[("\"b", "the string is not closed before the text ends")]);
    check_errors("[{]", &[("]", "expected `}`, found `]`")]);
    check_errors("[[1}", &[("}", "expected `]`, found `}`")]);
    check_errors("[1, /*", &[("/*", "the comment is never closed")]);
    check_errors("{\"a\": 1", &[("", "the text ends before the closing `}`")]);
    check_errors("{\"a\"}", &[("\"a\"", "expected `:` after the key `a`")]);
    check_errors("{\"a\": }", &[("}", "expected a value, found `}`")]);
    check_errors("[“a”]", &[("“", "expected a value, found `“`")]);
    check_errors("]", &[("]", "expected a value, found `]`")]);
}

#[test]
fn a_flood_of_errors_is_cut_short() {
    let (node, diagnostics) = parse(&"[,,,,,,,,,,".repeat(1000));
    assert!(node.is_none());
    assert_eq!(diagnostics.len(), 101);
}

/// Pieces that JSON, and what looks like it, is made of.
fn fragment() -> impl Strategy<Value = String> {
    const FIXED: &[&str] = &[
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "\\",
        "'",
        "\"a\"",
        "\"\"",
        "\"\\u0061\"",
        "\\u",
        "\\ud800",
        "\\udc00",
        "null",
        "true",
        "false",
        "True",
        "0",
        "-",
        "1",
        ".5",
        "1e5",
        "e",
        "E+",
        "1e400",
        "00",
        " ",
        "\n",
        "\t",
        "\r",
        "/",
        "//",
        "/*",
        "*/",
        "#",
        "\u{feff}",
        "\u{a0}",
        "\u{0}",
        "é",
        "\u{10ffff}",
        "\u{b}",
    ];
    prop_oneof![4 => prop::sample::select(FIXED).prop_map(str::to_owned), 1 => any::<char>().prop_map(String::from)]
}

/// Well-formed values, as text.
fn well_formed() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        any::<bool>().prop_map(|value| value.to_string()),
        any::<f64>().prop_filter("finite", |value| value.is_finite()).prop_map(|value| format!("{value:e}")),
        any::<i64>().prop_map(|value| value.to_string()),
        any::<String>().prop_map(|text| serde_json::to_string(&text).unwrap()),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        let member = ("[a-d]{0,2}", inner.clone()).prop_map(|(key, value)| format!("\"{key}\" :{value}"));
        prop_oneof![
            prop::collection::vec(inner, 0..6).prop_map(|items| format!("[{}]", items.join(" , "))),
            prop::collection::vec(member, 0..6).prop_map(|members| format!("{{\n{}}}", members.join(",\t"))),
        ]
    })
}

proptest! {
    #[test]
    fn any_text_is_judged_as_serde_json_does(text in any::<String>()) {
        check_like_serde(&text);
    }

    #[test]
    fn any_heap_of_fragments_is_judged_as_serde_json_does(fragments in prop::collection::vec(fragment(), 0..24)) {
        check_like_serde(&fragments.concat());
    }

    #[test]
    fn well_formed_text_means_what_serde_json_says(text in well_formed()) {
        check_like_serde(&text);
    }

    #[test]
    fn damaged_text_is_judged_as_serde_json_does(
        text in well_formed(),
        at in any::<prop::sample::Index>(),
        cut in 0..3_usize,
        patch in fragment(),
    ) {
        let mut characters: Vec<char> = text.chars().collect();
        let at = at.index(characters.len() + 1);
        let end = (at + cut).min(characters.len());
        characters.splice(at..end, patch.chars());
        check_like_serde(&characters.into_iter().collect::<String>());
    }
}
