//! Answers as JSON, the same bytes that their `Serialize` makes. By hand: millions of them are written.

use std::io;

use iamsim_syntax::json::plain_length;
use memchr::memchr2;
use serde::Serialize;

use crate::answer::{DecidedByAnswer, MatchedStatement};
use crate::evaluate::{CaseAnswer, CaseDecision, CaseResult};
use crate::expect::Expectation;

impl CaseAnswer {
    /// Writes the answer as JSON on one line, without a line break.
    ///
    /// # Errors
    /// None that memory does not run out of.
    pub fn write_json(&self, out: &mut Vec<u8>) -> io::Result<()> {
        let CaseResult::Decided(decided) = &self.result else { return other(self, out) };
        let word = self.expected.as_ref().map(Expectation::as_word);
        if !self.warnings.is_empty() || word == Some(None) || decided.dependence.is_some() {
            return other(self, out);
        }
        out.extend_from_slice(b"{\"id\":");
        optional(self.id.as_deref(), out);
        decision(decided, out);
        if let Some(word) = word.flatten() {
            self::word(b",\"expected\":", word, out);
        }
        if let Some(ok) = self.ok {
            out.extend_from_slice(if ok { b",\"ok\":true" } else { b",\"ok\":false" });
        }
        out.push(b'}');
        Ok(())
    }
}

/// What is rare goes the usual way.
fn other(value: &impl Serialize, out: &mut Vec<u8>) -> io::Result<()> {
    Ok(serde_json::to_writer(out, value)?)
}

fn decision(decided: &CaseDecision, out: &mut Vec<u8>) {
    let CaseDecision { decision, decided_by, matched_statements, missing_context_values, message, .. } =
        decided;
    let DecidedByAnswer { policy_type, kind } = decided_by;
    word(b",\"decision\":", decision, out);
    match policy_type {
        Some(policy_type) => word(b",\"decidedBy\":{\"policyType\":", policy_type, out),
        None => out.extend_from_slice(b",\"decidedBy\":{\"policyType\":null"),
    }
    word(b",\"kind\":", kind, out);
    out.extend_from_slice(b"},\"matchedStatements\":[");
    for (at, matched) in matched_statements.iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        statement(matched, out);
    }
    out.extend_from_slice(b"],\"missingContextValues\":[");
    for (at, name) in missing_context_values.iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        string(name, out);
    }
    out.extend_from_slice(b"],\"message\":");
    optional(message.as_deref(), out);
}

fn statement(matched: &MatchedStatement, out: &mut Vec<u8>) {
    match &matched.json {
        Some(json) => out.extend_from_slice(json),
        None => parts(matched, out),
    }
}

impl MatchedStatement {
    pub(crate) fn to_json(&self) -> Box<[u8]> {
        let mut out = Vec::new();
        parts(self, &mut out);
        out.into()
    }
}

fn parts(matched: &MatchedStatement, out: &mut Vec<u8>) {
    let MatchedStatement { policy_type, policy, sid, line, column, source: _, span: _, json: _ } = matched;
    key(b"{\"policyType\":", policy_type, out);
    key(b",\"policy\":", policy, out);
    out.extend_from_slice(b",\"sid\":");
    optional(sid.as_deref(), out);
    out.extend_from_slice(b",\"line\":");
    number(*line, out);
    out.extend_from_slice(b",\"column\":");
    number(*column, out);
    out.push(b'}');
}

