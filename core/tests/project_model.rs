//! A workspace that is edited at random has, after each pause, the findings of a fresh run over the same texts.
//!
//! `AKSLINT_EDITS=10000 cargo test --release -p akslint-core --test project_model` edits for longer, and
//! `AKSLINT_SEED` chooses other edits.

#![allow(clippy::unwrap_used, clippy::expect_used)] // A test may fail anywhere, in its helpers too.

mod common;
#[path = "common/editing.rs"]
mod editing;

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex};

use akslint_core::project::Project;
use akslint_core::source::{Entry, FileSystem, MemoryFileSystem, OverlayFileSystem, Sources};
use akslint_core::{Finding, Settings, analyse};

use editing::{Edit, Random, Texts};

/// A disk on which files come and go.
#[derive(Default)]
struct Disk(Mutex<MemoryFileSystem>);

impl FileSystem for Disk {
    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        self.0.lock().unwrap().read(path)
    }

    fn entries(&self, folder: &str) -> io::Result<Vec<Entry>> {
        self.0.lock().unwrap().entries(folder)
    }

    fn size(&self, path: &str) -> io::Result<u64> {
        self.0.lock().unwrap().size(path)
    }

    fn canonical(&self, path: &str) -> io::Result<String> {
        self.0.lock().unwrap().canonical(path)
    }
}

/// Everything that a reader sees of findings.
fn told<'f>(findings: impl IntoIterator<Item = &'f Finding>, sources: &Sources) -> Vec<String> {
    let place = |span: akslint_core::source::Span| {
        format!("{}:{}..{}", sources.file(span.file).path, span.start, span.end)
    };
    let told = findings.into_iter().map(|finding| {
        let related = finding
            .related
            .iter()
            .map(|it| format!("{} {}", place(it.span), it.message));
        format!(
            "{} {:?} {} {} {:?} {:?} {:?} {}",
            finding.rule.code,
            finding.severity,
            place(finding.primary.span),
            finding.message,
            finding.help,
            related.collect::<Vec<_>>(),
            finding.deployments,
            finding.fingerprint,
        )
    });
    told.collect()
}

fn fresh(disk: &Arc<Disk>, texts: &Texts, settings: &Settings) -> Vec<String> {
    let open = texts.open.iter().map(|(path, text)| (path.clone(), text.clone()));
    let file_system = OverlayFileSystem::new(disk.clone(), open);
    let analysis = analyse(Arc::new(file_system), settings);
    told(&analysis.findings, &analysis.sources)
}

fn edited(project: &mut Project) -> Vec<String> {
    while project.has_work() {
        project.step();
    }
    let mut all = Vec::new();
    for path in project.files_with_findings() {
        all.extend(told(project.findings(&path), project.sources()));
    }
    all
}

/// Changes what is open or on disk. What changes on disk is told of later.
fn apply(edit: &Edit, project: &mut Project, disk: &Disk, untold: &mut Vec<String>) {
    match edit {
        Edit::Open { path, text } => project.open(path, text),
        Edit::Close { path } => project.close(path),
        Edit::Write { path, text } => {
            disk.0
                .lock()
                .unwrap()
                .files
                .insert(path.clone(), text.clone().into_bytes());
            untold.push(path.clone());
        }
        Edit::Remove { path } => {
            disk.0.lock().unwrap().files.remove(path);
            untold.push(path.clone());
        }
    }
}

/// Edits one set of folders, and compares after every few edits.
fn edit_at_random(folders: &[&str], edits: usize, seed: u64) {
    let mut files = BTreeMap::new();
    for folder in folders {
        for (path, text) in common::files_below(&common::repository().join("fixtures").join(folder)) {
            files.insert(format!("{}/{path}", folder.replace('/', "-")), text);
        }
    }
    let disk = Arc::new(Disk(Mutex::new(MemoryFileSystem::new(files.clone()))));
    let settings = Settings::as_of(common::TODAY);
    let mut project = Project::new(disk.clone(), settings.clone());
    let mut texts = Texts::new(files);
    let mut random = Random::new(seed);
    assert_eq!(
        edited(&mut project),
        fresh(&disk, &texts, &settings),
        "before any edit"
    );
    let mut done = Vec::new();
    let mut untold = Vec::new();
    while done.len() < edits {
        for _ in 0..=random.below(4) {
            for edit in texts.edit(&mut random) {
                apply(&edit, &mut project, &disk, &mut untold);
                done.push(edit);
            }
            if random.below(2) == 0 {
                untold.drain(..).for_each(|path| project.changed_on_disk(&path));
            }
            if random.below(3) == 0 {
                project.step();
            }
        }
        untold.drain(..).for_each(|path| project.changed_on_disk(&path));
        let (is, should) = (edited(&mut project), fresh(&disk, &texts, &settings));
        if is != should {
            let last: Vec<String> = done
                .iter()
                .rev()
                .take(8)
                .map(|edit| format!("{edit:?}").chars().take(300).collect())
                .collect();
            panic!(
                "{folders:?} after {} edits from seed {seed}, the last first:\n{}\n\nnot in a fresh run:\n{}\n\nonly in a fresh run:\n{}",
                done.len(),
                last.join("\n"),
                difference(&is, &should),
                difference(&should, &is),
            );
        }
    }
}

fn difference(these: &[String], those: &[String]) -> String {
    let missing = these.iter().filter(|line| !those.contains(line));
    missing.map(|line| format!("  {line}\n")).collect()
}

#[test]
fn an_edited_workspace_has_the_findings_of_a_fresh_run() {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse().ok());
    let edits = number("AKSLINT_EDITS").unwrap_or(400);
    let seed = number("AKSLINT_SEED").unwrap_or(20_261_126) as u64;
    let sets: &[&[&str]] = &[
        &["demo"],
        &["workspaces"],
        &[
            "network/foreign-root",
            "network/foreign-template",
            "network/foreign-cluster",
        ],
        &[
            "network/modules",
            "network/half-typed",
            "network/half-typed-templates",
            "network/bicep-modules",
        ],
        &["parity/hub-spoke", "parity/existing-network"],
    ];
    for (number, set) in sets.iter().enumerate() {
        edit_at_random(set, edits / sets.len(), seed + number as u64);
    }
}

#[test]
fn a_file_is_opened_that_the_disk_has_by_then_though_nobody_told_of_it() {
    let disk = Arc::new(Disk::default());
    let settings = Settings::as_of(common::TODAY);
    let mut project = Project::new(disk.clone(), settings.clone());
    let mut texts = Texts::new(BTreeMap::new());
    let mut untold = Vec::new();
    let open = |path: &str, text: &str| Edit::Open {
        path: path.to_owned(),
        text: text.to_owned(),
    };
    let write = |path: &str| Edit::Write {
        path: path.to_owned(),
        text: "region = \"westeurope\"\n".to_owned(),
    };
    let variables = "shop/variables.tf";
    let values = "shop/env/prod.tfvars";
    apply(&open(values, ""), &mut project, &disk, &mut untold);
    texts.open.insert(values.to_owned(), String::new());
    edited(&mut project);
    // Its folder appears with it, so that what is in the folders around it is not known any more.
    apply(&write(values), &mut project, &disk, &mut untold);
    project.changed_on_disk(values);
    apply(&write(variables), &mut project, &disk, &mut untold);
    let unclosed = "variable \"region {\n}\n";
    apply(&open(variables, unclosed), &mut project, &disk, &mut untold);
    texts.open.insert(variables.to_owned(), unclosed.to_owned());
    project.changed_on_disk(variables);
    let findings = edited(&mut project);
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert_eq!(findings, fresh(&disk, &texts, &settings));
}
