//! Terraform, templates and Bicep in, the network out: each folder of `fixtures/network` holds files and the network that they
//! make, as `akslint network` prints it without places. Where there is `places.txt` or `network.json`, what
//! it prints with places and as JSON as well. `AKSLINT_BLESS=1` writes what comes out instead of comparing.

#![allow(clippy::expect_used, clippy::unwrap_used)] // A test may fail anywhere, in its helpers too.

mod common;

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use akslint_core::report::network;

const EXPECTED: &str = "network.txt";

/// The networks of all deployments below a folder.
fn networks(folder: &Path) -> String {
    let mut files = common::files_below(folder);
    for expected in [EXPECTED, "places.txt", "network.json"] {
        files.remove(expected);
    }
    let analysis = common::check(&files, &common::settings(None));
    let mut text = String::new();
    for deployment in &analysis.deployments {
        writeln!(text, "deployment {}", deployment.name).unwrap();
        text.push_str(&network::without_places(&deployment.network));
    }
    text
}

fn cases() -> Vec<PathBuf> {
    let folder = common::repository().join("fixtures/network");
    let entries = fs::read_dir(&folder).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    let mut cases: Vec<PathBuf> = paths.filter(|path| path.is_dir()).collect();
    cases.sort();
    cases
}

/// What is wrong with the expected text at a path; none when it is what came out.
fn difference(expected: &Path, actual: &str) -> Option<String> {
    if std::env::var_os("AKSLINT_BLESS").is_some() {
        fs::write(expected, actual).unwrap();
    }
    let is_same = fs::read_to_string(expected).unwrap_or_default() == actual;
    (!is_same).then(|| format!("{}:\n{actual}", expected.display()))
}

#[test]
fn lowers_every_language_to_the_network() {
    let cases = cases();
    assert!(cases.len() >= 20, "there are only {} fixtures", cases.len());
    let compare = |case: &PathBuf| difference(&case.join(EXPECTED), &networks(case));
    let different: Vec<String> = cases.iter().filter_map(compare).collect();
    assert!(different.is_empty(), "{}", different.join("\n"));
}

#[test]
fn shows_where_values_come_from() {
    let mut different = Vec::new();
    let mut compared = 0;
    for case in cases() {
        let (places, json) = (case.join("places.txt"), case.join("network.json"));
        if !places.exists() && !json.exists() {
            continue;
        }
        let mut files = common::files_below(&case);
        files.retain(|path, _| path.ends_with(".tf") || path.ends_with(".tfvars"));
        let analysis = common::check(&files, &common::settings(None));
        if places.exists() {
            compared += 1;
            different.extend(difference(&places, &network::text(&analysis)));
        }
        if json.exists() {
            compared += 1;
            let text = serde_json::to_string_pretty(&network::json(&analysis)).unwrap() + "\n";
            different.extend(difference(&json, &text));
        }
    }
    assert!(compared >= 2, "text and JSON are compared");
    assert!(different.is_empty(), "{}", different.join("\n"));
}
