//! `fixtures/rules/<code>-<name>/<case>/` holds a configuration and `expected.txt`, what the one rule says
//! about it. `AKSLINT_BLESS=1` writes what it says now: read it before it is committed.
//!
//! A case named `violation…` has a finding, `clean…` has none and nothing undecided, `unknown…` has none but is undecided.
//! `settings.txt` beside the files sets the day and variables.

#![allow(clippy::expect_used)] // A test may fail anywhere, in its helpers too.

mod common;

use std::path::Path;

use akslint_core::finding::Category;
use akslint_core::rules;

const EXPECTED: &str = "expected.txt";
const SETTINGS: &str = "settings.txt";

/// The folders in a folder, by name.
fn folders(folder: &Path) -> Vec<(String, std::path::PathBuf)> {
    let mut folders: Vec<_> = std::fs::read_dir(folder)
        .expect("a readable folder")
        .map(|entry| entry.expect("a readable entry").path())
        .filter(|path| path.is_dir())
        .map(|path| {
            (
                path.file_name().expect("a name").to_string_lossy().into_owned(),
                path,
            )
        })
        .collect();
    folders.sort();
    folders
}

/// What is wrong with a case; none when the rule says what is expected.
fn fault(code: &str, case: &str, folder: &Path) -> Option<String> {
    let mut files = common::files_below(folder);
    let expected = files
        .remove(EXPECTED)
        .map(|bytes| String::from_utf8(bytes).expect("text"));
    let mut settings = common::settings(Some(code));
    if let Some(lines) = files.remove(SETTINGS) {
        common::apply_settings(&String::from_utf8(lines).expect("text"), &mut settings);
    }
    let analysis = common::check(&files, &settings);
    let (found, undecided) = (!analysis.findings.is_empty(), !analysis.undecided.is_empty());
    let said = common::render(&analysis);
    let kept = [
        ("violation", found, "finds nothing"),
        ("clean", !found && !undecided, "finds something or is undecided"),
        ("unknown", !found && undecided, "is not merely undecided"),
    ];
    let Some((_, holds, complaint)) = kept.iter().find(|(name, ..)| case.starts_with(name)) else {
        return Some(format!(
            "{code} {case}: is not named violation…, clean… or unknown…"
        ));
    };
    if !holds {
        return Some(format!("{code} {case}: {complaint}:\n{said}"));
    }
    if std::env::var_os("AKSLINT_BLESS").is_some() {
        std::fs::write(folder.join(EXPECTED), said).expect("a writable fixture");
        return None;
    }
    let Some(expected) = expected else {
        return Some(format!("{code} {case}: no {EXPECTED}; AKSLINT_BLESS=1 writes it"));
    };
    (expected != said).then(|| format!("{code} {case}: expected\n{expected}\nbut it says\n{said}"))
}

#[test]
fn rules_say_what_is_expected() {
    let mut faults: Vec<String> = Vec::new();
    for (name, folder) in folders(&common::repository().join("fixtures/rules")) {
        let code = name.split('-').next().unwrap_or_default();
        let rule = rules::find(code).unwrap_or_else(|| panic!("fixtures/rules/{name} belongs to no rule"));
        assert_eq!(name, format!("{}-{}", rule.metadata.code, rule.metadata.name));
        for (case, folder) in folders(&folder) {
            faults.extend(fault(code, &case, &folder));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// A rule about the network has a case in which it cannot decide. What is wrong with the input itself is
/// never unknown.
#[test]
fn every_rule_has_an_unknown_case() {
    for rule in rules::ALL.iter().map(|rule| &rule.metadata) {
        if rule.category == Category::Input {
            continue;
        }
        let folder = common::repository().join(format!("fixtures/rules/{}-{}", rule.code, rule.name));
        let has_case = folder.is_dir()
            && folders(&folder)
                .iter()
                .any(|(case, _)| case.starts_with("unknown"));
        assert!(
            has_case,
            "{} has no case unknown in {}",
            rule.code,
            folder.display()
        );
    }
}
