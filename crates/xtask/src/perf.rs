//! `cargo xtask perf`: instructions per decision, against those of the baseline, whatever else the machine is doing.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Mutex;
use std::thread;

use anyhow::{Context, Result, anyhow, bail};

use self::baseline::{Baseline, Verdict};

mod baseline;

/// What to do with what was counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Compare it with the baseline.
    Compare,
    /// Make it the baseline.
    Bless,
}

/// What is counted, with the number of passes and of decisions in a pass. `benches/src/bin/decide.rs` knows the names.
const WORKLOADS: [(&str, u64, u64); 13] = [
    ("teaching", 1_000, 1),
    ("teaching/text", 1_000, 1),
    ("realistic", 2, 1_000),
    ("realistic/text", 2, 1_000),
    ("realistic/explained", 1, 1_000),
    ("growth/10", 20, 50),
    ("growth/100", 20, 50),
    ("growth/1000", 20, 50),
    ("growth/10000", 20, 50),
    ("growth/10/stray", 1_000, 1),
    ("growth/100/stray", 1_000, 1),
    ("growth/1000/stray", 1_000, 1),
    ("growth/10000/stray", 1_000, 1),
];

/// Counts every workload; fails when one needs more instructions than the baseline allows.
pub(crate) fn run(mode: Mode) -> Result<()> {
    let Some(valgrind) = first_line("valgrind", &["--version"]) else {
        println!("skipped: valgrind is not installed, so no instructions are counted");
        return Ok(());
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    let path = root.join("benches/baseline.toml");
    let machine = machine(&valgrind)?;
    build(&root)?;
    let counted = Baseline { machine, instructions: count_all(&target)? };
    if mode == Mode::Bless {
        fs::write(&path, counted.to_toml()?)?;
        println!("{}", counted.table(&counted));
        return Ok(());
    }
    let baseline = Baseline::read(&path)?;
    println!("{}", counted.table(&baseline));
    if baseline.machine != counted.machine {
        println!(
            "The baseline was made with another compiler or machine, so nothing follows from the difference.\n\
             baseline: {}\nnow:      {}\n`cargo xtask perf --bless` makes a new one.",
            baseline.machine, counted.machine
        );
        return Ok(());
    }
    let verdicts: Vec<Verdict> = counted.verdicts(&baseline).into_iter().map(|row| row.verdict).collect();
    if verdicts.contains(&Verdict::Worse) {
        bail!("some decisions cost more than they did; mend that, or say why and `cargo xtask perf --bless`");
    }
    if verdicts.iter().any(|verdict| *verdict != Verdict::Same) {
        println!("`cargo xtask perf --bless` makes this the baseline, so that it stays.");
    }
    Ok(())
}

/// What code and counts depend on beside our own code: the compiler, the C library, which has variants of its
/// functions for each kind of processor, and valgrind.
fn machine(valgrind: &str) -> Result<String> {
    let compiler = first_line("rustc", &["--version"]).context("rustc does not say its version")?;
    let library = first_line("getconf", &["GNU_LIBC_VERSION"]).unwrap_or_default();
    let processor = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let flags = processor.lines().find(|line| line.starts_with("flags")).unwrap_or_default();
    let has = |wanted: &&str| flags.split_whitespace().any(|flag| flag == *wanted);
    let extensions: Vec<_> =
        ["avx2", "avx512vl", "bmi2", "erms", "fsrm", "rtm"].into_iter().filter(has).collect();
    Ok(format!("{compiler} {}, {library}, {valgrind}, {}", std::env::consts::ARCH, extensions.join(" ")))
}

/// What a program prints first; `None` when there is no such program.
fn first_line(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).output().ok()?;
    String::from_utf8(output.stdout).ok()?.lines().next().map(str::to_owned)
}

fn build(root: &Path) -> Result<()> {
    let arguments =
        ["build", "--quiet", "--locked", "--release", "--package", "iamsim-benches", "--bin", "decide"];
    let status = Command::new("cargo").args(arguments).current_dir(root).status().context("cargo")?;
    if status.success() { Ok(()) } else { bail!("`cargo {}` failed", arguments.join(" ")) }
}

/// Counts the workloads, as many at once as there are cores: counts do not mind.
fn count_all(target: &Path) -> Result<Vec<(String, u64)>> {
    let folder = target.join("perf");
    fs::create_dir_all(&folder)?;
    let program = target.join("release/decide");
    let waiting = Mutex::new(WORKLOADS.into_iter().enumerate());
    let work = || {
        let mut counted = Vec::new();
        loop {
            let next = waiting.lock().map_err(|_| anyhow!("another count failed"))?.next();
            let Some((at, (name, passes, decisions))) = next else { return Ok(counted) };
            let total = count(&program, &folder, name, passes).with_context(|| name.to_owned())?;
            counted.push((at, name.to_owned(), total / (passes * decisions)));
        }
    };
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let parts: Vec<Result<Vec<_>>> = thread::scope(|scope| {
        let workers: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
        let join = |worker: thread::ScopedJoinHandle<'_, _>| {
            worker.join().unwrap_or_else(|_| Err(anyhow!("a count did not end")))
        };
        workers.into_iter().map(join).collect()
    });
    let mut counted = parts.into_iter().collect::<Result<Vec<_>>>()?.concat();
    counted.sort_unstable();
    Ok(counted.into_iter().map(|(_, name, count)| (name, count)).collect())
}

/// The instructions inside of `measured`, so that neither making up the work nor the first pass count.
fn count(program: &Path, folder: &Path, name: &str, passes: u64) -> Result<u64> {
    let file = folder.join(format!("{}.callgrind", name.replace('/', "-")));
    // The environment moves the stack about, and with it the cost of copying.
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--toggle-collect=*measured*"])
        .arg(format!("--callgrind-out-file={}", file.display()))
        .arg(program)
        .args([name, &passes.to_string()])
        .env_clear()
        .envs(std::env::var_os("PATH").map(|path| ("PATH", path)))
        .output()
        .context("valgrind")?;
    let Output { status, stderr, .. } = &output;
    if !status.success() {
        bail!("{}", String::from_utf8_lossy(stderr));
    }
    let profile = fs::read_to_string(&file)?;
    let total = profile.lines().find_map(|line| line.strip_prefix("totals: ")).context("no total")?;
    match total.trim().parse()? {
        0 => bail!("nothing was counted: does `decide` still have a function `measured`?"),
        total => Ok(total),
    }
}
