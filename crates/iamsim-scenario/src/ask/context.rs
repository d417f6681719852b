//! The circumstances of a question, and where each context key comes from.

use iamsim_engine::{Context, ContextValue, Text};
use iamsim_syntax::{Diagnostic, Span};
use iamsim_world::{Call, Circumstances, UnknownKeys};

use super::{Asking, Origin, Question};
use crate::context::is_multivalued_by_definition;

/// What the question says of the circumstances.
#[derive(Debug)]
pub(crate) struct Given {
    pub(super) circumstances: Circumstances,
    /// Whether the time was given.
    time: bool,
    /// Whether the Region was given.
    region: bool,
}

impl Asking<'_> {
    pub(super) fn given(&mut self, question: &Question) -> Given {
        let unknown = self.unknown(question);
        let mut context = Context::new();
        let mut keys: Vec<(String, Vec<Text>)> = Vec::new();
        for entry in &question.context {
            let Some((key, value)) = self.key_and_value(entry) else { continue };
            match keys.iter_mut().find(|(known, _)| known.eq_ignore_ascii_case(key)) {
                Some((_, values)) => values.push(value.into()),
                None => keys.push((key.to_owned(), vec![value.into()])),
            }
        }
        for (key, values) in keys {
            let value = value_of(&key, values);
            context.insert(&key, value);
        }
        Given {
            circumstances: Circumstances {
                context,
                absent: question.absent.clone(),
                mfa: question.mfa,
                vpc_endpoint: None,
                region: question.region.clone(),
                unknown,
            },
            time: question.now.is_some(),
            region: question.region.is_some(),
        }
    }

    /// The keys of `--unknown`, none of which may be given, too.
    fn unknown(&mut self, question: &Question) -> UnknownKeys {
        let mut unknown = UnknownKeys::default();
        for key in &question.unknown {
            if key == "*" {
                unknown.every_missing = true;
                continue;
            }
            let is_given = question
                .context
                .iter()
                .any(|entry| entry.split_once('=').is_some_and(|(given, _)| given.eq_ignore_ascii_case(key)));
            if is_given || question.absent.iter().any(|absent| absent.eq_ignore_ascii_case(key)) {
                self.flag::<()>("--unknown", key, |decoder, node| {
                    let message = format!("`{key}` is both known and unknown");
                    let diagnostic = Diagnostic::error("conflicting-keys", node.span, message);
                    decoder.report(
                        diagnostic.with_help("leave out `--unknown`, or `--context` and `--without`"),
                    );
                    None
                });
            } else if self.is_like_a_key("--unknown", key, key) {
                unknown.names.push(key.clone());
            }
        }
        unknown
    }

    fn key_and_value<'e>(&mut self, entry: &'e str) -> Option<(&'e str, &'e str)> {
        let parts = entry.split_once('=').filter(|(key, _)| !key.is_empty());
        if parts.is_none() {
            self.flag::<()>("--context", entry, |decoder, node| {
                let message = format!("`{entry}` is no context key with a value");
                let diagnostic = Diagnostic::error("invalid-context", node.span, message);
                decoder.report(diagnostic.with_help("write `key=value`, as in `aws:SourceIp=203.0.113.10`"));
                None
            });
        }
        let (key, value) = parts?;
        self.is_like_a_key("--context", entry, key).then_some((key, value))
    }

    /// A key has a prefix; one that is nearly another is not what was meant.
    fn is_like_a_key(&mut self, flag: &str, entry: &str, key: &str) -> bool {
        let is_known = iamsim_catalog::condition_key(key).is_some();
        let nearest = if is_known { None } else { iamsim_catalog::nearest_condition_key(key) };
        let help = match nearest {
            Some(nearest) => format!("did you mean `{nearest}`?"),
            None if is_known || key.contains(':') => return true,
            None => "a context key is `service:Name`, as in `aws:SourceIp`".to_owned(),
        };
        self.flag::<()>(flag, entry, |decoder, _| {
            let message = format!("there is no context key `{key}`");
            let span = Span::new(0, key.len() as u32);
            decoder.report(Diagnostic::error("unknown-context-key", span, message).with_help(help));
            None
        });
        false
    }
}

/// A key is single- or multivalued by its definition; one nobody knows, by how often it is given.
fn value_of(key: &str, mut values: Vec<Text>) -> ContextValue {
    let is_many = is_multivalued_by_definition(key).unwrap_or_default() || values.len() != 1;
    match values.pop() {
        Some(value) if !is_many => ContextValue::One(value),
        last => {
            values.extend(last);
            ContextValue::Many(values.into())
        }
    }
}

impl Given {
    /// What a step of a scenario says. `time`: whether the scenario says when it begins.
    pub(crate) fn of_step(circumstances: Circumstances, time: bool) -> Self {
        Self { circumstances, time, region: false }
    }

    /// Where a key of a request comes from.
    pub(super) fn origin(&self, name: &str, calls: &[Call]) -> Origin {
        let of_calls = || {
            let checks = calls.iter().flat_map(|call| &call.checks);
            checks.into_iter().any(|check| check.context.contains(name))
        };
        let folded = name.to_lowercase();
        if self.circumstances.context.contains(name) {
            return Origin::Given;
        }
        if of_calls() || folded.starts_with("sts:") || folded.starts_with("aws:requesttag/") {
            return Origin::Command;
        }
        match &*folded {
            "aws:currenttime" | "aws:epochtime" if self.time => Origin::Given,
            "aws:requestedregion" if self.region => Origin::Given,
            "aws:multifactorauthpresent" | "aws:multifactorauthage" if self.circumstances.mfa => {
                Origin::Given
            }
            "aws:currenttime"
            | "aws:epochtime"
            | "aws:requestedregion"
            | "aws:securetransport"
            | "aws:sourceip"
            | "aws:useragent"
            | "aws:tokenissuetime"
            | "aws:multifactorauthpresent"
            | "aws:userid" => Origin::Assumed,
            _ => Origin::Derived,
        }
    }
}
