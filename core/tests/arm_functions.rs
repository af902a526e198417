//! Every expression in fixtures/eval/arm/functions gives the value under it, and is an error where the fixture
//! says so. Where the answers come from stands at the head of each file.

#![allow(clippy::unwrap_used)]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use akslint_core::eval::arm::{console, functions};
use akslint_core::eval::value::{Kind, Value};
use akslint_core::source::MemoryFileSystem;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/eval/arm/functions")
}

/// The files that the functions over files read.
fn files() -> Arc<MemoryFileSystem> {
    let entries = std::fs::read_dir(folder().join("files")).unwrap();
    let file = |entry: std::io::Result<std::fs::DirEntry>| {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        (format!("files/{name}"), std::fs::read(&path).unwrap())
    };
    Arc::new(MemoryFileSystem::new(entries.map(file)))
}

/// Pairs of an expression and its answer.
fn entries(text: &str) -> Vec<(String, String)> {
    let mut entries: Vec<(String, String)> = Vec::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        match (line.strip_prefix("> "), entries.last_mut()) {
            (Some(expression), _) => entries.push((expression.to_owned(), String::new())),
            (None, Some((_, answer))) => answer.push_str(line),
            (None, None) => {}
        }
    }
    entries
}

fn fixtures() -> Vec<(String, Vec<(String, String)>)> {
    let files = std::fs::read_dir(folder()).unwrap();
    let mut files: Vec<PathBuf> = files.map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "txt"));
    files.sort();
    let read = |path: &PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        (name, entries(&std::fs::read_to_string(path).unwrap()))
    };
    files.iter().map(read).collect()
}

#[test]
fn expressions_give_what_is_documented() {
    let mut differences = String::new();
    let mut count = 0;
    let files = files();
    for (file, entries) in fixtures() {
        for (expression, answer) in entries {
            count += 1;
            let evaluated = console::evaluate(&format!("[{expression}]"), files.clone());
            let ours = match evaluated {
                Ok(value) => printed(&value),
                Err(error) => format!("error: {}", error.message),
            };
            let agrees = match answer.trim() {
                "error" => ours.starts_with("error: "),
                answer => ours == answer,
            };
            if !agrees {
                let _ = writeln!(
                    differences,
                    "{file}\n> {expression}\nexpected: {answer}\nakslint: {ours}\n"
                );
            }
        }
    }
    let number = differences.matches("\n> ").count();
    assert!(
        differences.is_empty(),
        "{number} of {count} differ:\n{differences}"
    );
    assert!(count >= 600, "only {count} expressions were found");
}

#[test]
fn every_function_has_answers() {
    let fixtures = fixtures();
    let expressions: Vec<String> = fixtures
        .iter()
        .flat_map(|(_, entries)| entries.iter().map(|(expression, _)| expression.to_lowercase()))
        .collect();
    let is_called = |name: &&str| {
        let call = format!("{}(", name.to_lowercase());
        expressions
            .iter()
            .filter(|expression| expression.contains(&call))
            .count()
            >= 2
    };
    let missing: Vec<&str> = functions::names()
        .into_iter()
        .filter(|name| !is_called(name))
        .collect();
    assert!(missing.is_empty(), "there are no answers for {missing:?}");
}

/// A value as JSON, with the members of objects in the order of their names.
fn printed(value: &Value) -> String {
    match &value.kind {
        Kind::Null => "null".to_owned(),
        Kind::Bool(value) => value.to_string(),
        Kind::Number(number) => number.to_string(),
        Kind::String(text) => serde_json::to_string(&**text).unwrap(),
        Kind::Tuple(elements) | Kind::List(elements) | Kind::Set(elements) => {
            let elements: Vec<String> = elements.iter().map(printed).collect();
            format!("[{}]", elements.join(","))
        }
        Kind::Object(entries) | Kind::Map(entries) => {
            let member = |(name, member): (&Arc<str>, &Value)| {
                let name = serde_json::to_string(&**name).unwrap();
                format!("{name}:{}", printed(member))
            };
            let members: Vec<String> = entries.members.iter().map(member).collect();
            format!("{{{}}}", members.join(","))
        }
        Kind::Unknown(unknown) => format!("unknown: {}", unknown.reason()),
        Kind::OneOf(_) => "one of two".to_owned(),
    }
}
