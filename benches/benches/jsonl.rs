//! Lines of evaluation cases in, lines of answers out, on all cores: bytes read a second, and requests a second.

use std::path::Path;
use std::{fs, io};

use criterion::{BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main, measurement};
use iamsim_benches::work::Work;
use iamsim_benches::{cases, large_world, realistic, teaching};
use iamsim_scenario::Library;
use iamsim_scenario::evaluate::{Answers, Evaluator, RequestWarnings};

fn jsonl(criterion: &mut Criterion) {
    let mut small = teaching::work();
    small.requests = vec![small.requests.clone(); 2_000].concat();
    let mut large = realistic::work();
    large.requests.truncate(200);
    let mut group = criterion.benchmark_group("jsonl");
    group.sample_size(20);
    both(&mut group, "teaching", &small);
    both(&mut group, "realistic", &large);
    if let Err(error) = of_a_world(&mut group) {
        eprintln!("of a world: {error}");
    }
    group.finish();
}

fn both(group: &mut BenchmarkGroup<'_, measurement::WallTime>, name: &str, work: &Work) {
    let lines = cases::lines(work);
    let throughputs = [
        ("bytes", Throughput::Bytes(lines.len() as u64)),
        ("requests", Throughput::Elements(work.requests.len() as u64)),
    ];
    for (unit, throughput) in throughputs {
        group.throughput(throughput);
        group.bench_function(format!("{name}, {unit}"), |bench| {
            bench.iter(|| answers(&Evaluator::new(&Library::new(), RequestWarnings::Off), &lines));
        });
    }
}

/// Requests of 1,000 principals, to be answered from a world that is read beforehand.
fn of_a_world(group: &mut BenchmarkGroup<'_, measurement::WallTime>) -> io::Result<()> {
    const PRINCIPALS: usize = 1_000;
    const REQUESTS: usize = 10_000;
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("large-world");
    large_world::write(&folder, PRINCIPALS, REQUESTS)?;
    let lines = fs::read_to_string(folder.join(large_world::REQUESTS))?;
    let library = Library::new();
    let evaluator = Evaluator::new(&library, RequestWarnings::Off)
        .in_worlds(&[folder.join(large_world::WORLD)])
        .map_err(|_| io::Error::other("the world has errors"))?;
    group.throughput(Throughput::Elements(REQUESTS as u64));
    group.bench_function("of a world, requests", |bench| bench.iter(|| answers(&evaluator, &lines)));
    Ok(())
}

/// Answers every line, and counts the bytes of the answers.
fn answers(evaluator: &Evaluator<'_>, lines: &str) -> io::Result<usize> {
    let mut bytes = 0;
    evaluator.input("cases", io::Cursor::new(lines.to_owned()), &written, &mut |part| {
        bytes += part.made?.len();
        Ok(())
    })?;
    Ok(bytes)
}

fn written(answers: Answers<'_>) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    for answer in answers {
        answer.write_json(&mut text)?;
        text.push(b'\n');
    }
    Ok(text)
}

criterion_group!(benches, jsonl);
criterion_main!(benches);
