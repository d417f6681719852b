//! The reader behind [`super::read`]: one pass over the text, recursive only in substitutions.

use super::{SimpleCommand, Variables, Word};
use crate::CommandError;

/// Substitutions inside substitutions that are read; deeper ones are an error.
const DEEPEST: usize = 32;

pub(super) struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
    variables: Variables,
    commands: Vec<SimpleCommand>,
    /// The ends of the here-documents whose lines come after this one.
    here_documents: Vec<String>,
}

/// A word as it was read.
struct Piece {
    word: Word,
    /// Whether all of it is known before anything runs.
    literal: bool,
}

/// What ends a list of commands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Text,
    Parenthesis,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            text,
            at: 0,
            depth: 0,
            variables: Variables::new(),
            commands: Vec::new(),
            here_documents: Vec::new(),
        }
    }

    pub(super) fn read(mut self) -> Result<Vec<SimpleCommand>, CommandError> {
        self.list(End::Text)?;
        Ok(self.commands)
    }

    /// Reads commands up to the end, which it takes; whether the end was there.
    fn list(&mut self, end: End) -> Result<bool, CommandError> {
        let mut pieces = Vec::new();
        loop {
            self.skip_blanks();
            let Some(next) = self.peek() else {
                self.finish(&mut pieces);
                return Ok(end == End::Text);
            };
            match next {
                '\n' => {
                    self.finish(&mut pieces);
                    self.at += 1;
                    self.skip_here_documents();
                }
                '#' => self.skip_while(|c| c != '\n'),
                '&' if self.rest().starts_with("&>") => self.redirection()?,
                ';' | '|' | '&' | '(' | ')' => {
                    self.finish(&mut pieces);
                    self.at += 1;
                    if next == ')' && end == End::Parenthesis {
                        return Ok(true);
                    }
                }
                '<' | '>' if placeholder(self.rest()).is_none() => {
                    drop_descriptor(&mut pieces, self.at);
                    self.redirection()?;
                }
                _ => pieces.extend(self.word()?),
            }
        }
    }

    /// Ends a simple command: takes its assignments, or hands it on.
    fn finish(&mut self, pieces: &mut Vec<Piece>) {
        let pieces = std::mem::take(pieces);
        let leading = pieces.iter().take_while(|piece| assignment(&piece.word.text).is_some()).count();
        if leading == pieces.len() {
            pieces.iter().for_each(|piece| assign(&mut self.variables, piece));
            return;
        }
        let mut variables = self.variables.clone();
        pieces.iter().take(leading).for_each(|piece| assign(&mut variables, piece));
        let rest = pieces.get(leading..).unwrap_or_default();
        match rest.first().map(|piece| &*piece.word.text) {
            Some("export" | "declare" | "local" | "readonly") => {
                rest.iter().for_each(|piece| assign(&mut self.variables, piece));
            }
            Some("unset") => rest.iter().for_each(|piece| {
                self.variables.remove(&piece.word.text);
            }),
            _ => {}
        }
        let words = pieces.into_iter().skip(leading).map(|piece| piece.word).collect();
        self.commands.push(SimpleCommand { words, variables });
    }

    fn word(&mut self) -> Result<Option<Piece>, CommandError> {
        let start = self.at;
        let mut piece = Piece { word: Word { text: String::new(), range: start..start }, literal: true };
        while let Some(next) = self.peek() {
            match next {
                ' ' | '\t' | '\r' | '\n' | ';' | '|' | '&' | '(' | ')' => break,
                '<' | '>' => {
                    let Some(name) = placeholder(self.rest()) else { break };
                    piece.word.text.push_str(name);
                    self.at += name.len();
                }
                '\\' => self.escape(&mut piece),
                '\'' => self.single_quoted(&mut piece)?,
                '"' => self.double_quoted(&mut piece)?,
                '$' | '`' => self.expansion(&mut piece)?,
                _ => self.push(next, &mut piece),
            }
        }
        piece.word.range = start..self.at;
        Ok((self.at > start).then_some(piece))
    }

    /// A backslash and what follows it.
    fn escape(&mut self, piece: &mut Piece) {
        self.at += 1;
        match self.peek() {
            Some('\n') => self.at += 1,
            Some('\r') if self.rest().starts_with("\r\n") => self.at += 2,
            Some(next) => self.push(next, piece),
            None => piece.word.text.push('\\'),
        }
    }

    fn single_quoted(&mut self, piece: &mut Piece) -> Result<(), CommandError> {
        let start = self.at;
        self.at += 1;
        let Some(length) = self.rest().find('\'') else { return Err(self.open(start, "quote `'`")) };
        piece.word.text.push_str(self.since(start + 1, start + 1 + length));
        self.at += length + 1;
        Ok(())
    }

    fn double_quoted(&mut self, piece: &mut Piece) -> Result<(), CommandError> {
        let start = self.at;
        self.at += 1;
        while let Some(next) = self.peek() {
            match next {
                '"' => {
                    self.at += 1;
                    return Ok(());
                }
                '\\' if self
                    .rest()
                    .get(1..)
                    .is_some_and(|rest| rest.starts_with(['"', '\\', '$', '`', '\n'])) =>
                {
                    self.escape(piece)
                }
                '$' | '`' => self.expansion(piece)?,
                _ => self.push(next, piece),
            }
        }
        Err(self.open(start, "quote `\"`"))
    }

    /// `$NAME`, `${NAME}`, `$(…)` or a command in backquotes.
    fn expansion(&mut self, piece: &mut Piece) -> Result<(), CommandError> {
        let start = self.at;
        let rest = self.rest();
        if rest.starts_with('`') {
            self.backquoted(start)?;
        } else if rest.starts_with("$(") {
            self.at += 2;
            self.substitution(start)?;
        } else {
            let (name, length) = variable(rest);
            self.at += length;
            if let Some(value) = self.variables.get(name) {
                piece.word.text.push_str(value);
                return Ok(());
            }
        }
        piece.literal = false;
        piece.word.text.push_str(self.since(start, self.at));
        Ok(())
    }

    fn substitution(&mut self, start: usize) -> Result<(), CommandError> {
        if self.depth == DEEPEST {
            let message = format!("more than {DEEPEST} substitutions inside one another");
            return Err(CommandError { message, range: start..self.at, help: None });
        }
        self.depth += 1;
        let outside = self.variables.clone();
        let closed = self.list(End::Parenthesis)?;
        self.variables = outside;
        self.depth -= 1;
        if closed { Ok(()) } else { Err(self.open(start, "substitution `$(`")) }
    }

    fn backquoted(&mut self, start: usize) -> Result<(), CommandError> {
        self.at += 1;
        let Some(length) = self.rest().find('`') else { return Err(self.open(start, "backquote")) };
        let end = self.at + length;
        let mut inner = Reader::new(self.text.get(..end).unwrap_or_default());
        (inner.at, inner.variables) = (self.at, self.variables.clone());
        self.commands.extend(inner.read()?);
        self.at = end + 1;
        Ok(())
    }

    /// `> file`, `2>&1`, `<<EOF`: takes the operator and its word.
    fn redirection(&mut self) -> Result<(), CommandError> {
        let here = self.rest().starts_with("<<") && !self.rest().starts_with("<<<");
        self.skip_while(|c| matches!(c, '<' | '>' | '&' | '|' | '-'));
        self.skip_blanks();
        if let (true, Some(piece)) = (here, self.word()?) {
            self.here_documents.push(piece.word.text);
        }
        Ok(())
    }

    fn skip_here_documents(&mut self) {
        for delimiter in std::mem::take(&mut self.here_documents) {
            while !self.rest().is_empty() {
                let line = self.rest().split_inclusive('\n').next().unwrap_or_default();
                self.at += line.len();
                if line.trim() == delimiter {
                    break;
                }
            }
        }
    }

    /// Blanks, and backslashes that continue the line.
    fn skip_blanks(&mut self) {
        loop {
            self.skip_while(|c| matches!(c, ' ' | '\t' | '\r'));
            let continuation = ["\\\n", "\\\r\n"].into_iter().find(|text| self.rest().starts_with(text));
            let Some(text) = continuation else { return };
            self.at += text.len();
        }
    }

    fn skip_while(&mut self, accepted: impl Fn(char) -> bool) {
        let rest = self.rest();
        self.at += rest.find(|c| !accepted(c)).unwrap_or(rest.len());
    }

    fn push(&mut self, next: char, piece: &mut Piece) {
        piece.word.text.push(next);
        self.at += next.len_utf8();
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn since(&self, start: usize, end: usize) -> &'a str {
        self.text.get(start..end).unwrap_or_default()
    }

    fn open(&self, start: usize, what: &str) -> CommandError {
        CommandError {
            message: format!("the {what} is never closed"),
            range: start..self.text.len(),
            help: Some("close it, or put a backslash before it".to_owned()),
        }
    }
}

