//! Texts that an unknown key may hold: one of every kind that its facts tell apart.

use iamsim_syntax::literal::{Instant, IpNetwork, Number};

use crate::compiled::condition::Condition;
use crate::compiled::test::{Folded, Test};
use crate::request::Request;
use crate::request_context::{RequestContext, ValueRef};
use crate::undetermined::facts::Question;
use crate::undetermined::walk::{self, Step};
use crate::undetermined::{Fact, literals};
use crate::units::{Unit, text_of};

/// Texts that stand for all texts.
#[derive(Debug, Default)]
pub(super) struct Samples {
    /// The texts most worth showing first.
    pub(super) texts: Vec<String>,
    /// Whether every text is, to the facts, like one of these.
    pub(super) is_complete: bool,
}

/// A text that no policy names.
const OTHER: &str = "other";
const OTHER_ARN: &str = "arn:aws:iam::111122223333:role/other";

/// So long a text may be whose parts are all tried.
const LONGEST: usize = 128;

/// What the facts about one key are about.
#[derive(Default)]
struct Matter<'f> {
    patterns: Vec<Vec<Step>>,
    texts: Vec<String>,
    numbers: Vec<&'f Number>,
    instants: Vec<&'f Instant>,
    networks: Vec<&'f IpNetwork>,
    has_arns: bool,
    has_words: bool,
    is_incomplete: bool,
}

/// The texts that `key` may hold, with everything else as `request` and `context` have it. `facts` are those that the key bears on;
/// where other unknown keys bear on them as well, the samples are not complete.
pub(super) fn samples(
    key: &str,
    facts: &[&Fact],
    request: &Request,
    context: &RequestContext<'_>,
) -> Samples {
    let mut matter = Matter::default();
    for fact in facts {
        matter.is_incomplete |= fact.keys.len() > 1;
        match fact.question() {
            Question::Clause(clause) if clause.name().eq_ignore_ascii_case(key) => {
                matter.clause(clause, context);
            }
            Question::Clause(clause) => {
                matter.is_incomplete |= !matches!(clause.test(), Test::Text(..));
                for text in clause.value(context).into_iter().flat_map(ValueRef::iter) {
                    matter.parts(text, key, fact, request, context);
                }
            }
            Question::Resource(_) => {
                let texts = [Some(request.resource()), request.rules().stand_in_resource];
                texts.into_iter().flatten().for_each(|text| matter.parts(text, key, fact, request, context));
            }
        }
    }
    matter.samples()
}

impl<'f> Matter<'f> {
    /// A clause on the key itself.
    fn clause(&mut self, clause: &'f Condition, context: &RequestContext<'_>) {
        match clause.test() {
            Test::Text(_, patterns) => {
                for units in patterns.iter().filter_map(|pattern| pattern.expand(context)) {
                    self.pattern(walk::plain(&units), &units);
                }
            }
            Test::FoldedText(_, wanted) => wanted.iter().for_each(|wanted| self.folded(wanted, context)),
            Test::Number(_, _, wanted) => self.numbers.extend(wanted.iter().flatten()),
            Test::Instant(_, _, wanted) => self.instants.extend(wanted.iter().flatten()),
            Test::Bool(_) => self.word("true"),
            Test::Binary(_) => self.is_incomplete = true,
            Test::Ip(_, networks) => self.networks.extend(networks.iter().flatten()),
            Test::Arn(test) => {
                self.has_arns = true;
                for units in test.units(context) {
                    self.pattern(walk::arn(&units), &units);
                }
            }
            Test::Null(_) => {}
        }
        // A variable of the key itself, or a multivalued one, is beyond this.
        self.is_incomplete |= clause.variables().any(|key| clause.name().eq_ignore_ascii_case(key.as_str()));
    }

    fn pattern(&mut self, steps: Vec<Step>, units: &[Unit]) {
        self.patterns.push(steps);
        self.texts.push(sample(units));
    }

