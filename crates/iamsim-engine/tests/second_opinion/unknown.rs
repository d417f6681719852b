//! What is said of a request with unknown keys must hold whatever the keys turn out to hold.

use std::cell::Cell;

use iamsim_engine::{
    ContextValue, Outcome, PartialEvaluation, Unknown, Verdict, evaluate, evaluate_partially,
};
use proptest::test_runner::TestCaseError;
use proptest::{prop_assert, prop_assert_eq};

use crate::case::Case;

type Answer = Result<(), TestCaseError>;

/// Keys that the generated policies ask for, and what they may turn out to hold besides nothing.
const KEYS: [(&str, &[&[&str]]); 14] = [
    (
        "aws:PrincipalTag/team",
        &[&["red"], &["blue"], &[""], &["r*d"], &["rxd"], &["other"], &["arn:aws:s3:::b"]],
    ),
    ("aws:ResourceTag/Team", &[&["red"], &["blue"], &["green"], &["other"]]),
    ("aws:SourceIp", &[&["203.0.113.7"], &["192.0.2.1"], &["198.51.100.9"], &["nowhere"], &["2001:db8::1"]]),
    ("aws:MultiFactorAuthPresent", &[&["true"], &["false"], &["TRUE"], &["maybe"]]),
    ("aws:MultiFactorAuthAge", &[&["0"], &["300"], &["300.5"], &["301"], &["3600"], &["soon"]]),
    ("aws:CurrentTime", &[&["2024-06-01T12:00:00Z"], &["2030-01-01T00:00:00Z"], &["2025-01-01T00:00:00Z"]]),
    ("s3:prefix", &[&["alice/"], &["bob/"], &[""], &["*"], &["alice/x"], &["guest/a"]]),
    ("aws:TagKeys", &[&[], &["team"], &["env"], &["team", "env"], &["other"], &["team", "other"], &[""]]),
    ("aws:PrincipalOrgID", &[&["o-exampleorgid"], &["o-other"]]),
    ("aws:SourceArn", &[&["arn:aws:s3:::example-source"], &["arn:aws:s3:::other"], &["no arn"]]),
    ("aws:username", &[&["alice"], &["bob"], &["team"], &["ali"], &[""]]),
    (
        "aws:PrincipalArn",
        &[&["arn:aws:iam::111111111111:user/alice"], &["arn:aws:iam::222222222222:role/team/x"], &["x"]],
    ),
    ("aws:PrincipalType", &[&["User"], &["AssumedRole"], &["Account"]]),
    ("aws:userid", &[&["AIDAEXAMPLEUSER"], &["AROAEXAMPLEROLE:monday"], &["111111111111:guest"]]),
];

/// How often what was found.
#[derive(Debug, Default)]
pub(crate) struct Mix {
    pub(crate) determined: Cell<u32>,
    pub(crate) undetermined: Cell<u32>,
    pub(crate) unproven: Cell<u32>,
}

pub(crate) fn every_value_is_foretold(case: &Case, mix: &Mix) -> Answer {
    let mut dice = Dice::of(case);
    let (request, policies) = (case.request(), case.parsed().compiled(&case.settings));
    let every_missing = dice.below(4) == 0;
    let count = if every_missing { dice.below(3) } else { 1 + dice.below(9) };
    let keys: Vec<String> = (0..count).map(|_| KEYS[dice.below(KEYS.len())].0.to_owned()).collect();
    let unknown = Unknown { keys: &keys, every_missing, is_multivalued: &|_| None };
    let Ok(partial) = evaluate_partially(&request, &policies, &unknown) else { return Ok(()) };
    count_in(mix, &partial);
    prop_assert!(!partial.is_cut_short);
    for _ in 0..24 {
        let mut context = request.context().to_context();
        for key in keys.iter().chain(&partial.keys) {
            context.remove(key);
            let Some((_, values)) = KEYS.iter().find(|(name, _)| name.eq_ignore_ascii_case(key)) else {
                continue;
            };
            let Some(value) = values.get(dice.below(values.len() + 1)) else { continue };
            let many: ContextValue = value.iter().map(|text| (*text).to_owned()).collect();
            let is_single = *key != "aws:TagKeys" && !(key == "s3:prefix" && dice.below(4) == 0);
            context.insert(key, if is_single { value[0].into() } else { many });
        }
        let concrete = request.with_circumstances(context);
        let outcome = evaluate(&concrete, &policies).outcome;
        let told = || format!("{keys:?} {every_missing} {:?}\n{partial:#?}", concrete.context());
        prop_assert_eq!(partial.outcome_of(&concrete), Some(outcome), "{}", told());
        match partial.verdict {
            Verdict::Determined(determined) => prop_assert_eq!(determined, outcome, "{}", told()),
            Verdict::Denied => prop_assert!(outcome != Outcome::Allowed, "{}", told()),
            Verdict::Undetermined => {}
        }
    }
    examples_bear_out(case, &partial)
}

fn examples_bear_out(case: &Case, partial: &PartialEvaluation) -> Answer {
    let (request, policies) = (case.request(), case.parsed().compiled(&case.settings));
    for way in &partial.ways {
        for example in way.terms.iter().filter_map(|term| term.example.as_ref()) {
            let mut context = request.context().to_context();
            for key in &partial.keys {
                context.remove(key);
            }
            let values = example.iter().filter_map(|(key, value)| Some((key, value.clone()?)));
            values.for_each(|(key, value): (_, ContextValue)| context.insert(key, value));
            let found = evaluate(&request.with_circumstances(context), &policies).outcome;
            prop_assert_eq!(found, way.outcome, "{:?}", example);
        }
    }
    Ok(())
}

fn count_in(mix: &Mix, partial: &PartialEvaluation) {
    let counter = match partial.verdict {
        Verdict::Determined(_) | Verdict::Denied => &mix.determined,
        Verdict::Undetermined if partial.is_proven => &mix.undetermined,
        Verdict::Undetermined => &mix.unproven,
    };
    counter.set(counter.get() + 1);
}

/// Choices that follow from a case.
struct Dice(u64);

impl Dice {
    fn of(case: &Case) -> Self {
        let text = format!("{case:?}");
        Self(text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        }))
    }

    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end
    }
}
