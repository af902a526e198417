//! Every bound that contract and documentation name: reaching one is said with its place, in bounded time,
//! and what does not hang on it is still checked.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::{Duration, Instant};

use akslint_core::Analysis;

/// A cluster with one certain fault (AKS103), to see that the rest of the configuration is still checked.
const FAULTY_CLUSTER: &str = r#"
resource "azurerm_kubernetes_cluster" "shop" {
  name = "aks-shop"

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

/// Generous: these machines are slow in debug builds, and without the bound nothing here would end.
const PATIENCE: Duration = Duration::from_secs(60);

fn check(files: &[(&str, String)]) -> Analysis {
    let files: BTreeMap<String, Vec<u8>> = files
        .iter()
        .map(|(path, text)| ((*path).to_owned(), text.clone().into_bytes()))
        .collect();
    let started = Instant::now();
    let analysis = common::check(&files, &common::settings(None));
    assert!(started.elapsed() < PATIENCE, "took {:?}", started.elapsed());
    analysis
}

fn with_faulty_cluster(text: &str) -> String {
    format!("{text}\n{FAULTY_CLUSTER}")
}

/// The findings' codes and messages and the undecided details, to look for words in.
fn said(analysis: &Analysis) -> String {
    let mut said = String::new();
    for finding in &analysis.findings {
        writeln!(said, "{} {}", finding.rule.code, finding.message).unwrap();
    }
    for undecided in &analysis.undecided {
        writeln!(
            said,
            "{} {}: {}",
            undecided.rule.code, undecided.reason, undecided.detail
        )
        .unwrap();
    }
    for problem in analysis
        .deployments
        .iter()
        .flat_map(|deployment| &deployment.network.problems)
    {
        writeln!(said, "{problem:?}").unwrap();
    }
    said
}

fn assert_said(analysis: &Analysis, words: &[&str]) {
    let said = said(analysis);
    for word in words {
        assert!(said.contains(word), "`{word}` is not in:\n{said}");
    }
}

/// A cluster whose service range is this expression.
fn cluster_with_range(expression: &str) -> String {
    format!(
        r#"
resource "azurerm_kubernetes_cluster" "hanging" {{
  name = "aks-hanging"

  network_profile {{
    network_plugin = "azure"
    service_cidr   = {expression}
  }}
}}
"#
    )
}

#[test]
fn locals_that_refer_to_each_other() {
    let text = "locals {\n  a = local.b\n  b = local.a\n}\n".to_owned() + &cluster_with_range("local.a");
    assert_said(
        &check(&[("main.tf", with_faulty_cluster(&text))]),
        &["AKS103", "cycle"],
    );
}

#[test]
fn lists_that_double() {
    let mut text = "locals {\n  v0 = \"10.0.0.0/16\"\n".to_owned();
    for level in 1..=80 {
        let before = level - 1;
        writeln!(text, "  v{level} = [local.v{before}, local.v{before}]").unwrap();
    }
    text += "}\n";
    text += &cluster_with_range("jsonencode(local.v80)");
    assert_said(
        &check(&[("main.tf", with_faulty_cluster(&text))]),
        &["AKS103", "parts of lists and objects"],
    );
}

#[test]
fn modules_that_call_each_other() {
    let call = |source: &str| format!("module \"next\" {{\n  source = \"{source}\"\n}}\n");
    let files = [
        ("main.tf", with_faulty_cluster(&call("./a"))),
        ("a/main.tf", call("../b")),
        ("b/main.tf", call("../a")),
    ];
    assert_said(&check(&files), &["AKS103", "itself a part of"]);
}

#[test]
fn modules_nested_too_deep() {
    let mut files = vec![(
        "main.tf".to_owned(),
        with_faulty_cluster("module \"m\" {\n  source = \"./m0\"\n}\n"),
    )];
    for level in 0..40 {
        let call = format!("module \"m\" {{\n  source = \"../m{}\"\n}}\n", level + 1);
        files.push((format!("m{level}/main.tf"), call));
    }
    let files: Vec<(&str, String)> = files
        .iter()
        .map(|(path, text)| (path.as_str(), text.clone()))
        .collect();
    assert_said(&check(&files), &["AKS103", "deeper than 32 levels"]);
}

#[test]
fn a_million_instances() {
    let text = r#"
resource "azurerm_subnet" "many" {
  count            = 1000000
  name             = "snet-${count.index}"
  address_prefixes = ["10.0.0.0/24"]
}
"#;
    assert_said(
        &check(&[("main.tf", with_faulty_cluster(text))]),
        &["AKS103", "1000000 instances"],
    );
}

/// Each instance refers to one of another resource: the cost must grow with their number, not its square.
#[test]
fn instances_that_refer_to_each_other() {
    let text = r#"
resource "azurerm_virtual_network" "many" {
  count         = 5000
  name          = "vnet-${count.index}"
  address_space = [cidrsubnet("10.0.0.0/8", 14, count.index)]
}

resource "azurerm_subnet" "many" {
  count                = 5000
  name                 = "snet-${count.index}"
  virtual_network_name = azurerm_virtual_network.many[count.index].name
  address_prefixes     = [element(azurerm_virtual_network.many[*].address_space[0], count.index)]
}
"#;
    assert_said(&check(&[("main.tf", with_faulty_cluster(text))]), &["AKS103"]);
}

#[test]
fn modules_that_multiply() {
    let call = |source: &str| format!("module \"m\" {{\n  count  = 9000\n  source = \"{source}\"\n}}\n");
    let files = [
        ("main.tf", with_faulty_cluster(&call("./a"))),
        ("a/main.tf", call("../b")),
        ("b/main.tf", call("../c")),
        (
            "c/main.tf",
            "resource \"azurerm_subnet\" \"s\" {\n  name = \"s\"\n}\n".to_owned(),
        ),
    ];
    assert_said(&check(&files), &["AKS103", "used up"]);
}

#[test]
fn a_hundred_thousand_brackets() {
    let brackets = "[".repeat(100_000);
    let text = format!("locals {{\n  deep = {brackets}1{}\n}}\n", "]".repeat(100_000));
    assert_said(
        &check(&[("main.tf", with_faulty_cluster(&text))]),
        &["AKS001", "AKS103"],
    );
    let open = format!("locals {{\n  deep = {brackets}\n}}\n");
    assert_said(
        &check(&[("main.tf", with_faulty_cluster(&open))]),
        &["AKS001", "AKS103"],
    );
}

#[test]
fn expressions_nested_deeper_than_the_parser_goes() {
    let deep = format!("{}\"10.0.0.0/16\"{}", "(".repeat(65), ")".repeat(65));
    let text = cluster_with_range(&deep);
    assert_said(
        &check(&[("main.tf", with_faulty_cluster(&text))]),
        &["AKS103", "AKS001"],
    );
}

#[test]
fn a_file_that_is_too_large() {
    let huge = format!("# {}\n", "x".repeat(64 * 1024 * 1024));
    let files = [("main.tf", FAULTY_CLUSTER.to_owned()), ("huge.tf", huge)];
    assert_said(&check(&files), &["AKS001", "64 MiB", "AKS103"]);
}

#[test]
fn a_file_that_is_not_text() {
    let mut files = BTreeMap::from([("main.tf".to_owned(), FAULTY_CLUSTER.as_bytes().to_vec())]);
    files.insert("latin.tf".to_owned(), b"# caf\xe9\n".to_vec());
    let analysis = common::check(&files, &common::settings(None));
    assert_said(&analysis, &["AKS001", "UTF-8", "AKS103"]);
}

#[test]
fn loops_within_loops() {
    let text =
        "locals {\n  n = [for a in range(1000) : [for b in range(1000) : [for c in range(1000) : a]]]\n}\n"
            .to_owned()
            + &cluster_with_range("cidrsubnet(\"10.0.0.0/8\", 8, length(local.n))");
    let analysis = check(&[("main.tf", with_faulty_cluster(&text))]);
    assert_said(&analysis, &["limit"]);
}

#[test]
fn text_that_doubles() {
    let mut text = "locals {\n  t0 = \"0123456789\"\n".to_owned();
    for turn in 1..60 {
        let last = turn - 1;
        writeln!(text, "  t{turn} = \"${{local.t{last}}}${{local.t{last}}}\"").unwrap();
    }
    text += "}\n";
    text += &cluster_with_range("local.t59");
    assert_said(
        &check(&[("main.tf", with_faulty_cluster(&text))]),
        &["limit", "AKS103"],
    );
}

#[test]
fn a_long_chain_of_locals() {
    let mut text = "locals {\n  t0 = \"10.0.0.0/16\"\n".to_owned();
    for turn in 1..20_000 {
        writeln!(text, "  t{turn} = local.t{}", turn - 1).unwrap();
    }
    text += "}\n";
    text += &cluster_with_range("local.t19999");
    assert_said(
        &check(&[("main.tf", with_faulty_cluster(&text))]),
        &["limit", "AKS103"],
    );
}

#[test]
fn many_independent_conditions() {
    let mut text = String::new();
    let mut sum = Vec::new();
    for number in 0..40 {
        writeln!(text, "variable \"flag{number}\" {{\n  type = bool\n}}\n").unwrap();
        sum.push(format!("(var.flag{number} ? 1 : 0)"));
    }
    text += &cluster_with_range(&format!("cidrsubnet(\"10.0.0.0/8\", 8, {})", sum.join(" + ")));
    assert_said(
        &check(&[("main.tf", with_faulty_cluster(&text))]),
        &["AKS103", "unassigned-variable"],
    );
}

#[test]
fn huge_numbers() {
    for number in [
        "1e999999999",
        "9e4000 * 9e4000",
        "pow(10, 100000)",
        "-1e-999999999",
    ] {
        let text = cluster_with_range(&format!("cidrsubnet(\"10.0.0.0/8\", 8, {number})"));
        assert_said(&check(&[("main.tf", with_faulty_cluster(&text))]), &["AKS103"]);
    }
}

#[cfg(unix)]
#[test]
fn a_loop_of_links() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("main.tf"), FAULTY_CLUSTER).unwrap();
    std::fs::create_dir(folder.path().join("a")).unwrap();
    std::os::unix::fs::symlink("..", folder.path().join("a/up")).unwrap();
    std::os::unix::fs::symlink(".", folder.path().join("self")).unwrap();
    let file_system = akslint_core::source::OsFileSystem::new(folder.path());
    let analysis = akslint_core::analyse(std::sync::Arc::new(file_system), &common::settings(None));
    assert_eq!(analysis.deployments.len(), 1);
    assert_said(&analysis, &["AKS103"]);
}
