//! Changes in their order, and an answer to each.

use gen_lsp_types::DiagnosticSeverity;

use crate::harness::Builder;
use crate::samples::{FAULTY, FOUND, SOUND, network};

#[test]
fn three_hundred_fast_changes_end_where_they_should() {
    let mut client = Builder::new().file("main.tf", network(SOUND)).start();
    client.open("main.tf");
    assert_eq!(client.await_findings("main.tf"), [""; 0]);
    // A number that is typed and typed again, without waiting.
    let mut old = SOUND.to_owned();
    for number in 0..300 {
        let new = format!("10.2.0.{}/16", number % 250 + 1);
        client.edit("main.tf", &old, &new);
        old = new;
    }
    assert_eq!(client.version("main.tf"), Some(301));
    assert_eq!(client.await_findings("main.tf"), ["AKS102 \"10.2.0.50/16\""]);
}

#[test]
fn changes_of_one_message_build_on_each_other() {
    let mut client = Builder::new().file("main.tf", network(SOUND)).start();
    client.open("main.tf");
    client.await_diagnostics("main.tf");
    let steps = [
        ("\"10.2.0.0/16\"", "\"\""),
        ("[\"\"]", "[\"10.2.0.x/16\"]"),
        ("address_space", "\n  address_space"),
        ("x/16", "10/16"),
    ];
    client.edits("main.tf", &steps);
    assert_eq!(client.await_findings("main.tf"), FOUND);
}

#[test]
fn every_change_is_answered_even_when_nothing_changes() {
    let mut client = Builder::new().file("main.tf", network(FAULTY)).start();
    client.open("main.tf");
    assert_eq!(client.await_findings("main.tf"), FOUND);
    for _ in 0..3 {
        client.edit("main.tf", "vnet-shop", "vnet-shop-x");
        assert_eq!(client.await_findings("main.tf"), FOUND);
        client.edit("main.tf", "vnet-shop-x", "vnet-shop");
        assert_eq!(client.await_findings("main.tf"), FOUND);
    }
}

#[test]
fn the_whole_text_can_be_replaced() {
    let mut client = Builder::new().file("main.tf", network(SOUND)).start();
    client.open("main.tf");
    client.await_diagnostics("main.tf");
    client.replace("main.tf", &network(FAULTY));
    assert_eq!(client.await_findings("main.tf"), FOUND);
    client.replace("main.tf", "");
    assert_eq!(client.await_findings("main.tf"), [""; 0]);
}

/// What cannot be read is said, and the rest of the file keeps what is found in it.
#[test]
fn a_half_typed_file_keeps_the_findings_of_its_intact_parts() {
    let text = network(FAULTY);
    let mut client = Builder::new().file("main.tf", text.clone()).start();
    client.open("main.tf");
    assert_eq!(client.await_findings("main.tf"), FOUND);
    client.replace(
        "main.tf",
        &format!("{text}\nresource \"azurerm_subnet\" \"aks\" {{\n  name = \"snet"),
    );
    let diagnostics = client.await_diagnostics("main.tf");
    let found = client.short("main.tf", &diagnostics);
    assert!(found.contains(&FOUND[0].to_owned()), "{found:?}");
    assert!(found.iter().any(|line| line.starts_with("AKS001 ")), "{found:?}");
    assert_eq!(
        diagnostics
            .iter()
            .filter(|it| it.severity == Some(DiagnosticSeverity::Error))
            .count(),
        1
    );
}

/// A client that is out of step is no reason to fall over.
#[test]
fn changes_that_make_no_sense_do_no_harm() {
    let mut client = Builder::new().file("main.tf", network(SOUND)).start();
    let address = client.address("main.tf");
    let change = |line: u32| {
        let place = serde_json::json!({ "line": line, "character": 9999 });
        serde_json::json!({ "range": { "start": place, "end": place }, "text": "\n# end" })
    };
    let params = |line: u32| {
        serde_json::json!({
            "textDocument": { "uri": address, "version": 2 },
            "contentChanges": [change(line)],
        })
    };
    // Not open.
    client.notify("textDocument/didChange", params(0));
    client.notify(
        "textDocument/didClose",
        serde_json::json!({ "textDocument": { "uri": address } }),
    );
    // Nonsense.
    client.notify("textDocument/didChange", serde_json::json!({ "textDocument": 3 }));
    client.open("main.tf");
    assert_eq!(client.await_findings("main.tf"), [""; 0]);
    client.edit("main.tf", SOUND, FAULTY);
    assert_eq!(client.await_findings("main.tf"), FOUND);
}
