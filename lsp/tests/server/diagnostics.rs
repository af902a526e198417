//! What a published diagnostic carries.

use std::collections::BTreeSet;

use gen_lsp_types::{DiagnosticSeverity, DiagnosticTag, Message};
use serde_json::json;

use crate::harness::Builder;
use crate::samples::{CLUSTER, FAULTY, FOUND, NETWORK_MODULE, SOUND, caller, network, service_cidr};

#[test]
fn a_diagnostic_has_all_that_clients_show() {
    let mut client = Builder::new()
        .file("main.tf", CLUSTER)
        .file("terraform.tfvars", service_cidr("10.1.4.0/24"))
        .start();
    client.open("terraform.tfvars");
    client.open("main.tf");
    client.await_diagnostics("terraform.tfvars");
    let diagnostics = client.await_diagnostics("main.tf");
    let found = client.short("main.tf", &diagnostics);
    let place = found
        .iter()
        .position(|line| line.starts_with("AKS110 "))
        .expect("an overlap");
    let overlap = &diagnostics[place];
    assert_eq!(overlap.severity, Some(DiagnosticSeverity::Error));
    assert_eq!(overlap.source.as_deref(), Some("akslint"));
    let page = overlap.code_description.as_ref().unwrap().href.to_string();
    assert!(
        page.ends_with("/docs/rules/AKS110-service-cidr-overlaps-subnet.md"),
        "{page}"
    );
    match &overlap.message {
        Message::String(message) => assert!(message.contains("10.1.4.0/24"), "{message}"),
        other => panic!("{other:?}"),
    }
    let related = overlap.related_information.as_ref().unwrap();
    let places: BTreeSet<(String, String)> = related
        .iter()
        .map(|related| {
            let path = client.path(&related.location.uri);
            let text = client.at(&path, related.location.range);
            (path, text)
        })
        .collect();
    let subnet = ("main.tf".to_owned(), "\"10.1.4.0/22\"".to_owned());
    let value = ("terraform.tfvars".to_owned(), "\"10.1.4.0/24\"".to_owned());
    assert!(places.contains(&subnet) && places.contains(&value), "{places:?}");
}

#[test]
fn what_retires_is_struck_through_and_idle_comments_fade() {
    let text = r#"# akslint: ignore[AKS110] nothing overlaps any more
resource "azurerm_kubernetes_cluster" "shop" {
  name = "aks-shop"

  network_profile {
    network_plugin = "kubenet"
  }
}
"#;
    let mut client = Builder::new().file("main.tf", text).start();
    client.open("main.tf");
    let diagnostics = client.await_diagnostics("main.tf");
    let tags = diagnostics.iter().filter_map(|it| {
        let tag = it.tags.as_ref()?.first()?;
        Some((*tag, client.short("main.tf", std::slice::from_ref(it)).remove(0)))
    });
    let tags: Vec<_> = tags.collect();
    let has = |tag: DiagnosticTag, code: &str| {
        tags.iter()
            .any(|(own, line)| *own == tag && line.starts_with(code))
    };
    assert!(has(DiagnosticTag::Unnecessary, "AKS003 "), "{tags:?}");
    assert!(has(DiagnosticTag::Deprecated, "AKS951 "), "{tags:?}");
}

/// What is found in files that nobody has opened is published as well, and taken back when it goes.
#[test]
fn findings_of_unopened_files_come_and_go() {
    let mut client = Builder::new()
        .file("main.tf", CLUSTER)
        .file("network.tf", network(FAULTY).replace("\"shop\"", "\"other\""))
        .file("terraform.tfvars", service_cidr("10.0.0.0/16"))
        .start();
    assert_eq!(client.await_findings("network.tf"), FOUND);
    client.open("network.tf");
    assert_eq!(client.await_findings("network.tf"), FOUND);
    client.edit("network.tf", FAULTY, SOUND);
    assert_eq!(client.await_findings("network.tf"), [""; 0]);
    // What is on disk counts again once the editor has closed it unsaved.
    client.close("network.tf");
    assert_eq!(client.await_findings("network.tf"), FOUND);
}

#[test]
fn two_roots_share_a_module() {
    let mut client = Builder::new()
        .file("modules/network/main.tf", NETWORK_MODULE)
        .file("a/main.tf", caller(SOUND))
        .file("b/main.tf", caller("10.3.0.7/16"))
        .start();
    assert_eq!(
        client.await_findings("modules/network/main.tf"),
        ["AKS102 [var.range]"]
    );
    client.open("b/main.tf");
    assert_eq!(client.await_findings("b/main.tf"), [""; 0]);
    client.edit("b/main.tf", "10.3.0.7/16", "10.3.0.0/16");
    assert_eq!(client.await_findings("b/main.tf"), [""; 0]);
    assert_eq!(client.await_findings("modules/network/main.tf"), [""; 0]);
    // The module itself spoils both.
    client.open("modules/network/main.tf");
    assert_eq!(client.await_findings("modules/network/main.tf"), [""; 0]);
    client.edit("modules/network/main.tf", "[var.range]", "[\"10.9.0.9/16\"]");
    assert_eq!(
        client.await_findings("modules/network/main.tf"),
        ["AKS102 \"10.9.0.9/16\""]
    );
}

#[test]
fn fingerprints_let_clients_tell_findings_apart() {
    let mut client = Builder::new().file("main.tf", network(FAULTY)).start();
    client.open("main.tf");
    let before = client.await_diagnostics("main.tf");
    client.edit("main.tf", "  name ", "\n  name ");
    let after = client.await_diagnostics("main.tf");
    assert_ne!(before[0].range, after[0].range);
    assert_eq!(before[0].data, after[0].data);
    assert_ne!(before[0].data.clone().unwrap()["fingerprint"], json!(null));
}
