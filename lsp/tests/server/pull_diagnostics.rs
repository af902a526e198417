//! Diagnostics that the client asks for.

use gen_lsp_types::{DocumentDiagnosticReport as Report, DocumentDiagnosticRequest};
use serde_json::{Value, json};

use crate::harness::{Builder, Client};
use crate::samples::{CLUSTER, FAULTY, FOUND, SOUND, network, service_cidr};

/// What is found in a file, and the name of the result; nothing when it is still the result that is named.
fn pull(client: &mut Client, path: &str, previous: Option<&str>) -> (Option<Vec<String>>, String) {
    let mut params = json!({ "textDocument": { "uri": client.address(path) } });
    if let Some(previous) = previous {
        params["previousResultId"] = json!(previous);
    }
    match client.request::<DocumentDiagnosticRequest>(params) {
        Report::RelatedFullDocumentDiagnosticReport(report) => {
            let report = report.full_document_diagnostic_report;
            let found = client.short(path, &report.items);
            (Some(found), report.result_id.unwrap())
        }
        Report::RelatedUnchangedDocumentDiagnosticReport(report) => {
            (None, report.unchanged_document_diagnostic_report.result_id)
        }
    }
}

#[test]
fn a_client_that_asks_is_not_pushed_to() {
    let mut client = Builder::new().pulls().file("main.tf", network(SOUND)).start();
    assert_eq!(
        client.capabilities["diagnosticProvider"]["interFileDependencies"],
        true
    );
    client.open("main.tf");
    let (found, sound) = pull(&mut client, "main.tf", None);
    assert_eq!(found.unwrap(), [""; 0]);
    client.edit("main.tf", SOUND, FAULTY);
    let (found, faulty) = pull(&mut client, "main.tf", Some(&sound));
    assert_eq!(found.unwrap(), FOUND);
    assert_ne!(sound, faulty);
    assert_eq!(
        pull(&mut client, "main.tf", Some(&faulty)),
        (None, faulty.clone())
    );
    client.edit("main.tf", FAULTY, SOUND);
    let (found, again) = pull(&mut client, "main.tf", Some(&faulty));
    assert_eq!((found.unwrap(), again), (vec![], sound));
}

/// What is open is asked for; what was pushed for it before is taken back, and what is found in other files is
/// pushed as ever.
#[test]
fn unopened_files_are_pushed() {
    let mut client = Builder::new()
        .pulls()
        .file("a/main.tf", network(FAULTY))
        .file("b/main.tf", network(FAULTY))
        .start();
    assert_eq!(client.await_findings("a/main.tf"), FOUND);
    assert_eq!(client.await_findings("b/main.tf"), FOUND);
    client.open("a/main.tf");
    let message = client.await_notification("textDocument/publishDiagnostics");
    assert_eq!(message["uri"], json!(client.address("a/main.tf")));
    assert_eq!(message["diagnostics"], json!([]));
    assert_eq!(pull(&mut client, "a/main.tf", None).0.unwrap(), FOUND);
    client.close("a/main.tf");
    assert_eq!(client.await_findings("a/main.tf"), FOUND);
}

#[test]
fn the_client_is_told_to_ask_again_when_another_file_changes_the_findings() {
    let mut client = Builder::new()
        .pulls()
        .can("workspace.didChangeWatchedFiles.dynamicRegistration", true)
        .file("main.tf", CLUSTER)
        .file("terraform.tfvars", service_cidr("10.0.0.0/16"))
        .start();
    client.open("main.tf");
    let (before, name) = pull(&mut client, "main.tf", None);
    client.open("terraform.tfvars");
    pull(&mut client, "terraform.tfvars", None);
    client.edit("terraform.tfvars", "10.0.0.0/16", "10.1.4.0/24");
    let (id, params) = client.await_request("workspace/diagnostic/refresh");
    assert_eq!(params, Value::Null);
    client.reply(id, Value::Null);
    let (after, _) = pull(&mut client, "main.tf", Some(&name));
    assert_ne!(before, after);
    assert!(after.unwrap().iter().any(|line| line.starts_with("AKS110")));
    pull(&mut client, "terraform.tfvars", None);
}
