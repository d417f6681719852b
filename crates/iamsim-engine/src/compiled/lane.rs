//! The statements that have one effect, of all policies attached together, arranged by the actions they may
//! cover.
//!
//! A short lane is scanned: each statement carries the set of actions it may reach, which settles most of them
//! in a few instructions. A long one is indexed by service and action, so that the time to find the statements for
//! an action does not grow with the number of statements.

use std::ops::ControlFlow::{self, Break, Continue};

use rustc_hash::FxHashMap;

use crate::compiled::Statement;
use crate::compiled::action::{ActionPattern, Actions};
use crate::compiled::reach::Reach;
use crate::pattern::Pattern;
use crate::request::Action;

/// From this many statements on a lane has an index.
const LONG: usize = 48;

/// Where a statement stands among policies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Slot {
    /// Which policy.
    pub(crate) policy: u32,
    /// Which of its statements.
    pub(crate) statement: u32,
}

/// What is already known of a statement: the rest is still to be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Coverage {
    /// It does not cover the action.
    Impossible,
    /// Nothing.
    Possible,
    /// It covers the action.
    Action,
    /// It covers the action and the resource.
    Target,
}

/// The statements of one effect.
#[derive(Debug, Clone, Default)]
pub(crate) struct Lane {
    /// Whether one of the statements applies to every request.
    is_universal: bool,
    /// What each statement may cover, and where it stands: a scan reads nothing else.
    statements: Box<[(Reach, Slot)]>,
    index: Option<Box<Index>>,
}

impl Lane {
    pub(crate) fn new<'s>(statements: impl Iterator<Item = (Slot, &'s Statement)> + Clone) -> Self {
        let reaching = statements.clone().map(|(slot, statement)| (statement.actions.reach(), slot));
        let reaching: Box<[_]> = reaching.collect();
        let is_universal = statements.clone().any(|(_, statement)| statement.is_universal());
        let index = (reaching.len() >= LONG)
            .then(|| Box::new(Index::new(statements.map(|(slot, statement)| (slot, &statement.actions)))));
        Self { is_universal, statements: reaching, index }
    }

    /// Whether one of the statements applies to every request: every action on every resource, without conditions, as
    /// `AdministratorAccess` and `FullAWSAccess` allow and `AWSDenyAll` denies.
    pub(crate) fn is_universal(&self) -> bool {
        self.is_universal
    }

    /// What its statements may cover.
    pub(crate) fn reach(&self) -> Reach {
        self.statements.iter().map(|(reach, _)| *reach).collect()
    }

    /// Visits every statement that may cover the action, some perhaps twice, until a visit breaks off.
    pub(crate) fn candidates<B>(
        &self,
        action: &Action,
        mut visit: impl FnMut(Slot, Coverage) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
        if let Some(index) = &self.index {
            return index.candidates(action, visit);
        }
        for (reach, slot) in &self.statements {
            if reach.may_share(action.reach()) {
                visit(*slot, Coverage::Possible)?;
            }
        }
        Continue(())
    }

    /// Visits every statement once, in order, until a visit breaks off.
    pub(crate) fn all<B>(
        &self,
        action: &Action,
        mut visit: impl FnMut(Slot, Coverage) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
        self.statements.iter().try_for_each(|(reach, slot)| {
            let may_cover = reach.may_share(action.reach());
            visit(*slot, if may_cover { Coverage::Possible } else { Coverage::Impossible })
        })
    }
}

/// Statements by service and action.
#[derive(Debug, Clone, Default)]
struct Index {
    /// By the hash of its name. Services that share one share their patterns, which tell them apart.
    by_service: FxHashMap<u64, OfService>,
    /// Statements that may speak of any service.
    anywhere: Vec<Slot>,
}

/// What statements say of one service.
#[derive(Debug, Clone, Default)]
struct OfService {
    /// Distinct names, by hash.
    exact: FxHashMap<u64, Vec<Posting>>,
    /// Distinct patterns without `*`, by length: nothing else can match.
    fixed: FxHashMap<usize, Vec<Posting>>,
    /// Distinct other patterns.
    wild: Vec<Posting>,
}

#[derive(Debug, Clone)]
struct Posting {
    reach: Reach,
    pattern: Pattern,
    statements: Vec<Slot>,
}

