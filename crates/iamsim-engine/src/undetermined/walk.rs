//! Texts of every kind that some patterns tell apart.
//!
//! All patterns are walked at once, letter by letter, each by the set of positions it can be at. Two texts that lead
//! to the same positions are alike to every pattern, so one text for each set of positions stands for all texts.

use std::collections::{BTreeSet, VecDeque};

use crate::units::Unit;

/// A step of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// This UTF-16 code unit.
    Is(u16),
    /// This ASCII letter, in either case.
    Folded(u16),
    /// Any one code unit, a colon perhaps excepted.
    One { colons: bool },
    /// Any run of code units, perhaps without colons.
    Run { colons: bool },
}

const COLON: u16 = b':' as u16;
/// The Kelvin sign is a `K` whose lower case is an ASCII letter.
const KELVIN: u16 = 0x212A;

/// How much is walked before giving up.
const MOST_STEPS: usize = 500_000;
const MOST_STATES: usize = 3_000;

/// The steps of a pattern whose wildcards cross everything.
pub(super) fn plain(units: &[Unit]) -> Vec<Step> {
    units.iter().map(|unit| step(*unit, true)).collect()
}

/// The steps of an ARN's pattern: its wildcards stay in their parts, but for the last.
pub(super) fn arn(units: &[Unit]) -> Vec<Step> {
    if units == [Unit::Run] {
        return plain(units);
    }
    let mut colons = 0;
    let steps = units.iter().map(|unit| {
        colons += usize::from(*unit == Unit::Is(COLON));
        step(*unit, colons >= 5)
    });
    steps.collect()
}

/// The steps of a text.
pub(super) fn literal(text: &str) -> Vec<Step> {
    text.encode_utf16().map(Step::Is).collect()
}

/// The steps of an ASCII text in lower case, compared without case.
pub(super) fn folded(text: &str) -> Vec<Step> {
    let step = |byte: u8| {
        let unit = u16::from(byte);
        if byte.is_ascii_alphabetic() { Step::Folded(unit) } else { Step::Is(unit) }
    };
    text.bytes().map(step).collect()
}

fn step(unit: Unit, colons: bool) -> Step {
    match unit {
        Unit::Is(unit) => Step::Is(unit),
        Unit::One => Step::One { colons },
        Unit::Run => Step::Run { colons },
    }
}

/// A text for every set of positions; `None` when there are too many, or letters beyond the basic plane, of which
/// half a letter would be no text.
pub(super) fn texts(patterns: &[Vec<Step>]) -> Option<Vec<String>> {
    let stranger = stranger(patterns)?;
    let start: Vec<BTreeSet<usize>> = patterns.iter().map(|pattern| enter(pattern, [0])).collect();
    let mut seen = BTreeSet::from([start.clone()]);
    let mut waiting = VecDeque::from([(start, Vec::new())]);
    let mut found = Vec::new();
    let mut steps = 0;
    while let Some((state, text)) = waiting.pop_front() {
        for unit in std::iter::once(stranger).chain(told_apart(patterns, &state)) {
            steps += state.iter().map(|positions| positions.len() + 1).sum::<usize>();
            let next: Vec<BTreeSet<usize>> = patterns
                .iter()
                .zip(&state)
                .map(|(pattern, positions)| enter(pattern, advance(pattern, positions, unit)))
                .collect();
            if steps > MOST_STEPS || seen.len() > MOST_STATES {
                return None;
            }
            if seen.insert(next.clone()) {
                let mut longer = text.clone();
                longer.push(unit);
                waiting.push_back((next, longer));
            }
        }
        found.push(String::from_utf16(&text).ok()?);
    }
    Some(found)
}

/// A letter that is in no pattern; `None` where there is none, or half a letter is in one.
fn stranger(patterns: &[Vec<Step>]) -> Option<u16> {
    let mut letters = BTreeSet::from([COLON, KELVIN]);
    for step in patterns.iter().flatten() {
        match step {
            Step::Is(unit) if (0xD800..0xE000).contains(unit) => return None,
            Step::Is(unit) => {
                letters.insert(*unit);
            }
            Step::Folded(unit) => letters.extend(both_cases(*unit)),
            Step::One { .. } | Step::Run { .. } => {}
        }
    }
    let mut others = (b'a'..=b'z').chain(b'0'..=b'9').map(u16::from).chain(0x100..0xD800);
    others.find(|letter| !letters.contains(letter))
}

