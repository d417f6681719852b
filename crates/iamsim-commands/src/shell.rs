//! Reads a command line as a POSIX shell does, as far as the words of its simple commands go.
//!
//! Source: <https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html>

use std::collections::BTreeMap;
use std::ops::Range;

use crate::CommandError;

mod reader;

/// A word, quotes and escapes taken off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word {
    pub(crate) text: String,
    /// Where it stands in the command line, quotes included; in bytes.
    pub(crate) range: Range<usize>,
}

impl Word {
    /// The part of the text from `start` bytes on, as a word that stands where all of it does: quotes and expansions
    /// leave no exact place for a part.
    pub(crate) fn from(&self, start: usize) -> Self {
        Self { text: self.text.get(start..).unwrap_or_default().to_owned(), range: self.range.clone() }
    }
}

/// A program and its arguments, with the variables that hold while it runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SimpleCommand {
    pub(crate) words: Vec<Word>,
    pub(crate) variables: Variables,
}

/// What is known of the shell's variables.
pub(crate) type Variables = BTreeMap<String, String>;

/// The simple commands of `text`, in the order they run: what is substituted runs first.
///
/// A variable that the text itself sets is expanded, without splitting it into words, unless its value begins with a
/// substitution; every other one, and every substitution, is kept as it is written. So is a placeholder of documentation, `<name>`.
pub(crate) fn read(text: &str) -> Result<Vec<SimpleCommand>, CommandError> {
    reader::Reader::new(text).read()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&[&str]]) {
        let commands = read(text).unwrap();
        let words: Vec<Vec<&str>> =
            commands.iter().map(|command| command.words.iter().map(|word| &*word.text).collect()).collect();
        assert_eq!(words, expected, "{text}");
    }

    #[test]
    fn quotes_and_escapes_are_taken_off() {
        check(r#"a 'b c' "d \"e\" \f" g\ h ''"#, &[&["a", "b c", "d \"e\" \\f", "g h", ""]]);
        check("a \\\n  b", &[&["a", "b"]]);
        check("a x'y'\"z\"", &[&["a", "xyz"]]);
    }

    #[test]
    fn operators_divide_commands_and_redirections_vanish() {
        check("a | b && c; d\ne &", &[&["a"], &["b"], &["c"], &["d"], &["e"]]);
        check("a > out 2>&1 < in b", &[&["a", "b"]]);
        check("a # not this\nb#c", &[&["a"], &["b#c"]]);
        check("a <<EOF b\nx 'y\nEOF\nc", &[&["a", "b"], &["c"]]);
    }

    #[test]
    fn substitutions_run_first_and_are_kept_as_text() {
        check("a $(b c) d", &[&["b", "c"], &["a", "$(b c)", "d"]]);
        check("X=$(a \"$(b)\")", &[&["b"], &["a", "$(b)"]]);
        check("a \"x-$(date +%s)\"", &[&["date", "+%s"], &["a", "x-$(date +%s)"]]);
    }

    #[test]
    fn variables_that_the_text_sets_are_expanded() {
        check("R=role\na \"$R\" ${R}s $S '$R'", &[&["a", "role", "roles", "$S", "$R"]]);
        check(
            "export R=role; a $R; unset R; a $R",
            &[&["export", "R=role"], &["a", "role"], &["unset", "R"], &["a", "$R"]],
        );
        check("R=$(b); a $R", &[&["b"], &["a", "$R"]]);
        check("R=x-$(b); a $R", &[&["b"], &["a", "x-$(b)"]]);
    }

    #[test]
    fn a_placeholder_is_text() {
        check("a --m <encoded-message>", &[&["a", "--m", "<encoded-message>"]]);
    }

    #[test]
    fn what_is_left_open_is_reported_where_it_opens() {
        let check = |text: &str, at: Range<usize>| assert_eq!(read(text).unwrap_err().range, at, "{text}");
        check("a 'b", 2..4);
        check("a \"b", 2..4);
        check("a $(b", 2..5);
    }

    #[test]
    fn a_word_knows_where_it_stands() {
        let commands = read("aws  's3' \"ls\"").unwrap();
        let ranges: Vec<_> = commands[0].words.iter().map(|word| word.range.clone()).collect();
        assert_eq!(ranges, [0..3, 5..9, 10..14]);
    }
}
