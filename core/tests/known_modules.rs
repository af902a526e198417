//! `fixtures/modules/<module>/<case>/` holds a configuration that calls a module which is not on disk, and
//! `expected.txt`, what all rules say about it. `AKSLINT_BLESS=1` writes what they say now: read it before it is
//! committed.
//!
//! A case named `violation…` has a finding, `clean…` has none; in neither is anything undecided.

#![allow(clippy::expect_used)] // A test may fail anywhere, in its helpers too.

mod common;

use std::path::{Path, PathBuf};

const EXPECTED: &str = "expected.txt";

fn folders(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a readable folder");
    let paths = entries.map(|entry| entry.expect("a readable entry").path());
    let mut folders: Vec<PathBuf> = paths.filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

fn fault(case: &Path) -> Option<String> {
    let mut files = common::files_below(case);
    let expected = files
        .remove(EXPECTED)
        .map(|bytes| String::from_utf8(bytes).expect("text"));
    let analysis = common::check(&files, &common::settings(None));
    let said = common::render(&analysis);
    let name = case.file_name().expect("a name").to_string_lossy();
    let case = case.display();
    let (found, undecided) = (!analysis.findings.is_empty(), !analysis.undecided.is_empty());
    if found != name.starts_with("violation") || undecided {
        return Some(format!("{case} is not what its name says:\n{said}"));
    }
    if std::env::var_os("AKSLINT_BLESS").is_some() {
        std::fs::write(format!("{case}/{EXPECTED}"), said).expect("a writable fixture");
        return None;
    }
    let expected = expected.unwrap_or_default();
    (expected != said).then(|| format!("{case}: expected\n{expected}\nbut it says\n{said}"))
}

#[test]
fn modules_are_judged_without_their_files() {
    let modules = folders(&common::repository().join("fixtures/modules"));
    let cases = modules.iter().flat_map(|module| folders(module));
    let faults: Vec<String> = cases.filter_map(|case| fault(&case)).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
