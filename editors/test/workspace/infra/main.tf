terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "~> 4.50"
    }
  }
}

provider "azurerm" {
  features {}
}

locals {
  # The ranges of services by site, under the names that the network team uses.
  services = { /* 🏔️ */ "Zürich" = "10.60.8.9/21", /* 🌉 */ "Köln" = "10.60.16.0/21" }
}

resource "azurerm_resource_group" "plant" {
  name     = "rg-plant"
  location = "switzerlandnorth"
}

resource "azurerm_virtual_network" "plant" {
  name                = "vnet-plant"
  location            = azurerm_resource_group.plant.location
  resource_group_name = azurerm_resource_group.plant.name
  address_space       = [var.address_space]
}

resource "azurerm_subnet" "nodes" {
  name                 = "snet-nodes"
  resource_group_name  = azurerm_resource_group.plant.name
  virtual_network_name = azurerm_virtual_network.plant.name
  address_prefixes     = [cidrsubnet(var.address_space, 6, 0)]
}

resource "azurerm_user_assigned_identity" "plant" {
  name                = "id-plant"
  location            = azurerm_resource_group.plant.location
  resource_group_name = azurerm_resource_group.plant.name
}

resource "azurerm_role_assignment" "nodes" {
  scope                = azurerm_subnet.nodes.id
  role_definition_name = "Network Contributor"
  principal_id         = azurerm_user_assigned_identity.plant.principal_id
}

resource "azurerm_kubernetes_cluster" "plant" {
  name                = "aks-plant"
  location            = azurerm_resource_group.plant.location
  resource_group_name = azurerm_resource_group.plant.name
  dns_prefix          = "plant"

  default_node_pool {
    name           = "system"
    vm_size        = "Standard_D4s_v5"
    node_count     = 3
    vnet_subnet_id = azurerm_subnet.nodes.id
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.plant.id]
  }

  network_profile {
    network_plugin      = "azure"
    network_plugin_mode = "overlay"
    network_policy      = "cilium"
    network_data_plane  = "cilium"
    pod_cidr            = "172.28.0.0/16"
    service_cidr        = local.services["Zürich"]
    dns_service_ip      = "10.60.8.10"
  }
}
