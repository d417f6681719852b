//! What AWS defines: services, actions, condition keys, managed policies.
