//! `cargo xtask tidy`: what neither the compiler nor clippy looks at.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

mod examples;
mod links;
mod sources;

/// Fails with a list of everything untidy.
pub(crate) fn run() -> Result<()> {
    let faults = faults(&root())?;
    if faults.is_empty() {
        return Ok(());
    }
    bail!("this needs tidying:\n{}", faults.join("\n"))
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn faults(root: &Path) -> Result<Vec<String>> {
    let files = Files::read(root)?;
    let mut faults = links::check(&files);
    faults.extend(examples::check(&files));
    faults.extend(sources::check(&files));
    Ok(faults)
}

/// The project's text files, by their path from the root with `/` between its parts.
struct Files(Vec<(String, String)>);

/// Where people write; build directories and fuzzing corpora are elsewhere.
const PLACES: [&str; 7] =
    [".ci", "benches", "crates", "docs", "fixtures", "fuzz/fuzz_targets", "fuzz/Cargo.toml"];

impl Files {
    fn read(root: &Path) -> Result<Self> {
        let mut paths = PLACES.map(|place| root.join(place)).to_vec();
        let top = fs::read_dir(root)?.collect::<Result<Vec<_>, _>>()?;
        paths.extend(top.iter().map(fs::DirEntry::path).filter(|path| path.is_file()));
        let mut files = Vec::new();
        while let Some(path) = paths.pop() {
            if path.is_dir() {
                let entries = fs::read_dir(&path)?.collect::<Result<Vec<_>, _>>()?;
                paths.extend(entries.iter().map(fs::DirEntry::path));
                continue;
            }
            let from_root = path.strip_prefix(root).context("a file outside the project")?;
            let parts: Vec<_> = from_root.iter().map(|part| part.to_string_lossy()).collect();
            // What is not text has nothing to tidy.
            if let Ok(text) = fs::read_to_string(&path) {
                files.push((parts.join("/"), text));
            }
        }
        files.sort_unstable();
        Ok(Self(files))
    }

    fn ending<'f>(&'f self, end: &'f str) -> impl Iterator<Item = (&'f str, &'f str)> {
        self.0.iter().filter(move |(path, _)| path.ends_with(end)).map(|(path, text)| (&**path, &**text))
    }

    fn text(&self, path: &str) -> Option<&str> {
        let at = self.0.binary_search_by(|(other, _)| other.as_str().cmp(path)).ok()?;
        self.0.get(at).map(|(_, text)| &**text)
    }

    /// Whether there is such a file, or a folder with one in it.
    fn has(&self, path: &str) -> bool {
        let inside = format!("{path}/");
        self.text(path).is_some() || self.0.iter().any(|(other, _)| other.starts_with(&inside))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_project_is_tidy() {
        let faults = faults(&root()).unwrap();
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    }
}
