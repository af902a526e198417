//! What fixes do to the text, and that they mend what they are offered for.
//!
//! Each folder of `fixtures/fixes` is a configuration with `expected.txt`: every fix that is offered, as a
//! difference. `AKSLINT_BLESS=1` writes what is offered now: read it before it is committed.
//!
//! Over all fixtures and all examples of rules, each fix by itself takes its finding away and adds none.

#![allow(clippy::expect_used, clippy::unwrap_used)] // A test may fail anywhere, in its helpers too.

mod common;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use akslint_core::finding::{Applicability, Edit, Fix};
use akslint_core::{Analysis, Finding, Settings, Severity, rules};
use similar::TextDiff;

type Files = BTreeMap<String, Vec<u8>>;

const EXPECTED: &str = "expected.txt";

/// The files after a fix.
fn applied(fix: &Fix, files: &Files, analysis: &Analysis) -> Files {
    let mut after = files.clone();
    for edit in fix.edits.iter().rev() {
        let path = &analysis.sources.file(edit.span.file).path;
        let text = after.get_mut(path).expect("a fix is in a file of the user's");
        text.splice(
            edit.span.start as usize..edit.span.end as usize,
            edit.text.bytes(),
        );
    }
    after
}

/// What a fix must not add to: the faults by rule, resource and property. A comment is not needed any more
/// when what it keeps quiet is gone.
fn faults(analysis: &Analysis) -> BTreeMap<(&'static str, String, String), usize> {
    let mut faults = BTreeMap::new();
    for finding in analysis
        .findings
        .iter()
        .filter(|finding| finding.severity >= Severity::Warning && finding.rule.code != "AKS003")
    {
        let property = finding.property.trim_end_matches('s').to_owned();
        *faults
            .entry((finding.rule.code, finding.resource.clone(), property))
            .or_insert(0) += 1;
    }
    faults
}

/// What is wrong with a fix; none when the finding is gone and nothing new came.
fn fault(
    finding: &Finding,
    fix: &Fix,
    files: &Files,
    settings: &Settings,
    analysis: &Analysis,
) -> Option<String> {
    let after_files = applied(fix, files, analysis);
    let after = common::check(&after_files, settings);
    let same = |other: &&Finding| {
        other.rule.code == finding.rule.code
            && other.resource == finding.resource
            && other.property == finding.property
    };
    let (had, has) = (
        analysis.findings.iter().filter(same).count(),
        after.findings.iter().filter(same).count(),
    );
    let before = faults(analysis);
    let new: Vec<_> = faults(&after)
        .into_iter()
        .filter(|(fault, number)| before.get(fault).is_none_or(|known| known < number))
        .map(|(fault, _)| fault)
        .collect();
    let complaint = match (has < had, new.is_empty()) {
        (true, true) => return None,
        (false, _) => "does not take the finding away".to_owned(),
        (true, false) => format!("adds {new:?}"),
    };
    let difference = difference(files, &after_files);
    Some(format!(
        "{} \"{}\" {complaint}:\n{difference}",
        finding.rule.code, fix.title
    ))
}

/// What all fixes that are offered here do wrong; counts them.
fn faults_of_all(files: &Files, settings: &Settings, offered: &mut usize) -> Vec<String> {
    let analysis = common::check(files, settings);
    let mut wrong = Vec::new();
    for finding in &analysis.findings {
        for fix in &finding.fixes {
            *offered += 1;
            wrong.extend(fault(finding, fix, files, settings, &analysis));
        }
    }
    wrong
}

fn difference(before: &Files, after: &Files) -> String {
    let text = |files: &Files, path: &str| String::from_utf8(files[path].clone()).expect("text");
    let mut difference = String::new();
    for path in before.keys().filter(|path| before[*path] != after[*path]) {
        let (before, after) = (text(before, path), text(after, path));
        let lines = TextDiff::from_lines(&before, &after);
        let unified = lines
            .unified_diff()
            .context_radius(1)
            .header(path, path)
            .to_string();
        difference.push_str(&unified.replace('\r', "␍"));
    }
    difference
}

/// The folders that hold configurations: everything below these folders that has files of its own.
fn folders(below: &Path) -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = std::fs::read_dir(below)
        .expect("a readable folder")
        .map(|entry| entry.expect("a readable entry").path())
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    folders
}

fn input(folder: &Path) -> (Files, Settings) {
    let mut files = common::files_below(folder);
    files.remove(EXPECTED);
    let mut settings = common::settings(None);
    if let Some(lines) = files.remove("settings.txt") {
        common::apply_settings(&String::from_utf8(lines).expect("text"), &mut settings);
    }
    (files, settings)
}

