//! `iamsim learn`: exercises in the terminal, one small world with something wrong after the other.

mod attempt;
mod course;
mod exercises;
mod files;
mod page;
mod progress;
mod watch;

use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use crate::args::Output;
use crate::exit::Exit;
use crate::format::{Format, targets};
use crate::learn::course::Course;
use crate::learn::files::Unpacked;
use crate::render::layout::Layout;

/// Where exercises are when nobody says so.
const FOLDER: &str = "iamsim-exercises";

const EXAMPLES: &str = "\
Examples:
  iamsim learn          unpack the exercises, show the next, watch its files
  iamsim learn hint     a hint for it; again, and it says more
  iamsim learn reset    put its files back as they were
  iamsim learn list     all exercises, and which are solved

Where input or output is no terminal one look is taken, as with --once.
Exit codes: 0 every exercise is solved, 1 one is not, 2 there are none, or they cannot be read.";

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES, args_conflicts_with_subcommands = true)]
pub(crate) struct Learn {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    place: Place,
    /// Take one look and do not watch
    #[arg(long)]
    once: bool,
    /// Show the whole way through AWS's flow chart
    #[arg(long)]
    explain: bool,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Unpack the exercises; files that are there stay as they are
    Init(Place),
    /// A hint for an exercise; each further one says more
    Hint(One),
    /// Put the files of an exercise back as they were
    Reset(One),
    /// List the exercises
    List(Place),
}

#[derive(Debug, clap::Args)]
struct Place {
    /// Where the exercises are: `iamsim-exercises` when left out, or the current folder when they are there
    #[arg(value_name = "FOLDER")]
    folder: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
struct One {
    #[command(flatten)]
    place: Place,
    /// Which exercise, by number or name; the next one to solve when left out
    #[arg(short, long, value_name = "EXERCISE")]
    exercise: Option<String>,
}

pub(crate) fn run(args: &Learn, output: &Output) -> anyhow::Result<Exit> {
    let targets = targets(&output.format, "learn", &[Format::Human])?;
    anyhow::ensure!(targets.iter().all(|target| target.file.is_none()), "`iamsim learn` writes to no file");
    let out = &mut anstream::stdout().lock();
    match &args.command {
        None => learn(args, out),
        Some(Command::Init(place)) => init(&place.folder(), out),
        Some(Command::Hint(one)) => hint(one, out),
        Some(Command::Reset(one)) => reset(one, out),
        Some(Command::List(place)) => {
            let course = open(&place.folder())?;
            page::list(&course, out)?;
            Ok(course.exit())
        }
    }
}

fn learn(args: &Learn, out: &mut dyn Write) -> anyhow::Result<Exit> {
    let folder = args.place.folder();
    let is_watched = !args.once && io::stdin().is_terminal() && io::stdout().is_terminal();
    if !files::is_there(&folder) {
        if !is_watched || !is_agreed(&folder, out)? {
            return Err(nothing_there(&folder));
        }
        init(&folder, out)?;
        writeln!(out)?;
    }
    let mut course = open(&folder)?;
    let view = page::View { layout: Layout::of_stdout(), walk: args.explain };
    match is_watched {
        true => watch::run(&mut course, view, out),
        false => {
            course.go_on(view, out)?;
            Ok(course.exit())
        }
    }
}

/// Asks before anything is written.
fn is_agreed(folder: &Path, out: &mut dyn Write) -> io::Result<bool> {
    let count = exercises::EXERCISES.len();
    write!(out, "There are no exercises in {} yet. Unpack {count} there? [Y/n] ", folder.display())?;
    out.flush()?;
    let mut answer = String::new();
    io::stdin().read_line(&mut answer)?;
    // Without even a line end nobody has answered.
    Ok(matches!(&*answer.trim().to_ascii_lowercase(), "" | "y" | "yes") && !answer.is_empty())
}

fn init(folder: &Path, out: &mut dyn Write) -> anyhow::Result<Exit> {
    let Unpacked { written, kept } = files::unpack(folder)?;
    let count = exercises::EXERCISES.len();
    match (written, kept) {
        (0, _) => writeln!(out, "All {count} exercises are in {} already.", folder.display())?,
        (_, 0) => writeln!(out, "{count} exercises are in {} now.", folder.display())?,
        _ => writeln!(
            out,
            "{count} exercises are in {} now; the {kept} files that were there stay as they are.",
            folder.display()
        )?,
    }
    Ok(Exit::AsExpected)
}

fn hint(one: &One, out: &mut dyn Write) -> anyhow::Result<Exit> {
    let mut course = open(&one.place.folder())?;
    match course.choose(one.exercise.as_deref())? {
        Some(exercise) => course.hint(exercise, Layout::of_stdout(), out)?,
        None => page::all_solved(&course, out)?,
    }
    Ok(Exit::AsExpected)
}

fn reset(one: &One, out: &mut dyn Write) -> anyhow::Result<Exit> {
    let mut course = open(&one.place.folder())?;
    match course.choose(one.exercise.as_deref())? {
        Some(exercise) => course.reset(exercise, out)?,
        None => page::all_solved(&course, out)?,
    }
    Ok(Exit::AsExpected)
}

fn open(folder: &Path) -> anyhow::Result<Course> {
    if files::is_there(folder) { Course::open(folder) } else { Err(nothing_there(folder)) }
}

fn nothing_there(folder: &Path) -> anyhow::Error {
    let unpack = command("init", folder);
    anyhow::anyhow!("there are no exercises in `{}`: `{unpack}` unpacks them", folder.display())
}

/// What to type, about the exercises of a folder.
fn command(name: &str, folder: &Path) -> String {
    let is_usual = [FOLDER, ".", ".."].map(Path::new).contains(&folder);
    if is_usual {
        format!("iamsim learn {name}")
    } else {
        format!("iamsim learn {name} {}", folder.display())
    }
}

impl Place {
    /// The folder that is named, or that people who name none mean: they may stand in it, or in one exercise.
    fn folder(&self) -> PathBuf {
        if let Some(folder) = &self.folder {
            return folder.clone();
        }
        let around = [".", ".."].map(Path::new).into_iter().find(|folder| files::is_there(folder));
        around.unwrap_or(Path::new(FOLDER)).to_owned()
    }
}
