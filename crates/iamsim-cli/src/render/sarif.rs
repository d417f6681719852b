//! Findings and failures for code scanning: SARIF 2.1.0.
//!
//! Source: <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>

use std::collections::BTreeMap;
use std::io::{self, Write};

use iamsim_scenario::report::Verdict;
use iamsim_scenario::{Finding, Source};
use iamsim_syntax::{Severity, Span};
use serde::Serialize;

use crate::render::pages::lines;
use crate::render::results::{Cited, Results, Suite, Test};
use crate::render::{Exporter, json, pages};

pub(crate) struct Sarif;

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The rule of steps and cases that come out otherwise than expected.
const NOT_AS_EXPECTED: &str = "not-as-expected";

impl Exporter for Sarif {
    fn export(&self, results: &Results<'_>, out: &mut dyn Write) -> io::Result<()> {
        let found = || results.tests().flat_map(|test| test.findings.iter().copied());
        let failed = || {
            let suites = results.suites.iter();
            suites.flat_map(|suite| suite.tests.iter().filter_map(|test| failure(suite, test)))
        };
        let mut rules: BTreeMap<&'static str, Severity> = BTreeMap::new();
        rules.extend(failed().next().map(|_| (NOT_AS_EXPECTED, Severity::Error)));
        for finding in found() {
            let diagnostic = &finding.diagnostic;
            let most = rules.entry(diagnostic.code).or_insert(diagnostic.severity);
            *most = diagnostic.severity.min(*most);
        }
        let index: BTreeMap<&str, usize> = rules.keys().copied().zip(0..).collect();
        let outcomes = failed().chain(found().map(Outcome::from));
        let results = outcomes.map(|outcome| outcome.with_index(&index)).collect();
        let rules = rules.into_iter().map(|(code, severity)| Rule::new(code, severity)).collect();
        let driver = Driver { name: "iamsim", semantic_version: env!("CARGO_PKG_VERSION"), rules };
        let run = Run { tool: Tool { driver }, column_kind: "unicodeCodePoints", results };
        json::document(&Log { schema: SCHEMA, version: "2.1.0", runs: [run] }, out)
    }
}

/// A test that failed, at the statement that decided it; beside it the place where it is expected.
fn failure<'f>(suite: &Suite<'_>, test: &Test<'_>) -> Option<Outcome<'f>> {
    let expected = test.expected.as_ref().filter(|_| test.verdict == Verdict::Failed)?;
    let says = test.message.map(|message| format!(". {message}")).unwrap_or_default();
    let text = format!("{}: {}, expected {expected}{says}", test.name, test.found);
    let here = test.place.map(|(file, line)| Location::of_line(file, line));
    let here = here.or_else(|| suite.file.map(Location::of_file));
    let cited = test.statements.iter().filter(|cited| cited.has_file());
    let mut statements: Vec<_> = cited.map(Location::of_statement).collect();
    let (first, related) = match (statements.is_empty(), here) {
        (true, here) => (here?, Vec::new()),
        (false, here) => {
            let first = statements.remove(0);
            let here = here.map(|here| here.saying("what was expected"));
            (first, here.into_iter().chain(statements).collect())
        }
    };
    Some(Outcome {
        rule_id: NOT_AS_EXPECTED,
        rule_index: None,
        level: "error",
        message: Text { text },
        locations: [first],
        related_locations: related,
    })
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
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Region>,
}

#[derive(Serialize)]
struct ArtifactLocation {
    uri: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_column: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_column: Option<u32>,
}

impl Rule {
    fn new(code: &'static str, severity: Severity) -> Self {
        let page = pages::of(code);
        let help = page.map(|page| Text { text: format!("{} See {}", page.summary, page.url) });
        let tags = match severity {
            Severity::SecurityWarning => vec!["iam", "security"],
            Severity::Error | Severity::Warning | Severity::Suggestion => vec!["iam"],
        };
        let line = || lines::of(code).first().map(|line| line.text);
        let own = (code == NOT_AS_EXPECTED).then_some("A request is not decided as it should be.");
        let summary = page.map(|page| page.summary).or(own).or_else(line);
        Self {
            id: code,
            short_description: summary.map(|summary| Text { text: summary.to_owned() }),
            help_uri: page.map(|page| page.url),
            help,
            default_configuration: Configuration { level: level(severity) },
            properties: Properties { tags },
        }
    }
}

impl<'f> From<&'f Finding> for Outcome<'f> {
    fn from(finding: &'f Finding) -> Self {
        let diagnostic = &finding.diagnostic;
        let text = match &diagnostic.help {
            Some(help) => format!("{}; {help}", diagnostic.message),
            None => diagnostic.message.clone(),
        };
        let related = diagnostic.related.iter();
        let related_locations =
            related.map(|(span, words)| Location::new(&finding.source, *span).saying(words)).collect();
        Self {
            rule_id: diagnostic.code,
            rule_index: None,
            level: level(diagnostic.severity),
            message: Text { text },
            locations: [Location::new(&finding.source, diagnostic.span)],
            related_locations,
        }
    }
}

impl Outcome<'_> {
    fn with_index(mut self, index: &BTreeMap<&str, usize>) -> Self {
        self.rule_index = index.get(self.rule_id).copied();
        self
    }
}

impl Region {
    /// From there on.
    fn at(line: u32, column: Option<u32>) -> Self {
        Self { start_line: line, start_column: column, end_line: None, end_column: None }
    }
}

impl Location {
    fn new(source: &Source, span: Span) -> Self {
        let (start, end) = (source.position(span.start), source.position(span.end));
        Self::at(
            source.path(),
            Some(Region {
                start_line: start.line,
                start_column: Some(start.column),
                end_line: Some(end.line),
                end_column: Some(end.column),
            }),
        )
    }

    fn of_line(file: &str, line: u32) -> Self {
        Self::at(file, Some(Region::at(line, None)))
    }

    fn of_file(file: &str) -> Self {
        Self::at(file, None)
    }

    fn of_statement(cited: &Cited<'_>) -> Self {
        let words = match &cited.but {
            Some(but) => format!("nearly allowed by this statement: all matches but {but}"),
            None => format!("{} this statement", cited.role),
        };
        let location = match cited.has_lines() {
            true => Self::new(cited.source, cited.span),
            false => Self::at(cited.source.path(), Some(Region::at(cited.line, Some(cited.column)))),
        };
        location.saying(&words)
    }

    fn at(path: &str, region: Option<Region>) -> Self {
        let artifact_location = ArtifactLocation { uri: uri(path) };
        Self { physical_location: PhysicalLocation { artifact_location, region }, message: None }
    }

    fn saying(mut self, words: &str) -> Self {
        self.message = Some(Text { text: words.to_owned() });
        self
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
