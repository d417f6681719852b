//! What `.iamsimignore` files leave out of the search of a folder.

use std::io;
use std::path::Path;

use glob::{MatchOptions, Pattern};

/// The name of the files.
const FILE: &str = ".iamsimignore";

const OPTIONS: MatchOptions = MatchOptions {
    case_sensitive: true,
    require_literal_separator: true,
    require_literal_leading_dot: false,
};

/// Files and folders to leave out, written as in a `.gitignore`: a glob a line, `#` before a comment. One with a
/// slash before its end begins in the folder of the file that has it, any other may stand in every folder below.
#[derive(Debug, Default)]
pub(super) struct LeftOut {
    patterns: Vec<Pattern>,
}

impl LeftOut {
    /// Adds what the file in a folder names, if there is one.
    pub(super) fn read(&mut self, folder: &Path) -> io::Result<()> {
        let text = match std::fs::read_to_string(folder.join(FILE)) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(about(folder, error)),
        };
        let base = Pattern::escape(folder.to_string_lossy().trim_end_matches('/'));
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        for line in lines {
            let name = line.trim_end_matches('/');
            let anywhere = if name.contains('/') { "" } else { "**/" };
            let pattern = Pattern::new(&format!("{base}/{anywhere}{}", name.trim_start_matches('/')));
            let wrong = |error| about(folder, io::Error::new(io::ErrorKind::InvalidData, error));
            self.patterns.push(pattern.map_err(wrong)?);
        }
        Ok(())
    }

    /// Whether a file or folder is left out.
    pub(super) fn covers(&self, path: &Path) -> bool {
        self.patterns.iter().any(|pattern| pattern.matches_path_with(path, OPTIONS))
    }
}

fn about(folder: &Path, error: io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("`{}`: {error}", folder.join(FILE).display()))
}
