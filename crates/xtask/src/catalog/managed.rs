//! AWS managed policies: from the package's list to one sorted line per policy.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::package;

/// The data file's text and what is in it.
pub(crate) struct ManagedPolicies {
    /// `name \t ARN \t default version \t day of the last update \t document`, sorted by name.
    pub(crate) text: String,
    pub(crate) count: usize,
    /// The newest update of any policy, `YYYY-MM-DD`.
    pub(crate) newest: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Entry<'a> {
    default_version_id: String,
    update_date: String,
    path: String,
    #[serde(borrow)]
    document: &'a RawValue,
}

pub(crate) fn generate(cache: &Path) -> Result<ManagedPolicies> {
    let module = package::MANAGED_POLICIES.file(cache, "moto/iam/aws_managed_policies.py")?;
    let entries: BTreeMap<String, Entry<'_>> =
        serde_json::from_str(string_literal(&module)?).context("the policies are not the JSON expected")?;

    let mut text = String::new();
    let mut newest = String::new();
    for (name, entry) in &entries {
        let day = entry.update_date.get(..10).context("a policy has no update date")?.to_owned();
        let document = minified(entry.document.get());
        let line = format!(
            "{name}\tarn:aws:iam::aws:policy{}{name}\t{}\t{day}\t{document}",
            entry.path, entry.default_version_id
        );
        ensure!(line.matches('\t').count() == 4 && !line.contains('\n'), "{name} does not fit on a line");
        writeln!(text, "{line}")?;
        newest = newest.max(day);
    }
    Ok(ManagedPolicies { text, count: entries.len(), newest })
}

/// The inside of the module's one triple-quoted string, which has no escapes.
fn string_literal(module: &str) -> Result<&str> {
    const QUOTES: &str = "\"\"\"";
    let (_, rest) = module.split_once(QUOTES).context("the module has no triple-quoted string")?;
    let (literal, _) = rest.split_once(QUOTES).context("the module's string does not end")?;
    ensure!(!literal.contains('\\'), "the module's string now has escapes, which this reader does not know");
    Ok(literal)
}

/// JSON without the white space between its tokens; strings, numbers and the order of keys stay as they are.
fn minified(json: &str) -> String {
    let mut in_string = false;
    let mut escaped = false;
    let keep = |&character: &char| {
        let kept = in_string || !character.is_ascii_whitespace();
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = in_string,
            '"' => in_string = !in_string,
            _ => {}
        }
        kept
    };
    json.chars().filter(keep).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minifying_keeps_strings_and_order() {
        let check = |json: &str, expected: &str| assert_eq!(minified(json), expected);
        check(r#"{ "b" : [ 1 , "a  b" ] ,"a": 2 }"#, r#"{"b":[1,"a  b"],"a":2}"#);
        check(r#"{"a": "\" x \\", "b" : " "}"#, r#"{"a":"\" x \\","b":" "}"#);
    }

    #[test]
    fn a_literal_with_escapes_is_refused() {
        assert!(string_literal("a = \"\"\"{}\"\"\"").is_ok());
        assert!(string_literal("a = \"\"\"{\\n}\"\"\"").is_err());
        assert!(string_literal("a = {}").is_err());
    }
}
