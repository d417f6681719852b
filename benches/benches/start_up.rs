//! One question, whole process, beside a program that does nothing. Needs `cargo build --release` first.

use std::env;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use criterion::{Criterion, criterion_group, criterion_main};

const NOTHING: &str = env!("CARGO_BIN_EXE_nothing");

const QUESTION: [&str; 7] = [
    "check",
    "--as=arn:aws:iam::111122223333:user/alice",
    "--action=s3:GetObject",
    "--resource=arn:aws:s3:::amzn-s3-demo-bucket/a.txt",
    "--identity-policy=AmazonS3ReadOnlyAccess",
    "--quiet",
    "--color=never",
];

fn start_up(criterion: &mut Criterion) {
    let Some(iamsim) = iamsim() else {
        eprintln!("skipped: no `iamsim` beside this program; `cargo build --release` makes it");
        return;
    };
    let mut group = criterion.benchmark_group("start-up");
    group.bench_function("nothing", |bench| bench.iter(|| run(Command::new(NOTHING))));
    group.bench_function("iamsim check", |bench| {
        bench.iter(|| {
            let mut command = Command::new(&iamsim);
            command.args(QUESTION);
            run(command)
        });
    });
    group.finish();
}

/// The program that was built last in the folder this one is in.
fn iamsim() -> Option<PathBuf> {
    let bench = env::current_exe().ok()?;
    let path = bench.ancestors().nth(2)?.join(format!("iamsim{}", env::consts::EXE_SUFFIX));
    path.is_file().then_some(path)
}

fn run(mut command: Command) -> bool {
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}

criterion_group!(benches, start_up);
criterion_main!(benches);
