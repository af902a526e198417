//! The comment that an editor offers for a finding keeps just that finding quiet.
//!
//! Each folder of `fixtures/suppressing` is a configuration with `expected.txt`: for each finding what is
//! written to keep it quiet. `AKSLINT_BLESS=1` writes what it is now: read it before it is committed.

#![allow(clippy::expect_used, clippy::unwrap_used)] // A test may fail anywhere, in its helpers too.

mod common;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use akslint_core::finding::Fix;
use akslint_core::syntax::Trees;
use akslint_core::{Analysis, Finding, suppression_fix};
use similar::TextDiff;

type Files = BTreeMap<String, Vec<u8>>;

const REASON: &str = "accepted, \"for now\"";

fn folders(below: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(below).expect("a readable folder");
    let paths = entries.map(|entry| entry.expect("a readable entry").path());
    let mut folders: Vec<PathBuf> = paths.filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

fn input(folder: &Path) -> Files {
    let mut files = common::files_below(folder);
    files.remove("expected.txt");
    files.remove("settings.txt");
    files
}

fn applied(fix: &Fix, files: &Files, analysis: &Analysis) -> Files {
    let mut after = files.clone();
    for edit in fix.edits.iter().rev() {
        let text = after
            .get_mut(&analysis.sources.file(edit.span.file).path)
            .expect("a file of the user's");
        text.splice(
            edit.span.start as usize..edit.span.end as usize,
            edit.text.bytes(),
        );
    }
    after
}

/// What is wrong with the comment for a finding; none when the finding is quiet and nothing else changed.
fn fault(finding: &Finding, files: &Files, after: &Files, before: &Analysis) -> Option<String> {
    let analysis = common::check(after, &common::settings(None));
    let is_same = |other: &Finding| {
        other.rule.code == finding.rule.code
            && other.resource == finding.resource
            && other.property == finding.property
            && other.message == finding.message
    };
    let quiet = analysis
        .suppressed
        .iter()
        .find(|suppressed| is_same(&suppressed.finding));
    let codes = |analysis: &Analysis| {
        let mut codes: Vec<&str> = analysis
            .findings
            .iter()
            .map(|finding| finding.rule.code)
            .collect();
        codes.extend(
            analysis
                .suppressed
                .iter()
                .map(|suppressed| suppressed.finding.rule.code),
        );
        codes.sort_unstable();
        codes
    };
    let difference = || difference(files, after);
    if quiet.is_none() {
        return Some(format!("{} is not quiet:\n{}", finding.rule.code, difference()));
    }
    (codes(before) != codes(&analysis))
        .then(|| format!("{} changes other findings:\n{}", finding.rule.code, difference()))
}

fn difference(before: &Files, after: &Files) -> String {
    let text = |files: &Files, path: &str| String::from_utf8(files[path].clone()).expect("text");
    let mut difference = String::new();
    for path in before.keys().filter(|path| before[*path] != after[*path]) {
        let (before, after) = (text(before, path), text(after, path));
        let lines = TextDiff::from_lines(&before, &after);
        difference.push_str(
            &lines
                .unified_diff()
                .context_radius(1)
                .header(path, path)
                .to_string(),
        );
    }
    difference
}

#[test]
fn comments_keep_findings_quiet() {
    let fixtures = common::repository().join("fixtures");
    let of_rules = folders(&fixtures.join("rules"));
    let of_parity = folders(&fixtures.join("parity"));
    let cases = of_rules
        .iter()
        .chain(&of_parity)
        .flat_map(|folder| folders(folder));
    let (mut wrong, mut offered) = (Vec::new(), 0);
    for folder in cases.chain(folders(&fixtures.join("suppressing"))) {
        let files = input(&folder);
        let analysis = common::check(&files, &common::settings(None));
        let trees = Trees::new(analysis.sources.clone());
        // What does not parse, or is a comment itself, is not to be kept quiet.
        let findings = analysis.findings.iter();
        for finding in findings.filter(|finding| !["AKS001", "AKS003"].contains(&finding.rule.code)) {
            let Some(fix) = suppression_fix(&trees, finding, REASON) else {
                continue;
            };
            offered += 1;
            let after = applied(&fix, &files, &analysis);
            let said = fault(finding, &files, &after, &analysis);
            wrong.extend(said.map(|said| format!("{}: {said}", folder.display())));
        }
    }
    assert!(offered > 300, "only {offered}");
    assert!(
        wrong.is_empty(),
        "{} of {offered}\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn comments_are_as_expected() {
    let mut wrong = Vec::new();
    for folder in folders(&common::repository().join("fixtures/suppressing")) {
        let files = input(&folder);
        let analysis = common::check(&files, &common::settings(None));
        let trees = Trees::new(analysis.sources.clone());
        let mut said = String::new();
        for finding in &analysis.findings {
            let place = common::place(finding.primary.span, &analysis.sources);
            writeln!(said, "{} at {place}", finding.rule.code).unwrap();
            match suppression_fix(&trees, finding, REASON) {
                Some(fix) => said.push_str(&difference(&files, &applied(&fix, &files, &analysis))),
                None => said.push_str("nothing to write\n"),
            }
            said.push('\n');
        }
        let path = folder.join("expected.txt");
        if std::env::var_os("AKSLINT_BLESS").is_some() {
            std::fs::write(&path, &said).expect("a writable fixture");
        }
        let expected = std::fs::read_to_string(&path).unwrap_or_default();
        if expected != said {
            wrong.push(format!(
                "{}: expected\n{expected}\nbut is\n{said}",
                folder.display()
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
