//! The forms that the ARNs of each service have, as the catalog lists them.

use std::collections::BTreeMap;
use std::sync::OnceLock;

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
}

/// The forms of the ARNs that name `service`, which is mostly the prefix of its actions. Empty when no service
/// has such ARNs.
pub(crate) fn of_service(service: &str) -> &'static [Form] {
    forms().get(service).map_or(&[], Vec::as_slice)
}

/// The forms that a service lists of ARNs that may name any service, as the recovery points of AWS Backup have them.
pub(crate) fn of_any_service(service: &str) -> impl Iterator<Item = &'static Form> {
    static FORMS: OnceLock<&[Form]> = OnceLock::new();
    FORMS.get_or_init(|| of_service("${Vendor}")).iter().filter(move |form| form.service == service)
}

impl Form {
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

fn forms() -> &'static BTreeMap<&'static str, Vec<Form>> {
    static FORMS: OnceLock<BTreeMap<&str, Vec<Form>>> = OnceLock::new();
    FORMS.get_or_init(|| {
        let mut forms: BTreeMap<&str, Vec<Form>> = BTreeMap::new();
        for service in iamsim_catalog::services() {
            for resource_type in service.resource_types() {
                for text in &resource_type.arns {
                    let mut fields = text.splitn(6, ':').skip(2);
                    let mut field = || fields.next().unwrap_or_default();
                    let named = field();
                    forms.entry(named).or_default().push(Form {
                        service: service.prefix(),
                        resource_type: resource_type.name,
                        text,
                        region: Template::new(field()),
                        account: Template::new(field()),
                        resource: Template::new(field()),
                    });
                }
            }
        }
        forms
    })
}

/// A text with placeholders such as `${BucketName}`, each for one character or more. A set of bits stands for the
/// places in it that some text leads to.
struct Template {
    /// What a character is compared to at each place; `None` at a placeholder.
    literals: Vec<Option<u8>>,
    /// The places where a placeholder may take another character.
    open: u128,
    /// Of these, those where the character is no slash.
    without_slash: u128,
    /// How many places every instance begins with: those before the first placeholder.
    fixed: u8,
}

/// The placeholder of bucket names: a slash there begins the name of an object.
const BUCKET: &str = "${BucketName}";

impl Template {
    fn new(text: &str) -> Self {
        let mut template = Self { literals: Vec::new(), open: 0, without_slash: 0, fixed: 0 };
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
        let fixed = template.literals.iter().take_while(|literal| literal.is_some()).count();
        let fixed = fixed.min(template.open.trailing_zeros() as usize);
        template.fixed = u8::try_from(fixed).unwrap_or(u8::MAX);
        template
    }

    /// Whether some text is both an instance of this template and matched by a pattern with `*` and `?`. Where the
    /// template has more places than there are bits, nothing is known, and the answer is yes.
    fn overlaps(&self, pattern: &str) -> bool {
        let end = place(self.literals.len());
        if end == 0 {
            return true;
        }
        // What comes before the first wildcard or placeholder of either is quick to compare.
        let literals = self.literals.iter().take(usize::from(self.fixed));
        let begun = literals.zip(pattern.bytes()).take_while(|(one, other)| **one == Some(*other)).count();
        let rest = pattern.as_bytes().get(begun..).unwrap_or_default();
        let differs = rest.first().is_some_and(|byte| !matches!(byte, b'*' | b'?'));
        if differs && begun < usize::from(self.fixed) {
            return false;
        }
        let (rest, takes_any_end) = rest.strip_suffix(b"*").map_or((rest, false), |rest| (rest, true));
        let mut reached = place(begun);
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
        fn check(template: &str, pattern: &str, expected: bool) {
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
        check("role/${Name}", "role*", true);
        check("role/${Name}", "role/", false);
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
        check("${A}:${B}", "x:y:z", true);
    }

    #[test]
    fn every_form_has_no_more_places_than_bits() {
        for form in forms().values().flatten() {
            assert!(form.resource.literals.len() < 128, "{}", form.text);
        }
    }
}
