//! Values and capacity behind the text that they belong to.

use gen_lsp_types::{InlayHintRequest, Label};
use serde_json::{Value, json};

use crate::harness::{Builder, Client};
use crate::samples::{CLUSTER, service_cidr};

/// Each hint with the text before it, on its line.
fn hints(client: &mut Client, path: &str, range: Value) -> Vec<String> {
    let document = json!({ "uri": client.address(path) });
    let params = json!({ "textDocument": document, "range": range });
    let hints = client.request::<InlayHintRequest>(params).unwrap();
    let hints = hints.into_iter().map(|hint| {
        let mut start = hint.position;
        start.character = 0;
        let range = gen_lsp_types::Range {
            start,
            end: hint.position,
        };
        let before = client.at(path, range);
        match hint.label {
            Label::String(label) => format!("{} <{label}>", before.trim_start()),
            other => panic!("{other:?}"),
        }
    });
    hints.collect()
}

fn whole() -> Value {
    json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 999, "character": 0 } })
}

fn builder() -> Builder {
    Builder::new()
        .file("main.tf", CLUSTER)
        .file("terraform.tfvars", service_cidr("10.0.0.0/16"))
}

fn has(hints: &[String], beginning: &str) -> bool {
    hints.iter().any(|hint| hint.starts_with(beginning))
}

#[test]
fn ranges_have_their_values_and_what_fits() {
    let mut client = builder().start();
    client.open("main.tf");
    client.await_diagnostics("main.tf");
    let all = hints(&mut client, "main.tf", whole());
    assert!(has(&all, "service_cidr        = var.service_cidr <"), "{all:?}");
    assert!(all.iter().any(|hint| hint.contains("10.0.0.0/16")), "{all:?}");
    assert!(
        has(&all, "address_prefixes     = [\"10.1.4.0/22\" <")
            || has(&all, "address_prefixes     = [\"10.1.4.0/22\"] <"),
        "{all:?}"
    );
    let range = serde_json::to_value(client.range("main.tf", "[\"10.1.4.0/22\"]")).unwrap();
    let part = hints(&mut client, "main.tf", range);
    assert!(!part.is_empty() && part.len() < all.len(), "{part:?}");
}

#[test]
fn each_kind_can_be_switched_off() {
    for (values, capacity) in [(true, false), (false, true), (false, false)] {
        let options = json!({ "hints": { "values": values, "capacity": capacity } });
        let mut client = builder().options(options).start();
        client.open("main.tf");
        client.await_diagnostics("main.tf");
        let all = hints(&mut client, "main.tf", whole());
        assert_eq!(has(&all, "service_cidr "), values, "{all:?}");
        assert_eq!(has(&all, "address_prefixes "), capacity, "{all:?}");
    }
}

#[test]
fn hints_are_asked_for_again_when_another_file_changes() {
    let mut client = builder().can("workspace.inlayHint.refreshSupport", true).start();
    client.open("terraform.tfvars");
    client.await_diagnostics("terraform.tfvars");
    client.open("main.tf");
    client.await_diagnostics("main.tf");
    hints(&mut client, "main.tf", whole());
    // Its own changes: the client asks by itself.
    client.edit("main.tf", "aks-shop", "aks-shop-x");
    client.await_diagnostics("main.tf");
    client.edit("terraform.tfvars", "10.0.0.0/16", "10.7.0.0/16");
    client.await_diagnostics("terraform.tfvars");
    client.accept("workspace/inlayHint/refresh");
    let all = hints(&mut client, "main.tf", whole());
    assert!(all.iter().any(|hint| hint.contains("10.7.0.0/16")), "{all:?}");
}
