//! One decision, policies compiled.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use iamsim_benches::{realistic, teaching};
use iamsim_engine::evaluate;

fn teaching(criterion: &mut Criterion) {
    let questions = teaching::work().questions();
    let Some(question) = questions.first() else { return };
    let mut group = criterion.benchmark_group("evaluate/teaching");
    group.bench_function("request prepared", |bench| {
        bench.iter(|| evaluate(black_box(&question.request), &question.policies));
    });
    group.bench_function("request from its text", |bench| {
        bench.iter(|| evaluate(&black_box(question).prepare(), &question.policies));
    });
    group.finish();
}

/// The thousand decisions of one pass; criterion's "elements per second" are decisions per second.
fn realistic(criterion: &mut Criterion) {
    let questions = realistic::work().questions();
    let mut group = criterion.benchmark_group("evaluate/realistic");
    group.throughput(Throughput::Elements(questions.len() as u64));
    group.bench_function("1,000 requests prepared", |bench| {
        bench.iter(|| {
            questions
                .iter()
                .filter(|question| evaluate(&question.request, &question.policies).is_allowed())
                .count()
        });
    });
    group.bench_function("1,000 requests from their text", |bench| {
        bench.iter(|| {
            questions
                .iter()
                .filter(|question| evaluate(&question.prepare(), &question.policies).is_allowed())
                .count()
        });
    });
    group.finish();
}

criterion_group!(benches, teaching, realistic);
criterion_main!(benches);
