//! Generated Terraform for measurements of what an editor asks: a root module in one file of about 1,500 lines,
//! and one of 30 files and about 5,000 lines with modules.

#![allow(dead_code)] // Not everyone who measures needs both.

const HEAD: &str = r#"terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "~> 4.50"
    }
  }
}

variable "location" {
  description = "Azure region of all resources."
  type        = string
  default     = "westeurope"
}

variable "resource_group_name" {
  type    = string
  default = "rg-platform"
}

variable "address_space" {
  description = "Range of the virtual network."
  type        = string
  default     = "10.64.0.0/12"
}

variable "kubernetes_version" {
  type    = string
  default = "1.33"
}

locals {
  tags         = { platform = "aks", location = var.location }
  service_cidr = "172.20.0.0/16"
}

resource "azurerm_virtual_network" "main" {
  name                = "vnet-platform"
  location            = var.location
  resource_group_name = var.resource_group_name
  address_space       = [var.address_space]
  tags                = local.tags
}
"#;

/// A root module in one file: six clusters with six node pools each, in a subnet with a security group each.
pub(crate) fn one_file() -> String {
    let mut text = HEAD.to_owned();
    for number in 0..6 {
        text += &network(number);
        text += &cluster(number, 6);
    }
    text
}

/// A root module that calls nine modules, each with a network, two clusters and their pools: path and text.
pub(crate) fn modules() -> Vec<(String, String)> {
    let mut root = String::new();
    let mut outputs = String::new();
    for number in 0..9 {
        root += &format!(
            r#"
module "stage{number}" {{
  source = "./modules/stage{number}"

  location            = local.location
  resource_group_name = azurerm_resource_group.main.name
  address_space       = cidrsubnet(local.range, 4, {number})
  kubernetes_version  = "1.33"
}}
"#
        );
        outputs += &format!(
            "output \"subnets_of_stage{number}\" {{\n  value = module.stage{number}.subnet_ids\n}}\n\n"
        );
    }
    let locals = r#"locals {
  location = "westeurope"
  range    = "10.0.0.0/8"
}

resource "azurerm_resource_group" "main" {
  name     = "rg-platform"
  location = local.location
}
"#;
    let mut files = vec![
        ("main.tf".to_owned(), root),
        ("locals.tf".to_owned(), locals.to_owned()),
        ("outputs.tf".to_owned(), outputs),
    ];
    for number in 0..9 {
        let folder = format!("modules/stage{number}");
        let numbers = [2 * number, 2 * number + 1];
        let networks = HEAD.to_owned() + &numbers.map(network).concat();
        let clusters = numbers.map(|number| cluster(number, 6)).concat();
        let subnets = numbers
            .map(|number| format!("    azurerm_subnet.nodes_{number:02}.id,\n"))
            .concat();
        let outputs = format!("output \"subnet_ids\" {{\n  value = [\n{subnets}  ]\n}}\n");
        files.push((format!("{folder}/network.tf"), networks));
        files.push((format!("{folder}/clusters.tf"), clusters));
        files.push((format!("{folder}/outputs.tf"), outputs));
    }
    files
}

fn network(number: usize) -> String {
    let rules = [
        ("allow-https", 200, "Allow", "443"),
        ("allow-http", 210, "Allow", "80"),
        ("deny-ssh", 300, "Deny", "22"),
        ("deny-rdp", 310, "Deny", "3389"),
    ];
    let rules = rules.map(|(name, priority, access, port)| {
        format!(
            r#"
  security_rule {{
    name                       = "{name}"
    priority                   = {priority}
    direction                  = "Inbound"
    access                     = "{access}"
    protocol                   = "Tcp"
    source_address_prefix      = "Internet"
    source_port_range          = "*"
    destination_address_prefix = "*"
    destination_port_range     = "{port}"
  }}
"#
        )
    });
    let rules = rules.concat();
    format!(
        r#"
# Network of cluster {number:02}.
resource "azurerm_subnet" "nodes_{number:02}" {{
  name                 = "snet-nodes-{number:02}"
  resource_group_name  = var.resource_group_name
  virtual_network_name = azurerm_virtual_network.main.name
  address_prefixes     = [cidrsubnet(var.address_space, 8, {number})]
}}

resource "azurerm_network_security_group" "nodes_{number:02}" {{
  name                = "nsg-nodes-{number:02}"
  location            = var.location
  resource_group_name = var.resource_group_name
  tags                = merge(local.tags, {{ cluster = "{number:02}" }})
{rules}}}

resource "azurerm_subnet_network_security_group_association" "nodes_{number:02}" {{
  subnet_id                 = azurerm_subnet.nodes_{number:02}.id
  network_security_group_id = azurerm_network_security_group.nodes_{number:02}.id
}}
"#
    )
}

fn cluster(number: usize, pools: usize) -> String {
    let mut text = format!(
        r#"
resource "azurerm_user_assigned_identity" "cluster_{number:02}" {{
  name                = "id-aks-{number:02}"
  location            = var.location
  resource_group_name = var.resource_group_name
}}

resource "azurerm_role_assignment" "network_{number:02}" {{
  scope                = azurerm_subnet.nodes_{number:02}.id
  role_definition_name = "Network Contributor"
  principal_id         = azurerm_user_assigned_identity.cluster_{number:02}.principal_id
}}

resource "azurerm_kubernetes_cluster" "cluster_{number:02}" {{
  name                = "aks-{number:02}"
  location            = var.location
  resource_group_name = var.resource_group_name
  dns_prefix          = "aks-{number:02}"
  kubernetes_version  = var.kubernetes_version
  tags                = merge(local.tags, {{ cluster = "{number:02}" }})

  default_node_pool {{
    name                 = "system"
    vm_size              = "Standard_D4ds_v5"
    auto_scaling_enabled = true
    min_count            = 1
    max_count            = 5
    max_pods             = 30
    vnet_subnet_id       = azurerm_subnet.nodes_{number:02}.id
    zones                = ["1", "2", "3"]

    upgrade_settings {{
      max_surge = "33%"
    }}
  }}

  identity {{
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.cluster_{number:02}.id]
  }}

  network_profile {{
    network_plugin = "azure"
    network_policy = "calico"
    service_cidr   = local.service_cidr
    dns_service_ip = cidrhost(local.service_cidr, 10)
  }}
}}
"#
    );
    for pool in 0..pools {
        text += &format!(
            r#"
resource "azurerm_kubernetes_cluster_node_pool" "pool_{number:02}_{pool}" {{
  name                  = "pool{pool}"
  kubernetes_cluster_id = azurerm_kubernetes_cluster.cluster_{number:02}.id
  vm_size               = "Standard_D8ds_v5"
  auto_scaling_enabled  = true
  min_count             = 1
  max_count             = {}
  max_pods              = 30
  vnet_subnet_id        = azurerm_subnet.nodes_{number:02}.id
  zones                 = ["1", "2", "3"]
  tags                  = merge(local.tags, {{ cluster = "{number:02}", pool = "{pool}" }})

  node_labels = {{
    "workload" = "pool{pool}"
    "stage"    = var.location
  }}

  upgrade_settings {{
    max_surge = "33%"
  }}
}}
"#,
            3 + pool
        );
    }
    text
}
