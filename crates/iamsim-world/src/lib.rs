//! Accounts, organizations, principals, sessions and resources: which policies apply to a request, and with
//! what context.

mod call;
mod world;

pub use call::{AssumeRole, Call, Check, Effect, SessionParameters, StsCall};
pub use world::{
    Account, Group, MemberAccount, Organization, Resource, Role, SharedWith, Unit, User, VpcEndpoint, World,
};
