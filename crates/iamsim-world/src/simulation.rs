//! A world in motion: calls are made in it, sessions opened, and time passes.

use std::sync::Arc;

use iamsim_engine::{
    AccountId, CannotBeUnknown, Evaluation, Outcome, PartialEvaluation, PolicySet, Principal, Request, Text,
    denial_message, evaluate_fully,
};

use crate::call::{Call, Check, CheckRef, Effect};
use crate::context::{self, Circumstances};
use crate::index::Index;
use crate::partial::{evaluate_partially, refuse_undetermined};
use crate::principals::UnknownPrincipal;
use crate::residents::Resident;
use crate::session::{Caller, Recognized, Session};
use crate::sts;
use crate::time::Moment;
use crate::world::World;

/// A world and its clock.
#[derive(Debug, Clone)]
pub struct Simulation {
    world: World,
    pub(crate) index: Index,
    pub(crate) now: Moment,
}

/// What came of a call.
#[derive(Debug, Clone)]
pub struct CallOutcome {
    /// The checks that were made, in order. After the first that is denied no more are made.
    pub checks: Vec<CheckOutcome>,
    /// What the caller got.
    pub result: Result<Success, Failure>,
}

/// One authorization check and its answer.
#[derive(Debug, Clone)]
pub struct CheckOutcome {
    /// The request that was evaluated.
    pub request: Request,
    /// The policies it met.
    pub policies: PolicySet,
    /// The decision, the statements that matched, the keys that were missing.
    pub evaluation: Evaluation,
    /// What AWS tells a caller it denies.
    pub message: Option<String>,
    /// What is certain of it, when some facts are unknown. The decision and the message above are then those of the
    /// request without the unknown keys.
    pub partial: Result<Option<PartialEvaluation>, CannotBeUnknown>,
}

/// What an allowed call gives.
#[derive(Debug, Clone)]
pub enum Success {
    /// Nothing that matters here.
    Done,
    /// Temporary credentials.
    Session(Arc<Session>),
    /// Who the caller is.
    Identity {
        /// The caller's account.
        account: AccountId,
        /// The caller's ARN.
        arn: String,
    },
}

/// Why a call gives nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The last check of the outcome was denied.
    Denied,
    /// No check was denied for certain, but some may be: facts are unknown.
    Undetermined,
    /// AWS refuses the call for another reason than lack of permission.
    Refused(ApiError),
}

/// An error that is no denial: expired credentials, a parameter out of range.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {message}")]
pub struct ApiError {
    /// `ExpiredToken`, `ValidationError`, …
    pub code: &'static str,
    /// AWS's words.
    pub message: String,
}

impl Simulation {
    /// Starts a world at a point in time, in milliseconds since 1970.
    #[must_use]
    pub fn new(world: World, now_ms: i64) -> Self {
        Self { index: Index::of(&world), world, now: Moment::new(now_ms) }
    }

    /// The world as it is now.
    #[must_use]
    pub fn world(&self) -> &World {
        &self.world
    }

    /// The time, in milliseconds since 1970.
    #[must_use]
    pub fn now_ms(&self) -> i64 {
        self.now.ms()
    }

    /// What the world holds of a caller.
    pub(crate) fn resident(&self, caller: &Caller) -> Option<&Resident> {
        self.index.residents.find(&self.world, caller)
    }

