variable "address_space" { default = "10.0.0.0/16" }
variable "address_spaces" { default = [] }
variable "dns_servers" { default = [] }
variable "resource_group_location" { default = null }
variable "resource_group_name" {}
variable "subnet_delegation" { default = {} }
variable "subnet_names" { default = ["subnet1"] }
variable "subnet_prefixes" { default = ["10.0.1.0/24"] }
variable "use_for_each" { default = false }
variable "vnet_name" { default = "acctvnet" }

data "azurerm_resource_group" "network" {
  name = var.resource_group_name
}

locals {
  subnets = var.use_for_each ? values(azurerm_subnet.subnet_for_each) : azurerm_subnet.subnet_count[*]
}

resource "azurerm_virtual_network" "vnet" {
  name                = var.vnet_name
  resource_group_name = var.resource_group_name
  location            = coalesce(var.resource_group_location, data.azurerm_resource_group.network.location)
  address_space       = length(var.address_spaces) == 0 ? [var.address_space] : var.address_spaces
  dns_servers         = var.dns_servers
}

resource "azurerm_subnet" "subnet_count" {
  count = var.use_for_each ? 0 : length(var.subnet_names)

  name                 = var.subnet_names[count.index]
  resource_group_name  = var.resource_group_name
  virtual_network_name = azurerm_virtual_network.vnet.name
  address_prefixes     = [var.subnet_prefixes[count.index]]

  dynamic "delegation" {
    for_each = lookup(var.subnet_delegation, var.subnet_names[count.index], [])

    content {
      name = delegation.value.name

      service_delegation {
        name = delegation.value.service_delegation.name
      }
    }
  }
}

resource "azurerm_subnet" "subnet_for_each" {
  for_each = var.use_for_each ? zipmap(var.subnet_names, var.subnet_prefixes) : {}

  name                 = each.key
  resource_group_name  = var.resource_group_name
  virtual_network_name = azurerm_virtual_network.vnet.name
  address_prefixes     = [each.value]

  dynamic "delegation" {
    for_each = lookup(var.subnet_delegation, each.key, [])

    content {
      name = delegation.value.name

      service_delegation {
        name = delegation.value.service_delegation.name
      }
    }
  }
}

output "vnet_address_space" { value = azurerm_virtual_network.vnet.address_space }
output "vnet_id" { value = azurerm_virtual_network.vnet.id }
output "vnet_location" { value = azurerm_virtual_network.vnet.location }
output "vnet_name" { value = azurerm_virtual_network.vnet.name }
output "vnet_subnets" { value = local.subnets[*].id }