impl Index {
    fn new<'s>(statements: impl Iterator<Item = (Slot, &'s Actions)>) -> Self {
        let mut index = Self::default();
        for (at, actions) in statements {
            let Some(patterns) = actions.listed() else {
                index.anywhere.push(at);
                continue;
            };
            for pattern in patterns {
                index.add(at, pattern);
            }
        }
        index
    }

    fn add(&mut self, at: Slot, pattern: &ActionPattern) {
        let Some(service) = pattern.service() else {
            post(&mut self.anywhere, at);
            return;
        };
        let of_service = self.by_service.entry(service).or_default();
        let postings = match (pattern.exact(), pattern.pattern().fixed_length()) {
            (Some(hash), _) => of_service.exact.entry(hash).or_default(),
            (None, Some(length)) => of_service.fixed.entry(length).or_default(),
            (None, None) => &mut of_service.wild,
        };
        match postings.iter_mut().find(|posting| posting.pattern == *pattern.pattern()) {
            Some(posting) => post(&mut posting.statements, at),
            None => {
                let (reach, pattern) = (pattern.reach(), pattern.pattern().clone());
                postings.push(Posting { reach, pattern, statements: vec![at] });
            }
        }
    }

    fn candidates<B>(
        &self,
        action: &Action,
        mut visit: impl FnMut(Slot, Coverage) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
        let mut all = |statements: &[Slot], known| statements.iter().try_for_each(|at| visit(*at, known));
        all(&self.anywhere, Coverage::Possible)?;
        let Some(of_service) = action.service_hash().and_then(|service| self.by_service.get(&service)) else {
            return Continue(());
        };
        let exact = of_service.exact.get(&action.hash());
        let fixed = of_service.fixed.get(&action.folded().len());
        let narrow = exact.into_iter().chain(fixed).flatten();
        for posting in narrow.chain(&of_service.wild) {
            if posting.reach.may_share(action.reach()) && posting.pattern.matches_text(action.folded()) {
                match all(&posting.statements, Coverage::Action) {
                    Continue(()) => {}
                    Break(found) => return Break(found),
                }
            }
        }
        Continue(())
    }
}

/// Adds a statement that may have been added just before.
fn post(statements: &mut Vec<Slot>, at: Slot) {
    if statements.last() != Some(&at) {
        statements.push(at);
    }
}

#[cfg(test)]
mod tests {
    use iamsim_syntax::{PolicyType, parse};
    use proptest::prelude::*;

    use super::*;
    use crate::compiled::Policy;

    fn policy(actions: &[String]) -> Policy {
        let statements: Vec<String> = actions
            .iter()
            .map(|action| format!(r#"{{"Effect": "Allow", {action}, "Resource": "*"}}"#))
            .collect();
        let text = format!(r#"{{"Statement": [{}]}}"#, statements.join(","));
        let (policy, diagnostics) = parse(&text, PolicyType::IdentityBased);
        Policy::compile(&policy.unwrap_or_else(|| panic!("{diagnostics:?}")), "p")
    }

    fn pattern() -> impl Strategy<Value = String> {
        let one = prop_oneof!["(s3|ec2|sqs):[AB?*]{1,4}", Just("*".to_owned()), "(s[*]|e[*]2):[AB*]{1,3}"];
        (one, any::<bool>()).prop_map(|(pattern, listed)| {
            let element = if listed { "Action" } else { "NotAction" };
            format!(r#""{element}": "{pattern}""#)
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn no_statement_that_covers_an_action_is_left_out(
            actions in prop::collection::vec(pattern(), 1..120),
            action in "(s3|ec2|sns):[AB]{1,4}",
        ) {
            let policy = policy(&actions);
            let action = Action::new(&action);
            let mut visited = vec![false; actions.len()];
            let slots = (0..).map(|statement| Slot { policy: 0, statement });
            let done: ControlFlow<()> = Lane::new(slots.zip(policy.statements())).candidates(&action, |at, coverage| {
                let covers = policy.statements()[at.statement as usize].actions.cover(&action);
                assert!(covers || coverage == Coverage::Possible, "{}", actions[at.statement as usize]);
                visited[at.statement as usize] = true;
                Continue(())
            });
            prop_assert_eq!(done, Continue(()));
            for (at, statement) in policy.statements().iter().enumerate() {
                prop_assert!(visited[at] || !statement.actions.cover(&action), "{}", actions[at]);
            }
        }
    }
}