#[test]
fn fixes_of_all_fixtures_mend_and_add_nothing() {
    let fixtures = common::repository().join("fixtures");
    let of_rules = folders(&fixtures.join("rules"));
    let of_parity = folders(&fixtures.join("parity"));
    let cases = of_rules
        .iter()
        .chain(&of_parity)
        .flat_map(|folder| folders(folder));
    let (mut wrong, mut offered) = (Vec::new(), 0);
    for folder in cases.chain(folders(&fixtures.join("fixes"))) {
        let (files, settings) = input(&folder);
        for said in faults_of_all(&files, &settings, &mut offered) {
            wrong.push(format!("{}: {said}", folder.display()));
        }
    }
    assert!(offered > 100, "only {offered} fixes are offered");
    assert!(
        wrong.is_empty(),
        "{} of {offered}\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn fixes_of_all_examples_mend_and_add_nothing() {
    let (mut wrong, mut offered) = (Vec::new(), 0);
    for rule in rules::ALL {
        for (index, part) in rule.metadata.documentation.split("```").enumerate() {
            let Some(example) = part.strip_prefix("terraform").filter(|_| index % 2 == 1) else {
                continue;
            };
            let text: String = example
                .lines()
                .skip(1)
                .map(|line| format!("{}\n", line.strip_prefix(' ').unwrap_or(line)))
                .collect();
            let files = BTreeMap::from([("main.tf".to_owned(), text.into_bytes())]);
            wrong.extend(faults_of_all(&files, &common::settings(None), &mut offered));
        }
    }
    assert!(offered > 30, "only {offered} fixes are offered");
    assert!(
        wrong.is_empty(),
        "{} of {offered}\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// What `--fix` does: safe fixes together, again and again, come to an end and break nothing.
#[test]
fn safe_fixes_together_come_to_an_end() {
    let fixtures = common::repository().join("fixtures");
    let of_rules = folders(&fixtures.join("rules"));
    let cases = of_rules.iter().flat_map(|folder| folders(folder));
    for folder in cases.chain(folders(&fixtures.join("fixes"))) {
        let (mut files, settings) = input(&folder);
        let mut rounds = 0;
        loop {
            let analysis = common::check(&files, &settings);
            let together = akslint_core::fix::together(&analysis.findings, false);
            if together.is_empty() {
                break;
            }
            let broken = |analysis: &Analysis| {
                let findings = analysis.findings.iter();
                findings.filter(|finding| finding.rule.code == "AKS001").count()
            };
            let edits: Vec<_> = together.iter().flat_map(|fix| &fix.edits).collect();
            for (path, bytes) in &mut files {
                let is_own = |edit: &&&Edit| analysis.sources.file(edit.span.file).path == *path;
                let own: Vec<&Edit> = edits.iter().filter(is_own).copied().collect();
                if !own.is_empty() {
                    let text = String::from_utf8(bytes.clone()).expect("text");
                    *bytes = akslint_core::fix::applied(&text, own).into_bytes();
                }
            }
            let after = common::check(&files, &settings);
            assert!(
                broken(&after) <= broken(&analysis),
                "{} is broken",
                folder.display()
            );
            rounds += 1;
            assert!(rounds < 10, "{} comes to no end", folder.display());
        }
    }
}

/// A literal that two deployments read and that is wrong in one of them alone.
#[test]
fn a_file_of_several_deployments_is_not_changed_unasked() {
    let main = r#"
variable "service_cidr" {}

resource "azurerm_kubernetes_cluster" "shop" {
  name = "aks-shop"

  network_profile {
    network_plugin      = "azure"
    network_plugin_mode = "overlay"
    service_cidr        = var.service_cidr
    dns_service_ip      = "10.60.0.10"
  }
}
"#;
    let assigned = |range: &str| format!("service_cidr = \"{range}\"\n").into_bytes();
    let mut files: Files = BTreeMap::from([
        ("main.tf".to_owned(), main.as_bytes().to_vec()),
        ("terraform.tfvars".to_owned(), assigned("10.61.0.0/16")),
    ]);
    let applicability = |files: &Files| {
        let analysis = common::check(files, &common::settings(Some("AKS118")));
        let finding = analysis.findings.first().expect("a finding");
        finding.fixes.first().map(|fix| fix.applicability)
    };
    assert_eq!(applicability(&files), Some(Applicability::Safe));
    files.insert("dev.tfvars".to_owned(), assigned("10.60.0.0/16"));
    assert_eq!(applicability(&files), Some(Applicability::Unsafe));
}

#[test]
fn fixes_are_as_expected() {
    let mut wrong = Vec::new();
    for folder in folders(&common::repository().join("fixtures/fixes")) {
        let (files, settings) = input(&folder);
        let analysis = common::check(&files, &settings);
        let mut said = String::new();
        for finding in &analysis.findings {
            writeln!(
                said,
                "{} at {}",
                finding.rule.code,
                common::place(finding.primary.span, &analysis.sources)
            )
            .unwrap();
            writeln!(said, "{}", finding.message).unwrap();
            for fix in &finding.fixes {
                let word = match fix.applicability {
                    Applicability::Safe => "safe",
                    Applicability::Unsafe => "unsafe",
                };
                writeln!(said, "\n{word}: {}", fix.title).unwrap();
                said.push_str(&difference(&files, &applied(fix, &files, &analysis)));
            }
            said.push('\n');
        }
        let path = folder.join(EXPECTED);
        if std::env::var_os("AKSLINT_BLESS").is_some() {
            std::fs::write(&path, &said).expect("a writable fixture");
        }
        let expected = std::fs::read_to_string(&path).unwrap_or_default();
        if expected != said {
            wrong.push(format!(
                "{}: expected\n{expected}\nbut is offered\n{said}",
                folder.display()
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
