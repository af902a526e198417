//! What can be done about findings.

use gen_lsp_types::{CodeActionKind, CodeActionRequest, CodeActionResponse, ExecuteCommandRequest};
use lsp_server::ErrorCode;
use serde_json::{Value, json};

use crate::harness::{Builder, Client};
use crate::samples::{FAULTY, FOUND, SOUND, bicep, network};

/// Two ranges with a safe fix each, and a cluster with something to choose.
const TWO: &str = r#"resource "azurerm_virtual_network" "shop" {
  name          = "vnet-shop"
  address_space = ["10.2.0.10/16", "10.3.0.10/16"]
}
"#;

fn builder() -> Builder {
    Builder::new()
        .can(
            "textDocument.codeAction.codeActionLiteralSupport.codeActionKind.valueSet",
            json!(["quickfix"]),
        )
        .can("workspace.workspaceEdit.documentChanges", true)
}

/// The actions at the one place of a text.
fn actions(
    client: &mut Client,
    path: &str,
    part: &str,
    only: Option<&[&str]>,
) -> Vec<gen_lsp_types::CodeAction> {
    let mut context = json!({ "diagnostics": [] });
    if let Some(only) = only {
        context["only"] = json!(only);
    }
    let document = json!({ "uri": client.address(path) });
    let params = json!({ "textDocument": document, "range": client.range(path, part), "context": context });
    let actions = client.request::<CodeActionRequest>(params).unwrap();
    let actions = actions.into_iter().map(|action| match action {
        CodeActionResponse::CodeAction(action) => action,
        other => panic!("{other:?} is no action"),
    });
    actions.collect()
}

fn titles(actions: &[gen_lsp_types::CodeAction]) -> Vec<&str> {
    actions.iter().map(|action| action.title.as_str()).collect()
}

fn titled<'a>(actions: &'a [gen_lsp_types::CodeAction], title: &str) -> &'a gen_lsp_types::CodeAction {
    let found = actions.iter().find(|action| action.title == title);
    found.unwrap_or_else(|| panic!("no {title} among {:?}", titles(actions)))
}

#[test]
fn a_fix_mends_its_finding() {
    let mut client = builder().file("main.tf", network(FAULTY)).start();
    client.open("main.tf");
    assert_eq!(client.await_findings("main.tf"), FOUND);
    let offered = actions(&mut client, "main.tf", FAULTY, None);
    let fix = &offered[0];
    assert_eq!(fix.kind, Some(CodeActionKind::QuickFix));
    assert_eq!(fix.is_preferred, Some(true));
    let diagnostics = fix.diagnostics.as_ref().unwrap();
    assert_eq!(client.short("main.tf", diagnostics), FOUND);
    client.apply(fix.edit.as_ref().unwrap());
    assert_eq!(client.text("main.tf"), network(SOUND));
    assert_eq!(client.await_findings("main.tf"), [""; 0]);
    let offered = actions(&mut client, "main.tf", SOUND, None);
    assert_eq!(titles(&offered), [""; 0], "a fix that no longer fits");
}

#[test]
fn edits_name_the_version_that_they_are_for() {
    let mut client = builder().file("main.tf", network(SOUND)).start();
    client.open("main.tf");
    client.await_diagnostics("main.tf");
    client.edit("main.tf", SOUND, FAULTY);
    // Asked at once, without waiting for what is found.
    let offered = actions(&mut client, "main.tf", FAULTY, None);
    let edit = serde_json::to_value(&offered[0].edit).unwrap();
    assert_eq!(edit["documentChanges"][0]["textDocument"]["version"], 2);
    assert_eq!(edit["changes"], Value::Null);
    client.await_diagnostics("main.tf");
}

#[test]
fn clients_without_versions_get_plain_changes() {
    let mut client = builder()
        .can("workspace.workspaceEdit.documentChanges", false)
        .file("main.tf", network(FAULTY))
        .start();
    client.open("main.tf");
    client.await_diagnostics("main.tf");
    let offered = actions(&mut client, "main.tf", FAULTY, None);
    let edit = serde_json::to_value(&offered[0].edit).unwrap();
    let address = client.address("main.tf");
    assert_eq!(edit["changes"][address.as_str()].as_array().unwrap().len(), 1);
    assert_eq!(edit["documentChanges"], Value::Null);
}

