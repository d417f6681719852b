//! One decision against a pattern made to hurt: 20 stars, 2,048 characters.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use iamsim_benches::wildcards;
use iamsim_engine::evaluate;

fn wildcards(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("wildcards");
    for (name, question) in wildcards::questions() {
        group.bench_function(name, |bench| {
            bench.iter(|| evaluate(black_box(&question.request), &question.policies));
        });
    }
    group.finish();
}

criterion_group!(benches, wildcards);
criterion_main!(benches);
