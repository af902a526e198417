//! What a rule finds does not depend on the order in which a configuration is written: the cases of
//! `fixtures/rules` say the same with the blocks of every file the other way round.

#![allow(clippy::expect_used)] // A test may fail anywhere, in its helpers too.

mod common;

use akslint_core::{Analysis, Settings};

/// The top-level blocks of a formatted file, last one first. A comment stays above its block.
fn reversed(text: &str) -> String {
    let mut blocks: Vec<String> = vec![String::new()];
    for line in text.lines() {
        if let Some(block) = blocks.last_mut() {
            block.push_str(line);
            block.push('\n');
        }
        if line == "}" {
            blocks.push(String::new());
        }
    }
    blocks.reverse();
    blocks.concat()
}

/// Findings and undecided checks without their places, sorted.
fn said(analysis: &Analysis) -> Vec<String> {
    let findings = analysis.findings.iter().map(|finding| {
        format!(
            "{} {} {} {}: {} ({} places) {:?}",
            finding.severity.word(),
            finding.rule.code,
            finding.resource,
            finding.property,
            finding.message,
            finding.related.len(),
            finding.help,
        )
    });
    let undecided = analysis.undecided.iter().map(|undecided| {
        format!(
            "undecided {} {}: {}",
            undecided.rule.code, undecided.resource, undecided.detail
        )
    });
    let mut said: Vec<String> = findings.chain(undecided).collect();
    said.sort();
    said
}

#[test]
fn the_order_of_blocks_does_not_matter() {
    let mut different: Vec<String> = Vec::new();
    let mut cases: Vec<_> = common::files_below(&common::repository().join("fixtures/rules"))
        .into_keys()
        .filter_map(|path| path.strip_suffix("/expected.txt").map(str::to_owned))
        .collect();
    cases.sort();
    for case in cases {
        let mut files = common::files_below(&common::repository().join("fixtures/rules").join(&case));
        files.remove("expected.txt");
        let mut settings: Settings = common::settings(None);
        if let Some(lines) = files.remove("settings.txt") {
            common::apply_settings(&String::from_utf8(lines).expect("text"), &mut settings);
        }
        let as_written = said(&common::check(&files, &settings));
        for (path, text) in &mut files {
            if path.ends_with(".tf") {
                let turned = reversed(&String::from_utf8_lossy(text));
                *text = turned.into_bytes();
            }
        }
        let turned = said(&common::check(&files, &settings));
        if as_written != turned {
            let missing = as_written.iter().filter(|line| !turned.contains(line));
            let added = turned.iter().filter(|line| !as_written.contains(line));
            let lines: Vec<String> = missing
                .map(|line| format!("  - {line}"))
                .chain(added.map(|line| format!("  + {line}")))
                .collect();
            different.push(format!("{case}\n{}", lines.join("\n")));
        }
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
}
