//! Mermaid diagrams: the sequence of a scenario, and the flow chart of one decision with the way that was taken.
//!
//! Source: <https://mermaid.js.org/syntax/sequenceDiagram.html>, <https://mermaid.js.org/syntax/flowchart.html>

use std::fmt::Write as _;
use std::io::{self, Write};

use iamsim_engine::Passage;
use iamsim_scenario::ask::ExplainedCheck;
use iamsim_scenario::report::Verdict;

use crate::render::Exporter;
use crate::render::explain::gates::{self, Stop};
use crate::render::results::{Kind, Results, Suite, Test};

pub(crate) struct Mermaid;

impl Exporter for Mermaid {
    fn export(&self, results: &Results<'_>, out: &mut dyn Write) -> io::Result<()> {
        let diagram = match (results.kind, results.suites.as_slice()) {
            (Kind::Check, _) => {
                // The check that was denied is the last.
                let check = results.tests().filter_map(|test| test.explanation).last();
                check.map(flow_chart).unwrap_or_default()
            }
            (_, [suite]) if suite.tests.iter().any(|test| test.principal.is_some()) => sequence(suite),
            (_, [suite]) => {
                let words = format!("there is nothing to draw: `{}` could not be read", suite.name);
                return Err(io::Error::other(words));
            }
            (_, suites) => {
                let words = format!(
                    "`mermaid` draws one scenario, and these are {}; `markdown` has a diagram of each",
                    suites.len()
                );
                return Err(io::Error::other(words));
            }
        };
        out.write_all(diagram.as_bytes())
    }
}

/// Who asks which service for what, step by step.
pub(crate) fn sequence(suite: &Suite<'_>) -> String {
    let mut diagram = format!("sequenceDiagram\n    title {}\n", escaped(suite.name));
    let mut people: Vec<&str> = Vec::new();
    let mut services: Vec<&str> = Vec::new();
    for test in &suite.tests {
        let (person, service) = (person(test), service(test));
        if !people.contains(&person) {
            people.push(person);
            line(&mut diagram, format_args!("participant p{} as {}", people.len(), called(person)));
        }
        if !services.contains(&service) {
            services.push(service);
            line(&mut diagram, format_args!("participant s{} as {}", services.len(), escaped(service)));
        }
    }
    for test in &suite.tests {
        let number =
            |list: &[&str], wanted| list.iter().position(|item| *item == wanted).unwrap_or_default() + 1;
        let (person, service) = (number(&people, person(test)), number(&services, service(test)));
        if let Some(waited) = test.waited {
            line(&mut diagram, format_args!("Note over p{person},s{service}: {} later", escaped(waited)));
        }
        let call = match (test.action, test.resource) {
            (Some(action), Some(resource)) => format!("{}<br/>{}", escaped(action), escaped(resource)),
            _ => escaped(test.does.as_deref().unwrap_or(&test.name)),
        };
        line(&mut diagram, format_args!("Note over p{person},s{service}: {}", escaped(&test.name)));
        line(&mut diagram, format_args!("p{person}->>s{service}: {call}"));
        let arrow = if test.decision == Some("allowed") { "-->>" } else { "--x" };
        let mark = match test.verdict {
            Verdict::Passed => "✓ ",
            Verdict::Failed => "✗ ",
            Verdict::Error => "! ",
            Verdict::Unchecked => "",
        };
        line(&mut diagram, format_args!("s{service}{arrow}p{person}: {mark}{}", escaped(&test.outcome())));
    }
    diagram
}

/// Every gate in AWS's order, those that the request came to on a thick way.
pub(crate) fn flow_chart(check: &ExplainedCheck) -> String {
    let outcome = check.verdict.as_str();
    let is_allowed = check.verdict.is_allowed();
    let mut diagram = "flowchart TD\n".to_owned();
    let asked = [&*check.principal, &*check.action, &*check.resource].map(escaped).join("<br/>");
    line(&mut diagram, format_args!("request([\"{asked}\"])"));
    line(&mut diagram, format_args!("decision([\"{}\"])", escaped(outcome)));
    let stops = gates::stops(check);
    for Stop { gate, passage, title, .. } in &stops {
        let (id, class) = (gate.as_str(), class(*passage));
        line(&mut diagram, format_args!("{id}{{{{\"{}\"}}}}:::{class}", escaped(title)));
    }
    let mut from = ("request", String::new());
    for Stop { gate, passage, sentence, .. } in stops.iter().filter(|stop| stop.passage.is_some()) {
        edge(&mut diagram, &from, "==>", gate.as_str());
        from = (gate.as_str(), sentence.clone());
        if matches!(passage, Some(Passage::Shut | Passage::Allowed)) {
            break;
        }
    }
    edge(&mut diagram, &from, "==>", "decision");
    let unreached = stops.iter().filter(|stop| stop.passage.is_none()).map(|stop| stop.gate.as_str());
    let mut last = from.0;
    for gate in unreached {
        line(&mut diagram, format_args!("{last} -.-> {gate}"));
        last = gate;
    }
    for (class, style) in [
        ("open", "stroke:#2da44e,stroke-width:3px"),
        ("shut", "stroke:#cf222e,stroke-width:3px"),
        ("aside", "stroke:#8c959f"),
        ("unreached", "stroke:#8c959f,stroke-dasharray:4,color:#8c959f"),
    ] {
        line(&mut diagram, format_args!("classDef {class} {style}"));
    }
    line(&mut diagram, format_args!("class decision {}", if is_allowed { "open" } else { "shut" }));
    diagram
}

fn line(diagram: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _ = writeln!(diagram, "    {text}");
}

fn edge(diagram: &mut String, (from, words): &(&str, String), arrow: &str, to: &str) {
    let words = if words.is_empty() { String::new() } else { format!("|\"{}\"| ", escaped(words)) };
    line(diagram, format_args!("{from} {arrow} {words}{to}"));
}

fn class(passage: Option<Passage>) -> &'static str {
    match passage {
        Some(Passage::Open | Passage::Allowed) => "open",
        Some(Passage::Shut) => "shut",
        Some(Passage::NotApplicable) => "aside",
        None => "unreached",
    }
}

fn person<'t>(test: &Test<'t>) -> &'t str {
    test.principal.unwrap_or("somebody")
}

/// `s3` of `s3:GetObject`.
fn service<'t>(test: &Test<'t>) -> &'t str {
    test.action.and_then(|action| action.split_once(':')).map_or("AWS", |(service, _)| service)
}

/// The name of a principal over its account.
fn called(principal: &str) -> String {
    let mut parts = principal.splitn(6, ':').skip(4);
    match (parts.next(), parts.next()) {
        (Some(account), Some(name)) => format!("{}<br/>{}", escaped(name), escaped(account)),
        _ => escaped(principal),
    }
}

/// Text in a diagram: what means something there is written as its number.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            character if character.is_alphanumeric() => escaped.push(character),
            ' ' | '-' | '_' | '.' | ',' | ':' | '/' | '(' | ')' | '*' | '\'' | '✓' | '✗' => {
                escaped.push(character)
            }
            character if character.is_whitespace() => escaped.push(' '),
            character => {
                let _ = write!(escaped, "#{};", u32::from(character));
            }
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_means_something_in_a_diagram_is_a_number() {
        assert_eq!(
            escaped("arn:aws:s3:::b/a; \"x\" <br>#1"),
            "arn:aws:s3:::b/a#59; #34;x#34; #60;br#62;#35;1"
        );
        assert_eq!(called("arn:aws:iam::111122223333:user/alice"), "user/alice<br/>111122223333");
        assert_eq!(called("anonymous"), "anonymous");
    }
}
