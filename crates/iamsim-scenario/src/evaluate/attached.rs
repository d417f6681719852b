//! What comes again, line after line, is looked at once: policies by their text, their statements, and the names of
//! actions.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use iamsim_engine::{Level, Policies};
use iamsim_syntax::{PolicyType, json};
use rustc_hash::FxHashSet;

use crate::answer::Noted;
use crate::case_file::levels;
use crate::decode::Decoder;
use crate::library::Library;
use crate::policy_file::PolicyReader;
use crate::source::Source;

/// So many bytes of text are remembered for each key of `policies`.
const MOST: usize = 8 << 20;

/// So many names of actions are noted: fewer than there are ways to capitalize them.
const MOST_ACTIONS: usize = 10_000;

/// A key of `policies`, and what its policies are read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Slot {
    pub(super) key: &'static str,
    pub(super) policy_type: PolicyType,
}

/// What stands under a key.
#[derive(Debug, Clone)]
pub(super) enum Attached {
    Policies(Policies),
    Levels(Arc<[Level]>),
}

/// What was read of one text before. Relative paths in policies begin where that text is.
pub(super) struct Memory<'l> {
    library: &'l Library,
    name: String,
    slots: [RwLock<Remembered>; PolicyType::ALL.len()],
    /// The notes that nobody is using.
    notes: Mutex<Vec<Notes>>,
}

/// What one of those who answer has noted for itself: nobody waits for anybody else's.
#[derive(Debug, Default)]
pub(super) struct Notes {
    pub(super) actions: ActionNames,
    pub(super) statements: Noted,
}

/// Names of actions that AWS has.
#[derive(Debug, Default)]
pub(super) struct ActionNames(FxHashSet<Box<str>>);

impl ActionNames {
    /// Whether AWS has an action of this name.
    pub(super) fn contain(&mut self, name: &str) -> bool {
        if self.0.contains(name) {
            return true;
        }
        let is_action = iamsim_catalog::action(name).is_some();
        if is_action && self.0.len() < MOST_ACTIONS {
            self.0.insert(name.into());
        }
        is_action
    }
}

#[derive(Default)]
struct Remembered {
    by_text: HashMap<Box<str>, Attached>,
    bytes: usize,
}

impl<'l> Memory<'l> {
    pub(super) fn new(library: &'l Library, name: &str) -> Self {
        Self { library, name: name.to_owned(), slots: Default::default(), notes: Mutex::default() }
    }

    /// The name of the text.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Notes for somebody who answers.
    pub(super) fn lend_notes(&self) -> Notes {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default()
    }

    /// Takes the notes back.
    pub(super) fn keep_notes(&self, notes: Notes) {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner).push(notes);
    }

    /// The policies written as `text`; `None` when they have any fault. Their spans begin with the text.
    pub(super) fn attached(&self, slot: Slot, text: &str) -> Option<Attached> {
        let number = PolicyType::ALL.iter().position(|known| *known == slot.policy_type)?;
        let remembered = self.slots.get(number)?;
        let known = remembered.read().unwrap_or_else(PoisonError::into_inner).by_text.get(text).cloned();
        if known.is_some() {
            return known;
        }
        let read = self.read(slot, text)?;
        let mut remembered = remembered.write().unwrap_or_else(PoisonError::into_inner);
        if remembered.bytes + text.len() > MOST {
            *remembered = Remembered::default();
        }
        remembered.bytes += text.len();
        remembered.by_text.insert(text.into(), read.clone());
        Some(read)
    }

    fn read(&self, Slot { key, policy_type }: Slot, text: &str) -> Option<Attached> {
        let mut decoder = Decoder::passing(self.library, Arc::new(Source::new(self.name.as_str(), text)));
        let (node, faults) = json::parse(text);
        let node = node.filter(|_| faults.is_empty())?;
        let reader = PolicyReader::new(policy_type, key);
        let read = match policy_type {
            PolicyType::IdentityBased | PolicyType::Session | PolicyType::VpcEndpoint => {
                Attached::Policies(reader.list(&mut decoder, &node))
            }
            PolicyType::PermissionsBoundary | PolicyType::ResourceBased | PolicyType::RoleTrust => {
                Attached::Policies(reader.only(&mut decoder, &node))
            }
            PolicyType::ServiceControl | PolicyType::ResourceControl => {
                Attached::Levels(levels(&mut decoder, &node, &reader).into())
            }
        };
        decoder.findings.is_empty().then_some(read)
    }
}
