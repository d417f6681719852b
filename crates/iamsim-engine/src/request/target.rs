//! What is asked for: an action on a resource, and whose that is.

use std::sync::Arc;

use iamsim_syntax::Arn;
use smol_str::StrExt;

use crate::compiled::reach::{Aim, Reach};
use crate::context::Text;
use crate::name::hash;
use crate::principal::AccountId;
use crate::services::{self, Traits};

/// An action on a resource, to be asked for by one caller after the other. Cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target(Arc<Known>);

/// What is known of a target.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Known {
    action: Action,
    resource: Text,
    owner: Owner,
    /// How long the partition in the resource's ARN is, when it is one.
    partition: Option<u32>,
    /// Whether that is `aws`.
    is_in_usual_partition: bool,
    traits: Traits,
}

/// The partition of most accounts.
pub(crate) const USUAL_PARTITION: &str = "aws";

/// An action, `s3:GetObject`. Compared without case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    name: Text,
    folded: Text,
    hash: u64,
    /// Where the service prefix ends in `folded`; its length when there is none.
    colon: usize,
    aim: Aim,
}

/// Whose resource a request is about.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies-cross-account-resource-access.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// This account's.
    Account(AccountId),
    /// Nobody else's: the request names no resource, or one whose ARN leaves the account open.
    Caller,
    /// Amazon's own, such as an AWS managed policy.
    Aws,
}

impl Target {
    /// An action on a resource: an ARN, or `*` for an action that takes no resource.
    #[must_use]
    pub fn new(action: &str, resource: &str) -> Self {
        Self::of(action, resource, Arn::parse(resource))
    }

    /// The same, where the parts of the resource's ARN are known, when it is one.
    #[must_use]
    pub fn of(action: &str, resource: &str, arn: Option<Arn<'_>>) -> Self {
        let owner = arn.map_or(Owner::Caller, |arn| owner_by_arn(&arn));
        let action = Action::new(action);
        let traits = Traits::of(&action, resource, arn.as_ref());
        let partition = arn.map(|arn| arn.partition.len() as u32);
        let is_in_usual_partition = arn.is_some_and(|arn| arn.partition == USUAL_PARTITION);
        Self(Arc::new(Known {
            action,
            resource: resource.into(),
            owner,
            partition,
            is_in_usual_partition,
            traits,
        }))
    }

    pub(crate) fn action(&self) -> &Action {
        &self.0.action
    }

    pub(crate) fn resource(&self) -> &str {
        &self.0.resource
    }

    pub(crate) fn owner(&self) -> &Owner {
        &self.0.owner
    }

    /// What single services make of it.
    pub(crate) fn traits(&self) -> &Traits {
        &self.0.traits
    }

    /// Whether the resource is an ARN.
    pub(crate) fn is_arn(&self) -> bool {
        self.0.partition.is_some()
    }

    /// Whether the partition of the resource's ARN is `aws`.
    pub(crate) fn is_in_usual_partition(&self) -> bool {
        self.0.is_in_usual_partition
    }

    /// The partition of the resource's ARN, when it is one.
    pub(crate) fn partition(&self) -> Option<&str> {
        let length = self.0.partition? as usize;
        self.resource().get("arn:".len()..)?.get(..length)
    }

    /// Sets the account that owns the resource. An ARN that names Amazon itself keeps its owner.
    #[must_use]
    pub fn with_resource_account(mut self, account: AccountId) -> Self {
        self.set_resource_account(account);
        self
    }

    pub(crate) fn set_resource_account(&mut self, account: AccountId) {
        if *self.owner() != Owner::Aws {
            Arc::make_mut(&mut self.0).owner = Owner::Account(account);
        }
    }
}

impl Action {
    /// Reads `service:Name`; any other text is an action nobody knows.
    #[must_use]
    pub fn new(name: &str) -> Self {
        let folded = services::authorized_as(name.to_ascii_lowercase_smolstr());
        let colon = folded.bytes().position(|byte| byte == b':').unwrap_or(folded.len());
        let aim = Aim::of(&folded);
        Self { name: name.into(), hash: hash(&folded), folded, colon, aim }
    }

    /// As it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.name
    }

    /// In lower case.
    #[must_use]
    pub fn folded(&self) -> &str {
        &self.folded
    }

    /// The service prefix in lower case.
    #[must_use]
    pub fn service(&self) -> &str {
        if self.colon == self.folded.len() { "" } else { self.folded.get(..self.colon).unwrap_or_default() }
    }

    /// The name after the prefix, in lower case.
    #[must_use]
    pub fn operation(&self) -> &str {
        self.folded.get(self.colon + 1..).unwrap_or_default()
    }

    /// The hash of the folded name.
    pub(crate) fn hash(&self) -> u64 {
        self.hash
    }

    /// The set of this one action.
    pub(crate) fn reach(&self) -> Reach {
        self.aim.reach
    }

    /// The hash of the service prefix; `None` without one.
    pub(crate) fn service_hash(&self) -> Option<u64> {
        self.aim.service
    }
}

fn owner_by_arn(arn: &Arn<'_>) -> Owner {
    if arn.account == "aws" {
        return Owner::Aws;
    }
    AccountId::parse(arn.account).map_or(Owner::Caller, Owner::Account)
}
