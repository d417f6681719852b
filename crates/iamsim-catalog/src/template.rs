//! Templates such as `aws:RequestTag/${TagKey}` and patterns with wildcards: does text match, do two overlap.
//! Without recursion; time is at most the product of the two lengths.

/// Whether `text` is an instance of `template`, ASCII case aside. `${…}` and `<…>` stand for one or more characters.
pub(crate) fn matches_ignoring_case(template: &str, text: &str) -> bool {
    matches(&parts(template), text, |one, other| one.eq_ignore_ascii_case(&other))
}

/// Whether `text` is an instance of `template`; `*` in the template stands for any text.
pub(crate) fn matches_exactly(template: &str, text: &str) -> bool {
    matches(&parts(template), text, |one, other| one == other)
}

/// Whether some text is an instance of `template` and matches `pattern`, which has IAM's wildcards and policy
/// variables.
pub(crate) fn overlaps(template: &str, pattern: &str) -> bool {
    let template = parts(template);
    let pattern: Vec<Part> = parts(pattern)
        .into_iter()
        .map(|part| if part == Part::Literal(b'?') { Part::One(Except::Nothing) } else { part })
        .collect();

    // `reached` says for each place in the pattern whether some text leads there and to the current place in the
    // template; `next` is the same for the template's next place.
    let mut reached = vec![false; pattern.len() + 1];
    if let Some(start) = reached.first_mut() {
        *start = true;
    }
    for at in 0..=template.len() {
        let one = template.get(at).copied();
        let mut next = vec![false; pattern.len() + 1];
        for place in 0..=pattern.len() {
            if !reached.get(place).is_some_and(|reached| *reached) {
                continue;
            }
            let (stays, moves) = steps(one, pattern.get(place).copied());
            if let Some(same) = next.get_mut(place) {
                *same |= moves.alone;
            }
            if let Some(ahead) = next.get_mut(place + 1) {
                *ahead |= moves.together;
            }
            if let Some(ahead) = reached.get_mut(place + 1) {
                *ahead |= stays;
            }
        }
        if at == template.len() {
            return reached.last().is_some_and(|reached| *reached);
        }
        reached = next;
    }
    false
}

/// How a place in a template can be left.
struct Moves {
    /// The pattern stays where it is.
    alone: bool,
    /// The pattern moves too.
    together: bool,
}

/// From a part of a template and one of a pattern: whether the pattern can move on alone, and how the template can.
fn steps(template: Option<Part>, pattern: Option<Part>) -> (bool, Moves) {
    let run = |part: Option<Part>| matches!(part, Some(Part::Any(_)));
    let both = match (template, pattern) {
        (Some(template), Some(pattern)) => compatible(template, pattern),
        (Some(_) | None, _) => false,
    };
    let stays = run(pattern) || (run(template) && both);
    let alone = run(template) || (run(pattern) && both);
    let together = both && !run(template) && !run(pattern);
    (stays, Moves { alone, together })
}

/// Whether some character fits both.
fn compatible(one: Part, other: Part) -> bool {
    match (one, other) {
        (Part::Literal(one), Part::Literal(other)) => one == other,
        (Part::Literal(literal), part) | (part, Part::Literal(literal)) => part.takes(literal),
        (Part::One(_) | Part::Any(_), Part::One(_) | Part::Any(_)) => true,
    }
}

/// Whether a template has nothing to fill in.
pub(crate) fn is_literal(template: &str) -> bool {
    parts(template).iter().all(|part| matches!(part, Part::Literal(_)))
}

/// What stands before the slash of a template that ends in `/${…}` or `/<…>`.
pub(crate) fn head(template: &str) -> Option<&str> {
    let (head, open) = template.split_once('/')?;
    (is_literal(head) && matches!(parts(open).as_slice(), [Part::One(_), Part::Any(_)])).then_some(head)
}

/// Whether a template is a single placeholder, for any text.
pub(crate) fn is_placeholder(template: &str) -> bool {
    let between = |open, close| template.strip_prefix(open)?.strip_suffix(close);
    let name: Option<&str> = between("${", "}").or_else(|| between("<", ">"));
    let is_one = |name: &str| !name.bytes().any(|byte| matches!(byte, b'}' | b'>'));
    template != WITHOUT_SLASH && name.is_some_and(is_one)
}

/// How many characters of a template are given.
pub(crate) fn literal_length(template: &str) -> usize {
    parts(template).iter().filter(|part| matches!(part, Part::Literal(_))).count()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Literal(u8),
    /// Exactly one byte.
    One(Except),
    /// Any text.
    Any(Except),
}

/// What a byte may not be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Except {
    Nothing,
    Slash,
    Colon,
}

impl Part {
    fn takes(self, byte: u8) -> bool {
        match self {
            Part::Literal(literal) => literal == byte,
            Part::One(except) | Part::Any(except) => match except {
                Except::Nothing => true,
                Except::Slash => byte != b'/',
                Except::Colon => byte != b':',
            },
        }
    }
}

