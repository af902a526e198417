variable "since_9_0_0" {}

variable "aci_connector_linux_enabled" { default = false }
variable "aci_connector_linux_subnet_name" { default = null }
variable "agents_count" { default = 2 }
variable "agents_max_count" { default = null }
variable "agents_max_pods" { default = null }
variable "agents_min_count" { default = null }
variable "agents_pool_max_surge" { default = "unset" }
variable "agents_pool_name" {
  default  = "nodepool"
  nullable = false
}
variable "api_server_authorized_ip_ranges" { default = null }
variable "api_server_subnet_id" { default = null }
variable "api_server_vnet_integration_enabled" { default = null }
variable "auto_scaling_enabled" { default = null }
variable "client_id" { default = "" }
variable "client_secret" { default = "" }
variable "cluster_name" { default = null }
variable "cluster_name_random_suffix" { default = false }
variable "create_role_assignment_network_contributor" { default = false }
variable "ebpf_data_plane" { default = null }
variable "enable_auto_scaling" { default = null }
variable "enable_node_public_ip" { default = null }
variable "identity_ids" { default = null }
variable "identity_type" { default = "SystemAssigned" }
variable "kubernetes_version" { default = null }
variable "load_balancer_sku" { default = "standard" }
variable "location" { default = null }
variable "net_profile_dns_service_ip" { default = null }
variable "net_profile_outbound_type" { default = "loadBalancer" }
variable "net_profile_pod_cidr" { default = null }
variable "net_profile_pod_cidrs" { default = null }
variable "net_profile_service_cidr" { default = null }
variable "net_profile_service_cidrs" { default = null }
variable "network_contributor_role_assigned_subnet_ids" {
  default  = {}
  nullable = false
}
variable "network_data_plane" { default = null }
variable "network_ip_versions" { default = null }
variable "network_mode" { default = null }
variable "network_plugin" {
  default  = "kubenet"
  nullable = false
}
variable "network_plugin_mode" { default = null }
variable "network_policy" { default = null }
variable "node_pools" {
  default  = {}
  nullable = false
}
variable "node_public_ip_enabled" { default = null }
variable "os_sku" { default = null }
variable "pod_subnet" { default = null }
variable "pod_subnet_id" { default = null }
variable "prefix" { default = "" }
variable "private_cluster_enabled" { default = false }
variable "resource_group_name" {}
variable "sku_tier" { default = "Free" }
variable "user_assigned_identity_id" { default = null }
variable "vnet_subnet" { default = null }
variable "vnet_subnet_id" { default = null }

locals {
  auto_scaling  = try(coalesce(var.auto_scaling_enabled, var.enable_auto_scaling), false)
  max_surge     = var.agents_pool_max_surge != "unset" ? var.agents_pool_max_surge : var.since_9_0_0 ? "10%" : null
  name          = coalesce(var.cluster_name, trim("${var.prefix}-aks", "-"))
  has_principal = var.client_id != "" && var.client_secret != ""
  identity_ids  = try(coalesce(var.identity_ids, [coalesce(var.user_assigned_identity_id)]), null)
  subnet        = try(var.vnet_subnet.id, var.vnet_subnet_id)
  pod_subnet    = try(var.pod_subnet.id, var.pod_subnet_id)
  pool_subnets = { for key, pool in var.node_pools : key => {
    nodes = try(pool.vnet_subnet.id, pool.vnet_subnet_id, null)
    pods  = try(pool.pod_subnet.id, pool.pod_subnet_id, null)
  } }
  subnets = merge(
    { for key, pool in local.pool_subnets : "${key}-vnet-subnet" => pool.nodes if pool.nodes != null },
    { for key, pool in local.pool_subnets : "${key}-pod-subnet" => pool.pods if pool.pods != null },
    local.subnet == null ? {} : { "vnet-subnet" = local.subnet },
  )
}

data "azurerm_resource_group" "main" {
  name = var.resource_group_name
}

data "azurerm_user_assigned_identity" "cluster" {
  count = var.identity_type == "UserAssigned" && !local.has_principal ? 1 : 0

  name                = split("/", local.identity_ids[0])[8]
  resource_group_name = split("/", local.identity_ids[0])[4]
}

