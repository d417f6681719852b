//! Structured values: the AWS CLI's shorthand, `Key=team,Value=payments`, or JSON.
//!
//! Source: <https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-shorthand.html>

use serde_json::{Map, Value};

use crate::shell::Word;

/// Values inside values that are read; deeper ones are taken as text.
const DEEPEST: usize = 16;

/// The values of a flag: every item of a JSON array, or one value for each word.
pub(crate) fn values(words: &[Word]) -> Vec<Value> {
    let mut all = Vec::new();
    for word in words {
        match value(&word.text) {
            Value::Array(items) => all.extend(items),
            other => all.push(other),
        }
    }
    all
}

/// One value: JSON, shorthand, or plain text.
pub(crate) fn value(text: &str) -> Value {
    if text.trim_start().starts_with(['{', '['])
        && let Ok(json) = serde_json::from_str(text)
    {
        return json;
    }
    let mut reader = Reader { rest: text, depth: 0 };
    match reader.structure() {
        Some(members) if reader.rest.is_empty() => Value::Object(members),
        _ => Value::String(text.to_owned()),
    }
}

struct Reader<'a> {
    rest: &'a str,
    depth: usize,
}

impl<'a> Reader<'a> {
    /// `key=value,key=value`
    fn structure(&mut self) -> Option<Map<String, Value>> {
        let mut members = Map::new();
        loop {
            let key = self.key()?;
            let mut value = self.value()?;
            while self.rest.starts_with(',') && !self.key_follows() {
                self.rest = self.rest.get(1..)?;
                if self.rest.is_empty() {
                    break;
                }
                let next = self.value()?;
                value = match value {
                    Value::Array(mut items) => {
                        items.push(next);
                        Value::Array(items)
                    }
                    first => Value::Array(vec![first, next]),
                };
            }
            members.insert(key.to_owned(), value);
            match self.rest.strip_prefix(',') {
                Some(rest) => self.rest = rest,
                None => return Some(members),
            }
        }
    }

    fn key(&mut self) -> Option<&'a str> {
        let (key, rest) = self.rest.split_once('=')?;
        if key.is_empty() || key.contains([',', '[', ']', '{', '}', '"', '\'']) {
            return None;
        }
        self.rest = rest;
        Some(key.trim())
    }

    /// Whether `,key=` comes next.
    fn key_follows(&self) -> bool {
        let after = self.rest.get(1..).unwrap_or_default();
        Reader { rest: after, depth: self.depth }.key().is_some()
    }

    fn value(&mut self) -> Option<Value> {
        match self.rest.chars().next() {
            Some('{') => {
                let members = self.inside('}', Self::structure)?;
                Some(Value::Object(members))
            }
            Some('[') => self.inside(']', Self::items).map(Value::Array),
            Some(quote @ ('\'' | '"')) => {
                let (text, rest) = self.rest.get(1..)?.split_once(quote)?;
                self.rest = rest;
                Some(Value::String(text.to_owned()))
            }
            _ => {
                let end = self.rest.find([',', ']', '}']).unwrap_or(self.rest.len());
                let (text, rest) = self.rest.split_at(end);
                self.rest = rest;
                Some(Value::String(text.to_owned()))
            }
        }
    }

    fn items(&mut self) -> Option<Vec<Value>> {
        let mut items = Vec::new();
        while !self.rest.starts_with(']') {
            items.push(self.value()?);
            match self.rest.strip_prefix(',') {
                Some(rest) => self.rest = rest,
                None => break,
            }
        }
        Some(items)
    }

    fn inside<T>(&mut self, close: char, read: fn(&mut Self) -> Option<T>) -> Option<T> {
        if self.depth == DEEPEST {
            return None;
        }
        self.rest = self.rest.get(1..)?;
        self.depth += 1;
        let found = read(self)?;
        self.depth -= 1;
        self.rest = self.rest.strip_prefix(close)?;
        Some(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, json: &str) {
        let expected: Value = serde_json::from_str(json).unwrap();
        assert_eq!(value(text), expected, "{text}");
    }

    #[test]
    fn shorthand_and_json_say_the_same() {
        check("Key=team,Value=payments", r#"{"Key": "team", "Value": "payments"}"#);
        check(r#"{"Key": "team"}"#, r#"{"Key": "team"}"#);
        check(
            "ResourceType=instance,Tags=[{Key=a,Value=b},{Key=c,Value=}]",
            r#"{"ResourceType": "instance", "Tags": [{"Key": "a", "Value": "b"}, {"Key": "c", "Value": ""}]}"#,
        );
        check("k=a,b,j=c", r#"{"k": ["a", "b"], "j": "c"}"#);
        check("Key='a,b',Value=\"c d\"", r#"{"Key": "a,b", "Value": "c d"}"#);
    }

    #[test]
    fn what_is_neither_is_text() {
        check("plain", r#""plain""#);
        check("{broken", r#""{broken""#);
        check("=x", r#""=x""#);
    }
}
