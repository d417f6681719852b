//! Text with wildcards and policy variables, read once when a policy is compiled.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html>

use iamsim_syntax::Version;
use iamsim_syntax::scan::first_of;
use iamsim_syntax::variable::{self, Piece};

use crate::context::Key;
use crate::fragment::Fragment;
use crate::glob::{Glob, begins_with};
use crate::request_context::RequestContext;
use crate::units::{Colons, Unit, ignores_colons, matches_units, units};

mod template;

use template::{Part, Template, Variable};

/// What `*` and `?` mean in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wildcards {
    /// Wildcards, over the whole text.
    Plain,
    /// Wildcards that respect the segments of an ARN.
    Segments,
    /// Characters like any other.
    None,
}

/// A text of a policy, ready to be compared with values of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Pattern {
    /// `*` alone.
    Any,
    /// An operand that matches no text.
    Nothing,
    /// No wildcard.
    Exact(Fragment),
    /// One star, at the end.
    Prefix(Fragment),
    /// Wildcards that cross everything.
    Glob(Glob),
    /// Wildcards that must be walked unit by unit.
    Units(Box<[Unit]>, Colons),
    /// Policy variables, known only with the request.
    Template(Box<Template>),
}

impl Pattern {
    /// Reads a text of a policy. In the 2008 version `${…}` is plain text.
    pub(crate) fn new(text: &str, version: Version, wildcards: Wildcards) -> Self {
        let Some(special) = first_of([b'$', b'*', b'?'], text.as_bytes()) else {
            return Self::Exact(Fragment::new(text));
        };
        let rest = text.get(special..).unwrap_or_default();
        if version == Version::V2012 && variable::begins_in(rest) {
            return Self::with_variables(text, wildcards);
        }
        let first_wildcard = match wildcards {
            Wildcards::Plain | Wildcards::Segments => first_of([b'*', b'?'], rest.as_bytes()),
            Wildcards::None => None,
        };
        let Some((before, rest)) = first_wildcard.and_then(|at| text.split_at_checked(special + at)) else {
            return Self::Exact(Fragment::new(text));
        };
        let unit_of = |byte: u8| Unit::of(byte.into());
        let is_past_colons = || before.bytes().filter(|byte| *byte == b':').nth(4).is_some();
        if wildcards == Wildcards::Segments && !is_past_colons() && !ignores_colons(text.as_bytes(), unit_of)
        {
            return Self::Units(units(text).collect(), Colons::Segments);
        }
        match (before, rest.bytes().all(|byte| byte == b'*')) {
            ("", true) => Self::Any,
            (before, true) => Self::Prefix(Fragment::new(before)),
            (_, false) => Self::Glob(Glob::new(text)),
        }
    }

    /// Turns the capital letters of ASCII into small ones, for texts in lower case.
    pub(crate) fn make_ascii_lowercase(&mut self) {
        match self {
            Self::Exact(text) | Self::Prefix(text) => text.make_ascii_lowercase(),
            Self::Glob(glob) => glob.make_ascii_lowercase(),
            Self::Any | Self::Nothing | Self::Units(..) | Self::Template(_) => {}
        }
    }

    /// How many bytes every text has that matches a pattern whose only wildcards are `?`.
    pub(crate) fn fixed_length(&self) -> Option<usize> {
        match self {
            Self::Glob(glob) => glob.fixed_length(),
            _ => None,
        }
    }

    fn with_variables(text: &str, wildcards: Wildcards) -> Self {
        let mut parts = Vec::new();
        let mut run: Vec<Unit> = Vec::new();
        for (_, piece) in variable::pieces(text) {
            match piece {
                Piece::Text(text) | Piece::Malformed(text, _) if wildcards == Wildcards::None => {
                    run.extend(text.encode_utf16().map(Unit::Is));
                }
                Piece::Text(text) | Piece::Malformed(text, _) => run.extend(units(text)),
                Piece::Literal(literal) => run.push(Unit::Is(literal as u16)),
                Piece::Variable { key, default } => {
                    parts.extend(Part::of(&std::mem::take(&mut run)));
                    let default = default.map(Into::into);
                    parts.push(Part::Variable(Variable { key: Key::new(key), default }));
                }
            }
        }
        let colons = if wildcards == Wildcards::Segments { Colons::Segments } else { Colons::Plain };
        if parts.is_empty() {
            return Self::Units(run.into(), colons);
        }
        parts.extend(Part::of(&run));
        Self::Template(Box::new(Template::new(parts, colons, text.len())))
    }

    /// Whether the whole of `text` is covered. A variable without a value covers nothing.
    #[inline]
    pub(crate) fn matches(&self, text: &str, context: &RequestContext<'_>) -> bool {
        match self {
            Self::Any => true,
            Self::Nothing => false,
            Self::Exact(exact) => {
                let exact = exact.as_bytes();
                exact.len() == text.len() && begins_with(text.as_bytes(), exact)
            }
            Self::Prefix(prefix) => begins_with(text.as_bytes(), prefix.as_bytes()),
            Self::Glob(_) | Self::Units(..) | Self::Template(_) => self.matches_by_search(text, context),
        }
    }

