//! Finding files by path, folder and glob.

use std::path::{Path, PathBuf};

use crate::library::clean;

/// The files that `path` stands for: itself, all below a folder whose names end in one of `endings`, or all a
/// glob matches. In order of name.
///
/// # Errors
/// What is wrong with the path, in words to print after it.
pub fn find(path: &str, endings: &[&str]) -> Result<Vec<PathBuf>, String> {
    let given = Path::new(path);
    if given.is_dir() {
        let mut found = Vec::new();
        below(given, endings, &mut found).map_err(|error| error.to_string())?;
        return none_is_an_error(found, || format!("holds no file that ends in {}", endings.join(" or ")));
    }
    if given.exists() || !path.contains(['*', '?', '[']) {
        return Ok(vec![given.to_owned()]);
    }
    let mut found = Vec::new();
    for entry in glob::glob(path).map_err(|error| format!("is no glob: {}", error.msg))? {
        let entry = entry.map_err(|error| error.to_string())?;
        if entry.is_dir() {
            below(&entry, endings, &mut found).map_err(|error| error.to_string())?;
        } else {
            found.push(entry);
        }
    }
    none_is_an_error(found, || "matches no file".to_owned())
}

fn below(folder: &Path, endings: &[&str], found: &mut Vec<PathBuf>) -> std::io::Result<()> {
    let mut folders = vec![folder.to_owned()];
    let first = found.len();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            let path = entry.path();
            let name = entry.file_name();
            let name = name.to_string_lossy();
            // Symbolic links to folders may lead in circles; those to files are fine.
            if entry.file_type()?.is_dir() {
                folders.push(path);
            } else if endings.iter().any(|ending| name.ends_with(ending)) {
                found.push(clean(&path));
            }
        }
    }
    if let Some(new) = found.get_mut(first..) {
        new.sort_unstable();
    }
    Ok(())
}

fn none_is_an_error(found: Vec<PathBuf>, message: impl FnOnce() -> String) -> Result<Vec<PathBuf>, String> {
    if found.is_empty() { Err(message()) } else { Ok(found) }
}
