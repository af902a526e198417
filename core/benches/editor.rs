//! What an editor waits for in a deployment of 30 files and 5,000 lines: a hover at the place that asks for
//! most, and the hints of the file that everything calls.

#![allow(clippy::unwrap_used)]

use std::hint::black_box;
use std::sync::Arc;

use akslint_core::Settings;
use akslint_core::calendar::Date;
use akslint_core::editor::{Surroundings, View, hover, origins, value_hints, views};
use akslint_core::source::{MemoryFileSystem, Sources, Span};
use akslint_core::syntax::Trees;
use criterion::{Criterion, criterion_group, criterion_main};

mod landing_zone;

fn editor(criterion: &mut Criterion) {
    let files = landing_zone::modules();
    let lines: usize = files.iter().map(|(_, text)| text.lines().count()).sum();
    let trees = Trees::new(Arc::new(Sources::new(Arc::new(MemoryFileSystem::new(files)))));
    let settings = Settings::as_of(Date::new(2026, 11, 25));
    let (views, allowed) = views(&trees, &settings);
    let views: Vec<&View> = views.iter().collect();
    let around = Surroundings {
        trees: &trees,
        settings: &settings,
        allowed: &allowed,
        views: &views,
    };
    let files = views.iter().flat_map(|view| &view.deployment.files);
    let mut files: Vec<_> = files.map(|file| trees.sources.file(*file)).collect();
    files.sort_by_key(|file| std::cmp::Reverse(file.text.len()));
    let whole = Span::new(files[0].id, 0, files[0].text.len());
    let computing = files
        .iter()
        .find(|file| file.text.contains("cidrsubnet("))
        .unwrap();
    let file = computing.id;
    let at = computing.text.rfind("cidrsubnet(").unwrap() as u32 + 1;
    let mut group = criterion.benchmark_group(format!("editor, {lines} lines"));
    group.bench_function("hover", |bencher| {
        bencher.iter(|| black_box(hover(&around, file, at, &|_, _| None)).unwrap());
    });
    group.bench_function("origins", |bencher| {
        bencher.iter(|| black_box(origins(&around, file, at)).len());
    });
    group.bench_function("hints", |bencher| {
        bencher.iter(|| black_box(value_hints(&around, whole)).len());
    });
    group.finish();
}

criterion_group!(benches, editor);
criterion_main!(benches);
