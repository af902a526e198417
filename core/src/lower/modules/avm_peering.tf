variable "create_reverse_peering" { default = false }
variable "name" {}
variable "parent_id" { default = null }
variable "peer_complete_vnets" { default = true }
variable "remote_virtual_network" { default = null }
variable "remote_virtual_network_id" { default = null }
variable "reverse_name" { default = null }
variable "reverse_peer_complete_vnets" { default = true }
variable "virtual_network" { default = null }

locals {
  network_id = var.parent_id == null ? var.virtual_network.resource_id : var.parent_id
  remote_id  = var.remote_virtual_network_id == null ? var.remote_virtual_network.resource_id : var.remote_virtual_network_id
}

resource "azapi_resource" "this" {
  type      = "Microsoft.Network/virtualNetworks/virtualNetworkPeerings@2024-07-01"
  name      = var.name
  parent_id = local.network_id
  body = {
    properties = {
      remoteVirtualNetwork = { id = local.remote_id }
      peerCompleteVnets    = var.peer_complete_vnets
    }
  }
}

resource "azapi_resource" "reverse" {
  count = var.create_reverse_peering ? 1 : 0

  type      = "Microsoft.Network/virtualNetworks/virtualNetworkPeerings@2024-07-01"
  name      = var.reverse_name
  parent_id = local.remote_id
  body = {
    properties = {
      remoteVirtualNetwork = { id = local.network_id }
      peerCompleteVnets    = var.reverse_peer_complete_vnets
    }
  }
}

output "name" { value = azapi_resource.this.name }
output "resource" { value = azapi_resource.this }
output "resource_id" { value = azapi_resource.this.id }
