//! One decision with everything that led to it.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use iamsim_benches::{growth, realistic, teaching};
use iamsim_engine::{evaluate_fully, explain};

fn teaching(criterion: &mut Criterion) {
    let questions = teaching::work().questions();
    let Some(question) = questions.first() else { return };
    criterion.bench_function("explain/teaching", |bench| {
        bench.iter(|| explain(&question.request, &question.policies));
    });
}

fn realistic(criterion: &mut Criterion) {
    let questions = realistic::work().questions();
    let mut group = criterion.benchmark_group("explain/realistic");
    group.throughput(Throughput::Elements(questions.len() as u64));
    group.sample_size(20);
    group.bench_function("1,000 with matched statements", |bench| {
        bench.iter(|| {
            questions.iter().map(|q| evaluate_fully(&q.request, &q.policies).matched.len()).sum::<usize>()
        });
    });
    group.bench_function("1,000 with every element", |bench| {
        bench.iter(|| {
            questions.iter().map(|q| explain(&q.request, &q.policies).statements().count()).sum::<usize>()
        });
    });
    group.finish();
}

fn growth(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("explain/growth");
    for statements in [100, 1_000, 10_000] {
        let Some(question) = growth::work(statements).stray() else { return };
        group.throughput(Throughput::Elements(statements as u64));
        group.bench_function(statements.to_string(), |bench| {
            bench.iter(|| explain(&question.request, &question.policies));
        });
    }
    group.finish();
}

criterion_group!(benches, teaching, realistic, growth);
criterion_main!(benches);
