variable "since_0_4_0" {}
variable "since_0_5_0" {}

variable "kubernetes_version" { default = null }
variable "location" {}
variable "managed_identities" {
  default  = {}
  nullable = false
}
variable "name" {}
variable "network" {}
variable "network_policy" {
  default  = "cilium"
  nullable = false
}
variable "node_pools" { default = {} }
variable "os_sku" { default = "AzureLinux" }
variable "outbound_type" { default = "loadBalancer" }
variable "private_dns_zone_id" { default = null }
variable "private_dns_zone_id_enabled" { default = false }
variable "resource_group_name" {}

locals {
  user_assigned  = try(coalesce(var.managed_identities.user_assigned_resource_ids), [])
  network_policy = var.since_0_4_0 ? var.network_policy : "calico"
  service_cidr   = try(var.network.service_cidr, null)
}

# Which zones a region has is asked for when the module is applied.
data "azapi_resource_list" "zones" {
  type = "Microsoft.Compute/Skus@2021-07-01"
}

data "azurerm_resource_group" "this" {
  name = var.resource_group_name
}

resource "azurerm_user_assigned_identity" "aks" {
  count = length(local.user_assigned) > 0 ? 0 : 1

  name                = "uami-aks"
  location            = var.location
  resource_group_name = var.resource_group_name
}

data "azurerm_user_assigned_identity" "cluster_identity" {
  name                = length(local.user_assigned) > 0 ? split("/", one(local.user_assigned))[8] : "uami-aks"
  resource_group_name = var.resource_group_name
}

resource "azurerm_role_assignment" "network_contributor_on_resource_group" {
  principal_id         = length(local.user_assigned) > 0 ? data.azurerm_user_assigned_identity.cluster_identity.principal_id : azurerm_user_assigned_identity.aks[0].principal_id
  scope                = var.since_0_4_0 ? regex("(.*?/resourceGroups/[^/]+)", var.network.node_subnet_id)[0] : data.azurerm_resource_group.this.id
  role_definition_name = "Network Contributor"
}

resource "azurerm_role_assignment" "dns_zone_contributor" {
  count = var.private_dns_zone_id_enabled ? 1 : 0

  principal_id         = length(local.user_assigned) > 0 ? data.azurerm_user_assigned_identity.cluster_identity.principal_id : azurerm_user_assigned_identity.aks[0].principal_id
  scope                = var.private_dns_zone_id
  role_definition_name = "Private DNS Zone Contributor"
}

resource "azurerm_kubernetes_cluster" "this" {
  name                    = "aks-${var.name}"
  location                = var.location
  resource_group_name     = var.resource_group_name
  kubernetes_version      = var.kubernetes_version
  private_cluster_enabled = true
  sku_tier                = "Standard"

  default_node_pool {
    name                 = "agentpool"
    auto_scaling_enabled = true
    min_count            = 3
    max_count            = 9
    max_pods             = 110
    os_sku               = var.os_sku
    vnet_subnet_id       = var.network.node_subnet_id

    upgrade_settings {
      max_surge = "10%"
    }
  }

  network_profile {
    network_plugin      = "azure"
    network_plugin_mode = "overlay"
    network_policy      = local.network_policy
    network_data_plane  = local.network_policy == "cilium" ? "cilium" : null
    load_balancer_sku   = "standard"
    outbound_type       = var.since_0_5_0 ? var.outbound_type : "loadBalancer"
    pod_cidr            = var.network.pod_cidr
    service_cidr        = local.service_cidr
    dns_service_ip      = local.service_cidr == null || !var.since_0_5_0 ? null : try(coalesce(var.network.dns_service_ip), cidrhost(local.service_cidr, 10))
  }

  identity {
    type         = "UserAssigned"
    identity_ids = length(local.user_assigned) > 0 ? local.user_assigned : azurerm_user_assigned_identity.aks[*].id
  }
}

# One pool for each zone of each pool that is asked for.
resource "azurerm_kubernetes_cluster_node_pool" "this" {
  for_each = length(var.node_pools) > 0 ? data.azapi_resource_list.zones.output : {}

  name                  = each.key
  kubernetes_cluster_id = azurerm_kubernetes_cluster.this.id
  auto_scaling_enabled  = true
  min_count             = each.value.min_count
  max_count             = each.value.max_count
  os_sku                = each.value.os_sku
  vnet_subnet_id        = var.network.node_subnet_id
}

output "identity_principal_id" { value = try(azurerm_kubernetes_cluster.this.identity[0].principal_id, null) }
output "kubelet_identity_object_id" { value = azurerm_kubernetes_cluster.this.kubelet_identity[0].object_id }
output "network_profile" { value = azurerm_kubernetes_cluster.this.network_profile }
output "node_resource_group" { value = azurerm_kubernetes_cluster.this.node_resource_group }
output "node_resource_group_id" { value = azurerm_kubernetes_cluster.this.node_resource_group_id }
output "oidc_issuer_url" { value = azurerm_kubernetes_cluster.this.oidc_issuer_url }
output "resource_id" { value = azurerm_kubernetes_cluster.this.id }
