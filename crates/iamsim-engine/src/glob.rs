//! Wildcards in text: `*` for any run of characters, `?` for exactly one.
//!
//! A [`Glob`] is cut at its stars and looks for the pieces from left to right, which is right because the leftmost place
//! a piece fits leaves the most room for the rest. Without recursion and, for a given pattern, linear in the text.

use iamsim_syntax::scan::first_of;
use memchr::memmem;

use crate::fragment::Fragment;
use crate::units::{Unit, units};

/// Below this length a plain scan for the first byte beats the set-up of a search.
const SHORT: usize = 256;

/// So many pieces are kept with how to look for them. Few patterns have more.
const PLANNED: usize = 3;

/// A pattern, to be read as the pieces between its stars.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Glob {
    text: Fragment,
    /// Where the first star stands and where the last; the length of the text, which is below four gigabytes, when
    /// there is none.
    first_star: u32,
    last_star: u32,
    questions: Questions,
    /// How to look for the pieces between two stars.
    plans: [Plan; PLANNED],
}

/// How to look for a piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Plan {
    /// How long it is; [`Plan::OPEN`] when the star after it is to be looked for.
    length: u8,
    /// Which of its bytes to look for first.
    anchor: u8,
}

impl Plan {
    const OPEN: u8 = u8::MAX;
    /// For pieces that have none of their own.
    const NONE: Self = Self { length: Self::OPEN, anchor: 0 };

    fn of(piece: &[u8]) -> Self {
        let length = u8::try_from(piece.len()).unwrap_or(Self::OPEN);
        Self { length, anchor: anchor(piece) }
    }
}

/// Where any `?` stands in a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Questions {
    Nowhere,
    AfterFirstStar,
    Anywhere,
}

impl Glob {
    /// Reads a pattern in which every `*` and `?` is a wildcard.
    pub(crate) fn new(pattern: &str) -> Self {
        let length = pattern.len() as u32;
        let (mut first_star, mut last_star) = (length, length);
        let mut questions = Questions::Nowhere;
        let mut rest = pattern.as_bytes();
        while let Some(next) = first_of([b'*', b'?'], rest) {
            let Some(([.., wildcard], after)) = rest.split_at_checked(next + 1) else { break };
            rest = after;
            let at = length - rest.len() as u32 - 1;
            match wildcard {
                b'*' => (first_star, last_star) = (first_star.min(at), at),
                _ if questions != Questions::Nowhere => {}
                _ if at > first_star => questions = Questions::AfterFirstStar,
                _ => questions = Questions::Anywhere,
            }
        }
        let text = Fragment::new(pattern);
        let mut glob = Self { text, first_star, last_star, questions, plans: [Plan::NONE; PLANNED] };
        glob.plans = glob.plans();
        glob
    }

    /// Turns the capital letters of ASCII into small ones.
    pub(crate) fn make_ascii_lowercase(&mut self) {
        self.text.make_ascii_lowercase();
        self.plans = self.plans();
    }

    fn plans(&self) -> [Plan; PLANNED] {
        let mut plans = [Plan::NONE; PLANNED];
        let middle = self.cut().map_or(&[][..], |(_, middle, _)| middle);
        for (place, piece) in plans.iter_mut().zip(middle.split(is_star)) {
            *place = Plan::of(piece);
        }
        plans
    }

    /// Whether any `?` is in it, which counts UTF-16 code units and so needs care beyond ASCII.
    pub(crate) fn counts_units(&self) -> bool {
        self.questions != Questions::Nowhere
    }

    /// How many bytes every text has that matches, when the pattern tells.
    pub(crate) fn fixed_length(&self) -> Option<usize> {
        let text = self.text.as_bytes();
        (self.first_star as usize == text.len() && text.is_ascii()).then_some(text.len())
    }

    /// The same pattern unit by unit.
    pub(crate) fn units(&self) -> Vec<Unit> {
        units(self.text.as_str()).collect()
    }

    /// Whether the pattern covers all of `text`. With a `?` in the pattern, `text` must be ASCII.
    pub(crate) fn matches(&self, text: &[u8]) -> bool {
        let Some((head, middle, tail)) = self.cut() else {
            let pattern = self.text.as_bytes();
            return text.len() == pattern.len() && fits(pattern, text);
        };
        let Some(end) = text.len().checked_sub(tail.len()).filter(|end| *end >= head.len()) else {
            return false;
        };
        let ends_fit = match self.questions {
            Questions::Nowhere => begins_with(text, head) && begins_with(&text[end..], tail),
            Questions::AfterFirstStar => begins_with(text, head) && fits(tail, &text[end..]),
            Questions::Anywhere => fits(head, text) && fits(tail, &text[end..]),
        };
        if !ends_fit || middle.is_empty() {
            return ends_fit;
        }
        self.finds_each(middle, &text[head.len()..end])
    }

