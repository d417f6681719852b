//! Findings with the lines they are about, as `rustc` prints them.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Element, Level, Origin, Renderer, Snippet};
use iamsim_scenario::{Finding, Source};
use iamsim_syntax::{Severity, Span};

use crate::render::layout::{Layout, wrap};

/// A finding as text, colours included: as wide as the terminal, where that is known.
pub(crate) fn text(finding: &Finding) -> String {
    match Layout::of_stdout() {
        Layout { table: Some(_), text } => text_within(finding, Some(text)),
        Layout { table: None, .. } => text_within(finding, None),
    }
}

fn text_within(finding: &Finding, width: Option<usize>) -> String {
    let diagnostic = &finding.diagnostic;
    let fit = |words: &str, indent: usize| match width {
        Some(width) => hanging(words, indent, width),
        None => words.to_owned(),
    };
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::SecurityWarning => Level::WARNING.with_name("security warning"),
        Severity::Warning => Level::WARNING,
        Severity::Suggestion => Level::INFO.with_name("suggestion"),
    };
    let before_title = format!("{}[{}]: ", diagnostic.severity.as_str(), diagnostic.code).len();
    let title = fit(&diagnostic.message, before_title);
    let mut group = level.primary_title(title).id(diagnostic.code).element(place(finding));
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(fit(help, BEFORE_HELP)));
    }
    if let Some(words) = &diagnostic.aws_message {
        group = group.element(Level::NOTE.message(fit(&format!("AWS says: {words}"), BEFORE_HELP)));
    }
    let renderer = Renderer::styled();
    match width {
        Some(width) => renderer.term_width(width),
        None => renderer,
    }
    .render(&[group])
}

/// Words in lines that begin where the first does, after `indent` characters, unless that leaves little room.
fn hanging(words: &str, indent: usize, width: usize) -> String {
    const LITTLE: usize = 36;
    match width.saturating_sub(indent) {
        ..LITTLE => words.to_owned(),
        room => wrap(words, room).join("\n"),
    }
}

/// `     = help: `, with room for the numbers of lines.
const BEFORE_HELP: usize = 13;

/// The lines with their marks, or the file alone when there is nothing of it to show.
fn place(finding: &Finding) -> Element<'_> {
    let source = &finding.source;
    if source.text().is_empty() {
        return Origin::path(source.path()).into();
    }
    let diagnostic = &finding.diagnostic;
    let primary = AnnotationKind::Primary.span(within(source.text(), diagnostic.span));
    let related = diagnostic
        .related
        .iter()
        .map(|(span, words)| AnnotationKind::Context.span(within(source.text(), *span)).label(&**words));
    Snippet::source(source.text())
        .line_start(source.lines_before() as usize + 1)
        .path(source.path())
        .annotation(primary.label(diagnostic.label.as_deref()))
        .annotations(related)
        .into()
}

/// The span cut to the text and to whole characters.
fn within(text: &str, span: Span) -> Range<usize> {
    let start = text.floor_char_boundary(span.start as usize);
    let end = text.ceil_char_boundary(span.end as usize);
    start..end.max(start)
}

/// Lines of a text with marks, under a title that is no finding.
pub(crate) struct Excerpt<'e> {
    /// What kind of thing it is, before the title.
    pub(crate) kind: &'static str,
    pub(crate) title: &'e str,
    pub(crate) source: &'e Source,
    /// What to mark, and the words to put there.
    pub(crate) marks: &'e [(Span, &'e str)],
    pub(crate) advice: Option<&'e str>,
}

/// An excerpt as text, colours included.
pub(crate) fn excerpt(excerpt: &Excerpt<'_>, width: usize) -> String {
    let Excerpt { kind, title, source, marks, advice } = *excerpt;
    let marks = marks.iter().map(|(span, words)| {
        let mark = AnnotationKind::Primary.span(within(source.text(), *span));
        mark.label((!words.is_empty()).then_some(*words))
    });
    let snippet = Snippet::source(source.text())
        .line_start(source.lines_before() as usize + 1)
        .path(source.path())
        .annotations(marks);
    let title = hanging(title, kind.len() + ": ".len(), width);
    let mut group = Level::NOTE.with_name(kind).primary_title(title).element(snippet);
    if let Some(advice) = advice {
        group = group.element(Level::HELP.message(hanging(advice, BEFORE_HELP, width)));
    }
    Renderer::styled().term_width(width).render(&[group])
}
