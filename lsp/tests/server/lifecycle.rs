//! Requests and their ends, the session and its end.

use akslint_lsp::Exit;
use lsp_server::ErrorCode;
use serde_json::{Value, json};

use crate::harness::Builder;
use crate::samples::{FAULTY, FOUND, network};

#[test]
fn the_server_says_who_it_is_and_offers_only_what_it_does() {
    let client = Builder::new().start();
    let sync = &client.capabilities["textDocumentSync"];
    assert_eq!(sync["openClose"], true);
    assert_eq!(sync["change"], 2);
    assert_eq!(
        client.capabilities["workspace"]["workspaceFolders"]["supported"],
        true
    );
    assert_eq!(client.capabilities["diagnosticProvider"], Value::Null);
}

#[test]
fn unknown_methods_are_refused() {
    let mut client = Builder::new().start();
    let error = client.try_request("textDocument/moniker", json!({})).unwrap_err();
    assert_eq!(error.code, ErrorCode::MethodNotFound as i32);
    client.notify("$/setTrace", json!({ "value": "off" }));
    client.notify("textDocument/unheardOf", json!([1]));
}

#[test]
fn parameters_that_cannot_be_read_are_refused() {
    let mut client = Builder::new().pulls().start();
    let error = client
        .try_request("textDocument/diagnostic", json!({ "textDocument": 3 }))
        .unwrap_err();
    assert_eq!(error.code, ErrorCode::InvalidParams as i32);
}

/// The request waits behind the first run, and the cancellation comes before its turn, or after its answer: it is
/// answered once either way.
#[test]
fn a_request_that_is_taken_back_is_answered_once() {
    let mut builder = Builder::new().pulls();
    for number in 0..20 {
        builder = builder.file(&format!("{number}/main.tf"), network(FAULTY));
    }
    let mut client = builder.file("main.tf", network(FAULTY)).start();
    for number in 0..20 {
        client.await_diagnostics(&format!("{number}/main.tf"));
    }
    client.await_diagnostics("main.tf");
    let document = json!({ "textDocument": { "uri": client.address("main.tf") } });
    let requests: Vec<_> = (0..40)
        .map(|_| client.send_request("textDocument/diagnostic", document.clone()))
        .collect();
    for id in &requests {
        client.notify("$/cancelRequest", json!({ "id": id }));
    }
    for id in &requests {
        match client.answer(id) {
            Ok(report) => assert_eq!(report["kind"], "full"),
            Err(error) => assert_eq!(error.code, ErrorCode::RequestCanceled as i32),
        }
    }
    // One that nobody made.
    client.notify("$/cancelRequest", json!({ "id": "nobody" }));
}

#[test]
fn after_shutdown_nothing_is_done() {
    let mut client = Builder::new().file("main.tf", network(FAULTY)).start();
    assert_eq!(client.await_findings("main.tf"), FOUND);
    assert_eq!(
        client.try_request("shutdown", Value::Null).ok(),
        Some(Value::Null)
    );
    let error = client
        .try_request("textDocument/diagnostic", json!({}))
        .unwrap_err();
    assert_eq!(error.code, ErrorCode::InvalidRequest as i32);
    let error = client.try_request("shutdown", Value::Null).unwrap_err();
    assert_eq!(error.code, ErrorCode::InvalidRequest as i32);
    client.open("main.tf");
    client.notify("exit", Value::Null);
    assert_eq!(client.join(), Exit::AfterShutdown);
}

#[test]
fn exit_without_shutdown_is_an_error() {
    let client = Builder::new().start();
    assert_eq!(client.leave(), Exit::WithoutShutdown);
}

#[test]
fn a_client_that_vanishes_ends_the_session() {
    let client = Builder::new().start();
    assert_eq!(client.vanish(), Exit::WithoutShutdown);
    let mut client = Builder::new().start();
    assert_eq!(
        client.try_request("shutdown", Value::Null).ok(),
        Some(Value::Null)
    );
    assert_eq!(client.vanish(), Exit::AfterShutdown);
}

/// Work that is not done yet is not waited for.
#[test]
fn shutdown_does_not_wait_for_the_first_run() {
    let mut builder = Builder::new();
    for number in 0..50 {
        builder = builder.file(&format!("{number}/main.tf"), network("10.2.0.0/16"));
    }
    builder.start().finish();
}
