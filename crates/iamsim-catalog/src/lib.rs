//! What AWS defines: services, actions, resource types, condition keys, managed policies.
//!
//! All of it is embedded as text, cut into pieces when the crate is built: a policy is found where it stands, and a
//! service's actions are read when first asked for. Nothing here reads a file or the network. [`about`] says where the
//! data comes from and how old it is.
//!
//! ```
//! let action = iamsim_catalog::action("sts:AssumeRole").unwrap();
//! let types: Vec<&str> = action.resource_types.iter().map(|used| used.resource_type).collect();
//! assert_eq!(types, ["role"]);
//! ```

mod about;
mod arn;
mod by_name;
mod condition_key;
mod embedded;
mod managed;
mod nearest;
mod reference;
mod template;

pub use about::{About, Counts, DataFile, Source, about};
pub use arn::{ArnMatch, arn_resource_types};
pub use condition_key::{
    Cardinality, ConditionKey, ValueType, condition_key, global_condition_keys, nearest_condition_key,
};
pub use managed::{ManagedPolicy, managed_policies, managed_policy, nearest_managed_policy};
pub use reference::{
    AccessLevel, Action, ActionResource, ResourceType, Service, action, expand, nearest_action,
    nearest_service, service, services, services_with_arns_of,
};
