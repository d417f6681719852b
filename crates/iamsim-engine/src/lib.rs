//! Compiled policies and a request to a decision, and why.
