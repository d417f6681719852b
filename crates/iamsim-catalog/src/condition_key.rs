//! Condition keys: their types, how many values they have, finding one by the name a policy uses.

use std::sync::OnceLock;

use crate::by_name::ByName;
use crate::{embedded, nearest, reference, template};

/// A condition key and what its values are.
///
/// <https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct ConditionKey {
    /// The key as AWS prints it. Parts in `${…}` or `<…>` stand for any text: `aws:RequestTag/${TagKey}`,
    /// `s3:ExistingObjectTag/<key>`.
    pub name: &'static str,
    /// What each value is.
    pub value_type: ValueType,
    /// Whether a request may have several values.
    pub cardinality: Cardinality,
    /// How long the name is before its first part that stands for any text: as long as it is where it has none.
    literal: u16,
}

/// The type of a condition key's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ValueType {
    /// Text.
    String,
    /// An Amazon Resource Name.
    Arn,
    /// `true` or `false`.
    Bool,
    /// A number.
    Numeric,
    /// A date and time.
    Date,
    /// An IP address.
    IpAddress,
}

/// Whether a condition key is single- or multivalued, by its definition and not by what a request has.
///
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cardinality {
    /// At most one value in a request.
    SingleValued,
    /// Any number of values; policies use `ForAllValues` or `ForAnyValue`.
    Multivalued,
}

/// Finds a condition key by the name a policy or request uses, in any case. Tag keys and the like match the
/// key's template: `aws:RequestTag/team` is `aws:RequestTag/${TagKey}`.
///
/// A global key comes before a service's own of the same name.
///
/// ```
/// use iamsim_catalog::{Cardinality, condition_key};
///
/// assert_eq!(condition_key("AWS:requesttag/team").unwrap().name, "aws:RequestTag/${TagKey}");
/// assert_eq!(condition_key("aws:TagKeys").unwrap().cardinality, Cardinality::Multivalued);
/// ```
#[must_use]
pub fn condition_key(name: &str) -> Option<ConditionKey> {
    let own = || {
        let (prefix, _) = name.split_once(':')?;
        reference::service(prefix)?.condition_key(name)
    };
    unowned().global.find(name).or_else(own).or_else(|| unowned().foreign.find(name))
}

/// The global condition keys, cross-service ones such as `lambda:SourceFunctionArn` included, by name.
///
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>
#[must_use]
pub fn global_condition_keys() -> &'static [ConditionKey] {
    unowned().global.all()
}

/// The condition key most like a misspelt one, or `None` if none is alike. The answer is spelled as AWS prints
/// it, except that the part a template leaves open is kept: `aws:RequestTags/team` gives `aws:RequestTag/team`.
#[must_use]
pub fn nearest_condition_key(name: &str) -> Option<String> {
    let prefix = name.split_once(':').map(|(prefix, _)| prefix);
    let service =
        prefix.and_then(|prefix| reference::service(prefix).or_else(|| reference::nearest_to(prefix)));
    let own = service.map_or(&[][..], reference::Service::condition_keys);
    let names =
        || global_condition_keys().iter().chain(unowned().foreign.all()).chain(own).map(|key| key.name);

    // A tag key may be long and says nothing about the key's own spelling.
    if let Some((head, open)) = name.split_once('/') {
        let heads = names().filter_map(template::head);
        if let Some(head) = nearest::nearest(head, heads) {
            return Some(format!("{head}/{open}"));
        }
    }
    nearest::nearest(name, names().filter(|name| template::is_literal(name))).map(str::to_owned)
}

/// The key among a few that has this name, a literal one before a template.
pub(crate) fn find(keys: &[ConditionKey], name: &str) -> Option<ConditionKey> {
    let literal = keys.iter().find(|key| key.name.eq_ignore_ascii_case(name));
    literal.or_else(|| keys.iter().find(|key| key.is_template_of(name))).copied()
}

