//! The whole check over 10 to 1,000 folders: the cost of one folder must stay the same.

use std::hint::black_box;
use std::sync::Arc;

use akslint_core::calendar::Date;
use akslint_core::source::MemoryFileSystem;
use akslint_core::{Settings, analyse};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

mod folders;

fn check(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("check");
    group.sample_size(10);
    let settings = Settings::as_of(Date::new(2026, 11, 25));
    for count in [10, 100, 1_000] {
        let files: Vec<(String, String)> = (0..count).flat_map(folders::folder).collect();
        let file_system = Arc::new(MemoryFileSystem::new(files.iter().cloned()));
        group.throughput(Throughput::Elements(count as u64));
        group.bench_function(BenchmarkId::new("folders", count), |bencher| {
            bencher.iter(|| black_box(analyse(file_system.clone(), &settings).findings.len()));
        });
        group.bench_function(BenchmarkId::new("hcl-edit alone", count), |bencher| {
            bencher.iter(|| {
                for (_, text) in &files {
                    black_box(hcl_edit::parser::parse_body(text).is_ok());
                }
            });
        });
    }
    group.finish();
}

criterion_group!(benches, check);
criterion_main!(benches);
