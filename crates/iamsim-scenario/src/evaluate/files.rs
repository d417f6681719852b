//! Where cases come from: files of lines or trees, and streams.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use iamsim_syntax::json::{self, Node, Value};
use iamsim_syntax::{Diagnostic, Span};
use rayon::prelude::*;

use crate::evaluate::attached::Memory;
use crate::evaluate::chunks::{self, Chunk, Line, Run};
use crate::evaluate::items::{self, Item};
use crate::evaluate::{CaseAnswer, Desk, Evaluator};
use crate::library::{self, read_tree};
use crate::source::Source;
use crate::yaml;

/// So many cases of a tree are answered one after the other on one thread.
const RUN: usize = 64;

/// The answers to a few cases, in their order.
pub type Answers<'a> = &'a mut dyn Iterator<Item = CaseAnswer>;

/// What became of a few cases.
#[derive(Debug, Clone, Copy)]
pub struct Part<T> {
    /// What was made of their answers.
    pub made: T,
    /// How many bytes of the input they took.
    pub bytes: u64,
}

/// Makes something of the answers to a few cases, on any thread.
type Make<'m, T> = &'m (dyn Fn(Answers<'_>) -> T + Sync);

/// Takes what was made, in the order of the cases.
type Take<'t, T> = &'t mut dyn FnMut(Part<T>) -> io::Result<()>;

impl Evaluator<'_> {
    /// Answers the cases of a file: as one text when it ends in `.yaml` or `.json`, otherwise as those of
    /// [`input`](Self::input), for in a `.jsonl`, too, somebody may have laid an object out over several lines. What
    /// is no text as a whole is read line by line after all where that works, or item by item.
    /// A few at a time are given to `make`, on many threads, and what it makes of them to `take`, in order.
    ///
    /// # Errors
    /// When the file cannot be read, or `take` fails.
    pub fn file<T: Send>(&self, path: &Path, make: Make<'_, T>, take: Take<'_, T>) -> io::Result<()> {
        let name = path.display().to_string();
        let file = File::open(path).map_err(|error| io::Error::new(error.kind(), library::why(&error)))?;
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("yaml" | "yml" | "json") => self.whole(&name, file, Vec::new(), make, take),
            _ => self.input(&name, file, make, take),
        }
    }

    /// Answers the cases of a stream as those of a file: line by line when it begins with `{` and more on the same
    /// line, as one YAML or JSON text otherwise.
    ///
    /// # Errors
    /// When the stream cannot be read, or `take` fails.
    pub fn input<T: Send>(
        &self,
        name: &str,
        mut input: impl Read + Send + 'static,
        make: Make<'_, T>,
        take: Take<'_, T>,
    ) -> io::Result<()> {
        let mut begun = Vec::new();
        while begun.trim_ascii().is_empty() && input.by_ref().take(1).read_to_end(&mut begun)? > 0 {}
        let stands_alone = |begun: &[u8]| begun.trim_ascii() == b"{" && !begun.ends_with(b"\n");
        while stands_alone(&begun) && input.by_ref().take(1).read_to_end(&mut begun)? > 0 {}
        match begun.trim_ascii() {
            [] | [b'{', _, ..] => self.lines(name, input, begun, make, take),
            _ => self.whole(name, input, begun, make, take),
        }
    }

    fn whole<T: Send>(
        &self,
        name: &str,
        mut input: impl Read,
        mut bytes: Vec<u8>,
        make: Make<'_, T>,
        take: Take<'_, T>,
    ) -> io::Result<()> {
        input.read_to_end(&mut bytes)?;
        let memory = Memory::new(self.library, name);
        let size = bytes.len() as u64;
        let text = match text(&bytes) {
            Ok(text) => text,
            Err(_) if holds_lines(&bytes) => return self.lines(name, io::empty(), bytes, make, take),
            Err(fault) => {
                let answer = fault.answer(&self.desk(&memory), 0);
                return take(Part { made: make(&mut std::iter::once(answer)), bytes: size });
            }
        };
        let source = Arc::new(Source::new(name, text));
        let (node, mut faults) = read_tree(&source);
        // YAML makes one text of several lines of anything.
        let is_text = matches!(&node, Some(Node { value: Value::String(_), .. }));
        if (is_text || !faults.is_empty()) && holds_lines(&bytes) {
            return self.lines(name, io::empty(), bytes, make, take);
        }
        if node.is_none() {
            let items = items::of(source.text());
            if !items.is_empty() {
                // What is wrong with one item is not wrong with the others.
                let part = |made| Part { made, bytes: size / items.len() as u64 };
                let run = |item: &Item<'_>| make(&mut std::iter::once(self.desk(&memory).item(item)));
                let made: Vec<T> = items.par_iter().map(run).collect();
                return made.into_iter().map(part).try_for_each(take);
            }
        }
        let cases: &[Node] = match &node {
            Some(Node { value: Value::Array(cases), .. }) => cases,
            Some(Node { value: Value::Null, .. }) | None => &[],
            Some(node) => std::slice::from_ref(node),
        };
        let mut reads = Vec::with_capacity(cases.len());
        for case in cases {
            let within = |fault: &mut Diagnostic| {
                case.span.start <= fault.span.start && fault.span.end <= case.span.end
            };
            reads.push((case, faults.extract_if(.., within).collect::<Vec<_>>()));
        }
        if !faults.is_empty() {
            let answer = self.desk(&memory).unreadable(&source, faults);
            take(Part { made: make(&mut std::iter::once(answer)), bytes: 0 })?;
        }
        let run = |reads: &[(&Node, Vec<Diagnostic>)]| {
            let desk = self.desk(&memory);
            let made = make(&mut reads.iter().map(|(case, faults)| desk.node(&source, case, faults.clone())));
            desk.leave();
            made
        };
        let made: Vec<T> = reads.par_chunks(RUN).map(run).collect();
        let runs = made.len() as u64;
        made.into_iter().try_for_each(|made| take(Part { made, bytes: size / runs.max(1) }))
    }

    fn lines<T: Send>(
        &self,
        name: &str,
        input: impl Read + Send + 'static,
        begun: Vec<u8>,
        make: Make<'_, T>,
        take: Take<'_, T>,
    ) -> io::Result<()> {
        let memory = Memory::new(self.library, name);
        let chunks = chunks::read(input, begun);
        let mut answered = Vec::new();
        loop {
            let ready = chunks.try_recv();
            if !matches!(ready, Ok(Ok(_))) {
                // Nothing is to be done at the same time.
                answered.drain(..).try_for_each(&mut *take)?;
            }
            let Ok(chunk) = ready.or_else(|_| chunks.recv()) else { return Ok(()) };
            let chunk = chunk?;
            let mut made = Vec::new();
            rayon::in_place_scope(|scope| {
                scope.spawn(|_| made = self.chunk(&chunk, &memory, make));
                answered.drain(..).try_for_each(&mut *take)
            })?;
            answered = made;
        }
    }

    /// Answers the lines of a chunk, a run on each thread.
    fn chunk<T: Send>(&self, chunk: &Chunk, memory: &Memory<'_>, make: Make<'_, T>) -> Vec<Part<T>> {
        let run = |run: Run<'_>| {
            let mut desk = self.desk(memory);
            let made = make(&mut run.lines().map(|line| desk.bytes(&line)));
            desk.leave();
            Part { made, bytes: run.bytes.len() as u64 }
        };
        chunk.runs().into_par_iter().map(run).collect()
    }
}

