variable "resource_group_name" {}
variable "subnets" {}
variable "virtual_network_address_space" {}
variable "virtual_network_dns_servers" { default = null }
variable "virtual_network_location" {}
variable "virtual_network_name" {}

resource "azurerm_virtual_network" "vnet" {
  name                = var.virtual_network_name
  resource_group_name = var.resource_group_name
  location            = var.virtual_network_location
  address_space       = var.virtual_network_address_space
  dns_servers         = try(var.virtual_network_dns_servers.dns_servers, null)
}

resource "azurerm_subnet" "subnet" {
  for_each = var.subnets

  name                 = each.key
  resource_group_name  = var.resource_group_name
  virtual_network_name = azurerm_virtual_network.vnet.name
  address_prefixes     = each.value.address_prefixes

  dynamic "delegation" {
    for_each = try(coalesce(each.value.delegations), [])

    content {
      name = delegation.value.name

      service_delegation {
        name = delegation.value.service_delegation.name
      }
    }
  }
}

resource "azurerm_subnet_network_security_group_association" "vnet" {
  for_each = { for name, subnet in var.subnets : name => subnet.network_security_group.id if try(subnet.network_security_group, null) != null }

  network_security_group_id = each.value
  subnet_id                 = azurerm_subnet.subnet[each.key].id
}

resource "azurerm_subnet_route_table_association" "vnet" {
  for_each = { for name, subnet in var.subnets : name => subnet.route_table.id if try(subnet.route_table, null) != null }

  route_table_id = each.value
  subnet_id      = azurerm_subnet.subnet[each.key].id
}

resource "azurerm_subnet_nat_gateway_association" "nat_gw" {
  for_each = { for name, subnet in var.subnets : name => subnet.nat_gateway.id if try(subnet.nat_gateway, null) != null }

  nat_gateway_id = each.value
  subnet_id      = azurerm_subnet.subnet[each.key].id
}

output "vnet_address_space" { value = azurerm_virtual_network.vnet.address_space }
output "vnet_id" { value = azurerm_virtual_network.vnet.id }
output "vnet_location" { value = azurerm_virtual_network.vnet.location }
output "vnet_name" { value = azurerm_virtual_network.vnet.name }
output "vnet_subnets_name_id" { value = { for name, subnet in azurerm_subnet.subnet : name => subnet.id } }
