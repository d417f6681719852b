//! What people write into JSON that is not JSON: comments, stray commas, other languages' words and quotes.
//!
//! Each is an error with a remedy. Where the meaning is plain, reading goes on as if it had been written well.

use super::flat::Kind;
use super::reader::{CODE, Reader, Stop};
use crate::{Diagnostic, Span};

impl<'t> Reader<'t> {
    pub(super) fn byte_order_mark(&mut self) -> Result<(), Stop> {
        if !self.rest().starts_with('\u{FEFF}') {
            return Ok(());
        }
        let start = self.at;
        self.at += '\u{FEFF}'.len_utf8();
        let diagnostic =
            Diagnostic::error(CODE, self.span_from(start), "the text begins with a byte order mark (U+FEFF)");
        self.report(diagnostic.with_help("save the file as UTF-8 without a byte order mark"))
    }

    /// Skips a comment, or a space that JSON does not know; answers whether there was one.
    pub(super) fn odd_space(&mut self) -> Result<bool, Stop> {
        let start = self.at;
        let rest = self.rest();
        let comment = match () {
            () if rest.starts_with("//") || rest.starts_with('#') => {
                Some(rest.find('\n').unwrap_or(rest.len()))
            }
            () if rest.starts_with("/*") => {
                let end = rest.get(2..).and_then(|body| body.find("*/"));
                let Some(end) = end else {
                    self.at = self.text.len();
                    return self.stop(Diagnostic::error(
                        CODE,
                        self.span_from(start),
                        "the comment is never closed",
                    ));
                };
                Some(end + 4)
            }
            () => None,
        };
        if let Some(length) = comment {
            self.at += length;
            let diagnostic = Diagnostic::error(CODE, self.span_from(start), "JSON has no comments");
            self.report(diagnostic.with_help("delete it; a statement's `Sid` can say what it is for"))?;
            return Ok(true);
        }
        let is_space =
            |character: &char| character.is_whitespace() || matches!(character, '\u{FEFF}' | '\u{200B}');
        let Some(space) = rest.chars().next().filter(is_space) else { return Ok(false) };
        self.at += space.len_utf8();
        let message = format!("the space U+{:04X} is not one JSON knows", u32::from(space));
        let diagnostic = Diagnostic::error(CODE, self.span_from(start), message);
        self.report(diagnostic.with_help("replace it with a plain space"))?;
        Ok(true)
    }

    pub(super) fn trailing_comma(&mut self, comma: usize) -> Result<(), Stop> {
        let span = Span::new(comma as u32, comma as u32 + 1);
        let diagnostic = Diagnostic::error(CODE, span, "a comma follows the last item");
        self.report(diagnostic.with_help("delete the comma"))
    }

    pub(super) fn doubled_comma(&mut self) -> Result<(), Stop> {
        let start = self.at;
        self.at += 1;
        let diagnostic = Diagnostic::error(CODE, self.span_from(start), "there is no item before this comma");
        self.report(diagnostic.with_help("delete the comma"))
    }

    /// Something other than a comma or the closing bracket follows the item that ends at `end`.
    pub(super) fn missing_comma(&mut self, found: Option<u8>, end: usize) -> Result<(), Stop> {
        match found {
            None => self.unclosed_bracket(),
            Some(b']' | b'}') => self.wrong_bracket(),
            Some(b'"' | b'\'' | b'{' | b'[' | b'-' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z') => {
                let span = Span::new(end as u32, end as u32);
                let diagnostic = Diagnostic::error(CODE, span, "a comma is missing between two items");
                self.report(diagnostic.with_label("add `,` here").with_related(self.here(), "the next item"))
            }
            Some(_) => {
                let message = format!("expected `,` or the closing bracket, found `{}`", self.found());
                self.stop(Diagnostic::error(CODE, self.here(), message))
            }
        }
    }

    /// No colon follows the key just read.
    pub(super) fn missing_colon(&mut self) -> Result<(), Stop> {
        let (text, span) = self.flat.last().map(|key| (key.text(), key.span())).unwrap_or_default();
        let message = format!("expected `:` after the key `{text}`");
        match self.peek() {
            None => return self.unclosed_bracket(),
            Some(b',' | b']' | b'}') => {
                let diagnostic = Diagnostic::error(CODE, span, message).with_label("has no value");
                return self.stop(
                    diagnostic.with_help("an object holds `\"key\": value` pairs, an array plain values"),
                );
            }
            Some(_) => {}
        }
        let span = self.here();
        if self.peek() == Some(b'=') {
            self.at += 1;
        }
        self.report(Diagnostic::error(CODE, span, message))
    }

