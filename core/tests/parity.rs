//! One network in every language: each folder of `fixtures/parity` holds it as Terraform, as Terraform in
//! JSON, as a plan, alone and beside its configuration, as an ARM template, as Bicep, and with the cluster
//! through the azapi provider. All of them must be understood as the network in `network.txt` and have the
//! findings in `findings.txt`.
//!
//! Addresses differ from language to language, so resources are called by their kind and name. What differs
//! for a good reason stands in `differences.txt` with the reason, and nothing else may differ:
//!
//! ```text
//! arm, bicep: A template does not name the resource group that it is deployed to.
//!   - cluster aks-shop > resource group: rg-shop
//! azapi is absent: The network has no cluster of its own.
//! ```
//!
//! `AKSLINT_BLESS=1` writes what Terraform says to `network.txt` and `findings.txt`; differences are written
//! by hand.

#![allow(clippy::expect_used, clippy::unwrap_used)] // A test may fail anywhere, in its helpers too.

mod common;
mod named;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

const LANGUAGES: [&str; 7] = [
    "terraform",
    "terraform-json",
    "plan",
    PLAN_WITH_SOURCE,
    "arm",
    "bicep",
    "azapi",
];

/// The plan together with the configuration that it was made from.
const PLAN_WITH_SOURCE: &str = "plan-with-source";

/// What one language is understood as: the network, and what is found in it.
#[derive(Clone)]
struct Understood {
    network: String,
    findings: String,
}

fn understood(case: &Path, language: &str) -> Result<Understood, String> {
    let mut settings = common::settings(None);
    let mut files = common::files_below(&folder(case, language));
    if language == PLAN_WITH_SOURCE {
        settings.paths = files.keys().cloned().collect();
        settings.plan_source = Some(".".to_owned());
        files.extend(common::files_below(&folder(case, "terraform")));
    }
    let analysis = common::check(&files, &settings);
    let [deployment] = analysis.deployments.as_slice() else {
        let names = analysis.deployments.iter().map(|it| it.name.as_str());
        let names: Vec<&str> = names.collect();
        return Err(format!("is not one deployment but {names:?}"));
    };
    if !analysis.failures.is_empty() {
        return Err(format!("fails: {:?}", analysis.failures));
    }
    let names = named::names(&deployment.network);
    Ok(Understood {
        network: named::network(&deployment.network, &names),
        findings: named::findings(&analysis, &names),
    })
}

fn folder(case: &Path, language: &str) -> PathBuf {
    case.join(match language {
        PLAN_WITH_SOURCE => "plan",
        language => language,
    })
}

/// What `differences.txt` says, language by language.
#[derive(Default)]
struct Differences {
    /// Lines that this language lacks (`- …`) and has beyond the others (`+ …`).
    lines: BTreeMap<String, BTreeSet<String>>,
    absent: BTreeSet<String>,
}

fn differences(path: &Path) -> Differences {
    let mut differences = Differences::default();
    let mut languages: Vec<String> = Vec::new();
    for line in fs::read_to_string(path).unwrap_or_default().lines() {
        if let Some(difference) = line.strip_prefix("  ") {
            for language in &languages {
                let lines = differences.lines.entry(language.clone()).or_default();
                lines.insert(difference.to_owned());
            }
            continue;
        }
        let (head, reason) = line
            .split_once(": ")
            .expect("a line names languages and a reason");
        assert!(reason.len() > 10, "a difference has a reason: {line}");
        let (names, is_absent) = match head
            .strip_suffix(" is absent")
            .or(head.strip_suffix(" are absent"))
        {
            Some(names) => (names, true),
            None => (head, false),
        };
        languages = names.split(", ").map(str::to_owned).collect();
        for language in &languages {
            assert!(LANGUAGES.contains(&language.as_str()), "no language: {language}");
            if is_absent {
                differences.absent.insert(language.clone());
            }
        }
    }
    differences
}

/// Every line below the names of what it lies in, so that a line can be found in any order.
fn flat(text: &str) -> Vec<String> {
    let mut parents: Vec<&str> = Vec::new();
    let mut lines = Vec::new();
    for line in text.lines() {
        let own = line.trim_start();
        parents.truncate((line.len() - own.len()) / 2);
        parents.push(own);
        lines.push(parents.join(" > "));
    }
    lines
}

/// The lines that are only in one of two texts.
fn compared(expected: &str, actual: &str) -> BTreeSet<String> {
    let (expected, actual) = (flat(expected), flat(actual));
    let count = |lines: &[String], line: &String| lines.iter().filter(|other| *other == line).count();
    let mut different = BTreeSet::new();
    for line in &expected {
        if count(&actual, line) < count(&expected, line) {
            different.insert(format!("- {line}"));
        }
    }
    for line in &actual {
        if count(&expected, line) < count(&actual, line) {
            different.insert(format!("+ {line}"));
        }
    }
    different
}

fn cases() -> Vec<PathBuf> {
    let folder = common::repository().join("fixtures/parity");
    let entries = fs::read_dir(&folder).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    let mut cases: Vec<PathBuf> = paths.filter(|path| path.is_dir()).collect();
    cases.sort();
    cases
}

/// What is wrong with one network.
fn faults(case: &Path) -> String {
    let read = |name: &str| fs::read_to_string(case.join(name)).unwrap_or_default();
    let differences = differences(&case.join("differences.txt"));
    let mut faults = String::new();
    let mut complain = |language: &str, fault: String| {
        writeln!(
            faults,
            "{} {language}: {fault}",
            case.file_name().unwrap().display()
        )
        .unwrap();
    };
    if std::env::var_os("AKSLINT_BLESS").is_some() {
        let terraform = understood(case, "terraform").expect("Terraform is understood");
        fs::write(case.join("network.txt"), terraform.network).unwrap();
        fs::write(case.join("findings.txt"), terraform.findings).unwrap();
    }
    let expected = Understood {
        network: read("network.txt"),
        findings: read("findings.txt"),
    };
    for language in LANGUAGES {
        let folder = folder(case, language);
        let said_absent = differences.absent.contains(language);
        if folder.is_dir() == said_absent {
            let fault = match said_absent {
                true => "is there, though it is said to be absent",
                false => "is absent, and no reason is given",
            };
            complain(language, fault.to_owned());
            continue;
        }
        if said_absent {
            continue;
        }
        let actual = match understood(case, language) {
            Ok(actual) => actual,
            Err(fault) => {
                complain(language, fault);
                continue;
            }
        };
        let mut different = compared(&expected.network, &actual.network);
        different.extend(compared(&expected.findings, &actual.findings));
        let nothing = BTreeSet::new();
        let agreed = differences.lines.get(language).unwrap_or(&nothing);
        for line in different.difference(agreed) {
            complain(language, format!("differs\n  {line}"));
        }
        for line in agreed.difference(&different) {
            complain(language, format!("does not differ any more\n  {line}"));
        }
    }
    faults
}

#[test]
fn one_network_is_understood_alike_in_every_language() {
    let cases = cases();
    assert!(cases.len() >= 16, "there are only {} networks", cases.len());
    let faults: String = cases.iter().map(|case| faults(case)).collect();
    assert!(faults.is_empty(), "{faults}");
}