    /// The caller of [`World::caller`], looked up once for all that is to be known of it.
    ///
    /// # Errors
    /// [`UnknownPrincipal`] when nobody can answer to the ARN.
    pub fn recognize(&self, arn: &str) -> Result<Recognized<'_>, UnknownPrincipal> {
        if let Some(recognized) = self.index.residents.recognize(arn) {
            return Ok(recognized);
        }
        let caller = self.world.caller(arn)?;
        Ok(Recognized { resident: self.resident(&caller), caller })
    }

    /// Lets time pass.
    pub fn wait(&mut self, ms: i64) {
        self.now = Moment::new(self.now.ms().saturating_add(ms));
    }

    /// Makes a call: every check must be allowed, then the call does what it does.
    pub fn call(&mut self, caller: &Caller, call: &Call, circumstances: &Circumstances) -> CallOutcome {
        let mut checks = Vec::new();
        let result = self.attempt(caller, call, circumstances, &mut checks);
        let result = result.and_then(|success| refuse_undetermined(&checks).map(|()| success));
        CallOutcome { checks, result }
    }

    fn attempt(
        &mut self,
        caller: &Caller,
        call: &Call,
        circumstances: &Circumstances,
        checks: &mut Vec<CheckOutcome>,
    ) -> Result<Success, Failure> {
        self.refuse_expired(caller)?;
        self.require_all(caller, &call.checks, circumstances, checks)?;
        if !matches!(call.effect, Effect::Sts(_) | Effect::CreateTrail { .. }) {
            refuse_undetermined(checks)?;
        }
        match &call.effect {
            Effect::None | Effect::RestoreSnapshot { .. } => {}
            Effect::Sts(call) => return sts::call(self, caller, call, circumstances, checks),
            Effect::CreateTrail { trail, bucket, prefix } => {
                self.let_cloudtrail_write(caller, trail, bucket, prefix.as_deref(), checks)?;
            }
            Effect::CreateBucket { bucket } => self.add_bucket(caller, bucket),
            Effect::DeleteBucket { bucket } => self.remove_bucket(bucket),
        }
        Ok(Success::Done)
    }

    /// Answers one check as it stands, without the call around it.
    #[must_use]
    pub fn check(&self, caller: &Caller, check: &Check, circumstances: &Circumstances) -> CheckOutcome {
        self.outcome(circumstances, self.prepare(caller, check, circumstances))
    }

    /// As [`Simulation::check`], and quicker: takes the context out of the circumstances instead of copying it.
    #[must_use]
    pub fn check_once(
        &self,
        recognized: &Recognized<'_>,
        check: CheckRef<'_>,
        circumstances: &mut Circumstances,
    ) -> CheckOutcome {
        let endpoint = context::endpoint(circumstances).map(Text::from);
        let given = std::mem::take(&mut circumstances.context);
        let Recognized { caller, resident } = recognized;
        let scene = self.scene(caller, *resident).through(endpoint.as_deref());
        let prepared = self.prepare_in(scene, check, circumstances, given);
        self.outcome(circumstances, prepared)
    }

    fn outcome(&self, circumstances: &Circumstances, prepared: (Request, PolicySet)) -> CheckOutcome {
        let (request, policies) = &prepared;
        let evaluation = evaluate_fully(request, policies);
        let message = denial_message(request, policies, &evaluation);
        let partial = evaluate_partially(request, policies, &circumstances.unknown);
        CheckOutcome { request: prepared.0, policies: prepared.1, evaluation, message, partial }
    }

    /// All the checks of one call, made together: where several are denied an explicit deny is named first.
    fn require_all(
        &self,
        caller: &Caller,
        wanted: &[Check],
        circumstances: &Circumstances,
        checks: &mut Vec<CheckOutcome>,
    ) -> Result<(), Failure> {
        let made = wanted.iter().map(|check| self.check(caller, check, circumstances));
        let (allowed, mut denied): (Vec<_>, Vec<_>) = made.partition(CheckOutcome::may_be_allowed);
        checks.extend(allowed);
        let is_explicit =
            |outcome: &CheckOutcome| outcome.evaluation.decision.outcome == Outcome::ExplicitDeny;
        let decisive = denied.iter().position(is_explicit).unwrap_or(0);
        if denied.is_empty() {
            return Ok(());
        }
        checks.push(denied.swap_remove(decisive));
        Err(Failure::Denied)
    }

    pub(crate) fn require(
        &self,
        caller: &Caller,
        check: &Check,
        circumstances: &Circumstances,
        checks: &mut Vec<CheckOutcome>,
    ) -> Result<(), Failure> {
        let outcome = self.check(caller, check, circumstances);
        let may_be_allowed = outcome.may_be_allowed();
        checks.push(outcome);
        if may_be_allowed { Ok(()) } else { Err(Failure::Denied) }
    }

    fn refuse_expired(&self, caller: &Caller) -> Result<(), Failure> {
        match &caller.session {
            Some(session) if session.expires_ms <= self.now.ms() => Err(Failure::Refused(ApiError {
                code: "ExpiredToken",
                message: "The security token included in the request is expired".to_owned(),
            })),
            _ => Ok(()),
        }
    }

    /// CloudTrail itself must be able to look at the bucket and write to it, else no trail is made.
    ///
    /// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html>
    fn let_cloudtrail_write(
        &self,
        caller: &Caller,
        trail: &str,
        bucket: &str,
        prefix: Option<&str>,
        checks: &mut Vec<CheckOutcome>,
    ) -> Result<(), Failure> {
        let Some(account) = caller.principal.account() else { return Ok(()) };
        let cloudtrail = Caller::new(Principal::Service { name: "cloudtrail.amazonaws.com".into() });
        let bucket = format!("arn:aws:s3:::{bucket}");
        let prefix = prefix.map_or_else(String::new, |prefix| format!("{prefix}/"));
        let logs = format!("{bucket}/{prefix}AWSLogs/{account}/CloudTrail/log.json.gz");
        for (action, resource, acl) in
            [("s3:GetBucketAcl", bucket, None), ("s3:PutObject", logs, Some("bucket-owner-full-control"))]
        {
            let mut check = Check::new(action, &resource);
            check.context.insert("aws:SourceArn", trail);
            check.context.insert("aws:SourceAccount", account.as_str());
            if let Some(acl) = acl {
                check.context.insert("s3:x-amz-acl", acl);
            }
            self.require(&cloudtrail, &check, &Circumstances::default(), checks)?;
        }
        Ok(())
    }

    fn add_bucket(&mut self, caller: &Caller, bucket: &str) {
        let Some(account) = caller.principal.account() else { return };
        let arn = format!("arn:aws:s3:::{bucket}");
        self.world.accounts.entry(account).or_default().resources.entry(arn).or_default();
        self.index = Index::of(&self.world);
    }

    fn remove_bucket(&mut self, bucket: &str) {
        let arn = format!("arn:aws:s3:::{bucket}");
        for account in self.world.accounts.values_mut() {
            account.resources.remove(&arn);
        }
        self.index = Index::of(&self.world);
    }
}
