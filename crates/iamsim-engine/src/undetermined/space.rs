//! What unknown keys may hold, and which facts that makes true: whether a combination of facts can be.

use crate::context::{Context, ContextValue, Text, is_multivalued};
use crate::request::Request;
use crate::request_context::RequestContext;
use crate::undetermined::Fact;
use crate::undetermined::conditions::Cube;
use crate::undetermined::explore::{Example, with};
use crate::undetermined::facts::{Inventory, Question};
use crate::undetermined::samples::samples;
use iamsim_syntax::Qualifier;

/// So many combinations of values are tried where facts are about several keys at once.
const MOST_POINTS: usize = 20_000;

/// What is known of a combination of facts.
#[derive(Debug)]
pub(super) enum Found {
    /// These values bring it about.
    Example(Example),
    /// No values do.
    Contradiction,
    /// None were found that do.
    Nothing,
}

/// The unknown keys, those together that some fact is about.
#[derive(Debug)]
pub(super) struct Space {
    groups: Vec<Group>,
}

/// Keys that facts connect.
#[derive(Debug)]
struct Group {
    /// The facts about them, one bit each.
    facts: u128,
    /// Values of the keys and the facts they make true.
    points: Vec<(Example, u128)>,
    /// For a single key that may be multivalued: what its lists can be made of.
    lists: Option<Lists>,
    /// Whether what no point and no list brings about cannot be.
    is_complete: bool,
}

/// The values that lists are made of.
#[derive(Debug)]
struct Lists {
    key: String,
    /// Each with the facts that a list of it alone makes true.
    values: Vec<(String, u128)>,
    /// The facts that hold when every value passes.
    for_all: u128,
    /// The facts that hold when any value passes.
    for_any: u128,
    /// The facts that an empty list makes true.
    of_none: u128,
}

impl Space {
    pub(super) fn new(
        request: &Request,
        inventory: &Inventory,
        is_many: &dyn Fn(&str) -> Option<bool>,
    ) -> Self {
        let mut groups: Vec<Vec<&String>> = Vec::new();
        for fact in &inventory.facts {
            let mut joined: Vec<&String> = fact.keys.iter().collect();
            let connected = groups.extract_if(.., |group| group.iter().any(|key| fact.keys.contains(key)));
            joined.extend(connected.flatten().collect::<Vec<_>>());
            joined.sort_unstable();
            joined.dedup();
            groups.push(joined);
        }
        let groups = groups.iter().map(|keys| Group::new(keys, request, inventory, is_many)).collect();
        Self { groups }
    }

    /// Whether some values of the keys make the facts so.
    pub(super) fn find(&self, cube: &Cube) -> Found {
        let mut example = Example::new();
        let mut is_found = true;
        for group in &self.groups {
            match group.find(cube) {
                Found::Example(values) => example.extend(values),
                Found::Contradiction => return Found::Contradiction,
                Found::Nothing => is_found = false,
            }
        }
        if is_found { Found::Example(example) } else { Found::Nothing }
    }
}

impl Group {
    fn new(
        keys: &[&String],
        request: &Request,
        inventory: &Inventory,
        is_many: &dyn Fn(&str) -> Option<bool>,
    ) -> Self {
        let numbered = inventory.facts.iter().enumerate();
        let facts: Vec<(usize, &Fact)> =
            numbered.filter(|(_, fact)| keys.iter().any(|key| fact.keys.contains(key))).collect();
        let truth = |example: &Example| truth(&facts, request, &with(request, example));
        let is_many = |key: &str| is_multivalued(key).or_else(|| is_many(key));
        let mut group = Self {
            facts: facts.iter().fold(0, |bits, (number, _)| bits | 1 << number),
            points: Vec::new(),
            lists: None,
            is_complete: false,
        };
        if let [key] = keys {
            let about: Vec<&Fact> = facts.iter().map(|(_, fact)| *fact).collect();
            let samples = samples(key, &about, request, &request.context());
            group.is_complete = samples.is_complete;
            group.add(vec![((*key).clone(), None)], &truth);
            if is_many(key) != Some(true) {
                for text in &samples.texts {
                    group.add(vec![((*key).clone(), Some(text.as_str().into()))], &truth);
                }
            }
            if is_many(key) != Some(false) {
                group.lists = Some(Lists::new(key, &samples.texts, &facts, &truth));
            }
            return group;
        }
        for example in combinations(keys, &facts, request, &is_many) {
            group.add(example, &truth);
        }
        group
    }

    /// Adds values, unless others make the same facts true.
    fn add(&mut self, example: Example, truth: &dyn Fn(&Example) -> u128) {
        let facts = truth(&example);
        if self.points.iter().all(|(_, known)| *known != facts) {
            self.points.push((example, facts));
        }
    }

