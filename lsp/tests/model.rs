//! After every pause between random edits, what a client has been told is what a fresh run finds in the same
//! texts.
//!
//! `AKSLINT_EDITS=10000 cargo test --release -p akslint-lsp --test model` edits for longer, and `AKSLINT_SEED`
//! chooses other edits.

#![allow(clippy::unwrap_used, clippy::expect_used)] // A test may fail anywhere, in its helpers too.

#[path = "model/client.rs"]
mod client;
#[path = "../../core/tests/common/editing.rs"]
mod editing;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use akslint_core::source::{ColumnUnit, OsFileSystem, OverlayFileSystem, Sources, Span};
use akslint_core::{Settings, analyse};
use client::{Client, TODAY};
use editing::{Edit, Random, Texts};
use serde_json::json;

/// What a run of the command line would find, in the words of the client.
fn fresh(root: &Path, open: &BTreeMap<String, String>) -> BTreeMap<String, Vec<String>> {
    let disk = Arc::new(OsFileSystem::new(root));
    let open = open.iter().map(|(path, text)| (path.clone(), text.clone()));
    let file_system = OverlayFileSystem::new(disk, open);
    let analysis = analyse(Arc::new(file_system), &Settings::as_of(TODAY));
    let mut told: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for finding in &analysis.findings {
        let related = finding.related.iter().map(|label| {
            let path = &analysis.sources.file(label.span.file).path;
            let place = place(label.span, &analysis.sources);
            format!("{path} {place} {}", json!(label.message))
        });
        let message = match &finding.help {
            Some(help) => format!("{}\nhelp: {help}", finding.message),
            None => finding.message.clone(),
        };
        let severity = match finding.severity {
            akslint_core::Severity::Error => 1,
            akslint_core::Severity::Warning => 2,
            akslint_core::Severity::Info => 3,
        };
        let line = format!(
            "{} {severity} {} {} {:?}",
            json!(finding.rule.code),
            place(finding.primary.span, &analysis.sources),
            json!(message),
            related.collect::<Vec<_>>()
        );
        let path = analysis.sources.file(finding.primary.span.file).path.clone();
        told.entry(path).or_default().push(line);
    }
    told.values_mut().for_each(|lines| lines.sort());
    told
}

fn place(span: Span, sources: &Sources) -> String {
    let file = sources.file(span.file);
    let place = |offset: u32| {
        let place = file
            .lines()
            .position(&file.text, offset as usize, ColumnUnit::Utf16);
        format!("{}:{}", place.line - 1, place.column - 1)
    };
    format!("{}-{}", place(span.start), place(span.end))
}

/// The fixtures that are edited: Terraform, Bicep, ARM and plans, modules, roots that read each other, and texts
/// that are half written.
const FOLDERS: &[&str] = &[
    "demo",
    "workspaces",
    "network/foreign-root",
    "network/half-typed",
    "network/half-typed-templates",
    "network/bicep-modules",
    "network/modules",
    "parity/hub-spoke",
];

#[test]
fn a_client_is_told_what_a_fresh_run_finds() {
    let number = |name: &str| {
        std::env::var(name)
            .ok()
            .and_then(|text| text.parse::<usize>().ok())
    };
    let edits = number("AKSLINT_EDITS").unwrap_or(250);
    let seed = number("AKSLINT_SEED").unwrap_or(20_261_126) as u64;
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().canonicalize().unwrap();
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut files = BTreeMap::new();
    for name in FOLDERS {
        copy(
            &repository.join("fixtures").join(name),
            &root.join(name),
            &root,
            &mut files,
        );
    }
    let mut client = Client::start(&root);
    let mut texts = Texts::new(files);
    let mut random = Random::new(seed);
    let mut done: Vec<Edit> = Vec::new();
    assert_eq!(client.settle(), fresh(&root, &texts.open), "before any edit");
    while done.len() < edits {
        for _ in 0..=random.below(6) {
            for edit in texts.edit(&mut random) {
                client.make(&edit);
                done.push(edit);
            }
        }
        let (told, should) = (client.settle(), fresh(&root, &texts.open));
        if told != should {
            let shortened = |edit: &Edit| format!("{edit:?}").chars().take(300).collect();
            let last: Vec<String> = done.iter().rev().take(8).map(shortened).collect();
            let mut paths = told.keys().chain(should.keys());
            let path = paths.find(|path| told.get(*path) != should.get(*path)).unwrap();
            panic!(
                "after {} edits from seed {seed}, the last first:\n{}\n{path}\ntold: {:#?}\nfresh: {:#?}",
                done.len(),
                last.join("\n"),
                told.get(path),
                should.get(path),
            );
        }
    }
    client.leave();
}

fn copy(from: &Path, to: &Path, root: &Path, files: &mut BTreeMap<String, Vec<u8>>) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target, root, files);
        } else {
            let text = fs::read(entry.path()).unwrap();
            fs::write(&target, &text).unwrap();
            let path = target.strip_prefix(root).unwrap();
            files.insert(path.to_str().unwrap().replace('\\', "/"), text);
        }
    }
}