    /// The same, where wildcards stand inside or variables are to be filled in. Apart, so that the quick ways stay
    /// quick.
    #[inline(never)]
    fn matches_by_search(&self, text: &str, context: &RequestContext<'_>) -> bool {
        match self {
            Self::Glob(glob) if !glob.counts_units() || text.is_ascii() => glob.matches(text.as_bytes()),
            Self::Units(units, colons) => matches_units(units, text, *colons),
            Self::Template(template) => template.matches(text, context),
            _ => self.expand(context).is_some_and(|units| matches_units(&units, text, Colons::Plain)),
        }
    }

    /// As [`Pattern::matches`], for a pattern without variables.
    pub(crate) fn matches_text(&self, text: &str) -> bool {
        self.matches(text, &RequestContext::none())
    }

    /// The keys of all variables, also of those that have a default.
    pub(crate) fn variables(&self) -> impl Iterator<Item = &Key> {
        self.template().into_iter().flat_map(Template::variables).map(|variable| &variable.key)
    }

    /// The keys of the variables whose value is needed and absent.
    pub(crate) fn missing_variables<'p>(
        &'p self,
        context: &RequestContext<'_>,
    ) -> impl Iterator<Item = &'p Key> {
        let is_missing =
            |variable: &&Variable| variable.default.is_none() && context.lookup(&variable.key).is_none();
        let variables = self.template().into_iter().flat_map(Template::variables);
        variables.filter(is_missing).map(|variable| &variable.key)
    }

    fn template(&self) -> Option<&Template> {
        match self {
            Self::Template(template) => Some(template),
            _ => None,
        }
    }

    /// The units of the text once the variables have their values; `None` when one has none.
    pub(crate) fn expand(&self, context: &RequestContext<'_>) -> Option<Vec<Unit>> {
        match self {
            Self::Any => Some(vec![Unit::Run]),
            Self::Nothing => None,
            Self::Exact(text) => Some(text.as_str().encode_utf16().map(Unit::Is).collect()),
            Self::Prefix(text) => {
                Some(text.as_str().encode_utf16().map(Unit::Is).chain([Unit::Run]).collect())
            }
            Self::Glob(glob) => Some(glob.units()),
            Self::Units(units, _) => Some(units.to_vec()),
            Self::Template(template) => template.expand(context),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::context::Context;
    use crate::units::text_of;

    fn check(pattern: &str, text: &str, context: &Context) -> bool {
        Pattern::new(pattern, Version::V2012, Wildcards::Segments).matches(text, &context.into())
    }

    proptest! {
        #[test]
        fn the_quick_forms_agree_with_the_walk(pattern in "[ab:?*]{0,9}", text in "[ab:]{0,12}") {
            let walked = matches_units(&units(&pattern).collect::<Vec<_>>(), &text, Colons::Segments);
            prop_assert_eq!(check(&pattern, &text, &Context::new()), walked);
        }
    }

    proptest! {
        #[test]
        fn texts_around_variables_are_found_where_the_walk_finds_them(
            pattern in "[a:?*]{0,3}([$][{](x|y|y, 'a:')[}][a:?*]{0,4}){1,3}",
            value in "[a:*]{0,3}",
            text in "[a:*]{0,9}",
            segments in any::<bool>(),
        ) {
            let wildcards = if segments { Wildcards::Segments } else { Wildcards::Plain };
            let pattern = Pattern::new(&pattern, Version::V2012, wildcards);
            let context: Context = [("x", value)].into_iter().collect();
            let context = RequestContext::from(&context);
            let colons = if segments { Colons::Segments } else { Colons::Plain };
            let expanded = pattern.expand(&context);
            let walked = expanded.is_some_and(|units| matches_units(&units, &text, colons));
            prop_assert_eq!(pattern.matches(&text, &context), walked);
            let text = text_of(&pattern.expand(&context).unwrap_or_default());
            let walked = pattern.expand(&context).is_some_and(|units| matches_units(&units, &text, colons));
            prop_assert_eq!(pattern.matches(&text, &context), walked);
        }
    }

    #[test]
    fn substituted_wildcards_are_characters() {
        let context: Context = [("aws:PrincipalTag/t", "*")].into_iter().collect();
        assert!(check("b/${aws:PrincipalTag/t}", "b/*", &context));
        assert!(!check("b/${aws:PrincipalTag/t}", "b/x", &context));
        assert!(check("b/${aws:PrincipalTag/t}*", "b/*x", &context));
    }

    #[test]
    fn a_default_stands_in_for_what_is_absent_not_for_what_is_empty() {
        let empty: Context = [("aws:PrincipalTag/team", "")].into_iter().collect();
        let pattern = "b/${aws:PrincipalTag/team, 'none'}";
        assert!(check(pattern, "b/none", &Context::new()));
        assert!(check(pattern, "b/", &empty));
        assert!(!check("b/${aws:PrincipalTag/team}", "b/", &Context::new()));
    }

    #[test]
    fn in_the_2008_version_a_variable_is_text() {
        let pattern = Pattern::new("b/${*}", Version::V2008, Wildcards::Segments);
        assert!(pattern.matches_text("b/${x}"));
        assert!(!pattern.matches_text("b/*"));
    }
}
