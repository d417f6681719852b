//! Who can do each of 100 things, among 2,000 roles, asked in several ways: `who_can ROUNDS [WAY]` prints the time of
//! each, or of those whose name has `WAY` in it.

use std::process::ExitCode;
use std::time::{Duration, Instant};
use std::{env, fs, io, process};

use iamsim_benches::organization::Organization;
use iamsim_engine::evaluate;
use serde_json::value::RawValue;

fn main() -> ExitCode {
    let rounds = env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(5);
    let drawn = Organization::draw();
    if let Err(error) = from_disk(&drawn, rounds) {
        eprintln!("cannot keep an organization on disk: {error}");
        return ExitCode::FAILURE;
    }
    let organization = drawn.load();
    let mut callers = organization.callers();
    timed("each request put together first", rounds, || {
        organization.questions().filter(|(asked, policies)| evaluate(asked, policies).is_allowed()).count()
    });
    timed("callers made before, one by one", rounds, || organization.one_by_one(&mut callers));
    timed("callers made before, batched", rounds, || organization.batched(&mut callers));
    ExitCode::SUCCESS
}

/// Reads everything anew each time, from one file of JSON.
fn from_disk(drawn: &Organization, rounds: usize) -> io::Result<()> {
    let path = env::temp_dir().join(format!("organization-{}.json", process::id()));
    fs::write(&path, serde_json::to_vec(drawn)?)?;
    timed("read from disk, batched", rounds, || {
        let text = fs::read(&path).unwrap_or_default();
        let Ok(read) = serde_json::from_slice::<Organization<&RawValue>>(&text) else { return 0 };
        let organization = read.load();
        organization.batched(&mut organization.callers())
    });
    fs::remove_file(&path)
}

fn timed(what: &str, rounds: usize, mut ask: impl FnMut() -> usize) {
    if env::args().nth(2).is_some_and(|wanted| !what.contains(&wanted)) {
        return;
    }
    let mut allowed = 0;
    let mut times: Vec<Duration> = Vec::new();
    for _ in 0..rounds {
        let started = Instant::now();
        allowed = ask();
        times.push(started.elapsed());
    }
    times.sort_unstable();
    let (least, most) = (times.first().copied(), times.last().copied());
    let median = times.get(times.len() / 2).copied().unwrap_or_default();
    println!(
        "{what}: {allowed} allowed, {median:.1?} ({:.1?} to {:.1?})",
        least.unwrap_or_default(),
        most.unwrap_or_default()
    );
}
