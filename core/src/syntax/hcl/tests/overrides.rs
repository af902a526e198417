//! What stands in the merged blocks, as Terraform merges override files.

use std::fmt::Write as _;

use super::super::tree::{Block, Body, ExpressionKind, File};
use super::super::{Notation, merge_overrides, parse};
use crate::source::FileId;

fn blocks(number: u32, text: &str, notation: Notation) -> Vec<Block> {
    let File { body, errors, .. } = parse(FileId(number), text, notation);
    assert_eq!(errors, []);
    body.blocks
}

/// One line per argument and block; the number is the file that an argument stands in.
fn outline(body: &Body, level: usize, out: &mut String) {
    let indent = "  ".repeat(level);
    for attribute in &body.attributes {
        let value = match &attribute.value.kind {
            ExpressionKind::String(text) => text.as_ref(),
            _ => "…",
        };
        let _ = writeln!(
            out,
            "{indent}{} = {value} ({})",
            attribute.name, attribute.span.file.0
        );
    }
    for block in &body.blocks {
        let labels: String = block
            .labels
            .iter()
            .map(|label| format!(" {}", label.text))
            .collect();
        let _ = writeln!(out, "{indent}{}{labels}", block.kind);
        outline(&block.body, level + 1, out);
    }
}

fn merged(base: &str, overrides: &[(&str, Notation)]) -> String {
    let base = blocks(0, base, Notation::Native);
    let overrides = (1..).zip(overrides);
    let overrides = overrides.flat_map(|(number, (text, notation))| blocks(number, text, *notation));
    let mut body = parse(FileId(0), "", Notation::Native).body;
    body.blocks = merge_overrides(base, overrides.collect());
    let mut out = String::new();
    outline(&body, 0, &mut out);
    out
}

#[test]
fn nested_blocks_are_replaced_by_kind_and_arguments_by_name() {
    let base = r#"
resource "azurerm_kubernetes_cluster" "main" {
  name     = "base"
  location = "base"
  identity {
    type = "base"
  }
  network_profile {
    network_plugin = "base"
    pod_cidr       = "base"
  }
  dynamic "api_server_access_profile" {
    for_each = []
    content {}
  }
  lifecycle {
    prevent_destroy = false
    ignore_changes  = [tags]
  }
}
resource "azurerm_subnet" "main" {
  name = "base"
  delegation {
    name = "base"
  }
}
"#;
    let over = r#"
resource "azurerm_kubernetes_cluster" "main" {
  name = "over"
  tags = {}
  network_profile {
    network_plugin = "over"
  }
  api_server_access_profile {
    subnet_id = "over"
  }
  lifecycle {
    ignore_changes = [name]
  }
}
"#;
    let json = r#"{"resource": {"azurerm_subnet": {"main": {"delegation": {"name": "json"}}, "new": {}}}}"#;
    let expected = "\
resource azurerm_kubernetes_cluster main
  name = over (1)
  location = base (0)
  tags = … (1)
  identity
    type = base (0)
  lifecycle
    prevent_destroy = … (0)
    ignore_changes = … (1)
  network_profile
    network_plugin = over (1)
  api_server_access_profile
    subnet_id = over (1)
resource azurerm_subnet main
  name = base (0)
  delegation = … (2)
resource azurerm_subnet new
";
    let overrides = [(over, Notation::Native), (json, Notation::Json)];
    assert_eq!(merged(base, &overrides), expected);
}

#[test]
fn locals_and_settings_are_replaced_one_by_one() {
    let base = r#"
terraform {
  required_version = "base"
  required_providers {
    azurerm = "base"
    azapi   = "base"
  }
  backend "local" {}
}
locals {
  a = "base"
  b = "base"
}
provider "azurerm" {
  features {}
}
provider "azurerm" {
  alias = "hub"
  tenant_id = "base"
}
"#;
    let over = r#"
terraform {
  required_providers {
    azurerm = "over"
    random  = "over"
  }
  backend "azurerm" {}
}
locals {
  b = "over"
  c = "over"
}
provider "azurerm" {
  alias     = "hub"
  tenant_id = "over"
}
"#;
    let expected = "\
terraform
  required_version = base (0)
  required_providers
    azurerm = over (1)
    azapi = base (0)
locals
  a = base (0)
  b = over (1)
provider azurerm
  features
provider azurerm
  alias = hub (1)
  tenant_id = over (1)
terraform
  required_providers
    random = over (1)
  backend azurerm
locals
  c = over (1)
";
    assert_eq!(merged(base, &[(over, Notation::Native)]), expected);
}
