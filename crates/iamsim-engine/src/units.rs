//! Patterns unit by unit, for those that hold values substituted just now and those whose stars may not cross a colon.
//!
//! [`matches_units`] looks for the pieces between stars from left to right; where stars may not cross a colon, it then
//! walks the list and keeps the set of all positions it can be at. Both without recursion.

const STAR: u16 = b'*' as u16;
const QUESTION: u16 = b'?' as u16;

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

impl Unit {
    /// What a code unit means in a pattern in which every `*` and `?` is a wildcard.
    pub(crate) fn of(unit: u16) -> Self {
        match unit {
            STAR => Self::Run,
            QUESTION => Self::One,
            unit => Self::Is(unit),
        }
    }
}

const COLON: u16 = b':' as u16;

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

/// Whether `pattern` covers all of `text`. Takes time proportional to the product of their lengths at worst; to
/// the length of the text where no star lets many positions live at once.
pub(crate) fn matches_units(pattern: &[Unit], text: &str, colons: Colons) -> bool {
    let covers = match text.is_ascii() {
        true => covers(pattern, text.bytes().map(u16::from)),
        false => covers(pattern, text.encode_utf16()),
    };
    covers && (colons == Colons::Plain || ignores_colons(pattern, |unit| unit) || walk(pattern, text))
}

/// Whether `pattern` covers all of `text` when wildcards match colons like any other character. Goes back to the last
/// star alone: the leftmost place where the pieces before it fit leaves the most room for the rest.
fn covers(pattern: &[Unit], mut text: impl Iterator<Item = u16> + Clone) -> bool {
    let mut at = 0;
    let mut last_star = None;
    loop {
        let mut after = text.clone();
        let fits = match (pattern.get(at), after.next()) {
            (Some(Unit::Run), _) if at + 1 == pattern.len() => return true,
            (Some(Unit::Run), _) => {
                at += 1;
                last_star = Some((at, text.clone()));
                continue;
            }
            (None, None) => return true,
            (Some(Unit::Is(expected)), Some(unit)) => *expected == unit,
            (Some(Unit::One), Some(_)) => true,
            (None, Some(_)) => false,
            // What is left is too short, and a star that takes more leaves even less.
            (Some(_), None) => return false,
        };
        if fits {
            at += 1;
            text = after;
            continue;
        }
        let Some((behind, swallowed)) = &mut last_star else { return false };
        swallowed.next();
        (at, text) = (*behind, swallowed.clone());
    }
}

/// Whether the rule about colons changes nothing: every wildcard stands after the fifth colon, or is a star that ends
/// its segment.
pub(crate) fn ignores_colons<T: Copy>(pattern: &[T], unit_of: impl Fn(T) -> Unit) -> bool {
    let (mut colons, mut after_star) = (0, false);
    for part in pattern {
        match unit_of(*part) {
            Unit::Is(COLON) if colons == 4 => return true,
            Unit::Is(COLON) => (colons, after_star) = (colons + 1, false),
            Unit::Is(_) | Unit::Run if after_star => return false,
            Unit::Is(_) => {}
            Unit::Run => after_star = true,
            Unit::One => return false,
        }
    }
    true
}

/// Whether `pattern` covers all of `text` under the rule about colons.
fn walk(pattern: &[Unit], text: &str) -> bool {
    let end = pattern.len();
    let mut here = vec![false; end + 1];
    let mut next = vec![false; end + 1];
    let (mut first, mut last) = (0, enter(pattern, &mut here, 0));
    let mut seen = 0;
    for unit in text.encode_utf16() {
        let is_colon = unit == COLON;
        let guarded = is_colon && seen < 5;
        let (mut next_first, mut next_last) = (usize::MAX, 0);
        for at in first..=last {
            // What is left behind is clean for the unit after the next.
            if !std::mem::take(&mut here[at]) || at == end {
                continue;
            }
            let target = match pattern[at] {
                Unit::Is(expected) if expected == unit => at + 1,
                Unit::One if !guarded => at + 1,
                Unit::Run if !guarded || ends_segment(pattern, at) => at,
                _ => continue,
            };
            next_first = next_first.min(target);
            next_last = next_last.max(enter(pattern, &mut next, target));
        }
        if next_first == usize::MAX {
            return false;
        }
        (first, last) = (next_first, next_last);
        seen += usize::from(is_colon);
        std::mem::swap(&mut here, &mut next);
    }
    here[end]
}

/// Marks a position, and those reached from it by letting stars match nothing; answers the last of them.
fn enter(pattern: &[Unit], positions: &mut [bool], mut at: usize) -> usize {
    loop {
        let is_new = !std::mem::replace(&mut positions[at], true);
        match pattern.get(at) {
            Some(Unit::Run) if is_new => at += 1,
            _ => return at,
        }
    }
}

/// Whether the star at `at` is the last thing in its segment.
fn ends_segment(pattern: &[Unit], at: usize) -> bool {
    match pattern.get(at + 1) {
        None => true,
        Some(unit) => *unit == Unit::Is(COLON),
    }
}

/// The units of a pattern in which every `*` and `?` is a wildcard.
pub(crate) fn units(pattern: &str) -> impl Iterator<Item = Unit> {
    pattern.encode_utf16().map(Unit::of)
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

    fn colon_rule(pattern: &str, text: &str) -> bool {
        matches_units(&units(pattern).collect::<Vec<_>>(), text, Colons::Segments)
    }

    proptest! {
        #[test]
        fn the_rule_about_colons_is_the_same_however_it_is_asked(pattern in "[ab:?*]{0,9}", text in "[ab:é]{0,12}") {
            let units: Vec<_> = units(&pattern).collect();
            prop_assert_eq!(matches_units(&units, &text, Colons::Segments), walk(&units, &text));
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
