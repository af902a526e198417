//! SARIF reports follow the schema that OASIS publishes (`fixtures/sarif`).

#![allow(clippy::expect_used)] // A test may fail anywhere, in its helpers too.

mod common;

use std::collections::BTreeMap;

use akslint_core::report::{Format, report};
use serde_json::{Map, Value, json};

const CONFIGURATION: &str = r#"
resource "azurerm_kubernetes_cluster" "größe" {
  name = "aks-shop"

  default_node_pool {
    name       = "system"
    node_count = var.nodes
  }

  network_profile {
    network_plugin = "kubenet" # akslint: ignore[AKS951] moves in spring
    network_policy = "Calico"
    service_cidr   = var.range
  }
}

variable "range" {
  default = "10.0.0.0/33"
}

variable "nodes" {}
"#;

#[test]
fn reports_follow_the_schema() {
    let files = BTreeMap::from([
        ("with space/main.tf".to_owned(), CONFIGURATION.as_bytes().to_vec()),
        ("broken.tf".to_owned(), b"resource \"x\" {".to_vec()),
    ]);
    let mut settings = common::settings(None);
    settings.paths = vec![".".to_owned(), "nowhere".to_owned()];
    let analysis = common::check(&files, &settings);
    assert!(analysis.findings.len() > 2 && !analysis.failures.is_empty());
    let log: Value = serde_json::from_str(&report(Format::Sarif, &analysis)).expect("JSON");
    assert_eq!(faults(&log), Vec::<String>::new());
}

#[test]
fn the_validator_sees_mistakes() {
    let driver = json!({"name": "akslint", "rules": [{"id": "AKS110"}]});
    let mut log = json!({"version": "2.1.0", "runs": [{"tool": {"driver": driver}, "results": []}]});
    assert_eq!(faults(&log), Vec::<String>::new());
    log["runs"][0]["results"] = json!([{"level": "fatal", "locations": 3, "extra": 1}]);
    log["runs"][0]["tool"]["driver"]["rules"] = json!([{}, {}]);
    assert_eq!(
        faults(&log),
        [
            "/runs/0/results/0/extra is not in the schema",
            "/runs/0/results/0/level is none of the values",
            "/runs/0/results/0/locations is no array",
            "/runs/0/results/0 lacks message",
            "/runs/0/tool/driver/rules repeats a member",
            "/runs/0/tool/driver/rules/0 lacks id",
            "/runs/0/tool/driver/rules/1 lacks id",
        ]
    );
}

fn faults(log: &Value) -> Vec<String> {
    let path = common::repository().join("fixtures/sarif/sarif-schema-2.1.0.json");
    let schema: Value =
        serde_json::from_str(&std::fs::read_to_string(path).expect("the schema")).expect("JSON");
    let mut faults = Vec::new();
    validate(
        log,
        schema.as_object().expect("an object"),
        &schema,
        "",
        &mut faults,
    );
    faults
}

/// The keywords of JSON Schema that SARIF's schema uses; one that is not known here fails the test.
fn validate(value: &Value, rules: &Map<String, Value>, schema: &Value, at: &str, faults: &mut Vec<String>) {
    let mut fault = |text: &str| faults.push(format!("{at} {text}"));
    if let Some(kind) = rules.get("type").and_then(Value::as_str) {
        let fits = match kind {
            "object" => value.is_object(),
            "array" => value.is_array(),
            "string" => value.is_string(),
            "boolean" => value.is_boolean(),
            "integer" => value.is_i64() || value.is_u64(),
            "number" => value.is_number(),
            other => panic!("the type {other} is not known here"),
        };
        if !fits {
            return fault(&format!("is no {kind}"));
        }
    }
    for (keyword, rule) in rules {
        match keyword.as_str() {
            "type"
            | "$schema"
            | "$id"
            | "title"
            | "description"
            | "default"
            | "definitions"
            | "properties"
            | "additionalProperties"
            | "items"
            | "$ref"
            | "required"
            | "format" => {}
            "enum" => {
                if !rule.as_array().is_some_and(|values| values.contains(value)) {
                    fault("is none of the values");
                }
            }
            "minimum" => {
                if value.as_f64() < rule.as_f64() {
                    fault("is too small");
                }
            }
            "maximum" => {
                if value.as_f64() > rule.as_f64() {
                    fault("is too large");
                }
            }
            "minItems" => {
                if value.as_array().map(|list| list.len() as u64) < rule.as_u64() {
                    fault("has too few members");
                }
            }
            "uniqueItems" => {
                let list = value.as_array().map(Vec::as_slice).unwrap_or_default();
                let repeats = (1..list.len()).any(|index| list[..index].contains(&list[index]));
                if rule == &Value::Bool(true) && repeats {
                    fault("repeats a member");
                }
            }
            "anyOf" | "oneOf" => {
                let choices = rule.as_array().expect("choices");
                let fits = choices.iter().filter(|choice| {
                    let mut inner = Vec::new();
                    validate(
                        value,
                        choice.as_object().expect("a schema"),
                        schema,
                        at,
                        &mut inner,
                    );
                    inner.is_empty()
                });
                let fits = fits.count();
                if fits == 0 || keyword == "oneOf" && fits > 1 {
                    fault(&format!("fits {fits} of the choices"));
                }
            }
            other => panic!("{at}: the keyword {other} is not known here"),
        }
    }
    let resolved = |rule: &Value| -> Map<String, Value> { rule.as_object().expect("a schema").clone() };
    if let Some(reference) = rules.get("$ref").and_then(Value::as_str) {
        let target = schema
            .pointer(reference.trim_start_matches('#'))
            .expect("a definition");
        validate(value, &resolved(target), schema, at, faults);
    }
    if let (Some(list), Some(rule)) = (value.as_array(), rules.get("items")) {
        for (index, member) in list.iter().enumerate() {
            validate(member, &resolved(rule), schema, &format!("{at}/{index}"), faults);
        }
    }
    let Some(object) = value.as_object() else {
        return;
    };
    let known = rules.get("properties").and_then(Value::as_object);
    for (name, member) in object {
        let at = format!("{at}/{name}");
        match (
            known.and_then(|known| known.get(name)),
            rules.get("additionalProperties"),
        ) {
            (Some(rule), _) => validate(member, &resolved(rule), schema, &at, faults),
            (None, Some(Value::Bool(false))) => faults.push(format!("{at} is not in the schema")),
            (None, Some(Value::Object(rule))) => validate(member, rule, schema, &at, faults),
            (None, _) => {}
        }
    }
    for name in rules
        .get("required")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        let name = name.as_str().expect("a name");
        if !object.contains_key(name) {
            faults.push(format!("{at} lacks {name}"));
        }
    }
}
