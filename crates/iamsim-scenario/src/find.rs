//! Finding files by path, folder and glob.

mod left_out;

use std::io;
use std::path::{Path, PathBuf};

use crate::find::left_out::LeftOut;
use crate::library::{about_path, clean, why};
use crate::source::Finding;

/// The files that `path` stands for: itself, all below a folder whose names end in one of `endings`, or all a
/// glob matches. In order of name.
///
/// What a file `.iamsimignore` names, in the folder or below, is left out.
///
/// # Errors
/// A finding that says why there are none.
pub fn find(path: &str, endings: &[&str]) -> Result<Vec<PathBuf>, Box<Finding>> {
    let given = Path::new(path);
    let refuse = |message: String| Box::new(about_path(given, message));
    let unreadable = |error: &io::Error| refuse(format!("the folder cannot be read: {}", why(error)));
    let mut found = Vec::new();
    if given.is_dir() {
        below(given, endings, &mut found).map_err(|error| unreadable(&error))?;
    } else if given.exists() || !path.contains(['*', '?', '[']) {
        found.push(given.to_owned());
    } else {
        for entry in glob::glob(path).map_err(|error| refuse(format!("this is no glob: {}", error.msg)))? {
            let entry = entry.map_err(|error| unreadable(error.error()))?;
            if entry.is_dir() {
                below(&entry, endings, &mut found).map_err(|error| unreadable(&error))?;
            } else {
                found.push(entry);
            }
        }
    }
    match (found.is_empty(), given.is_dir()) {
        (false, _) => Ok(found),
        (true, true) => Err(refuse(format!("the folder has no file that ends in {}", alternatives(endings)))),
        (true, false) => Err(refuse("no file matches this".to_owned())),
    }
}

fn below(folder: &Path, endings: &[&str], found: &mut Vec<PathBuf>) -> io::Result<()> {
    let mut folders = vec![folder.to_owned()];
    let mut left_out = LeftOut::default();
    let first = found.len();
    while let Some(folder) = folders.pop() {
        left_out.read(&folder)?;
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            let path = entry.path();
            let name = entry.file_name();
            let name = name.to_string_lossy();
            if left_out.covers(&path) {
                continue;
            }
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

/// `.a, .b or .c`
fn alternatives(words: &[&str]) -> String {
    match words {
        [first @ .., last] if !first.is_empty() => format!("{} or {last}", first.join(", ")),
        _ => words.concat(),
    }
}
