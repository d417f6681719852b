//! Numbers that stand for texts: to see quickly that no two of a list are the same.

use std::hash::Hasher;

use rustc_hash::FxHasher;

/// A number that is the same for texts that differ in ASCII case alone, and hardly ever for others.
pub(crate) fn digest(text: &str) -> u64 {
    /// What makes a capital letter a small one, in each of eight bytes.
    const SMALL: u64 = u64::from_ne_bytes([0x20; 8]);
    let (words, rest) = text.as_bytes().as_chunks::<8>();
    let mut hasher = FxHasher::default();
    words.iter().for_each(|word| hasher.write_u64(u64::from_le_bytes(*word) | SMALL));
    rest.iter().for_each(|byte| hasher.write_u8(byte | 0x20));
    hasher.write_usize(text.len());
    hasher.finish()
}

/// Whether some numbers certainly differ, all of them, which is quick to see when they are few.
pub(crate) fn all_differ(mut digests: impl Iterator<Item = u64>) -> bool {
    let mut seen = [0_u64; 16];
    digests.all(|digest| {
        let bit = 1 << (digest % 64);
        let Some(word) = seen.get_mut((digest / 64 % 16) as usize) else { return false };
        let is_new = *word & bit == 0;
        *word |= bit;
        is_new
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_differ_in_case_alone_have_the_same_digest() {
        let check = |one: &str, other: &str, expected: bool| {
            assert_eq!(digest(one) == digest(other), expected, "{one} {other}");
        };
        check("s3:GetObject", "S3:getobject", true);
        check("s3:GetObject", "s3:GetObjects", false);
        check("s3:GetObject", "s3:PutObject", false);
        check("", "", true);
        check("a", "", false);
    }

    #[test]
    fn what_is_there_twice_does_not_differ() {
        assert!(all_differ([].into_iter()));
        assert!(all_differ(["a", "b", "c"].map(digest).into_iter()));
        assert!(!all_differ(["a", "b", "A"].map(digest).into_iter()));
    }
}
