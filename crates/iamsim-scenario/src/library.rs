//! Every file read so far and every policy compiled so far, each once.

use std::collections::HashMap;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use iamsim_engine::{Policies, Policy};
use iamsim_syntax::json::Node;
use iamsim_syntax::{Diagnostic, PolicyType, Position, Span, json, parse_node};
use rustc_hash::FxHashMap;

use crate::source::{Finding, Source};
use crate::yaml;

/// The number, in compiled policies, of the text that is being read rather than of a file in the library.
pub(crate) const IN_PLACE: u32 = 0;

/// What has been read, shared by everything that reads.
#[derive(Debug, Default)]
pub struct Library {
    shelf: Mutex<Shelf>,
}

#[derive(Debug, Default)]
struct Shelf {
    /// By number, from 1.
    sources: Vec<Arc<Source>>,
    files: HashMap<PathBuf, Result<Numbered, String>>,
    policies: HashMap<(String, PolicyType), Compiled>,
    /// By where the policies are in memory, which they are as long as they are here.
    attached: FxHashMap<Vec<usize>, Policies>,
}

/// A text with the number by which compiled policies know it.
#[derive(Debug, Clone)]
pub(crate) struct Numbered {
    pub(crate) number: u32,
    pub(crate) source: Arc<Source>,
}

/// A compiled policy, or why there is none.
pub(crate) type Compiled = Result<Arc<Policy>, Vec<Finding>>;

impl Library {
    /// A library that has read nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads a file, once.
    ///
    /// # Errors
    /// A finding that says why it cannot be read.
    pub fn open(&self, path: &Path) -> Result<Arc<Source>, Box<Finding>> {
        match self.file(path) {
            Ok(numbered) => Ok(numbered.source),
            Err(why) => Err(Box::new(unreadable(path, &why))),
        }
    }

    /// Reads a file, once.
    ///
    /// # Errors
    /// Why it cannot be read, in words to print after its name.
    pub(crate) fn file(&self, path: &Path) -> Result<Numbered, String> {
        let path = clean(path);
        if let Some(known) = self.shelf().files.get(&path) {
            return known.clone();
        }
        let read = read(&path);
        let mut shelf = self.shelf();
        let result = read.map(|text| shelf.add(Source::new(path.display().to_string(), text)));
        shelf.files.entry(path).or_insert(result).clone()
    }

    /// Keeps a text that is in no file of its own.
    pub(crate) fn keep(&self, source: Source) -> Numbered {
        self.shelf().add(source)
    }

    /// The text a compiled policy was read from; `here` is the one it was found in.
    #[must_use]
    pub(crate) fn source(&self, number: u32, here: &Arc<Source>) -> Arc<Source> {
        if number == IN_PLACE {
            return Arc::clone(here);
        }
        let shelf = self.shelf();
        let found = shelf.sources.get(number as usize - 1);
        Arc::clone(found.unwrap_or(here))
    }

    /// The policy known by `key`, compiled by `make` when it is not there yet.
    pub(crate) fn policy(
        &self,
        key: &str,
        policy_type: PolicyType,
        make: impl FnOnce() -> Compiled,
    ) -> Compiled {
        let key = (key.to_owned(), policy_type);
        if let Some(known) = self.shelf().policies.get(&key) {
            return known.clone();
        }
        let compiled = make();
        self.shelf().policies.entry(key).or_insert(compiled).clone()
    }

