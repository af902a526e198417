variable "address_space" { default = null }
variable "dns_servers" { default = null }
variable "ipam_pools" { default = null }
variable "location" {}
variable "name" { default = null }
variable "parent_id" { default = null }
variable "peerings" { default = {} }
variable "resource_group_name" { default = null }
variable "role_assignments" { default = {} }
variable "subnets" { default = {} }
variable "subscription_id" { default = null }

data "azurerm_client_config" "this" {}

locals {
  subscription_id = coalesce(var.subscription_id, data.azurerm_client_config.this.subscription_id)
  group_id        = "/subscriptions/${local.subscription_id}/resourceGroups/${coalesce(var.resource_group_name, "unset")}"
  subnet_roles = merge([for key, subnet in var.subnets : {
    for name, role in try(coalesce(subnet.role_assignments), {}) : "${key}-${name}" => merge(role, { subnet = key })
  }]...)
}

resource "azapi_resource" "vnet" {
  type      = "Microsoft.Network/virtualNetworks@2024-07-01"
  name      = var.name
  parent_id = var.parent_id == null ? local.group_id : var.parent_id
  location  = var.location
  body = {
    properties = {
      addressSpace = var.ipam_pools == null ? { addressPrefixes = var.address_space } : { ipamPoolPrefixAllocations = var.ipam_pools }
      dhcpOptions  = { dnsServers = try(var.dns_servers.dns_servers, null) }
    }
  }
}

resource "azapi_resource" "subnet" {
  for_each = var.subnets

  type      = "Microsoft.Network/virtualNetworks/subnets@2024-07-01"
  name      = each.value.name
  parent_id = azapi_resource.vnet.id
  body = {
    properties = {
      addressPrefix             = try(each.value.address_prefix, null)
      addressPrefixes           = try(each.value.address_prefixes, null)
      ipamPoolPrefixAllocations = try(each.value.ipam_pools, null)
      delegations = [for delegation in try(coalesce(each.value.delegations), coalesce(each.value.delegation), []) : {
        name       = delegation.name
        properties = { serviceName = delegation.service_delegation.name }
      }]
      natGateway           = try({ id = each.value.nat_gateway.id }, null)
      networkSecurityGroup = try({ id = each.value.network_security_group.id }, null)
      routeTable           = try({ id = each.value.route_table.id }, null)
    }
  }
}

resource "azapi_resource" "peering" {
  for_each = var.peerings

  type      = "Microsoft.Network/virtualNetworks/virtualNetworkPeerings@2024-07-01"
  name      = each.value.name
  parent_id = azapi_resource.vnet.id
  body = {
    properties = {
      remoteVirtualNetwork = { id = each.value.remote_virtual_network_resource_id }
      peerCompleteVnets    = try(coalesce(each.value.peer_complete_vnets), true)
    }
  }
}

resource "azapi_resource" "reverse_peering" {
  for_each = { for key, peering in var.peerings : key => peering if try(coalesce(peering.create_reverse_peering), false) }

  type      = "Microsoft.Network/virtualNetworks/virtualNetworkPeerings@2024-07-01"
  name      = try(each.value.reverse_name, null)
  parent_id = each.value.remote_virtual_network_resource_id
  body = {
    properties = {
      remoteVirtualNetwork = { id = azapi_resource.vnet.id }
      peerCompleteVnets    = try(coalesce(each.value.reverse_peer_complete_vnets), true)
    }
  }
}

resource "azurerm_role_assignment" "vnet" {
  for_each = var.role_assignments

  principal_id         = each.value.principal_id
  scope                = azapi_resource.vnet.id
  role_definition_id   = strcontains(each.value.role_definition_id_or_name, "/") ? each.value.role_definition_id_or_name : null
  role_definition_name = strcontains(each.value.role_definition_id_or_name, "/") ? null : each.value.role_definition_id_or_name
}

resource "azurerm_role_assignment" "subnet" {
  for_each = local.subnet_roles

  principal_id         = each.value.principal_id
  scope                = azapi_resource.subnet[each.value.subnet].id
  role_definition_id   = strcontains(each.value.role_definition_id_or_name, "/") ? each.value.role_definition_id_or_name : null
  role_definition_name = strcontains(each.value.role_definition_id_or_name, "/") ? null : each.value.role_definition_id_or_name
}

output "address_spaces" { value = var.address_space }
output "name" { value = azapi_resource.vnet.name }
output "peerings" { value = { for key, peering in azapi_resource.peering : key => { name = peering.name, resource_id = peering.id, resource = peering } } }
output "resource" { value = azapi_resource.vnet }
output "resource_id" { value = azapi_resource.vnet.id }
output "subnets" {
  value = { for key, subnet in azapi_resource.subnet : key => {
    name        = subnet.name
    resource_id = subnet.id
    resource    = subnet
  } }
}
