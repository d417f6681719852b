//! What an evaluation may write down on its way.
//!
//! Statement matching and the gates exist once and are generic over a recorder, so that explaining a decision does not
//! change it. [`Quiet`] writes nothing and compiles to nothing.

use iamsim_syntax::{Effect, PolicyType};

use crate::compiled::Statement;
use crate::compiled::principal::Grant;
use crate::context::Key;
use crate::explain::StatementRef;

/// Where a policy stands among those that meet a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The part it plays.
    pub policy_type: PolicyType,
    /// For service and resource control policies: which level, 0 being the root.
    pub level: usize,
    /// Which of the policies there.
    pub policy: usize,
}

/// Where policies are attached together.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Attached {
    /// The part they play.
    pub(crate) policy_type: PolicyType,
    /// For service and resource control policies: at which level.
    pub(crate) level: usize,
}

impl Attached {
    /// Where the policy with this number stands.
    pub(crate) fn place(self, policy: usize) -> Place {
        Place { policy_type: self.policy_type, level: self.level, policy }
    }
}

/// An element of a statement that is compared with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Element {
    /// `Principal` or `NotPrincipal`.
    Principal,
    /// `Action` or `NotAction`.
    Action,
    /// `Resource` or `NotResource`.
    Resource,
    /// The clause of `Condition` with this number, counted from 0 over all operators.
    Condition(usize),
}

/// A box of AWS's flow chart.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Gate {
    /// Does the call need a permission at all?
    NoPermissionNeeded,
    /// Does any policy deny it?
    ExplicitDeny,
    /// May credentials of this kind make the call?
    CredentialLimits,
    /// Does the service refuse it whatever policies say?
    ServiceRules,
    /// Do the resource control policies allow it?
    ResourceControl,
    /// Do the service control policies allow it, at every level?
    ServiceControl,
    /// Does the VPC endpoint's policy allow it?
    VpcEndpoint,
    /// Does the resource's policy allow it?
    ResourceBased,
    /// Do the caller's identity-based policies allow it?
    IdentityBased,
    /// Does the caller's permissions boundary allow it?
    PermissionsBoundary,
    /// Do the session policies allow it?
    Session,
}

impl Gate {
    /// Its name in reports: `explicitDeny`, `serviceControl`, …
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoPermissionNeeded => "noPermissionNeeded",
            Self::ExplicitDeny => "explicitDeny",
            Self::CredentialLimits => "credentialLimits",
            Self::ServiceRules => "serviceRules",
            Self::ResourceControl => "resourceControl",
            Self::ServiceControl => "serviceControl",
            Self::VpcEndpoint => "vpcEndpoint",
            Self::ResourceBased => "resourceBased",
            Self::IdentityBased => "identityBased",
            Self::PermissionsBoundary => "permissionsBoundary",
            Self::Session => "session",
        }
    }
}

/// What a gate did with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Passage {
    /// Let it on to the next gate.
    Open,
    /// Let it on because it is not concerned.
    NotApplicable,
    /// Let it through for good.
    Allowed,
    /// Stopped it.
    Shut,
}

/// Writes down what statements and gates do with a request.
pub(crate) trait Recorder {
    /// Whether every statement that may cover the action is to be looked at, or only as many as settle the answer.
    /// A long list may show the same one twice.
    const EVERY_STATEMENT: bool;
    /// Whether every element of every statement is to be looked at, or only as far as the first that differs.
    const EVERY_ELEMENT: bool;

    /// Whether the recorder itself says which statements apply, instead of them being compared with the request.
    const FORESEES: bool = false;

    /// How the statements with this effect in the policies of this type and level name the caller; asked only
    /// where [`Recorder::FORESEES`].
    fn foreseen(&mut self, _policy_type: PolicyType, _level: usize, _effect: Effect) -> Option<Grant> {
        None
    }

    /// An element of a statement was compared. Answers whether it is to count as matching: what depends on
    /// something unknown may be overruled.
    fn element(&mut self, _place: Place, _statement: &Statement, _element: Element, matches: bool) -> bool {
        matches
    }

    /// All elements of a statement were compared; `grant` is how it names the caller when all match.
    fn statement(&mut self, _at: StatementRef, _statement: &Statement, _grant: Option<Grant>) {}

    /// A condition or a policy variable asked for a key that the request does not have.
    fn missing_key(&mut self, _key: &Key) {}

    /// A gate was reached.
    fn gate(&mut self, _gate: Gate, _passage: Passage) {}
}

/// Writes nothing.
pub(crate) struct Quiet;

impl Recorder for Quiet {
    const EVERY_STATEMENT: bool = false;
    const EVERY_ELEMENT: bool = false;
}
