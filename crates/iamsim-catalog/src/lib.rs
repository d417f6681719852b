//! What AWS defines: services, actions, resource types, condition keys, managed policies.
//!
//! All of it is embedded, compressed, and unpacked when first asked for. Nothing here reads a file or the network.

mod about;
mod embedded;
mod managed;
mod nearest;

pub use about::{About, Counts, DataFile, Source, about};
pub use managed::{ManagedPolicy, managed_policies, managed_policy, nearest_managed_policy};
