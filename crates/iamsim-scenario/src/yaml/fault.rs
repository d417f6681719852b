//! The YAML parser's complaints in words that say what to do.

use iamsim_syntax::Diagnostic;
use saphyr_parser::ScanError;

use crate::yaml::SYNTAX;
use crate::yaml::place::Places;

/// What is wrong, at the place the parser gave up.
pub(super) fn diagnostic(error: &ScanError, places: &Places<'_>) -> Diagnostic {
    let marker = *error.marker();
    let span = places.at(marker);
    let about = |message: &str| Diagnostic::error(SYNTAX, span, message);
    let rest = places.rest(marker);
    match error.info() {
        info if info.contains("found a tab") => {
            about("the line after this begins with a tab").with_help("indent with spaces")
        }
        info if info.contains("indentation in quoted scalar") => {
            about("this quote is not closed where its text ends")
                .with_help("close it, or indent every line of the text")
        }
        info if info.contains("unprintable") => about("YAML takes no control characters")
            .with_help("delete it, or write `\"\\x00\"` and the like"),
        info if info.contains("expected node content") => about("a value is missing here"),
        info if info.contains("tabs disallowed") || rest.starts_with('\t') => {
            Diagnostic::error(SYNTAX, places.indentation(marker), "a tab cannot indent YAML")
                .with_help("indent with spaces")
        }
        info if info.contains("mapping values are not allowed") => about("a `key: value` cannot begin here")
            .with_help("quote the text if it holds `: `, or indent this line like the one above"),
        info if info.contains("did not find expected key") || info.contains("did not find expected '-'") => {
            about("this line is indented like none above")
                .with_help("give it the indentation of its neighbours")
        }
        info if info.contains("expect ':'") => {
            about("a key without `:` stands before this").with_help("write `key: value`")
        }
        info if info.contains("unexpected end of stream") => about("this quote is never closed"),
        info if info.contains("unknown escape") => about("there is no such escape in double quotes")
            .with_help("write `\\\\` for a backslash, or use single quotes"),
        info if info.contains("unknown anchor") => about("no anchor of this name stands before")
            .with_help("write `&name` before the value; quote text that begins with `*`"),
        info if info.contains("recursion limit") => about("the values are nested too deeply"),
        info if info.contains("document start") => {
            about("the document ends before this").with_help("keep one value in a file, or a list of them")
        }
        info if info.contains("bracket") => about("this bracket closes none"),
        info if info.contains("unexpected character") => {
            about("a value cannot begin with this character").with_help("quote the text")
        }
        info => about(info),
    }
}
