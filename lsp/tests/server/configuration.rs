//! Settings: by `initializationOptions`, by the client's answers and by its notifications.

use serde_json::json;

use crate::harness::Builder;
use crate::samples::{CLUSTER, FAULTY, FOUND, SOUND, network, service_cidr};

#[test]
fn options_of_the_greeting_count() {
    let options = json!({ "ignore": ["AKS102"], "path": "/usr/bin/akslint" });
    let mut client = Builder::new()
        .file("main.tf", network(FAULTY))
        .options(options)
        .start();
    client.open("main.tf");
    assert_eq!(client.await_findings("main.tf"), [""; 0]);
}

#[test]
fn the_section_is_asked_for() {
    let mut client = Builder::new()
        .file("main.tf", network(FAULTY))
        .options(json!({ "akslint": { "ignore": ["AKS102"] } }))
        .configuration(json!({ "ignore": ["cidr-host-bits-set"], "hints": { "values": false } }))
        .start();
    client.open("main.tf");
    assert_eq!(client.await_findings("main.tf"), [""; 0]);
    client.configuration = json!({ "ignore": [] });
    client.notify("workspace/didChangeConfiguration", json!({ "settings": null }));
    client.give_configuration();
    assert_eq!(client.await_findings("main.tf"), FOUND);
}

#[test]
fn a_client_without_the_section_keeps_its_options() {
    let mut client = Builder::new()
        .file("main.tf", network(FAULTY))
        .options(json!({ "ignore": ["AKS102"] }))
        .configuration(json!(null))
        .start();
    client.open("main.tf");
    assert_eq!(client.await_findings("main.tf"), [""; 0]);
}

#[test]
fn settings_that_are_sent_count() {
    let mut client = Builder::new().file("main.tf", network(FAULTY)).start();
    client.open("main.tf");
    assert_eq!(client.await_findings("main.tf"), FOUND);
    let send = |settings| json!({ "settings": { "akslint": settings } });
    client.notify(
        "workspace/didChangeConfiguration",
        send(json!({ "enable": false })),
    );
    assert_eq!(client.await_diagnostics("main.tf"), []);
    client.notify(
        "workspace/didChangeConfiguration",
        send(json!({ "select": ["AKS1"] })),
    );
    assert_eq!(client.await_findings("main.tf"), FOUND);
    client.notify(
        "workspace/didChangeConfiguration",
        send(json!({ "select": ["capacity"] })),
    );
    assert_eq!(client.await_diagnostics("main.tf"), []);
}

#[test]
fn wrong_settings_are_said_once_and_change_nothing() {
    let mut client = Builder::new()
        .file("main.tf", network(FAULTY))
        .file("far/main.tf", network(SOUND))
        .folders(&["far"])
        .options(json!({ "ignore": ["AKS102"] }))
        .start();
    client.open("main.tf");
    client.open("far/main.tf");
    assert_eq!(client.await_findings("main.tf"), [""; 0]);
    assert_eq!(client.await_findings("far/main.tf"), [""; 0]);
    for (wrong, said) in [
        (json!({ "ignore": "AKS102" }), "akslint cannot read its settings"),
        (json!({ "ignore": ["AKS999"] }), "AKS999"),
        (json!({ "select": ["cidr-host-bit-set"] }), "cidr-host-bits-set"),
    ] {
        // Clients send what they have as often as they like.
        client.notify("workspace/didChangeConfiguration", json!({ "settings": wrong }));
        client.notify("workspace/didChangeConfiguration", json!({ "settings": wrong }));
        let shown = client.await_notification("window/showMessage");
        assert_eq!(shown["type"], 2);
        assert!(shown["message"].as_str().unwrap().contains(said), "{shown}");
        client.edit("main.tf", "vnet-shop", "vnet-shop-x");
        assert_eq!(client.await_findings("main.tf"), [""; 0]);
        client.edit("main.tf", "vnet-shop-x", "vnet-shop");
        assert_eq!(client.await_findings("main.tf"), [""; 0]);
    }
}

#[test]
fn wrong_options_of_the_greeting_are_said() {
    let mut client = Builder::new()
        .file("main.tf", network(FAULTY))
        .options(json!({ "enable": "yes" }))
        .start();
    let shown = client.await_notification("window/showMessage");
    assert!(shown["message"].as_str().unwrap().contains("settings"), "{shown}");
    client.open("main.tf");
    assert_eq!(client.await_findings("main.tf"), FOUND);
}

#[test]
fn variable_files_can_be_chosen() {
    let mut client = Builder::new()
        .file("main.tf", CLUSTER)
        .file("environments/prod.tfvars", service_cidr("10.1.4.0/24"))
        .file("environments/dev.tfvars", service_cidr("10.0.0.0/16"))
        .options(json!({ "variableFiles": ["environments/dev.tfvars"] }))
        .start();
    client.open("main.tf");
    let found = client.await_findings("main.tf");
    assert!(!found.iter().any(|line| line.starts_with("AKS110")), "{found:?}");
    let settings = json!({ "settings": { "variableFiles": ["environments/prod.tfvars"] } });
    client.notify("workspace/didChangeConfiguration", settings);
    let found = client.await_findings("main.tf");
    assert!(found.iter().any(|line| line.starts_with("AKS110")), "{found:?}");
}

#[test]
fn hints_are_asked_for_again_when_their_settings_change() {
    let mut client = Builder::new()
        .can("workspace.inlayHint.refreshSupport", true)
        .start();
    let settings = json!({ "settings": { "hints": { "capacity": false } } });
    client.notify("workspace/didChangeConfiguration", settings);
    client.accept("workspace/inlayHint/refresh");
}

/// A file is looked for in each folder, and is no business of documents outside.
#[test]
fn variable_files_belong_to_a_workspace_folder() {
    let mut client = Builder::new()
        .folders(&["a", "b"])
        .file("a/main.tf", CLUSTER)
        .file("a/environments/prod.tfvars", service_cidr("10.1.4.0/24"))
        .file("b/main.tf", CLUSTER)
        .file("b/environments/prod.tfvars", service_cidr("10.1.4.0/24"))
        .file("outside/main.tf", network(FAULTY))
        .options(json!({ "variableFiles": ["environments/prod.tfvars"] }))
        .start();
    for path in ["a/main.tf", "b/main.tf"] {
        client.open(path);
        let found = client.await_findings(path);
        assert!(found.iter().any(|line| line.starts_with("AKS110")), "{found:?}");
    }
    client.open("outside/main.tf");
    assert_eq!(client.await_findings("outside/main.tf"), FOUND);
}
