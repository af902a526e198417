//! Every rule file is registered, under the code and name of the catalogue, and small enough to read.

#![allow(clippy::expect_used)] // A test may fail anywhere, in its helpers too.

mod common;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use akslint_core::rules;

const MAXIMUM_RULE_LINES: usize = 120;
const MAXIMUM_LINES: usize = 500;

/// The Rust files below a folder of the repository.
fn rust_files(folder: &str) -> Vec<PathBuf> {
    let folder = common::repository().join(folder);
    let mut files = Vec::new();
    let mut pending = vec![folder];
    while let Some(next) = pending.pop() {
        let Ok(entries) = std::fs::read_dir(&next) else {
            continue;
        };
        for path in entries.map(|entry| entry.expect("a readable entry").path()) {
            if path.is_dir() {
                pending.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

/// The files of `core/src/rules` that hold a rule each: those in the folders of the categories.
fn rule_files() -> Vec<PathBuf> {
    let rules = common::repository().join("core/src/rules");
    let mut files = rust_files("core/src/rules");
    files.retain(|path| path.parent() != Some(rules.as_path()));
    files
}

/// The code and the name in the declaration of a rule file.
fn declared(path: &Path) -> (String, String) {
    let text = std::fs::read_to_string(path).expect("a readable file");
    let declaration = text.lines().map(str::trim).find_map(|line| {
        let (code, rest) = line.strip_suffix(" {")?.split_once(" \"")?;
        let is_code = code.len() == 6 && code.starts_with("AKS");
        Some((code.to_owned(), rest.strip_suffix('"')?.to_owned())).filter(|_| is_code)
    });
    declaration.unwrap_or_else(|| panic!("{} declares no rule", path.display()))
}

#[test]
fn every_rule_file_is_registered() {
    for path in rule_files() {
        let (code, name) = declared(&path);
        let rule = rules::find(&code);
        let rule = rule.unwrap_or_else(|| panic!("{} is not in the list of rules", path.display()));
        assert_eq!(rule.metadata.name, name, "{}", path.display());
        let stem = path.file_stem().expect("a name").to_string_lossy();
        assert_eq!(
            name.replace('-', "_"),
            stem,
            "{} is called after its rule",
            path.display()
        );
        let folder = path
            .parent()
            .and_then(Path::file_name)
            .expect("a folder")
            .to_string_lossy();
        let category = rule.metadata.category.word().replace('-', "_");
        assert_eq!(category, folder, "{} lies with its category", path.display());
    }
    assert_eq!(rule_files().len(), rules::ALL.len(), "a rule is registered twice");
}

#[test]
fn rules_are_sorted_by_code_and_no_code_is_used_twice() {
    let codes: Vec<&str> = rules::ALL.iter().map(|rule| rule.metadata.code).collect();
    let mut sorted = codes.clone();
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!(codes, sorted);
}

/// Codes and names stand in people's suppressions: they follow the catalogue.
#[test]
fn rules_are_called_as_in_the_catalogue() {
    let path = common::repository().join("fixtures/rules/catalogue.tsv");
    let catalogue = std::fs::read_to_string(path).expect("the catalogue");
    let known: BTreeMap<&str, (&str, &str)> = catalogue
        .lines()
        .map(|line| {
            let parts: Vec<&str> = line.split('\t').collect();
            (parts[0], (parts[1], parts[2]))
        })
        .collect();
    for rule in rules::ALL.iter().map(|rule| &rule.metadata) {
        let expected = known.get(rule.code).copied();
        assert_eq!(Some((rule.name, rule.category.word())), expected, "{}", rule.code);
    }
}

#[test]
fn files_are_small_enough_to_read() {
    let lines = |path: &Path| {
        std::fs::read_to_string(path)
            .expect("a readable file")
            .lines()
            .count()
    };
    for path in rule_files() {
        let lines = lines(&path);
        assert!(
            lines <= MAXIMUM_RULE_LINES,
            "{} has {lines} lines",
            path.display()
        );
    }
    for folder in ["core/src", "core/tests", "lsp", "cli"] {
        for path in rust_files(folder) {
            let lines = lines(&path);
            assert!(lines <= MAXIMUM_LINES, "{} has {lines} lines", path.display());
        }
    }
}
