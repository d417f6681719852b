//! Wildcards: `*` for any run of characters, `?` for exactly one.
//!
//! Two matchers, both linear in the text and without recursion. [`Glob`] is cut at its stars once and then
//! looks for its pieces from left to right, which is right because the leftmost place a piece fits leaves the
//! most room for the rest. [`matches_units`] walks a list of units that may hold values substituted just now,
//! and stars that may not cross a colon; it keeps the set of all positions the pattern can be at.

use memchr::memmem;

/// One unit of a pattern that has no policy variables left in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    /// This UTF-16 code unit.
    Is(u16),
    /// `?`: any one code unit.
    One,
    /// `*`: any run of code units.
    Run,
}

/// Below this length a plain scan for the first byte beats the set-up of a search.
const SHORT: usize = 256;

/// A pattern cut at its stars.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Glob {
    first: Piece,
    middle: Box<[Piece]>,
    /// `None` when the pattern has no star at all.
    last: Option<Piece>,
}

/// What stands between two stars.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Piece {
    bytes: Box<[u8]>,
    /// Which bytes are `?`; `None` when none is.
    any: Option<Box<[bool]>>,
}

impl Glob {
    /// Cuts a pattern in which every `*` and `?` is a wildcard.
    pub(crate) fn new(pattern: &str) -> Self {
        let mut pieces = pattern.as_bytes().split(|byte| *byte == b'*');
        let first = Piece::new(pieces.next().unwrap_or_default());
        let last = pieces.next_back().map(Piece::new);
        let middle = pieces.filter(|piece| !piece.is_empty()).map(Piece::new).collect();
        Self { first, middle, last }
    }

    /// Turns the capital letters of ASCII into small ones.
    pub(crate) fn make_lower_case(&mut self) {
        let pieces = std::iter::once(&mut self.first).chain(&mut self.middle).chain(&mut self.last);
        pieces.for_each(|piece| piece.bytes.make_ascii_lowercase());
    }

    /// How many bytes every text has that matches, when the pattern tells.
    pub(crate) fn fixed_length(&self) -> Option<usize> {
        let bytes = &self.first.bytes;
        (self.last.is_none() && bytes.is_ascii()).then_some(bytes.len())
    }

    /// Whether any `?` is in it, which counts UTF-16 code units and so needs care beyond ASCII.
    pub(crate) fn counts_units(&self) -> bool {
        self.pieces().any(|piece| piece.any.is_some())
    }

    /// The same pattern unit by unit.
    pub(crate) fn units(&self) -> Vec<Unit> {
        let mut found = Vec::new();
        for (count, piece) in self.pieces().enumerate() {
            if count > 0 {
                found.push(Unit::Run);
            }
            found.extend(piece.units());
        }
        found
    }

    fn pieces(&self) -> impl Iterator<Item = &Piece> {
        std::iter::once(&self.first).chain(&*self.middle).chain(&self.last)
    }

    /// Whether the pattern covers all of `text`. With a `?` in the pattern, `text` must be ASCII.
    pub(crate) fn matches(&self, text: &[u8]) -> bool {
        let Some(last) = &self.last else {
            return text.len() == self.first.bytes.len() && self.first.fits(text);
        };
        let (head, tail) = (self.first.bytes.len(), last.bytes.len());
        if text.len() < head + tail || !self.first.fits(text) || !last.fits(&text[text.len() - tail..]) {
            return false;
        }
        let mut rest = &text[head..text.len() - tail];
        for piece in &*self.middle {
            match piece.find(rest) {
                Some(at) => rest = &rest[at + piece.bytes.len()..],
                None => return false,
            }
        }
        true
    }
}

impl Piece {
    fn new(text: &[u8]) -> Self {
        let any = text.contains(&b'?').then(|| text.iter().map(|byte| *byte == b'?').collect());
        Self { bytes: text.into(), any }
    }

    fn units(&self) -> impl Iterator<Item = Unit> {
        units(std::str::from_utf8(&self.bytes).unwrap_or_default())
    }

    /// Whether `text`, at least as long, begins with the piece.
    fn fits(&self, text: &[u8]) -> bool {
        // Comparing empty slices costs more than asking for the length on some machines.
        if self.bytes.is_empty() {
            return true;
        }
        let Some(text) = text.get(..self.bytes.len()) else { return false };
        match &self.any {
            None => *text == *self.bytes,
            Some(any) => text.iter().zip(&*self.bytes).zip(&**any).all(|((a, b), any)| *any || a == b),
        }
    }

    /// The leftmost place in `text` where the piece fits.
    fn find(&self, text: &[u8]) -> Option<usize> {
        let last_start = text.len().checked_sub(self.bytes.len())?;
        match (&self.any, self.bytes.first()) {
            (_, None) => Some(0),
            (None, Some(_)) if text.len() > SHORT => memmem::find(text, &self.bytes),
            (None, Some(first)) => memchr::memchr_iter(*first, text.get(..=last_start)?)
                .find(|start| text.get(*start..).is_some_and(|rest| self.fits(rest))),
            (Some(_), Some(_)) => (0..=last_start).find(|start| self.fits(&text[*start..])),
        }
    }
}