    /// Whether the pieces of `middle` stand in `text`, one after the other.
    fn finds_each(&self, mut middle: &[u8], mut text: &[u8]) -> bool {
        let mut plans = self.plans.iter();
        loop {
            let plan = plans.next().unwrap_or(&Plan::NONE);
            let length = match plan.length {
                Plan::OPEN => middle.iter().position(is_star).unwrap_or(middle.len()),
                length => usize::from(length),
            };
            let Some((piece, after)) = middle.split_at_checked(length) else { return false };
            let Some(at) = self.find(piece, usize::from(plan.anchor), text) else { return false };
            let Some((_, after)) = after.split_first() else { return true };
            text = text.get(at + length..).unwrap_or_default();
            middle = after;
        }
    }

    /// What stands before the first star, between it and the last, and after that one; `None` when there is none.
    fn cut(&self) -> Option<(&[u8], &[u8], &[u8])> {
        let (text, first, last) = (self.text.as_bytes(), self.first_star as usize, self.last_star as usize);
        let tail = text.get(last + 1..)?;
        Some((text.get(..first)?, text.get(first + 1..last).unwrap_or_default(), tail))
    }

    /// The leftmost place in `text` where the piece fits.
    fn find(&self, piece: &[u8], anchor: usize, text: &[u8]) -> Option<usize> {
        let last_start = text.len().checked_sub(piece.len())?;
        if self.counts_units() {
            return (0..=last_start).find(|start| fits(piece, &text[*start..]));
        }
        let Some(rare) = piece.get(anchor) else { return Some(0) };
        if text.len() > SHORT {
            return find_in_long(text, piece);
        }
        memchr::memchr_iter(*rare, text.get(anchor..=last_start + anchor)?)
            .find(|start| text.get(*start..).is_some_and(|rest| rest.starts_with(piece)))
    }
}

fn is_star(byte: &u8) -> bool {
    *byte == b'*'
}

/// The place of the byte that other texts are least likely to hold, so that looking for it finds little else. ARNs
/// are full of separators, digits and the vowels of English.
fn anchor(piece: &[u8]) -> u8 {
    let separates = |byte: u8| matches!(byte, b':' | b'/' | b'-' | b'_' | b'.' | b'0'..=b'9');
    let is_usual =
        |byte| separates(byte) || matches!(byte, b'a' | b'e' | b'i' | b'n' | b'o' | b'r' | b's' | b't');
    let mut places = (0..=u8::MAX).zip(piece);
    let first = places.clone().find(|(_, byte)| !is_usual(**byte));
    first.or_else(|| places.find(|(_, byte)| !separates(**byte))).map_or(0, |(at, _)| at)
}

/// Whether `text` begins with a piece that may have a `?` in it.
fn fits(piece: &[u8], text: &[u8]) -> bool {
    text.len() >= piece.len() && piece.iter().zip(text).all(|(a, b)| *a == b'?' || a == b)
}

/// Apart, because it is rare and needs much room.
#[cold]
fn find_in_long(text: &[u8], piece: &[u8]) -> Option<usize> {
    memmem::find(text, piece)
}

/// Whether `text` begins with `beginning`. Much that is compared begins alike, ARNs above all, so the last byte is
/// the one most likely to differ.
pub(crate) fn begins_with(text: &[u8], beginning: &[u8]) -> bool {
    let Some((last, before)) = beginning.split_last() else { return true };
    text.get(before.len()) == Some(last) && text.starts_with(before)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::units::{Colons, matches_units};

    /// The meaning of a pattern, in three lines.
    fn means(pattern: &[u8], text: &[u8]) -> bool {
        match (pattern, text) {
            ([b'*', rest @ ..], _) => means(rest, text) || (!text.is_empty() && means(pattern, &text[1..])),
            ([a, p @ ..], [b, t @ ..]) => (*a == b'?' || a == b) && means(p, t),
            (p, t) => p.is_empty() && t.is_empty(),
        }
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
    fn a_pattern_in_lower_case_is_the_one_written_so() {
        let mut glob = Glob::new("s*:*AxB*C");
        glob.make_ascii_lowercase();
        assert_eq!(glob, Glob::new("s*:*axb*c"));
    }

    #[test]
    fn a_piece_longer_than_its_anchor_can_tell_is_found() {
        let piece = format!("{}z", "a".repeat(300));
        let glob = Glob::new(&format!("b*{piece}*c"));
        assert!(glob.matches(format!("b{}{piece}-c", "a".repeat(9)).as_bytes()));
        assert!(!glob.matches(format!("b{}c", "a".repeat(400)).as_bytes()));
    }
}
