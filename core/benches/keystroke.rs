//! What a keystroke costs in a root module of one file with 1,500 lines: the file is read again with the help
//! of its tree before, beside reading all of it, with valid and with half-typed text. What hangs on the whole
//! file is a look at its tokens and moving the places behind the edit.

use std::hint::black_box;
use std::sync::Arc;

use akslint_core::source::FileId;
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
    ("a number", "\n  max_pods = 1", "\n  max_pods = 11"),
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

fn keystroke(criterion: &mut Criterion) {
    let text = landing_zone::one_file();
    let mut group = criterion.benchmark_group("keystroke");
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

criterion_group!(benches, keystroke);
criterion_main!(benches);
