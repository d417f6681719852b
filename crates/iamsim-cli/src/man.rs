//! `iamsim man`.

use std::fs;
use std::path::PathBuf;

use anyhow::Context;
use clap::CommandFactory;

use crate::args::Args;
use crate::exit::Exit;

const EXAMPLES: &str = "\
Examples:
  iamsim man ~/.local/share/man/man1    then `man iamsim` and `man iamsim-check`";

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Man {
    /// Where to write them, one file for each command; made when it is not there
    folder: PathBuf,
}

pub(crate) fn run(args: &Man) -> anyhow::Result<Exit> {
    let folder = &args.folder;
    fs::create_dir_all(folder)
        .and_then(|()| clap_mangen::generate_to(Args::command(), folder))
        .with_context(|| format!("cannot write to `{}`", folder.display()))?;
    Ok(Exit::AsExpected)
}
