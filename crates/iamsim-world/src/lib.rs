//! Accounts, organizations, principals, sessions and resources.
