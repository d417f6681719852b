//! The plain values of our formats.

use iamsim_engine::AccountId;
use iamsim_syntax::json::{Node, Value};
use iamsim_syntax::literal::Instant;
use iamsim_syntax::{Diagnostic, Span};

use crate::decode::{Decoder, did_you_mean};

impl Decoder<'_> {
    /// A string.
    pub(crate) fn string<'n>(&mut self, node: &'n Node, what: &str) -> Option<&'n str> {
        let text = node.as_str();
        if text.is_none() {
            self.wrong_type(node, what, "a string");
        }
        text
    }

    /// A string, or a number or boolean that stands for its text.
    pub(crate) fn text(&mut self, node: &Node, what: &str) -> Option<String> {
        match &node.value {
            Value::String(text) | Value::Number(text) => Some(String::from(&**text)),
            Value::Bool(value) => Some(value.to_string()),
            Value::Null | Value::Array(_) | Value::Object(_) => {
                self.wrong_type(node, what, "text");
                None
            }
        }
    }

    /// Strings, or one.
    pub(crate) fn strings(&mut self, node: &Node, what: &str) -> Vec<String> {
        self.items(node).iter().filter_map(|item| self.string(item, what).map(str::to_owned)).collect()
    }

    /// `true` or `false`.
    pub(crate) fn boolean(&mut self, node: &Node, what: &str) -> Option<bool> {
        if let Value::Bool(value) = node.value {
            return Some(value);
        }
        self.wrong_type(node, what, "true or false");
        None
    }

    /// One of a few words.
    pub(crate) fn word<T: Copy>(&mut self, node: &Node, what: &str, words: &[(&str, T)]) -> Option<T> {
        let written = self.string(node, what)?;
        if let Some((_, value)) = words.iter().find(|(word, _)| *word == written) {
            return Some(*value);
        }
        // A name in several words is another for one of the others.
        let names: Vec<_> = words.iter().map(|(word, _)| *word).filter(|word| !word.contains(' ')).collect();
        let help = did_you_mean(written, names.iter().copied())
            .or_else(|| did_you_mean(written, words.iter().map(|(word, _)| *word)))
            .unwrap_or_else(|| format!("it is one of {}", names.join(", ")));
        let message = format!("{what} cannot be `{written}`");
        self.report(Diagnostic::error("unknown-word", node.span, message).with_help(help));
        None
    }

    /// Twelve digits in quotes.
    pub(crate) fn account(&mut self, node: &Node) -> Option<AccountId> {
        if let Value::Number(digits) = &node.value {
            let diagnostic =
                Diagnostic::error("invalid-account-id", node.span, "an account id must be in quotes");
            self.report(
                diagnostic.with_help(format!("write `\"{digits}\"`: as a number it may lose leading zeros")),
            );
            return AccountId::parse(digits);
        }
        let text = self.string(node, "an account id")?;
        self.account_id(text, node.span)
    }

    /// Twelve digits.
    pub(crate) fn account_id(&mut self, text: &str, span: Span) -> Option<AccountId> {
        let account = AccountId::parse(text);
        if account.is_none() {
            let message = format!("`{text}` is not an account id");
            let diagnostic = Diagnostic::error("invalid-account-id", span, message);
            self.report(diagnostic.with_help("an account id is a string of twelve digits"));
        }
        account
    }

    /// `90s`, `15m`, `1h`, `1h30m`, `2d`: milliseconds.
    pub(crate) fn duration(&mut self, node: &Node) -> Option<i64> {
        let text = self.text(node, "a duration")?;
        let milliseconds = duration(&text);
        if milliseconds.is_none() {
            let message = format!("`{text}` is not a duration");
            let diagnostic = Diagnostic::error("invalid-duration", node.span, message);
            self.report(diagnostic.with_help("write a number and a unit: `900s`, `15m`, `1h`, `2d`"));
        }
        milliseconds
    }

    /// `2024-06-01T12:00:00Z`: milliseconds since 1970.
    pub(crate) fn instant(&mut self, node: &Node) -> Option<Instant> {
        let text = self.string(node, "an instant")?;
        let instant = Instant::parse(text).filter(|_| text.contains('-'));
        if instant.is_none() {
            let message = format!("`{text}` is not a point in time");
            let diagnostic = Diagnostic::error("invalid-instant", node.span, message);
            self.report(diagnostic.with_help("write it like `2024-06-01T12:00:00Z`"));
        }
        instant
    }
}

fn duration(text: &str) -> Option<i64> {
    let mut rest = text;
    let mut total: i64 = 0;
    while !rest.is_empty() {
        let unit = rest.find(|character: char| !character.is_ascii_digit())?;
        let (digits, after) = rest.split_at(unit);
        let number: i64 = digits.parse().ok()?;
        let mut characters = after.chars();
        let seconds = match characters.next()? {
            's' => 1,
            'm' => 60,
            'h' => 3600,
            'd' => 86_400,
            _ => return None,
        };
        total = total.checked_add(number.checked_mul(seconds * 1000)?)?;
        rest = characters.as_str();
    }
    (!text.is_empty()).then_some(total)
}

#[cfg(test)]
mod tests {
    use super::duration;

    #[test]
    fn durations_are_numbers_with_units() {
        for (text, seconds) in
            [("900s", 900), ("15m", 900), ("1h", 3600), ("90d", 7_776_000), ("1h30m", 5400)]
        {
            assert_eq!(duration(text), Some(seconds * 1000), "{text}");
        }
        for text in ["", "1", "h", "1y", "-1h", "1 h", "99999999999999999999s", "9999999999999999d"] {
            assert_eq!(duration(text), None, "{text}");
        }
    }
}