    /// A key that does not begin with a double quote.
    pub(super) fn odd_key(&mut self) -> Result<(), Stop> {
        let start = self.at;
        let key = match self.peek() {
            None => return self.unclosed_bracket(),
            Some(b']') => return self.wrong_bracket(),
            Some(b'\'') => return self.single_quoted(),
            Some(b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'$') => {
                let belongs = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | b'-');
                self.run(belongs)
            }
            Some(_) => return self.no_item("a key in double quotes"),
        };
        self.flat.push(Kind::String(key.into()), self.span_from(start));
        let diagnostic =
            Diagnostic::error(CODE, self.span_from(start), format!("the key `{key}` is not quoted"));
        self.report(diagnostic.with_help(format!("write `\"{key}\"`")))
    }

    /// A value that begins like none, or one of JSON's three words.
    pub(super) fn word(&mut self) -> Result<(), Stop> {
        let start = self.at;
        match self.peek() {
            None => return self.unclosed_bracket(),
            Some(b'\'') => return self.single_quoted(),
            Some(b'+' | b'.') => return self.number(),
            Some(b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'$') => {}
            Some(b']' | b'}') if self.closing_bracket().is_some_and(|wanted| self.peek() != Some(wanted)) => {
                return self.wrong_bracket();
            }
            Some(_) => return self.no_item("a value"),
        }
        let word = self.run(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$'));
        let (meant, json) = match word.to_ascii_lowercase().as_str() {
            "true" => (Kind::Bool(true), "true"),
            "false" => (Kind::Bool(false), "false"),
            "none" | "null" | "nil" | "undefined" | "nan" | "infinity" => (Kind::Null, "null"),
            _ => return self.unquoted(start),
        };
        self.flat.push(meant, self.span_from(start));
        if word == json {
            return Ok(());
        }
        let diagnostic =
            Diagnostic::error(CODE, self.span_from(start), format!("`{word}` is not a JSON word"));
        self.report(diagnostic.with_help(format!("write `{json}`, or quote it if it is text")))
    }

    /// Text without quotes: everything up to the next white space, comma, bracket or quote.
    fn unquoted(&mut self, start: usize) -> Result<(), Stop> {
        self.run(|byte| {
            !byte.is_ascii_whitespace() && !matches!(byte, b',' | b']' | b'}' | b'[' | b'{' | b'"')
        });
        let whole = self.text;
        let text = whole.get(start..self.at).unwrap_or_default();
        self.flat.push(Kind::String(text.into()), self.span_from(start));
        let diagnostic = Diagnostic::error(CODE, self.span_from(start), "this text is not quoted");
        self.report(diagnostic.with_help(format!("write `\"{text}\"`")))
    }

    fn single_quoted(&mut self) -> Result<(), Stop> {
        let start = self.at;
        self.odd_string(b'\'')?;
        let text = self.flat.last().map(|string| string.text()).unwrap_or_default();
        let help = format!("write `\"{text}\"`");
        let diagnostic = Diagnostic::error(CODE, self.span_from(start), "JSON strings take double quotes");
        self.report(diagnostic.with_help(help))
    }

    /// Takes the bytes that `belongs` holds for. Keep it to ASCII, or to all bytes of a character.
    pub(super) fn run(&mut self, belongs: impl Fn(&u8) -> bool) -> &'t str {
        let start = self.at;
        let rest = self.text.as_bytes().get(start..).unwrap_or_default();
        self.at += rest.iter().position(|byte| !belongs(byte)).unwrap_or(rest.len());
        let text = self.text;
        text.get(start..self.at).unwrap_or_default()
    }

    fn no_item<T>(&mut self, wanted: &str) -> Result<T, Stop> {
        let message = format!("expected {wanted}, found `{}`", self.found());
        let help = match self.found() {
            '“' | '”' | '„' | '‘' | '’' | '`' => Some("use the plain double quote `\"`"),
            '(' => Some("arrays are written in square brackets"),
            _ => None,
        };
        let diagnostic = Diagnostic::error(CODE, self.here(), message);
        self.stop(match help {
            Some(help) => diagnostic.with_help(help),
            None => diagnostic,
        })
    }

    fn wrong_bracket<T>(&mut self) -> Result<T, Stop> {
        let wanted = self.closing_bracket().map_or(' ', char::from);
        let message = format!("expected `{wanted}`, found `{}`", self.found());
        let diagnostic = Diagnostic::error(CODE, self.here(), message);
        self.stop(match self.opening_bracket() {
            Some(opening) => diagnostic.with_related(opening, "opened here"),
            None => diagnostic,
        })
    }

    fn unclosed_bracket<T>(&mut self) -> Result<T, Stop> {
        let Some(opening) = self.opening_bracket() else {
            return self.stop(Diagnostic::error(
                CODE,
                self.here(),
                "expected a value, found the end of the text",
            ));
        };
        let wanted = self.closing_bracket().map_or(' ', char::from);
        let diagnostic =
            Diagnostic::error(CODE, self.here(), format!("the text ends before the closing `{wanted}`"))
                .with_related(opening, "opened here and never closed");
        self.stop(diagnostic)
    }

    fn found(&self) -> char {
        self.rest().chars().next().unwrap_or(' ')
    }
}
