//! `iamsim completions`.

use std::io::Write;

use clap::CommandFactory;
use clap_complete::Shell;

use crate::args::Args;
use crate::exit::Exit;

const EXAMPLES: &str = "\
Examples:
  bash        iamsim completions bash > ~/.local/share/bash-completion/completions/iamsim
  zsh         iamsim completions zsh > FOLDER/_iamsim, a folder of $fpath
  fish        iamsim completions fish > ~/.config/fish/completions/iamsim.fish
  powershell  iamsim completions powershell >> $PROFILE
  elvish      iamsim completions elvish >> ~/.config/elvish/rc.elv";

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Completions {
    /// For which shell
    #[arg(value_enum)]
    shell: Shell,
}

pub(crate) fn run(args: &Completions) -> anyhow::Result<Exit> {
    let mut out = std::io::stdout().lock();
    out.write_all(&script(args.shell))?;
    out.flush()?;
    Ok(Exit::AsExpected)
}

fn script(shell: Shell) -> Vec<u8> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "iamsim", &mut script);
    script
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum;

    use super::*;

    #[test]
    fn every_shell_completes_every_command() {
        for shell in Shell::value_variants() {
            let script = String::from_utf8(script(*shell)).unwrap();
            for command in Args::command().get_subcommands() {
                assert!(script.contains(command.get_name()), "{shell}: {}", command.get_name());
            }
            assert!(script.contains("identity-policy"), "{shell}");
        }
    }
}
