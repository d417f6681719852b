//! Whether one wildcard pattern covers another.

use memchr::memchr2;

use crate::effort::Effort;

/// Whether `wide` matches everything that `narrow` matches. Both may hold `*` and `?`.
///
/// The wildcards of `narrow` are taken as characters that only a wildcard at least as wide can match. That is
/// right whenever it answers true; it may miss a cover that holds for subtler reasons (`?*` and `*?`).
pub(crate) fn covers(wide: &str, narrow: &str) -> bool {
    covers_with(wide, narrow, &mut Effort::unlimited())
}

/// The same, ASCII case aside, as AWS compares actions.
pub(crate) fn covers_ignoring_case(wide: &str, narrow: &str) -> bool {
    covers_ignoring_case_with(wide, narrow, &mut Effort::unlimited())
}

/// The same for patterns that may be long: false once the effort, in bytes looked at, is spent.
pub(crate) fn covers_ignoring_case_with(wide: &str, narrow: &str, effort: &mut Effort) -> bool {
    covers_by(wide, narrow, |one, other| one.eq_ignore_ascii_case(&other), effort)
}

/// The same as [`covers`] for patterns that may be long: false once the effort, in bytes looked at, is spent.
pub(crate) fn covers_with(wide: &str, narrow: &str, effort: &mut Effort) -> bool {
    covers_by(wide, narrow, |one, other| one == other, effort)
}

fn covers_by(wide: &str, narrow: &str, same: impl Fn(u8, u8) -> bool, effort: &mut Effort) -> bool {
    let (wide, narrow) = (wide.as_bytes(), narrow.as_bytes());
    // Most of those that begin alike end differently.
    if let (Some(last), Some(other)) = (wide.last(), narrow.last())
        && !matches!(last, b'*' | b'?')
        && !same(*last, *other)
    {
        return false;
    }
    let (mut w, mut n) = (0, 0);
    // Where to go on after the last star, were it to take one byte more.
    let mut retry: Option<(usize, usize)> = None;
    while let Some(next) = narrow.get(n) {
        if !effort.spend(1) {
            return false;
        }
        match wide.get(w) {
            Some(b'*') if w + 1 == wide.len() => return true,
            Some(b'*') => {
                retry = Some((w + 1, n));
                w += 1;
                continue;
            }
            // Beyond ASCII a character has several bytes.
            Some(b'?') if *next != b'*' && next.is_ascii() => {}
            Some(own) if same(*own, *next) => {}
            _ => {
                let Some((after_star, taken)) = retry else { return false };
                // Nothing can go on before the next byte that what follows the star may begin with.
                let rest = narrow.get(taken + 1..).unwrap_or_default();
                let begins = |byte: &u8| match wide.get(after_star) {
                    Some(b'*' | b'?') | None => true,
                    Some(own) => same(*own, *byte),
                };
                let Some(passed) = rest.iter().position(begins) else { return false };
                if !effort.spend(passed) {
                    return false;
                }
                (w, n) = (after_star, taken + 1 + passed);
                retry = Some((w, n));
                continue;
            }
        }
        w += 1;
        n += 1;
    }
    wide.iter().skip(w).all(|own| *own == b'*')
}

/// Whether a text holds a wildcard.
pub(crate) fn has_wildcard(text: &str) -> bool {
    wildcard(text).is_some()
}

/// What stands before the first wildcard.
pub(crate) fn before_wildcard(text: &str) -> &str {
    wildcard(text).and_then(|at| text.get(..at)).unwrap_or(text)
}

/// Where the first wildcard stands.
pub(crate) fn wildcard(text: &str) -> Option<usize> {
    memchr2(b'*', b'?', text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(wide: &str, narrow: &str, expected: bool) {
        assert_eq!(covers(wide, narrow), expected, "{wide} and {narrow}");
    }

    #[test]
    fn a_star_covers_any_run() {
        check("*", "", true);
        check("*", "iam:*", true);
        check("iam:Get*", "iam:GetUser", true);
        check("iam:Get*", "iam:Get*Role", true);
        check("iam:*Role", "iam:Get*Role", true);
        check("a*b*c", "axxbyyc", true);
        check("a**", "a", true);
    }

    #[test]
    fn partial_overlap_is_no_cover() {
        check("iam:Get*", "iam:*CredentialReport", false);
        check("iam:Get?", "iam:Get*", false);
        check("iam:Get*", "iam:List*", false);
        check("a*b", "a*", false);
        check("", "a", false);
    }

    #[test]
    fn nothing_is_known_to_be_covered_once_the_effort_is_spent() {
        let mut effort = Effort::new(4);
        assert!(covers_with("a*c", "abc", &mut effort));
        assert!(!covers_with("a*c", "abc", &mut effort));
    }

    #[test]
    fn a_question_mark_covers_one_character_or_another_question_mark() {
        check("s3:Get?bject", "s3:GetObject", true);
        check("s3:Get?bject", "s3:Get?bject", true);
        check("s3:Get?bject", "s3:GetOObject", false);
        check("b/??", "b/é", false);
    }
}
