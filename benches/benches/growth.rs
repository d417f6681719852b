//! One decision against a policy of 10 to 10,000 statements.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use iamsim_benches::growth;
use iamsim_engine::evaluate;

fn growth(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("growth");
    for statements in [10, 100, 1_000, 10_000] {
        let work = growth::work(statements);
        let (mixed, Some(stray)) = (work.questions(), work.stray()) else { return };
        group.throughput(Throughput::Elements(mixed.len() as u64));
        group.bench_function(format!("50 mixed requests/{statements}"), |bench| {
            bench.iter(|| mixed.iter().filter(|q| evaluate(&q.request, &q.policies).is_allowed()).count());
        });
        group.throughput(Throughput::Elements(1));
        group.bench_function(format!("nothing matches/{statements}"), |bench| {
            bench.iter(|| evaluate(black_box(&stray.request), &stray.policies));
        });
    }
    group.finish();
}

criterion_group!(benches, growth);
criterion_main!(benches);
