//! Where values come from, for those who want that.

use gen_lsp_types::{Definition, DefinitionRequest, DefinitionResponse};
use serde_json::{Value, json};

use crate::harness::{Builder, Client};
use crate::samples::{CLUSTER, service_cidr};

fn places(client: &mut Client, path: &str, part: &str) -> Vec<String> {
    let document = json!({ "uri": client.address(path) });
    let params = json!({ "textDocument": document, "position": client.range(path, part).start });
    match client.request::<DefinitionRequest>(params) {
        None => Vec::new(),
        Some(DefinitionResponse::Definition(Definition::LocationList(locations))) => {
            let place = |location: &gen_lsp_types::Location| {
                let path = client.path(&location.uri);
                format!("{path} {}", client.at(&path, location.range))
            };
            locations.iter().map(place).collect()
        }
        Some(other) => panic!("{other:?}"),
    }
}

fn builder() -> Builder {
    Builder::new()
        .file("main.tf", CLUSTER)
        .file("terraform.tfvars", service_cidr("10.0.0.0/16"))
}

#[test]
fn they_are_off_unless_the_user_wants_them() {
    let mut client = builder().start();
    assert_eq!(client.capabilities["definitionProvider"], Value::Null);
    client.open("main.tf");
    client.await_diagnostics("main.tf");
    assert_eq!(places(&mut client, "main.tf", "var.service_cidr\n"), [""; 0]);
}

#[test]
fn they_lead_to_where_a_value_is_set() {
    let mut client = builder().options(json!({ "definitions": true })).start();
    assert_eq!(client.capabilities["definitionProvider"], true);
    client.open("main.tf");
    client.await_diagnostics("main.tf");
    let places = places(&mut client, "main.tf", "var.service_cidr\n");
    assert!(
        places.contains(&"terraform.tfvars \"10.0.0.0/16\"".to_owned()),
        "{places:?}"
    );
}

#[test]
fn they_are_offered_later_where_the_client_can_be_told() {
    let mut client = builder()
        .can("textDocument.definition.dynamicRegistration", true)
        .start();
    assert_eq!(client.capabilities["definitionProvider"], Value::Null);
    let settings = |wanted: bool| json!({ "settings": { "definitions": wanted } });
    client.notify("workspace/didChangeConfiguration", settings(true));
    let params = client.accept("client/registerCapability");
    assert_eq!(params["registrations"][0]["method"], "textDocument/definition");
    client.notify("workspace/didChangeConfiguration", settings(true));
    client.notify("workspace/didChangeConfiguration", settings(false));
    let params = client.accept("client/unregisterCapability");
    assert_eq!(params["unregisterations"][0]["method"], "textDocument/definition");
}
