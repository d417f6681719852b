//! Lower case as `StringEqualsIgnoreCase` takes it.

/// Lower-cases `text` the way a context-sensitive, language-neutral mapping does, leaving characters beyond
/// the basic plane as they are: AWS compares those without case mapping.
pub(crate) fn lower(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    if text.chars().all(|c| c <= '\u{FFFF}') {
        return text.to_lowercase();
    }
    let mut folded = String::with_capacity(text.len());
    for run in text.split_inclusive(|c| c > '\u{FFFF}') {
        let beyond = run.char_indices().next_back().filter(|(_, c)| *c > '\u{FFFF}');
        let (plain, rest) = run.split_at(beyond.map_or(run.len(), |(at, _)| at));
        folded.push_str(&plain.to_lowercase());
        folded.push_str(rest);
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(a: &str, b: &str) -> bool {
        lower(a) == lower(b)
    }

    #[test]
    fn case_is_folded_by_lower_casing_both_sides() {
        for (a, b) in [("É", "é"), ("\u{212A}", "k"), ("ẞ", "ß"), ("Σ", "σ"), ("ΟΣ", "ος"), ("AbC", "aBc")]
        {
            assert!(check(a, b), "{a} {b}");
        }
        let different = [
            ("ß", "SS"),
            ("ſ", "s"),
            ("Σ", "ς"),
            ("I", "ı"),
            ("i", "İ"),
            ("ΟΣ", "οσ"),
            ("𐐀", "𐐨"),
            ("é", "e\u{301}"),
        ];
        for (a, b) in different {
            assert!(!check(a, b), "{a} {b}");
        }
    }
}
