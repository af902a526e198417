variable "aci_connector_linux_subnet_name" { default = null }
variable "cluster_suffix" { default = "" }
variable "create_nodepools_before_destroy" { default = false }
variable "default_node_pool" {}
variable "kubernetes_version" { default = null }
variable "location" {}
variable "managed_identities" {
  default  = {}
  nullable = false
}
variable "name" {}
variable "network_profile" {
  default = {
    network_plugin      = "azure"
    network_policy      = "azure"
    network_plugin_mode = "overlay"
  }
}
variable "node_pools" { default = {} }
variable "private_cluster_enabled" { default = false }
variable "resource_group_name" {}
variable "role_assignments" { default = {} }
variable "sku_tier" { default = "Standard" }

locals {
  system_assigned = try(coalesce(var.managed_identities.system_assigned), false)
  user_assigned   = try(coalesce(var.managed_identities.user_assigned_resource_ids), [])
  identity_types  = concat(local.system_assigned ? ["SystemAssigned"] : [], length(local.user_assigned) > 0 ? ["UserAssigned"] : [])
}

resource "azurerm_kubernetes_cluster" "this" {
  name                    = "${var.name}${var.cluster_suffix}"
  location                = var.location
  resource_group_name     = var.resource_group_name
  kubernetes_version      = var.kubernetes_version
  private_cluster_enabled = var.private_cluster_enabled
  sku_tier                = var.sku_tier

  default_node_pool {
    name                   = var.default_node_pool.name
    auto_scaling_enabled   = try(coalesce(var.default_node_pool.auto_scaling_enabled), false)
    node_count             = try(var.default_node_pool.node_count, null)
    min_count              = try(var.default_node_pool.min_count, null)
    max_count              = try(var.default_node_pool.max_count, null)
    max_pods               = try(var.default_node_pool.max_pods, null)
    node_public_ip_enabled = try(var.default_node_pool.node_public_ip_enabled, null)
    os_sku                 = try(var.default_node_pool.os_sku, null)
    vnet_subnet_id         = try(var.default_node_pool.vnet_subnet_id, null)
    pod_subnet_id          = try(var.default_node_pool.pod_subnet_id, null)

    dynamic "upgrade_settings" {
      for_each = try([coalesce(var.default_node_pool.upgrade_settings.max_surge)], [])

      content {
        max_surge = upgrade_settings.value
      }
    }
  }

  network_profile {
    network_plugin      = var.network_profile.network_plugin
    network_plugin_mode = try(var.network_profile.network_plugin_mode, null)
    network_policy      = try(var.network_profile.network_policy, null)
    network_data_plane  = try(var.network_profile.network_data_plane, null)
    network_mode        = try(var.network_profile.network_mode, null)
    ip_versions         = try(var.network_profile.ip_versions, null)
    pod_cidr            = try(var.network_profile.pod_cidr, null)
    pod_cidrs           = try(var.network_profile.pod_cidrs, null)
    service_cidr        = try(var.network_profile.service_cidr, null)
    service_cidrs       = try(var.network_profile.service_cidrs, null)
    dns_service_ip      = try(var.network_profile.dns_service_ip, null)
    outbound_type       = try(coalesce(var.network_profile.outbound_type), "loadBalancer")
    load_balancer_sku   = try(var.network_profile.load_balancer_sku, null)
  }

  dynamic "aci_connector_linux" {
    for_each = var.aci_connector_linux_subnet_name == null ? [] : [var.aci_connector_linux_subnet_name]

    content {
      subnet_name = aci_connector_linux.value
    }
  }

  dynamic "identity" {
    for_each = length(local.identity_types) > 0 ? ["identity"] : []

    content {
      type         = join(", ", local.identity_types)
      identity_ids = local.user_assigned
    }
  }
}

resource "azurerm_kubernetes_cluster_node_pool" "this" {
  for_each = var.node_pools

  name                   = var.create_nodepools_before_destroy ? "${each.value.name}${uuid()}" : each.value.name
  kubernetes_cluster_id  = azurerm_kubernetes_cluster.this.id
  auto_scaling_enabled   = try(coalesce(each.value.auto_scaling_enabled), false)
  node_count             = try(each.value.node_count, null)
  min_count              = try(each.value.min_count, null)
  max_count              = try(each.value.max_count, null)
  max_pods               = try(each.value.max_pods, null)
  node_public_ip_enabled = try(each.value.node_public_ip_enabled, null)
  os_type                = try(each.value.os_type, null)
  os_sku                 = try(each.value.os_sku, null)
  priority               = try(each.value.priority, null)
  vnet_subnet_id         = try(each.value.vnet_subnet_id, null)
  pod_subnet_id          = try(each.value.pod_subnet_id, null)

  dynamic "upgrade_settings" {
    for_each = try([coalesce(each.value.upgrade_settings.max_surge)], [])

    content {
      max_surge = upgrade_settings.value
    }
  }
}

resource "azurerm_role_assignment" "this" {
  for_each = var.role_assignments

  principal_id         = each.value.principal_id
  scope                = azurerm_kubernetes_cluster.this.id
  role_definition_id   = strcontains(each.value.role_definition_id_or_name, "/") ? each.value.role_definition_id_or_name : null
  role_definition_name = strcontains(each.value.role_definition_id_or_name, "/") ? null : each.value.role_definition_id_or_name
}

output "kubelet_identity_id" { value = try(azurerm_kubernetes_cluster.this.kubelet_identity[0].object_id, null) }
output "name" { value = azurerm_kubernetes_cluster.this.name }
output "node_resource_group_id" { value = azurerm_kubernetes_cluster.this.node_resource_group_id }
output "oidc_issuer_url" { value = azurerm_kubernetes_cluster.this.oidc_issuer_url }
output "resource_id" { value = azurerm_kubernetes_cluster.this.id }