impl Desk<'_> {
    /// Answers the case of one item of a list.
    fn item(&self, item: &Item<'_>) -> CaseAnswer {
        let source = Arc::new(Source::line(self.memory.name(), item.text, item.lines_before));
        let (node, faults) = yaml::parse(source.text());
        match &node {
            Some(Node { value: Value::Array(cases), .. }) if let [case] = &**cases => {
                self.node(&source, case, faults)
            }
            _ => self.unreadable(&source, faults),
        }
    }

    fn bytes(&mut self, line: &Line<'_>) -> CaseAnswer {
        match text(line.bytes) {
            Ok(text) => self.line(text, line.lines_before),
            Err(fault) => fault.answer(self, line.lines_before),
        }
    }
}

/// Whether what is no text as a whole is one of lines: one of them is an object by itself. A list over many lines is
/// none, whatever is wrong with it.
fn holds_lines(bytes: &[u8]) -> bool {
    let is_value = |line| {
        let read = text(line).map(json::parse);
        matches!(read, Ok((Some(_), faults)) if faults.is_empty())
    };
    let bytes = bytes.trim_ascii_start();
    let mut lines = bytes.split(|byte| *byte == b'\n');
    let begins_list = bytes.starts_with(b"[") && !lines.clone().next().is_some_and(is_value);
    !begins_list && lines.any(|line| line.starts_with(b"{") && is_value(line))
}

/// Why bytes are no text.
struct Fault {
    /// What could be read.
    text: String,
    at: u32,
    message: &'static str,
}

fn text(bytes: &[u8]) -> Result<&str, Fault> {
    if u32::try_from(bytes.len()).is_err() {
        return Err(Fault { text: String::new(), at: 0, message: "the text is larger than 4 GiB" });
    }
    std::str::from_utf8(bytes).map_err(|error| {
        let text = String::from_utf8_lossy(bytes).into_owned();
        let message = if library::is_utf16(bytes) { library::UTF16 } else { "the text is not UTF-8" };
        Fault { text, at: error.valid_up_to() as u32, message }
    })
}

impl Fault {
    fn answer(self, desk: &Desk<'_>, lines_before: u32) -> CaseAnswer {
        let source = Arc::new(Source::line(desk.memory.name(), self.text, lines_before));
        let diagnostic = Diagnostic::error("unreadable-text", Span::new(self.at, self.at), self.message);
        desk.unreadable(&source, vec![diagnostic])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], expected: bool) {
        assert_eq!(holds_lines(bytes), expected, "{}", String::from_utf8_lossy(bytes));
    }

    #[test]
    fn one_line_that_is_an_object_makes_lines_of_all() {
        check(b"{\"id\": \"a\"}\n{\"id\": \"b\"}\n", true);
        check(b"oops\n{\"id\": \"b\"}\n", true);
        check(b"\xff\n{\"id\": \"b\"}\n", true);
        check(b"[1]\n{\"id\": \"b\"}\n", true);
    }

    #[test]
    fn an_object_over_several_lines_or_in_a_list_is_no_line() {
        check(b"{\n  \"id\": \"a\",\n}\n", false);
        check(b"[\n{\"id\": \"a\"},\n{\"id\": \"b\"}\n", false);
        check(b"- id: a\n- id: [\n", false);
    }
}