fn number(value: u32, out: &mut Vec<u8>) {
    let start = out.len();
    let mut rest = value;
    loop {
        out.push(b'0' + (rest % 10) as u8);
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    out.get_mut(start..).unwrap_or_default().reverse();
}

/// A key whose value is a word of ours, in which nothing must be escaped.
fn word(key: &[u8], value: &'static str, out: &mut Vec<u8>) {
    out.extend_from_slice(key);
    out.push(b'"');
    out.extend_from_slice(value.as_bytes());
    out.push(b'"');
}

fn key(key: &[u8], value: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(key);
    string(value, out);
}

fn optional(text: Option<&str>, out: &mut Vec<u8>) {
    match text {
        Some(text) => string(text, out),
        None => out.extend_from_slice(b"null"),
    }
}

/// A string in quotes, with what must be escaped escaped.
fn string(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    let mut rest = text.as_bytes();
    // Looking at all bytes alike takes the processor far less than stopping at the first that is special.
    let least = rest.iter().fold(u8::MAX, |least, byte| least.min(*byte));
    let next = |rest: &[u8]| match least {
        b' '.. => memchr2(b'"', b'\\', rest).unwrap_or(rest.len()),
        _ => plain_length(rest),
    };
    loop {
        let (run, special) = rest.split_at(next(rest));
        out.extend_from_slice(run);
        let Some((byte, after)) = special.split_first() else { break };
        escape(*byte, out);
        rest = after;
    }
    out.push(b'"');
}

fn escape(byte: u8, out: &mut Vec<u8>) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let letter = match byte {
        b'"' | b'\\' => byte,
        b'\n' => b'n',
        b'\r' => b'r',
        b'\t' => b't',
        0x08 => b'b',
        0x0C => b'f',
        _ => {
            let digit = |value: u8| DIGITS.get(usize::from(value)).copied().unwrap_or(b'0');
            out.extend_from_slice(&[b'\\', b'u', b'0', b'0', digit(byte >> 4), digit(byte & 15)]);
            return;
        }
    };
    out.extend_from_slice(&[b'\\', letter]);
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;
    use crate::source::Source;
    use iamsim_syntax::Span;

    proptest! {
        #[test]
        fn a_string_is_written_as_serde_does(text in any::<String>()) {
            let mut out = Vec::new();
            string(&text, &mut out);
            prop_assert_eq!(String::from_utf8(out).unwrap(), serde_json::to_string(&text).unwrap());
        }
    }

    #[test]
    fn a_number_is_written_as_serde_does() {
        for value in [0, 9, 10, 1_204, u32::MAX] {
            let mut out = Vec::new();
            number(value, &mut out);
            assert_eq!(String::from_utf8(out).unwrap(), value.to_string());
        }
    }

    #[test]
    fn an_answer_is_written_as_serde_does() {
        let statement = |sid: Option<&str>| {
            let mut statement = MatchedStatement {
                policy_type: "identity-based",
                policy: "a \"policy\"".to_owned(),
                sid: sid.map(str::to_owned),
                line: 3,
                column: 17,
                source: Arc::new(Source::new("", "")),
                span: Span::new(0, 0),
                json: None,
            };
            statement.json = sid.map(|_| statement.to_json());
            Arc::new(statement)
        };
        let decided = |message: Option<&str>| CaseDecision {
            decision: "explicitDeny",
            dependence: None,
            decided_by: DecidedByAnswer { policy_type: message.and(Some("session")), kind: "explicitDeny" },
            matched_statements: vec![statement(None), statement(Some("Sid"))],
            missing_context_values: vec!["aws:userid".to_owned(), "é\n".to_owned()],
            message: message.map(str::to_owned),
        };
        let answer = |id: Option<&str>, message, expected, ok| CaseAnswer {
            id: id.map(str::to_owned),
            result: CaseResult::Decided(decided(message)),
            expected,
            ok,
            warnings: Vec::new(),
        };
        let by = Expectation { message: Some("because".to_owned()), ..Expectation::default() };
        for answer in [
            answer(None, None, None, None),
            answer(Some("a"), Some("no \\ \u{1}"), Expectation::of_word("denied"), Some(false)),
            answer(Some("a"), Some("no"), Some(by), Some(true)),
        ] {
            let mut out = Vec::new();
            answer.write_json(&mut out).unwrap();
            assert_eq!(String::from_utf8(out).unwrap(), serde_json::to_string(&answer).unwrap());
        }
    }
}