resource "azurerm_kubernetes_cluster" "main" {
  name                    = var.cluster_name_random_suffix ? "${local.name}${uuid()}" : local.name
  location                = coalesce(var.location, data.azurerm_resource_group.main.location)
  resource_group_name     = var.resource_group_name
  kubernetes_version      = var.kubernetes_version
  private_cluster_enabled = var.private_cluster_enabled
  sku_tier                = var.sku_tier

  default_node_pool {
    name                   = var.agents_pool_name
    auto_scaling_enabled   = local.auto_scaling
    node_count             = local.auto_scaling ? null : var.agents_count
    min_count              = local.auto_scaling ? var.agents_min_count : null
    max_count              = local.auto_scaling ? var.agents_max_count : null
    max_pods               = var.agents_max_pods
    node_public_ip_enabled = try(coalesce(var.node_public_ip_enabled, var.enable_node_public_ip), false)
    os_sku                 = var.os_sku
    vnet_subnet_id         = local.subnet
    pod_subnet_id          = local.pod_subnet

    dynamic "upgrade_settings" {
      for_each = local.max_surge == null ? [] : [local.max_surge]

      content {
        max_surge = upgrade_settings.value
      }
    }
  }

  network_profile {
    network_plugin      = var.network_plugin
    network_plugin_mode = var.network_plugin_mode
    network_policy      = var.network_policy
    network_data_plane  = try(coalesce(var.network_data_plane, var.ebpf_data_plane), null)
    network_mode        = var.network_mode
    ip_versions         = var.network_ip_versions
    pod_cidr            = var.net_profile_pod_cidr
    pod_cidrs           = var.net_profile_pod_cidrs
    service_cidr        = var.net_profile_service_cidr
    service_cidrs       = var.net_profile_service_cidrs
    dns_service_ip      = var.net_profile_dns_service_ip
    outbound_type       = var.net_profile_outbound_type
    load_balancer_sku   = var.load_balancer_sku
  }

  dynamic "aci_connector_linux" {
    for_each = var.aci_connector_linux_enabled ? ["enabled"] : []

    content {
      subnet_name = var.aci_connector_linux_subnet_name
    }
  }

  dynamic "api_server_access_profile" {
    for_each = var.api_server_subnet_id != null || var.api_server_vnet_integration_enabled == true ? ["written"] : []

    content {
      subnet_id                           = var.api_server_subnet_id
      virtual_network_integration_enabled = var.api_server_vnet_integration_enabled
    }
  }

  dynamic "identity" {
    for_each = local.has_principal ? [] : ["identity"]

    content {
      type         = var.identity_type
      identity_ids = local.identity_ids
    }
  }
}

resource "azurerm_kubernetes_cluster_node_pool" "node_pool" {
  for_each = var.node_pools

  # Of a pool that is made anew before the old one goes, random letters end the name.
  name                   = "${each.value.name}${uuid()}"
  kubernetes_cluster_id  = azurerm_kubernetes_cluster.main.id
  auto_scaling_enabled   = try(each.value.auto_scaling_enabled, each.value.enable_auto_scaling, null)
  node_count             = try(each.value.node_count, null)
  min_count              = try(each.value.min_count, null)
  max_count              = try(each.value.max_count, null)
  max_pods               = try(each.value.max_pods, null)
  node_public_ip_enabled = try(each.value.node_public_ip_enabled, each.value.enable_node_public_ip, null)
  os_type                = try(each.value.os_type, null)
  os_sku                 = try(each.value.os_sku, null)
  priority               = try(each.value.priority, null)
  vnet_subnet_id         = local.pool_subnets[each.key].nodes
  pod_subnet_id          = local.pool_subnets[each.key].pods

  dynamic "upgrade_settings" {
    for_each = try(each.value.upgrade_settings, null) == null ? [] : [each.value.upgrade_settings]

    content {
      max_surge       = try(upgrade_settings.value.max_surge, null)
      max_unavailable = try(upgrade_settings.value.max_unavailable, null)
    }
  }
}

resource "azurerm_role_assignment" "network_contributor" {
  for_each = var.create_role_assignment_network_contributor && !local.has_principal ? local.subnets : {}

  principal_id         = coalesce(try(data.azurerm_user_assigned_identity.cluster[0].principal_id, azurerm_kubernetes_cluster.main.identity[0].principal_id), var.client_id)
  scope                = each.value
  role_definition_name = "Network Contributor"
}

resource "azurerm_role_assignment" "network_contributor_on_subnet" {
  for_each = var.network_contributor_role_assigned_subnet_ids

  principal_id         = coalesce(try(data.azurerm_user_assigned_identity.cluster[0].principal_id, azurerm_kubernetes_cluster.main.identity[0].principal_id), var.client_id)
  scope                = each.value
  role_definition_name = "Network Contributor"
}

output "aks_id" { value = azurerm_kubernetes_cluster.main.id }
output "aks_name" { value = azurerm_kubernetes_cluster.main.name }
output "cluster_identity" { value = try(azurerm_kubernetes_cluster.main.identity[0], null) }
output "cluster_fqdn" { value = azurerm_kubernetes_cluster.main.fqdn }
output "cluster_private_fqdn" { value = azurerm_kubernetes_cluster.main.private_fqdn }
output "kubelet_identity" { value = azurerm_kubernetes_cluster.main.kubelet_identity }
output "location" { value = azurerm_kubernetes_cluster.main.location }
output "network_profile" { value = azurerm_kubernetes_cluster.main.network_profile }
output "node_resource_group" { value = azurerm_kubernetes_cluster.main.node_resource_group }
output "oidc_issuer_url" { value = azurerm_kubernetes_cluster.main.oidc_issuer_url }
