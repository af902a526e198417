//! Workspace folders that are added and removed.

use serde_json::{Value, json};

use crate::harness::{Builder, Client};
use crate::samples::{FAULTY, FOUND, SOUND, network};

fn change(client: &mut Client, added: &[&str], removed: &[&str]) {
    let folders = |names: &[&str]| -> Vec<Value> {
        let folder = |name: &&str| json!({ "uri": client.address(name), "name": name });
        names.iter().map(folder).collect()
    };
    let event = json!({ "added": folders(added), "removed": folders(removed) });
    client.notify("workspace/didChangeWorkspaceFolders", json!({ "event": event }));
}

fn two() -> Builder {
    Builder::new()
        .file("a/main.tf", network(FAULTY))
        .file("b/main.tf", network("10.3.0.9/16"))
}

#[test]
fn folders_come_and_go() {
    let mut client = two().folders(&["a"]).start();
    assert_eq!(client.await_findings("a/main.tf"), FOUND);
    // What was said stays, and is not said again.
    change(&mut client, &["b"], &[]);
    assert_eq!(client.await_findings("b/main.tf"), ["AKS102 \"10.3.0.9/16\""]);
    change(&mut client, &[], &["a"]);
    assert_eq!(client.await_diagnostics("a/main.tf"), []);
    change(&mut client, &[], &["b"]);
    assert_eq!(client.await_diagnostics("b/main.tf"), []);
}

#[test]
fn what_is_no_longer_found_is_taken_back_after_the_folders_have_changed() {
    let mut client = two().folders(&["a"]).start();
    assert_eq!(client.await_findings("a/main.tf"), FOUND);
    // Nobody told of this, but folders that change are looked at anew.
    client.write("a/main.tf", &network(SOUND));
    change(&mut client, &["b"], &[]);
    assert_eq!(client.await_findings("b/main.tf"), ["AKS102 \"10.3.0.9/16\""]);
    assert_eq!(client.await_diagnostics("a/main.tf"), []);
}

#[test]
fn an_open_document_moves_into_the_folder_that_is_added_around_it() {
    let mut client = two().folders(&["a"]).start();
    assert_eq!(client.await_findings("a/main.tf"), FOUND);
    client.open("b/main.tf");
    assert_eq!(client.await_findings("b/main.tf"), ["AKS102 \"10.3.0.9/16\""]);
    client.edit("b/main.tf", "10.3.0.9/16", SOUND);
    assert_eq!(client.await_findings("b/main.tf"), [""; 0]);
    change(&mut client, &["b"], &["a"]);
    assert_eq!(client.await_diagnostics("a/main.tf"), []);
    assert_eq!(client.await_findings("b/main.tf"), [""; 0]);
    client.edit("b/main.tf", SOUND, FAULTY);
    assert_eq!(client.await_findings("b/main.tf"), FOUND);
    // Nothing of it is forgotten when the folder goes.
    change(&mut client, &[], &["b"]);
    assert_eq!(client.await_findings("b/main.tf"), FOUND);
}

#[test]
fn a_folder_can_be_named_by_clients_of_old() {
    let mut client = two().without_workspace().start();
    // Nothing is looked at that nobody named.
    client.open("a/main.tf");
    assert_eq!(client.await_findings("a/main.tf"), FOUND);
}
