//! The forms that the ARNs of each service have, as the catalog lists them.

use std::sync::OnceLock;

use iamsim_catalog::{Service, service as service_of_prefix, services_with_arns_of};
use rustc_hash::FxHashMap;

/// The ARNs of one resource type.
///
/// Source: <https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html>
pub(crate) struct Form {
    /// The prefix of the service that lists the type.
    pub(crate) service: &'static str,
    /// The type's name.
    pub(crate) resource_type: &'static str,
    /// As AWS writes it: `arn:${Partition}:sqs:${Region}:${Account}:${QueueName}`.
    pub(crate) text: &'static str,
    region: Template,
    account: Template,
    resource: Template,
    /// How the last part begins.
    beginning: Beginning,
}

/// What a pattern or a form certainly begins with, up to eight bytes of it: most differ there.
#[derive(Clone, Copy)]
pub(crate) struct Beginning {
    bytes: u64,
    /// Which of the bytes are known: those before the first wildcard or placeholder.
    known: u64,
}

/// The forms of the ARNs that name `service`, which is mostly the prefix of its actions. Empty when no service
/// has such ARNs.
pub(crate) fn of_service(service: &str) -> &'static [Form] {
    static FORMS: OnceLock<FxHashMap<&str, OnceLock<Vec<Form>>>> = OnceLock::new();
    let of_services = FORMS.get_or_init(|| {
        let services = iamsim_catalog::services().iter().flat_map(Service::arn_services);
        services.map(|service| (service, OnceLock::new())).collect()
    });
    of_services
        .get(service)
        .map_or(&[], |forms| forms.get_or_init(|| listed(services_with_arns_of(service), service)))
}

/// The forms that a service lists of ARNs that may name any service, as the recovery points of AWS Backup have them.
pub(crate) fn of_any_service(service: &str) -> impl Iterator<Item = &'static Form> {
    static FORMS: OnceLock<Vec<Form>> = OnceLock::new();
    let forms = FORMS.get_or_init(|| listed(service_of_prefix("backup").into_iter(), "${Vendor}"));
    forms.iter().filter(move |form| form.service == service)
}

impl Form {
    fn new(service: &'static str, resource_type: &'static str, text: &'static str) -> Self {
        let mut fields = text.splitn(6, ':').skip(3);
        let mut field = || fields.next().unwrap_or_default();
        let (region, account, resource) = (field(), field(), field());
        Self {
            service,
            resource_type,
            text,
            region: Template::new(region),
            account: Template::new(account),
            resource: Template::new(resource),
            beginning: Beginning::new(resource),
        }
    }

    /// Whether the last part may begin like that of a pattern: false only when no pattern that begins so fits.
    pub(crate) fn may_begin(&self, beginning: Beginning) -> bool {
        (self.beginning.bytes ^ beginning.bytes) & self.beginning.known & beginning.known == 0
    }

    /// Whether some ARN of this form has a region that the pattern matches.
    pub(crate) fn takes_region(&self, pattern: &str) -> bool {
        self.region.overlaps(pattern)
    }

    /// The same for the account id.
    pub(crate) fn takes_account(&self, pattern: &str) -> bool {
        self.account.overlaps(pattern)
    }

    /// The same for what follows the fifth colon.
    pub(crate) fn takes_resource(&self, pattern: &str) -> bool {
        self.resource.overlaps(pattern)
    }
}

/// The forms of ARNs that name `named` among those that some services list.
fn listed(services: impl Iterator<Item = &'static Service>, named: &str) -> Vec<Form> {
    let mut forms = Vec::new();
    for service in services {
        for resource_type in service.resource_types() {
            let arns = resource_type.arns.iter().filter(|text| text.split(':').nth(2) == Some(named));
            forms.extend(arns.map(|text| Form::new(service.prefix(), resource_type.name, text)));
        }
    }
    forms
}

impl Beginning {
    /// Of a pattern or a form.
    pub(crate) fn new(text: &str) -> Self {
        let mut beginning = Self { bytes: 0, known: 0 };
        let literal = text.bytes().take_while(|byte| !matches!(byte, b'*' | b'?' | b'$'));
        for (shift, byte) in (0..u64::BITS).step_by(8).zip(literal) {
            beginning.bytes |= u64::from(byte) << shift;
            beginning.known |= 0xFF << shift;
        }
        beginning
    }
}

/// A text with placeholders such as `${BucketName}`, each for one character or more. A set of bits stands for the
/// places in it that some text leads to.
struct Template {
    /// What every instance begins with: what stands before the first placeholder.
    fixed: &'static str,
    /// What comes after that.
    tail: Tail,
    /// What a character is compared to at each place; `None` at a placeholder.
    literals: Vec<Option<u8>>,
    /// The places where a placeholder may take another character.
    open: u128,
    /// Of these, those where the character is no slash.
    without_slash: u128,
}

/// How a template goes on. Most have one placeholder at most, at their end.
enum Tail {
    Nothing,
    AnyText,
    BucketName,
    /// The name of a bucket, a slash, and any text.
    Object,
    /// Any text, then this byte and something more.
    AnyTextThen(u8),
    More,
}

