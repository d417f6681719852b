//! The file formats: load worlds and scenarios, replay, report.

pub mod yaml;
