//! Accounts, organizations, principals, sessions and resources: which policies apply to a request, and with
//! what context.
//!
//! A [`World`] is what exists; a [`Simulation`] is a world in which a [`Caller`] makes a [`Call`], sessions are
//! opened and time passes. Nothing here reads a file or a clock.

mod batch;
mod call;
mod context;
mod full_name;
mod gather;
mod holdings;
mod identity;
mod index;
mod lookup;
mod partial;
mod prepare;
mod principals;
mod residents;
mod session;
mod simulation;
mod sts;
mod time;
mod world;

pub use call::{AssumeRole, Call, Check, CheckRef, Effect, SessionParameters, StsCall};
pub use context::{Circumstances, DEFAULT_REGION, UnknownKeys, only_region};
pub use gather::has_resource_control_policies;
pub use partial::evaluate_partially;
pub use principals::UnknownPrincipal;
pub use session::{Caller, Recognized, Session};
pub use simulation::{ApiError, CallOutcome, CheckOutcome, Failure, Simulation, Success};
pub use world::{
    Account, Group, MemberAccount, Organization, Resource, Role, SharedWith, Unit, User, VpcEndpoint, World,
};