/// The placeholder of bucket names: a slash there begins the name of an object.
const BUCKET: &str = "${BucketName}";

/// The objects in a bucket.
const OBJECT: &str = "${BucketName}/${ObjectName}";

impl Tail {
    fn new(text: &str) -> Self {
        let placeholder = text.find('}').filter(|_| text.starts_with("${")).map_or(0, |end| end + 1);
        let (first, rest) = text.split_at(placeholder);
        match (first, rest.bytes().next()) {
            _ if text == OBJECT => Self::Object,
            ("", None) => Self::Nothing,
            (BUCKET, None) => Self::BucketName,
            ("" | BUCKET, Some(_)) | (_, Some(b'$' | b'*')) => Self::More,
            (_, None) => Self::AnyText,
            (_, Some(next)) => Self::AnyTextThen(next),
        }
    }
}

impl Template {
    fn new(text: &'static str) -> Self {
        let (fixed, tail) = text.split_at(text.find(['$', '*']).unwrap_or(text.len()));
        let mut template =
            Self { fixed, tail: Tail::new(tail), literals: Vec::new(), open: 0, without_slash: 0 };
        let mut rest = text;
        while !rest.is_empty() {
            let placeholder = rest.find('}').filter(|_| rest.starts_with("${")).map(|end| end + 1);
            let (piece, after) = rest.split_at_checked(placeholder.unwrap_or(1)).unwrap_or((rest, ""));
            if placeholder.is_some() {
                template.literals.push(None);
                let place = place(template.literals.len());
                template.open |= place;
                if piece == BUCKET {
                    template.without_slash |= place;
                }
            } else if piece == "*" {
                template.open |= place(template.literals.len());
            } else {
                template.literals.extend(piece.bytes().map(Some));
            }
            rest = after;
        }
        template
    }

    /// Whether some text is both an instance of this template and matched by a pattern with `*` and `?`. Where the
    /// template has more places than there are bits, nothing is known, and the answer is yes.
    fn overlaps(&self, pattern: &str) -> bool {
        let Some(rest) = pattern.strip_prefix(self.fixed) else {
            let mut pairs = self.fixed.bytes().zip(pattern.bytes());
            let differs = pairs.find(|(own, other)| own != other);
            let conflicts = differs.is_some_and(|(_, other)| !matches!(other, b'*' | b'?'));
            return !conflicts && self.overlaps_from(0, pattern);
        };
        match self.tail {
            Tail::Nothing => rest.bytes().all(|byte| byte == b'*'),
            Tail::AnyText => !rest.is_empty(),
            Tail::BucketName => !rest.is_empty() && !rest.contains('/'),
            Tail::Object => match rest.split_once('/') {
                Some((bucket, object)) if !object.is_empty() => !bucket.is_empty(),
                // The star takes the slash and the text.
                None if rest.contains('*') => true,
                None if !rest.contains('?') => false,
                _ => self.overlaps_from(self.fixed.len(), rest),
            },
            // The placeholder takes what stands before the star, and the star what the template has left.
            Tail::AnyTextThen(_) if rest.ends_with('*') => true,
            Tail::AnyTextThen(next) => {
                let may_go_on = rest.bytes().any(|byte| byte == next || matches!(byte, b'*' | b'?'));
                may_go_on && self.overlaps_from(self.fixed.len(), rest)
            }
            Tail::More => self.overlaps_from(self.fixed.len(), rest),
        }
    }

    /// The same for what begins at a place of the template.
    fn overlaps_from(&self, start: usize, pattern: &str) -> bool {
        let end = place(self.literals.len());
        if end == 0 {
            return true;
        }
        let pattern = pattern.as_bytes();
        let (rest, takes_any_end) = pattern.strip_suffix(b"*").map_or((pattern, false), |rest| (rest, true));
        let mut reached = place(start);
        for (at, byte) in rest.iter().enumerate() {
            if reached == end && self.open & end != 0 {
                // The last placeholder takes all that is left.
                let slash = || rest.get(at..).is_some_and(|left| left.contains(&b'/'));
                return self.without_slash & end == 0 || !slash();
            }
            reached = match *byte {
                // Any text: every place from the first on.
                b'*' => (end | (end - 1)) & !((reached & reached.wrapping_neg()) - 1),
                b'?' => (reached & (end - 1)) << 1 | reached & self.open,
                byte => self.after(reached, byte),
            };
            if reached == 0 {
                return false;
            }
        }
        takes_any_end || reached & end != 0
    }

    fn after(&self, reached: u128, byte: u8) -> u128 {
        let stays = self.open & if byte == b'/' { !self.without_slash } else { u128::MAX };
        let mut next = reached & stays;
        let mut left = reached;
        while left != 0 {
            let at = left.trailing_zeros() as usize;
            left &= left - 1;
            let ahead = place(at + 1);
            let takes = match self.literals.get(at) {
                Some(Some(literal)) => *literal == byte,
                Some(None) => byte != b'/' || self.without_slash & ahead == 0,
                None => false,
            };
            if takes {
                next |= ahead;
            }
        }
        next
    }
}

