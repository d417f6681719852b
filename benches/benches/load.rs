//! From a policy's text to its compiled form.

use std::hint::black_box;
use std::sync::Arc;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use iamsim_benches::{load, realistic, teaching};
use iamsim_engine::{Policy, PolicySet, evaluate};
use iamsim_syntax::{PolicyType, parse};
use serde_json::Value;

fn two_kilobytes(criterion: &mut Criterion) {
    let texts = realistic::identity_texts();
    // The policy nearest to the mean length speaks for all.
    let mean = texts.iter().map(String::len).sum::<usize>() / texts.len();
    let Some(text) = texts.iter().min_by_key(|text| text.len().abs_diff(mean)) else { return };
    let mut group = criterion.benchmark_group("load");
    group.throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function("parse", |bench| bench.iter(|| parse(black_box(text), PolicyType::IdentityBased)));
    group.bench_function("compile", |bench| {
        bench.iter_batched(
            || parse(text, PolicyType::IdentityBased).0,
            |policy| policy.map(|policy| Policy::compile(&policy, "p")),
            BatchSize::SmallInput,
        );
    });
    group.bench_function("parse and compile", |bench| {
        bench.iter(|| load(black_box(text), PolicyType::IdentityBased));
    });
    group.bench_function("parse, compile and validate", |bench| {
        bench.iter(|| {
            let (policy, _) = parse(black_box(text), PolicyType::IdentityBased);
            policy.map(|policy| {
                let findings = iamsim_lint::lint(&policy, text);
                (Policy::compile(&policy, "p"), findings)
            })
        });
    });
    group.finish();
}

fn from_text_to_decision(criterion: &mut Criterion) {
    let work = teaching::work();
    let questions = work.questions();
    let Some(question) = questions.first() else { return };
    let identity: String = work.identity.iter().map(Value::to_string).collect();
    let bucket: String =
        work.resource_policies.values().map(|attached| attached.policy.to_string()).collect();
    criterion.bench_function("load/teaching, from text to decision", |bench| {
        bench.iter(|| {
            let policies = PolicySet {
                identity: Arc::new(load(black_box(&identity), PolicyType::IdentityBased)).into(),
                resource: Arc::new(load(black_box(&bucket), PolicyType::ResourceBased)).into(),
                ..PolicySet::default()
            };
            evaluate(&question.prepare(), &policies)
        });
    });
}

criterion_group!(benches, two_kilobytes, from_text_to_decision);
criterion_main!(benches);
