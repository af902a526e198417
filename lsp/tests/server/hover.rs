//! What is known about the place under the pointer.

use gen_lsp_types::{Contents, HoverRequest, MarkupKind};
use serde_json::json;

use crate::harness::{Builder, Client};
use crate::samples::{CLUSTER, FAULTY, bicep, network, service_cidr, template};

/// What is shown for the beginning of a text, and what it is about.
fn hover(client: &mut Client, path: &str, part: &str) -> Option<(MarkupKind, String, String)> {
    let document = json!({ "uri": client.address(path) });
    let params = json!({ "textDocument": document, "position": client.range(path, part).start });
    let hover = client.request::<HoverRequest>(params)?;
    let about = client.at(path, hover.range.unwrap());
    match hover.contents {
        Contents::MarkupContent(content) => Some((content.kind, content.value, about)),
        other => panic!("{other:?}"),
    }
}

fn builder() -> Builder {
    Builder::new().can(
        "textDocument.hover.contentFormat",
        json!(["markdown", "plaintext"]),
    )
}

#[test]
fn a_range_has_its_size_and_a_value_its_origin() {
    let mut client = builder()
        .file("main.tf", CLUSTER)
        .file("terraform.tfvars", service_cidr("10.0.0.0/16"))
        .start();
    client.open("main.tf");
    client.await_diagnostics("main.tf");
    let (kind, text, about) = hover(&mut client, "main.tf", "10.1.4.0/22").unwrap();
    assert_eq!((kind, about.as_str()), (MarkupKind::Markdown, "\"10.1.4.0/22\""));
    assert!(text.contains("1,024") || text.contains("1024"), "{text}");
    let (_, text, about) = hover(&mut client, "main.tf", "var.service_cidr\n").unwrap();
    assert_eq!(about, "var.service_cidr");
    assert!(text.contains("10.0.0.0/16"), "{text}");
    let line = format!("{}#L1", client.address("terraform.tfvars"));
    assert!(text.contains(&line), "{text}");
    assert!(hover(&mut client, "main.tf", "type = string").is_none());
}

#[test]
fn a_rule_that_a_comment_names_has_its_page() {
    let text = format!("# akslint: ignore[AKS102] agreed\n{}", network(FAULTY));
    let mut client = builder().file("main.tf", text).start();
    client.open("main.tf");
    client.await_diagnostics("main.tf");
    let (_, text, about) = hover(&mut client, "main.tf", "AKS102").unwrap();
    assert_eq!(about, "AKS102");
    assert!(text.contains("cidr-host-bits-set"), "{text}");
}

#[test]
fn plain_text_goes_to_clients_that_show_no_markdown() {
    let mut client = Builder::new().file("main.tf", network(FAULTY)).start();
    client.open("main.tf");
    client.await_diagnostics("main.tf");
    let (kind, text, _) = hover(&mut client, "main.tf", FAULTY).unwrap();
    assert_eq!(kind, MarkupKind::PlainText);
    assert!(!text.contains(['`', '|']) && !text.contains("**"), "{text}");
}

/// The answer is about the text as it is now, though nothing was waited for.
#[test]
fn the_last_edit_counts() {
    let mut client = builder().file("main.tf", network(FAULTY)).start();
    client.open("main.tf");
    client.edit("main.tf", FAULTY, "10.9.0.0/24");
    let (_, text, about) = hover(&mut client, "main.tf", "10.9.0.0/24").unwrap();
    assert_eq!(about, "\"10.9.0.0/24\"");
    assert!(text.contains("256"), "{text}");
    client.await_diagnostics("main.tf");
}

#[test]
fn who_has_switched_akslint_off_is_left_alone() {
    let mut client = builder()
        .options(json!({ "enable": false }))
        .file("main.tf", network(FAULTY))
        .start();
    client.open("main.tf");
    assert_eq!(client.await_diagnostics("main.tf"), []);
    assert!(hover(&mut client, "main.tf", FAULTY).is_none());
}

#[test]
fn bicep_and_templates_have_it_as_well() {
    for (path, text) in [
        ("main.bicep", bicep("10.9.0.0/24")),
        ("azuredeploy.json", template("10.9.0.0/24")),
    ] {
        let mut client = builder().file(path, text).start();
        client.open(path);
        client.await_diagnostics(path);
        let (_, text, _) = hover(&mut client, path, "10.9.0.0/24").unwrap();
        assert!(text.contains("256"), "{text}");
    }
}

#[test]
fn documents_that_are_not_linted_have_nothing() {
    let mut client = builder().start();
    client.open_as("untitled:notes", "markdown", "10.9.0.0/24\n");
    assert!(hover(&mut client, "untitled:notes", "10.9").is_none());
    client.await_diagnostics("untitled:notes");
    let nowhere =
        json!({ "textDocument": { "uri": "file:///nowhere.tf" }, "position": { "line": 0, "character": 0 } });
    assert!(client.request::<HoverRequest>(nowhere).is_none());
}
