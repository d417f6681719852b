//! Scenarios: a world, and steps that happen in it one after the other.

mod step;

use std::path::Path;
use std::sync::Arc;

use iamsim_syntax::literal::Instant;
use iamsim_syntax::{Diagnostic, Span};
use iamsim_world::World;

use crate::context::{GivenContext, unknown_keys};
use crate::decode::Decoder;
use crate::library::{Library, Numbered, read_tree, unreadable};
use crate::source::{Finding, Source};
use crate::world_file;

pub(crate) use crate::scenario_file::step::{Act, By, Call, Command, action_is_known, endpoint, is_resource};

/// When a scenario begins that does not say so: 2024-06-01T12:00:00Z.
pub(crate) const DEFAULT_NOW: Instant = Instant(1_717_243_200_000);

/// A scenario, ready to be replayed.
#[derive(Debug, Clone)]
pub struct Scenario {
    pub(crate) name: String,
    pub(crate) source: Option<String>,
    pub(crate) file: Arc<Source>,
    pub(crate) now: Instant,
    pub(crate) world: World,
    pub(crate) steps: Vec<Step>,
}

/// What happens in a scenario.
#[derive(Debug, Clone)]
pub(crate) enum Step {
    /// Time passes.
    Wait {
        milliseconds: i64,
        /// As it was written.
        text: String,
    },
    /// Somebody does something.
    Act(Box<Act>),
}

impl Scenario {
    /// Reads a scenario from a file.
    ///
    /// # Errors
    /// Everything that is wrong with it, its worlds and the policies they name.
    pub fn load(library: &Library, path: &Path) -> Result<Self, Vec<Finding>> {
        let numbered = library.file(path).map_err(|why| vec![unreadable(path, &why)])?;
        Self::of(library, &numbered)
    }

    /// Reads a scenario from a text. The paths in it begin where `source` says it is.
    ///
    /// # Errors
    /// Everything that is wrong with it, its worlds and the policies they name.
    pub fn read(library: &Library, source: Source) -> Result<Self, Vec<Finding>> {
        Self::of(library, &library.keep(source))
    }

    fn of(library: &Library, numbered: &Numbered) -> Result<Self, Vec<Finding>> {
        let mut decoder = Decoder::file(library, numbered);
        let scenario = read(&mut decoder, &numbered.source);
        let findings = decoder.finish();
        match scenario {
            Some(scenario) if findings.is_empty() => Ok(scenario),
            _ => Err(findings),
        }
    }

    /// Its name; that of its file, when it has none.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

fn read(decoder: &mut Decoder<'_>, file: &Arc<Source>) -> Option<Scenario> {
    let (node, diagnostics) = read_tree(file);
    diagnostics.into_iter().for_each(|diagnostic| decoder.report(diagnostic));
    let node = node?;
    let mut fields = decoder.object(&node, "a scenario")?;
    let name = fields.take("name").and_then(|node| decoder.text(node, "a scenario's name"));
    let source = fields.take("source").and_then(|node| decoder.text(node, "a source"));
    let now = fields.take("now").map_or(Some(DEFAULT_NOW), |node| decoder.instant(node));
    let world = fields.take("world").map(|node| world_file::decode(decoder, node)).unwrap_or_default();
    let steps = fields.require(decoder, "steps");
    let unknown = fields.take("unknown");
    let unknown =
        unknown.map(|node| unknown_keys(decoder, node, &GivenContext::default())).unwrap_or_default();
    let steps = steps.map(|node| step::decode_all(decoder, node, &world, &unknown)).unwrap_or_default();
    fields.finish(decoder);
    if steps.is_empty() && decoder.findings.is_empty() {
        let span = Span::new(node.span.start, node.span.start);
        decoder.report(Diagnostic::error("missing-value", span, "a scenario needs at least one step"));
    }
    let file_name = || {
        Path::new(file.path()).file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
    };
    Some(Scenario {
        name: name.unwrap_or_else(file_name),
        source,
        file: Arc::clone(file),
        now: now?,
        world,
        steps,
    })
}
