//! One test on the page.

use iamsim_engine::Passage;
use iamsim_scenario::Finding;
use iamsim_scenario::ask::ExplainedCheck;
use iamsim_scenario::report::Verdict;
use maud::{Markup, html};

use crate::render::explain::gates::{self, Stop};
use crate::render::fix::{self, Written};
use crate::render::prose::{Stretch, stretches};
use crate::render::results::{Cited, Kind, Test};
use crate::render::{dependence, explain, pages};

/// What links to a test.
pub(super) fn anchor(suite: usize, test: usize) -> String {
    format!("t{}-{}", suite + 1, test + 1)
}

/// Where a claim comes from, as a link when it is an address.
pub(super) fn source(source: &str) -> Markup {
    let is_address = source.starts_with("https://") && !source.contains(char::is_whitespace);
    html! {
        @if is_address { a href=(source) { (source) } } @else { (source) }
    }
}

pub(super) fn test(kind: Kind, anchor: &str, test: &Test<'_>) -> Markup {
    let (class, mark, spoken) = match (kind, test.verdict, test.decision) {
        (Kind::Check, _, Some("allowed")) => ("passed", "✓", "allowed"),
        (Kind::Check, _, Some("undetermined")) => ("unsure", "?", "undetermined"),
        (Kind::Check, ..) => ("failed", "✗", "denied"),
        (_, Verdict::Passed, _) => ("passed", "✓", "as expected"),
        (_, Verdict::Failed, _) => ("failed bad", "✗", "not as expected"),
        (_, Verdict::Error, _) => ("error bad", "!", "no answer"),
        (_, Verdict::Unchecked, _) => ("unchecked", "·", "nothing expected"),
    };
    html! {
        details class={ "test " (class) } id=(anchor) open[test.is_bad() || kind == Kind::Check] {
            summary {
                span.mark role="img" aria-label=(spoken) { (mark) }
                span.name { (test.name) }
                span.found { (sentence(&test.found)) }
            }
            div.body { (body(kind, test)) }
        }
    }
}

fn body(kind: Kind, test: &Test<'_>) -> Markup {
    html! {
        @if let Some(expected) = test.expected.as_ref().filter(|_| test.verdict == Verdict::Failed) {
            p.expected { "Expected " strong { (expected) } ", found " strong { (test.found) } "." }
        }
        @if let Some(message) = test.message { blockquote { (message) } }
        (facts(test))
        @if let Some(dependence) = test.dependence {
            figure { pre tabindex="0" { (dependence::conditions_text(dependence)) } }
        }
        @for finding in &test.findings { (self::finding(finding)) }
        @for cited in &test.statements { (statement(cited)) }
        @if let Some(check) = test.explanation.filter(|_| kind == Kind::Check) { (ways(check)) }
        @if let Some(check) = test.explanation { (walk(check)) (context(check)) }
    }
}

/// Words in which backticks stand around code.
pub(super) fn sentence(text: &str) -> Markup {
    html! {
        @for stretch in stretches(text) {
            @match stretch {
                Stretch::Words(words) => { (words) },
                Stretch::Code(text) => { code { (text) } },
            }
        }
    }
}

fn facts(test: &Test<'_>) -> Markup {
    let mut facts = test.about();
    facts.extend(test.lacks());
    html! {
        @if !facts.is_empty() {
            dl {
                @for (name, text) in facts {
                    div { dt { (name) } dd { code { (text) } } }
                }
            }
        }
    }
}

fn finding(finding: &Finding) -> Markup {
    let diagnostic = &finding.diagnostic;
    let page = pages::of(diagnostic.code);
    let place = format!("{}:{}", finding.source.path(), finding.position().line);
    html! {
        p class={ "finding " (diagnostic.severity.as_str()) } {
            b {
                (diagnostic.severity.as_str()) " "
                @match page {
                    Some(page) => { a href=(page.url) { (diagnostic.code) } },
                    None => { (diagnostic.code) },
                }
            }
            " " (sentence(&diagnostic.message))
            @if let Some(help) = &diagnostic.help { " – " (sentence(help)) }
            " " code { (place) }
        }
    }
}

/// The statement as it is written, with its lines' numbers.
fn statement(cited: &Cited<'_>) -> Markup {
    let lines = cited.excerpt();
    html! {
        figure class=(cited.role.replace(' ', "-")) {
            figcaption {
                b { (cited.role) } " " code { (cited.place()) }
                @if let Some(but) = &cited.but { " – all matches but " (but) }
            }
            @if !lines.is_empty() {
                pre tabindex="0" {
                    @for (number, line) in lines {
                        span.number aria-hidden="true" { (format!("{number:>4} ")) } (line) "\n"
                    }
                }
            }
        }
    }
}

/// What would allow it, and what to write.
fn ways(check: &ExplainedCheck) -> Markup {
    let ways = fix::all_ways(check);
    html! {
        @if !ways.is_empty() {
            h3 { "To allow it, that which asks for least first" }
            ol.ways {
                @for way in &ways {
                    li {
                        @if let Some(caution) = way.caution { p.caution { (caution) } }
                        @for (words, written) in &way.edits {
                            p { (sentence(words)) }
                            @match written {
                                Some(Written::Diff(text) | Written::Document(text)) => {
                                    figure { pre tabindex="0" { (text) } }
                                }
                                None => {}
                            }
                        }
                    }
                }
            }
        } @else if let Some(words) = fix::no_way(check) {
            p { (sentence(&words)) }
        }
    }
}

/// What the request is taken to hold, and whence.
fn context(check: &ExplainedCheck) -> Markup {
    html! {
        h3 { "Request context" }
        table {
            thead { tr { th scope="col" { "key" } th scope="col" { "from" } th scope="col" { "value" } } }
            tbody {
                @for (key, origin, value) in explain::context(check) {
                    tr { td { code { (key) } } td { (origin) } td { code { (value) } } }
                }
            }
        }
    }
}

/// The gates of AWS's flow chart.
fn walk(check: &ExplainedCheck) -> Markup {
    let stops = gates::stops(check);
    let unreached: Vec<_> =
        stops.iter().filter(|stop| stop.passage.is_none()).map(|stop| stop.title).collect();
    html! {
        h3 { "The way through AWS's gates" }
        ol.gates {
            @for Stop { passage, title, sentence, .. } in &stops {
                @if let Some(passage) = passage {
                    @let (class, spoken) = match passage {
                        Passage::Open | Passage::Allowed => ("open", "open"),
                        Passage::Shut => ("shut", "shut"),
                        Passage::NotApplicable => ("aside", "not applicable"),
                    };
                    li class=(class) { b { (title) } span.passage { (spoken) } p { (sentence) } }
                }
            }
        }
        @if !unreached.is_empty() { p.unreached { "Not reached: " (unreached.join(", ")) } }
    }
}