    fn folded(&mut self, wanted: &Folded, context: &RequestContext<'_>) {
        let text = match wanted {
            Folded::Text(text) => Some(text.clone()),
            Folded::Template(template) => {
                template.expand(context).map(|units| text_of(&units).to_lowercase())
            }
        };
        match text {
            Some(text) if text.is_ascii() => self.word(&text.to_ascii_lowercase()),
            Some(text) => {
                self.is_incomplete = true;
                self.texts.push(text);
            }
            None => {}
        }
    }

    fn word(&mut self, text: &str) {
        self.has_words = true;
        self.patterns.push(walk::folded(text));
        self.texts.push(text.to_owned());
        if text == "true" {
            self.texts.push("false".to_owned());
        }
    }

    /// A fact that compares `text` with something the key's value is put into: the value must be a part of the text
    /// to make a difference.
    fn parts(&mut self, text: &str, key: &str, fact: &Fact, request: &Request, context: &RequestContext<'_>) {
        if text.len() > LONGEST {
            self.is_incomplete = true;
            return;
        }
        let mut context = context.to_context();
        let mut holds = |value: &str| {
            context.insert(key, value);
            fact.question().holds(request, &RequestContext::from(&context))
        };
        // Something that is in no text: what all other values come to.
        let usual = holds("\u{E000}");
        let starts = text.char_indices().map(|(at, _)| at).chain([text.len()]);
        let starts: Vec<usize> = starts.collect();
        for start in &starts {
            for end in starts.iter().filter(|end| *end >= start) {
                let part = text.get(*start..*end).unwrap_or_default();
                if !self.texts.iter().any(|known| known == part) && holds(part) != usual {
                    self.texts.push(part.to_owned());
                    self.patterns.push(walk::literal(part));
                }
            }
        }
    }

    fn samples(mut self) -> Samples {
        let kinds = [
            !self.patterns.is_empty(),
            !self.numbers.is_empty(),
            !self.instants.is_empty(),
            !self.networks.is_empty(),
        ];
        let mut is_complete = !self.is_incomplete && kinds.into_iter().filter(|kind| *kind).count() <= 1;
        let mut texts = std::mem::take(&mut self.texts);
        if !self.numbers.is_empty() {
            let (numbers, all) = literals::numbers(self.numbers.into_iter());
            texts.extend(numbers);
            is_complete &= all;
        }
        if !self.instants.is_empty() {
            let (instants, all) = literals::instants(self.instants.into_iter());
            texts.extend(instants);
            is_complete &= all;
        }
        if !self.networks.is_empty() {
            texts.extend(literals::addresses(self.networks.into_iter()));
        }
        if self.has_arns {
            texts.push(OTHER_ARN.to_owned());
            let any_arn: Vec<Unit> = crate::units::units("arn:*:*:*:*:*").collect();
            self.patterns.push(walk::arn(&any_arn));
        }
        texts.push(OTHER.to_owned());
        if !self.patterns.is_empty() {
            match walk::texts(&self.patterns) {
                Some(more) => texts.extend(more),
                None => is_complete = false,
            }
        }
        Samples { texts, is_complete }
    }
}

/// A text that a pattern covers, as like a real one as can be told.
fn sample(units: &[Unit]) -> String {
    let colon = u16::from(b':');
    let (mut sampled, mut colons) = (Vec::new(), 0);
    for (at, unit) in units.iter().enumerate() {
        match unit {
            Unit::Is(unit) => {
                colons += usize::from(*unit == colon);
                sampled.push(*unit);
            }
            Unit::One => sampled.push(u16::from(b'x')),
            Unit::Run => {
                let is_alone =
                    at > 0 && sampled.last() == Some(&colon) && units.get(at + 1) == Some(&Unit::Is(colon));
                let run = match colons {
                    3 if is_alone => "us-east-1",
                    4 if is_alone => "111122223333",
                    _ => "x",
                };
                sampled.extend(run.encode_utf16());
            }
        }
    }
    String::from_utf16_lossy(&sampled)
}