/// `<name>`, as documentation writes what the reader is to fill in.
fn placeholder(rest: &str) -> Option<&str> {
    let inside = rest.strip_prefix('<')?.split_once('>')?.0;
    let named = inside.starts_with(|c: char| c.is_ascii_alphabetic())
        && inside.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
    if named { rest.get(..inside.len() + 2) } else { None }
}

/// The name that a `$` begins, and the length of all of it.
fn variable(rest: &str) -> (&str, usize) {
    let name =
        |text: &'_ str| text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(text.len());
    let after = rest.get(1..).unwrap_or_default();
    match after.strip_prefix('{').and_then(|inside| inside.split_once('}')) {
        Some((inside, _)) if name(inside) == inside.len() => (inside, inside.len() + 3),
        Some((inside, _)) => ("", inside.len() + 3),
        None => (after.get(..name(after)).unwrap_or_default(), name(after) + 1),
    }
}

/// `NAME=value`
fn assignment(text: &str) -> Option<(&str, &str)> {
    let (name, value) = text.split_once('=')?;
    let named = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    named.then_some((name, value))
}

fn assign(variables: &mut Variables, piece: &Piece) {
    let Some((name, value)) = assignment(&piece.word.text) else { return };
    // Of `NAME=job-$(date)` the beginning is known; of `NAME=$(date)` the name says more than the value.
    if piece.literal || !value.starts_with(['$', '`']) {
        variables.insert(name.to_owned(), value.to_owned());
    } else {
        variables.remove(name);
    }
}

/// The `2` of `2>file` is no word.
fn drop_descriptor(pieces: &mut Vec<Piece>, at: usize) {
    let is_descriptor = |word: &Word| {
        word.range.end == at && word.text.len() == 1 && word.text.bytes().all(|byte| byte.is_ascii_digit())
    };
    if pieces.last().is_some_and(|piece| is_descriptor(&piece.word)) {
        pieces.pop();
    }
}
