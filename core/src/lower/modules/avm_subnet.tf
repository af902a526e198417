variable "address_prefix" { default = null }
variable "address_prefixes" { default = null }
variable "delegation" { default = null }
variable "delegations" { default = null }
variable "ipam_pools" { default = null }
variable "name" {}
variable "nat_gateway" { default = null }
variable "network_security_group" { default = null }
variable "parent_id" { default = null }
variable "role_assignments" { default = {} }
variable "route_table" { default = null }
variable "virtual_network" { default = null }

resource "azapi_resource" "subnet" {
  type      = "Microsoft.Network/virtualNetworks/subnets@2024-07-01"
  name      = var.name
  parent_id = var.parent_id == null ? var.virtual_network.resource_id : var.parent_id
  body = {
    properties = {
      addressPrefix             = var.address_prefix
      addressPrefixes           = var.address_prefixes
      ipamPoolPrefixAllocations = var.ipam_pools
      delegations = [for delegation in try(coalesce(var.delegations), coalesce(var.delegation), []) : {
        name       = delegation.name
        properties = { serviceName = delegation.service_delegation.name }
      }]
      natGateway           = try({ id = var.nat_gateway.id }, null)
      networkSecurityGroup = try({ id = var.network_security_group.id }, null)
      routeTable           = try({ id = var.route_table.id }, null)
    }
  }
}

resource "azurerm_role_assignment" "subnet" {
  for_each = var.role_assignments

  principal_id         = each.value.principal_id
  scope                = azapi_resource.subnet.id
  role_definition_id   = strcontains(each.value.role_definition_id_or_name, "/") ? each.value.role_definition_id_or_name : null
  role_definition_name = strcontains(each.value.role_definition_id_or_name, "/") ? null : each.value.role_definition_id_or_name
}

output "name" { value = azapi_resource.subnet.name }
output "resource" { value = azapi_resource.subnet }
output "resource_id" { value = azapi_resource.subnet.id }