/// Keys among which many are looked for.
#[derive(Debug)]
pub(crate) struct Keys {
    all: Vec<ConditionKey>,
    by_name: ByName,
    /// Those with a part that stands for any text.
    templates: Vec<ConditionKey>,
}

impl Keys {
    pub(crate) fn new(all: Vec<ConditionKey>) -> Self {
        let by_name = ByName::new(all.iter().map(|key| key.name));
        let templates = all.iter().filter(|key| key.is_template()).copied().collect();
        Self { all, by_name, templates }
    }

    pub(crate) fn all(&self) -> &[ConditionKey] {
        &self.all
    }

    /// As [`find`] does.
    pub(crate) fn find(&self, name: &str) -> Option<ConditionKey> {
        let literal = self.by_name.find(&self.all, name, |key| key.name);
        literal.or_else(|| self.templates.iter().find(|key| key.is_template_of(name))).copied()
    }
}

impl ConditionKey {
    /// Whether it is one of the [`global_condition_keys`].
    #[must_use]
    pub fn is_global(&self) -> bool {
        unowned().global.find(self.name).as_ref() == Some(self)
    }

    fn new(name: &'static str, value_type: ValueType, cardinality: Cardinality) -> Self {
        let literal = name.find(['$', '<']).unwrap_or(name.len());
        Self { name, value_type, cardinality, literal: u16::try_from(literal).unwrap_or(u16::MAX) }
    }

    /// Whether a part of the name stands for any text.
    #[must_use]
    pub fn is_template(&self) -> bool {
        usize::from(self.literal) < self.name.len()
    }

    /// Whether a name is what this template stands for, in any case.
    fn is_template_of(&self, name: &str) -> bool {
        // Most of them differ before the first placeholder, and there in the last character.
        let literal = usize::from(self.literal);
        let last = |name: &str| Some(name.as_bytes().get(literal.checked_sub(1)?)?.to_ascii_lowercase());
        if last(self.name) != last(name) {
            return false;
        }
        let (Some((beginning, open)), Some((asked, given))) =
            (self.name.split_at_checked(literal), name.split_at_checked(literal))
        else {
            return false;
        };
        asked.eq_ignore_ascii_case(beginning)
            && match template::is_placeholder(open) {
                true => !given.is_empty(),
                false => self.is_template() && template::matches_ignoring_case(self.name, name),
            }
    }
}

/// Reads a type code and a key, as the reference has them: `saws:PrincipalOrgID`.
pub(crate) fn parse(line: &'static str) -> Option<ConditionKey> {
    let (code, name) = line.split_at_checked(1)?;
    let cardinality = match code.bytes().all(|byte| byte.is_ascii_uppercase()) {
        true => Cardinality::Multivalued,
        false => Cardinality::SingleValued,
    };
    let value_type = match code {
        "s" | "S" => ValueType::String,
        "a" | "A" => ValueType::Arn,
        "b" | "B" => ValueType::Bool,
        "n" | "N" => ValueType::Numeric,
        "d" | "D" => ValueType::Date,
        "i" | "I" => ValueType::IpAddress,
        _ => return None,
    };
    Some(ConditionKey::new(name, value_type, cardinality))
}

/// Keys that belong to no service.
struct Unowned {
    global: Keys,
    /// Keys with a prefix that is no service's, such as `saml:aud`, or that its service does not list.
    foreign: Keys,
}

