//! Templates such as `aws:RequestTag/${TagKey}`: matching text against them, in linear space and without recursion.

/// Whether `text` is an instance of `template`, ASCII case aside. `${…}` and `<…>` stand for one or more characters.
pub(crate) fn matches_ignoring_case(template: &str, text: &str) -> bool {
    matches(&parts(template), text, |one, other| one.eq_ignore_ascii_case(&other))
}

/// Whether `text` is an instance of `template`; `*` in the template stands for any text.
pub(crate) fn matches_exactly(template: &str, text: &str) -> bool {
    matches(&parts(template), text, |one, other| one == other)
}

/// Whether `text` matches a pattern with IAM's wildcards `*` and `?`, ASCII case aside.
pub(crate) fn matches_pattern(pattern: &str, text: &str) -> bool {
    let parts: Vec<Part> = pattern
        .bytes()
        .map(|byte| match byte {
            b'*' => Part::Any,
            b'?' => Part::One,
            literal => Part::Literal(literal),
        })
        .collect();
    matches(&parts, text, |one, other| one.eq_ignore_ascii_case(&other))
}

/// Whether a template has nothing to fill in.
pub(crate) fn is_literal(template: &str) -> bool {
    parts(template).iter().all(|part| matches!(part, Part::Literal(_)))
}

/// What stands before the slash of a template that ends in `/${…}` or `/<…>`.
pub(crate) fn head(template: &str) -> Option<&str> {
    let (head, open) = template.split_once('/')?;
    (is_literal(head) && matches!(parts(open).as_slice(), [Part::One, Part::Any])).then_some(head)
}

/// How many characters of a template are given.
pub(crate) fn literal_length(template: &str) -> usize {
    parts(template).iter().filter(|part| matches!(part, Part::Literal(_))).count()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Literal(u8),
    /// Exactly one byte.
    One,
    /// Any text.
    Any,
}

fn parts(template: &str) -> Vec<Part> {
    let mut parts = Vec::with_capacity(template.len());
    let mut rest = template;
    while let Some(&byte) = rest.as_bytes().first() {
        let placeholder_end = match byte {
            b'$' if rest.starts_with("${") => rest.find('}'),
            b'<' => rest.find('>'),
            _ => None,
        };
        match placeholder_end {
            Some(end) => {
                parts.extend([Part::One, Part::Any]);
                rest = rest.get(end + 1..).unwrap_or_default();
            }
            None => {
                parts.push(if byte == b'*' { Part::Any } else { Part::Literal(byte) });
                // Bytes of a longer character are literal each; what is left may start inside one.
                let mut characters = rest.chars();
                let width = characters.next().map_or(1, char::len_utf8);
                parts.extend(rest.bytes().take(width).skip(1).map(Part::Literal));
                rest = characters.as_str();
            }
        }
    }
    parts
}

/// The usual walk with one point to return to: the last `Any` seen.
fn matches(parts: &[Part], text: &str, same: impl Fn(u8, u8) -> bool) -> bool {
    let text = text.as_bytes();
    let (mut part, mut position) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    loop {
        let advanced = match (parts.get(part), text.get(position)) {
            (None, None) => return true,
            (Some(Part::Any), _) => {
                retry = Some((part, position));
                part += 1;
                continue;
            }
            (Some(Part::One), Some(_)) => true,
            (Some(&Part::Literal(literal)), Some(&byte)) => same(literal, byte),
            (None, Some(_)) | (Some(Part::One | Part::Literal(_)), None) => false,
        };
        if advanced {
            part += 1;
            position += 1;
            continue;
        }
        let Some((any, from)) = retry.filter(|(_, from)| *from < text.len()) else {
            return false;
        };
        retry = Some((any, from + 1));
        part = any + 1;
        position = from + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_placeholder_stands_for_one_or_more_characters() {
        #[track_caller]
        fn check(template: &str, text: &str, expected: bool) {
            assert_eq!(matches_ignoring_case(template, text), expected, "{template} {text}");
        }
        check("aws:RequestTag/${TagKey}", "aws:requesttag/Team", true);
        check("aws:RequestTag/${TagKey}", "aws:RequestTag/", false);
        check("aws:RequestTag/${TagKey}", "aws:RequestTag", false);
        check("s3:ExistingObjectTag/<key>", "s3:ExistingObjectTag/é", true);
        check("a/${x}.value", "a/b.value.value", true);
        check("a/${x}.value", "a/.value", false);
        check("a${", "a${", true);
        check("", "", true);
        check("é", "é", true);
    }

    #[test]
    fn a_pattern_has_iams_wildcards() {
        #[track_caller]
        fn check(pattern: &str, text: &str, expected: bool) {
            assert_eq!(matches_pattern(pattern, text), expected, "{pattern} {text}");
        }
        check("Get*", "GetObject", true);
        check("get*acl", "GetObjectAcl", true);
        check("Get?bject", "GetObject", true);
        check("*", "", true);
        check("?", "", false);
        check("a*b*c", "abcbd", false);
        check("<a>", "b", false);
    }

    #[test]
    fn the_head_of_a_tag_template_is_what_stands_before_the_slash() {
        let check = |template: &str, expected: Option<&str>| assert_eq!(head(template), expected);
        check("aws:RequestTag/${TagKey}", Some("aws:RequestTag"));
        check("s3:ExistingObjectTag/<key>", Some("s3:ExistingObjectTag"));
        check("a/${x}.value", None);
        check("aws:SourceIp", None);
    }
}
