//! Names compared without case, by their hashes first.
//!
//! The hash is stable over machines, reads eight bytes at a time and can be worked out when this crate is
//! compiled. Names that differ in case alone share it; so may others, which is why it is never the last word.

/// Turns capital letters into small ones, and some other characters into each other.
const FOLD: u64 = 0x2020_2020_2020_2020;

/// What no byte of ASCII has.
const BEYOND_ASCII: u64 = 0x8080_8080_8080_8080;

/// The hash of a name.
pub(crate) fn hash(name: &str) -> u64 {
    match hash_if_ascii(name) {
        Some(hash) => hash,
        None => hash_bytes(name.to_lowercase().as_bytes()).0,
    }
}

/// The hash of a name without characters beyond ASCII; 0 for others.
pub(crate) const fn hash_ascii(name: &str) -> u64 {
    match hash_if_ascii(name) {
        Some(hash) => hash,
        None => 0,
    }
}

const fn hash_if_ascii(name: &str) -> Option<u64> {
    let (hash, bits) = hash_bytes(name.as_bytes());
    if bits & BEYOND_ASCII == 0 { Some(hash) } else { None }
}

/// The hash of bytes, and all the bits that were seen in them.
const fn hash_bytes(bytes: &[u8]) -> (u64, u64) {
    let (mut hash, mut bits) = (bytes.len() as u64, 0);
    let mut rest = bytes;
    while let Some((chunk, after)) = rest.split_first_chunk::<8>() {
        let chunk = u64::from_le_bytes(*chunk);
        hash = mix(hash, chunk | FOLD);
        bits |= chunk;
        rest = after;
    }
    if rest.is_empty() {
        return (hash, bits);
    }
    let last = match bytes.last_chunk::<8>() {
        Some(last) => u64::from_le_bytes(*last),
        None => short(rest),
    };
    (mix(hash, last | FOLD), bits | last)
}

/// Fewer than eight bytes.
const fn short(bytes: &[u8]) -> u64 {
    let mut packed = 0;
    let mut rest = bytes;
    while let Some((byte, after)) = rest.split_first() {
        packed = (packed << 8) | *byte as u64;
        rest = after;
    }
    packed
}

/// Both halves of a 128-bit product depend on every bit of the factors.
const fn mix(hash: u64, chunk: u64) -> u64 {
    let product = ((hash ^ chunk) as u128 ^ 0x9e37_79b9_7f4a_7c15) * 0xd6e8_feb8_6659_fd93;
    (product >> 64) as u64 ^ product as u64
}

/// Whether two names differ in case alone, if at all.
pub(crate) fn is_same(a: &str, b: &str) -> bool {
    a == b || a.eq_ignore_ascii_case(b) || (!a.is_ascii() && a.to_lowercase() == b.to_lowercase())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn names_that_differ_in_case_alone_have_one_hash(name in "[a-zA-Z:/_-]{0,40}") {
            prop_assert_eq!(hash(&name), hash(&name.to_ascii_uppercase()));
            prop_assert!(is_same(&name, &name.to_ascii_uppercase()));
        }

        #[test]
        fn other_names_have_other_hashes(a in "[a-z:/]{1,30}", b in "[a-z:/]{1,30}") {
            prop_assert_eq!(hash(&a) == hash(&b), a == b);
        }
    }

    #[test]
    fn beyond_ascii_case_is_folded_too() {
        assert_eq!(hash("aws:RequestTag/\u{212A}ey"), hash("aws:RequestTag/key"));
        assert!(is_same("aws:RequestTag/\u{212A}ey", "aws:RequestTag/key"));
        assert!(is_same("aws:RequestTag/ÉCOLE", "aws:RequestTag/école"));
    }
}
