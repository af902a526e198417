//! Every Terraform fixture, broken in many ways: nothing panics, and the finding of a block that was not
//! touched is still there.

#![allow(clippy::unwrap_used)]

mod common;

use std::collections::BTreeMap;
use std::path::PathBuf;

/// Stands at the end of every broken file, with one certain fault (AKS103).
const INTACT_CLUSTER: &str = r#"
resource "azurerm_kubernetes_cluster" "intact_beside_broken" {
  name = "aks-intact"

  default_node_pool {
    name       = "system"
    node_count = 3
  }

  network_profile {
    network_plugin      = "azure"
    network_plugin_mode = "overlay"
    pod_cidr            = "172.30.0.0/16"
  }
}
"#;

/// How many places of one file are broken by each kind of mutation.
const PLACES: usize = 3;

fn terraform_files() -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut pending = vec![common::repository().join("fixtures")];
    while let Some(folder) = pending.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                pending.push(path);
            } else if path.extension().is_some_and(|extension| extension == "tf") {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

/// Evenly spread places at which this text stands.
fn places(text: &str, pattern: &str) -> Vec<usize> {
    let all: Vec<usize> = text.match_indices(pattern).map(|(offset, _)| offset).collect();
    let step = all.len().div_ceil(PLACES).max(1);
    all.into_iter().step_by(step).collect()
}

/// The text with one part removed, for each kind of mutation and each place.
fn mutations(text: &str) -> Vec<(String, String)> {
    let mut mutated = Vec::new();
    let mut without = |what: &str, start: usize, end: usize| {
        if let (Some(before), Some(after)) = (text.get(..start), text.get(end..)) {
            mutated.push((format!("{what} at {start}"), format!("{before}{after}")));
        }
    };
    let end_of_line = |start: usize| {
        text[start..]
            .find('\n')
            .map_or(text.len(), |length| start + length)
    };
    for start in places(text, " = ") {
        without("no value", start + 3, end_of_line(start));
        let half = start + (end_of_line(start) - start) / 2;
        without("half a line", half, end_of_line(start));
    }
    for (what, pattern) in [
        ("no quote", "\""),
        ("no opening brace", "{"),
        ("no closing brace", "}"),
        ("no closing bracket", "]"),
        ("no closing parenthesis", ")"),
        ("no end of an interpolation", "${"),
        ("no equals sign", "="),
    ] {
        for start in places(text, pattern) {
            without(what, start, start + 1);
        }
    }
    for start in places(text, "\n") {
        mutated.push((
            format!("a stray word at {start}"),
            format!("{}\n  service_cidr = {}", &text[..start], &text[start..]),
        ));
        mutated.push((format!("cut at {start}"), text[..start].to_owned()));
    }
    mutated
}

#[test]
fn findings_beside_a_broken_block_are_kept() {
    let settings = common::settings(Some("AKS103"));
    let mut count = 0;
    let mut lost = Vec::new();
    for path in terraform_files() {
        let text = std::fs::read_to_string(&path).unwrap();
        for (what, broken) in mutations(&text) {
            count += 1;
            let broken = format!("{broken}\n{INTACT_CLUSTER}");
            let files = BTreeMap::from([("main.tf".to_owned(), broken.into_bytes())]);
            let analysis = common::check(&files, &settings);
            let is_intact =
                |finding: &akslint_core::Finding| finding.resource.contains("intact_beside_broken");
            if !analysis.findings.iter().any(is_intact) || !analysis.failures.is_empty() {
                lost.push(format!("{}: {what}", path.display()));
            }
        }
    }
    assert!(count > 1_000, "only {count} mutations");
    assert!(
        lost.is_empty(),
        "{} of {count} lost the finding:\n{}",
        lost.len(),
        lost.join("\n")
    );
}
