//! The file formats: load worlds and scenarios, replay, report.