/// The letters that the steps ahead tell from all others.
fn told_apart(patterns: &[Vec<Step>], state: &[BTreeSet<usize>]) -> BTreeSet<u16> {
    let mut letters = BTreeSet::new();
    let ahead = patterns
        .iter()
        .zip(state)
        .flat_map(|(pattern, positions)| positions.iter().filter_map(|at| pattern.get(*at)));
    for step in ahead {
        match step {
            Step::Is(unit) => {
                letters.insert(*unit);
            }
            Step::Folded(unit) => letters.extend(both_cases(*unit)),
            Step::One { colons: false } | Step::Run { colons: false } => {
                letters.insert(COLON);
            }
            Step::One { colons: true } | Step::Run { colons: true } => {}
        }
    }
    letters
}

/// Every letter whose lower case is this ASCII letter.
fn both_cases(lower: u16) -> impl Iterator<Item = u16> {
    let upper = u8::try_from(lower).map_or(lower, |byte| u16::from(byte.to_ascii_uppercase()));
    [lower, upper].into_iter().chain((lower == u16::from(b'k')).then_some(KELVIN))
}

fn advance(pattern: &[Step], positions: &BTreeSet<usize>, unit: u16) -> Vec<usize> {
    let target = |at: &usize| match pattern.get(*at)? {
        Step::Is(wanted) => (*wanted == unit).then_some(at + 1),
        Step::Folded(wanted) => both_cases(*wanted).any(|letter| letter == unit).then_some(at + 1),
        Step::One { colons } => (*colons || unit != COLON).then_some(at + 1),
        Step::Run { colons } => (*colons || unit != COLON).then_some(*at),
    };
    positions.iter().filter_map(target).collect()
}

/// The positions, and those reached from them by letting stars match nothing.
fn enter(pattern: &[Step], positions: impl IntoIterator<Item = usize>) -> BTreeSet<usize> {
    let mut entered = BTreeSet::new();
    for mut at in positions {
        while entered.insert(at) && matches!(pattern.get(at), Some(Step::Run { .. })) {
            at += 1;
        }
    }
    entered
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::units::{Colons, matches_units, units};

    fn check(patterns: &[&str]) -> Vec<Vec<bool>> {
        let units: Vec<Vec<Unit>> = patterns.iter().map(|pattern| units(pattern).collect()).collect();
        let steps: Vec<Vec<Step>> = units.iter().map(|units| plain(units)).collect();
        let texts = texts(&steps).unwrap();
        let matches = |text: &str| -> Vec<bool> {
            units.iter().map(|pattern| matches_units(pattern, text, Colons::Plain)).collect()
        };
        texts.iter().map(|text| matches(text)).collect()
    }

    #[test]
    fn texts_are_found_that_match_one_pattern_and_not_another() {
        let found = check(&["a*", "*b"]);
        for wanted in [[false, false], [false, true], [true, false], [true, true]] {
            assert!(found.iter().any(|found| *found == wanted), "{wanted:?}");
        }
        let found = check(&["ab*", "a*"]);
        assert!(!found.contains(&vec![true, false]), "what begins with ab begins with a");
    }

    proptest! {
        #[test]
        fn every_text_is_like_one_that_is_found(
            patterns in prop::collection::vec("[ab?*]{0,4}", 1..4),
            text in "[abc]{0,6}",
        ) {
            let patterns: Vec<&str> = patterns.iter().map(|pattern| &**pattern).collect();
            let found = check(&patterns);
            let units: Vec<Vec<Unit>> = patterns.iter().map(|pattern| units(pattern).collect()).collect();
            let matches: Vec<bool> =
                units.iter().map(|pattern| matches_units(pattern, &text, Colons::Plain)).collect();
            prop_assert!(found.contains(&matches));
        }
    }
}
