//! Who can do each of 100 things, among 2,000 roles: 200,000 decisions.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use iamsim_benches::organization::Organization;
use iamsim_engine::evaluate;

fn who_can(criterion: &mut Criterion) {
    let organization = Organization::draw().load();
    let mut group = criterion.benchmark_group("who can");
    group.throughput(Throughput::Elements(200_000));
    group.sample_size(10);
    group.bench_function("each request put together first", |bench| {
        bench.iter(|| {
            let allowed = |(request, policies): &_| evaluate(request, policies).is_allowed();
            organization.questions().filter(allowed).count()
        });
    });
    let callers = &mut organization.callers();
    group.bench_function("callers made before", |bench| bench.iter(|| organization.one_by_one(callers)));
    group.bench_function("batched", |bench| bench.iter(|| organization.batched(callers)));
    group.finish();
}

criterion_group!(benches, who_can);
criterion_main!(benches);