/// Where a star may not go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Colons {
    /// Wildcards match colons like any other character.
    Plain,
    /// Before the text's fifth colon is behind it, `?` matches no colon, and `*` only when it ends a segment,
    /// that is when a colon or nothing follows it.
    ///
    /// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html>
    Segments,
}

/// Whether `pattern` covers all of `text`. Takes time proportional to the product of their lengths.
pub(crate) fn matches_units(pattern: &[Unit], text: &str, colons: Colons) -> bool {
    let end = pattern.len();
    let mut here = vec![false; end + 1];
    let mut next = vec![false; end + 1];
    enter(pattern, &mut here, 0);
    let mut seen = 0;
    for unit in text.encode_utf16() {
        let is_colon = unit == u16::from(b':');
        let guarded = is_colon && colons == Colons::Segments && seen < 5;
        next.fill(false);
        let mut alive = false;
        for at in 0..end {
            if !here[at] {
                continue;
            }
            let target = match pattern[at] {
                Unit::Is(expected) if expected == unit => at + 1,
                Unit::One if !guarded => at + 1,
                Unit::Run if !guarded || ends_segment(pattern, at) => at,
                _ => continue,
            };
            alive = true;
            enter(pattern, &mut next, target);
        }
        if !alive {
            return false;
        }
        seen += usize::from(is_colon);
        std::mem::swap(&mut here, &mut next);
    }
    here[end]
}

/// Marks a position, and those reached from it by letting stars match nothing.
fn enter(pattern: &[Unit], positions: &mut [bool], mut at: usize) {
    loop {
        if positions[at] {
            return;
        }
        positions[at] = true;
        match pattern.get(at) {
            Some(Unit::Run) => at += 1,
            _ => return,
        }
    }
}

/// Whether the star at `at` is the last thing in its segment.
fn ends_segment(pattern: &[Unit], at: usize) -> bool {
    match pattern.get(at + 1) {
        None => true,
        Some(unit) => *unit == Unit::Is(u16::from(b':')),
    }
}

/// The units of a pattern in which every `*` and `?` is a wildcard.
pub(crate) fn units(pattern: &str) -> impl Iterator<Item = Unit> {
    pattern.encode_utf16().map(|unit| match char::from_u32(u32::from(unit)) {
        Some('*') => Unit::Run,
        Some('?') => Unit::One,
        _ => Unit::Is(unit),
    })
}

/// The text of units that hold no wildcard.
pub(crate) fn text_of(units: &[Unit]) -> String {
    let units = units.iter().filter_map(|unit| match unit {
        Unit::Is(unit) => Some(*unit),
        Unit::One | Unit::Run => None,
    });
    char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The meaning of a pattern, in three lines.
    fn means(pattern: &[u8], text: &[u8]) -> bool {
        match (pattern, text) {
            ([b'*', rest @ ..], _) => means(rest, text) || (!text.is_empty() && means(pattern, &text[1..])),
            ([a, p @ ..], [b, t @ ..]) => (*a == b'?' || a == b) && means(p, t),
            (p, t) => p.is_empty() && t.is_empty(),
        }
    }

    fn colon_rule(pattern: &str, text: &str) -> bool {
        matches_units(&units(pattern).collect::<Vec<_>>(), text, Colons::Segments)
    }

    proptest! {
        #[test]
        fn both_matchers_mean_what_the_definition_means(pattern in "[ab?*]{0,8}", text in "[ab]{0,12}") {
            let expected = means(pattern.as_bytes(), text.as_bytes());
            prop_assert_eq!(Glob::new(&pattern).matches(text.as_bytes()), expected);
            let units: Vec<_> = units(&pattern).collect();
            prop_assert_eq!(matches_units(&units, &text, Colons::Plain), expected);
        }

        #[test]
        fn long_texts_are_searched_like_short_ones(pattern in "[ab]{0,3}\\*[ab]{1,9}\\*?[ab]{0,3}", text in "[ab]{300,400}") {
            prop_assert_eq!(Glob::new(&pattern).matches(text.as_bytes()), means(pattern.as_bytes(), text.as_bytes()));
        }
    }

    #[test]
    fn a_question_mark_is_one_utf_16_unit() {
        let matches = |pattern: &str| matches_units(&units(pattern).collect::<Vec<_>>(), "𐐀", Colons::Plain);
        assert!(!matches("?"));
        assert!(matches("??"));
    }

    #[test]
    fn a_star_inside_a_segment_stays_there() {
        assert!(colon_rule("arn:aws:ec2:us-*:1:x", "arn:aws:ec2:us-east-1:1:x"));
        assert!(!colon_rule("arn:aws:ec2:us-*1:x", "arn:aws:ec2:us-east-1:1:x"));
        assert!(!colon_rule("arn:aws:ec2:us-east-1?1:x", "arn:aws:ec2:us-east-1:1:x"));
    }

    #[test]
    fn a_star_that_ends_a_segment_runs_on() {
        assert!(colon_rule("arn:aws:ec2:*:x", "arn:aws:ec2:us-east-1:1:x"));
        assert!(colon_rule("arn:aws:ec2*", "arn:aws:ec2:us-east-1:1:x"));
    }

    #[test]
    fn after_the_fifth_colon_everything_crosses() {
        assert!(colon_rule("arn:aws:s3:::b/a*b?c", "arn:aws:s3:::b/a:x:b:c"));
    }
}