/// Placeholders whose values never have a slash where another type's ARN goes on with one.
///
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html>
const WITHOUT_SLASH: &str = "${BucketName}";

fn parts(template: &str) -> Vec<Part> {
    let mut parts = Vec::with_capacity(template.len());
    let mut rest = template;
    // A placeholder in one of an ARN's first five segments does not reach into the next.
    let mut colons_ahead = if template.starts_with("arn:") { 5 } else { 0_usize };
    while let Some(character) = rest.chars().next() {
        let end = match character {
            '$' if rest.starts_with("${") => rest.find('}'),
            '<' => rest.find('>'),
            _ => None,
        };
        let width = end.map_or(character.len_utf8(), |end| end + 1);
        let (piece, after) = rest.split_at_checked(width).unwrap_or((rest, ""));
        let except = match piece {
            WITHOUT_SLASH => Except::Slash,
            _ if colons_ahead > 0 => Except::Colon,
            _ => Except::Nothing,
        };
        match (end, character) {
            (Some(_), _) => parts.extend([Part::One(except), Part::Any(except)]),
            (None, '*') => parts.push(Part::Any(Except::Nothing)),
            (None, _) => parts.extend(piece.bytes().map(Part::Literal)),
        }
        colons_ahead = colons_ahead.saturating_sub(usize::from(character == ':'));
        rest = after;
    }
    parts
}

/// The usual walk with one point to return to: the last run seen.
fn matches(parts: &[Part], text: &str, same: impl Fn(u8, u8) -> bool) -> bool {
    let text = text.as_bytes();
    let (mut part, mut position) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    loop {
        let advanced = match (parts.get(part), text.get(position)) {
            (None, None) => return true,
            (Some(Part::Any(_)), _) => {
                retry = Some((part, position));
                part += 1;
                continue;
            }
            (Some(&Part::Literal(literal)), Some(&byte)) => same(literal, byte),
            (Some(single @ Part::One(_)), Some(&byte)) => single.takes(byte),
            (None, Some(_)) | (Some(Part::One(_) | Part::Literal(_)), None) => false,
        };
        if advanced {
            part += 1;
            position += 1;
            continue;
        }
        // The run takes one more character, if it may.
        let Some((run, from)) = retry else { return false };
        let (Some(taker), Some(&byte)) = (parts.get(run), text.get(from)) else { return false };
        if !taker.takes(byte) {
            return false;
        }
        retry = Some((run, from + 1));
        part = run + 1;
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
    fn a_bucket_name_has_no_slash() {
        let check = |text: &str, expected: bool| {
            assert_eq!(matches_exactly("arn:aws:s3:::${BucketName}", text), expected, "{text}");
        };
        check("arn:aws:s3:::b", true);
        check("arn:aws:s3:::b/k", false);
        check("arn:aws:s3:::b/", false);
        check("arn:aws:s3:::", false);
    }

    #[test]
    fn a_template_overlaps_a_pattern_when_some_text_is_both() {
        #[track_caller]
        fn check(template: &str, pattern: &str, expected: bool) {
            assert_eq!(overlaps(template, pattern), expected, "{template} {pattern}");
        }
        let (bucket, object) = ("arn:${P}:s3:::${BucketName}", "arn:${P}:s3:::${BucketName}/${ObjectName}");
        check(bucket, "*", true);
        check(bucket, "arn:aws:s3:::*", true);
        check(bucket, "arn:aws:s3:::b*", true);
        check(bucket, "arn:aws:s3:::b/*", false);
        check(bucket, "arn:*:s3:::b?", true);
        check(object, "arn:aws:s3:::*", true);
        check(object, "arn:aws:s3:::b", false);
        check(object, "arn:aws:s3:::b/*", true);
        check(object, "arn:aws:s3:::b/", false);
        check(object, "arn:aws:s3:::*/${aws:username}/*", true);
        check(object, "arn:aws:ec2:*", false);
        check("a", "", false);
        check("", "", true);
        check("", "*", true);
        check("*", "", true);
        check("ab${x}", "?", false);
    }

    #[test]
    fn overlapping_with_a_literal_is_matching() {
        let templates = ["${x}", "a${x}", "a${x}b", "a*", "ab", "<x>/<y>", "${BucketName}/b"];
        let texts = ["", "a", "ab", "a/b", "aab", "b", "/", "a/a/b"];
        for template in templates {
            for text in texts {
                assert_eq!(overlaps(template, text), matches_exactly(template, text), "{template} {text}");
            }
        }
    }

    #[test]
    fn a_placeholder_for_any_text_is_known() {
        let check =
            |template: &str, expected: bool| assert_eq!(is_placeholder(template), expected, "{template}");
        check("${TagKey}", true);
        check("<key>", true);
        check("${TagKey}/x", false);
        check("${One}${Other}", false);
        check("<one>/<other>", false);
        check("${BucketName}", false);
        check("TagKey", false);
        check("", false);
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
