//! From a tree to typed values, with every error found on the way.

mod fields;
mod value;

use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use iamsim_syntax::json::{Member, Node, Value};
use iamsim_syntax::{Diagnostic, Span};

pub(crate) use crate::decode::fields::Fields;
use crate::library::{IN_PLACE, Library, Numbered};
use crate::policy_file::Followed;
use crate::source::{Finding, Source};

/// One reading of one text.
pub(crate) struct Decoder<'l> {
    pub(crate) library: &'l Library,
    pub(crate) source: Arc<Source>,
    /// How compiled policies know the text.
    pub(crate) number: u32,
    /// Where relative paths begin.
    folder: PathBuf,
    /// The policies that paths in the text have led to.
    pub(crate) followed: Followed,
    pub(crate) findings: Vec<Finding>,
}

impl<'l> Decoder<'l> {
    /// Reads a file of the library.
    pub(crate) fn file(library: &'l Library, numbered: &Numbered) -> Self {
        Self::new(library, Arc::clone(&numbered.source), numbered.number)
    }

    /// Reads a text that does not outlive its answer.
    pub(crate) fn passing(library: &'l Library, source: Arc<Source>) -> Self {
        Self::new(library, source, IN_PLACE)
    }

    fn new(library: &'l Library, source: Arc<Source>, number: u32) -> Self {
        let folder = Path::new(source.path()).parent().map(Path::to_owned).unwrap_or_default();
        Self { library, source, number, folder, followed: Followed::default(), findings: Vec::new() }
    }

    /// Where a path written in this text leads.
    pub(crate) fn resolve(&self, path: &str) -> PathBuf {
        self.folder.join(path)
    }

    pub(crate) fn report(&mut self, diagnostic: Diagnostic) {
        self.add(Finding { source: Arc::clone(&self.source), diagnostic });
    }

    /// Adds what was found in other texts, once.
    pub(crate) fn add(&mut self, finding: Finding) {
        if !self.findings.contains(&finding) {
            self.findings.push(finding);
        }
    }

    pub(crate) fn error(&mut self, code: &'static str, span: Span, message: impl Into<String>) {
        self.report(Diagnostic::error(code, span, message));
    }

    /// An object with known keys. `null` is one without any.
    pub(crate) fn object<'n>(&mut self, node: &'n Node, what: &'static str) -> Option<Fields<'n>> {
        Some(Fields::new(what, node.span, self.entries(node, what)?))
    }

    /// The members of an object whose keys are anyone's.
    pub(crate) fn entries<'n>(&mut self, node: &'n Node, what: impl Display) -> Option<&'n [Member]> {
        match &node.value {
            Value::Object(members) => Some(members),
            Value::Null => Some(&[]),
            _ => {
                self.wrong_type(node, what, "an object");
                None
            }
        }
    }

    /// The items of a list; a single value is a list of one, `null` an empty one.
    pub(crate) fn items<'n>(&mut self, node: &'n Node) -> &'n [Node] {
        match &node.value {
            Value::Array(items) => items,
            Value::Null => &[],
            _ => std::slice::from_ref(node),
        }
    }

    pub(crate) fn wrong_type(&mut self, node: &Node, what: impl Display, wanted: &str) {
        let message = format!("{what} must be {wanted}, this is {}", node.kind());
        self.error("wrong-type", node.span, message);
    }

    /// Hands the findings over: file by file as they were come to, each in the order of its text.
    pub(crate) fn finish(self) -> Vec<Finding> {
        let mut files: Vec<String> = Vec::new();
        for finding in &self.findings {
            if !files.iter().any(|file| file == finding.source.path()) {
                files.push(finding.source.path().to_owned());
            }
        }
        let mut findings = self.findings;
        findings.sort_by_key(|finding| {
            let file = files.iter().position(|file| file == finding.source.path());
            (file, finding.diagnostic.span.start)
        });
        findings
    }
}

/// `did you mean …?` when one of `known` is near to `written`.
pub(crate) fn did_you_mean<'k>(written: &str, known: impl IntoIterator<Item = &'k str>) -> Option<String> {
    nearest(written, known).map(|near| format!("did you mean `{near}`?"))
}

/// The one of `known` that is most like `written`, if any is like it at all.
pub(crate) fn nearest<'k>(written: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let folded = written.to_lowercase();
    let allowed = (written.chars().count() / 3).clamp(1, 4);
    let distance = |known: &str| strsim::damerau_levenshtein(&folded, &known.to_lowercase());
    let known: Vec<&str> = known.into_iter().collect();
    let scored = known.iter().map(|known| (distance(known), *known));
    let near = scored.filter(|(distance, _)| *distance <= allowed).min().map(|(_, known)| known);
    let mut alike = known.iter().copied().filter(|known| begin_alike(&folded, &known.to_lowercase()));
    near.or_else(|| alike.next().filter(|_| alike.next().is_none()))
}

/// Whether one word is the other with another ending: `allow` and `allowed`, `policy` and `policies`.
fn begin_alike(one: &str, other: &str) -> bool {
    let same = one.chars().zip(other.chars()).take_while(|(one, other)| one == other).count();
    let shorter = one.chars().count().min(other.chars().count());
    same >= 3 && same * 4 >= shorter * 3
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_word_is_nearest_to_one_spelt_or_begun_like_it() {
        let check = |written: &str, known: &[&str], expected: Option<&str>| {
            assert_eq!(nearest(written, known.iter().copied()), expected, "{written}");
        };
        let decisions = ["allowed", "denied", "implicitDeny", "explicitDeny"];
        check("alowed", &decisions, Some("allowed"));
        check("allow", &decisions, Some("allowed"));
        check("deny", &decisions, Some("denied"));
        check("implicit", &decisions, Some("implicitDeny"));
        check("maybe", &decisions, None);
        check("policy", &["path", "policies", "groups"], Some("policies"));
        check("identityPolicies", &["identity", "resource"], Some("identity"));
        // Two that begin so are none.
        check("service", &["serviceControl", "servicePrincipal"], None);
    }
}
