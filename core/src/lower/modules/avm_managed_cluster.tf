variable "since_0_7_1" {}

variable "agent_pools" { default = {} }
variable "api_server_access_profile" { default = null }
variable "create_agentpools_before_destroy" { default = false }
variable "default_agent_pool" {
  default  = {}
  nullable = false
}
variable "kubernetes_version" { default = null }
variable "location" {}
variable "managed_identities" {
  default  = { system_assigned = true }
  nullable = false
}
variable "name" {}
variable "network_profile" { default = null }
variable "parent_id" {}
variable "role_assignments" { default = {} }
variable "sku" { default = null }

locals {
  is_automatic    = try(var.sku.name == "Automatic", false)
  system_assigned = try(coalesce(var.managed_identities.system_assigned), false)
  user_assigned   = try(coalesce(var.managed_identities.user_assigned_resource_ids), [])
  identity_types  = concat(local.system_assigned ? ["SystemAssigned"] : [], length(local.user_assigned) > 0 ? ["UserAssigned"] : [])

  addresses = {
    dnsServiceIP = try(var.network_profile.dns_service_ip, null)
    outboundType = try(var.network_profile.outbound_type, null)
    serviceCidr  = try(var.network_profile.service_cidr, null)
  }
  network_profile = {
    ipFamilies        = try(var.network_profile.ip_families, null)
    loadBalancerSku   = try(var.network_profile.load_balancer_sku, null)
    networkDataplane  = try(var.network_profile.network_dataplane, null)
    networkMode       = try(var.network_profile.network_mode, null)
    networkPlugin     = try(var.network_profile.network_plugin, null)
    networkPluginMode = try(var.network_profile.network_plugin_mode, null)
    networkPolicy     = try(var.network_profile.network_policy, null)
    podCidr           = try(var.network_profile.pod_cidr, null)
    podCidrs          = try(var.network_profile.pod_cidrs, null)
    serviceCidrs      = try(var.network_profile.service_cidrs, null)
  }
  has_profile = var.network_profile != null && !(local.is_automatic && try(var.network_profile.outbound_type == "loadBalancer", true))

  pools = merge({ default = var.default_agent_pool }, var.agent_pools)
  pool_properties = { for key, pool in local.pools : key => {
    count               = try(pool.max_count, null) != null && try(pool.min_count, null) != null ? null : try(pool.count_of, key == "default" ? 3 : null)
    enableAutoScaling   = try(pool.enable_auto_scaling, null)
    enableNodePublicIP  = try(pool.enable_node_public_ip, null)
    maxCount            = try(pool.max_count, null)
    minCount            = try(pool.min_count, null)
    maxPods             = try(pool.max_pods, null)
    osSKU               = try(pool.os_sku, null)
    osType              = try(pool.os_type, null)
    podIPAllocationMode = try(pool.pod_ip_allocation_mode, null)
    podSubnetID         = try(pool.pod_subnet_id, null)
    scaleSetPriority    = try(pool.scale_set_priority, null)
    vnetSubnetID        = try(pool.vnet_subnet_id, null)
    upgradeSettings = {
      maxSurge       = try(pool.upgrade_settings.max_surge, null)
      maxUnavailable = try(pool.upgrade_settings.max_unavailable, null)
    }
  } }
}

resource "azapi_resource" "this" {
  type      = "Microsoft.ContainerService/managedClusters@2025-10-01"
  name      = var.name
  parent_id = var.parent_id
  location  = var.location
  body = {
    sku = { name = try(var.sku.name, null), tier = try(var.sku.tier, null) }
    properties = {
      kubernetesVersion = var.kubernetes_version
      apiServerAccessProfile = var.api_server_access_profile == null ? null : {
        enablePrivateCluster  = try(var.api_server_access_profile.enable_private_cluster, null)
        enableVnetIntegration = try(var.api_server_access_profile.enable_vnet_integration, null)
        subnetId              = try(var.api_server_access_profile.subnet_id, null)
      }
      networkProfile = !local.has_profile ? null : merge(local.addresses, {
        for key, value in local.network_profile : key => value if !local.is_automatic || (key == "podCidr" && var.since_0_7_1)
      })
      agentPoolProfiles = [merge(
        { name = try(coalesce(var.default_agent_pool.name), "systempool"), mode = "System" },
        {
          for key, value in local.pool_properties["default"] : key => value
          if !local.is_automatic || contains(["count", "vnetSubnetID"], key)
        },
      )]
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

resource "azapi_resource" "agent_pool" {
  for_each = var.agent_pools

  type      = "Microsoft.ContainerService/managedClusters/agentPools@2025-10-01"
  name      = var.create_agentpools_before_destroy ? "${each.value.name}${uuid()}" : each.value.name
  parent_id = azapi_resource.this.id
  body = {
    properties = merge(local.pool_properties[each.key], { mode = try(each.value.mode, null) })
  }
}

resource "azurerm_role_assignment" "this" {
  for_each = var.role_assignments

  principal_id         = each.value.principal_id
  scope                = azapi_resource.this.id
  role_definition_id   = strcontains(each.value.role_definition_id_or_name, "/") ? each.value.role_definition_id_or_name : null
  role_definition_name = strcontains(each.value.role_definition_id_or_name, "/") ? null : each.value.role_definition_id_or_name
}

output "identity_principal_id" { value = azapi_resource.this.identity[0].principal_id }
output "kubelet_identity" { value = azapi_resource.this.output.properties.identityProfile.kubeletidentity }
output "name" { value = azapi_resource.this.name }
output "node_resource_group_name" { value = azapi_resource.this.output.properties.nodeResourceGroup }
output "resource_id" { value = azapi_resource.this.id }
