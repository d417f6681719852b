//! Finds one of many things by its name in any case, looking at few of them.

/// Where in a list the things of each name are: a table of the hashes of their names.
#[derive(Debug)]
pub(crate) struct ByName {
    /// In the slot that a name's hash leads to, or the next one that was free, one more than the thing's place; 0
    /// where there is none. At most half of them are taken, and their number is a power of two.
    slots: Box<[u16]>,
}

impl ByName {
    /// The table of a list's names, in its order.
    pub(crate) fn new<'a>(names: impl ExactSizeIterator<Item = &'a str>) -> Self {
        let mut slots = vec![0; (names.len() * 2).next_power_of_two()].into_boxed_slice();
        // A test says that no list is longer than its places can be counted.
        for (name, place) in names.zip(1..=u16::MAX) {
            let mask = slots.len() - 1;
            let mut slot = hash(name) & mask;
            while slots.get(slot).is_some_and(|taken| *taken != 0) {
                slot = (slot + 1) & mask;
            }
            if let Some(free) = slots.get_mut(slot) {
                *free = place;
            }
        }
        Self { slots }
    }

    /// The first thing of a list that has this name, in any case.
    pub(crate) fn find<'t, T>(
        &self,
        list: &'t [T],
        name: &str,
        name_of: impl Fn(&T) -> &str,
    ) -> Option<&'t T> {
        let mask = self.slots.len() - 1;
        let mut slot = hash(name) & mask;
        loop {
            let place = self.slots.get(slot)?.checked_sub(1)?;
            let thing = list.get(usize::from(place))?;
            // Most are spelled as AWS spells them, which is quicker to see.
            let own = name_of(thing);
            if own == name || own.eq_ignore_ascii_case(name) {
                return Some(thing);
            }
            slot = (slot + 1) & mask;
        }
    }
}

/// The same for names that differ in ASCII case alone.
fn hash(name: &str) -> usize {
    /// What makes a capital letter a small one, in each of eight bytes. Other characters may become alike too.
    const SMALL: u64 = u64::from_ne_bytes([0x20; 8]);
    /// Any odd number with its bits well mixed.
    const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;
    let mix = |hash: u64, word: u64| (hash.rotate_left(5) ^ (word | SMALL)).wrapping_mul(FACTOR);
    let (words, rest) = name.as_bytes().as_chunks::<8>();
    let hash = words.iter().fold(name.len() as u64, |hash, word| mix(hash, u64::from_le_bytes(*word)));
    let last = match name.as_bytes().last_chunk() {
        Some(last) => u64::from_le_bytes(*last),
        None => rest.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)),
    };
    usize::try_from(mix(hash, last) >> 32).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 6] = ["GetObject", "s3", "", "aws:RequestTag/${TagKey}", "getobject", "ListBuckets"];

    #[test]
    fn things_are_found_in_any_case_and_the_first_of_a_name_counts() {
        let by_name = ByName::new(NAMES.into_iter());
        let places: Vec<usize> = (0..NAMES.len()).collect();
        let check = |name: &str, expected: Option<usize>| {
            let found = by_name.find(&places, name, |place| NAMES[*place]);
            assert_eq!(found.copied(), expected, "{name}");
        };
        check("GETOBJECT", Some(0));
        check("getobject", Some(0));
        check("S3", Some(1));
        check("", Some(2));
        check("AWS:requesttag/${tagkey}", Some(3));
        check("listBuckets", Some(5));
        check("ListBucket", None);
        check("s4", None);
    }

    #[test]
    fn nothing_is_found_among_nothing() {
        let by_name = ByName::new([].into_iter());
        assert_eq!(by_name.find(&[], "s3", |name: &&str| name), None);
    }
}
