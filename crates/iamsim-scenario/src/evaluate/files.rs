//! Where cases come from: files of lines or trees, and streams.

use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::sync::Arc;

use iamsim_syntax::{Diagnostic, Span};
use rayon::prelude::*;

use crate::case_file::{ReadCase, RequestWarnings};
use crate::evaluate::{CaseAnswer, answer, evaluate_line, evaluate_tree};
use crate::library::Library;
use crate::source::Source;

/// How many lines are evaluated at once, and how many bytes of them at most.
const LINES: usize = 1024;
const BYTES: usize = 16 << 20;

/// What takes the answers, in the order of the cases.
pub type Sink<'s> = dyn FnMut(CaseAnswer) -> io::Result<()> + 's;

/// Evaluates the cases of a file: line by line when it ends in `.jsonl`, as one YAML or JSON text otherwise.
///
/// # Errors
/// When the file cannot be read, or the sink fails.
pub fn evaluate_file(
    library: &Library,
    path: &Path,
    mode: RequestWarnings,
    sink: &mut Sink<'_>,
) -> io::Result<()> {
    let name = path.display().to_string();
    let file = std::fs::File::open(path)?;
    if path.extension().is_some_and(|extension| extension == "jsonl" || extension == "ndjson") {
        return lines(library, &name, BufReader::new(file), mode, sink);
    }
    whole(library, &name, file, mode, sink)
}

/// Evaluates the cases of a stream: line by line when it begins with `{`, as one YAML or JSON text otherwise.
///
/// # Errors
/// When the stream cannot be read, or the sink fails.
pub fn evaluate_input(
    library: &Library,
    name: &str,
    input: impl Read,
    mode: RequestWarnings,
    sink: &mut Sink<'_>,
) -> io::Result<()> {
    let mut input = BufReader::new(input);
    let begins_with_brace = input.fill_buf()?.trim_ascii_start().starts_with(b"{");
    if begins_with_brace {
        lines(library, name, input, mode, sink)
    } else {
        whole(library, name, input, mode, sink)
    }
}

fn whole(
    library: &Library,
    name: &str,
    mut input: impl Read,
    mode: RequestWarnings,
    sink: &mut Sink<'_>,
) -> io::Result<()> {
    let mut bytes = Vec::new();
    input.read_to_end(&mut bytes)?;
    let text = match text(bytes) {
        Ok(text) => text,
        Err(fault) => return sink(fault.answer(library, name, 0)),
    };
    evaluate_tree(library, &Arc::new(Source::new(name, text)), mode).into_iter().try_for_each(sink)
}

fn lines(
    library: &Library,
    name: &str,
    mut input: impl BufRead,
    mode: RequestWarnings,
    sink: &mut Sink<'_>,
) -> io::Result<()> {
    let mut lines_before: u32 = 0;
    loop {
        let mut chunk = Vec::new();
        let mut bytes = 0;
        while chunk.len() < LINES && bytes < BYTES {
            let mut line = Vec::new();
            if input.read_until(b'\n', &mut line)? == 0 {
                break;
            }
            bytes += line.len();
            if !line.trim_ascii().is_empty() {
                chunk.push((lines_before, line));
            }
            lines_before = lines_before.saturating_add(1);
        }
        if bytes == 0 {
            return Ok(());
        }
        let evaluate = |(lines_before, line)| match text(line) {
            Ok(text) => evaluate_line(library, Source::line(name, text, lines_before), mode),
            Err(fault) => fault.answer(library, name, lines_before),
        };
        let answers: Vec<_> = chunk.into_par_iter().map(evaluate).collect();
        answers.into_iter().try_for_each(&mut *sink)?;
    }
}

/// Why bytes are no text.
struct Fault {
    /// What could be read.
    text: String,
    at: u32,
    message: &'static str,
}

fn text(bytes: Vec<u8>) -> Result<String, Fault> {
    if u32::try_from(bytes.len()).is_err() {
        return Err(Fault { text: String::new(), at: 0, message: "the text is larger than 4 GiB" });
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to() as u32;
        let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
        Fault { text, at, message: "the text is not UTF-8" }
    })
}

impl Fault {
    fn answer(self, library: &Library, name: &str, lines_before: u32) -> CaseAnswer {
        let source = Arc::new(Source::line(name, self.text, lines_before));
        let diagnostic = Diagnostic::error("unreadable-text", Span::new(self.at, self.at), self.message);
        answer(library, &source, ReadCase::unreadable(&source, vec![diagnostic]))
    }
}
