//! Findings about policies for code scanning: SARIF 2.1.0.
//!
//! Source: <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>

use std::collections::BTreeMap;
use std::io::{self, Write};

use iamsim_scenario::Finding;
use iamsim_syntax::{Severity, Span};
use serde::Serialize;

use crate::render::{json, pages};
use crate::validate::Judged;

/// What to say when something else is asked for in this format.
pub(crate) const ONLY_POLICIES: &str = "`--format sarif` is for `validate` alone";

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

pub(crate) fn policies(judged: &[Judged], out: &mut dyn Write) -> io::Result<()> {
    let findings = || judged.iter().flat_map(|judged| &judged.findings);
    let mut rules: BTreeMap<&'static str, Severity> = BTreeMap::new();
    for finding in findings() {
        let diagnostic = &finding.diagnostic;
        let most = rules.entry(diagnostic.code).or_insert(diagnostic.severity);
        *most = diagnostic.severity.min(*most);
    }
    let index: BTreeMap<&str, usize> = rules.keys().copied().zip(0..).collect();
    let results = findings().map(|finding| Outcome::new(finding, &index)).collect();
    let rules = rules.into_iter().map(|(code, severity)| Rule::new(code, severity)).collect();
    let driver = Driver { name: "iamsim", semantic_version: env!("CARGO_PKG_VERSION"), rules };
    let run = Run { tool: Tool { driver }, column_kind: "unicodeCodePoints", results };
    json::document(&Log { schema: SCHEMA, version: "2.1.0", runs: [run] }, out)
}

#[derive(Serialize)]
struct Log<'f> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'f>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'f> {
    tool: Tool,
    column_kind: &'static str,
    results: Vec<Outcome<'f>>,
}

#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    semantic_version: &'static str,
    rules: Vec<Rule>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    id: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    short_description: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    help_uri: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<Text>,
    default_configuration: Configuration,
    properties: Properties,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Serialize)]
struct Properties {
    tags: Vec<&'static str>,
}

#[derive(Serialize)]
struct Text {
    text: String,
}

/// A `result` of SARIF.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Outcome<'f> {
    rule_id: &'f str,
    rule_index: Option<usize>,
    level: &'static str,
    message: Text,
    locations: [Location; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    physical_location: PhysicalLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Text>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    region: Region,
}

#[derive(Serialize)]
struct ArtifactLocation {
    uri: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: u32,
    start_column: u32,
    end_line: u32,
    end_column: u32,
}

impl Rule {
    fn new(code: &'static str, severity: Severity) -> Self {
        let page = pages::of(code);
        let help = page.map(|page| Text { text: format!("{} See {}", page.summary, page.url) });
        let tags = match severity {
            Severity::SecurityWarning => vec!["iam", "security"],
            Severity::Error | Severity::Warning | Severity::Suggestion => vec!["iam"],
        };
        Self {
            id: code,
            short_description: page.map(|page| Text { text: page.summary.to_owned() }),
            help_uri: page.map(|page| page.url),
            help,
            default_configuration: Configuration { level: level(severity) },
            properties: Properties { tags },
        }
    }
}

impl<'f> Outcome<'f> {
    fn new(finding: &'f Finding, index: &BTreeMap<&str, usize>) -> Self {
        let diagnostic = &finding.diagnostic;
        let text = match &diagnostic.help {
            Some(help) => format!("{}; {help}", diagnostic.message),
            None => diagnostic.message.clone(),
        };
        let related = diagnostic.related.iter();
        let related_locations =
            related.map(|(span, words)| Location::new(finding, *span, Some(words.clone()))).collect();
        Self {
            rule_id: diagnostic.code,
            rule_index: index.get(diagnostic.code).copied(),
            level: level(diagnostic.severity),
            message: Text { text },
            locations: [Location::new(finding, diagnostic.span, None)],
            related_locations,
        }
    }
}

impl Location {
    fn new(finding: &Finding, span: Span, words: Option<String>) -> Self {
        let (start, end) = (finding.source.position(span.start), finding.source.position(span.end));
        let region = Region {
            start_line: start.line,
            start_column: start.column,
            end_line: end.line,
            end_column: end.column,
        };
        let artifact_location = ArtifactLocation { uri: uri(finding.source.path()) };
        Self {
            physical_location: PhysicalLocation { artifact_location, region },
            message: words.map(|text| Text { text }),
        }
    }
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::SecurityWarning | Severity::Warning => "warning",
        Severity::Suggestion => "note",
    }
}

/// A path as a relative or absolute reference, with what a URI cannot have written as `%XX`.
fn uri(path: &str) -> String {
    let mut uri = String::new();
    let path = if cfg!(windows) { path.replace('\\', "/") } else { path.to_owned() };
    for byte in path.bytes() {
        match byte {
            b'/' | b'-' | b'.' | b'_' | b'~' => uri.push(char::from(byte)),
            byte if byte.is_ascii_alphanumeric() => uri.push(char::from(byte)),
            byte => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_written_as_a_uri() {
        assert_eq!(uri("a/b-c.json"), "a/b-c.json");
        assert_eq!(uri("my policies/é.json"), "my%20policies/%C3%A9.json");
        assert_eq!(uri("<stdin>"), "%3Cstdin%3E");
    }
}
