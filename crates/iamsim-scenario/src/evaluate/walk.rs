//! JSON as programs write it, walked without building a tree. Whatever is unusual — an escape, a fault — ends the
//! walk: the text is then read again by the careful reader, which says what is wrong.

use iamsim_syntax::json::plain_length;
use memchr::memchr2;

/// Walks a text from left to right. Every step is `None` when the text is not as usual.
pub(super) struct Walk<'t> {
    text: &'t str,
    at: usize,
}

/// A value as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Raw<'t> {
    pub(super) text: &'t str,
    /// Where it begins in the text.
    pub(super) start: usize,
}

impl<'t> Walk<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, at: 0 }
    }

    /// Walks the object that begins here; `member` walks the value of each key.
    pub(super) fn object(&mut self, mut member: impl FnMut(&mut Self, &'t str) -> Option<()>) -> Option<()> {
        self.take(b'{')?;
        if self.take(b'}').is_some() {
            return Some(());
        }
        loop {
            let key = self.string()?;
            self.take(b':')?;
            member(self, key)?;
            if self.ends(b'}')? {
                return Some(());
            }
        }
    }

    /// Walks the array that begins here; `item` walks each of its values.
    pub(super) fn array(&mut self, mut item: impl FnMut(&mut Self) -> Option<()>) -> Option<()> {
        self.take(b'[')?;
        if self.take(b']').is_some() {
            return Some(());
        }
        loop {
            item(self)?;
            if self.ends(b']')? {
                return Some(());
            }
        }
    }

    /// Whether that was the last member or item, before `bracket`; otherwise a comma is behind it.
    fn ends(&mut self, bracket: u8) -> Option<bool> {
        let byte = self.peek()?;
        self.at += 1;
        match byte {
            b',' => Some(false),
            byte => (byte == bracket).then_some(true),
        }
    }

    /// A string without escapes.
    pub(super) fn string(&mut self) -> Option<&'t str> {
        self.take(b'"')?;
        let rest = self.text.as_bytes().get(self.at..)?;
        let end = plain_length(rest);
        if rest.get(end) != Some(&b'"') {
            return None;
        }
        let text = self.text.get(self.at..self.at + end)?;
        self.at += end + 1;
        Some(text)
    }

    /// One of `true`, `false` and `null`.
    pub(super) fn word(&mut self) -> Option<&'t str> {
        self.peek()?;
        let word = ["true", "false", "null"].into_iter().find(|word| self.rest().starts_with(word))?;
        self.at += word.len();
        Some(word)
    }

    /// An array or object, of which no more is known than that its brackets are as many closing as opening.
    pub(super) fn raw(&mut self) -> Option<Raw<'t>> {
        if !matches!(self.peek()?, b'{' | b'[') {
            return None;
        }
        let (start, mut depth) = (self.at, 0_usize);
        loop {
            match self.text.as_bytes().get(self.at)? {
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth -= 1,
                b'"' => {
                    self.skip_string()?;
                    continue;
                }
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                return Some(Raw { text: self.text.get(start..self.at)?, start });
            }
        }
    }

    fn skip_string(&mut self) -> Option<()> {
        self.at += 1;
        loop {
            let found = memchr2(b'"', b'\\', self.text.as_bytes().get(self.at..)?)?;
            self.at += found;
            if self.text.as_bytes().get(self.at) == Some(&b'"') {
                self.at += 1;
                return Some(());
            }
            self.at += 2;
        }
    }

    /// The next byte that is no white space.
    pub(super) fn peek(&mut self) -> Option<u8> {
        loop {
            match *self.text.as_bytes().get(self.at)? {
                b' ' | b'\t' | b'\r' | b'\n' => self.at += 1,
                byte => return Some(byte),
            }
        }
    }

    /// Whether nothing but white space is left.
    pub(super) fn is_at_end(&mut self) -> bool {
        self.peek().is_none()
    }

    fn take(&mut self, byte: u8) -> Option<()> {
        // Programs write no more white space than they must.
        let is_here = self.text.as_bytes().get(self.at) == Some(&byte);
        (is_here || self.peek()? == byte).then(|| self.at += 1)
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Walks `text` as an object and lists its members as `key=value`.
    fn check(text: &str, expected: Option<&[&str]>) {
        let mut found = Vec::new();
        let mut walk = Walk::new(text);
        let walked = walk.object(|walk, key| {
            let value = match walk.peek()? {
                b'"' => walk.string()?,
                b'{' | b'[' => walk.raw()?.text,
                _ => walk.word()?,
            };
            found.push(format!("{key}={value}"));
            Some(())
        });
        let walked = walked.filter(|()| walk.is_at_end()).map(|()| found);
        let expected = expected.map(|members| members.iter().map(|member| (*member).to_owned()).collect());
        assert_eq!(walked, expected, "{text}");
    }

    #[test]
    fn members_are_found() {
        check("{}", Some(&[]));
        check(r#" { "a" : "b", "c":true } "#, Some(&["a=b", "c=true"]));
        check(r#"{"a":{"b":["}",{"c":"\"]"}]},"d":null}"#, Some(&[r#"a={"b":["}",{"c":"\"]"}]}"#, "d=null"]));
    }

    #[test]
    fn what_is_unusual_is_left_to_others() {
        let texts = [
            "",
            "{",
            "[]",
            r#"{"a":"b"#,
            r#"{"a":"\u0062"}"#,
            r#"{"a":"b",}"#,
            r#"{"a":"b";"c":"d"}"#,
            r#"{"a":"b"]"#,
            r#"{"a" "b"}"#,
            r#"{"a":[}"#,
            "{\"a\":\"\t\"}",
            r#"{"a":"b"} {}"#,
            r#"{"a":12}"#,
            r#"{"a":"b\"#,
            r#"{"a":{"b\"#,
            "{\u{feff}}",
        ];
        for text in texts {
            check(text, None);
        }
    }
}
