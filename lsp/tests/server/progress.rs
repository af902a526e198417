//! Work-done progress on a first run that lasts. How it is told is tested with the module itself; here the work
//! may be over before the client has made a token, and then nothing is told.

use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::Builder;
use crate::samples::{FAULTY, network};

#[test]
fn long_work_is_shown_from_its_beginning_to_its_end() {
    let mut builder = Builder::new().patience(Duration::ZERO);
    for number in 0..60 {
        builder = builder.file(&format!("{number}/main.tf"), network(FAULTY));
    }
    let mut client = builder.start();
    let (id, params) = client.await_request("window/workDoneProgress/create");
    client.reply(id, Value::Null);
    for number in 0..60 {
        client.await_diagnostics(&format!("{number}/main.tf"));
    }
    assert_eq!(
        client.try_request("shutdown", Value::Null).ok(),
        Some(Value::Null)
    );
    let told = client.received("$/progress");
    assert!(told.iter().all(|told| told["token"] == params["token"]));
    let kinds: Vec<&Value> = told.iter().map(|told| &told["value"]["kind"]).collect();
    if let [first, between @ .., last] = kinds.as_slice() {
        assert_eq!((*first, *last), (&json!("begin"), &json!("end")));
        assert!(between.iter().all(|kind| **kind == json!("report")));
    } else {
        assert!(kinds.is_empty(), "{kinds:?}");
    }
    client.notify("exit", Value::Null);
    client.join();
}

#[test]
fn clients_that_show_no_progress_are_not_asked_to() {
    let mut client = Builder::new()
        .patience(Duration::ZERO)
        .can("window.workDoneProgress", false)
        .file("main.tf", network(FAULTY))
        .start();
    client.await_diagnostics("main.tf");
}
