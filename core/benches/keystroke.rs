//! What a keystroke costs.
//!
//! Reading: a root module of one file with 1,500 lines is read again with the help of its tree before, beside
//! reading all of it, with valid and with half-typed text. What hangs on the whole file is a look at its tokens
//! and moving the places behind the edit.
//!
//! All of it: the findings of that root module, and of one with modules in 30 files and 5,000 lines, are brought
//! up to date after each keystroke.

use std::hint::black_box;
use std::sync::Arc;

use akslint_core::Settings;
use akslint_core::calendar::Date;
use akslint_core::project::Project;
use akslint_core::source::{FileId, MemoryFileSystem};
use akslint_core::syntax::hcl::tree::File;
use akslint_core::syntax::hcl::{Notation, parse, parse_again};
use criterion::{BatchSize, BenchmarkId, Criterion, criterion_group, criterion_main};

mod landing_zone;

const FILE: FileId = FileId(0);

fn read(text: &str) -> File {
    parse(FILE, text, Notation::Native)
}

/// What stands in a node pool, before and after a keystroke.
const KEYSTROKES: [(&str, &str, &str); 5] = [
    (
        "a number",
        "\n  os_disk_size_gb = 12",
        "\n  os_disk_size_gb = 128",
    ),
    ("an argument begun", "\n  os", "\n  os_"),
    ("a quote missing", "\n  name = \"a", "\n  name = \"ab"),
    (
        "a brace missing",
        "\n  linux_os_config {\n",
        "\n  linux_os_config {\n    s",
    ),
    ("a comment begun", "\n  /", "\n  /*"),
];

/// The text with something put into its node pools: behind the type of machine of the one with this number.
fn typed(text: &str, pool: usize, piece: &str) -> String {
    const BEHIND: &str = "\"Standard_D8ds_v5\"";
    let at = text.match_indices(BEHIND).nth(pool);
    let at = at.map_or(text.len(), |(at, _)| at + BEHIND.len());
    let (before, after) = text.split_at(at);
    format!("{before}{piece}{after}")
}

fn reading(criterion: &mut Criterion) {
    let text = landing_zone::one_file();
    let mut group = criterion.benchmark_group("keystroke/reading");
    group.bench_function("valid/whole file", |bencher| {
        bencher.iter(|| black_box(read(&text)))
    });
    for (name, before, after) in KEYSTROKES {
        for (place, pool) in [("start", 0), ("middle", 15), ("end", 35)] {
            let (before, after) = (typed(&text, pool, before), typed(&text, pool, after));
            let tree = read(&before);
            group.bench_function(BenchmarkId::new(name, place), |bencher| {
                bencher.iter_batched(
                    || Arc::new(tree.clone()),
                    |tree| parse_again(FILE, &after, Notation::Native, tree, &before),
                    BatchSize::LargeInput,
                );
            });
        }
        let after = typed(&text, 15, after);
        group.bench_function(BenchmarkId::new(name, "whole file"), |bencher| {
            bencher.iter(|| black_box(read(&after)));
        });
    }
    group.finish();
}

fn findings(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("keystroke/findings");
    let one_file = vec![("main.tf".to_owned(), landing_zone::one_file())];
    for (name, files, edited) in [
        ("one file", one_file, "main.tf"),
        ("30 files", landing_zone::modules(), "modules/stage4/clusters.tf"),
    ] {
        let text = files.iter().find(|(path, _)| path == edited);
        let text = text.map(|(_, text)| text.clone()).unwrap_or_default();
        let mut settings = Settings::as_of(Date::new(2026, 1, 1));
        settings.paths = vec![".".to_owned()];
        let mut project = Project::new(Arc::new(MemoryFileSystem::new(files)), settings);
        for (what, before, after) in KEYSTROKES {
            let texts = [typed(&text, 3, before), typed(&text, 3, after)];
            let mut texts = texts.iter().cycle();
            group.bench_function(BenchmarkId::new(name, what), |bencher| {
                bencher.iter(|| {
                    project.open(edited, texts.next().map_or("", String::as_str));
                    while project.has_work() {
                        project.step();
                    }
                    black_box(project.findings(edited).len())
                });
            });
            // The faults that are there without the edit.
            assert!(!project.findings(edited).is_empty());
        }
    }
    group.finish();
}

criterion_group!(benches, reading, findings);
criterion_main!(benches);
