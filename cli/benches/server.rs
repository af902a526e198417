//! What an editor waits for: `akslint server` as a process over standard input and output.
//!
//! `cargo bench -p akslint --bench server` types into one file of 1,500 lines, into one of 30 files and 5,000 lines,
//! and into one of a workspace of 1,000 folders, and prints how long each keystroke waits for its diagnostics: one
//! after the other, and with a pause between them, in which the processor turns to other things. `-- others` does the
//! same for Bicep and for a module that 200 folders call.
//! `cargo bench -p akslint --bench server -- memory` makes 10,000 edits and prints what memory that leaves.

#![allow(clippy::unwrap_used, clippy::print_stdout)] // It is a program that measures.

#[path = "server/client.rs"]
mod client;
#[path = "../../core/benches/folders/mod.rs"]
mod folders;
#[path = "../../core/benches/landing_zone/mod.rs"]
mod landing_zone;
#[path = "server/workspaces.rs"]
mod workspaces;

use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use client::Client;

/// How many letters are timed.
const KEYSTROKES: usize = 1_000;

/// A line that somebody types into a block, letter by letter, and takes back.
const TYPED: &str = "  max_count = var.max_count + 1";

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if arguments.iter().any(|argument| argument == "memory") {
        memory();
        return;
    }
    println!(
        "{:<42} {:>8} {:>8} {:>8} {:>8} {:>8}",
        "milliseconds", "first", "p50", "p99", "most", "MB"
    );
    if arguments.iter().any(|argument| argument == "others") {
        others();
        return;
    }
    let one = write([("main.tf".to_owned(), landing_zone::one_file())]);
    rows("one file, 1,500 lines", one.path(), "main.tf");
    let modules = landing_zone::modules();
    let changed = modules
        .iter()
        .map(|(path, _)| path.clone())
        .find(|path| path.contains('/'))
        .unwrap();
    let many = write(modules);
    rows("30 files, 5,000 lines", many.path(), &changed);
    let workspace = write((0..1000).flat_map(folders::folder));
    rows(
        "workspace of 1,000 folders",
        workspace.path(),
        "stack0500/main.tf",
    );
}

fn others() {
    let bicep = write([("main.bicep".to_owned(), workspaces::bicep())]);
    rows("Bicep in one file, 1,500 lines", bicep.path(), "main.bicep");
    let sharing = write(workspaces::sharing(200));
    rows(
        "one of 200 folders that call a module",
        sharing.path(),
        "stage7/main.tf",
    );
    rows(
        "the module that they call",
        sharing.path(),
        "modules/cluster/main.tf",
    );
}

fn rows(name: &str, root: &Path, path: &str) {
    row(name, root, path, Duration::ZERO);
    row(
        &format!("{name}, pauses of 5 ms"),
        root,
        path,
        Duration::from_millis(5),
    );
}

/// Opens a file and types into it.
fn row(name: &str, root: &Path, path: &str, pause: Duration) {
    let started = Instant::now();
    let mut client = Client::start(root);
    client.open(path);
    let first = milliseconds(started.elapsed());
    let mut waits: Vec<f64> = Vec::new();
    // The first strokes fall into the first run, as they do for a user.
    type_into(&mut client, path, pause, &mut waits);
    let memory = client.megabytes();
    client.leave();
    waits.sort_by(f64::total_cmp);
    let at = |part: f64| waits[((waits.len() - 1) as f64 * part) as usize];
    println!(
        "{name:<42} {first:>8.1} {:>8.2} {:>8.2} {:>8.2} {memory:>8.0}",
        at(0.5),
        at(0.99),
        at(1.0)
    );
}

fn type_into(client: &mut Client, path: &str, pause: Duration, waits: &mut Vec<f64>) {
    // In the middle of the file, at the end of a line that opens a block.
    let text = client.text(path).to_owned();
    let lines: Vec<&str> = text.lines().collect();
    let half = lines.len() / 2;
    let line = (half..lines.len())
        .find(|line| lines[*line].ends_with('{'))
        .unwrap_or(half);
    while waits.len() < KEYSTROKES {
        let mut column = lines[line].len();
        client.change(path, (line, column), (line, column), "\n");
        column = 0;
        for letter in TYPED.chars() {
            waits.push(milliseconds(client.change(
                path,
                (line + 1, column),
                (line + 1, column),
                &letter.to_string(),
            )));
            column += 1;
            sleep(pause);
        }
        client.change(path, (line, lines[line].len()), (line + 1, column), "");
    }
}

/// What 10,000 edits leave behind, against what 1,000 left.
fn memory() {
    let root = write(landing_zone::modules());
    let paths: Vec<String> = landing_zone::modules()
        .into_iter()
        .map(|(path, _)| path)
        .collect();
    let mut client = Client::start(root.path());
    for path in paths.iter().take(5) {
        client.open(path);
    }
    let mut waits = Vec::new();
    let mut after_first = 0.0;
    while waits.len() < 10_000 {
        let path = &paths[waits.len() / 31 % 5];
        type_fast(&mut client, path, &mut waits);
        if after_first == 0.0 && waits.len() >= 1_000 {
            after_first = client.megabytes();
        }
    }
    let after = client.megabytes();
    client.leave();
    println!(
        "{after_first:.1} MB after 1,000 edits, {after:.1} MB after {}: {:+.1} %",
        waits.len(),
        (after / after_first - 1.0) * 100.0
    );
}

fn type_fast(client: &mut Client, path: &str, waits: &mut Vec<f64>) {
    for (column, letter) in TYPED.chars().enumerate() {
        let wait = client.change(path, (1, column), (1, column), &letter.to_string());
        waits.push(milliseconds(wait));
    }
    client.change(path, (1, 0), (1, TYPED.len()), "");
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

fn write(files: impl IntoIterator<Item = (String, String)>) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}
