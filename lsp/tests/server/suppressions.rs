//! What is offered inside suppressions: completion, and links to pages.

use gen_lsp_types::{CompletionItemTextEdit, CompletionRequest, CompletionResponse, DocumentLinkRequest};
use serde_json::json;

use crate::harness::{Builder, Client};
use crate::samples::{FAULTY, SOUND, network};

/// What can be written behind a text, and what that replaces.
fn completions(client: &mut Client, path: &str, part: &str) -> Vec<(String, String)> {
    let document = json!({ "uri": client.address(path) });
    let params = json!({ "textDocument": document, "position": client.range(path, part).end });
    let items = match client.request::<CompletionRequest>(params) {
        None => Vec::new(),
        Some(CompletionResponse::CompletionItemList(items)) => items,
        Some(other) => panic!("{other:?}"),
    };
    let items = items.into_iter().map(|item| match item.text_edit {
        Some(CompletionItemTextEdit::TextEdit(edit)) => (edit.new_text, client.at(path, edit.range)),
        other => panic!("{other:?}"),
    });
    items.collect()
}

#[test]
fn codes_and_names_complete_in_comments_and_nothing_elsewhere() {
    let mut client = Builder::new().file("main.tf", network(SOUND)).start();
    let triggers = &client.capabilities["completionProvider"]["triggerCharacters"];
    assert_eq!(*triggers, json!(["[", ",", ":", " "]));
    client.open("main.tf");
    assert_eq!(completions(&mut client, "main.tf", "address_space = ["), []);
    client.await_diagnostics("main.tf");
    client.edit("main.tf", "  name ", "  # akslint: ignore[AKS11\n  name ");
    let items = completions(&mut client, "main.tf", "ignore[AKS11");
    assert!(
        items.contains(&("AKS110".to_owned(), "AKS11".to_owned())),
        "{items:?}"
    );
    assert!(
        items
            .iter()
            .any(|(text, _)| text == "service-cidr-overlaps-subnet"),
        "{items:?}"
    );
    client.edit("main.tf", "ignore[AKS11", "ignore[AKS110, ");
    let items = completions(&mut client, "main.tf", "ignore[AKS110, ");
    assert!(
        !items.is_empty() && items.iter().all(|(text, _)| text != "AKS110"),
        "{items:?}"
    );
    client.edit("main.tf", " ignore[AKS110, ", "");
    let items = completions(&mut client, "main.tf", "# akslint:");
    assert!(
        items.iter().any(|(text, _)| text.trim() == "ignore["),
        "{items:?}"
    );
    assert_eq!(completions(&mut client, "main.tf", "address_space = ["), []);
    client.await_diagnostics("main.tf");
}

#[test]
fn rules_lead_to_their_pages() {
    let text = format!(
        "# akslint: ignore[AKS102, vnet-region-mismatch] agreed\n{}",
        network(FAULTY)
    );
    let mut client = Builder::new().file("main.tf", text).start();
    client.open("main.tf");
    client.await_diagnostics("main.tf");
    let params = json!({ "textDocument": { "uri": client.address("main.tf") } });
    let links = client.request::<DocumentLinkRequest>(params).unwrap();
    let links: Vec<(String, String)> = links
        .into_iter()
        .map(|link| {
            (
                client.at("main.tf", link.range),
                link.target.unwrap().path().to_owned(),
            )
        })
        .collect();
    assert_eq!(links.len(), 2, "{links:?}");
    assert_eq!(links[0].0, "AKS102");
    assert!(links[0].1.ends_with("/AKS102-cidr-host-bits-set.md"), "{links:?}");
    assert_eq!(links[1].0, "vnet-region-mismatch");
}
