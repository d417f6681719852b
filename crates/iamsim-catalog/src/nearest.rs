//! "Did you mean": the known name most like a misspelt one.

/// The candidate with the fewest edits from `asked`, case aside; the first of equals. `None` when even that one
/// differs in more than a third of its length.
pub(crate) fn nearest<'a>(asked: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let asked = asked.to_ascii_lowercase();
    let length = asked.chars().count();
    let most = length / 3;
    // What AWS names has letters of one byte.
    let near = |candidate: &&str| candidate.len().abs_diff(length) <= most;
    let edits = |candidate: &'a str| {
        (strsim::damerau_levenshtein(&asked, &candidate.to_ascii_lowercase()), candidate)
    };
    candidates
        .into_iter()
        .filter(near)
        .map(edits)
        .filter(|(edits, _)| *edits <= most)
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_within_a_third_is_suggested() {
        let known = ["GetObject", "GetObjectAcl", "PutObject", "s3"];
        let check = |asked: &str, expected: Option<&str>| assert_eq!(nearest(asked, known), expected);
        check("GetObjct", Some("GetObject"));
        check("getobject", Some("GetObject"));
        check("GetObjectAlc", Some("GetObjectAcl"));
        check("ptuobject", Some("PutObject"));
        check("ListBuckets", None);
        check("s4", None);
        check("", None);
    }
}