fn unowned() -> &'static Unowned {
    static UNOWNED: OnceLock<Unowned> = OnceLock::new();
    UNOWNED.get_or_init(|| {
        let lines = || embedded::unowned_keys().lines();
        let tagged = |tag| {
            let lines = lines().filter_map(move |line| line.strip_prefix(tag));
            Keys::new(lines.filter_map(parse).collect())
        };
        Unowned { global: tagged('g'), foreign: tagged('f') }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::about;

    #[test]
    fn every_global_key_is_there() {
        assert_eq!(global_condition_keys().len(), about().counts.global_condition_keys);
    }

    #[test]
    fn the_multivalued_global_keys_are_these() {
        let multivalued: Vec<&str> = global_condition_keys()
            .iter()
            .filter(|key| key.cardinality == Cardinality::Multivalued)
            .map(|key| key.name)
            .collect();
        let expected = [
            "aws:CalledVia",
            "aws:PrincipalOrgPaths",
            "aws:PrincipalServiceNamesList",
            "aws:ResourceOrgPaths",
            "aws:SourceOrgPaths",
            "aws:TagKeys",
            "aws:VpceOrgPaths",
        ];
        assert_eq!(multivalued, expected);
    }

    #[test]
    fn a_key_is_found_by_the_name_a_policy_uses() {
        use Cardinality::{Multivalued, SingleValued};
        #[track_caller]
        fn check(asked: &str, name: &'static str, value_type: ValueType, cardinality: Cardinality) {
            assert_eq!(condition_key(asked), Some(ConditionKey::new(name, value_type, cardinality)));
        }
        check("aws:SourceIp", "aws:SourceIp", ValueType::IpAddress, SingleValued);
        check("AWS:SOURCEIP", "aws:SourceIp", ValueType::IpAddress, SingleValued);
        check("aws:MultiFactorAuthPresent", "aws:MultiFactorAuthPresent", ValueType::Bool, SingleValued);
        check("aws:MultiFactorAuthAge", "aws:MultiFactorAuthAge", ValueType::Numeric, SingleValued);
        check("aws:CurrentTime", "aws:CurrentTime", ValueType::Date, SingleValued);
        check("aws:PrincipalArn", "aws:PrincipalArn", ValueType::Arn, SingleValued);
        check("aws:SourceVpcArn", "aws:SourceVpcArn", ValueType::Arn, SingleValued);
        check("aws:PrincipalTag/team", "aws:PrincipalTag/${TagKey}", ValueType::String, SingleValued);
        check("aws:RequestTag/a/b:c", "aws:RequestTag/${TagKey}", ValueType::String, SingleValued);
        check("aws:TagKeys", "aws:TagKeys", ValueType::String, Multivalued);
        check("s3:prefix", "s3:prefix", ValueType::String, SingleValued);
        check("s3:max-keys", "s3:max-keys", ValueType::Numeric, SingleValued);
        check("s3:ExistingObjectTag/env", "s3:ExistingObjectTag/<key>", ValueType::String, SingleValued);
        check(
            "kms:EncryptionContext:app",
            "kms:EncryptionContext:${EncryptionContextKey}",
            ValueType::String,
            SingleValued,
        );
        check("dynamodb:LeadingKeys", "dynamodb:LeadingKeys", ValueType::String, Multivalued);
        check("saml:aud", "saml:aud", ValueType::String, SingleValued);
        check("lambda:SourceFunctionArn", "lambda:SourceFunctionArn", ValueType::Arn, SingleValued);
        check(
            "token.actions.githubusercontent.com:ref",
            "token.actions.githubusercontent.com:ref",
            ValueType::String,
            SingleValued,
        );
    }

    #[test]
    fn what_is_no_key_is_not_found() {
        let check = |asked: &str| assert_eq!(condition_key(asked), None, "{asked}");
        check("aws:SourceIP4");
        check("aws:RequestTag/");
        check("s3:nothing");
        check("nothing:prefix");
        check("prefix");
        check(":");
        check("");
    }

    #[test]
    fn a_misspelt_key_has_a_suggestion() {
        let check = |asked: &str, expected: Option<&str>| {
            assert_eq!(nearest_condition_key(asked).as_deref(), expected);
        };
        check("aws:SourceIpp", Some("aws:SourceIp"));
        check("aws:sourcevpc-e", Some("aws:SourceVpce"));
        check("aws:RequestTags/team", Some("aws:RequestTag/team"));
        check("s3:prefx", Some("s3:prefix"));
        check("s33:prefix", Some("s3:prefix"));
        check("zzz:yyyyyyyyyyyy", None);
    }
}
