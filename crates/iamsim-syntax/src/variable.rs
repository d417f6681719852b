//! Policy variables: `${aws:username}`, `${aws:PrincipalTag/team, 'none'}`, `${*}`.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html>

use std::ops::Range;

use crate::scan::first_of;

/// A stretch of a string that may hold policy variables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Plain text.
    Text(&'a str),
    /// `${*}`, `${?}` or `${$}`: the character itself, never a wildcard.
    Literal(char),
    /// `${key}` or `${key, 'default'}`.
    Variable {
        /// The context key, compared without case.
        key: &'a str,
        /// What stands in when the key is absent.
        default: Option<&'a str>,
    },
    /// Something that begins like a variable and is none. It stands for its own text.
    Malformed(&'a str, Fault),
}

/// Why a `${…}` is no variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// `${}`
    Empty,
    /// `${aws:username`
    MissingBrace,
    /// `${key, 'default}`
    MissingQuote,
    /// `${aws: username}`
    Space,
}

/// Whether something in `text` begins like a variable.
#[must_use]
pub fn begins_in(text: &str) -> bool {
    // Few texts hold a dollar sign at all.
    first_of([b'$'], text.as_bytes()).is_some() && text.contains("${")
}

/// Cuts `text`, an element of a `2012-10-17` policy, into its pieces with their byte ranges. Pieces are in
/// order, do not overlap and cover the text. Nothing is nested: the text of a default is plain.
#[must_use]
pub fn pieces(text: &str) -> Vec<(Range<usize>, Piece<'_>)> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let (length, piece) = match rest.find("${") {
            Some(0) => variable(rest),
            Some(start) => (start, Piece::Text(&rest[..start])),
            None => (rest.len(), Piece::Text(rest)),
        };
        found.push((at..at + length, piece));
        at += length;
    }
    found
}

/// Reads the variable that `text` begins with; answers how long it is.
fn variable(text: &str) -> (usize, Piece<'_>) {
    let body = &text[2..];
    let Some(end) = closing_brace(body) else {
        let fault = if body.contains('}') { Fault::MissingQuote } else { Fault::MissingBrace };
        return (text.len(), Piece::Malformed(text, fault));
    };
    let length = end + 3;
    let malformed = |fault| (length, Piece::Malformed(&text[..length], fault));
    let body = &body[..end];
    match body {
        "" => return malformed(Fault::Empty),
        "*" => return (length, Piece::Literal('*')),
        "?" => return (length, Piece::Literal('?')),
        "$" => return (length, Piece::Literal('$')),
        _ => {}
    }
    let (key, default) = match body.split_once(',') {
        None => (body, None),
        Some((key, default)) => {
            let default = default.trim_matches(' ');
            let quoted = default.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''));
            match quoted {
                Some(default) => (key.trim_end_matches(' '), Some(default)),
                None => return malformed(Fault::MissingQuote),
            }
        }
    };
    match key {
        "" => malformed(Fault::Empty),
        _ if key.contains(char::is_whitespace) => malformed(Fault::Space),
        // The brace of another variable closed it.
        _ if key.contains("${") => malformed(Fault::MissingBrace),
        _ => (length, Piece::Variable { key, default }),
    }
}

/// The first `}` that is not inside the quotes of a default value.
fn closing_brace(body: &str) -> Option<usize> {
    let mut quoted = false;
    for (at, byte) in body.bytes().enumerate() {
        match byte {
            b'\'' => quoted = !quoted,
            b'}' if !quoted => return Some(at),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[Piece<'_>]) {
        let found: Vec<_> = pieces(text).into_iter().map(|(_, piece)| piece).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn a_variable_has_a_key_and_perhaps_a_default() {
        check("${aws:username}", &[Piece::Variable { key: "aws:username", default: None }]);
        check(
            "a/${aws:PrincipalTag/team, 'no, {none}'}/b",
            &[
                Piece::Text("a/"),
                Piece::Variable { key: "aws:PrincipalTag/team", default: Some("no, {none}") },
                Piece::Text("/b"),
            ],
        );
    }

    #[test]
    fn escapes_are_characters_and_are_not_scanned_again() {
        check("${$}{aws:username}", &[Piece::Literal('$'), Piece::Text("{aws:username}")]);
        check("a${*}${?}", &[Piece::Text("a"), Piece::Literal('*'), Piece::Literal('?')]);
    }

    #[test]
    fn what_is_malformed_stands_for_itself() {
        check("${}", &[Piece::Malformed("${}", Fault::Empty)]);
        check("${aws:username", &[Piece::Malformed("${aws:username", Fault::MissingBrace)]);
        check("${a, 'b}", &[Piece::Malformed("${a, 'b}", Fault::MissingQuote)]);
        check("${aws: username}", &[Piece::Malformed("${aws: username}", Fault::Space)]);
        check("${aws:x, none}", &[Piece::Malformed("${aws:x, none}", Fault::MissingQuote)]);
        let nested = Piece::Malformed("${${aws:username}", Fault::MissingBrace);
        check("${${aws:username}}", &[nested, Piece::Text("}")]);
    }
}
