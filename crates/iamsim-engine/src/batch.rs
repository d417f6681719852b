//! One target, many callers: what follows from the target alone is worked out once for each distinct policy,
//! however many callers it is attached to.

use std::sync::Arc;

use iamsim_syntax::{Effect, PolicyType};
use rustc_hash::FxHashMap;

use crate::case::Case;
use crate::compiled::lane::Coverage;
use crate::compiled::principal::Grant;
use crate::compiled::{Policy, Statement};
use crate::decision::Decision;
use crate::evaluate::decide;
use crate::policy_set::PolicySet;
use crate::record::{Attached, Recorder};
use crate::request::{Request, Target};

/// Decides one target for many callers.
///
/// ```
/// use std::sync::Arc;
/// use iamsim_engine::{Batch, Policy, PolicySet, Principal, Request, Target, evaluate};
/// # use iamsim_syntax::{PolicyType, parse};
///
/// # let text = r#"{"Statement": {"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}}"#;
/// # let read = Policy::compile(&parse(text, PolicyType::IdentityBased).0.ok_or("refused")?, "read");
/// let policies = PolicySet { identity: Arc::new(read).into(), ..PolicySet::default() };
/// let target = Target::new("s3:GetObject", "arn:aws:s3:::amzn-s3-demo-bucket/a.txt");
/// let mut batch = Batch::new(&target);
/// for name in ["alice", "bob"] {
///     let caller = Principal::from_arn(&format!("arn:aws:iam::111122223333:user/{name}")).ok_or("nobody")?;
///     let mut request = Request::of(caller, "s3:ListBucket", "*").complete();
///     assert!(batch.evaluate(&mut request, &policies).is_allowed());
///     assert_eq!(batch.evaluate(&mut request, &policies), evaluate(&request, &policies));
/// }
/// # Ok::<(), &str>(())
/// ```
#[derive(Debug)]
pub struct Batch {
    target: Target,
    narrowed: Narrowed,
}

/// What the policies met so far have to say of the target.
#[derive(Debug, Default)]
struct Narrowed {
    /// By their addresses.
    known: FxHashMap<*const Policy, Covering>,
    /// The same policies, kept so that no other can come to stand at the address of one.
    kept: Vec<Arc<Policy>>,
    /// The statements of a policy that may cover the target, and what is known of each for all who ask.
    lists: Vec<Box<[(u32, Coverage)]>>,
}

/// What one policy has to say of the target.
#[derive(Debug, Clone, Copy)]
struct Covering {
    denies: Candidates,
    allows: Candidates,
}

/// Statements of one effect that may cover the target.
#[derive(Debug, Clone, Copy)]
enum Candidates {
    Nothing,
    /// One of them applies, whoever asks.
    AnyoneMeets,
    /// Those of this list.
    These(usize),
}

impl Batch {
    /// Prepares to ask for a target.
    #[must_use]
    pub fn new(target: &Target) -> Self {
        Self { target: target.clone(), narrowed: Narrowed::default() }
    }

    /// Lets the caller of `request` ask for the target, under the circumstances of `request`, and decides. The
    /// decision is the one [`crate::evaluate`] comes to.
    pub fn evaluate(&mut self, request: &mut Request, policies: &PolicySet) -> Decision {
        request.aim_at(&self.target);
        let case = Case::new(request, policies);
        decide(&case, &mut Foresight { case: &case, target: &self.target, narrowed: &mut self.narrowed })
    }
}

/// Answers what the gates ask from the statements that may cover the target.
struct Foresight<'b, 'c> {
    case: &'b Case<'c>,
    target: &'b Target,
    narrowed: &'b mut Narrowed,
}

impl Recorder for Foresight<'_, '_> {
    const EVERY_STATEMENT: bool = false;
    const EVERY_ELEMENT: bool = false;
    const FORESEES: bool = true;

    fn foreseen(&mut self, policy_type: PolicyType, level: usize, effect: Effect) -> Option<Grant> {
        let attached = Attached { policy_type, level };
        let policies = self.case.met.group(attached)?;
        if !policies.may_cover(effect, self.target.action()) {
            return None;
        }
        let enough = self.case.enough(effect);
        let mut best = None;
        for policy in policies {
            let list = match self.narrowed.covering(policy, self.target).with(effect) {
                Candidates::Nothing => continue,
                Candidates::AnyoneMeets => return Some(Grant::Direct),
                Candidates::These(list) => self.narrowed.lists.get(list)?,
            };
            for (statement, coverage) in list {
                let Some(statement) = policy.statements().get(*statement as usize) else { continue };
                best = best.max(self.case.grant_of(statement, *coverage, attached));
                if best >= Some(enough) {
                    return best;
                }
            }
        }
        best
    }
}

impl Narrowed {
    #[inline]
    fn covering(&mut self, policy: &Arc<Policy>, target: &Target) -> Covering {
        match self.known.get(&Arc::as_ptr(policy)) {
            Some(known) => *known,
            None => self.meet(policy, target),
        }
    }

    #[cold]
    fn meet(&mut self, policy: &Arc<Policy>, target: &Target) -> Covering {
        let mut with = |effect| self.among(policy.statements(), effect, target);
        let covering = Covering { denies: with(Effect::Deny), allows: with(Effect::Allow) };
        self.known.insert(Arc::as_ptr(policy), covering);
        self.kept.push(Arc::clone(policy));
        covering
    }

    fn among(&mut self, statements: &[Statement], effect: Effect, target: &Target) -> Candidates {
        let mut candidates = Vec::new();
        for (number, statement) in (0..).zip(statements).filter(|(_, statement)| statement.effect == effect) {
            let Some(coverage) = statement.coverage(target) else { continue };
            if coverage == Coverage::Target && statement.is_unconditional() {
                return Candidates::AnyoneMeets;
            }
            candidates.push((number, coverage));
        }
        if candidates.is_empty() {
            return Candidates::Nothing;
        }
        self.lists.push(candidates.into());
        Candidates::These(self.lists.len() - 1)
    }
}

impl Covering {
    fn with(self, effect: Effect) -> Candidates {
        match effect {
            Effect::Allow => self.allows,
            Effect::Deny => self.denies,
        }
    }
}
