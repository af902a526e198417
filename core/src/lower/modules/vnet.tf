variable "since_5_0_0" {}

variable "address_space" { default = ["10.0.0.0/16"] }
variable "dns_servers" { default = [] }
variable "nsg_ids" { default = {} }
variable "resource_group_name" {}
variable "route_tables_ids" { default = {} }
variable "subnet_delegation" { default = {} }
variable "subnet_names" { default = ["subnet1", "subnet2", "subnet3"] }
variable "subnet_prefixes" { default = ["10.0.1.0/24", "10.0.2.0/24", "10.0.3.0/24"] }
variable "use_for_each" { default = null }
variable "vnet_location" { default = null }
variable "vnet_name" { default = "acctvnet" }

data "azurerm_resource_group" "vnet" {
  name = var.resource_group_name
}

locals {
  use_for_each = var.use_for_each == null ? var.since_5_0_0 : var.use_for_each
  subnets      = local.use_for_each ? values(azurerm_subnet.subnet_for_each) : azurerm_subnet.subnet_count[*]
  subnet_ids   = { for subnet in local.subnets : subnet.name => subnet.id }
}

resource "azurerm_virtual_network" "vnet" {
  name                = var.vnet_name
  resource_group_name = var.resource_group_name
  location            = coalesce(var.vnet_location, data.azurerm_resource_group.vnet.location)
  address_space       = var.address_space
  dns_servers         = var.dns_servers
}

resource "azurerm_subnet" "subnet_count" {
  count = local.use_for_each ? 0 : length(var.subnet_names)

  name                 = var.subnet_names[count.index]
  resource_group_name  = var.resource_group_name
  virtual_network_name = azurerm_virtual_network.vnet.name
  address_prefixes     = [var.subnet_prefixes[count.index]]

  dynamic "delegation" {
    for_each = lookup(var.subnet_delegation, var.subnet_names[count.index], {})

    content {
      name = delegation.key

      service_delegation {
        name = delegation.value.service_name
      }
    }
  }
}

resource "azurerm_subnet" "subnet_for_each" {
  for_each = local.use_for_each ? zipmap(var.subnet_names, var.subnet_prefixes) : {}

  name                 = each.key
  resource_group_name  = var.resource_group_name
  virtual_network_name = azurerm_virtual_network.vnet.name
  address_prefixes     = [each.value]

  dynamic "delegation" {
    for_each = lookup(var.subnet_delegation, each.key, {})

    content {
      name = delegation.key

      service_delegation {
        name = delegation.value.service_name
      }
    }
  }
}

resource "azurerm_subnet_network_security_group_association" "vnet" {
  for_each = var.nsg_ids

  network_security_group_id = each.value
  subnet_id                 = local.subnet_ids[each.key]
}

resource "azurerm_subnet_route_table_association" "vnet" {
  for_each = var.route_tables_ids

  route_table_id = each.value
  subnet_id      = local.subnet_ids[each.key]
}

output "vnet_address_space" { value = azurerm_virtual_network.vnet.address_space }
output "vnet_guid" { value = azurerm_virtual_network.vnet.guid }
output "vnet_id" { value = azurerm_virtual_network.vnet.id }
output "vnet_location" { value = azurerm_virtual_network.vnet.location }
output "vnet_name" { value = azurerm_virtual_network.vnet.name }
output "vnet_subnets" { value = local.subnets[*].id }
output "vnet_subnets_name_id" { value = local.subnet_ids }