/// The bit of a place; 0 beyond the last.
fn place(at: usize) -> u128 {
    u32::try_from(at).ok().and_then(|at| 1_u128.checked_shl(at)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_and_a_pattern_overlap_when_some_text_is_both() {
        #[track_caller]
        fn check(template: &'static str, pattern: &str, expected: bool) {
            assert_eq!(Template::new(template).overlaps(pattern), expected, "{template} and {pattern}");
        }
        let (bucket, object) = ("${BucketName}", "${BucketName}/${ObjectName}");
        check(bucket, "*", true);
        check(bucket, "b", true);
        check(bucket, "b/*", false);
        check(bucket, "b*", true);
        check(object, "b", false);
        check(object, "b/*", true);
        check(object, "b/", false);
        check(object, "*", true);
        check(object, "", false);
        check(object, "b*", true);
        check(object, "*b", true);
        check(object, "/b", false);
        check(object, "/b*", false);
        check(object, "*/", true);
        check(object, "b?c", true);
        check(object, "?c", false);
        check(object, "??/", true);
        check(object, "*-logs/*/x", true);
        check("role/${Name}", "role*", true);
        check("role/${Name}", "role/", false);
        check("role/${Name}", "rol", false);
        check("role/${Name}", "ro?e/", false);
        check("role/${Name}", "?ole/x", true);
        check("role/${Name}", "roles/x", false);
        check("role/${Name}", "r*s/x", true);
        check("role/${Name}", "*/", true);
        check("", "", true);
        check("", "*", true);
        check("", "us-east-1", false);
        check("${Region}", "", false);
        check("a*", "a", true);
        check("a*", "abc", true);
        check("${A}:${B}", "x", false);
        check("${A}:${B}", "x*", true);
        check("${A}:${B}", "x*y", true);
        check("${A}:${B}", "*x*", true);
        check("${A}:${B}", "x?", false);
        check("${A}:${B}", "x?y", true);
        check("${A}:${B}", "*", true);
        check("${A}:${B}", ":*", true);
        check("${A}:${B}", ":y", false);
        check("a/${A}/b/${B}", "a/x", false);
        check("a/${A}/b/${B}", "a/x/b/y", true);
        check("a/${A}/b/${B}", "a/x/c/y", false);
        check("a/${A}/b/${B}", "a/x/c/*", true);
        check("a/${A}/b/${B}", "a/x?", false);
        check("${A}:${B}", "x:y:z", true);
    }

    #[test]
    fn what_is_seen_at_once_is_what_the_walk_says() {
        let templates = [
            "",
            "a",
            "${A}",
            "a/${A}",
            "${BucketName}",
            "a/${BucketName}",
            OBJECT,
            "${A}/${B}",
            "a${A}:a",
            "${A}${B}",
            "a*",
            "${BucketName}/a",
            "${A}/${BucketName}",
        ];
        let mut patterns = vec![String::new()];
        for length in 0..4 {
            let longest = patterns.iter().filter(|pattern| pattern.len() == length);
            let longer =
                longest.flat_map(|pattern| "ab/:*?".chars().map(move |last| format!("{pattern}{last}")));
            patterns.extend(longer.collect::<Vec<_>>());
        }
        for template in templates {
            let known = Template::new(template);
            for pattern in &patterns {
                let expected = known.overlaps_from(0, pattern);
                assert_eq!(known.overlaps(pattern), expected, "{template} and {pattern}");
            }
        }
    }

    #[test]
    fn nobody_but_backup_lists_arns_of_any_service() {
        for service in iamsim_catalog::services().iter().filter(|service| service.prefix() != "backup") {
            assert_eq!(listed([service].into_iter(), "${Vendor}").len(), 0, "{}", service.prefix());
        }
        assert!(of_any_service("backup").next().is_some());
    }

    #[test]
    fn beginnings_that_differ_are_told_apart() {
        #[track_caller]
        fn check(form: &'static str, pattern: &str, expected: bool) {
            let form = Form::new("", "", form);
            assert_eq!(form.may_begin(Beginning::new(pattern)), expected, "{} {pattern}", form.text);
        }
        check("arn:a:b:c:d:role/${Name}", "role/x", true);
        check("arn:a:b:c:d:role/${Name}", "user/x", false);
        check("arn:a:b:c:d:role/${Name}", "r*/x", true);
        check("arn:a:b:c:d:role/${Name}", "?ole/x", true);
        check("arn:a:b:c:d:role/${Name}", "", true);
        check("arn:a:b:c:d:${Name}", "user/x", true);
        check("arn:a:b:c:d:very-long/${Name}", "very-lonely", true);
    }

    #[test]
    fn every_form_has_no_more_places_than_bits() {
        let services = iamsim_catalog::services().iter().flat_map(Service::arn_services);
        for form in services.flat_map(of_service) {
            assert!(form.resource.literals.len() < 128, "{}", form.text);
        }
    }
}