    fn find(&self, cube: &Cube) -> Found {
        let care = cube.care & self.facts;
        if care == 0 {
            return Found::Example(Example::new());
        }
        let wanted = cube.value & care;
        if let Some((example, _)) = self.points.iter().find(|(_, facts)| facts & care == wanted) {
            return Found::Example(example.clone());
        }
        if let Some(example) = self.lists.as_ref().and_then(|lists| lists.find(care, wanted)) {
            return Found::Example(example);
        }
        if self.is_complete { Found::Contradiction } else { Found::Nothing }
    }
}

/// The facts that hold of a request, one bit each.
fn truth(facts: &[(usize, &Fact)], request: &Request, context: &Context) -> u128 {
    let holding =
        facts.iter().filter(|(_, fact)| fact.question().holds(request, &RequestContext::from(context)));
    holding.fold(0, |bits, (number, _)| bits | 1 << number)
}

impl Lists {
    fn new(key: &str, texts: &[String], facts: &[(usize, &Fact)], truth: &dyn Fn(&Example) -> u128) -> Self {
        let list = |values: &[Text]| vec![(key.to_owned(), Some(ContextValue::Many(values.into())))];
        let qualified = |wanted: Qualifier| {
            let is_qualified = |fact: &Fact| match fact.question() {
                Question::Clause(clause) => {
                    let is_own = clause.name().eq_ignore_ascii_case(key);
                    is_own && clause.operator().qualifier == Some(wanted)
                }
                Question::Resource(_) => false,
            };
            facts
                .iter()
                .filter(|(_, fact)| is_qualified(fact))
                .fold(0, |bits, (number, _)| bits | 1 << number)
        };
        let mut values: Vec<(String, u128)> = Vec::new();
        for text in texts {
            let facts = truth(&list(&[text.as_str().into()]));
            if values.iter().all(|(_, known)| *known != facts) {
                values.push((text.clone(), facts));
            }
        }
        Self {
            key: key.to_owned(),
            values,
            for_all: qualified(Qualifier::ForAllValues),
            for_any: qualified(Qualifier::ForAnyValue),
            of_none: truth(&list(&[])),
        }
    }

    /// The shortest list found whose values make the facts so. Only values that break no rule for all of them may be
    /// in it, and each rule for one of them needs one.
    fn find(&self, care: u128, wanted: u128) -> Option<Example> {
        let plain = care & !(self.for_all | self.for_any);
        let list = |values: &[Text]| Some(vec![(self.key.clone(), Some(ContextValue::Many(values.into())))]);
        if self.of_none & care == wanted {
            return list(&[]);
        }
        let must = self.for_all & care & wanted;
        let may_not = self.for_any & care & !wanted;
        let fits =
            |facts: u128| facts & plain == wanted & plain && facts & must == must && facts & may_not == 0;
        let fitting: Vec<&(String, u128)> = self.values.iter().filter(|(_, facts)| fits(*facts)).collect();
        let (mut some, mut fail) = (self.for_any & care & wanted, self.for_all & care & !wanted);
        let mut chosen = Vec::new();
        for (value, facts) in fitting {
            if some & facts != 0 || fail & !facts != 0 || chosen.is_empty() && some | fail == 0 {
                some &= !facts;
                fail &= *facts;
                chosen.push(value.as_str().into());
            }
        }
        if some | fail == 0 && !chosen.is_empty() { list(&chosen) } else { None }
    }
}

/// Values of several keys, as far as there are not too many: for each key what it may hold given what the keys before
/// it hold.
fn combinations(
    keys: &[&String],
    facts: &[(usize, &Fact)],
    request: &Request,
    is_many: &dyn Fn(&str) -> Option<bool>,
) -> Vec<Example> {
    let mut found = vec![Example::new()];
    // What variables stand for comes before what is compared with it.
    let is_compared = |key: &String| {
        facts.iter().any(|(_, fact)| match fact.question() {
            Question::Clause(clause) => fact.keys.len() > 1 && clause.name().eq_ignore_ascii_case(key),
            Question::Resource(_) => false,
        })
    };
    let (last, first): (Vec<&String>, Vec<&String>) = keys.iter().partition(|key| is_compared(key));
    for key in first.into_iter().chain(last) {
        let about: Vec<&Fact> =
            facts.iter().map(|(_, fact)| *fact).filter(|fact| fact.keys.contains(key)).collect();
        let mut longer = Vec::new();
        for example in &found {
            let context = with(request, example);
            let texts = samples(key, &about, request, &RequestContext::from(&context)).texts;
            let one = texts.iter().map(|text| ContextValue::from(text.as_str()));
            let many = texts.iter().map(|text| ContextValue::from_iter([text.as_str()]));
            let values: Vec<ContextValue> = match is_many(key) {
                Some(true) => many.collect(),
                Some(false) => one.collect(),
                None => one.chain(many).collect(),
            };
            for value in std::iter::once(None).chain(values.into_iter().map(Some)) {
                let mut more = example.clone();
                more.push((key.clone(), value));
                longer.push(more);
            }
            if longer.len() > MOST_POINTS {
                longer.truncate(MOST_POINTS);
                break;
            }
        }
        found = longer;
    }
    found
}