    /// Policies that are attached together, arranged once however often they are.
    pub(crate) fn attached(&self, policies: Vec<Arc<Policy>>) -> Policies {
        let places = policies.iter().map(|policy| Arc::as_ptr(policy).addr()).collect();
        self.shelf().attached.entry(places).or_insert_with(|| policies.into()).clone()
    }

    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shelf {
    fn add(&mut self, source: Source) -> Numbered {
        let source = Arc::new(source);
        self.sources.push(Arc::clone(&source));
        Numbered { number: self.sources.len() as u32, source }
    }
}

/// Reads a text as what its name says it is, JSON or YAML; one without such a name is JSON when it begins with a
/// brace.
///
/// Returns the tree, unless an error leaves none, and every error found.
#[must_use]
pub fn read_tree(source: &Source) -> (Option<Node>, Vec<Diagnostic>) {
    let extension = Path::new(source.path()).extension().and_then(|extension| extension.to_str());
    let is_json = match extension {
        Some("json" | "jsonl" | "ndjson") => true,
        Some("yaml" | "yml") => false,
        _ => source.text().trim_start().starts_with('{'),
    };
    if is_json { json::parse(source.text()) } else { yaml::parse(source.text()) }
}

/// Compiles the policy that is all of a text.
pub(crate) fn compile(
    numbered: &Numbered,
    policy_type: PolicyType,
    name: &str,
    arn: Option<&str>,
) -> Compiled {
    let (node, mut diagnostics) = read_tree(&numbered.source);
    if let Some(node) = node {
        match compile_node(&node, policy_type, name, arn, numbered.number) {
            Ok(policy) if diagnostics.is_empty() => return Ok(Arc::new(policy)),
            Ok(_) => {}
            Err(more) => diagnostics.extend(more),
        }
    }
    let source = &numbered.source;
    Err(diagnostics
        .into_iter()
        .map(|diagnostic| Finding { source: Arc::clone(source), diagnostic })
        .collect())
}

/// Compiles a policy that is part of a text.
pub(crate) fn compile_node(
    node: &Node,
    policy_type: PolicyType,
    name: &str,
    arn: Option<&str>,
    number: u32,
) -> Result<Policy, Vec<Diagnostic>> {
    let (policy, diagnostics) = parse_node(node, policy_type);
    let Some(policy) = policy else { return Err(diagnostics) };
    let compiled = Policy::compile(&policy, name).with_source(number);
    Ok(match arn {
        Some(arn) => compiled.with_arn(arn),
        None => compiled,
    })
}

/// What there is to say of a file that cannot be read.
pub(crate) fn unreadable(path: &Path, why: &str) -> Finding {
    about_path(path, format!("the file cannot be read: {why}"))
}

/// What there is to say of a path that leads to nothing readable.
pub(crate) fn about_path(path: &Path, message: String) -> Finding {
    let source = Source::new(clean(path).display().to_string(), "");
    let diagnostic = Diagnostic::error("unreadable-file", Span::default(), message);
    Finding { source: Arc::new(source), diagnostic }
}

fn read(path: &Path) -> Result<String, String> {
    let bytes = std::fs::read(path).map_err(|error| why(&error))?;
    if u32::try_from(bytes.len()).is_err() {
        return Err("the file is larger than 4 GiB".to_owned());
    }
    String::from_utf8(bytes).map_err(|error| {
        if is_utf16(error.as_bytes()) {
            return UTF16.to_owned();
        }
        let Position { line, column } = position_of_fault(error.as_bytes(), error.utf8_error().valid_up_to());
        format!("the text is not UTF-8 (line {line}, column {column})")
    })
}

/// What is wrong with a text of which [`is_utf16`] holds.
pub(crate) const UTF16: &str = "the text is UTF-16; save it as UTF-8";

/// Whether bytes begin with the mark by which Windows tells UTF-16.
pub(crate) fn is_utf16(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF")
}

/// Why a file cannot be read, in words to print after its name.
pub(crate) fn why(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        io::ErrorKind::IsADirectory => "this is a folder".to_owned(),
        _ => error.to_string(),
    }
}

fn position_of_fault(bytes: &[u8], at: usize) -> Position {
    let before = String::from_utf8_lossy(bytes.get(..at).unwrap_or_default());
    let source = Source::new("", before);
    source.position(source.text().len() as u32)
}

/// The path without `.` and `name/..`, so that one file has one name.
pub(crate) fn clean(path: &Path) -> PathBuf {
    let mut clean = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if matches!(clean.components().next_back(), Some(Component::Normal(_))) => {
                clean.pop();
            }
            part => clean.push(part),
        }
    }
    clean
}