#[test]
fn all_findings_of_a_rule_are_mended_at_once() {
    let mut client = builder().file("main.tf", TWO).start();
    client.open("main.tf");
    assert_eq!(client.await_diagnostics("main.tf").len(), 2);
    let offered = actions(&mut client, "main.tf", "10.2.0.10", None);
    let all = titled(&offered, "Fix all cidr-host-bits-set in this file");
    assert_eq!(all.diagnostics.as_ref().unwrap().len(), 2);
    client.apply(all.edit.as_ref().unwrap());
    assert!(
        client
            .text("main.tf")
            .contains(r#"["10.2.0.0/16", "10.3.0.0/16"]"#)
    );
    assert_eq!(client.await_findings("main.tf"), [""; 0]);
}

#[test]
fn everything_safe_is_mended_when_asked_for() {
    let mut client = builder().file("main.tf", TWO).start();
    client.open("main.tf");
    client.await_diagnostics("main.tf");
    let offered = actions(&mut client, "main.tf", "vnet-shop", None);
    assert_eq!(titles(&offered), [""; 0], "nothing is found there");
    for only in ["source", "source.fixAll", "source.fixAll.akslint"] {
        let offered = actions(&mut client, "main.tf", "vnet-shop", Some(&[only]));
        assert_eq!(titles(&offered), ["Apply all safe fixes of akslint"]);
    }
    let offered = actions(
        &mut client,
        "main.tf",
        "vnet-shop",
        Some(&["source.organizeImports", "source.fixAll.tf"]),
    );
    assert_eq!(titles(&offered), [""; 0]);
    let offered = actions(&mut client, "main.tf", "10.2.0.10", Some(&["refactor"]));
    assert_eq!(titles(&offered), [""; 0]);
    let offered = actions(&mut client, "main.tf", "vnet-shop", Some(&["source.fixAll"]));
    client.apply(offered[0].edit.as_ref().unwrap());
    assert_eq!(client.await_findings("main.tf"), [""; 0]);
    let offered = actions(&mut client, "main.tf", "vnet-shop", Some(&["source.fixAll"]));
    assert_eq!(titles(&offered), [""; 0]);
}

#[test]
fn a_finding_can_be_kept_quiet() {
    for (path, text) in [("main.tf", network(FAULTY)), ("main.bicep", bicep(FAULTY))] {
        let mut client = builder().file(path, text).start();
        client.open(path);
        assert_eq!(client.await_diagnostics(path).len(), 1);
        let offered = actions(&mut client, path, FAULTY, Some(&["quickfix"]));
        let ignore = titled(&offered, "Ignore AKS102 here");
        assert_eq!(ignore.is_preferred, None);
        client.apply(ignore.edit.as_ref().unwrap());
        assert!(
            client.text(path).contains("akslint: ignore[AKS102] reason"),
            "{}",
            client.text(path)
        );
        assert_eq!(client.await_findings(path), [""; 0]);
    }
}

/// A fix in a file that is not open names no version.
#[test]
fn fixes_reach_other_files() {
    let mut client = builder()
        .file(
            "main.tf",
            network("x").replace("\"x\"", "var.range") + "\nvariable \"range\" {\n  type = string\n}\n",
        )
        .file("terraform.tfvars", "range = \"10.2.0.10/16\"\n")
        .start();
    client.open("main.tf");
    assert_eq!(client.await_findings("main.tf"), ["AKS102 [var.range]"]);
    let offered = actions(&mut client, "main.tf", "[var.range]", Some(&["quickfix"]));
    let edit = serde_json::to_value(&offered[0].edit).unwrap();
    let change = &edit["documentChanges"][0];
    assert_eq!(
        change["textDocument"]["uri"],
        json!(client.address("terraform.tfvars"))
    );
    assert_eq!(change["textDocument"]["version"], Value::Null);
    assert!(
        change["edits"][0]["newText"]
            .as_str()
            .unwrap()
            .contains("10.2.0.0/16"),
        "{change}"
    );
}

#[test]
fn nothing_is_offered_to_clients_that_take_only_commands() {
    let client = Builder::new().start();
    assert_eq!(client.capabilities["codeActionProvider"], Value::Null);
    let client = builder().start();
    let kinds = &client.capabilities["codeActionProvider"]["codeActionKinds"];
    assert_eq!(*kinds, json!(["quickfix", "source.fixAll.akslint"]));
}

#[test]
fn a_rule_s_page_is_opened_by_the_client_or_through_it() {
    let mut client = builder().file("main.tf", network(FAULTY)).start();
    assert_eq!(client.capabilities["executeCommandProvider"], Value::Null);
    client.open("main.tf");
    client.await_diagnostics("main.tf");
    let offered = actions(&mut client, "main.tf", FAULTY, None);
    assert!(offered.iter().all(|action| action.command.is_none()));
    client.finish();

    for own in [
        builder().options(json!({ "commands": ["akslint.openRule"] })),
        builder().can("experimental.commands", json!(["akslint.openRule"])),
    ] {
        let mut client = own
            .can("window.showDocument.support", true)
            .file("main.tf", network(FAULTY))
            .start();
        assert_eq!(client.capabilities["executeCommandProvider"], Value::Null);
        client.open("main.tf");
        client.await_diagnostics("main.tf");
        let offered = actions(&mut client, "main.tf", FAULTY, None);
        let command = titled(&offered, "Open the page of AKS102")
            .command
            .clone()
            .unwrap();
        assert_eq!(
            (command.command.as_str(), command.arguments),
            ("akslint.openRule", Some(vec![json!("AKS102")]))
        );
    }

    let mut client = builder()
        .can("window.showDocument.support", true)
        .file("main.tf", network(FAULTY))
        .start();
    client.open("main.tf");
    client.await_diagnostics("main.tf");
    let offered = actions(&mut client, "main.tf", FAULTY, None);
    let command = titled(&offered, "Open the page of AKS102")
        .command
        .clone()
        .unwrap();
    assert_eq!(
        client.capabilities["executeCommandProvider"]["commands"],
        json!([command.command])
    );
    let params = json!({ "command": command.command, "arguments": command.arguments });
    assert_eq!(client.request::<ExecuteCommandRequest>(params), None);
    let (id, params) = client.await_request("window/showDocument");
    assert_eq!(params["external"], true);
    assert!(
        params["uri"]
            .as_str()
            .unwrap()
            .ends_with("AKS102-cidr-host-bits-set.md"),
        "{params}"
    );
    client.reply(id, json!({ "success": true }));
    for wrong in [
        json!({ "command": "rm" }),
        json!({ "command": command.command, "arguments": ["AKS999"] }),
    ] {
        let error = client.try_request("workspace/executeCommand", wrong).unwrap_err();
        assert_eq!(error.code, ErrorCode::InvalidParams as i32);
    }
}
