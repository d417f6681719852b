//! The names of a service's actions, for patterns to be compared to.

use std::ops::Range;

use memchr::memmem;

/// Names in lower case and in order.
#[derive(Debug)]
pub(super) struct Names {
    /// All of them, one after the other: what is in none of them need not be looked for in each.
    text: String,
    /// Where each one begins, and where the last one ends.
    starts: Vec<usize>,
    /// The first eight bytes of each, as a number of the same order.
    heads: Vec<u64>,
}

impl Names {
    /// From names that are in order of their lower-case form.
    pub(super) fn new<'a>(names: impl Iterator<Item = &'a str>) -> Self {
        let mut all = Self { text: String::new(), starts: vec![0], heads: Vec::new() };
        for name in names {
            all.text.extend(name.chars().map(|character| character.to_ascii_lowercase()));
            all.starts.push(all.text.len());
        }
        all.heads = (0..all.starts.len() - 1).map(|place| head(all.name(place), 0)).collect();
        all
    }

    /// The places of the names that begin like this, in any case.
    pub(super) fn beginning(&self, beginning: &str) -> Range<usize> {
        self.beginning_in_lower_case(&beginning.to_ascii_lowercase())
    }

    /// The places of the names that match a pattern with `*` and `?`, in any case.
    pub(super) fn matching(&self, pattern: &str) -> Vec<usize> {
        let pattern = pattern.to_ascii_lowercase();
        let (beginning, rest) = pattern.split_at(pattern.find(['*', '?']).unwrap_or(pattern.len()));
        let candidates = self.beginning_in_lower_case(beginning);
        if rest == "*" {
            return candidates.collect();
        }
        let longest = rest.split(['*', '?']).max_by_key(|piece| piece.len()).unwrap_or_default();
        let matches = |place: &usize| matches(&pattern, self.name(*place));
        let is_all = pattern.strip_prefix('*').and_then(|rest| rest.strip_suffix('*')) == Some(longest);
        match longest {
            "" => candidates.filter(matches).collect(),
            _ if is_all => self.holding(longest, candidates),
            _ => self.holding(longest, candidates).into_iter().filter(matches).collect(),
        }
    }

    /// The places, of these, of the names that hold a text.
    fn holding(&self, text: &str, places: Range<usize>) -> Vec<usize> {
        let finder = memmem::Finder::new(text);
        let (mut found, mut from) = (Vec::new(), self.start(places.start));
        let end = self.start(places.end);
        while let Some(hit) = self.text.get(from..end).and_then(|left| finder.find(left.as_bytes())) {
            // The last name that begins at the hit or before it.
            let place = self.starts.partition_point(|start| *start <= from + hit).saturating_sub(1);
            // Elsewhere the text runs from one name to the next.
            if from + hit + text.len() <= self.start(place + 1) {
                found.push(place);
                from = self.start(place + 1);
            } else {
                from += hit + 1;
            }
        }
        found
    }

    fn beginning_in_lower_case(&self, beginning: &str) -> Range<usize> {
        // No name has a zero byte, with which the heads of short ones are filled up.
        if beginning.contains('\0') {
            return 0..0;
        }
        let (low, high) = (head(beginning, u8::MIN), head(beginning, u8::MAX));
        let start = self.heads.partition_point(|head| *head < low);
        let end = self.heads.partition_point(|head| *head <= high);
        if beginning.len() <= size_of::<u64>() {
            return start..end;
        }
        let start = partition_point(start..end, |place| self.name(place) < beginning);
        start..partition_point(start..end, |place| self.name(place).starts_with(beginning))
    }

    fn name(&self, place: usize) -> &str {
        self.text.get(self.start(place)..self.start(place + 1)).unwrap_or_default()
    }

    fn start(&self, place: usize) -> usize {
        self.starts.get(place).copied().unwrap_or(self.text.len())
    }
}

/// The first eight bytes of a text, as a number of the same order; where it is shorter, others after it.
fn head(text: &str, others: u8) -> u64 {
    let mut bytes = [others; 8];
    bytes.iter_mut().zip(text.bytes()).for_each(|(byte, own)| *byte = own);
    u64::from_be_bytes(bytes)
}

/// The first of some places for which something that holds for all earlier ones does not.
fn partition_point(places: Range<usize>, holds: impl Fn(usize) -> bool) -> usize {
    let Range { start: mut low, end: mut high } = places;
    while low < high {
        let middle = low.midpoint(high);
        if holds(middle) { low = middle + 1 } else { high = middle }
    }
    low
}

/// Whether a text matches a pattern with `*` and `?`: the usual walk with one point to return to, the last star.
pub(super) fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.as_bytes(), text.as_bytes());
    let (mut part, mut at) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    while let Some(byte) = text.get(at) {
        match pattern.get(part) {
            Some(b'*') if part + 1 == pattern.len() => return true,
            Some(b'*') => {
                retry = Some((part + 1, at));
                part += 1;
            }
            Some(own) if *own == b'?' || own == byte => {
                part += 1;
                at += 1;
            }
            _ => {
                let Some((after_star, from)) = retry else { return false };
                retry = Some((after_star, from + 1));
                (part, at) = (after_star, from + 1);
            }
        }
    }
    pattern.iter().skip(part).all(|own| *own == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 7] =
        ["Get", "GetBucket", "GetBucketAcl", "GetObject", "GetObjectAcl", "List", "PutObject"];

    fn names() -> Names {
        Names::new(NAMES.into_iter())
    }

    #[test]
    fn names_are_found_by_their_beginning() {
        let check = |beginning: &str, expected: Range<usize>| {
            assert_eq!(names().beginning(beginning), expected, "{beginning}");
        };
        check("", 0..7);
        check("get", 0..5);
        check("GETBUCKET", 1..3);
        check("GetObjectAcl", 4..5);
        check("GetObjectAcls", 5..5);
        check("GetObjec", 3..5);
        check("GetObject", 3..5);
        check("GetObjecu", 5..5);
        check("a", 0..0);
        check("z", 7..7);
        check("Get\0", 0..0);
    }

    #[test]
    fn names_are_found_by_a_pattern() {
        let check = |pattern: &str, expected: &[usize]| {
            assert_eq!(names().matching(pattern), expected, "{pattern}");
        };
        check("*", &[0, 1, 2, 3, 4, 5, 6]);
        check("get*", &[0, 1, 2, 3, 4]);
        check("Get*Acl", &[2, 4]);
        check("*OBJECT*", &[3, 4, 6]);
        check("*Object", &[3, 6]);
        check("?et*", &[0, 1, 2, 3, 4]);
        check("????", &[5]);
        check("GetObject", &[3]);
        // From one name to the next.
        check("*aclGet*", &[]);
        check("*nothing*", &[]);
        check("*tget*", &[]);
        check("*b*", &[1, 2, 3, 4, 6]);
        check("get*et*", &[1, 2]);
        check("*t*", &[0, 1, 2, 3, 4, 5, 6]);
    }

    #[test]
    fn a_pattern_has_iams_wildcards() {
        #[track_caller]
        fn check(pattern: &str, text: &str, expected: bool) {
            assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
        }
        check("get*", "getobject", true);
        check("get*acl", "getobjectacl", true);
        check("get?bject", "getobject", true);
        check("*", "", true);
        check("?", "", false);
        check("a*b*c", "abcbd", false);
        check("<a>", "b", false);
        check("", "", true);
        check("", "a", false);
    }

    #[test]
    fn there_may_be_no_names() {
        let none = Names::new([].into_iter());
        assert_eq!(none.beginning("get"), 0..0);
        assert_eq!(none.matching("*get*"), [0; 0]);
    }
}
