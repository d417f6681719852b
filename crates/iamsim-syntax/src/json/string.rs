//! JSON strings: everything between the quotes, escapes resolved.

use std::borrow::Cow;

use super::flat::Kind;
use super::reader::{CODE, Reader, Stop};
use crate::scan::spread;
use crate::{Diagnostic, Span};

impl<'t> Reader<'t> {
    /// Reads the string that begins here. Most strings have no escape and are not copied.
    // Apart, for keys and values to share.
    #[inline(never)]
    pub(super) fn string(&mut self) -> Result<(), Stop> {
        let (start, text) = (self.at, self.text);
        let body = text.get(start + 1..).unwrap_or_default();
        let Some((plain, [b'"', ..])) = body
            .split_at_checked(plain_length(body.as_bytes()))
            .map(|(plain, after)| (plain, after.as_bytes()))
        else {
            return self.odd_string(b'"');
        };
        self.at = start + plain.len() + 2;
        self.flat.push(Kind::String(Cow::Borrowed(plain)), self.span_from(start));
        Ok(())
    }

    /// Reads a string that begins here with `quote` and may have escapes.
    #[cold]
    pub(super) fn odd_string(&mut self, quote: u8) -> Result<(), Stop> {
        let start = self.at;
        let mut text = String::new();
        self.at += 1;
        loop {
            text.push_str(self.plain_run(quote));
            match self.peek() {
                Some(byte) if byte == quote => {
                    self.at += 1;
                    self.flat.push(Kind::String(Cow::Owned(text)), self.span_from(start));
                    return Ok(());
                }
                Some(b'\\') => self.escape(&mut text)?,
                Some(b'\n' | b'\r') | None => return self.unclosed(start),
                Some(control) => {
                    self.control_character(control)?;
                    text.push(control as char);
                }
            }
        }
    }

    /// Takes the plain text up to the next byte that means something else.
    fn plain_run(&mut self, quote: u8) -> &'t str {
        self.run(|byte| *byte != quote && *byte != b'\\' && *byte >= 0x20)
    }

    fn escape(&mut self, text: &mut String) -> Result<(), Stop> {
        let start = self.at;
        self.at += 1;
        let Some(letter) = self.peek() else { return Ok(()) };
        self.at += 1;
        let character = match letter {
            b'"' => '"',
            b'\\' => '\\',
            b'/' => '/',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.unicode_escape(start, text),
            _ => {
                self.at -= 1;
                return self.unknown_escape(start);
            }
        };
        text.push(character);
        Ok(())
    }

    /// `\u0041`, or two of them that together name a character beyond the first 65,536.
    fn unicode_escape(&mut self, start: usize, text: &mut String) -> Result<(), Stop> {
        let Some(unit) = self.four_digits() else {
            let diagnostic =
                Diagnostic::error(CODE, self.span_from(start), "`\\u` needs four hexadecimal digits");
            return self.report(diagnostic.with_help("write the backslash itself as `\\\\`"));
        };
        let code_point = match unit {
            0xD800..=0xDBFF if self.rest().starts_with("\\u") => {
                let second = self.at;
                self.at += 2;
                match self.four_digits() {
                    Some(low @ 0xDC00..=0xDFFF) => 0x1_0000 + ((unit - 0xD800) << 10) + (low - 0xDC00),
                    _ => {
                        self.at = second;
                        unit
                    }
                }
            }
            _ => unit,
        };
        let Some(character) = char::from_u32(code_point) else {
            let message = "half of a surrogate pair is not a character";
            let help = "characters beyond U+FFFF are written as two escapes, such as `\\ud83d\\ude00`";
            return self.report(Diagnostic::error(CODE, self.span_from(start), message).with_help(help));
        };
        text.push(character);
        Ok(())
    }

    fn four_digits(&mut self) -> Option<u32> {
        let digits = self.text.as_bytes().get(self.at..self.at + 4)?;
        let mut unit = 0;
        for digit in digits {
            unit = unit * 16 + (*digit as char).to_digit(16)?;
        }
        self.at += 4;
        Some(unit)
    }

    fn unknown_escape(&mut self, start: usize) -> Result<(), Stop> {
        let span = Span::new(start as u32, self.here().end);
        let written = self.text.get(span.range()).unwrap_or_default().escape_debug().to_string();
        let written = written.replacen("\\\\", "\\", 1);
        let diagnostic = Diagnostic::error(CODE, span, format!("JSON has no escape `{written}`"));
        self.report(diagnostic.with_help("write the backslash itself as `\\\\`"))
    }

    fn control_character(&mut self, control: u8) -> Result<(), Stop> {
        let start = self.at;
        self.at += 1;
        let escape = match control {
            b'\t' => "\\t".to_owned(),
            other => format!("\\u{other:04x}"),
        };
        let message = format!("a string cannot hold the control character U+{control:04X} as it is");
        let diagnostic = Diagnostic::error(CODE, self.span_from(start), message);
        self.report(diagnostic.with_help(format!("write `{escape}`")))
    }

    fn unclosed<T>(&mut self, start: usize) -> Result<T, Stop> {
        let ended = if self.peek().is_some() { "on its line" } else { "before the text ends" };
        let diagnostic =
            Diagnostic::error(CODE, self.span_from(start), format!("the string is not closed {ended}"))
                .with_label("begins here")
                .with_help("end the string with a quote; a line break inside one is written `\\n`");
        self.stop(diagnostic)
    }
}

/// How many bytes come before the first that no string of JSON has as it is: a quote, a backslash, a control character.
/// Looks at eight at a time.
///
/// To take a number from each byte of a word sets the top bit of those below it, where it was not set before.
/// What is borrowed may set that of bytes above the lowest such one too, which does not matter. The bit turned first
/// makes a quote, and nothing else but control characters, less than a space's successor.
#[must_use]
#[inline]
pub fn plain_length(bytes: &[u8]) -> usize {
    let mut rest = bytes;
    while let Some((word, after)) = rest.split_first_chunk() {
        let word = u64::from_le_bytes(*word);
        let quote_or_control = (word ^ spread(b'"' ^ b' ')).wrapping_sub(spread(b' ' + 1));
        let backslash = (word ^ spread(b'\\')).wrapping_sub(spread(1));
        let special = (quote_or_control | backslash) & !word & spread(0x80);
        if special != 0 {
            return bytes.len() - rest.len() + special.trailing_zeros() as usize / 8;
        }
        rest = after;
    }
    let special = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..0x20);
    bytes.len() - rest.len() + rest.iter().position(special).unwrap_or(rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn eight_at_a_time_finds_what_one_at_a_time_does(bytes in prop::collection::vec(
            prop_oneof![Just(b'"'), Just(b'\\'), Just(b'!'), Just(b'['), Just(0x1F), Just(0x20), any::<u8>()], 0..40,
        )) {
            let special = |byte: &u8| *byte == b'"' || *byte == b'\\' || *byte < 0x20;
            let expected = bytes.iter().position(special).unwrap_or(bytes.len());
            prop_assert_eq!(plain_length(&bytes), expected);
        }
    }
}
