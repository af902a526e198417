//! A workspace that is edited at random: once the server is done, what it has published is what a fresh run finds in
//! the same texts, at the same places.
//!
//! `AKSLINT_EDITS=10000` edits for longer, and `AKSLINT_SEED` chooses other edits.

#[path = "../../../core/tests/common/editing.rs"]
mod editing;

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use akslint_core::calendar::Date;
use akslint_core::source::{OsFileSystem, OverlayFileSystem};
use akslint_core::{Settings, analyse};
use serde_json::Value;

use crate::harness::{Builder, Client, Shown, TODAY};
use editing::{Edit, Random, Texts};

fn number(name: &str, otherwise: usize) -> usize {
    env::var(name)
        .ok()
        .map_or(otherwise, |value| value.parse().expect("a number"))
}

/// The files below a folder, by their paths from it.
fn files(folder: &Path, below: &str, found: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder.join(below)).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let path = if below.is_empty() {
            name
        } else {
            format!("{below}/{name}")
        };
        if folder.join(&path).is_dir() {
            files(folder, &path, found);
        } else {
            found.insert(path.clone(), fs::read(folder.join(path)).unwrap());
        }
    }
}

/// What a fresh run finds.
fn fresh(client: &Client, texts: &Texts) -> Shown {
    let open = texts.open.iter().map(|(path, text)| (path.clone(), text.clone()));
    let disk = Arc::new(OsFileSystem::new(client.root()));
    let (year, month, day) = TODAY;
    let mut settings = Settings::as_of(Date::new(year, month, day));
    settings.paths = vec![".".to_owned()];
    let analysis = analyse(Arc::new(OverlayFileSystem::new(disk, open)), &settings);
    let mut shown = Shown::new();
    for finding in &analysis.findings {
        let span = finding.primary.span;
        let file = analysis.sources.file(span.file);
        let range = client.range_of(&file.text, span.start as usize, span.end as usize);
        let help = finding.help.iter().map(|help| format!("\nhelp: {help}"));
        let message = finding.message.clone() + &help.collect::<String>();
        shown
            .entry(file.path.clone())
            .or_default()
            .insert((range, finding.rule.code.to_owned(), message));
    }
    shown
}

fn make(client: &mut Client, edit: &Edit) {
    match edit {
        Edit::Open { path, text } if client.version(path).is_some() => client.retype(path, text),
        Edit::Open { path, text } => {
            let language = match path.rsplit_once('.').map(|(_, ending)| ending) {
                Some("tf") => "terraform",
                Some("bicep") => "bicep",
                _ => "json",
            };
            client.open_as(path, language, text);
        }
        Edit::Close { path } => client.close(path),
        Edit::Write { path, text } => {
            let is_new = !client.root().join(path).exists();
            client.write(path, text);
            client.watched(&[(path, if is_new { 1 } else { 2 })]);
        }
        Edit::Remove { path } => {
            client.remove(path);
            client.watched(&[(path, 3)]);
        }
    }
}

fn edited_at_random(builder: Builder, workspace: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../fixtures")
        .join(workspace);
    let mut on_disk = BTreeMap::new();
    files(&folder, "", &mut on_disk);
    let mut texts = Texts::new(on_disk);
    let mut builder = builder.can("workspace.didChangeWatchedFiles.dynamicRegistration", true);
    for (path, text) in &texts.disk {
        builder = builder.file(path, text.clone());
    }
    let mut client = builder.start();
    let mut random = Random::new(number("AKSLINT_SEED", 7) as u64);
    let mut last = Vec::new();
    for step in 0..number("AKSLINT_EDITS", 200) {
        let edits = texts.edit(&mut random);
        for edit in &edits {
            make(&mut client, edit);
        }
        last.extend(edits);
        // Sometimes nothing waits for an answer, sometimes all do.
        if random.below(6) == 0 {
            let expected = fresh(&client, &texts);
            client.expect_shown(&expected, &format!("step {step}, after {last:#?}"));
            last.clear();
        }
    }
    let expected = fresh(&client, &texts);
    client.expect_shown(&expected, "the end");
    assert_eq!(
        client.try_request("shutdown", Value::Null).ok(),
        Some(Value::Null)
    );
    client.received("textDocument/publishDiagnostics");
    assert_eq!(*client.shown(), expected);
    client.notify("exit", Value::Null);
    client.join();
}

#[test]
fn of_terraform() {
    edited_at_random(Builder::new(), "workspaces/shop");
}

#[test]
fn of_templates_and_bicep() {
    edited_at_random(Builder::new().offers_utf8(), "workspaces/azure");
}

#[test]
fn of_plans_with_their_source() {
    edited_at_random(Builder::new(), "workspaces/planned");
}

#[test]
fn of_roots_that_read_each_other() {
    edited_at_random(Builder::new(), "network/foreign-root");
}
