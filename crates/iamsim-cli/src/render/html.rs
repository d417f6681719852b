//! One page that holds everything it needs: no network, no script; dark, light and on paper.

mod part;

use std::io::{self, Write};

use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::render::Exporter;
use crate::render::results::{Count, Kind, Results, Suite, Test};

pub(crate) struct Html;

const STYLE: &str = include_str!("html/style.css");

impl Exporter for Html {
    fn export(&self, results: &Results<'_>, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{}", page(results).into_string())
    }
}

fn page(results: &Results<'_>) -> Markup {
    let title = match (results.kind, results.suites.as_slice()) {
        (Kind::Check, [question]) => question.name,
        _ => results.kind.title(),
    };
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " – iamsim" }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header {
                    h1 { (title) }
                    @if results.kind != Kind::Check {
                        p { (results.size()) }
                        (counts(results.count()))
                    }
                }
                @if results.tests().any(Test::is_bad) { (attention(results)) (filter()) }
                main {
                    @for (number, suite) in results.suites.iter().enumerate() {
                        (self::suite(results.kind, number, suite))
                    }
                }
                footer { p { "Made by iamsim " (env!("CARGO_PKG_VERSION")) } }
            }
        }
    }
}

fn counts(count: Count) -> Markup {
    let counts = [
        (count.failed, "failed", "failed"),
        (count.errors, "error", "could not be answered"),
        (count.passed, "passed", "passed"),
        (count.unchecked, "unchecked", "without expectation"),
    ];
    html! {
        ul.counts {
            @for (count, class, words) in counts.into_iter().filter(|(count, ..)| *count > 0) {
                li class=(class) { b { (count) } " " (words) }
            }
        }
    }
}

/// What went wrong, before everything else.
fn attention(results: &Results<'_>) -> Markup {
    let suites = results.suites.iter().enumerate();
    let tests = suites.flat_map(|(suite, tests)| {
        tests.tests.iter().enumerate().map(move |(test, found)| (suite, test, found))
    });
    html! {
        nav.attention aria-labelledby="attention" {
            h2 id="attention" { "Not as expected" }
            ol {
                @for (suite, number, test) in tests.filter(|(.., test)| test.is_bad()) {
                    li {
                        a href=(format!("#{}", part::anchor(suite, number))) { (test.name) }
                        " " span.outcome { (part::sentence(&test.outcome())) }
                    }
                }
            }
        }
    }
}

/// Radio buttons that the style sheet reads.
fn filter() -> Markup {
    html! {
        fieldset.filter {
            legend { "Show" }
            label { input type="radio" name="show" id="show-all" checked; " everything" }
            label { input type="radio" name="show" id="show-bad"; " only what is not as expected" }
        }
    }
}

fn suite(kind: Kind, number: usize, suite: &Suite<'_>) -> Markup {
    let file = suite.file.filter(|file| *file != suite.name);
    html! {
        section.suite {
            @if kind != Kind::Check { h2 { (suite.name) } }
            @if file.is_some() || suite.source.is_some() {
                p.origin {
                    @if let Some(file) = file { code { (file) } }
                    @if let Some(source) = suite.source { " " (part::source(source)) }
                }
            }
            @for (at, test) in suite.tests.iter().enumerate() {
                @if let Some(waited) = test.waited { p.waited { (waited) " later" } }
                (part::test(kind, &part::anchor(number, at), test))
            }
        }
    }
}
