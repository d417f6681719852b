//! Looking through short texts, eight bytes at a time: without the set-up that pays off in long ones.

/// Where the first of some bytes stands in a text.
///
/// To take one from each byte of a word sets the top bit of those that are zero, where it was not set before. What is
/// borrowed may set that of bytes above the lowest such one too, which does not matter.
#[must_use]
#[inline]
pub fn first_of<const N: usize>(wanted: [u8; N], text: &[u8]) -> Option<usize> {
    let within = |word: &[u8; 8]| {
        let word = u64::from_le_bytes(*word);
        let found = wanted.iter().fold(0, |found, byte| {
            let differs = word ^ spread(*byte);
            found | (differs.wrapping_sub(spread(1)) & !differs)
        });
        let found = found & spread(0x80);
        (found != 0).then(|| found.trailing_zeros() as usize / 8)
    };
    let mut rest = text;
    while let Some((word, after)) = rest.split_first_chunk() {
        if let Some(at) = within(word) {
            return Some(text.len() - rest.len() + at);
        }
        rest = after;
    }
    match text.last_chunk() {
        // None of them is among those already seen.
        Some(last) if !rest.is_empty() => within(last).map(|at| text.len() - last.len() + at),
        _ => rest.iter().position(|byte| wanted.contains(byte)),
    }
}

/// Eight times the same byte.
pub(crate) const fn spread(byte: u8) -> u64 {
    byte as u64 * 0x0101_0101_0101_0101
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn eight_at_a_time_finds_what_one_at_a_time_does(text in prop::collection::vec(
            prop_oneof![Just(b'*'), Just(b'+'), Just(b'?'), Just(0xAA), any::<u8>(), Just(b'a'), Just(b'b')], 0..40,
        )) {
            let expected = text.iter().position(|byte| matches!(byte, b'*' | b'?'));
            prop_assert_eq!(first_of([b'*', b'?'], &text), expected);
        }
    }
}
