//! Workspaces that are measured here alone.

use std::fmt::Write as _;

/// Bicep in one file of 1,500 lines: 36 virtual networks, each with a cluster.
pub(crate) fn bicep() -> String {
    let mut text = "param location string = 'westeurope'\n".to_owned();
    for number in 0..36 {
        let _ = write!(
            text,
            r#"
resource vnet{number} 'Microsoft.Network/virtualNetworks@2024-01-01' = {{
  name: 'vnet-{number}'
  location: location
  properties: {{
    addressSpace: {{
      addressPrefixes: [
        '10.{number}.0.0/16'
      ]
    }}
    subnets: [
      {{
        name: 'snet-nodes'
        properties: {{
          addressPrefix: cidrSubnet('10.{number}.0.0/16', 22, 2)
        }}
      }}
    ]
  }}
}}

resource aks{number} 'Microsoft.ContainerService/managedClusters@2024-02-01' = {{
  name: 'aks-{number}'
  location: location
  properties: {{
    dnsPrefix: 'aks{number}'
    agentPoolProfiles: [
      {{
        name: 'system'
        count: 3
        vmSize: 'Standard_D4s_v5'
        mode: 'System'
        vnetSubnetID: vnet{number}.properties.subnets[0].id
      }}
    ]
    networkProfile: {{
      networkPlugin: 'azure'
      serviceCidr: '172.16.{number}.0/24'
      dnsServiceIP: '172.16.{number}.10'
    }}
  }}
}}
"#
        );
    }
    text
}

/// Folders that all call one module.
pub(crate) fn sharing(folders: usize) -> impl Iterator<Item = (String, String)> {
    const MODULE: &str = r#"variable "name" {
  type = string
}

variable "address_space" {
  type = string
}

resource "azurerm_virtual_network" "this" {
  name                = "vnet-${var.name}"
  location            = "westeurope"
  resource_group_name = "rg-${var.name}"
  address_space       = [var.address_space]
}

resource "azurerm_subnet" "nodes" {
  name                 = "snet-nodes"
  resource_group_name  = "rg-${var.name}"
  virtual_network_name = azurerm_virtual_network.this.name
  address_prefixes     = [cidrsubnet(var.address_space, 6, 2)]
}

resource "azurerm_kubernetes_cluster" "this" {
  name                = "aks-${var.name}"
  location            = "westeurope"
  resource_group_name = "rg-${var.name}"
  dns_prefix          = var.name

  default_node_pool {
    name           = "system"
    vm_size        = "Standard_D4s_v5"
    node_count     = 3
    vnet_subnet_id = azurerm_subnet.nodes.id
  }

  identity {
    type = "SystemAssigned"
  }

  network_profile {
    network_plugin = "azure"
    service_cidr   = "172.16.0.0/16"
    dns_service_ip = "172.16.0.10"
  }
}
"#;
    let roots = (0..folders).map(|number| {
        let text = format!(
            "module \"cluster\" {{\n  source        = \"../modules/cluster\"\n  name          = \"stage{number}\"\n  \
             address_space = \"10.{}.0.0/16\"\n}}\n",
            number % 250
        );
        (format!("stage{number}/main.tf"), text)
    });
    let module = ("modules/cluster/main.tf".to_owned(), MODULE.to_owned());
    roots.chain([module])
}
