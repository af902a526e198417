//! Small texts that several tests use.

/// A network with this address space. AKS102 finds that `10.2.0.10/16` is not the first address of its range.
pub(crate) fn network(range: &str) -> String {
    format!(
        r#"resource "azurerm_virtual_network" "shop" {{
  name          = "vnet-shop"
  address_space = ["{range}"]
}}
"#
    )
}

pub(crate) const FAULTY: &str = "10.2.0.10/16";
pub(crate) const SOUND: &str = "10.2.0.0/16";

/// What is found in [`network`] with [`FAULTY`].
pub(crate) const FOUND: &[&str] = &["AKS102 \"10.2.0.10/16\""];

/// The parts of a root module whose service range is a variable: AKS110 when it overlaps 10.1.4.0/22.
pub(crate) const CLUSTER: &str = r#"variable "service_cidr" {
  type = string
}

resource "azurerm_virtual_network" "shop" {
  name          = "vnet-shop"
  address_space = ["10.1.0.0/20"]
}

resource "azurerm_subnet" "aks" {
  name                 = "snet-aks"
  virtual_network_name = azurerm_virtual_network.shop.name
  address_prefixes     = ["10.1.4.0/22"]
}

resource "azurerm_kubernetes_cluster" "shop" {
  name = "aks-shop"

  default_node_pool {
    name           = "system"
    node_count     = 3
    vnet_subnet_id = azurerm_subnet.aks.id
  }

  network_profile {
    network_plugin      = "azure"
    network_plugin_mode = "overlay"
    network_policy      = "cilium"
    network_data_plane  = "cilium"
    service_cidr        = var.service_cidr
    dns_service_ip      = cidrhost(var.service_cidr, 10)
  }
}
"#;

/// `terraform.tfvars` for [`CLUSTER`].
pub(crate) fn service_cidr(range: &str) -> String {
    format!("service_cidr = \"{range}\"\n")
}

/// A module that makes a network with the range that it is given.
pub(crate) const NETWORK_MODULE: &str = r#"variable "range" {
  type = string
}

resource "azurerm_virtual_network" "this" {
  name          = "vnet"
  address_space = [var.range]
}
"#;

/// A root module that calls it.
pub(crate) fn caller(range: &str) -> String {
    format!(
        r#"module "network" {{
  source = "../modules/network"
  range  = "{range}"
}}
"#
    )
}

pub(crate) fn bicep(range: &str) -> String {
    format!(
        "resource network 'Microsoft.Network/virtualNetworks@2024-05-01' = {{
  name: 'vnet-shop'
  location: resourceGroup().location
  properties: {{
    addressSpace: {{
      addressPrefixes: [
        '{range}'
      ]
    }}
  }}
}}
"
    )
}

pub(crate) fn template(range: &str) -> String {
    format!(
        r#"{{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "resources": [
    {{
      "type": "Microsoft.Network/virtualNetworks",
      "apiVersion": "2024-05-01",
      "name": "vnet-shop",
      "location": "westeurope",
      "properties": {{ "addressSpace": {{ "addressPrefixes": ["{range}"] }} }}
    }}
  ]
}}
"#
    )
}
